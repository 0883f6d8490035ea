"""
Word files. Only this and its parts docx_styles.py and docx_text.py import docx.

Paragraphs, tables and text boxes in the order of the file, with their automatic numbers.
Headers and footers stand in parts of their own and are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Final

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from knowledge.readers.base import Lines, Page
from knowledge.readers.docx_styles import Look, Styles, part
from knowledge.readers.docx_text import Content, chosen, content, local
from knowledge.readers.numbering import Counter
from knowledge.readers.packed import office
from knowledge.readers.wrap import join

_LONGEST_HEADING: Final = 100  # characters; a longer paragraph is text whatever its style
_FRAME: Final = 80  # characters; a row of one longer cell is a frame around a text
_HEAD: Final = 15  # paragraphs in which a title stands
_DEEPEST: Final = 50  # tables and boxes in each other
_RED_HEAD: Final = re.compile(r".*(文件|令|〔\d{4}〕.*号)")  # above the title: whose paper it is
_BLANKS: Final = re.compile(r"[ \t\u00a0]+")
_BLOCKS: Final = frozenset({"ins", "moveTo", "customXml", "sdtContent", "smartTag", "txbxContent"})


def read_docx(data: bytes) -> Page:
    """
    Return the text of a .docx file; tracked deletions are out, insertions in.

    The title that the file's properties name counts if it stands in the text: most are left
    over from the file that was copied. For the same reason the day of its creation is not read.
    """
    with office(BytesIO(data), "Word"):
        pass
    try:
        document = docx.Document(BytesIO(data))
        walker = _Walker(document)
        walker.blocks(document.element.body)
        declared = str(document.core_properties.title or "")
    except Exception as error:  # python-docx raises what it meets: KeyError, XMLSyntaxError, …
        raise ValueError(f"it is damaged: {_reason(error)}") from error
    lines = Lines()
    for text, level in walker.out:
        lines.add(text, level=level)
    title = _title(walker.head, declared.strip())
    return lines.page({"title": title} if title else {})


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__


@dataclass(frozen=True, slots=True)
class _Opening:
    """One of the first paragraphs."""

    text: str
    look: Look


class _Walker:
    def __init__(self, document: Document) -> None:
        self._styles = Styles(document)
        self._counter = Counter(self._styles.schemes())
        self._notes = {kind: _notes(document, kind) for kind in ("footnote", "endnote")}
        self._marks: dict[tuple[str, str], str] = {}
        self._carried = ""  # of a paragraph whose end was deleted
        self._depth = 0
        self.out: list[tuple[str, int]] = []
        self.head: list[_Opening] = []

    def blocks(self, parent: BaseOxmlElement) -> None:
        if self._depth > _DEEPEST:
            raise ValueError("tables in tables in tables")
        self._depth += 1
        for child in parent:
            self._block(child)
        self._depth -= 1

    def _block(self, child: BaseOxmlElement) -> None:
        name = local(child)
        if name == "p":
            self._paragraph(child)
        elif name == "tbl":
            self._table(child)
        elif name == "sdt":
            if not _is_contents(child):
                self.blocks(child)
        elif name == "AlternateContent":
            form = chosen(child)
            if form is not None:
                self.blocks(form)
        elif name in _BLOCKS:
            self.blocks(child)

    def _paragraph(self, paragraph: BaseOxmlElement) -> None:
        look = self._styles.look(paragraph)
        if look.contents:
            return
        found = content(paragraph, self._mark)
        text = self._carried + found.text
        if paragraph.find(_DELETED_END) is not None:
            self._carried = text
            return
        self._carried = ""
        label = self._counter.next(look.list, look.depth) if look.list else ""
        self._write(label, text, look)
        self._hanging(found)

    def _write(self, label: str, text: str, look: Look) -> None:
        lines = [_BLANKS.sub(" ", line).strip() for line in text.split("\n")]
        lines = [line for line in lines if line]
        if not lines:
            return
        lines[0] = label + lines[0]
        whole = ""
        for line in lines:
            whole = join(whole, line)
        if len(self.head) < _HEAD:
            self.head.append(_Opening(whole, look))
        if look.level and len(whole) <= _LONGEST_HEADING:
            self.out.append((whole, look.level))
        else:
            self.out += ((line, 0) for line in lines)

    def _hanging(self, found: Content) -> None:
        for box in found.boxes:
            self.blocks(box)
        for note in found.notes:
            body = self._notes[note[0]].get(note[1])
            if body is not None:
                lines = self._apart(body)
                self.out.append((f"{self._marks[note]} {' '.join(lines)}", 0))

    def _mark(self, kind: str, name: str) -> str:
        return self._marks.setdefault((kind, name), f"[{len(self._marks) + 1}]")

    def _apart(self, parent: BaseOxmlElement) -> list[str]:
        """Return the lines of a cell or a note, which do not stand in the text themselves."""
        out, self.out = self.out, []
        self.blocks(parent)
        lines, self.out = [text for text, _ in self.out], out
        return lines

    def _table(self, table: BaseOxmlElement) -> None:
        for row in _below(table, "tr"):
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                continue
            cells = _below(row, "tc")
            if len(cells) == 1 and _length(cells[0]) > _FRAME:
                self.blocks(cells[0])
                continue
            texts = ["" if _continues(cell) else " ".join(self._apart(cell)) for cell in cells]
            if any(texts):
                self.out.append((" | ".join(texts), 0))


_DELETED_END: Final = f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}"
_SEPARATORS: Final = frozenset({"separator", "continuationSeparator", "continuationNotice"})


def _below(parent: BaseOxmlElement, name: str) -> list[BaseOxmlElement]:
    """Return rows or cells, also those in content controls and insertions."""
    found: list[BaseOxmlElement] = []
    for child in parent:
        if local(child) == name:
            found.append(child)
        elif local(child) in {"sdt", "sdtContent", "ins", "moveTo", "customXml"}:
            found += _below(child, name)
    return found


def _length(cell: BaseOxmlElement) -> int:
    return sum(len(text.text or "") for text in cell.iter(qn("w:t")))


def _continues(cell: BaseOxmlElement) -> bool:
    """Whether the cell is the rest of one merged from above."""
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val")) != "restart"


def _is_contents(control: BaseOxmlElement) -> bool:
    gallery = control.find(
        f"{qn('w:sdtPr')}/{qn('w:docPartObj')}/{qn('w:docPartGallery')}",
    )
    return gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"


def _notes(document: Document, kind: str) -> dict[str, BaseOxmlElement]:
    root = part(document, f"/{kind}s")
    if root is None:
        return {}
    return {
        str(note.get(qn("w:id"))): note
        for note in root
        if local(note) == kind and note.get(qn("w:type")) not in _SEPARATORS
    }


def _title(head: list[_Opening], declared: str) -> str:
    """Return what is set as the title: by its style, by the properties, by its size."""
    styled = next((one.text for one in head if one.look.title), "")
    if styled or any(declared and declared in one.text for one in head):
        return styled or declared
    centred = [one for one in head if one.look.centred and not _RED_HEAD.fullmatch(one.text)]
    size = max((one.look.size for one in centred), default=0)
    title = ""
    for one in centred:
        if one.look.size == size:
            title = join(title, one.text)
        elif title:
            break
    return title if len(title) <= _LONGEST_HEADING else ""
