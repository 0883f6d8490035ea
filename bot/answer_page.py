"""
The page of an answer: the words that answer, the passages with their sources, the ways on. Pure.

What answers is told first and marked in the quotation, word for word in both places. A short
passage is only marked: nobody wants to read a sentence twice.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.actions import Action, Verb
from bot.links import quoted_path
from bot.offer import short_title
from bot.render import (
    KINDS,
    PARAGRAPHS,
    Page,
    colon,
    day_line,
    quoted_title,
    source_line,
    took_its_place,
)
from bot.texts import say
from bot.types import Button, Citation, Outcome, RichText, Span, Style, Topic
from index.sentences import statements
from knowledge.types import Lang

FEWEST: Final = 3  # statements of a passage whose answer is told apart
LONGEST_DIRECT: Final = 200  # columns: half as many Chinese characters
MOST_OF_IT: Final = 0.6  # share of a passage: who has read so much has read the passage
NEARLY_ALL: Final = 0.9  # a mark on so much marks nothing
_ITEM: Final = re.compile(r"[（(][〇零一二三四五六七八九十\da-z]{1,3}[）)]|\d{1,2}[.、．]|[①-⑳]")
_LEADS: Final = re.compile(r"[:：]\s*$", re.MULTILINE)
_WEB: Final = ("http://", "https://")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What the buttons under an answer lead to."""

    asked: int  # ledger id of the question
    answer: int  # ledger id of the message that the answer is to: the same, or a button's
    longer: bool = False  # whether the first quotation is a part of a longer clause
    site: str = ""  # where our pages of documents are, "https://…"; "" where there are none


def answer(outcome: Outcome, ways: Ways) -> Page:
    """The answer of an ANSWERED outcome, with the buttons for what a citizen may want next."""
    shown = body(outcome, site=ways.site)
    return Page(shown, tuple(row for row in _buttons(outcome, ways) if row))


def body(outcome: Outcome, *, site: str = "") -> RichText:
    """
    The answer of an ANSWERED outcome, to be read and not to be pressed.

    With a `site` its citations link to our pages, which show the words where they stand and link
    to the official source themselves.
    """
    language = outcome.language
    before = (*earlier(outcome.topic, language), *day_line(outcome))
    return (*before, *_direct(outcome.citations[0]), *passages(outcome, site=site))


def passages(outcome: Outcome, *, site: str = "") -> RichText:
    """The passages of an outcome, word for word, each with its source."""
    spans = [
        span
        for citation in outcome.citations
        for span in (*_citation(citation, outcome.language, site), Span("\n\n"))
    ]
    return tuple(spans[:-1])


def earlier(topic: Topic | None, language: Lang) -> list[Span]:
    """What the question was taken to be about, if that was said before and not in it."""
    if topic is None:
        return []
    told = say(language, "Still about {title}", title=short_title(topic.title))
    return [Span(f"{told}\n\n", Style.ITALIC)]


def composed(topic: Topic, question: str, language: Lang) -> str:
    """A question that leans on a topic, so that it can be understood by itself."""
    title = short_title(topic.title)
    return say(language, "About {title}: {question}", title=title, question=question)


def composed_after(topic: Topic, question: str, language: Lang) -> str:
    """A question that may lean on a topic or not: who reads it should know of both."""
    title = short_title(topic.title)
    return say(
        language, "{question} (asked after a question on {title})", question=question, title=title
    )


def with_new_question(page: Page, language: Lang) -> Page:
    """A page to a question that was read with what was before: the way out of that."""
    return replace(page, buttons=(*page.buttons, (_new_question(language),)))


def _new_question(language: Lang) -> Button:
    return Button(say(language, "New question"), str(Action(Verb.FRESH)))


def whole_clause(citation: Citation, texts: Sequence[str], language: Lang) -> Page:
    """All passages of a clause, in order and word for word."""
    kind = say(language, KINDS[citation.kind])
    spans = (
        Span(f"{kind}{colon(language)}{quoted_title(citation.title)}\n", Style.BOLD),
        Span(PARAGRAPHS.sub("\n", "".join(texts).strip()), Style.QUOTE),
        Span(f"\n{source_line(citation, language)}"),
    )
    return Page(spans)


def gone(language: Lang) -> Page:
    text = "The documents have changed since this answer. Please ask again."
    return Page((Span(say(language, text)),))


def fresh(language: Lang) -> Page:
    text = "All right, a new question. Please type it."
    return Page((Span(say(language, text)),))


def _direct(citation: Citation) -> list[Span]:
    quote, direct = citation.quote, citation.direct
    if (
        not direct
        or misleads_alone(citation)
        or len(statements(quote)) < FEWEST
        or len(direct) > MOST_OF_IT * len(quote)
        or _columns(direct) > LONGEST_DIRECT
    ):
        return []
    told = PARAGRAPHS.sub("\n", direct).rstrip("；;，, ")
    return [Span(told, Style.BOLD), Span("\n\n")]


def misleads_alone(citation: Citation) -> bool:
    """Whether what answers is one of several items: what holds for it is said before them."""
    lead = citation.quote[: citation.answering[0]]
    return bool(_ITEM.match(citation.direct) and _LEADS.search(lead))


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _citation(citation: Citation, language: Lang, site: str) -> list[Span]:
    kind = say(language, KINDS[citation.kind])
    told = citation.quote.split("\n", 1)[0].strip() == citation.address.strip()
    spans = [
        Span(f"{kind}{colon(language)}", Style.BOLD),
        Span(f"{quoted_title(citation.title)}", Style.BOLD),
        Span(f" {citation.number}" if citation.number else ""),
        Span(f"\n{citation.address}" if citation.address and not told else ""),
        Span("\n"),
        *_quotation(citation),
        Span(f"\n{source_line(citation, language)}"),
    ]
    if site:
        read = say(language, "Read in the document")
        spans += [Span("\n"), Span(read, Style.LINK, _page_of(citation, site))]
    elif citation.source.startswith(_WEB):
        spans += [Span("\n"), Span(citation.source, Style.LINK, citation.source)]
    if citation.successor and not citation.status.binding:
        spans.append(took_its_place(citation, language))
    return [span for span in spans if span.text]


def _quotation(citation: Citation) -> Iterator[Span]:
    """The quote with the answer marked in it; a chat needs no blank lines in a quotation."""
    quote, (first, last) = citation.quote, citation.answering
    if last - first > NEARLY_ALL * len(quote):
        first = last = 0
    for text, style in (
        (quote[:first], Style.QUOTE),
        (quote[first:last], Style.MARK),
        (quote[last:], Style.QUOTE),
    ):
        yield Span(PARAGRAPHS.sub("\n", text), style)


def _link(citation: Citation, language: Lang, site: str) -> Button:
    """Where a reader can check it; without an address where there is nothing to open."""
    if site:
        return Button(say(language, "Read in the document"), url=_page_of(citation, site))
    source = citation.source if citation.source.startswith(_WEB) else ""
    return Button(say(language, "Open the original"), url=source)


def _page_of(citation: Citation, site: str) -> str:
    return site.rstrip("/") + quoted_path(citation.document_id, citation.quote)


def _buttons(outcome: Outcome, ways: Ways) -> Iterator[tuple[Button, ...]]:
    language = outcome.language
    links = [_link(citation, language, ways.site) for citation in outcome.citations[:1]]
    person = Button(say(language, "Ask a person"), str(Action(Verb.HUMAN, ways.asked)))
    yield (*(link for link in links if link.url), person)
    clause = Button(say(language, "The whole clause"), str(Action(Verb.CLAUSE, ways.answer)))
    new = _new_question(language)
    yield (*((clause,) if ways.longer else ()), *((new,) if outcome.topic else ()))
    for place, question in enumerate(outcome.related, start=1):
        yield (Button(question, str(Action(Verb.RELATED, ways.answer, place))),)
    yield (
        Button(say(language, "Helpful"), str(Action(Verb.HELPFUL, ways.asked))),
        Button(say(language, "Not helpful"), str(Action(Verb.UNHELPFUL, ways.asked))),
    )
