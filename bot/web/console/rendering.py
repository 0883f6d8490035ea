"""Templates of the console, and QR codes in them. Every value is escaped."""

from __future__ import annotations

from functools import partial
from typing import Final

import segno

from bot.texts import say
from bot.web.assets import load_texts
from bot.web.pages import templates
from knowledge.types import Lang

FOLDER: Final = "console"
QR_SCALE: Final = 5  # pixels a module


class Renderer:
    def __init__(self, *, static: str, title: str, bureau: str) -> None:
        """`static` is the path that scripts and styles lie under."""
        self._environment = templates()
        self._environment.globals.update(
            static=static,
            bureau=bureau,
            site=title,
            languages={lang: texts["name"] for lang, texts in load_texts().items()},
        )

    def render(self, template: str, language: Lang, **values: object) -> str:
        found = self._environment.get_template(f"{FOLDER}/{template}")
        return found.render(lang=language, t=partial(say, language), **values)


def qr_code(text: str) -> str:
    """An image as a data: address, which the content security policy allows for images."""
    code = segno.make_qr(text, error="m")
    # Dark on white, whatever the page's colours are: readers want it so.
    return str(code.svg_data_uri(scale=QR_SCALE, border=4, dark="#000", light="#fff"))
