"""
Forms in the store, and what of them never gets into the ledger.

A message is masked before it is written down, and nobody could be reached by what is left. So
where the form asks for a name or a contact, the words go into the form in the transaction that
writes the message down, and the message goes into the ledger without them. A postal address may be
what the information is about: the form has it, and the ledger a mask. So it is with an answer to a
request for correction.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.actions import Action, Verb
from bot.desk.disclosure.duty import request_of
from bot.desk.disclosure.entry import Form, Request
from bot.desk.disclosure.form import KEPT, PERSONAL, TAKEN, WITHHELD, Step, write
from bot.desk.tickets import ACTIVE, TicketKind
from bot.intents import recognise
from bot.privacy import clean, mask
from bot.store.base import Work
from bot.types import Address, Input, Message


async def form_of(work: Work, address: Address) -> Form | None:
    found = await work.entries(Form).find(channel=address.channel, chat=address.chat)
    return found[0] if found else None


async def drop_form(work: Work, address: Address) -> None:
    form = await form_of(work, address)
    if form is not None:
        await work.entries(Form).remove(form.id)


async def drop_old_forms(work: Work, *, at: datetime) -> int:
    """Forms that nobody goes on with hold names and contacts for nothing; return how many."""
    old = [form for form in await work.entries(Form).find() if form.changed < at - KEPT]
    for form in old:
        await work.entries(Form).remove(form.id)
    return len(old)


async def withheld(work: Work, message: Message) -> Message:
    """
    The message as it may be written down: without a name or contact that the form asked for. What
    was written goes into the form, or into the correction that was asked for.

    What cannot be an answer (a command, a call for help, a reply to something else) stays what
    it is, and is masked like every message.
    """
    if message.kind is not Input.TEXT or recognise(message.text) is not None:
        return message
    talk = await work.conversations.get(message.address)
    expected = Action.parse(talk.expects)
    ticket_id = await _ticket_meant(work, message, expected)
    if ticket_id is not None:
        await _keep_correction(work, message, ticket_id)
        return message
    step = step_of(expected)
    form = await form_of(work, message.address)
    if step not in TAKEN or form is None:
        await _keep_where_asked(work, message)
        return message
    written = write(form, step, clean(message.text))
    if written is not None:
        await work.entries(Form).save(replace(written, changed=message.at))
    return replace(message, text=WITHHELD) if step in PERSONAL else message


def step_of(action: Action | None) -> Step | None:
    """The step that a button, or what is expected next, is about."""
    if action is None or action.verb is not Verb.DISCLOSE or action.place is None:
        return None
    return next((step for step in Step if step == action.place), None)


async def _ticket_meant(work: Work, message: Message, expected: Action | None) -> int | None:
    """The ticket that the message is an answer about, by what it replies to or was asked for."""
    if message.reply_to is not None:
        return await work.outbox.ticket_of(message.address, message.reply_to)
    if expected is not None and expected.verb is Verb.MORE:
        return expected.target
    return None


async def _keep_where_asked(work: Work, message: Message) -> None:
    """Who was asked for a correction may just write it: only an address in it would be lost."""
    text = clean(message.text)
    if mask(text) == mask(text, addresses=False):
        return
    for ticket in await work.tickets.of(message.address):
        if ticket.kind is TicketKind.DISCLOSURE and ticket.state in ACTIVE:
            await _keep_correction(work, message, ticket.id)


async def _keep_correction(work: Work, message: Message, ticket_id: int) -> None:
    """What may be a correction, with its addresses: corrections.py takes it from there."""
    request = await request_of(work, ticket_id)
    if request is None or request.correction is None or not request.waits_for_correction:
        return
    ticket = await work.tickets.get(ticket_id)
    if ticket.asked_from != message.address:
        return
    text = mask(clean(message.text), addresses=False).strip()
    correction = replace(request.correction, text=text)
    await work.entries(Request).save(replace(request, correction=correction))
