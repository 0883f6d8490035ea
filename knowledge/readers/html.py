"""
Web pages as saved from a government site. The only module that imports selectolax.

Why not trafilatura: on 47 saved pages it left the site's list of departments at the end of
19 and dropped the space after every 第一条. Here the page's main element is found by its share
of the sentence marks (menus have none), and what is in it is written out as it stands.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from knowledge.readers.base import Fields, Lines, Page
from knowledge.readers.decode import decode

DROPPED: Final = (
    "script, style, noscript, template, iframe, svg, canvas, form, button, input, select, "
    "textarea, nav, header, footer, aside, video, audio, object, embed, link, meta, "
    "[hidden], [aria-hidden=true]"
)
BLOCKS: Final = frozenset(
    {
        *("p", "div", "section", "article", "main", "body", "center", "address", "hr"),
        *("li", "ul", "ol", "dl", "dt", "dd", "table", "thead", "tbody", "tr"),
        *("blockquote", "pre", "figure", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
LEVELS: Final = {f"h{level}": level for level in range(1, 7)}
MARKS: Final = re.compile(r"[，。；、！？]|[,.;!?](?=\s|$)")
# The main element holds at least this share of the page's sentence marks.
MAIN_SHARE: Final = 0.7
# Where the common content systems of Chinese government sites put the text.
KNOWN: Final = (
    "[wzades=正文], #zoomcon, #zoom, .TRS_Editor, .trs_editor_view, #UCAP-CONTENT, "
    ".pages_content, .article-content, article"
)
# A known element counts when it holds at least this share: `article` may be a teaser.
KNOWN_SHARE: Final = 0.3
# Lines that the site adds around a text: font size, print, share, close.
FURNITURE: Final = re.compile(
    r"(【?\s*(字体|字號|字号)\s*[:：]?.{0,20})|((【|\[)?\s*(打印|关闭|關閉|分享|收藏|返回顶部)"
    r"(本页|窗口|到|至)?\s*(】|\])?\s*)+|分享到.{0,20}|扫一扫在手机.{0,12}|相关(附件|新闻|文件下载|链接)"
    r"|上一篇.*|下一篇.*|(点击|浏览)(次数|量)[:：]?\s*\d*|-?\s*版权所有.*"
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none", re.IGNORECASE)
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
    tree = LexborHTMLParser(decode(data, declares=True))
    declared = _declared(tree)
    body = tree.body
    if body is None:
        raise ValueError("the page has no body")
    for node in body.css(DROPPED):
        node.decompose()
    for node in body.css("[style]"):
        if _HIDDEN.search(node.attributes.get("style") or ""):
            node.decompose()
    if not _weight(body):
        raise ValueError("the page holds no running text, only menus or pictures")
    writer = _Writer()
    writer.write(_main(body))
    return writer.page(declared)


def _declared(tree: LexborHTMLParser) -> Fields:
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
    found.setdefault("title", _title(tree))
    return found


def _title(tree: LexborHTMLParser) -> str:
    for selector in ("h1", "title"):
        node = tree.css_first(selector)
        text = _BLANKS.sub(" ", node.text()).strip() if node else ""
        if text:
            return _SITE_SUFFIX.split(text)[0]
    return ""


def _main(body: LexborNode) -> LexborNode:
    """Return the element of the text: a known one, or the deepest with most sentence marks."""
    total = _weight(body)
    known = max(body.css(KNOWN), key=_weight, default=None)
    if known is not None and _weight(known) >= max(1.0, KNOWN_SHARE * total):
        return known
    node = body
    while True:
        heaviest = max(_elements(node), key=_weight, default=None)
        if heaviest is None or heaviest.tag in {"p", "span", "table", "tbody", "tr", "ul", "ol"}:
            return node
        if _weight(heaviest) < MAIN_SHARE * total:
            return node
        node = heaviest


def _elements(node: LexborNode) -> list[LexborNode]:
    return [child for child in node.iter() if child.tag and not child.tag.startswith("-")]


def _weight(node: LexborNode) -> int:
    linked = sum(len(MARKS.findall(link.text())) for link in node.css("a"))
    return len(MARKS.findall(node.text())) - linked


class _Writer:
    """Walks a tree and writes one line for each block."""

    def __init__(self) -> None:
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
            elif tag == "tr":
                self._row(node)
            elif not tag.startswith("-"):
                self._enter(tag)
                stack.append((node, True))
                children = list(node.iter(include_text=True))
                stack.extend((child, False) for child in reversed(children))

    def _enter(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end()
            self._level = LEVELS.get(tag, self._level)

    def _leave(self, tag: str) -> None:
        if tag in BLOCKS:
            self._end()
            if tag in LEVELS:
                self._level = 0

    def _row(self, row: LexborNode) -> None:
        self._end()
        cells = [_BLANKS.sub(" ", cell.text(separator=" ")).strip() for cell in _cells(row)]
        self._line.append(" | ".join(cells) if any(cells) else "")
        self._end()

    def _end(self) -> None:
        line = "".join(self._line).strip().strip("\u3000").strip()
        self._line.clear()
        if line and not FURNITURE.fullmatch(line):
            self._lines.add(line, level=self._level)


def _cells(row: LexborNode) -> list[LexborNode]:
    return [cell for cell in row.iter() if cell.tag in {"td", "th"}]
