from __future__ import annotations

from datetime import date

import pytest

from knowledge.documents import Origin, document
from knowledge.readers import READERS
from knowledge.types import Disclosure, Document, Heading, Kind, Lang, Status


def read(front: str, body: str = "第一条　正文。") -> Document:
    page = READERS[".md"](f"---\n{front}\n---\n{body}\n".encode())
    return document(page, Origin("by-path", "by-name", "by-path.md"))


def problem(front: str, body: str = "第一条　正文。") -> str:
    with pytest.raises(ValueError, match=r"\w") as caught:
        read(front, body)
    return str(caught.value)


def test_every_field_is_read() -> None:
    front = """\
id: rent-2025
kind: interpretation
title: 租房补贴办法解读
number: 临财规〔2025〕1号
issuer: 临潮市财政局
published: 2025-07-08
effective: 2025年8月1日
expires: 2030/7/31
status: superseded
superseded_by: rent-2026
disclosure: open
language: zh-Hans
topics: [租房, 补贴]
interprets: rent-rules
amends: [a, b]
repeals: []
source: https://www.linchao.example/1.html
site: 临潮市人民政府
column: 政策解读"""
    assert read(front, "# 解读\n\n正文。") == Document(
        id="rent-2025",
        title="租房补贴办法解读",
        text="解读\n\n正文。\n\n",
        language=Lang.ZH_HANS,
        kind=Kind.INTERPRETATION,
        source="https://www.linchao.example/1.html",
        disclosure=Disclosure.OPEN,
        status=Status.SUPERSEDED,
        issuer="临潮市财政局",
        number="临财规〔2025〕1号",
        published=date(2025, 7, 8),
        effective=date(2025, 8, 1),
        expires=date(2030, 7, 31),
        superseded_by="rent-2026",
        interprets=("rent-rules",),
        amends=("a", "b"),
        repeals=(),
        topics=("租房", "补贴"),
        headings=(Heading(0, 2, 1),),
    )


def test_what_is_not_declared_is_found_or_left_out() -> None:
    assert read("disclosure: open", "临潮市渡船办法\n\n第一条　正文。") == Document(
        id="by-path",
        title="临潮市渡船办法",
        text="临潮市渡船办法\n\n第一条　正文。\n\n",
        language=Lang.ZH_HANS,
        kind=Kind.POLICY,
        source="by-path.md",
        disclosure=Disclosure.OPEN,
    )


def test_a_number_is_a_text_whatever_yaml_thinks() -> None:
    made = read("title: 2025\nnumber: 007\nissuer: yes\nid: 2025-07-08\nsource: ~")
    assert (made.title, made.number, made.issuer, made.id, made.source) == (
        *("2025", "007", "yes", "2025-07-08"),
        "by-path.md",
    )


def test_a_date_may_have_a_time() -> None:
    assert read("published: 2025-07-08 10:30:00").published == date(2025, 7, 8)


def test_a_document_of_which_nobody_says_that_it_is_public_is_withheld() -> None:
    assert read("title: 内部通知").disclosure is Disclosure.WITHHELD


@pytest.mark.parametrize(
    ("front", "says"),
    [
        ("Titel: x", "unknown field 'Titel'; did you mean 'title'?"),
        ("disclosre: withheld", "unknown field 'disclosre'; did you mean 'disclosure'?"),
        (
            "公开属性: 不予公开",
            (
                "unknown field '公开属性' may say that this is not public; "
                "say it with `disclosure: open`, on_request or withheld"
            ),
        ),
        ("published: 8 July", "published: '8 July' is no date such as 2025-07-08"),
        ("effective: 2025-02-30", "effective: '2025-02-30' is no date such as 2025-07-08"),
        ("kind: law", "kind: 'law' is none of policy, interpretation, answer"),
        (
            "status: valid",
            "status: 'valid' is none of in_force, amended, repealed, superseded",
        ),
        ("disclosure: public", "disclosure: 'public' is none of open, on_request, withheld"),
        ("language: zh", "language: 'zh' is none of zh-Hans, zh-Hant, en, ko, ja"),
        ("title: [甲, 乙]", "title: one text is wanted, not a list"),
        ("issuer: {甲: 乙}", "issuer: one text is wanted, not a list"),
        ("status: superseded", "status is superseded: superseded_by must name the successor"),
        (
            "effective: 2025-08-01\nexpires: 2025-07-31",
            "expires 2025-07-31 before it takes effect",
        ),
    ],
)
def test_each_mistake_has_its_sentence(front: str, says: str) -> None:
    assert problem(front) == says


def test_a_document_without_text() -> None:
    assert problem("title: 空", " \n ") == "there is no text"


def test_mistakes_are_told_together() -> None:
    front = "titel: x\npublished: soon\nkind: law\nstatus: superseded\ndisclosure: yes"
    assert problem(front, "") == (
        "unknown field 'titel'; did you mean 'title'?; "
        "published: 'soon' is no date such as 2025-07-08; "
        "kind: 'law' is none of policy, interpretation, answer; "
        "disclosure: 'yes' is none of open, on_request, withheld; "
        "there is no text; "
        "status is superseded: superseded_by must name the successor"
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("---\ntitle: x\n\n正文\n", "line 1: the front matter opens with --- and is never closed"),
        ("---\n", "line 1: the front matter opens with --- and is never closed"),
        (
            "---\ntitle: x\nnumber: [1, 2\n---\n正文",
            "line 4: front matter: expected ',' or ']', but got '<stream end>'",
        ),
        (
            "---\ntitle: a: b\n---\n正文",
            "line 2: front matter: mapping values are not allowed here",
        ),
        (
            "---\ntitle: x\n\tnumber: 1\n---\n正文",
            "line 3: front matter: found character '\\t' that cannot start any token",
        ),
        (
            "---\n- 甲\n- 乙\n---\n正文",
            "line 2: the front matter is not a list of `name: value` lines",
        ),
        (
            "---\n一段话\n---\n正文",
            "line 2: the front matter is not a list of `name: value` lines",
        ),
        (
            "---\na: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n---\n正文",
            "line 1: front matter: an alias (*name) has no place here",
        ),
        (
            "---\ntopics: " + "[" * 5000 + "\n---\n正文",
            "line 2: front matter: lists in lists in lists",
        ),
    ],
)
def test_broken_front_matter_is_named_with_its_line(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        READERS[".md"](text.encode())
    assert str(caught.value) == says


@pytest.mark.parametrize(
    ("text", "declared", "body"),
    [
        ("正文\n", {}, "正文\n\n"),
        ("---\n---\n正文", {}, "正文\n"),
        ("---\ntitle: x\n---", {"title": "x"}, "\n"),
        ("--- \r\ntitle: x\r\n---\t\r\n正文\r\n", {"title": "x"}, "正文\n\n"),
        ("\ufeff---\ntitle: x\n---\n正文", {"title": "x"}, "正文\n"),
        ("---- 不是开头\n", {}, "---- 不是开头\n\n"),
        ("前言\n---\ntitle: x\n---\n", {}, "前言\n---\ntitle: x\n---\n\n"),
    ],
)
def test_where_front_matter_ends(text: str, declared: dict[str, str], body: str) -> None:
    page = READERS[".md"](text.encode())
    assert (dict(page.declared), page.text) == (declared, body)
