"""
The message that offers passages to choose from. Pure.

It is made of titles, numbers, addresses and the first words of the passages, and promises
nothing: which passage answers is for the citizen to say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.choosing import NONE
from bot.render import KINDS, PARAGRAPHS, Page, quoted_title
from bot.texts import say
from bot.types import Button, Citation, Outcome, RichText, Span, Style
from knowledge.types import Kind, Lang

BEGINNING: Final = 60  # characters of a passage in the list
_HEADINGS: Final = 3  # lines of headings that a passage may begin with
# "…局关于印发《…办法》的通知" is about the 办法: that is what people know it by.
_ENACTS: Final = re.compile(
    r"[关關][于於](?:印[发發]|[发發][布佈]|公[布佈])\s*《(?P<title>.+)》的(?:通知|公告|[决決]定)$"
)
_ISSUER: Final = re.compile(r"^[^《》]+?(?=[关關][于於])")
_EXPLAINS: Final = re.compile("解[读讀]")
_YEAR: Final = re.compile(r"(?:19|20)\d{2}")
_PART: Final = re.compile(r"第[〇零一二三四五六七八九十百\d]{1,7}(?:编|編|章|节|節|部分)\s*")


def offer(outcome: Outcome, *, message_id: int) -> Page:
    """
    What may answer: a numbered list with a button for each, or one passage in full.

    `message_id` is the ledger id of the question.
    """
    if len(outcome.choices) == 1:
        return _single(outcome, message_id)
    language = outcome.language
    head = say(
        language,
        "I am not sure which passage answers you. These may be related. Press or type a number "
        "to read it in full.",
    )
    spans = [Span(head)]
    if _one_document(outcome.choices):
        spans.append(Span(f"\n\n{short_title(outcome.choices[0].title)}", Style.BOLD))
    for place, label in enumerate(labels(outcome.choices, language), start=1):
        words = beginning(outcome.choices[place - 1])
        spans.append(Span(f"\n\n{place}. {label}", Style.BOLD))
        spans.append(Span(f"\n{_in_marks(words, language)}"))
    numbers = tuple(
        Button(f"{place}", str(Action(Verb.PICK, message_id, place)))
        for place in range(1, len(outcome.choices) + 1)
    )
    none = Button(say(language, "None: ask a person"), str(Action(Verb.PICK, message_id, NONE)))
    return Page(tuple(spans), (numbers, (none,)))


def _single(outcome: Outcome, message_id: int) -> Page:
    language, choice = outcome.language, outcome.choices[0]
    head = say(language, "I am not sure that this answers you. Is this what you mean?")
    spans = (
        Span(f"{head}\n\n"),
        Span(" ".join([short_title(choice.title), _place(choice)]).rstrip(), Style.BOLD),
        Span("\n"),
        Span(PARAGRAPHS.sub("\n", choice.quote), Style.QUOTE),
    )
    yes = Button(say(language, "Yes"), str(Action(Verb.PICK, message_id, 1)))
    no = Button(say(language, "No: ask a person"), str(Action(Verb.PICK, message_id, NONE)))
    return Page(spans, ((yes, no),))


def labels(choices: Sequence[Citation], language: Lang) -> list[str]:
    """A line for each choice: its title, its place in the document, and how others differ."""
    if _one_document(choices):
        return [_place(choice) or short_title(choice.title) for choice in choices]
    found = []
    for choice in choices:
        differs = " · ".join(_differences(choice, choices, language))
        parts = (short_title(choice.title), _place(choice), _in_brackets(differs, language))
        found.append(" ".join(part for part in parts if part))
    return found


def _differences(choice: Citation, choices: Sequence[Citation], language: Lang) -> list[str]:
    """What tells a choice from those of other documents, unless its title does."""
    title = short_title(choice.title)
    alike = [other for other in choices if short_title(other.title) == title]
    years = {other.published.year for other in choices if other.published}
    found: list[str] = []
    if len({other.kind for other in choices}) > 1 and not all(map(_tells_kind, choices)):
        found.append(say(language, KINDS[choice.kind]))
    if choice.published and len(years) > 1 and not _YEAR.search(title):
        found.append(str(choice.published.year))
    if len({other.issuer for other in alike}) > 1:
        found.append(choice.issuer)
    if len({other.number for other in alike}) > 1:
        found.append(choice.number)
    return [part for part in found if part]


def _tells_kind(choice: Citation) -> bool:
    return choice.kind is Kind.POLICY or bool(_EXPLAINS.search(choice.title))


def short_title(title: str) -> str:
    """《…办法》 for "…局关于印发《…办法》的通知"; never words that the title has not."""
    if enacted := _ENACTS.search(title):
        return quoted_title(enacted["title"])
    return title if title.startswith("《") else quoted_title(_ISSUER.sub("", title))


def beginning(choice: Citation) -> str:
    """The first words of the passage, after the headings that its address tells already."""
    text = " ".join(_after_headings(choice).split()) or " ".join(choice.quote.split())
    if len(text) <= BEGINNING:
        return text
    cut = text[:BEGINNING]
    if text[BEGINNING].isascii() and text[BEGINNING].isalnum():  # not within a word or a number
        cut = cut.rsplit(" ", 1)[0]
    return f"{cut.rstrip()}…"


def _after_headings(choice: Citation) -> str:
    lines = [line for line in choice.quote.splitlines() if line.strip()]
    last = choice.address.split()[-1] if choice.address else ""
    text = choice.quote
    for number, line in enumerate(lines[:_HEADINGS]):
        flat = " ".join(line.split())
        if flat == choice.title or (last and choice.address.endswith(flat.rstrip("：:；;，,。"))):
            text = "\n".join(lines[number + 1 :])
        elif last and flat.startswith(last):
            text = "\n".join([flat.removeprefix(last), *lines[number + 1 :]])
    return text


def _one_document(choices: Sequence[Citation]) -> bool:
    return len({choice.document_id for choice in choices}) == 1


def _place(choice: Citation) -> str:
    """The address without the numbers of chapters: their names say more."""
    return _PART.sub("", choice.address)


def _in_brackets(words: str, language: Lang) -> str:
    if not words:
        return ""
    return f"({words})" if language in {Lang.EN, Lang.KO} else f"（{words}）"


def _in_marks(words: str, language: Lang) -> str:
    return f"「{words}」" if language in {Lang.ZH_HANT, Lang.JA} else f"“{words}”"


def earlier(question: str, language: Lang) -> RichText:
    """Before an answer to a choice of an offer that another question came after."""
    text = say(language, "You chose this for your earlier question: {question}", question=question)
    return (Span(f"{text}\n\n", Style.ITALIC),)


def changed(language: Lang) -> RichText:
    """Before what a new search found, when the chosen passage is not there any more."""
    text = say(
        language, "The documents have changed since I offered that passage. I searched again."
    )
    return (Span(f"{text}\n\n", Style.ITALIC),)


def just_chosen(language: Lang) -> Page:
    return Page((Span(say(language, "You have just chosen this one. It is right above.")),))


def not_yours(language: Lang) -> Page:
    """In a group, somebody else pressed."""
    text = say(
        language, "Only the person who asked can choose here. Please ask your own question."
    )
    return Page((Span(text),))
