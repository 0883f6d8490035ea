"""GET /search: what is found, how it is shown, and that nobody learns what was looked for."""

from __future__ import annotations

import logging
import re
from html import unescape
from urllib.parse import quote

import pytest

from bot.web.documents.clauses import Part
from bot.web.documents.highlight import EXCERPT, excerpt, highlighted
from tests.web.documents.conftest import Made
from tests.web.library import Reading, reading


async def test_a_passage_is_quoted_with_its_source(site: Reading) -> None:
    text = (await site.get("/search?q=租房提取公积金要连续缴存几个月")).text
    [first, *_] = re.findall(r"<li lang.*?</li>", text, re.DOTALL)
    assert "租房" in first
    assert "<mark>" in first
    assert "现行有效" in first
    [path] = re.findall(r'<h2><a href="([^"]+)"', first)
    words = (await site.get(unescape(path).partition("#")[0])).text
    assert "<mark>" in words
    assert 'id="quote"' in words


async def test_what_ended_is_shown_only_where_it_is_asked_for(other: Reading) -> None:
    usual = await other.get("/search?q=渡船票价夜航补贴")
    everything = await other.get("/search?q=渡船票价夜航补贴&status=all")
    assert "澜港市渡船旧办法" not in usual.text
    assert "澜港市渡船旧办法" in everything.text
    assert "已废止" in everything.text
    assert 'name="status" value="all" checked' in everything.text


async def test_results_come_in_pages_and_by_kind(site: Reading) -> None:
    first = (await site.get("/search?q=公积金&kind=policy")).text
    second = (await site.get("/search?q=公积金&kind=policy&page=2")).text
    assert "政策解读 ·" not in first
    addresses = [re.findall(r'<h2><a href="([^"]+)"', one) for one in (first, second)]
    assert len(addresses[0]) == 10
    assert addresses[1]
    assert not set(addresses[0]) & set(addresses[1])


async def test_the_words_go_on_to_the_assistant_without_a_server(site: Reading) -> None:
    words = "租房 & 提取?"
    text = (await site.get(f"/search?q={quote(words)}")).text
    assert f'href="/#ask={quote(words, safe="")}"' in text


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ("", 200, "输入几个词或一句话"),
        ("%20%20", 200, "输入几个词或一句话"),
        ("…", 400, "请输入文字"),
        ("租" * 201, 400, "请缩短到 200 个字以内"),
        ("%00%01", 200, "输入几个词或一句话"),  # nothing that could be seen
        ("zzzqqq%20xxyyzz", 200, "没有找到相关的内容"),
    ],
)
async def test_what_cannot_be_found_is_said_in_words(
    site: Reading, words: str, status: int, told: str
) -> None:
    shown = await site.get(f"/search?q={words}")
    assert (shown.status, told in shown.text) == (status, True)
    assert shown.headers["Cache-Control"] == "no-store"


async def test_who_searches_too_fast_waits(made: Made) -> None:
    async with reading(made.live, made.root, searches_per_minute=2) as site:
        shown = [await site.get("/search?q=轮渡") for _ in range(3)]
        elsewhere = await site.get("/documents/")
        api = await site.get("/api/v1/search?q=轮渡")
    assert [one.status for one in shown] == [200, 200, 429]
    assert int(shown[2].headers["Retry-After"]) > 0
    assert elsewhere.status == 200  # reading is no search
    assert api.status == 429  # the same bucket


async def test_behind_a_proxy_each_address_has_its_own_pace(made: Made) -> None:
    async with reading(made.live, made.root, searches_per_minute=1, proxies=1) as site:
        forwarded = ["1.2.3.4", "6.6.6.6, 1.2.3.4", "5.6.7.8"]
        shown = [await site.get("/search?q=轮渡", **{"X-Forwarded-For": one}) for one in forwarded]
    assert [one.status for one in shown] == [200, 429, 200]


async def test_without_a_proxy_the_header_is_not_believed(made: Made) -> None:
    async with reading(made.live, made.root, searches_per_minute=1) as site:
        shown = [
            await site.get("/search?q=轮渡", **{"X-Forwarded-For": one})
            for one in ("1.1.1.1", "2.2.2.2")
        ]
    assert [one.status for one in shown] == [200, 429]


async def test_no_log_has_an_address_or_what_was_looked_for(
    site: Reading, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        await site.get("/search?q=独一无二的词语13800138000")
        await site.get("/api/v1/search?q=独一无二的词语13800138000")
        await site.ask("独一无二的词语13800138000")
    lines = [one.getMessage() for one in caplog.records if one.name == "aiohttp.access"]
    assert [line.rsplit(" ", 1)[0] for line in lines] == [
        "GET /search 200",
        "GET /api/v1/search 200",
        "POST /api/v1/answers 200",
    ]
    captured = capsys.readouterr()
    told = caplog.text + captured.out + captured.err
    assert "13800138000" not in told
    assert "独一无二" not in told


def test_words_are_marked_in_either_script_and_by_their_stem() -> None:
    assert highlighted("老人乘坐輪渡免費。", "轮渡 请问") == (
        Part("老人乘坐"), Part("輪渡", quoted=True), Part("免費。"),
    )  # fmt: skip
    assert highlighted("Applications are FREE.", "application") == (
        Part("Applications", quoted=True), Part(" are FREE."),
    )  # fmt: skip
    assert highlighted("㎏以上", "以上") == (Part("㎏"), Part("以上", quoted=True))
    assert highlighted("什么也没有", "请问") == (Part("什么也没有"),)
    assert highlighted("", "轮渡") == ()


def test_an_excerpt_is_around_what_was_found() -> None:
    text = "甲" * 500 + "轮渡" + "乙" * 500
    parts = excerpt(highlighted(text, "轮渡"))
    whole = "".join(part.text for part in parts)
    assert [part.text for part in parts if part.quoted] == ["轮渡"]
    assert (whole[0], whole[-1], len(whole)) == ("…", "…", EXCERPT + 2)
    assert excerpt((Part("短"),)) == (Part("短"),)
