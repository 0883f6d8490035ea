"""Has charts drawn as SVG, and gives them the colours of a screen, a title and a description."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from html import escape
from pathlib import Path
from typing import Final

from bot.web.console.dashboards.style import Spec

SLOWEST_S: Final = 60.0  # all charts of a page take two on a slow machine
_RENDERER: Final = Path(__file__).with_name("renderer.py")
_COLOUR: Final = re.compile(r"var\(--(\w+)\)")
_HEAD: Final = re.compile(r"<svg\b[^>]*>")


class Theme(StrEnum):
    LIGHT = "light"
    DARK = "dark"


# Okabe and Ito 2008, "Color Universal Design": told apart by the colour-blind, and at least 3 to 1
# against the ground of chat.css. What is light on white is left for the dark theme.
THEMES: Final[Mapping[Theme, Mapping[str, str]]] = {
    Theme.LIGHT: {
        "paper": "#ffffff",
        "ink": "#1b2530",
        "soft": "#566170",
        "grid": "#dde1e7",
        "alarm": "#a12616",
        "one": "#0072b2",
        "two": "#d55e00",
        "three": "#007a59",
        "four": "#9d4d7c",
    },
    Theme.DARK: {
        "paper": "#191f27",
        "ink": "#e6e9ed",
        "soft": "#a2acb8",
        "grid": "#2b333d",
        "alarm": "#ffab9e",
        "one": "#56b4e9",
        "two": "#e69f00",
        "three": "#2fc79b",
        "four": "#d996bb",
    },
}


class DrawingFailed(Exception):
    """Nothing was drawn; what is known of why."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG whose colours are still names."""

    svg: str

    def shown(self, theme: Theme, *, title: str, description: str) -> str:
        """Whole, for whoever opens or keeps it by itself."""
        colours = THEMES[theme]
        text = _COLOUR.sub(lambda found: colours[found[1]], self.svg)
        head = _HEAD.search(text)
        assert head is not None, "an SVG begins with svg"
        names = f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        root = head[0].replace("<svg", '<svg role="img"', 1)
        return f"{root}{names}{text[head.end() :]}"


async def draw(specs: Sequence[Spec]) -> Sequence[Drawing]:
    """All of them at one go, in a program of its own. Raise DrawingFailed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # else our modules beside it would come before the libraries
        str(_RENDERER),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(SLOWEST_S):
            output, told = await process.communicate(json.dumps(specs).encode())
    except TimeoutError:
        raise DrawingFailed(f"it took more than {SLOWEST_S:g} s") from None
    finally:
        if process.returncode is None:  # too slow, or we are being stopped
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise DrawingFailed(told.decode(errors="replace").strip()[-500:])
    return [Drawing(svg) for svg in json.loads(output)]
