"""RichText for Telegram: cut into messages, then text with entities in UTF-16 units."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, groupby, pairwise
from typing import Final
from urllib.parse import urlsplit

from telegram import MessageEntity

from bot.types import RichText, Span, Style

LIMIT: Final = 4096  # UTF-16 units in a message
_QUOTED: Final = frozenset({Style.QUOTE, Style.MARK})
_MENTION: Final = re.compile(r"tg://user\?id=\d{1,18}")  # a person, who is told
# What a cut should not go through: a title, a link, the sentences that answer.
_WHOLE: Final = frozenset({Style.BOLD, Style.ITALIC, Style.LINK, Style.MARK})
LONG_QUOTE: Final = 600  # characters; a longer quotation is folded

# Where to cut, best first. Each pattern takes the blanks that follow along.
_PARAGRAPH: Final = re.compile(r"\n(?:[^\S\n]*+\n)+")
_SENTENCE: Final = re.compile(r"""[。！？；…]+[”’」』）》〕】]*\s*|[.!?;]+["')\]”’]*\s+|\n\s*""")
_BLANK: Final = re.compile(r"\s+")

_ZERO_WIDTH_JOINER: Final = "\u200d"
# Each of these belongs to the character before it.
_FOLLOWERS: Final = (
    ("\u200c", _ZERO_WIDTH_JOINER),
    ("\u1160", "\u11ff"),  # Hangul vowels and finals
    ("\U0001f3fb", "\U0001f3ff"),  # skin tones
    ("\U000e0020", "\U000e007f"),  # tags, as in the flag of Scotland
)


def split(body: RichText, limit: int = LIMIT) -> tuple[RichText, ...]:
    """
    Cut into parts of at most `limit` (> 1) UTF-16 units that together are the whole body.

    Cuts after a paragraph, else a sentence, else a word, else between two characters; through a
    title, a link or a mark only if there is no other paragraph, sentence or word to end at.
    """
    text = "".join(span.text for span in body)
    inside = _inside(body)
    return tuple(_between(body, start, end) for start, end in pairwise(_cuts(text, inside, limit)))


def _inside(body: RichText) -> frozenset[int]:
    """The places within spans that should stay in one piece."""
    found: set[int] = set()
    at = 0
    for span in body:
        if span.style in _WHOLE:
            found.update(range(at + 1, at + len(span.text)))
        at += len(span.text)
    return frozenset(found)


def render(part: RichText) -> tuple[str, tuple[MessageEntity, ...]]:
    """
    Return the text and its entities, offsets and lengths in UTF-16 units.

    A quotation is one entity; what is marked in it is bold inside of it.
    """
    entities: list[MessageEntity] = []
    offset = 0
    for quoted, group in groupby(part, key=lambda span: span.style in _QUOTED):
        spans = [span for span in group if span.text]
        if quoted and spans:
            entities.append(_quotation("".join(span.text for span in spans), offset))
        for span in spans:
            length = _units(span.text)
            kind = _entity_type(span)
            if kind:
                url = span.href if kind == MessageEntity.TEXT_LINK else None
                entities.append(MessageEntity(kind, offset, length, url=url))
            offset += length
    return "".join(span.text for span in part), tuple(entities)


def _quotation(text: str, offset: int) -> MessageEntity:
    long = len(text) > LONG_QUOTE
    kind = MessageEntity.EXPANDABLE_BLOCKQUOTE if long else MessageEntity.BLOCKQUOTE
    return MessageEntity(kind, offset, _units(text))


def is_web_address(url: str) -> bool:
    try:
        found = urlsplit(url)
    except ValueError:
        return False
    return found.scheme in {"http", "https"} and bool(found.netloc)


def _entity_type(span: Span) -> str | None:
    match span.style:
        case Style.PLAIN | Style.QUOTE:  # a quotation is an entity as a whole
            return None
        case Style.BOLD | Style.MARK:
            return MessageEntity.BOLD
        case Style.ITALIC:
            return MessageEntity.ITALIC
        case Style.LINK:
            is_link = is_web_address(span.href) or _MENTION.fullmatch(span.href)
            return MessageEntity.TEXT_LINK if is_link else None


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text)


def _between(body: RichText, start: int, end: int) -> RichText:
    """Return characters start to end of the body, in their styles."""
    found: list[Span] = []
    at = 0
    for span in body:
        piece = span.text[max(start - at, 0) : max(end - at, 0)]
        if piece:
            found.append(Span(piece, span.style, span.href))
        at += len(span.text)
    return tuple(found)


def _cuts(text: str, inside: frozenset[int], limit: int) -> Iterator[int]:
    offsets = (0, *accumulate(2 if char > "\uffff" else 1 for char in text))
    start = 0
    yield start
    while start < len(text):
        end = bisect_right(offsets, offsets[start] + limit) - 1
        start = end if end == len(text) else _best_cut(text, inside, start, end)
        yield start


def _best_cut(text: str, inside: frozenset[int], start: int, end: int) -> int:
    # A heading alone is no good part: the end of a later sentence is better.
    quarter = start + (end - start) // 4
    good: list[int] = []
    for pattern, earliest in ((_PARAGRAPH, quarter), (_SENTENCE, start), (_BLANK, start)):
        ends = (found.end() for found in pattern.finditer(text, start, end))
        cuts = [cut for cut in ends if cut > earliest and not _joined(text, cut)]
        if outside := [cut for cut in cuts if cut not in inside]:
            return outside[-1]
        good = good or cuts
    if good:
        return good[-1]
    whole = (cut for cut in range(end, start, -1) if not _joined(text, cut))
    return next(whole, end)  # one character may be longer than a message


def _joined(text: str, at: int) -> bool:
    """Tell whether a reader sees text[at - 1] and text[at] as one character."""
    before, after = text[at - 1], text[at]
    return (
        unicodedata.category(after).startswith("M")
        or before == _ZERO_WIDTH_JOINER
        or any(first <= after <= last for first, last in _FOLLOWERS)
        or (before, after) == ("\r", "\n")
        or (_is_flag_half(after) and _flag_halves_before(text, at) % 2 == 1)
    )


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return at - start
