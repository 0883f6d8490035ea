"""The words of these pages in five languages: texts.json beside this file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from bot.render import KINDS, STANDINGS
from bot.texts import say
from knowledge.types import Kind, Lang, Standing


@cache
def load_texts() -> Mapping[Lang, Mapping[str, str]]:
    text = (files("bot.web.documents") / "texts.json").read_text(encoding="utf-8")
    texts = json.loads(text)
    return {lang: texts[lang] for lang in Lang}


def standings(language: Lang) -> Mapping[Standing, str]:
    """As an answer says them."""
    return {standing: say(language, STANDINGS[standing]) for standing in Standing}


def kinds(language: Lang) -> Mapping[Kind, str]:
    return {kind: say(language, KINDS[kind]) for kind in Kind}
