"""The text of one paragraph of a Word file, as a reader sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from knowledge.readers.docx_styles import value

_UNSEEN: Final = frozenset(
    {
        *("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "tblPr"),
        *("sdtPr", "rt", "sectPr", "annotationRef", "footnoteRef", "endnoteRef", "binData"),
    }
)
_PLAIN: Final = {"tab": " ", "ptab": " ", "cr": "\n", "noBreakHyphen": "-"}
_RAISED: Final = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
# Boxes to tick in Wingdings and Wingdings 2; other signs of symbol fonts carry no text.
_SIGNS: Final = {
    **dict.fromkeys(("F06F", "F071", "F0A8", "F0A3", "F030"), "□"),
    **dict.fromkeys(("F0FE", "F052", "F053"), "☑"),
    "F0FC": "√",
}
_OFF: Final = frozenset({"0", "false", "off"})


@dataclass(slots=True)
class Content:
    text: str = ""
    boxes: list[BaseOxmlElement] = field(default_factory=list)  # text boxes that hang here
    notes: list[tuple[str, str]] = field(default_factory=list)  # ("footnote", w:id)


def local(element: BaseOxmlElement) -> str:
    """Return the name without its namespace; "" for a comment."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def chosen(alternatives: BaseOxmlElement) -> BaseOxmlElement | None:
    """Return one of the forms that mc:AlternateContent gives of the same thing."""
    forms: dict[str, BaseOxmlElement] = {local(form): form for form in reversed(alternatives)}
    return forms.get("Choice", forms.get("Fallback"))


def content(paragraph: BaseOxmlElement, mark: Callable[[str, str], str]) -> Content:
    """Read a paragraph. `mark` gives the sign of a note, from its kind and w:id."""
    found = Content()
    _Inline(found, mark).walk(paragraph)
    return found


class _Inline:
    def __init__(self, found: Content, mark: Callable[[str, str], str]) -> None:
        self._found = found
        self._mark = mark

    def walk(self, parent: BaseOxmlElement) -> None:
        for child in parent:
            name = local(child)
            if name in _UNSEEN or not name:
                continue
            if name in _PLAIN:
                self._found.text += _PLAIN[name]
            else:
                self._enter(name, child)

    def _enter(self, name: str, child: BaseOxmlElement) -> None:
        match name:
            case "t" | "br" | "sym":
                self._found.text += _written(name, child)
            case "footnoteReference" | "endnoteReference":
                note = (name.removesuffix("Reference"), str(child.get(qn("w:id"))))
                self._found.notes.append(note)
                self._found.text += self._mark(*note)
            case "txbxContent":
                self._found.boxes.append(child)
            case "r":
                self._run(child)
            case _:
                self._within(name, child)

    def _within(self, name: str, child: BaseOxmlElement) -> None:
        form = chosen(child) if name == "AlternateContent" else child
        if form is not None and not (name == "sdt" and _is_prompt(child)):
            self.walk(form)

    def _run(self, run: BaseOxmlElement) -> None:
        hidden = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
        if hidden is not None and hidden.get(qn("w:val")) not in _OFF:
            return
        before = len(self._found.text)
        self.walk(run)
        if value(run, "w:rPr/w:vertAlign") == "superscript":  # m² is not m2, 10⁴ not 104
            raised = self._found.text[before:].translate(_RAISED)
            self._found.text = self._found.text[:before] + raised


def _written(name: str, child: BaseOxmlElement) -> str:
    match name:
        case "t":
            return (child.text or "").replace("\n", " ")
        case "br":
            return "" if child.get(qn("w:type")) in {"page", "column"} else "\n"
        case _:
            return _SIGNS.get(str(child.get(qn("w:char"))).upper(), "")


def _is_prompt(control: BaseOxmlElement) -> bool:
    """A field of a form that still says "click here"."""
    return control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
