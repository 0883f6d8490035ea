"""Real documents of Guangzhou, where they are at hand."""

from __future__ import annotations

from functools import cache

import pytest

from knowledge.catalogue import Does, Place, catalogue, linked
from knowledge.check import Checked, check
from knowledge.library import read_library
from knowledge.problems import About, Severity
from knowledge.report import render
from tests.catalogue.made import CORPUS, TODAY

GUANGZHOU = CORPUS / "guangzhou"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not GUANGZHOU.exists(), reason="no folder ../shared/corpus/guangzhou"),
]


@cache
def checked() -> Checked:
    return check(read_library(sorted(GUANGZHOU.glob("*.html"))), on=TODAY)


def test_what_they_repeal() -> None:
    """Read by hand from the last clauses of the texts."""
    found: dict[str, list[str]] = {}
    for one in checked().catalogue.effects:
        assert one.does is Does.REPEALS
        found.setdefault(one.by.split("_")[0], []).append(one.number or one.title)
    assert found == {
        "10b": ["穗人社发〔2014〕52号", "穗人社发〔2015〕58号", "穗人社规字〔2018〕6号"],
        "18": ["穗人社发〔2015〕27号"],
        "26": ["穗民规字〔2024〕5号"],
        "27c": ["穗民〔2017〕384号"],
        "28": ["穗民规字〔2018〕10号", "穗民规字〔2018〕11号"],
        "29": ["穗府办规〔2019〕13号"],
        "35": ["穗人社规字〔2019〕2号"],
        "35c": ["穗府办规〔2018〕30号"],
        "36b": ["穗府办规〔2023〕1号"],
        "37": [
            "中华人民共和国公司登记管理条例",
            "中华人民共和国企业法人登记管理条例",
            "中华人民共和国合伙企业登记管理办法",
            "农民专业合作社登记管理条例",
            "企业法人法定代表人登记管理规定",
        ],
    }


def test_what_they_refer_to_in_each_other() -> None:
    found = [
        (one.document.split("_")[0], one.target.split("_")[0], one.clause)
        for one in checked().catalogue.references
        if one.place is Place.FOUND and one.target and one.target != one.document
    ]
    assert found == [
        ("11b", "11", ""),
        ("30", "31", ""),
        ("33b", "33", ""),
        ("35", "35c", ""),
        ("35", "35c", "第五条"),
        ("35b", "35c", ""),
        ("36", "36b", ""),
    ]
    assert checked().catalogue.dangling == ()


def test_two_files_were_mixed_up() -> None:
    found = [one for one in checked().problems if one.about is About.FILE]
    assert [(one.document.split("_")[0], one.declared, one.found) for one in found][1:] == [
        ("35", "穗府办规〔2020〕10号", "穗人社规字〔2022〕2号"),
        ("35c", "穗人社规字〔2022〕2号", "穗府办规〔2020〕10号"),
    ]
    assert found[0].severity is Severity.UNREADABLE  # a page of menus


def test_one_issuer_is_not_the_one_that_signed() -> None:
    found = [one for one in checked().problems if one.severity is Severity.CONTRADICTION]
    assert [(one.about, one.declared, one.found) for one in found] == [
        (About.ISSUER, "广州市医疗保障局", "广州市医疗保险服务中心")
    ]


def test_nothing_is_linked_by_guesswork() -> None:
    documents = checked().library.documents
    assert linked(documents) == documents
    assert catalogue(documents, on=TODAY).pairs == ()


def test_the_page_holds_every_title() -> None:
    page = render(checked(), sources=["guangzhou"])
    assert all(row.policy in page for row in checked().catalogue.sync if not row.interpretations)
