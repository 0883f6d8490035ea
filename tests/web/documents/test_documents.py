"""Lists and pages of documents, over HTTP, from a real release."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from bot.links import document_path, fingerprint, quoted_path
from index.build import build
from index.live import Live
from index.vectors import one_thread
from tests.index.fake import Hashed
from tests.web.documents.conftest import Made
from tests.web.library import DEARER, EVIL, FERRY, Reading, reading

FUND = "/documents/housing-fund-withdrawal-2025"
OLD_FUND = "/documents/housing-fund-withdrawal-2022"


def titles(text: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<h2[^>]*><a [^>]*>([^<]+)</a></h2>", text)]


def banner(text: str) -> str:
    found = re.search(r'<section class="banner.*?</section>', text, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found.group()).split())


async def test_the_list_has_every_open_document_in_pages(site: Reading) -> None:
    first, second = await site.get("/documents/"), await site.get("/documents/?page=2")
    assert "共 37 份文件" in first.text
    assert (len(titles(first.text)), len(titles(second.text))) == (20, 17)
    assert not set(titles(first.text)) & set(titles(second.text))
    assert titles(first.text)[0] == (
        "澜港市医疗保障局关于做好2027年度城乡居民基本医疗保险参保缴费工作的通知"
    )


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("kind=policy", 19),
        ("kind=interpretation", 18),
        ("year=2022", 2),
        ("issuer=澜港市住房公积金管理中心", 4),
        ("issuer=澜港市住房公积金管理中心&status=superseded", 2),
        ("name=澜公积金规〔2022〕2号", 1),
        ("name=公积金提取&kind=policy&year=2025", 1),
        ("status=amended", 1),
        ("kind=nonsense&year=x&page=-1&status=&issuer=", 37),
    ],
)
async def test_the_list_can_be_narrowed(site: Reading, query: str, number: int) -> None:
    shown = await site.get(f"/documents/?{query}")
    assert shown.status == 200
    assert f"共 {number} 份文件" in shown.text


async def test_a_page_that_is_not_there_is_the_last_one(site: Reading) -> None:
    assert "第 2 / 2 页" in (await site.get("/documents/?page=99")).text


async def test_an_empty_list_says_what_to_do(site: Reading) -> None:
    shown = await site.get("/documents/?year=1999", "en")
    assert "No document fits. Try fewer filters, or search." in shown.text


async def test_the_next_page_keeps_filters_and_language(site: Reading) -> None:
    shown = await site.get("/documents/?status=in_force&lang=ko")
    assert '<html lang="ko">' in shown.text
    assert 'href="?status=in_force&amp;lang=ko&amp;page=2"' in shown.text


async def test_a_document_tells_what_it_is(site: Reading) -> None:
    text = (await site.get(FUND)).text
    assert "<dd>澜公积金规〔2025〕1号</dd>" in text
    assert "<dd>澜港市住房公积金管理中心</dd>" in text
    assert '<time datetime="2025-08-01">2025-08-01</time>' in text
    assert "<dd>主动公开</dd>" in text
    assert 'rel="noopener noreferrer">https://gjj.langang.example/' in text
    assert banner(text) == "现行有效 有效期至 2030-07-31。"


async def test_every_clause_has_an_anchor_that_the_contents_lead_to(site: Reading) -> None:
    text = (await site.get(FUND)).text
    anchors = re.findall(r'id="(c-[^"]+)"', text)
    assert anchors[:3] == ["c-0", "c-第一条", "c-第二条"]
    assert anchors[-2:] == ["c-附件1", "c-附件2"]
    assert len(anchors) == len(set(anchors))
    contents = re.search(r'<nav class="contents.*?</nav>', text, re.DOTALL)
    assert contents is not None
    assert re.findall(r'href="#(c-[^"]+)"', contents.group()) == anchors[1:]
    assert "第三章 提取条件和额度</li>" in contents.group()


async def test_every_id_of_a_page_is_there_once(site: Reading) -> None:
    for path in (FUND, OLD_FUND, "/documents/startup-subsidy-2024"):
        ids = re.findall(r'\sid="([^"]+)"', (await site.get(path)).text)
        assert sorted(ids) == sorted(set(ids))


async def test_the_whole_text_is_on_the_page(site: Reading) -> None:
    text = (await site.get(FUND)).text
    shown = re.search(r'<section class="paper-text".*?</section>', text, re.DOTALL)
    assert shown is not None
    bare = re.sub(r'<a class="to".*?</a>|<[^>]+>', "", shown.group())
    opened = await site.json("/api/v1/documents/housing-fund-withdrawal-2025")
    whole = "".join(one["text"] for one in opened["clauses"])
    assert "".join(unescape(bare).split()) == "".join(whole.replace(" | ", "").split())


async def test_a_table_is_a_table(site: Reading) -> None:
    assert '<th scope="col">职工类别</th>' in (await site.get(FUND)).text


async def test_the_interpretation_stands_beside_its_rule_and_the_other_way_round(
    site: Reading,
) -> None:
    rule = (await site.get(FUND)).text
    explained = (await site.get(f"{FUND}-interpretation")).text
    assert f'href="{FUND}-interpretation"' in rule
    assert "每月合计最高可以提取3300元" in rule
    assert "<h2>所解读的文件</h2>" in explained
    assert f'href="{FUND}"' in explained


async def test_a_superseded_document_leads_to_what_took_its_place(site: Reading) -> None:
    text = (await site.get(OLD_FUND)).text
    assert '<section class="banner gone"' in text
    assert banner(text).startswith(
        "已被新文件取代 请勿再作为办事依据。 请看： "
        "澜港市住房公积金管理中心关于印发《澜港市住房公积金提取管理办法（2025年修订）》的通知"
    )


async def test_an_amended_document_leads_to_its_amendment(site: Reading) -> None:
    text = (await site.get("/documents/startup-subsidy-2024", "en")).text
    assert banner(text).startswith("In force, but parts of it are changed or will be.")
    assert 'href="/documents/startup-subsidy-amendment-2026"' in text


@pytest.mark.parametrize(
    ("name", "tone", "words"),
    [
        ("repealed", "gone", "已废止 请勿再作为办事依据。"),
        ("upcoming", "care", "尚未施行 自 2027-01-01 起施行，在此之前不能作为依据。"),
        ("expired", "gone", "已失效 有效期截至 2025-12-31。请勿再作为办事依据。"),
    ],
)
async def test_the_banner_says_whether_it_binds(
    other: Reading, name: str, tone: str, words: str
) -> None:
    text = (await other.get(f"/documents/{name}")).text
    assert f'<section class="banner {tone}"' in text
    assert banner(text) == words


@pytest.mark.parametrize("name", ["secret", "on-request"])
async def test_what_is_not_open_is_nowhere(other: Reading, name: str) -> None:
    for path in ("", "/changes", "/code.svg"):
        assert (await other.get(f"/documents/{name}{path}")).status == 404
    assert (await other.get(f"/api/v1/documents/{name}")).status == 404
    for path in (
        "/documents/",
        document_path(FERRY.id),
        "/search?q=轮渡内部调度翡翠方案&status=all",
        "/api/v1/documents",
        "/api/v1/search?q=轮渡内部调度翡翠方案&status=all",
    ):
        shown = await other.get(path)
        assert shown.status == 200
        assert "内部调度方案" not in shown.text, path


async def test_a_document_that_is_not_there(site: Reading) -> None:
    for path in (
        "/documents/none",
        "/documents/none/changes",
        "/documents/%00",
        "/documents/a%2Fb",
    ):
        assert (await site.get(path)).status == 404


async def test_quoted_words_are_marked_where_they_stand(other: Reading) -> None:
    words = "第二条 轮渡单程票价为每人4元，六十五周岁以上老人免费乘坐轮渡。"
    shown = await other.get(quoted_path(DEARER.id, words).partition("#")[0])
    assert re.findall(r"<mark>(.*?)</mark>", shown.text) == [words]
    place = shown.text.index('id="quote"')
    assert shown.text.index('id="c-第二条"') < place < shown.text.index('id="c-第三条"')


async def test_quoted_words_that_are_gone_are_said_to_be(other: Reading) -> None:
    words = "第二条 轮渡单程票价为每人3元，六十五周岁以上老人免费乘坐轮渡。"
    shown = await other.get(f"{document_path(DEARER.id)}?quote={fingerprint(words)}")
    assert "<mark>" not in shown.text
    assert "在这份文件现在的文本中没有找到" in shown.text
    assert f'href="{document_path(DEARER.id)}/changes"' in shown.text


async def test_a_quotation_of_what_binds_no_more_says_so_at_the_words(site: Reading) -> None:
    opened = await site.json("/api/v1/documents/housing-fund-withdrawal-2022")
    words = next(one["text"] for one in opened["clauses"] if one["anchor"] == "c-第七条")
    shown = await site.get(f"{OLD_FUND}?quote={fingerprint(words)}")
    assert '<a href="#standing">已被替代</a>' in shown.text


async def test_two_versions_are_compared_word_by_word(other: Reading) -> None:
    text = (await other.get(f"{document_path(FERRY.id)}/changes")).text
    assert '<del><span class="side">〔删〕</span>3</del>' in text
    assert '<ins><span class="side">〔增〕</span>4</ins>' in text
    assert "第四条 轮渡月票为每月90元。</ins>" in text
    assert '<span class="side">原</span> 2025-03-01' in text
    assert "第三条" not in text  # it did not change


async def test_the_same_version_twice_has_no_differences(other: Reading) -> None:
    path = f"{document_path(FERRY.id)}/changes"
    [_, newest] = re.findall(r'name="to".*?</select>', (await other.get(path)).text, re.DOTALL)[
        0
    ].split("<option ")[1:]
    key = newest.partition('value="')[2].partition('"')[0]
    assert "这两个版本没有区别" in (await other.get(f"{path}?from={key}&to={key}")).text


async def test_a_document_is_compared_with_the_one_whose_place_it_took(site: Reading) -> None:
    text = (await site.get(f"{FUND}/changes")).text
    assert '<option value="document:housing-fund-withdrawal-2022" selected>' in text
    assert "<ins>" in text
    assert "<del>" in text


async def test_a_version_of_one_only(site: Reading) -> None:
    text = (await site.get("/documents/resident-pension-2024/changes")).text
    assert "本站只有这份文件的一个版本" in text


async def test_only_releases_that_were_served_are_versions(
    other: Reading, made: Made, tmp_path: Path
) -> None:
    refused = replace(FERRY, text=FERRY.text.replace("每人3元", "每人99元"))
    name = build([refused], tmp_path, encoder=Hashed.fit, calibrate=False).name
    copied = shutil.copytree(tmp_path / name, made.root / name)
    try:
        path = f"{document_path(FERRY.id)}/changes"
        shown = [await other.get(path), await other.get(f"{path}?from={name}&to={name}")]
    finally:
        shutil.rmtree(copied)
    for one in shown:
        assert (one.status, f'value="{name}"' in one.text) == (200, False)
        assert "<ins>" in one.text  # those two that were served are compared instead
        assert "99" not in one.text


@pytest.mark.parametrize("key", ["../x", ".", "", "document:secret", "document:none", "%00"])
async def test_a_version_that_is_not_there_is_not_compared(other: Reading, key: str) -> None:
    shown = await other.get(f"{document_path(FERRY.id)}/changes?from={key}&to={key}")
    assert shown.status == 200
    assert "翡翠" not in shown.text


async def test_the_code_leads_to_the_page(other: Reading) -> None:
    shown = await other.get(f"{document_path(FERRY.id)}/code.svg")
    assert shown.headers["Content-Type"] == "image/svg+xml"
    assert shown.text.startswith("<?xml") or shown.text.startswith("<svg")
    assert (
        f'src="{document_path(FERRY.id)}/code.svg"'
        in (await other.get(document_path(FERRY.id))).text
    )


async def test_without_a_known_address_there_is_no_code(made: Made) -> None:
    async with reading(made.live, made.root, url="") as site:
        page, code = (
            await site.get("/documents/hostile"),
            await site.get("/documents/hostile/code.svg"),
        )
    assert "code.svg" not in page.text
    assert code.status == 404


async def test_a_document_cannot_put_markup_into_a_page(other: Reading) -> None:
    for path in (
        "/documents/",
        "/documents/hostile",
        "/documents/hostile/changes",
        "/search?q=游船救生衣",
        f"/search?q={EVIL}游船",
        f"/documents/?name={EVIL}&issuer={EVIL}&lang={EVIL}",
    ):
        text = (await other.get(path)).text
        assert "<script>" not in text, path
        assert "<img src=x" not in text, path
        assert 'href="javascript:' not in text, path
        assert not re.findall(r"\s(?:on\w+|style)=\"", text), path
    assert unescape((await other.get("/documents/hostile")).text).count(EVIL) >= 5


async def test_pages_are_light_and_need_no_script(site: Reading) -> None:
    for path in ("/documents/", FUND, "/search?q=租房提取公积金"):
        shown = await site.get(path)
        assert "<script" not in shown.text
        styles = re.findall(r'href="(/static/[^"]+\.css)"', shown.text)
        weight = len(shown.text.encode())
        for style in styles:
            weight += len((await site.get(style)).text.encode())
        assert [one.rpartition("/")[2] for one in styles] == ["base.css", "documents.css"]
        assert weight < 60_000


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en", "ko", "ja"])
async def test_pages_speak_five_languages(site: Reading, language: str) -> None:
    for path in ("/documents/", FUND, f"{FUND}/changes", "/search?q=租房提取公积金"):
        shown = await site.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert shown.status == 200
        assert f'<html lang="{language}">' in shown.text


async def test_while_no_release_is_served_one_is_asked_to_come_again(
    made: Made, tmp_path_factory: pytest.TempPathFactory
) -> None:
    empty = Live(made.root, lambda _folder: pytest.fail("not loaded"), thread_setup=one_thread)
    async with reading(empty, tmp_path_factory.mktemp("none")) as site:
        shown = [
            await site.get(path) for path in ("/documents/", "/documents/a", "/search?q=轮渡")
        ]
    empty.close()
    assert [one.status for one in shown] == [503, 503, 503]
    assert {one.headers["Retry-After"] for one in shown} == {"3"}
