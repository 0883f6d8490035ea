"""What is told of published answers, to citizens and to staff. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk.publishing.publication import Cited, Publication, Stage
from bot.desk.tickets import Ticket
from bot.render import Page, quoted_title
from bot.texts import say
from bot.types import Button, Span, Style
from index.diff import Clause, ClauseChange
from knowledge.cited import Broken
from knowledge.types import Lang

LONGEST: Final = 300  # characters of a passage in a message to staff
STAGES: Final[Mapping[Stage, str]] = {
    Stage.PROPOSED: "waits for approval",
    Stage.REFUSED: "not approved",
    Stage.APPROVED: "approved for everybody",
    Stage.SERVED: "given to everybody",
    Stage.WITHDRAWN: "not given any more",
    Stage.DROPPED: "taken back",
}
BROKEN: Final[Mapping[Broken, str]] = {one: one.value for one in Broken}


def served(publication: Publication, ticket: Ticket) -> Page:
    """To whoever asked: everybody may read the answer now."""
    language = ticket.language
    head = say(language, "Your question No. {id} is now answered for everybody.", id=ticket.id)
    text = "We have published the answer without anything about you. Whoever asks it gets:"
    spans = (
        Span(head, Style.BOLD),
        Span(f"\n{say(language, text)}\n"),
        Span(f"{publication.question}\n{publication.answer}", Style.QUOTE),
    )
    button = Button(say(language, "No such messages"), str(Action(Verb.DECLINE)))
    return Page(spans, ((button,),))


def declined(language: Lang) -> Page:
    """To whoever wants no such message any more."""
    text = "You will get no message any more that you did not ask for. Replies still reach you."
    return Page((Span(say(language, text)),))


def withdrawn(
    publication: Publication,
    changed: Sequence[tuple[Cited, str]],
    *,
    language: Lang,
) -> Page:
    """To staff: what it rested on, and how that reads now; "" where it is not there any more."""
    text = "Published answer {id} is not given any more: what it cites changed. Review it."
    spans = [Span(say(language, text, id=publication.id), Style.BOLD), Span("\n")]
    spans.append(Span(publication.question, Style.QUOTE))
    for cited, now in changed:
        spans.append(Span(f"\n{quoted_title(cited.title)} {cited.address}\n".replace(" \n", "\n")))
        spans.append(Span("\n".join(_edits(cited.quote, now, language))))
    again = Button(say(language, "Look again"), str(Action(Verb.PUBLISH, publication.ticket_id)))
    return Page(tuple(spans), ((again,),))


def _edits(before: str, now: str, language: Lang) -> Sequence[str]:
    if not now:
        return [say(language, "It is not in force any more.")]
    change = ClauseChange(old=Clause(address="", text=before), new=Clause(address="", text=now))
    edits = [f"− {edit.old.strip()}\n+ {edit.new.strip()}"[:LONGEST] for edit in change.edits]
    return edits or [say(language, "Its words are the same; its document was amended.")]
