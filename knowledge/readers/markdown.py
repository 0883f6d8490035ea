"""Markdown with YAML front matter. The only module that imports yaml."""

from __future__ import annotations

import re
from typing import Final

import yaml

from knowledge.readers.base import Fields, Lines, Page
from knowledge.readers.decode import decode

FENCE: Final = "---"
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


def _split(text: str) -> tuple[Fields, str]:
    if not text.startswith(FENCE + "\n"):
        return {}, text
    head, fence, body = text[len(FENCE) + 1 :].partition(f"\n{FENCE}\n")
    if not fence:
        raise ValueError("line 1: the front matter opens with --- and is never closed")
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise ValueError(_place(error)) from error
    if not isinstance(fields, dict):
        raise ValueError(  # noqa: TRY004 - readers speak of bad files with ValueError
            "line 2: the front matter is not a list of `name: value` lines"
        )
    return {str(name): value for name, value in fields.items()}, body


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or "not YAML"
    line = mark.line + 2 if mark is not None else 1  # yaml counts from 0, behind the fence
    return f"line {line}: front matter: {problem}"


def _row(line: str) -> str:
    cells = (_inline(cell.strip()) for cell in line.strip("|").split("|"))
    return " | ".join(cells)


def _inline(text: str) -> str:
    return _LINK.sub(r"\1 (\2)", _EMPHASIS.sub(r"\2", text)).replace("<br>", " ")
