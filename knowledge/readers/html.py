"""
Web pages as saved from a government site. Only this and shown.py import selectolax.

Why not trafilatura: on 47 saved pages it left the site's list of departments at the end of
19 and dropped the space after every 第一条. Here the page's main element is found by its share
of the sentence marks (menus have none), and what is in it is written out as it stands.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.furniture import is_furniture
from knowledge.readers.base import Fields, Lines, Page
from knowledge.readers.decode import decode
from knowledge.readers.shown import Shown, children, shallow

BLOCKS: Final = frozenset(
    {
        *("p", "div", "section", "article", "main", "body", "center", "address", "hr"),
        *("li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tr"),
        *("blockquote", "pre", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
LINE: Final = 80  # characters; a row of one longer cell is a frame around a text
LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
# Where the text begins: not looked into for a smaller main element.
LEAVES: Final = frozenset({"p", "span", "table", "tbody", "tr", "ul", "ol"})
# The main element holds at least this share of the page's sentence marks.
MAIN_SHARE: Final = 0.7
# Where the common content systems of Chinese government sites put the text.
KNOWN: Final = (
    "[wzades=正文], #zoomcon, #zoom, .TRS_Editor, .trs_editor_view, #UCAP-CONTENT, "
    ".pages_content, .article-content, article"
)
# A known element counts when it holds at least this share: `article` may be a teaser.
KNOWN_SHARE: Final = 0.3
_TRAIL: Final = re.compile(r"^(您|你)?(当前|现在|所在).{0,6}位置|首页\s*[>›»]")
_BLANKS: Final = re.compile(r"[ \t\r\n\f\u00a0]+")
_SITE_SUFFIX: Final = re.compile(r"\s*[-_|–—]\s*(?=[^-_|–—]*(?:网|網|政府|局)[^-_|–—]*$)")
_META: Final = {  # names fixed for China's government sites, then the world's
    "title": ("ArticleTitle", "og:title"),
    "published": ("PubDate", "publishdate", "article:published_time"),
    "issuer": ("ContentSource",),
    "source": ("Url", "og:url"),
    "site": ("SiteName", "og:site_name"),
    "column": ("ColumnName",),
    "language": ("language",),
}


def read_html(data: bytes) -> Page:
    """Return the text of the page's main element and what its head declares."""
    tree = LexborHTMLParser(shallow(decode(data, declares=True)))
    if tree.body is None:
        raise ValueError("the page has no body")
    shown = Shown(tree.body)
    if not shown.weight[0]:
        raise ValueError("the page holds no running text, only menus or pictures")
    writer = _Writer(shown)
    writer.write(_main(shown))
    return writer.page(_declared(tree, shown))


def _declared(tree: LexborHTMLParser, shown: Shown) -> Fields:
    metas: dict[str, str] = {}
    for node in tree.css("meta"):
        name = node.attributes.get("name") or node.attributes.get("property")
        content = (node.attributes.get("content") or "").strip()
        if name and content:
            metas.setdefault(name.lower(), content)
    found: dict[str, object] = {}
    for field, names in _META.items():
        values = (metas.get(name.lower()) for name in names)
        value = next((v for v in values if v), None)
        if value:
            found[field] = value
    found.setdefault("title", _title(tree, shown))
    return found


def _title(tree: LexborHTMLParser, shown: Shown) -> str:
    """Return the first heading that is no trail of links ("首页 > 工作机构"), or the title."""
    headings = [node for node in tree.css("h1") if node.mem_id in shown.place]
    for node in (*headings, tree.css_first("title")):
        text = _BLANKS.sub(" ", node.text()).strip() if node else ""
        if text and not _TRAIL.search(text):
            return _SITE_SUFFIX.split(text)[0]
    return ""


def _main(shown: Shown) -> LexborNode:
    """Return the element of the text: a known one, or the deepest with most sentence marks."""
    total = shown.weight[0]
    places = (shown.place.get(node.mem_id) for node in shown.nodes[0].css(KNOWN))
    known = max((p for p in places if p), key=shown.weight.__getitem__, default=None)
    if known is not None and shown.weight[known] >= max(1.0, KNOWN_SHARE * total):
        return shown.nodes[known]
    place = 0
    while True:
        heaviest = max(shown.children[place], key=shown.weight.__getitem__, default=None)
        if heaviest is None or shown.nodes[heaviest].tag in LEAVES:
            return shown.nodes[place]
        if shown.weight[heaviest] < MAIN_SHARE * total:
            return shown.nodes[place]
        place = heaviest


class _Writer:
    """Walks a tree and writes one line for each block."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._lines = Lines()
        self._line: list[str] = []
        self._level = 0

    def page(self, declared: Fields) -> Page:
        self._end()
        return self._lines.page(declared)

    def write(self, root: LexborNode) -> None:
        # An explicit stack: a page with a million nested tags must not exhaust Python's.
        stack: list[tuple[LexborNode, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            tag = node.tag or ""
            if leaving:
                self._leave(tag)
            elif tag == "-text":
                self._line.append(_BLANKS.sub(" ", node.text_content or ""))
            elif tag == "br":
                self._end()
            elif tag.startswith("-") or node.mem_id not in self._shown.place:
                continue
            elif tag == "tr" and self._is_row(node):
                self._row(node)
            else:
                self._enter(tag)
                stack.append((node, True))
                stack.extend((child, False) for child in reversed(children(node)))

    def _enter(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end()
            self._level = LEVELS.get(tag, self._level)

    def _leave(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end()
            if tag in LEVELS:
                self._level = 0

    def _is_row(self, row: LexborNode) -> bool:
        """Tell a row of data from a table that a page is laid out with."""
        if row.css_first("table") is not None:
            return False
        cells = self._cells(row)
        return len(cells) > 1 or all(len(self._text(cell)) <= LINE for cell in cells)

    def _row(self, row: LexborNode) -> None:
        self._end()
        cells = [self._text(cell) for cell in self._cells(row)]
        self._line.append(" | ".join(cells) if any(cells) else "")
        self._end()

    def _cells(self, row: LexborNode) -> list[LexborNode]:
        cells = (cell for cell in row.iter() if cell.tag in {"td", "th"})
        return [cell for cell in cells if cell.mem_id in self._shown.place]

    def _text(self, cell: LexborNode) -> str:
        """Return the text in one line, with a blank between its blocks only."""
        pieces: list[str] = []
        stack: list[LexborNode | str] = [cell]
        while stack:
            node = stack.pop()
            if isinstance(node, str):
                pieces.append(node)
            elif node.is_text_node:
                pieces.append(node.text_content or "")
            elif node.mem_id in self._shown.place:
                edge = " " if node.tag in BLOCKS or node.tag == "br" else ""
                stack += [edge, *reversed(children(node)), edge]
        return _BLANKS.sub(" ", "".join(pieces)).strip()

    def _end(self) -> None:
        line = "".join(self._line).strip().strip("\u3000").strip()
        self._line.clear()
        if line and not is_furniture(line):
            self._lines.add(line, level=self._level)
