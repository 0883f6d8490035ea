"""
The messages to those who follow something. Pure.

Made of metadata and of words that are quoted from the documents; nothing else is said of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.push.news import ClauseNews, Does, Event, News, What, excerpt
from bot.render import KINDS, STANDINGS, Page, quoted_title
from bot.texts import say
from bot.types import Button, RichText, Span, Style
from knowledge.types import Kind, Lang

MOST_SHOWN: Final = 9  # documents of one message: a button's place is one digit
MOST_CLAUSES: Final = 6  # in a message, shared by its documents; the rest is behind a button
QUOTED: Final = 100  # characters of a clause in a message
MOST_NAMES: Final = 5  # things followed that are named at the end
IN_ROW: Final = 3
NEW: Final = {
    Kind.POLICY: "New document",
    Kind.INTERPRETATION: "New official interpretation",
    Kind.ANSWER: "New published answer",
}
RELATIONS: Final = {
    Does.INTERPRETS: "It interprets {title}.",
    Does.AMENDS: "It amends {title}.",
    Does.REPEALS: "It repeals {title}.",
}
HEADS: Final = {
    What.ADDED: "{place} is new:",
    What.REMOVED: "{place} is taken out:",
    What.CHANGED: "{place} is changed.",
}


def pushed(
    news: Sequence[News],
    answers: Sequence[tuple[str, RichText]],
    *,
    followed: Sequence[str],
    push_id: int,
    language: Lang,
) -> Page:
    """
    One message with all that is new.

    `answers` are questions with the quotations that answer them now; `followed` are the names of
    what the person follows and this is about.
    """
    spans: list[Span] = []
    if news:
        spans.append(Span(say(language, "What you follow has changed."), Style.BOLD))
    shown = news[:MOST_SHOWN]
    most = MOST_CLAUSES // max(1, sum(bool(one.clauses) for one in shown)) or 1
    for place, one in enumerate(shown, start=1):
        number = f"{place}. " if len(news) > 1 else ""
        spans += _document(one, language, number, most=most)
    spans += _rest(news[MOST_SHOWN:], language)
    for question, quotation in answers:
        spans += _answered(question, quotation, language, first=not spans)
    if followed:
        spans.append(Span(_footer(followed, language), Style.ITALIC))
    return Page(tuple(spans), _buttons(shown, len(answers), push_id, language))


def viewed(news: News, *, push_id: int, place: int, language: Lang) -> Page:
    """All that is kept of one document's news."""
    old = say(language, "This is what that update changed. It may have changed again since.")
    spans = [Span(old, Style.ITALIC)]
    spans += _document(news, language, "", most=len(news.clauses), quoted=None)
    links = _links(news, language)
    return Page(tuple(spans), (*((links,) if links else ()), votes(push_id, place, language)))


def votes(push_id: int, place: int, language: Lang) -> tuple[Button, ...]:
    return (
        Button(say(language, "Helpful"), str(Action(Verb.NEWS_UP, push_id, place))),
        Button(say(language, "Not helpful"), str(Action(Verb.NEWS_DOWN, push_id, place))),
    )


def _document(
    news: News, language: Lang, number: str, *, most: int, quoted: int | None = QUOTED
) -> Iterator[Span]:
    yield Span(f"\n\n{number}{quoted_title(news.title)}", Style.BOLD)
    yield Span(f" {news.number}" if news.number else "")
    yield Span("".join(f"\n{line}" for line in _facts(news, language)))
    for clause in news.clauses[:most]:
        yield from _clause(clause, language, quoted)
    more = news.more + max(0, len(news.clauses) - most)
    if more:
        yield Span("\n" + say(language, "More clauses that changed: {count}", count=more))
    if news.source.startswith(("http://", "https://")):
        yield Span("\n")
        yield Span(news.source, Style.LINK, news.source)


def _facts(news: News, language: Lang) -> Iterator[str]:
    """What happened, a line each."""
    yield _event(news, language)
    if news.was is not None:
        yield say(
            language,
            "Status: {old} → {new}",
            old=say(language, STANDINGS[news.was]),
            new=say(language, STANDINGS[news.standing]),
        )
    if news.begins is not None:
        yield say(language, "In force from {day}", day=news.begins.isoformat())
    if news.ends is not None:
        yield say(language, "Last day in force: {day}", day=news.ends.isoformat())
    if news.successor:
        title = quoted_title(news.successor)
        yield say(language, "Its place is taken by {title}.", title=title)
    for one in news.relations:
        yield say(language, RELATIONS[one.does], title=quoted_title(one.title))


def _event(news: News, language: Lang) -> str:
    if news.event is Event.GONE:
        return say(
            language,
            "It is no longer among the documents that I answer from. That alone does not say "
            "that it is repealed.",
        )
    if news.event is Event.NEW:
        parts = [say(language, NEW[news.kind]), news.issuer]
    else:
        parts = [say(language, KINDS[news.kind]), say(language, "changed")]
    return " · ".join(part for part in (*parts, say(language, STANDINGS[news.standing])) if part)


def _clause(clause: ClauseNews, language: Lang, quoted: int | None) -> Iterator[Span]:
    place = clause.address or say(language, "The text")
    yield Span("\n" + say(language, HEADS[clause.what], place=place))
    old, new = clause.old, clause.new
    if quoted is not None:
        old, new = excerpt(clause.old, clause.new, quoted), excerpt(clause.new, clause.old, quoted)
    if clause.what is not What.CHANGED:
        yield from _quotation(new or old)
    elif old and new:
        yield Span("\n" + say(language, "Before:"))
        yield from _quotation(old)
        yield Span("\n" + say(language, "Now:"))
        yield from _quotation(new)
    elif new:
        yield Span("\n" + say(language, "Added:"))
        yield from _quotation(new)
    else:
        yield Span("\n" + say(language, "Taken out:"))
        yield from _quotation(old)


def _quotation(words: str) -> Iterator[Span]:
    yield Span("\n")
    yield Span(words, Style.QUOTE)


def _rest(news: Sequence[News], language: Lang) -> Iterator[Span]:
    if news:
        yield Span("\n\n" + say(language, "Changed as well:"), Style.BOLD)
        yield Span("".join(f"\n· {quoted_title(one.title)}" for one in news))


def _answered(
    question: str, quotation: RichText, language: Lang, *, first: bool
) -> Iterator[Span]:
    head = say(language, "I can answer an earlier question of yours now: {question}",
               question=question)  # fmt: skip
    yield Span("" if first else "\n\n")
    yield Span(head, Style.BOLD)
    yield Span("\n")
    yield from quotation


def _footer(followed: Sequence[str], language: Lang) -> str:
    names = say(language, ", ").join(followed[:MOST_NAMES])
    more = " …" if len(followed) > MOST_NAMES else ""
    return "\n\n" + say(language, "You follow: {names}", names=names + more)


def _buttons(
    shown: Sequence[News], answers: int, push_id: int, language: Lang
) -> tuple[tuple[Button, ...], ...]:
    def view(place: int) -> Button:
        label = say(language, "View {number}", number=place)
        return Button(label, str(Action(Verb.VIEW, push_id, place)))

    stop = Button(say(language, "Unsubscribe"), str(Action(Verb.UNFOLLOW)))
    if len(shown) + answers == 1:
        look = () if not shown else (
            Button(say(language, "View changes"), str(Action(Verb.VIEW, push_id, 1))),
        )  # fmt: skip
        return ((*look, stop), votes(push_id, 1, language))
    places = range(1, len(shown) + 1)
    rows = [
        tuple(view(place) for place in places[start : start + IN_ROW])
        for start in range(0, len(shown), IN_ROW)
    ]
    return (*rows, (stop,))


def _links(news: News, language: Lang) -> tuple[Button, ...]:
    if not news.source.startswith(("http://", "https://")):
        return ()
    return (Button(say(language, "Open the original"), url=news.source),)
