"""
What of a web page a reader sees: its elements without scripts, menus, forms and hidden parts.

One walk for the whole page and an explicit stack: asking each element anew for its text takes
quadratic time on deep pages. Nothing is removed from the tree: taking out an element that lies
in one already taken out would touch freed memory.
"""

from __future__ import annotations

import re
from typing import Final

from selectolax.lexbor import LexborNode

DROPPED: Final = (
    "script, style, noscript, template, iframe, svg, canvas, button, input, select, "
    "textarea, nav, header, footer, aside, video, audio, object, embed, link, meta, "
    "[hidden], [aria-hidden=true]"
)
MARKS: Final = re.compile(r"[，。；、！？]|[,.;!?](?=\s|$)")
# A form with this share of the sentence marks is the page itself, as some systems write it.
FORM_SHARE: Final = 0.3
# No page needs more; the parser takes quadratic time on deeper ones.
DEEPEST: Final = 1000
_TAG: Final = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>")
_NEVER_DEEP: Final = frozenset(  # empty elements, and those that the next one closes
    {
        *("br", "img", "hr", "input", "meta", "link", "area", "base", "col", "embed", "source"),
        *("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option"),
        *("html", "head", "body", "colgroup", "wbr", "param", "track", "rp", "rt"),
    }
)
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


class Shown:
    """The shown elements in the order of the page; 0 is the root."""

    def __init__(self, root: LexborNode) -> None:
        styled = (n for n in root.css("[style]") if _HIDDEN.search(n.attributes["style"] or ""))
        self._dropped = {node.mem_id for node in (*root.css(DROPPED), *styled)}
        self._dropped.discard(root.mem_id)  # shown by a script, once loaded
        self._read(root)
        forms = [self.place[form.mem_id] for form in root.css("form") if form.mem_id in self.place]
        menus = [form for form in forms if self.weight[form] < FORM_SHARE * self.weight[0]]
        if menus:
            self._dropped.update(self.nodes[form].mem_id for form in menus)
            self._read(root)

    def _read(self, root: LexborNode) -> None:
        self.nodes: list[LexborNode] = []
        self.children: list[list[int]] = []
        self.weight: list[int] = []  # sentence marks outside links: menus have none
        self.place: dict[int, int] = {}  # of a node, by its mem_id
        parents: list[int] = []
        stack: list[tuple[LexborNode, int, bool]] = [(root, -1, False)]
        while stack:
            node, parent, linked = stack.pop()
            if node.is_text_node:
                marks = 0 if linked else len(MARKS.findall(node.text_content or ""))
                self.weight[parent] += marks
            elif node.is_element_node and node.mem_id not in self._dropped:
                here = len(self.nodes)
                self._add(node, parent)
                parents.append(parent)
                inside = linked or node.tag == "a"
                stack.extend((child, here, inside) for child in reversed(children(node)))
        for here in range(len(self.nodes) - 1, 0, -1):
            self.weight[parents[here]] += self.weight[here]

    def _add(self, node: LexborNode, parent: int) -> None:
        here = len(self.nodes)
        self.place[node.mem_id] = here
        self.nodes.append(node)
        self.children.append([])
        self.weight.append(0)
        if parent >= 0:
            self.children[parent].append(here)


def children(node: LexborNode) -> list[LexborNode]:
    return list(node.iter(include_text=True))


def shallow(html: str) -> str:
    """Drop the tags that stand deeper than DEEPEST; the text in them stays."""
    depth = 0

    def keep(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[2].lower() in _NEVER_DEEP or tag[0].endswith("/>"):
            return tag[0]
        inside = depth
        depth = max(0, depth - 1) if tag[1] else depth + 1
        return tag[0] if max(depth, inside) <= DEEPEST else ""

    return _TAG.sub(keep, html)
