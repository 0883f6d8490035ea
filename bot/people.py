"""
What is held of a person: handed out as a file, or erased with a receipt.

Tickets are the office's record of what staff told whom. An open one needs the question and the
chat, or nobody could answer it. A handled one keeps its words, for the office answers for them,
and loses the chat: nobody can tell any more who asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.desk.disclosure.duty import request_of
from bot.desk.disclosure.entry import Form, Request
from bot.desk.disclosure.intake import drop_form, form_of
from bot.desk.merged import answered_in
from bot.desk.publishing.declining import WITHOUT_KEY, Declining
from bot.desk.publishing.uses import tally_of
from bot.desk.tickets import ACTIVE, Event, State, Ticket
from bot.store.base import Held, Past, Work
from bot.store.blank import FORGOTTEN, gone
from bot.subscriptions import Subscription
from bot.types import Address, Attachment, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was erased, and the numbers of the tickets that were not."""

    messages: int
    deliveries: int
    waiting: tuple[int, ...] = ()  # staff still owe a reply
    kept: tuple[int, ...] = ()  # handled; without the chat


async def export(
    work: Work, message: Message, *, at: datetime, declining: Declining = WITHOUT_KEY
) -> Attachment:
    """Everything that is stored of whoever wrote the message, in their chat with us alone."""
    held = await work.people.held(message.address, message.sender)
    histories = {ticket.id: await work.audit.of(ticket.id) for ticket in held.tickets}
    follows = await work.subscriptions.of(message.address)
    values: dict[str, Any] = {
        **_as_json(held, histories, at),
        "follows": [_subscription(one) for one in follows],
    }
    form = await form_of(work, message.address)
    requests = [await request_of(work, ticket.id) for ticket in held.tickets]
    values["disclosure_form"] = form and _filled(form)
    values["disclosure_requests"] = [_filled(request) for request in requests if request]
    values["no_unasked_messages"] = await declining.is_noted(work, message.address)
    text = json.dumps(values, ensure_ascii=False, indent=2)
    return Attachment(f"mydata-{at:%Y-%m-%d}.json", text + "\n")


async def forget(work: Work, message: Message, *, at: datetime) -> Receipt:
    """
    Erase it. The message that asks for it stays, for it is still being handled: it holds no
    words of the person's.
    """
    held = await work.people.held(message.address, message.sender)
    waiting = [one for one in held.tickets if await _waits(work, one)]
    kept = [one for one in held.tickets if one not in waiting]
    for ticket in kept:
        await _unlink(work, ticket, at)
    await tally_of(work, [past.id for past in held.messages])
    await drop_form(work, message.address)
    await work.subscriptions.remove_all(message.address)
    await work.pushes.unlink(message.address)
    erased = await work.people.erase(message.address, message.sender)
    return Receipt(
        messages=erased.messages,
        deliveries=erased.deliveries,
        waiting=tuple(one.id for one in waiting),
        kept=tuple(one.id for one in kept),
    )


async def _waits(work: Work, ticket: Ticket) -> bool:
    """Whether staff owe a reply, there or where it was merged into."""
    return (await answered_in(work, ticket)).state in ACTIVE


async def _unlink(work: Work, ticket: Ticket, at: datetime) -> None:
    """Take out of a handled ticket whom it could lead to, and end it: no reply could arrive."""
    request = await request_of(work, ticket.id)
    if request is not None:
        await work.entries(Request).save(request.anonymous())
    await work.tickets.save(
        replace(
            ticket,
            state=State.ARCHIVED,
            changed=at,
            holder=None,
            asked_from=Address(ticket.asked_from.channel, FORGOTTEN),
            message_id=gone(ticket.id),
        )
    )
    await work.audit.note(Event(ticket_id=ticket.id, at=at, who="citizen", what="erased the chat"))


def _as_json(
    held: Held, histories: Mapping[int, Sequence[Event]], at: datetime
) -> Mapping[str, Any]:
    talk = held.conversation
    return {
        "written": at.isoformat(),
        "conversation": {
            "channel": talk.address.channel,
            "chat": talk.address.chat,
            "language": talk.language,
            "language_chosen": talk.chosen,
        },
        "messages_from_you": [_message(past) for past in held.messages],
        "messages_to_you": [
            {"text": queued.delivery.plain, "sent": queued.platform_id is not None}
            for queued in held.deliveries
        ],
        "questions_with_staff": [_ticket(one, histories[one.id]) for one in held.tickets],
    }


def _filled(one: Form | Request) -> Mapping[str, Any]:
    """What the person entered, as they entered it."""
    return {
        "number": one.registration if isinstance(one, Request) else None,
        "applicant": one.applicant,
        "name": one.name,
        "contact": one.contact,
        "wanted": one.wanted if isinstance(one, Form) else None,  # else it is the question
        "form": one.medium,
        "reply": one.way,
        "correction": _correction(one),
    }


def _correction(one: Form | Request) -> str | None:
    """What the person wrote to make it clear, with the addresses that the ledger has masked."""
    return one.correction.text if isinstance(one, Request) and one.correction else None


def _subscription(one: Subscription) -> Mapping[str, Any]:
    return {"what": one.follows, "title": one.title, "since": one.since.isoformat()}


def _message(past: Past) -> Mapping[str, Any]:
    outcome = past.outcome
    return {
        "at": past.message.at.isoformat(),
        "chat": past.message.address.chat,
        "kind": past.message.kind,
        "text": past.message.text,
        "result": outcome.result,
        "reason": outcome.reason,
        "language": outcome.language,
        "release": outcome.release,
        "quoted": [one.passage_id for one in (*outcome.citations, *outcome.choices)],
    }


def _ticket(ticket: Ticket, history: Sequence[Event]) -> Mapping[str, Any]:
    return {
        "number": ticket.id,
        "state": ticket.state,
        "asked": ticket.opened.isoformat(),
        "question": ticket.question,
        "reply": ticket.reply,
        # Not who: colleagues have a right to privacy too.
        "history": [
            {"at": one.at.isoformat(), "what": one.what, "text": one.text} for one in history
        ],
    }
