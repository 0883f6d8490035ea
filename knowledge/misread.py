"""UTF-8 that was read as GBK and saved so: 涓\ue15f枃 for 中文. Undone where it was complete."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from knowledge.gbk import STRANGE, common, of_bytes, to_bytes

# What the first two of the three bytes of a character become: a run starts with one of these.
_FIRST: Final = "".join(
    character
    for lead in range(0xE2, 0xF0)
    for trail in range(0x80, 0xC0)
    if (character := of_bytes(bytes((lead, trail))))
)
# A "?" stands for a last byte that made no character, and for the letter after it.
_RUN: Final = re.compile(rf"([{_FIRST}][^\x00-\x7f]*)(\??)")
_LOST: Final = "锟斤拷"  # two U+FFFD, written in UTF-8: what was there is gone
_SHORTEST: Final = 3  # characters; shorter ones are mended beside longer ones only
_CLEARLY: Final = 0.85  # share of everyday characters that words have
_HARDLY: Final = 0.7  # and that misread ones do not reach


def is_misread(text: str) -> bool:
    """Whether some run of the text can only be misread UTF-8."""
    runs = (_reread(run[1], cut=bool(run[2])) for run in _RUN.finditer(text))
    return _LOST in text or any(runs)


def mend_misread(line: str, found: Callable[[str, str], None]) -> str:
    """Return a line of a misread text; `found` is told each run and what it stands for."""

    def mended(run: re.Match[str]) -> str:
        text = _reread(run[1], cut=bool(run[2]), shortest=1)
        if text is None and _LOST not in run[1]:
            return run[0]
        after = run[1].replace(_LOST, "\ufffd\ufffd") if text is None else text
        after += "" if text and text.endswith("\ufffd") else run[2]
        found(run[0], after)
        return after

    return _RUN.sub(mended, line)


def _reread(run: str, *, cut: bool, shortest: int = _SHORTEST) -> str | None:
    """Read the bytes of the run as UTF-8; a character whose end is lost becomes U+FFFD."""
    text = _utf8(run, cut=cut) if len(run) >= shortest else None
    if text is None or STRANGE.search(text):
        return None
    if not text.strip("\ufffd"):
        return text  # 锟斤拷: what could not be read, written in UTF-8
    return text if common(text) >= _CLEARLY and common(run) <= _HARDLY else None


def _utf8(run: str, *, cut: bool) -> str | None:
    data = to_bytes(run)
    if data is None:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if not cut or error.reason != "unexpected end of data":
            return None
        return data[: error.start].decode("utf-8") + "\ufffd"
