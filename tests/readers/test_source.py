from __future__ import annotations

import pytest

from knowledge.manners import Manners
from knowledge.readers.columns import Columns
from knowledge.source import Source, read_source
from knowledge.types import Disclosure, Kind, Lang

WHOLE = """\
disclosure = "open"
kind = "policy"
issuer = "某市政府"
language = "zh-Hans"
topics = ["住房"]
urls = ["https://gov.example/1.html"]

[tables."*.CSV"]
title = "政策名"
text = ["要点", "正文"]
append = ["电话"]
sheet = "一"
header = 2

[fetch]
delay_s = 0.5
per_host = 1
total = 4
largest = 1000
timeout_s = 9
contact = "https://gov.example/bot"
private = true
"""


def test_all_settings() -> None:
    columns = Columns(
        fields={"title": ("政策名",), "text": ("要点", "正文")},
        append=("电话",),
        sheet="一",
        header=2,
    )
    source = read_source(WHOLE.encode())
    assert source == Source(
        disclosure=Disclosure.OPEN,
        kind=Kind.POLICY,
        issuer="某市政府",
        language=Lang.ZH_HANS,
        topics=("住房",),
        urls=("https://gov.example/1.html",),
        tables={"*.CSV": columns},
        manners=Manners(
            delay_s=0.5,
            per_host=1,
            total=4,
            largest=1000,
            timeout_s=9.0,
            contact="https://gov.example/bot",
            private=True,
        ),
    )
    assert (source.columns("表.csv"), source.columns("表.xlsx")) == (columns, Columns())


def test_no_settings() -> None:
    assert read_source(b"") == Source(tables={})


def test_all_mistakes_at_once() -> None:
    wrong = """\
disclosure = "public"
topic = ["住房"]
topics = [1]
issuer = 7
tables = {"*.csv" = {titel = "甲", text = 3, header = 0}, "x" = 1}
[fetch]
delay = 1
delay_s = "1"
total = 2.5
private = "yes"
"""
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked below
        read_source(wrong.encode())
    mistakes = str(caught.value).split("; ")
    assert "disclosure: 'public' is none of open, on_request, withheld" in mistakes
    assert "issuer: a text is wanted, in quotation marks" in mistakes
    assert 'topics: a list of texts is wanted, ["…", "…"]' in mistakes
    assert 'tables.x: a section [tables."*.csv"] is wanted' in mistakes
    assert 'tables."*.csv".titel: there is no such setting' in mistakes
    assert 'tables."*.csv".text: a list of texts is wanted, ["…", "…"]' in mistakes
    assert 'tables."*.csv".header: a whole number of at least 1 is wanted' in mistakes
    assert "topic: there is no such setting" in mistakes
    assert "fetch.delay: there is no such setting" in mistakes
    assert "fetch.delay_s: a number of at least 0 is wanted" in mistakes
    assert "fetch.total: a whole number of at least 1 is wanted" in mistakes
    assert "fetch.private: true or false is wanted" in mistakes


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"disclosure = open", "not TOML: "),
        (b"\xff\xfe", "not UTF-8; save it as UTF-8"),
        (b"a = " + b"[" * 100_000, "not TOML: "),
        (b"#" * 1_000_001, "larger than 1000000 bytes"),
        (b"tables = 1", "tables: a section [tables] is wanted"),
    ],
)
def test_what_is_no_settings_file(data: bytes, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked below
        read_source(data)
    assert str(caught.value).startswith(reason)


def test_a_folder_in_a_folder() -> None:
    above = Source(
        disclosure=Disclosure.OPEN,
        issuer="某市",
        topics=("住房",),
        urls=("https://gov.example/1",),
        tables={"*.csv": Columns(sheet="上"), "*.xlsx": Columns(sheet="上")},
    )
    own = Source(
        disclosure=Disclosure.WITHHELD, kind=Kind.ANSWER, tables={"*.csv": Columns(sheet="下")}
    )
    assert own.over(above) == Source(
        disclosure=Disclosure.WITHHELD,
        kind=Kind.ANSWER,
        issuer="某市",
        topics=("住房",),
        tables={"*.csv": Columns(sheet="下"), "*.xlsx": Columns(sheet="上")},
    )
