"""The document that an answer becomes: a Markdown file as knowledge/ reads it. Pure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from bot.desk.publishing.publication import Cited, Publication
from bot.render import quoted_title
from bot.texts import say
from knowledge.documents import Origin, document
from knowledge.readers.markdown import read_markdown
from knowledge.types import Disclosure, Document, Kind

_NAMELESS = Origin("", "", "")


def paper(publication: Publication, *, issuer: str, published: date) -> str:
    """The file. Values are JSON strings, which YAML reads as they are."""
    fields: dict[str, str | Sequence[str]] = {
        "id": publication.name,
        "kind": Kind.ANSWER,
        "title": publication.question,
        "issuer": issuer,
        "published": published.isoformat(),
        "language": publication.language,
        "disclosure": Disclosure.OPEN,
        "cites": [str(one.cite) for one in publication.cites],
    }
    if source := publication.cites[0].source:
        fields["source"] = source
    return _file(fields, _body(publication))


def read(text: str) -> Document:
    """The document of a file, as the next release has it. Raise ValueError."""
    return document(read_markdown(text.encode()), _NAMELESS)


def tidied(question: str, answer: str) -> tuple[str, str]:
    """
    Question and answer as they come back from a file: without marks of Markdown, mended.

    What is checked and approved is then what citizens read. Raise ValueError for no text.
    """
    lines = "\n".join(line.strip() for line in answer.strip().split("\n"))
    found = read(_file({"title": " ".join(question.split())}, lines))
    return found.title, found.text.strip()


def _file(fields: dict[str, str | Sequence[str]], body: str) -> str:
    written = (
        f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in fields.items()
    )
    return f"---\n{''.join(written)}---\n\n{body}\n"


def _body(publication: Publication) -> str:
    based = say(publication.language, "Based on:")
    return "\n".join([publication.answer, "", based, *map(_reference, publication.cites)])


def _reference(cited: Cited) -> str:
    return f"{quoted_title(cited.title)} {cited.address}".rstrip()
