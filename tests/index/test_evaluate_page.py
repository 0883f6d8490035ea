"""The table of statuses, the plots and the page."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import numpy as np
import pytest

from index.evaluation.finding import Finding
from index.evaluation.page import render
from index.evaluation.plots import BINS, LEFT, RIGHT, WIDTH, Series, curves, histograms
from index.evaluation.report import Evaluation, as_json
from index.evaluation.statuses import Case, Cell, Expected, expected, table
from index.evaluation.trials import Tried, Tries
from index.golden import Golden
from knowledge.types import Document
from tests.index.library import FUND, MEDICAL, OLD_FUND, TODAY, TRADE_IN


def case(wanted: Expected, got: str, *, right: bool) -> Case:
    return Case(
        question="租房能提多少？",
        expected=wanted,
        got=got,
        right=right,
        document="fund",
        cited="",
        probability=0.25,
    )


@pytest.mark.parametrize(
    ("names", "documents", "wanted"),
    [
        ((), [], Expected.NOTHING),
        (("gone",), [], Expected.ABSENT),
        (("fund-2025",), [FUND], Expected.ANSWER),
        (("fund-2022",), [OLD_FUND], Expected.OUTDATED),
        (("trade-in",), [TRADE_IN], Expected.OUTDATED),
        (("medical-2027",), [MEDICAL], Expected.UPCOMING),
        (("fund-2022", "fund-2025"), [OLD_FUND, FUND], Expected.ANSWER),
    ],
)
def test_what_a_question_is_to_get(
    names: tuple[str, ...], documents: list[Document], wanted: Expected
) -> None:
    golden = Golden(question="？", documents=names)
    assert expected(golden, documents, TODAY) is wanted


def test_what_was_in_force_then_is_to_answer_then() -> None:
    golden = Golden(question="？", documents=("trade-in",))
    assert expected(golden, [TRADE_IN], date(2025, 3, 1)) is Expected.ANSWER


def test_the_table_counts_what_was_got() -> None:
    made = table(
        [
            case(Expected.ANSWER, "unsure", right=False),
            case(Expected.ANSWER, "answered", right=True),
            case(Expected.ANSWER, "answered", right=True),
            case(Expected.NOTHING, "unsure", right=True),
        ]
    )
    assert made.columns == ("answered", "unsure")
    assert made.rows == (
        (Expected.ANSWER, (Cell(2, right=True), Cell(1, right=False))),
        (Expected.NOTHING, (Cell(0, right=False), Cell(1, right=True))),
    )


def test_a_curve_lies_within_its_axes() -> None:
    x = np.linspace(0, 1, 1000)
    plot = curves("T", [Series(label="a", x=x, y=x / 4)], about="", across="x", up="y")
    points = [tuple(map(float, one.split(","))) for one in plot.lines[0].points.split()]
    assert list(points[0]) == [LEFT, plot.bottom]
    assert points[-1][0] == WIDTH - RIGHT
    assert points[-1][1] == plot.top  # 25 % is the end of the upright axis
    assert [tick.text for tick in plot.y_ticks] == ["0%", "5%", "10%", "15%", "20%", "25%"]
    assert len(points) <= 200


def test_bars_are_as_high_as_their_share_of_the_most() -> None:
    values = np.asarray([0.01, 0.02, 0.03, 0.04, 0.99, 0.98])
    plot = histograms("T", [("a", values)], about="", across="x", line=0.5)
    bars = plot.rows[0].bars
    assert len(bars) == BINS
    assert bars[-1].height == bars[0].height / 2 > 0
    assert (bars[0].text, bars[-1].text) == ("0.00 to 0.05: 4", "0.95 to 1.00: 2")
    assert plot.line == (LEFT + WIDTH - RIGHT) / 2


FOUND = Finding(
    names=("q1", "q2", "q3"),
    ranks=np.asarray([1, 3, 0]),
    gains=np.asarray([1.0, 0.5, 0.0]),
    times_ms=np.asarray([1.0, 2.0, 3.0]),
    documents={"d1": 1, "d2": 3, "lost": 0},
    asked={"d1": ["q1"], "d2": ["q2"], "lost": ["<i>丢了</i>？"]},
)


def tried(name: str, probability: float, *, right: bool = False) -> Tried:
    return Tried(
        name=name,
        text="<b>租房</b>能提多少？",
        probability=probability,
        line=0.5,
        relevant=() if name.startswith("u") else ("lost",),
        document="d1",
        passage="每月1500元 & 其他",
        right=right,
        says=False,
    )


def whole() -> Evaluation:
    return Evaluation(
        name="set",
        release="20261123-000000-12345678",
        encoder="builtin",
        documents=3,
        queries=3,
        line=0.5,
        build_s=1.234,
        found=FOUND,
        tries=Tries(
            present=[
                tried("q1", 0.9, right=True),
                tried("q2", 0.6),
                tried("q3", 0.2, right=True),
            ],
            removed=[tried("q1", 0.4), tried("q2", 0.3), tried("q3", 0.1)],
            strange=[tried("u1", 0.7), tried("u2", 0.1)],
        ),
        cases=[
            case(Expected.ANSWER, "unresolved: unsure", right=False),
            case(Expected.NOTHING, "unresolved: unsure", right=True),
        ],
        titles={"d1": "公积金 <办法>"},
    )


class Page(HTMLParser):
    """Sections with their text, and every tag that the page uses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text += f"{data} "


def test_the_page_is_one_well_formed_file_without_script() -> None:
    page = Page(render(whole()))
    assert page.open == []
    assert "script" not in page.tags
    assert page.tags.count("svg") == 6  # places twice, risk, ROC, reliability, histogram
    assert {link.removeprefix("#") for link in page.links} == set(page.ids)


def test_the_page_tells_the_figures_and_the_questions_to_read() -> None:
    text = re.sub(r"\s+", " ", Page(render(whole())).text)
    assert "33.3% recall@1" in text
    assert "Never in the first 10: 1 Asked about with lost <i>丢了</i>？" in text
    assert "document removed: 33% answered, 50% wrong" in text
    assert "Answered from another document 1" in text
    assert "Answered, though no document should 1" in text
    assert "<b>租房</b>能提多少？ u1 公积金 <办法> d1 每月1500元 & 其他 0.70" in text
    assert "<b>租房</b>能提多少？ q2 公积金 <办法> d1 每月1500元 & 其他 lost 0.60" in text
    assert "an answer ✕ 1 no answer: no document has it ✓ 1" in text


def test_what_was_not_measured_is_not_on_the_page() -> None:
    bare = replace(whole(), tries=None, cases=())
    assert Page(render(bare)).ids == ["finding", "coverage"]
    golden = replace(whole(), found=None, tries=None, build_s=None)
    assert Page(render(golden)).ids == ["statuses"]


def test_figures_for_machines() -> None:
    told = as_json(whole())
    assert (told["documents"], told["queries"], told["build_s"]) == (3, 3, 1.23)
    assert told["coverage"]["never_found_ids"] == ["lost"]
    assert told["coverage"]["best_ranks"] == {"d1": 1, "d2": 3, "lost": 0}
    assert list(told["refusal"]) == ["document removed", "listed"]
    assert told["refusal"]["document removed"]["auroc"] == 0.7778  # 7 of 9 pairs
    assert told["ranks"] == {"q1": 1, "q2": 3, "q3": 0}
    assert told["statuses"]["table"] == {
        "an answer": {"unresolved: unsure": 1},
        "no answer: no document has it": {"unresolved: unsure": 1},
    }
    assert [one["document"] for one in told["statuses"]["not_right"]] == ["fund"]
