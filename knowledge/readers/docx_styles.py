"""What the styles and lists of a Word file say of its paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from knowledge.readers.numbering import Level, Scheme

_HEADING: Final = re.compile(r"(?:heading|标题)\s*([1-9])", re.IGNORECASE)
_TITLE: Final = re.compile(r"title|标题|文件标题|公文标题", re.IGNORECASE)
_CONTENTS: Final = re.compile(r"(?:toc|目录|目錄)\s*\d*", re.IGNORECASE)
_LONGEST_CHAIN: Final = 20  # styles based on styles
_LOWEST: Final = 6  # heading level


@dataclass(frozen=True, slots=True)
class Look:
    """How a paragraph is set."""

    level: int = 0  # of a heading, 1 the highest; 0 is text
    list: str = ""  # w:numId
    depth: int = 0  # its level in the list
    title: bool = False
    contents: bool = False  # a line of the table of contents
    centred: bool = False
    size: int = 0  # in half points; 0 where neither run nor style tells


class Styles:
    """Looks up paragraphs; a style takes from the style it is based on."""

    def __init__(self, document: Document) -> None:
        self._styles = {
            str(style.get(qn("w:styleId"))): style
            for style in document.styles.element.findall(qn("w:style"))
        }
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get(qn("w:default")) in {"1", "true"}
                and style.get(qn("w:type")) == "paragraph"
            ),
            "",
        )
        numbering = part(document, "/numbering")
        self._numbering: list[BaseOxmlElement] = [] if numbering is None else list(numbering)
        self._linked = dict(self._style_levels())

    def look(self, paragraph: BaseOxmlElement) -> Look:
        chain = list(self._chain(value(paragraph, "w:pPr/w:pStyle") or self._default))
        names = [value(style, "w:name") for style in chain]
        places = [paragraph, *chain]
        list_, depth = self._list(paragraph, chain)
        first = names[0] if names else ""
        run = value(paragraph, "w:r/w:rPr/w:sz")
        return Look(
            level=_level(paragraph, chain, names),
            list=list_,
            depth=depth,
            title=_TITLE.fullmatch(first) is not None,
            contents=_CONTENTS.fullmatch(first) is not None,
            centred=_first(places, "w:pPr/w:jc") == "center",
            size=_number(run or _first(chain, "w:rPr/w:sz")),
        )

    def schemes(self) -> dict[str, Scheme]:
        """Return the lists of the document by their w:numId."""
        bases = {b.get(qn("w:abstractNumId")): b for b in self._all("w:abstractNum")}
        nums = {str(num.get(qn("w:numId"))): num for num in self._all("w:num")}
        found: dict[str, Scheme] = {}
        for number, num in nums.items():
            base = bases.get(value(num, "w:abstractNumId"))
            if base is not None:
                found[number] = _scheme(num, self._followed(base, nums, bases))
        return found

    def _followed(
        self,
        base: BaseOxmlElement,
        nums: dict[str, BaseOxmlElement],
        bases: dict[str | None, BaseOxmlElement],
    ) -> BaseOxmlElement:
        """A list may be that of a list style."""
        style = self._styles.get(value(base, "w:numStyleLink"))
        num = nums.get(value(style, "w:pPr/w:numPr/w:numId")) if style is not None else None
        return base if num is None else bases.get(value(num, "w:abstractNumId"), base)

    def _all(self, name: str) -> list[BaseOxmlElement]:
        return [one for one in self._numbering if one.tag == qn(name)]

    def _chain(self, name: str) -> Iterator[BaseOxmlElement]:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style, "w:basedOn")

    def _list(self, paragraph: BaseOxmlElement, chain: list[BaseOxmlElement]) -> tuple[str, int]:
        for place in (paragraph, *chain):
            number = value(place, "w:pPr/w:numPr/w:numId")
            if number:
                depth = value(place, "w:pPr/w:numPr/w:ilvl") or self._linked.get(
                    str(place.get(qn("w:styleId"))), ""
                )
                return ("", 0) if number == "0" else (number, _number(depth))
        return "", 0

    def _style_levels(self) -> Iterator[tuple[str, str]]:
        """Levels that name the style which takes them."""
        for base in self._all("w:abstractNum"):
            for level in base.findall(qn("w:lvl")):
                style = value(level, "w:pStyle")
                if style:
                    yield style, str(level.get(qn("w:ilvl")))


def part(document: Document, kind: str) -> BaseOxmlElement | None:
    """Return the root of a part such as "/footnotes", if the document has it."""
    for relation in document.part.rels.values():
        if relation.reltype.endswith(kind) and not relation.is_external:
            root: BaseOxmlElement = parse_xml(relation.target_part.blob)
            return root
    return None


def value(element: BaseOxmlElement | None, path: str) -> str:
    """Return the w:val of an element below, or ""."""
    if element is None:
        return ""
    found = element.find("/".join(qn(step) for step in path.split("/")))
    return "" if found is None else str(found.get(qn("w:val"), ""))


def _first(places: list[BaseOxmlElement], path: str) -> str:
    return next((found for place in places if (found := value(place, path))), "")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _level(paragraph: BaseOxmlElement, chain: list[BaseOxmlElement], names: list[str]) -> int:
    outline = value(paragraph, "w:pPr/w:outlineLvl")
    for name, style in zip(names, chain, strict=True):
        if outline:
            break
        heading = _HEADING.fullmatch(name)
        outline = str(int(heading[1]) - 1) if heading else value(style, "w:pPr/w:outlineLvl")
    # 9 is body text.
    return min(int(outline) + 1, _LOWEST) if outline.isdecimal() and int(outline) < 9 else 0  # noqa: PLR2004


def _scheme(num: BaseOxmlElement, base: BaseOxmlElement) -> Scheme:
    levels = dict(_levels(base))
    restarts: dict[int, int] = {}
    for override in num.findall(qn("w:lvlOverride")):
        depth = _number(str(override.get(qn("w:ilvl"))))
        levels.update(_levels(override))
        start = value(override, "w:startOverride")
        if start:
            restarts[depth] = _number(start)
    return Scheme(str(base.get(qn("w:abstractNumId"))), levels, restarts)


def _levels(parent: BaseOxmlElement) -> Iterator[tuple[int, Level]]:
    for level in parent.findall(qn("w:lvl")):
        yield (
            _number(str(level.get(qn("w:ilvl")))),
            Level(
                text=value(level, "w:lvlText"),
                format=value(level, "w:numFmt") or "decimal",
                start=_number(value(level, "w:start") or "0"),
                legal=level.find(qn("w:isLgl")) is not None,
                close=value(level, "w:suff") == "nothing",
            ),
        )
