"""What people wrote, in a file for a spreadsheet: never a formula, in whatever disguise."""

from __future__ import annotations

import csv
import io

import pytest

from bot.desk.reports.written import rows_as_csv

BEGINNINGS = [*"=+-@＝＋－＠\t\r\n", " =", "\u3000＝", "\u00a0+", '"=', ";="]


@pytest.mark.parametrize("begins", BEGINNINGS, ids=ascii)
def test_no_cell_is_a_formula(begins: str) -> None:
    wanted = f'{begins}HYPERLINK("https://evil.example")'
    text = rows_as_csv((wanted,), [(wanted,)])
    head, row = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    for [cell] in (head, row):
        assert cell.removeprefix("'") == wanted
        assert not cell.lstrip().startswith((*"=+-@＝＋－＠",))
        assert not cell.startswith(("\t", "\r", "\n"))


def test_no_value_begins_a_row_of_its_own() -> None:
    text = rows_as_csv(("a", "b"), [('x"\r\n=1', "y,=2")])
    assert list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))) == [
        ["a", "b"],
        ['x"\r\n=1', "y,=2"],
    ]
