"""From an answer in a conversation to the words where they stand, in the whole bot."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from bot.answer_page import Ways, answer, body
from bot.types import Citation, Outcome, Result, Span, Style
from knowledge.types import Kind, Lang, Standing
from tests.e2e.world import world

QUESTION = "租房提取公积金要连续缴存几个月？"
CITED = Citation(
    document_id="ferry/2025",
    title="澜港市轮渡票价办法",
    number="",
    issuer="",
    address="第二条",
    quote="第二条 单程票价为每人3元。",
    source="https://jt.langang.example/1.html",
    published=None,
    kind=Kind.POLICY,
    status=Standing.IN_FORCE,
    language=Lang.ZH_HANS,
    passage_id="ferry/2025#1",
)
ANSWERED = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS, citations=(CITED,))
PAGE = "https://wen.langang.example/documents/ferry%2F2025?quote=f6b625f30957#quote"


async def test_on_our_page_a_path_leads_there_where_our_address_is_not_known(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path) as bot, bot.browser() as browser:
        await browser.send(QUESTION)
        told = await browser.hears()
        [button] = [one for row in told["buttons"] for one in row if one["url"]]
        assert button["url"].startswith("/documents/")
        url = f"http://127.0.0.1:{bot.app.web_port}{button['url']}"
        async with bot.http.get(url) as response:
            assert "<mark>" in await response.text()
        person = bot.citizen()
        person.send(QUESTION)
        heard = await person.hears()
        assert "https://gjj.langang.example/" in heard.text


async def test_an_answer_leads_to_its_words(releases: Path, tmp_path: Path) -> None:
    site = "https://wen.langang.example"
    async with world(releases, tmp_path, web_url=f"{site}/") as bot, bot.browser() as browser:
        await browser.send(QUESTION)
        told = await browser.hears()
        [button] = [one for row in told["buttons"] for one in row if one["url"]]
        quoted = "".join(
            span["text"] for span in told["body"] if span["style"] in {"quote", "mark"}
        )
        assert button["label"] == "在文件中阅读"
        path, _, place = button["url"].removeprefix(site).partition("#")
        assert place == "quote"
        async with bot.http.get(f"http://127.0.0.1:{bot.app.web_port}{path}") as response:
            page = await response.text()
    marked = unescape("".join(re.findall(r"<mark>(.*?)</mark>", page)))
    assert marked
    assert _bare(quoted).startswith(_bare(marked))
    assert page.count('id="quote"') == 1
    assert 'rel="noopener noreferrer">https://gjj.langang.example/' in page


def test_with_a_site_citations_lead_to_our_pages() -> None:
    page = answer(ANSWERED, Ways(asked=1, answer=1, site="https://wen.langang.example/"))
    assert Span("在文件中阅读", Style.LINK, PAGE) in page.body
    assert (page.buttons[0][0].label, page.buttons[0][0].url) == ("在文件中阅读", PAGE)
    assert CITED.source not in "".join(span.text for span in page.body)


def test_without_a_site_they_lead_to_the_official_source() -> None:
    page = answer(ANSWERED, Ways(asked=1, answer=1))
    assert Span(CITED.source, Style.LINK, CITED.source) in body(ANSWERED)
    assert (page.buttons[0][0].label, page.buttons[0][0].url) == ("查看原文", CITED.source)


def _bare(text: str) -> str:
    """Without blanks and the bars of tables, which a page has as lines."""
    return re.sub(r"[\s|]", "", text)
