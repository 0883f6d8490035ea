"""Markdown with YAML front matter. The only module that imports yaml."""

from __future__ import annotations

import re
from typing import Final

import yaml

from knowledge.readers.base import Fields, Lines, Page
from knowledge.readers.decode import decode

_OPENING: Final = re.compile(r"---[ \t]*\n")
_CLOSING: Final = re.compile(r"^---[ \t]*$", re.MULTILINE)
_HEADING: Final = re.compile(r"(#{1,6})\s+(.*?)\s*#*")
_RULE_ROW: Final = re.compile(r"\|?(\s*:?-{2,}:?\s*\|)+(\s*:?-{2,}:?\s*)?")
_EMPHASIS: Final = re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_LINK: Final = re.compile(r"(?<!!)\[([^\]\n]+)\]\((https?://[^)\s]+)\)")


def read_markdown(data: bytes) -> Page:
    """
    Return the text without the marks that only Markdown programs should see.

    Headings lose their #, bold its stars, a table its rule; cells stay apart by " | ".
    """
    declared, body = _split(decode(data))
    lines = Lines()
    for line in body.split("\n"):
        stripped = line.strip()
        heading = _HEADING.fullmatch(stripped)
        if heading:
            lines.add(_inline(heading.group(2)), level=len(heading.group(1)))
        elif stripped.startswith("|") and stripped.endswith("|"):
            if not _RULE_ROW.fullmatch(stripped):
                lines.add(_row(stripped))
        else:
            lines.add(_inline(stripped))
    return lines.page(declared)


class _Loader(yaml.SafeLoader):
    """Names and texts only: what is a date or a number is told by who reads the fields."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):  # a few lines of them fill the memory
            raise yaml.YAMLError("an alias (*name) has no place here")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _split(text: str) -> tuple[Fields, str]:
    if not _OPENING.match(text):
        return {}, text
    head = text.partition("\n")[2]
    closing = _CLOSING.search(head)
    if closing is None:
        raise ValueError("line 1: the front matter opens with --- and is never closed")
    try:
        fields = yaml.load(head[: closing.start()], _Loader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(_place(error)) from error
    except RecursionError as error:
        raise ValueError("line 2: front matter: lists in lists in lists") from error
    if not isinstance(fields, dict | None):
        raise ValueError(  # noqa: TRY004 - readers speak of bad files with ValueError
            "line 2: the front matter is not a list of `name: value` lines"
        )
    body = head[closing.end() :].removeprefix("\n")
    return {str(name): value for name, value in (fields or {}).items()}, body


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error)
    line = mark.line + 2 if mark is not None else 1  # yaml counts from 0, behind the fence
    return f"line {line}: front matter: {problem}"


def _row(line: str) -> str:
    cells = (_inline(cell.strip()) for cell in line.strip("|").split("|"))
    return " | ".join(cells)


def _inline(text: str) -> str:
    return _LINK.sub(r"\1 (\2)", _EMPHASIS.sub(r"\2", text)).replace("<br>", " ")
