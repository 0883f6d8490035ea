"""Which of our languages a browser asks for."""

from __future__ import annotations

import re
from typing import Final

from bot.languages import speaks
from knowledge.types import Lang

TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}")


def _weight(parameters: str) -> float:
    name, _, value = parameters.partition("=")
    try:
        return float(value) if name.strip() == "q" else 1.0
    except ValueError:
        return 0.0


def wanted(accept_language: str) -> list[str]:
    """Return the tags of an Accept-Language header, the dearest first."""
    weighted: list[tuple[float, str]] = []
    for item in accept_language.split(","):
        tag, _, parameters = item.strip().partition(";")
        weight = _weight(parameters) if parameters else 1.0
        if TAG.fullmatch(tag) and weight > 0:
            weighted.append((weight, tag))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]


def negotiate(accept_language: str) -> Lang:
    ours = (speaks(tag) for tag in wanted(accept_language))
    return next((lang for lang in ours if lang is not None), Lang.ZH_HANS)
