"""What staff read of reviews: the draft with what it stands on, and what was decided. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cutting
from bot.desk.grounds import Grounds, compare
from bot.desk.mentions import mention, mentions
from bot.desk.reviews import Review
from bot.desk.roster import Member, Role, Roster
from bot.desk.tickets import State, Ticket
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

LONGEST_QUESTION: Final = 60  # units of one in a list


def submitted(
    ticket: Ticket,
    review: Review,
    *,
    language: Lang,
    roster: Roster,
    added: Sequence[str] = (),
) -> Page:
    """
    A draft for whoever reviews it, with what is word for word a passage's in bold.

    `added` is what the citizen wrote since it was submitted.
    """
    head = say(
        language,
        "No. {id}: reply by {name} for review (review {number})",
        id=ticket.id,
        name=review.author.name,
        number=review.id,
    )
    spans = [Span(head, Style.BOLD), Span("\n"), Span(ticket.question, Style.QUOTE), Span("\n")]
    grounds = compare(review.draft, [lead.quote for lead in ticket.evidence.leads])
    styles = {True: Style.BOLD, False: Style.PLAIN}
    spans += [Span(part.text, styles[part.quoted]) for part in grounds.parts]
    spans += [Span(f"\n{line}", Style.ITALIC) for line in warnings(ticket, grounds, language)]
    for text in added:
        note = say(language, "No. {id}: the citizen adds", id=ticket.id)
        spans += [Span(f"\n{note}\n", Style.BOLD), Span(text, Style.QUOTE)]
    if asked := reviewers(roster, ticket, review):
        spans += [Span("\n" + say(language, "For review:") + " "), *mentions(asked)]
    approve = Button(say(language, "Approve"), str(Action(Verb.APPROVE, review.id)))
    reject = Button(say(language, "Send back"), str(Action(Verb.REJECT, review.id)))
    return Page(tuple(spans), ((approve, reject),))


def line(ticket: Ticket, review: Review, *, language: Lang) -> str:
    """One of many that wait."""
    return say(
        language,
        "Review {number}, No. {id} by {name}: {question}",
        number=review.id,
        id=ticket.id,
        name=review.author.name,
        question=cutting.line(ticket.question, LONGEST_QUESTION),
    )


def rejected(ticket: Ticket, review: Review, *, language: Lang, roster: Roster) -> Page:
    """To the author: it did not go out, and why."""
    name = review.reviewer.name if review.reviewer else ""
    text = "No. {id}: {name} sends the draft back: {why}"
    head = say(language, text, id=ticket.id, name=name, why=review.why)
    return Page((Span(head, Style.BOLD), Span(" "), mention(roster.known(review.author))))


def done(ticket: Ticket, *, language: Lang) -> str:
    """To whoever replied: whether the citizen has it."""
    if ticket.state is not State.REVIEWING:
        return say(language, "No. {id}: reply sent.", id=ticket.id)
    text = "No. {id} is sensitive: another person looks at your reply before it goes out."
    return say(language, text, id=ticket.id)


def reviewers(roster: Roster, ticket: Ticket, review: Review) -> Sequence[Member]:
    """Those of the department; where it has none, all; never who wrote it."""
    found = roster.departments.get(ticket.department)
    own = _reviewing(roster, found.members if found else (), review)
    return own or _reviewing(roster, tuple(roster.members), review)


def _reviewing(roster: Roster, members: Sequence[Member], review: Review) -> Sequence[Member]:
    may = {one.id: one for one in members if one.has(Role.REVIEWER)}
    return [one for one in may.values() if not roster.is_same_person(one.agent, review.author)]


def warnings(ticket: Ticket, grounds: Grounds, language: Lang) -> Sequence[str]:
    """What of a draft stands on no passage."""
    if not ticket.evidence.leads:
        return [say(language, "No passage is known for this question: check every word.")]
    found = []
    if not any(part.quoted for part in grounds.parts):
        found.append(say(language, "Nothing in it is word for word from a passage."))
    if grounds.unfounded:
        figures = ", ".join(grounds.unfounded)
        found.append(say(language, "In no passage that was found: {figures}", figures=figures))
    return found
