"""What is declared, held against the text; and what check makes of a library."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from knowledge.check import check
from knowledge.declared import contradictions
from knowledge.library import Library, read_library
from knowledge.problems import About, Problem, Severity
from knowledge.types import Disclosure, Document, Status
from tests.catalogue.made import TODAY, interpretation, policy, sample

GOOD = policy(
    "good",
    "某市民政局关于印发《某市补贴办法》的通知",
    "某市民政局关于印发《某市补贴办法》的通知\n某民规〔2024〕1号\n各区：\n现印发给你们。\n公开方式：主动公开\n"
    "某市民政局\n2024年3月1日\n某市补贴办法\n第一条 甲。\n第二条 本办法自2024年4月1日起施行，有效期5年。\n",
    number="某民规〔2024〕1号",
    issuer="某市民政局",
    published=date(2024, 3, 1),
    effective=date(2024, 4, 1),
    expires=date(2029, 3, 31),
)


def told(document: Document) -> list[tuple[About, Severity, str, str]]:
    found = contradictions(document, on=TODAY)
    return [(one.about, one.severity, one.declared, one.found) for one in found]


def test_what_agrees() -> None:
    assert told(GOOD) == []


def test_the_sample_declares_nothing_that_its_texts_contradict() -> None:
    found = [one for made in sample().documents for one in contradictions(made, on=TODAY)]
    assert [(one.document, one.about, one.severity) for one in found] == [
        ("appliance-trade-in-2025", About.STATUS, Severity.NOTE),
        ("resident-medical-insurance-2027", About.STATUS, Severity.NOTE),
    ]


WRONG = Severity.CONTRADICTION


@pytest.mark.parametrize(
    ("document", "about", "declared", "found"),
    [
        (
            replace(GOOD, title="某市罚款办法"),
            About.TITLE,
            "某市罚款办法",
            "某市民政局关于印发《某市补贴办法》的通知",
        ),
        (
            replace(GOOD, number="某民规〔2023〕1号"),
            About.NUMBER,
            "某民规〔2023〕1号",
            "某民规〔2024〕1号",
        ),
        (replace(GOOD, number="一号"), About.NUMBER, "一号", "某民规〔2024〕1号"),
        (replace(GOOD, issuer="某市教育局"), About.ISSUER, "某市教育局", "某市民政局"),
        (
            replace(GOOD, published=date(2024, 2, 1)),
            About.PUBLISHED,
            "2024-02-01",
            "2024-03-01",
        ),
        (
            replace(GOOD, effective=date(2024, 5, 1), expires=date(2029, 4, 30)),
            About.EFFECTIVE,
            "2024-05-01",
            "2024-04-01",
        ),
        (
            replace(GOOD, expires=date(2027, 3, 31)),
            About.EXPIRES,
            "2027-03-31",
            "2029-03-31",
        ),
        (
            replace(GOOD, text=GOOD.text.replace("主动公开", "依申请公开")),
            About.DISCLOSURE,
            "open",
            "on_request",
        ),
        (
            replace(GOOD, title="某市补贴办法解读", text="某市补贴办法。"),
            About.KIND,
            "policy",
            "interpretation",
        ),
    ],
    ids=lambda value: value.name if isinstance(value, About) else None,
)
def test_what_contradicts(document: Document, about: About, declared: str, found: str) -> None:
    assert told(document) == [(about, WRONG, declared, found)]


@pytest.mark.parametrize(
    "document",
    [
        replace(GOOD, title="某市补贴办法"),
        replace(GOOD, title="某市补贴办法（2024年修订）"),
        replace(GOOD, number="某民规［2024］ 1 號"),
        replace(GOOD, issuer="民政局"),
        replace(GOOD, issuer="市民政局 市财政局"),
        replace(GOOD, issuer="某市財政局", text=GOOD.text + "某市财政局\n"),
        replace(GOOD, published=date(2024, 3, 20)),
        replace(GOOD, expires=None, effective=None),
        interpretation("i", "一图读懂", GOOD.text, published=date(2020, 1, 1)),
    ],
)
def test_another_way_of_saying_it_is_no_contradiction(document: Document) -> None:
    assert told(document) == []


@pytest.mark.parametrize(
    ("document", "about", "declared", "found"),
    [
        (replace(GOOD, published=date(2024, 6, 1)), About.PUBLISHED, "2024-06-01", "2024-03-01"),
        (policy("a", "怎么申领社会保障卡？"), About.KIND, "", ""),
        (policy("a", "某市补贴办法", expires=date(2025, 1, 1)), About.STATUS, "", ""),
        (policy("a", "某市补贴办法", effective=date(2027, 1, 1)), About.STATUS, "", ""),
    ],
)
def test_what_is_worth_a_look(document: Document, about: About, declared: str, found: str) -> None:
    assert told(document) == [(about, Severity.NOTE, declared, found)]


def test_a_file_that_is_named_after_another_document() -> None:
    made = replace(GOOD, id="民政/12_某市补贴办法_某民规2020-9号")
    assert told(made) == [
        (About.FILE, Severity.MEND, "某民规〔2020〕9号", "某民规〔2024〕1号"),
    ]
    assert told(replace(GOOD, id="12_某市补贴办法_某民规2024-1号")) == []


# A whole library


def problems(*documents: Document) -> list[tuple[str, About, Severity]]:
    found = check(Library(documents=documents, skipped=()), on=TODAY).problems
    return [(one.document, one.about, one.severity) for one in found]


def test_the_sample() -> None:
    checked = check(sample(), on=TODAY)
    assert not checked.failed
    found = [(Path(one.document).stem, one.about, one.severity) for one in checked.problems]
    assert sorted(found) == [
        ("accountant-continuing-education-2023", About.INTERPRETATION, Severity.MEND),
        ("appliance-trade-in-2025", About.INTERPRETATION, Severity.MEND),
        ("appliance-trade-in-2025", About.STATUS, Severity.NOTE),
        ("budget-review-internal-2024", About.DISCLOSURE, Severity.NOTE),
        ("fiscal-risk-response-2025", About.DISCLOSURE, Severity.NOTE),
        ("resident-medical-insurance-2027", About.STATUS, Severity.NOTE),
        ("startup-subsidy-2024", About.INTERPRETATION, Severity.MEND),
        ("talent-rent-subsidy-2025", About.INTERPRETATION, Severity.NOTE),
    ]


def test_the_sample_with_a_repealed_policy_in_force() -> None:
    old = "housing-fund-withdrawal-2022"
    documents = tuple(
        replace(one, status=Status.IN_FORCE, superseded_by=None) if one.id.startswith(old) else one
        for one in sample().documents
    )
    found = check(Library(documents=documents, skipped=()), on=TODAY).problems
    assert [one for one in found if one.document == old] == [
        Problem(
            document=old,
            about=About.INTERPRETATION,
            severity=Severity.MEND,
            problem=f"it is out of force, and {old}-interpretation does not say so",
            mend="set the interpretation's status; until then the build ends it with its policy",
        ),
        Problem(
            document=old,
            about=About.STATUS,
            severity=Severity.MEND,
            problem="housing-fund-withdrawal-2025 repeals it from 2025-08-01, "
            "and its status says in_force",
            mend="set `status: superseded` and `superseded_by: housing-fund-withdrawal-2025`; "
            "until then the build ends it on that day",
            declared="in_force",
            found="《澜港市住房公积金提取管理办法》（澜公积金规〔2022〕2号）同时废止",
        ),
    ]


OLD = policy("old", "某市补贴办法", number="某规〔2019〕1号", published=date(2019, 1, 1))
ITS = interpretation("i", "《某市补贴办法》解读", published=date(2019, 1, 1))
MISSING = ("old", About.INTERPRETATION, Severity.MEND)


@pytest.mark.parametrize(
    ("documents", "expected"),
    [
        ([OLD], [MISSING]),
        ([OLD, replace(ITS, interprets=("old",))], []),
        ([OLD, ITS], [("i", About.INTERPRETATION, Severity.NOTE)]),
        # declared wrongly: all that it says is about another one
        (
            [OLD, policy("b", "怎样办理"), replace(ITS, interprets=("b",))],
            [
                ("i", About.INTERPRETATION, Severity.MEND),
                ("b", About.KIND, Severity.NOTE),
            ],
        ),
        ([interpretation("i", "《某省条例》解读")], [("i", About.INTERPRETATION, Severity.NOTE)]),
        # in doubt: only the title
        (
            [
                OLD,
                replace(ITS, interprets=("old",)),
                policy("new", "新通告", "《某市补贴办法》同时废止。", published=date(2025, 1, 1)),
            ],
            [("new", About.LINK, Severity.MEND)],
        ),
        # two versions bind at once
        (
            [OLD, replace(OLD, id="new", number="某规〔2024〕1号", published=date(2024, 1, 1))],
            [
                ("new", About.INTERPRETATION, Severity.MEND),
                MISSING,
                ("old", About.VERSIONS, Severity.MEND),
            ],
        ),
        (
            [
                replace(
                    OLD, number="", title="通告", text="第一条 甲。\n第二条 按本办法第九条办。\n"
                )
            ],
            [("old", About.REFERENCE, Severity.MEND)],
        ),
    ],
)
def test_problems_between_documents(
    documents: list[Document], expected: list[tuple[str, About, Severity]]
) -> None:
    assert problems(*documents) == expected


def test_files_that_are_not_in_the_library(tmp_path: Path) -> None:
    (tmp_path / "silent.md").write_text("甲。", encoding="utf-8")
    (tmp_path / "closed.md").write_text("---\ndisclosure: withheld\n---\n乙。", encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    link = "---\ndisclosure: open\nkind: answer\ninterprets: [gone]\n---\n丙。"
    (tmp_path / "link.md").write_text(link, encoding="utf-8")
    checked = check(read_library([tmp_path]), on=TODAY)
    assert checked.failed
    found = [(Path(one.document).name, one.about, one.severity) for one in checked.problems]
    assert found == [
        ("picture.png", About.FILE, Severity.UNREADABLE),
        ("silent.md", About.DISCLOSURE, Severity.MEND),
        ("closed.md", About.DISCLOSURE, Severity.NOTE),
        ("link", About.LINK, Severity.NOTE),
    ]
    silent = checked.problems[1]
    assert silent.problem == "it has no disclosure attribute, so it is withheld"
    assert silent.mend.startswith("set it at the source: if it is public, say `disclosure: open`")


def test_only_what_is_unreadable_or_contradicted_fails() -> None:
    assert not check(Library(documents=(OLD,), skipped=()), on=TODAY).failed
    wrong = replace(GOOD, number="某民规〔2023〕1号")
    assert check(Library(documents=(wrong,), skipped=()), on=TODAY).failed
    assert check(
        Library(documents=(replace(GOOD, disclosure=Disclosure.ON_REQUEST),), skipped=()), on=TODAY
    ).failed
