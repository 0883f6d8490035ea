"""Made-up documents, with what a test does not care for filled in."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from knowledge.catalogue.register import Register
from knowledge.library import Library, read_library
from knowledge.types import Disclosure, Document, Kind, Lang

SAMPLE = Path(__file__).resolve().parents[2] / "knowledge" / "sample"
CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
TODAY = date(2026, 8, 15)


@cache
def sample() -> Library:
    return read_library([SAMPLE])


def policy(name: str, title: str, text: str = "第一条 甲。", **more: Any) -> Document:
    values = {
        "language": Lang.ZH_HANS,
        "kind": Kind.POLICY,
        "source": f"{name}.html",
        "disclosure": Disclosure.OPEN,
    }
    return Document(id=name, title=title, text=text, **{**values, **more})


def interpretation(name: str, title: str, text: str = "甲。", **more: Any) -> Document:
    return policy(name, title, text, **{"kind": Kind.INTERPRETATION, **more})


def register(*documents: Document) -> Register:
    return Register(documents)
