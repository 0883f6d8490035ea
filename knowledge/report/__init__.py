"""The report of a source, for machines (report.json) and for people (report.html)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from knowledge.check import Checked
from knowledge.report.data import as_json
from knowledge.report.page import render

JSON: Final = "report.json"
HTML: Final = "report.html"


def write_report(checked: Checked, folder: Path, *, sources: Sequence[str]) -> tuple[Path, Path]:
    """Write both into the folder, which is made if need be; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    data = as_json(checked, sources=sources)
    with (folder / JSON).open("w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False, indent=2, allow_nan=False)
        file.write("\n")
    (folder / HTML).write_text(render(checked, sources=sources), encoding="utf-8")
    return folder / JSON, folder / HTML


__all__ = ["HTML", "JSON", "as_json", "render", "write_report"]
