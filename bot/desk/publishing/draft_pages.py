"""What staff see of an answer for everybody: while it is worded, and while it waits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cutting, list_pages
from bot.desk.cards import LONGEST_CARD, bare
from bot.desk.cutting import cut, fitted, units
from bot.desk.grounds import compare
from bot.desk.mentions import mention, mentions, reached
from bot.desk.publishing.pages import STAGES
from bot.desk.publishing.preparing import Prepared
from bot.desk.publishing.publication import Cited, Publication, Stage
from bot.desk.publishing.wording import Wording
from bot.desk.roster import Member, Role, Roster
from bot.render import Page, quoted_title
from bot.texts import say
from bot.types import Button, RichText, Span, Style
from knowledge.types import Lang

LETS_OUT: Final = (Role.MAINTAINER, Role.REVIEWER)
LONGEST_QUESTION: Final = 300  # units; a longer one is not published
LONGEST_ANSWER: Final = 2000  # likewise
LONGEST_LINE: Final = 120  # of a passage that is not cited, or a question in a list
IN_A_ROW: Final = 3  # buttons
LISTED: Final = 10  # of one kind
DECIDED: Final[Mapping[Stage, str]] = {
    Stage.REFUSED: "{name} does not approve it: {why}",
    Stage.APPROVED: "{name} approved it. The next release gives it to everybody.",
    Stage.SERVED: "{name} approved it.",
    Stage.DROPPED: "{name} took it back: {why}",
}


def worded(
    wording: Wording, prepared: Prepared, passages: Mapping[str, Cited], *, language: Lang
) -> Page:
    """What would be published, what stands against it, and the passages that it may cite."""
    draft = prepared.draft
    head = say(language, "No. {id}: publish this answer for everybody?", id=wording.ticket_id)
    spans = [
        Span(head, Style.BOLD),
        *_words(draft, language),
        *_listed(say(language, "This stops it:"), prepared.problems),
        *_listed(say(language, "To be looked at:"), draft.flags),
    ]
    lines = [
        _choice(number, one, passages.get(one), cited=one in wording.cited, language=language)
        for number, one in enumerate(wording.found, start=1)
    ]
    spans += _listed(say(language, "Passages (● cited, ○ not):"), lines, mark="")
    return Page(fitted(spans, LONGEST_CARD), _ways(wording, prepared, language))


def proposed(one: Publication, *, language: Lang, roster: Roster) -> Page:
    """For whoever approves: all that it says and rests on. Once it is decided, what came of it."""
    number = say(language, "No. {id}", id=one.ticket_id)
    name = say(language, "answer for everybody {number}", number=one.id)
    stage = say(language, STAGES[one.stage])
    head = Span(f"{number} · {name} · {stage} · {one.proposed_by.name}", Style.BOLD)
    spans = [
        head,
        *_words(one, language),
        *_listed(say(language, "To be looked at:"), one.flags),
    ]
    tail = _tail(one, language, roster)
    left = LONGEST_CARD - _units(spans) - _units(tail)
    share = max(left // max(len(one.cites), 1), LONGEST_LINE)
    lines = [
        cut(
            f"{number}. {_source(cited)}: {_bare(cited).strip()}",
            share - 1,
        )
        for number, cited in enumerate(one.cites, start=1)
    ]
    spans += _listed(say(language, "It cites:"), lines, mark="")
    body = (*fitted(spans, LONGEST_CARD - _units(tail)), *tail)
    if one.stage is not Stage.PROPOSED:
        return Page(body)
    approve = Action(Verb.LET_OUT, one.id, one.version)
    refuse = Action(Verb.TURN_DOWN, one.id)
    row = (
        Button(say(language, "Approve"), str(approve)),
        Button(say(language, "Do not approve"), str(refuse)),
    )
    return Page(body, (row,))


def refused(one: Publication, *, language: Lang, roster: Roster) -> Page:
    """To whoever proposed it: why not, and the way to word it anew."""
    name = one.decided_by.name if one.decided_by else ""
    text = "No. {id}: {name} does not approve the answer for everybody: {why}"
    head = say(language, text, id=one.ticket_id, name=name, why=one.why)
    again = Button(say(language, "Look again"), str(Action(Verb.PUBLISH, one.ticket_id)))
    who = mention(roster.known(one.proposed_by))
    return Page((Span(head, Style.BOLD), Span(" "), who), ((again,),))


def listing(known: Sequence[Publication], *, language: Lang) -> Page:
    """What waits for somebody, with a button for each by the number of its ticket."""
    waiting = [one for one in known if one.stage is Stage.PROPOSED]
    withdrawn = [one for one in known if one.stage is Stage.WITHDRAWN]
    spans = [
        *_list(say(language, "Waiting for approval: {count}", count=len(waiting)), waiting),
        Span("\n"),
        *_list(say(language, "Not given any more: {count}", count=len(withdrawn)), withdrawn),
    ]
    keys = [_key(one) for one in (*waiting[:LISTED], *withdrawn[:LISTED])]
    return Page(tuple(spans), _rows(keys, list_pages.IN_A_ROW))


def approvers(one: Publication, roster: Roster) -> Sequence[Member]:
    """Who may let it out: never who proposed it."""
    return reached(
        member
        for member in roster.members
        if any(member.has(role) for role in LETS_OUT)
        and not roster.is_same_person(member.agent, one.proposed_by)
    )


def _words(one: Publication, language: Lang) -> Sequence[Span]:
    """Question and answer; in bold what a cited passage says in the same words."""
    grounds = compare(cut(one.answer, LONGEST_ANSWER), [cited.quote for cited in one.cites])
    styles = {True: Style.BOLD, False: Style.PLAIN}
    return [
        Span("\n" + say(language, "Question:") + "\n"),
        Span(cut(one.question, LONGEST_QUESTION), Style.QUOTE),
        Span("\n" + say(language, "Answer:") + "\n"),
        *(Span(part.text, styles[part.quoted]) for part in grounds.parts),
    ]


def _listed(head: str, lines: Sequence[str], *, mark: str = "· ") -> Sequence[Span]:
    if not lines:
        return []
    return [Span(f"\n{head}", Style.BOLD), *(Span(f"\n{mark}{line}") for line in lines)]


def _choice(
    number: int, passage_id: str, found: Cited | None, *, cited: bool, language: Lang
) -> str:
    mark = "●" if cited else "○"
    if found is None:
        gone = say(language, "It is not in force any more.")
        return f"{mark} {number}. {passage_id}: {gone}"
    return f"{mark} {number}. {_source(found)}: {cutting.line(_bare(found), LONGEST_LINE)}"


def _bare(cited: Cited) -> str:
    return bare(cited.quote, cited.title, cited.address)


def _source(cited: Cited) -> str:
    return f"{quoted_title(cited.title)} {cited.address}".rstrip()


def _ways(wording: Wording, prepared: Prepared, language: Lang) -> tuple[tuple[Button, ...], ...]:
    def button(label: str, verb: Verb) -> Button:
        return Button(say(language, label), str(Action(verb, wording.ticket_id)))

    propose = Button(
        say(language, "Open (主动公开), propose"),
        str(Action(Verb.PROPOSE, wording.ticket_id, wording.version)),
    )
    cites = [
        Button(
            say(language, "Leave out {number}", number=number)
            if one in wording.cited
            else say(language, "Cite {number}", number=number),
            str(Action(Verb.CITE, wording.ticket_id, number)),
        )
        for number, one in enumerate(wording.found, start=1)
    ]
    return (
        *(() if prepared.problems else ((propose,),)),
        (
            button("Reword the question", Verb.WORD_QUESTION),
            button("Reword the answer", Verb.WORD_ANSWER),
        ),
        *_rows(cites, IN_A_ROW),
    )


def _tail(one: Publication, language: Lang, roster: Roster) -> RichText:
    """Who is asked, or who decided."""
    if one.stage is Stage.PROPOSED:
        head = say(language, "Another person must approve it.")
        return (Span(f"\n{head} "), *mentions(approvers(one, roster)))
    text = DECIDED.get(one.stage)
    if text is None or one.decided_by is None:
        return ()
    said = say(language, DECIDED[one.stage], name=one.decided_by.name, why=one.why)
    return (Span(f"\n{said}", Style.BOLD),)


def _list(head: str, known: Sequence[Publication]) -> Iterator[Span]:
    yield Span(head, Style.BOLD)
    for one in known[:LISTED]:
        question = cutting.line(one.question, LONGEST_LINE)
        yield Span(f"\n{one.ticket_id} · {one.proposed_by.name} · {question}")
    if len(known) > LISTED:
        yield Span(f"\n{cutting.MORE}")


def _key(one: Publication) -> Button:
    label = str(one.ticket_id)
    return Button(label, str(Action(Verb.PUBLISH, one.ticket_id)))


def _rows(keys: Sequence[Button], most: int) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(keys[at : at + most]) for at in range(0, len(keys), most))


def _units(spans: Sequence[Span]) -> int:
    return sum(units(span.text) for span in spans)
