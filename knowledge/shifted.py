"""
Runs of GB18030 text that were read one byte late.

One byte before the run is lost and stands there as "?", so the second byte of each character
is read with the first of the next: "　（一）提供" (A1A1 A3A8 D2BB A3A9 …) becomes
"?。ㄒ唬┨峁" (A1 | A1A3 A8D2 BBA3 A9…). The run ends where a letter takes the place of a
second byte, or at a second "?" that swallowed one byte and the letter after it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from knowledge.gbk import STRANGE, common, of_bytes, to_bytes
from knowledge.pinyin import SYLLABLE, Glosses

_LOST: Final = re.compile(r"[?\ufffd](?=[^\x00-\x7f]{3})")
_TAIL: Final = re.compile(rf"[?\ufffd](?P<syllable>{SYLLABLE.pattern})[)）]")
_LONGEST: Final = 400  # characters of a run; a line is not shifted for longer
_SHORTEST: Final = 3
_CLEARLY: Final = 0.85  # share of everyday characters that words have
_MARGIN: Final = 0.15  # by which the run must win
_LEAD: Final = 0x81
_BLANK: Final = 0xA1  # second byte of the full-width blank that indents a paragraph


@dataclass(frozen=True, slots=True)
class _Run:
    text: str  # without its first character, which is lost
    first: int  # the byte of the lost character that is left
    end: int  # where the line goes on as it should
    lead: int | None = None  # first byte of a last character that is lost


def mend_shifted(line: str, glosses: Glosses, found: Callable[[str, str], None]) -> str:
    """Return the line; `found` is told each shifted run and what it stands for."""
    if not STRANGE.search(line):
        return line
    place, done = 0, ""
    while lost := _LOST.search(line, place):
        mended = _mended(line, lost.start(), glosses)
        done += line[place : lost.start()]
        if mended is None:
            done += lost[0]
            place = lost.end()
            continue
        text, place = mended
        indents = not done.strip()  # the lost character was a blank
        done = text if indents and text[0] == "\u3000" else done + text
        done = done.lstrip("\u3000") if indents else done
        found(line[lost.start() : place], text.strip("\u3000"))
    return done + line[place:]


def _mended(line: str, start: int, glosses: Glosses) -> tuple[str, int] | None:
    """Return what stands for the run that starts with the "?" at `start`, and its end."""
    run = _run(line, start + 1)
    if run is None or not _is_better(run.text, line[start + 1 : run.end]):
        return None
    first = "\u3000" if run.first == _BLANK and not line[:start].strip() else "\ufffd"
    if run.lead is None:
        return first + run.text, run.end
    tail = _TAIL.match(line, run.end)
    if tail is None:
        return first + run.text + "\ufffd", run.end + 1
    spoken = glosses.characters.get(tail["syllable"], frozenset())
    last = [one for one in spoken if (to_bytes(one) or b"")[:1] == bytes((run.lead,))]
    if spoken and len(last) != 1:
        return None  # bytes are missing from the run, too: what was read is not sure
    character = last[0] if last else "\ufffd"
    return f"{first}{run.text}{character}({tail['syllable']})", tail.end()


def _run(line: str, start: int) -> _Run | None:
    """Read the bytes from `start` on one byte late, until both readings meet again."""
    data, ends = _bytes(line, start)
    text, at = "", 1
    while data and at not in ends:
        if at + 1 == len(data) and data[at] >= _LEAD:
            end = ends[len(data)]
            lost = line[end : end + 1] in {"?", "\ufffd"}
            return _Run(text, data[0], end, data[at]) if lost else None
        step = 1 if data[at] < _LEAD else 2
        read = of_bytes(data[at : at + step])
        if read is None:
            return None
        text += read
        at += step
    return _Run(text, data[0], ends[at]) if data else None


def _bytes(line: str, start: int) -> tuple[bytes, dict[int, int]]:
    """Return the bytes up to the next "?", and which character ends after how many bytes."""
    data = bytearray()
    ends: dict[int, int] = {}
    for place, character in enumerate(line[start : start + _LONGEST], start=start + 1):
        pair = None if character in "?\ufffd" else to_bytes(character)
        if pair is None:
            break
        data += pair
        ends[len(data)] = place
    return bytes(data), ends


def _is_better(text: str, run: str) -> bool:
    if len(text) < _SHORTEST or STRANGE.search(text) or not STRANGE.search(run):
        return False
    return common(text) >= _CLEARLY and common(text) - common(run) >= _MARGIN
