from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest

from knowledge.check import Checked, check
from knowledge.library import Library, Mended, Skipped, Why
from knowledge.repair import Change, Damage
from knowledge.report import as_json, render, write_report
from knowledge.report.bars import bars, fitting
from knowledge.report.figures import Count, Outcome, by_topic, by_year, damage, outcome
from knowledge.types import Document
from tests.catalogue.made import TODAY, interpretation, policy, sample

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{ 7*7 }}"


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(sample(), on=TODAY)


def test_both_files_and_the_same_each_time(checked: Checked, tmp_path: Path) -> None:
    first = write_report(checked, tmp_path / "a" / "b", sources=["sample"])
    second = write_report(check(sample(), on=TODAY), tmp_path / "c", sources=["sample"])
    assert [path.name for path in first] == ["report.json", "report.html"]
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_the_json_of_the_sample(checked: Checked) -> None:
    data = json.loads(json.dumps(as_json(checked, sources=["sample"])))
    assert list(data) == [
        *("format", "sources", "on", "failed", "outcome", "problem_counts", "coverage"),
        *("by_year", "by_standing", "by_kind", "by_language", "by_topic"),
        *("skipped", "repaired", "documents", "pairs", "pairs_missing", "sync", "effects"),
        *("versions", "chains", "references", "problems"),
    ]
    assert data["outcome"] == {
        "read": 37,
        "repaired": 0,
        "unreadable": 0,
        "partly": 0,
        "closed": 2,
        "undisclosed": 0,
        "characters": sum(len(one.text) for one in sample().documents),
    }
    assert data["by_year"] == {"2022": 2, "2023": 3, "2024": 10, "2025": 16, "2026": 6}
    assert data["by_kind"] == {"policy": 19, "interpretation": 18}
    assert data["by_standing"] == {
        "in_force": 30,
        "expired": 2,
        "superseded": 2,
        "amended": 1,
        "upcoming": 2,
    }
    assert data["pairs_missing"] == ["accountant-continuing-education-2023"]
    assert data["references"]["dangling"] == []
    assert data["problem_counts"] == {"unreadable": 0, "contradiction": 0, "mend": 3, "note": 5}
    document = next(one for one in data["documents"] if one["id"] == "startup-subsidy-2024")
    assert "text" not in document
    assert (document["published"], document["standing"]) == ("2024-06-18", "amended")


class Page(HTMLParser):
    """Which elements and attributes a page has, and what it shows."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.shown = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.names |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.shown += data


def test_the_page_of_the_sample_shows_what_the_json_tells(checked: Checked) -> None:
    text = render(checked, sources=["sample"])
    page = Page(text)
    shown = " ".join(page.shown.split())
    assert "37 documents, 8 things to look at" in shown
    assert "15 in step, 3 not, 1 open and binding policy without an interpretation." in shown
    for one in checked.problems:
        assert one.document in shown
        assert one.problem in shown
    assert page.tags.count("svg") == 5
    assert not re.search(r"https?://|url\(|@import", text)  # nothing is fetched


def evil() -> Library:
    known = policy(
        "a", EVIL, f"《{EVIL}》第一条同时废止。", number=EVIL, issuer=EVIL, topics=(EVIL,)
    )
    told = interpretation("b", f"《{EVIL}》解读", EVIL, interprets=("a",))
    other = replace(known, id=EVIL, published=date(2024, 1, 1), repeals=("a",))
    return Library(
        documents=(known, told, other),
        skipped=(Skipped(EVIL, EVIL), Skipped(EVIL, EVIL, Why.CLOSED)),
        mended=(Mended(EVIL, (Change(Damage.PINYIN, 2, EVIL, EVIL),)),),
    )


def test_nothing_of_a_document_becomes_markup() -> None:
    page = Page(render(check(evil(), on=TODAY), sources=[EVIL]))
    assert {"script", "img", "iframe", "a"} & set(page.tags) == {"a"}
    assert not any(name.startswith("on") for name in page.names)
    assert EVIL in page.shown
    assert "49" not in page.shown


def test_an_empty_library() -> None:
    empty = check(Library(documents=(), skipped=()), on=TODAY)
    shown = " ".join(Page(render(empty, sources=[])).shown.split())
    assert "0 documents, 0 things to look at" in shown
    assert "Nothing. Every document was read" in shown
    assert as_json(empty, sources=[])["coverage"]["number"] == 0


def test_a_long_list_is_cut_on_the_page_alone() -> None:
    documents = tuple(
        policy(f"p{n:04}", f"某市第{n}号补贴办法", number=f"某规〔2024〕{n + 1}号")
        for n in range(700)
    )
    made = check(Library(documents=documents, skipped=()), on=TODAY)
    page = render(made, sources=[])
    assert "400 more are in report.json." in page
    assert len(as_json(made, sources=[])["pairs_missing"]) == 700


def test_outcomes() -> None:
    change = Change(Damage.PINYIN, 3, "财(cái)", "财")
    blanks = Change(Damage.BLANKS, 1, "  ", " ")
    library = Library(
        documents=(policy("a", "甲", "四个字。"),),
        skipped=(
            Skipped("x", "…"),
            Skipped("t", "…", Why.UNDISCLOSED, 37),
            Skipped("c", "…", Why.CLOSED),
            Skipped("p", "…", Why.PART),
            Skipped("l", "…", Why.LINK),
        ),
        mended=(Mended("a", (change, blanks)), Mended("b", (change,))),
    )
    assert outcome(library) == Outcome(
        read=1, repaired=2, unreadable=1, partly=1, closed=1, undisclosed=37, characters=4
    )
    assert damage(library) == [(Damage.PINYIN, 2, 6), (Damage.BLANKS, 1, 1)]


def test_counts_by_year_and_topic() -> None:
    documents: list[Document] = [
        policy("a", "甲", published=date(2024, 1, 1), topics=("租房", "购房")),
        policy("b", "乙", published=date(2023, 1, 1), topics=("租房",)),
        policy("c", "丙"),
    ]
    assert by_year(documents) == [Count("2023", 1), Count("2024", 1), Count("no date", 1)]
    assert by_topic(documents) == [Count("租房", 2), Count("", 1), Count("购房", 1)]


def test_bars_are_as_long_as_their_numbers() -> None:
    picture = bars([Count("a", 4), Count("b", 1), Count("c", 0)])
    assert [bar.width for bar in picture.bars] == [230, 57.5, 0]
    assert (picture.width, picture.height) == (430, 72)
    assert bars([]).bars == ()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("租房", "租房"),
        ("一二三四五六七八九十", "一二三四五六七八九十"),
        ("一二三四五六七八九十甲", "一二三四五六七八九十…"),
        ("a" * 21, "a" * 20 + "…"),
    ],
)
def test_labels_fit_beside_their_bars(name: str, shown: str) -> None:
    assert fitting(name) == shown
