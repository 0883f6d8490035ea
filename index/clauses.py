"""
Places in a document that a question names: 第十四条第二款, Section 3(b), 附件2, 제14조제2항.

Passages carry the clause in their address; a paragraph (款) or an item (项) is looked up in the
text of the clause. What is not there is not found: nothing near it is taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.fold import fold
from knowledge.structure import lines, numeral
from knowledge.types import Passage

_NUM: Final = r"[〇零一二三四五六七八九十百千两\d]{1,7}"
_ANNEX: Final = re.compile(
    rf"(?:附\s*[件录表]|別表|别表|부록|별표|annex|appendix|schedule)\s*"
    rf"(?P<annex>{_NUM}|[a-z](?![a-z]))(?!\d)"
)
_CLAUSES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        (
            rf"第\s*(?P<n>{_NUM})\s*条(?:\s*之\s*(?P<sub>{_NUM}))?(?:\s*第\s*(?P<p>{_NUM})\s*款)?"
            rf"(?:\s*第?\s*\(?(?P<i>{_NUM})\)?\s*项)?(?:\s*第\s*(?P<j>{_NUM})\s*号)?"
        ),
        (
            r"제\s*(?P<n>\d{1,4})\s*조(?:\s*의\s*(?P<sub>\d{1,3}))?(?:\s*제?\s*(?P<p>\d{1,2})\s*항)?"
            r"(?:\s*제?\s*(?P<i>\d{1,2})\s*호)?"
        ),
        (
            r"\b(?:section|article|clause|sec\.|art\.)\s*(?P<n>\d{1,4}[a-z]?)\b"
            r"(?:,?\s*paragraph\s+(?P<p>\d{1,2}))?(?:\s*\(\s*(?P<i>[a-z]|\d{1,2})\s*\))?"
        ),
    )
)
_LABELS: Final = (
    re.compile(rf"第\s*(?P<n>{_NUM})\s*条(?:\s*之\s*(?P<sub>{_NUM}))?"),
    re.compile(r"(?:section|article)\s+(?P<n>\d+[a-z]?)\b(?P<sub>)"),
)
_ANNEX_LABEL: Final = re.compile(
    rf"(?:附\s*[件录表]|annex|appendix|schedule)\s*(?P<annex>{_NUM}|[a-z]\b)?"
)
# An item, and not the mention of one (第（二）项).
_ITEM: Final = re.compile(
    rf"(?<!第)\(\s*(?P<in>{_NUM}|[a-z])\s*\)|(?:^|\n)\s*(?P<at>\d{{1,2}})[.、](?!\d)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A place as a question names it; "" and 0 for what it does not name."""

    number: str = ""  # "14", "14-1" for 第十四条之一
    paragraph: int = 0
    item: str = ""  # "2", "b"
    annex: str = ""  # "2", "a"


def clauses(folded: str) -> tuple[tuple[Clause, ...], str]:
    """Return the places that a folded question names, and the question without them."""
    annexes = [found["annex"] for found in _ANNEX.finditer(folded)]
    rest = _ANNEX.sub(" ", folded)
    annex = _plain(annexes[0]) if len(annexes) == 1 else ""
    found = [(match.start(), match) for pattern in _CLAUSES for match in pattern.finditer(rest)]
    named = [_clause(match, annex) for _, match in sorted(found, key=lambda pair: pair[0])]
    for pattern in _CLAUSES:
        rest = pattern.sub(" ", rest)
    return tuple(named or (Clause(annex=_plain(one)) for one in annexes)), rest


def _clause(found: re.Match[str], annex: str) -> Clause:
    values = found.groupdict()
    item = values.get("i")
    if values.get("j"):  # in Japanese 項 is the paragraph and 号 the item
        return Clause(_number(found), numeral(item or "0"), _plain(values["j"] or ""), annex)
    return Clause(
        number=_number(found),
        paragraph=numeral(values.get("p") or "0"),
        item=_plain(item) if item else "",
        annex=annex,
    )


def _number(found: re.Match[str]) -> str:
    sub = found["sub"] if "sub" in found.re.groupindex else ""
    return _plain(found["n"]) + (f"-{_plain(sub)}" if sub else "")


def _plain(written: str) -> str:
    """十四 and 14 are the same number; letters stay."""
    return written if written.isascii() and not written.isdecimal() else str(numeral(written))


def divided(passages: Sequence[Passage]) -> bool:
    """Whether clauses were found in a document at all: only then one of them can be missing."""
    return any(_clause_of(label) for passage in passages for label in passage.address)


def opening(passages: Sequence[Passage]) -> int:
    """Return which passage a document is shown by: its first clause, or what it begins with."""
    firsts = (n for n, one in enumerate(passages) if any(map(_clause_of, one.address)))
    return next(firsts, 0)


def same_clause(passages: Sequence[Passage], place: int) -> tuple[Passage, ...]:
    """
    The run of passages that one clause is cut into; of passages without a clause, one address.

    A part of a clause has its 款 and 项 behind the clause in its address.
    """
    if place >= len(passages):
        return ()
    address = _down_to_clause(passages[place].address)
    first, last = place, place + 1
    while address and first and _down_to_clause(passages[first - 1].address) == address:
        first -= 1
    while address and last < len(passages) and _down_to_clause(passages[last].address) == address:
        last += 1
    return tuple(passages[first:last])


_PART: Final = re.compile(rf"第{_NUM}[款项]|\(?{_NUM}\)?[.、]?")


def _down_to_clause(address: Sequence[str]) -> tuple[str, ...]:
    kept = list(address)
    while kept and _PART.fullmatch(fold(kept[-1])):
        kept.pop()
    return tuple(kept)


def places(clause: Clause, passages: Sequence[Passage], text: str) -> list[int]:
    """
    Return which passages of a document hold a place, in their order; none if it is not there.

    `passages` are all those of the document, `text` is its text.
    """
    groups = list(_groups(clause, passages))
    if not clause.annex:  # the document itself before its annexes, which count anew
        groups = [one for one in groups if _annex_of(passages[one[0]]) is None] or groups
    return [place for group in groups for place in _within(clause, group, passages, text)]


def _groups(clause: Clause, passages: Sequence[Passage]) -> Iterator[list[int]]:
    """Runs of passages that the clause is made of."""
    group: list[int] = []
    for place, passage in enumerate(passages):
        if _is_of(clause, passage):
            group.append(place)
        elif group:
            yield group
            group = []
    if group:
        yield group


def _is_of(clause: Clause, passage: Passage) -> bool:
    annex = _annex_of(passage)
    if clause.annex and annex != clause.annex and not (annex == "" and clause.annex == "1"):
        return False
    return not clause.number or any(_clause_of(one) == clause.number for one in passage.address)


def _clause_of(label: str) -> str:
    folded = fold(label)
    found = next((match for one in _LABELS if (match := one.match(folded))), None)
    return _number(found) if found else ""


def _annex_of(passage: Passage) -> str | None:
    """Number of the annex that a passage stands in, "" for one without; None for no annex."""
    for label in passage.address:
        if found := _ANNEX_LABEL.match(fold(label)):
            return _plain(found["annex"]) if found["annex"] else ""
    return None


def _within(
    clause: Clause, group: Sequence[int], passages: Sequence[Passage], text: str
) -> list[int]:
    if not clause.paragraph and not clause.item:
        return list(group)
    start = passages[group[0]].start
    at = _offset(clause, text[start : passages[group[-1]].end])
    if at is None:
        return []
    return [max(place for place in group if passages[place].start <= start + at)]


def _offset(clause: Clause, text: str) -> int | None:
    """Where in the text of a clause its paragraph or item begins; None if it has none such."""
    paragraphs = _paragraphs(clause, text)
    asked = clause.paragraph
    if clause.item:
        chosen = paragraphs[asked - 1 : asked] if asked else paragraphs
        for start, end in chosen:
            for found in _ITEM.finditer(_same_length(text[start:end])):
                if _plain(found["in"] or found["at"]) == clause.item:
                    return start + found.start()
        if asked or not clause.item.isdecimal():
            return None
        asked = int(clause.item)  # Article 14(2), 第14条第2項: its second paragraph
        if asked > 1 and asked > len(paragraphs):
            return None
    return paragraphs[asked - 1][0] if 0 < asked <= len(paragraphs) else None


def _paragraphs(clause: Clause, text: str) -> list[tuple[int, int]]:
    """
    Return where each paragraph starts and ends.

    An item belongs to the paragraph above it; headings before the clause are no paragraphs.
    """
    starts: list[int] = []
    for start, line in lines(text):
        bare = _same_length(line).strip()
        if not bare or (not starts and _clause_of(bare) != clause.number):
            continue
        if not starts or not _ITEM.match(bare):
            starts.append(start)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


_BRACKETS: Final = str.maketrans("（）．", "().")


def _same_length(text: str) -> str:
    """Fold as far as places in the text stay what they are."""
    return text.translate(_BRACKETS).lower()
