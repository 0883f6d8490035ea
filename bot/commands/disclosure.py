"""
/disclosure: a request for information, filled in by conversation.

What comes of a message or a button is planned by `told` and `pressed`; what it changes is done by
`done`, inside the transaction of the message. The form lies in the store, and what is asked next
in the conversation, so that both outlive a restart.
"""

from __future__ import annotations

from dataclasses import replace

from bot import asides
from bot.actions import Action, Verb
from bot.commands import handlers
from bot.commands.command import Counter
from bot.commands.pages import alone
from bot.decide import unreadable
from bot.desk.desk import Desk
from bot.desk.disclosure import pages
from bot.desk.disclosure.entry import Form
from bot.desk.disclosure.form import (
    ANSWERS,
    PERSONAL,
    Step,
    blank,
    choices,
    choose,
    next_step,
    place_of,
    without,
    write,
)
from bot.desk.disclosure.intake import drop_form, form_of, step_of
from bot.desk.disclosure.registration import register
from bot.fairness import MOST_TICKETS, opened_lately
from bot.filing import confirms
from bot.intents import recognise
from bot.render import Page
from bot.store.base import Work
from bot.turn import Plan, Turn
from bot.types import Input, Outcome, Reason, Result

BEGIN = Action(Verb.DISCLOSE)
CANCEL = Action(Verb.DISCLOSE, 0, Step.CANCEL)


async def begin(_counter: Counter, turn: Turn) -> Plan:
    """A new form, or on with the one that was begun."""
    return Plan(_aside(turn), form=BEGIN)


async def cancel(counter: Counter, turn: Turn) -> Plan:
    """Also what /cancel ends and erases."""
    async with counter.store.begin() as work:
        form = None if turn.in_group else await form_of(work, turn.message.address)
    return (
        await handlers.cancel(counter, turn) if form is None else Plan(_aside(turn), form=CANCEL)
    )


def told(turn: Turn) -> Plan | None:
    """What follows from words that the form waits for; None for all others."""
    expected, text = turn.expected, turn.message.text
    step = step_of(expected)
    if step is None or expected is None:
        return None
    if step is Step.CONFIRM:
        return Plan(_aside(turn), form=expected) if confirms(text) else None
    if recognise(text) is not None:
        return None
    if step is Step.WANTED and unreadable(text) is not None:
        return None  # it is said why, and waited for
    return Plan(_aside(turn), form=expected)


def pressed(turn: Turn) -> Plan | None:
    """What comes of a button of the form; None for any other button."""
    action = Action.parse(turn.message.text)
    if step_of(action) is None:
        return None
    return (
        Plan(_aside(turn), alone(turn.language))
        if turn.in_group
        else Plan(_aside(turn), form=action)
    )


async def done(desk: Desk, work: Work, turn: Turn, action: Action) -> tuple[Plan, int | None]:
    """Do it; return what is said, and the ticket if one was opened."""
    form = await form_of(work, turn.message.address)
    if action == BEGIN:
        return await _begun(desk, work, turn, form), None
    step = step_of(action)
    if form is None or step is None:
        return _said(turn, pages.outdated(turn.language)), None
    match step:
        case Step.CONFIRM:
            return await _filed(desk, work, turn, form, action)
        case Step.CANCEL:
            return await _cancelled(work, turn), None
        case Step.CHANGE:
            return await _changed(desk, work, turn, form, action.target or 0), None
        case _:
            return await _answered(desk, work, turn, form, step, action), None


async def _cancelled(work: Work, turn: Turn) -> Plan:
    await drop_form(work, turn.message.address)
    settled = replace(turn.talk, language=turn.language, expects="", expects_from=None)
    return Plan(_aside(turn), pages.cancelled(turn.language), settles=settled)


async def _changed(desk: Desk, work: Work, turn: Turn, form: Form, number: int) -> Plan:
    """One answer is given anew; without its number it is asked which."""
    step = next((step for step in ANSWERS if step == number), None)
    if step is None:
        return _said(turn, pages.which(turn.language))
    return await _asked(desk, work, turn, without(form, step))


async def _begun(desk: Desk, work: Work, turn: Turn, form: Form | None) -> Plan:
    if form is None:
        form = await work.entries(Form).add(blank(turn.message.address, desk.clock()))
    plan = await _asked(desk, work, turn, form)
    page = pages.begun(form, turn.language, desk.bureau, shown=turn.accepted.id)
    return replace(plan, page=page)


async def _answered(
    desk: Desk, work: Work, turn: Turn, form: Form, step: Step, action: Action
) -> Plan:
    if step in PERSONAL or (step is Step.WANTED and form.wanted):
        # It was taken in before the message was written down, or will not do.
        answered = None if next_step(form) is step else form
    elif offered := choices(form, step):
        labels = [pages.label(one, turn.language) for one in offered]
        typed = turn.message.kind is Input.TEXT
        place = place_of(turn.message.text, labels) if typed else action.target or 0
        answered = choose(form, step, place)
    else:
        answered = write(form, step, turn.message.text)
    return await _asked(desk, work, turn, answered or form, again=answered is None)


async def _asked(desk: Desk, work: Work, turn: Turn, form: Form, *, again: bool = False) -> Plan:
    """Keep the form, and go on with what it lacks."""
    step, shown = next_step(form), turn.accepted.id
    last = shown if step is Step.CONFIRM else None
    await work.entries(Form).save(replace(form, changed=desk.clock(), shown=last))
    page = pages.asked(form, turn.language, shown=shown, again=again)
    return Plan(_aside(turn), page, expects=str(Action(Verb.DISCLOSE, last or 0, step)))


async def _filed(
    desk: Desk, work: Work, turn: Turn, form: Form, action: Action
) -> tuple[Plan, int | None]:
    """Only what was shown last is filed, and only as it was shown."""
    if form.shown is None or form.shown != action.target:
        return _said(turn, pages.outdated(turn.language)), None
    own = await work.tickets.of(turn.message.address)
    if opened_lately(own, at=desk.clock()) >= MOST_TICKETS:
        blocked = Outcome(result=Result.BLOCKED, reason=Reason.TOO_MANY, language=turn.language)
        page = asides.too_many(turn.language, desk.bureau, count=MOST_TICKETS)
        return Plan(blocked, page, expects=str(action)), None
    request, ticket = await register(
        desk, work, form, message_id=turn.message.id, language=turn.language
    )
    due = ticket.deadlines.resolution
    assert due is not None
    received = desk.clock()
    page = pages.receipt(
        request,
        turn.language,
        received=received.date(),
        due=due.astimezone(received.tzinfo).date(),
        days=desk.clocks.terms[ticket.kind].resolution,
    )
    filed = Outcome(
        result=Result.HUMAN_REQUESTED, reason=Reason.ASKED_FOR_PERSON, language=turn.language
    )
    return Plan(filed, page), ticket.id


def _said(turn: Turn, page: Page) -> Plan:
    """What was expected is still to come."""
    return Plan(_aside(turn), page, expects=turn.talk.expects)


def _aside(turn: Turn) -> Outcome:
    return Outcome(result=Result.SMALL_TALK, language=turn.language)
