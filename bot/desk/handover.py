"""Who speaks with a citizen about a ticket, the bot or a person: told when it changes. Pure."""

from __future__ import annotations

from bot.actions import Action, Verb
from bot.desk.roster import Roster
from bot.desk.tickets import HELD, QUEUED, Ticket
from bot.render import Bureau, Page
from bot.texts import say
from bot.types import Button, Span
from knowledge.types import Lang


def told(
    before: Ticket, after: Ticket, *, names: bool, roster: Roster, bureau: Bureau
) -> Page | None:
    """What the citizen is told after a move; None where the same one speaks on."""
    was = speaker(before, names=names, roster=roster, bureau=bureau)
    now = speaker(after, names=names, roster=roster, bureau=bureau)
    if now and now != was:
        return taken(after, now)
    if was and after.state in QUEUED:
        return given_back(after)
    return None


def speaker(ticket: Ticket, *, names: bool, roster: Roster, bureau: Bureau) -> str:
    """Whoever holds the ticket, as the citizen knows them; empty if nobody does."""
    if ticket.state not in HELD or ticket.holder is None:
        return ""
    if names:
        return ticket.holder.name
    return roster.name(ticket.department) if ticket.department else bureau.name


def taken(ticket: Ticket, who: str) -> Page:
    text = (
        "{who} now handles your question No. {id} and will reply here. On this matter I say "
        "nothing meanwhile; you can ask me about others."
    )
    return Page((Span(say(ticket.language, text, who=who, id=ticket.id)),))


def given_back(ticket: Ticket) -> Page:
    text = (
        "Your question No. {id} waits for our staff again. Until somebody takes it, I answer here "
        "as usual."
    )
    return Page((Span(say(ticket.language, text, id=ticket.id)),))


def passed_on(language: Lang, *, ticket_id: int) -> Page:
    text = "Passed on to the person who handles your question No. {id}."
    return Page((Span(say(language, text, id=ticket_id)),))


def with_a_person(language: Lang, *, ticket_id: int) -> Page:
    """To a button that would answer in a person's place."""
    text = "A person handles your question No. {id}, so I do not answer it myself."
    more = Button(say(language, "Ask further"), str(Action(Verb.MORE, ticket_id)))
    return Page((Span(say(language, text, id=ticket_id)),), ((more,),))
