"""What an uploaded file may be called."""

from __future__ import annotations

import pytest

from bot.errors import MaintenanceRefused
from bot.maintain.names import safe_name


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("泊位办法.md", "泊位办法.md"),
        ("../../etc/泊位办法.md", "泊位办法.md"),
        (r"C:\fakepath\泊位 办法.PDF", "泊位 办法.PDF"),
        (" cafe\u0301.txt ", "café.txt"),
    ],
)
def test_a_name_has_no_path(given: str, name: str) -> None:
    assert safe_name(given) == name


@pytest.mark.parametrize(
    "given",
    [
        "",
        "../",
        ".hidden.md",
        "a.md.",
        "a\0.md",
        "a\n.md",
        "invoice\u202efdp.md",  # reads invoice.md backwards: a mark of direction
        "a\u200b.md",
        "<img src=x onerror=alert(1)>.md",
        "x" * 300 + ".md",
        "限" * 70 + ".md",  # 213 bytes
        "NUL.md",
        "com1.txt",
        "README.md",
        "golden.jsonl",
        "source.toml",
        "list.urls",
        "setup.exe",
        "no ending",
    ],
)
def test_a_name_that_may_do_harm_is_refused(given: str) -> None:
    with pytest.raises(MaintenanceRefused):
        safe_name(given)
