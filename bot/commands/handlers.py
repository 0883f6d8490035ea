"""What each command does: a handler reads what it needs and returns a plan. It writes nothing."""

from __future__ import annotations

from dataclasses import replace

from bot import people, render
from bot.actions import Action, Verb
from bot.commands import own, pages
from bot.commands.command import Counter
from bot.commands.pages import LANGUAGES
from bot.intents import Intent, recognise
from bot.library import Subject
from bot.render import Page
from bot.turn import Plan, Turn
from bot.types import Outcome, Result, Topic
from knowledge.types import Document


def argument(text: str) -> str:
    """What follows the command: "doc_7" of "/start doc_7"."""
    parts = text.split(maxsplit=1)
    return parts[1].strip() if len(parts) > 1 and text.lstrip().startswith("/") else ""


def spoken(text: str) -> str:
    """The words of the person themselves: a command is English for everybody."""
    if not text.lstrip().startswith("/"):
        return text
    return "" if recognise(text) is Intent.START else argument(text)


async def start(counter: Counter, turn: Turn) -> Plan:
    """The welcome, or what a deep link leads to."""
    today = counter.clock().date()
    wanted = argument(turn.message.text)
    linked = await counter.library.linked(wanted, on=today) if wanted else None
    match linked:
        case Document():
            plan = _said(turn, pages.document(turn.language, linked, on=today))
            return _about(turn, plan, linked) if linked.standing(today).binding else plan
        case Subject():
            return _said(turn, pages.topic(turn.language, linked))
        case None:
            return _said(turn, render.welcome(turn.language, counter.bureau))


def _about(turn: Turn, plan: Plan, document: Document) -> Plan:
    """What is asked next may lean on the document, as if it had been asked about."""
    topic = Topic(document_id=document.id, title=document.title, words=document.title)
    return replace(
        plan,
        outcome=replace(plan.outcome, topic=topic),
        settles=replace(
            turn.talk,
            language=turn.language,
            last_question=turn.accepted.id,
            expects="",
            expects_from=None,
        ),
    )


async def help_(counter: Counter, turn: Turn) -> Plan:
    return _said(turn, pages.listed(turn.language, counter.commands))


async def unknown(counter: Counter, turn: Turn) -> Plan:
    return _said(turn, pages.listed(turn.language, counter.commands, unknown=True))


async def ask(_counter: Counter, turn: Turn) -> Plan:
    """Without a question: a menu sends the bare command."""
    return _said(turn, pages.ask_now(turn.language))


async def cancel(_counter: Counter, turn: Turn) -> Plan:
    """Drop what the next message was for, and an open offer with it."""
    page = pages.cancelled(turn.language, something=turn.expected is not None)
    settled = replace(turn.talk, language=turn.language, expects="", expects_from=None)
    return replace(_said(turn, page), settles=settled)


async def subscribe(counter: Counter, turn: Turn) -> Plan:
    wanted = argument(turn.message.text)
    return _said(turn, await counter.following.subscribe(turn, wanted))


async def unsubscribe(counter: Counter, turn: Turn) -> Plan:
    return _said(turn, await counter.following.unsubscribe(turn))


async def language(_counter: Counter, turn: Turn) -> Plan:
    return _said(turn, pages.languages(turn.language))


async def mydata(counter: Counter, turn: Turn) -> Plan:
    async with counter.store.read() as work:
        attachment = await people.export(
            work, turn.message, at=counter.clock(), declining=counter.following.declining
        )
    return _said(turn, pages.your_data(turn.language, attachment))


async def forget(_counter: Counter, turn: Turn) -> Plan:
    return _said(turn, pages.confirm_forget(turn.language))


async def privacy(counter: Counter, turn: Turn) -> Plan:
    return _said(turn, pages.privacy(turn.language, counter.bureau))


def pressed(turn: Turn) -> Plan | None:
    """What comes of a button of these pages; None for any other button."""
    match Action.parse(turn.message.text):
        case Action(Verb.LANGUAGE, int(place)) if place < len(LANGUAGES):
            return _language_chosen(turn, place)
        case Action(Verb.FORGET):
            return _forget_confirmed(turn)
        case Action(Verb.KEEP):
            return _said(turn, pages.kept(turn.language))
        case Action() as action:
            return own.planned(turn, action)
        case _:
            return None


def _language_chosen(turn: Turn, place: int) -> Plan:
    chosen = LANGUAGES[place]
    plan = _said(replace(turn, language=chosen), pages.language_set(chosen))
    return replace(plan, settles=replace(turn.talk, language=chosen, chosen=chosen))


def _forget_confirmed(turn: Turn) -> Plan:
    """The receipt is written where the erasing is done: in the transaction of this message."""
    if turn.in_group:
        return _said(turn, pages.alone(turn.language))
    return Plan(_done(turn), forgets=True)


def _said(turn: Turn, page: Page) -> Plan:
    return Plan(_done(turn), page)


def _done(turn: Turn) -> Outcome:
    return Outcome(result=Result.SMALL_TALK, language=turn.language)
