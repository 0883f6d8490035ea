"""Real pages and damaged files, which lie beside the repository and are not part of it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import Origin, document, make
from knowledge.library import Library, read_library
from knowledge.passages import passages
from knowledge.readers.decode import decode
from knowledge.readers.html import read_html
from knowledge.readers.text import read_text
from knowledge.repair import Damage, repair
from knowledge.structure import Rank, outline
from knowledge.types import Disclosure, Lang

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
GUANGZHOU = CORPUS / "guangzhou"
PAGES = sorted(GUANGZHOU.glob("*.html"))
LIST_OF_LINKS = "20b_广州劳动仲裁服务指南_目录"  # a page of links, without a text of its own
MENUS = re.compile(
    r"市委组织部|扫一扫在手机|当前位置|长者助手|无障碍版?$|网站地图|ICP备|公网安备|主办单位|网站标识码"
    r"|上一篇|下一篇|打印本页|关闭窗口|分享到|【字体|document\.|function\s*\(|\{\{",
    re.MULTILINE,
)
# Pinyin in brackets, private characters, the beginning of a shifted run.
DAMAGE = re.compile(
    r"[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]{1,6}[)）]|[\ue000-\uf8ff]|\?。|[┨┱┤ㄒㄈ\ufffd]"
)

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.is_dir(), reason=f"{CORPUS} is not here"),
]


@pytest.fixture(scope="module")
def library() -> Library:
    return read_library([GUANGZHOU])


def test_all_pages_but_a_list_of_links_are_read(library: Library) -> None:
    assert {one.id for one in library.documents} == {page.stem for page in PAGES} - {LIST_OF_LINKS}
    assert len(PAGES) == 47
    reasons = {Path(one.path).stem: one.reason for one in library.skipped}
    assert reasons[LIST_OF_LINKS] == (
        "the page holds no running text, only menus or pictures; mend the file and build again"
    )


def test_every_page_has_a_title_and_a_day(library: Library) -> None:
    assert [one.id for one in library.documents if one.published is None] == []
    assert [one.id for one in library.documents if not 5 <= len(one.title) <= 80] == []
    assert [one.id for one in library.documents if not one.issuer] == []
    assert {one.language for one in library.documents} == {Lang.ZH_HANS}
    assert {one.disclosure for one in library.documents} == {Disclosure.OPEN}


def test_no_menus_are_in_the_texts(library: Library) -> None:
    found = {one.id: MENUS.findall(one.text) for one in library.documents}
    assert {name: words for name, words in found.items() if words} == {}


def test_the_passages_of_every_page_are_its_text(library: Library) -> None:
    for one in library.documents:
        cut = passages(one)
        assert "".join(passage.text for passage in cut) == one.text
        assert all(passage.text.strip() for passage in cut)
        clauses = [m.label for m in outline(one.text, one.headings) if m.rank is Rank.CLAUSE]
        if len(clauses) > 1:
            assert set(clauses) <= {part for passage in cut for part in passage.address}


def test_a_page_that_we_know() -> None:
    [path] = GUANGZHOU.glob("11_*.html")
    made = document(read_html(path.read_bytes()), Origin(path.stem, path.stem, path.name))
    assert (made.title, made.number, made.issuer) == (
        "广州市人民政府办公厅关于印发广州市公共租赁住房管理办法的通知",
        "穗府办规〔2024〕13号",
        "广州市人民政府办公厅",
    )
    assert (made.published, made.effective, made.expires) == (
        date(2024, 9, 12),
        date(2024, 7, 29),
        date(2029, 7, 28),
    )
    clauses = [
        mark.label for mark in outline(made.text, made.headings) if mark.rank is Rank.CLAUSE
    ]
    assert (clauses[0], clauses[-1], len(clauses)) == ("第一条", "第五十四条", 54)


def test_the_seed_notice_reads_as_the_original() -> None:
    path = CORPUS / "seed" / "qingdao-finance-2021-openness-plan.txt"
    made = make(read_text(path.read_bytes()), Origin("seed", "seed", path.name))
    of = made.document
    assert of.title == "青島市財政局2021年政務公開工作要點"
    assert (of.issuer, of.published, of.language) == (
        "青島市財政局",
        date(2021, 8, 6),
        Lang.ZH_HANT,
    )
    assert DAMAGE.findall(of.text) == []
    lines = [line for line in of.text.split("\n") if line]
    assert [
        line
        for line in lines
        if re.match(r"[（一二三四五]{1,2}[、一二三]", line) and len(line) < 40
    ] == [
        "一、聚焦重點，突破難點，推動政務公開高質量發展",
        "二、精準定位，力求實效，提高政務公開為民服務能力",
        "（一）提供政策咨詢服務",
        "（二）提供政策解讀服務",
        "（三）提供政民互動服務",
        "三、深度融合，多元協作，推進政務公開平臺建設",
        "四、優化流程，嚴格規范，夯實政務公開基礎",
        "（一）全鏈條加強政府信息管理",
        "（二）全流程規范依申請公開辦理",
        "（三）全方位加強輿情回應",
        "五、強化素質，提升效能，做好政務公開保障",
    ]
    assert lines[:2] == [
        "青島市財政局2021年政務公開工作要點",
        "青島政務網 發布日期 : 2021-08-06",
    ]
    assert lines[2].startswith(
        "2021年政務公開工作的總體要求是：以習近平新時代中國特色社會主義思想為指導，全面貫徹黨的十九大和"
        "十九屆二中、三中、四中、五中全會精神，深入貫徹落實國家、省、市關于全面深化政務公開的工作要求，"
    )
    assert lines[-1] == "2021年政務公開重點任務分解落實表"
    assert len(lines) == 24
    assert [(change.damage, change.count) for change in made.changes] == [
        (Damage.SHIFTED, 4),
        (Damage.PINYIN, 251),
        (Damage.PUNCTUATION, 61),
        (Damage.FURNITURE, 2),
    ]


def test_nothing_of_the_seed_notice_is_lost() -> None:
    """What is sound in the file stands in the text, in its order, and nothing is added."""
    path = CORPUS / "seed" / "qingdao-finance-2021-openness-plan.txt"
    mended = repair(path.read_text("utf-8")).text
    sound = re.sub(r"\([a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,6}\)", "", path.read_text("utf-8"))
    kept = [
        line
        for line in sound.split("\n")
        if line.strip() and not line.startswith(("字體大小", "掃一掃在手機"))
    ]
    for before, after in zip(
        kept, [line for line in mended.split("\n") if line.strip()], strict=True
    ):
        if "?。" not in before:
            words = re.compile(r"[\u4e00-\u9fff0-9]")
            assert words.findall(before) == words.findall(after)


@pytest.mark.parametrize("name", ["000", "001", "003", "005"])
def test_files_that_were_misread(name: str) -> None:
    [path] = (CORPUS / "damaged").glob(f"{name}_*.md")
    text = decode(path.read_bytes())
    mended = repair(text)
    assert re.search(r"[锛绋鍒鎶浼]", text) is not None
    assert re.findall(r"[锛绋鍒鎶浼]|[\ue000-\uf8ff]", mended.text) == []
    assert {one.damage for one in mended.changes} <= {
        *(Damage.MISREAD, Damage.UNREADABLE, Damage.BLANKS)
    }
    assert mended.text.count("\ufffd") <= text.count("?")  # each stands where a byte was lost


@pytest.mark.parametrize(
    ("folder", "words"),
    [
        ("GB2312", ["中国", "提供最新[系统工具]免费下载", "午后"]),
        ("Big5", ["圖書館", "散文集", "自己"]),
        ("UTF-16LE", ["DateTime,Bid,Ask", "Transitional//EN", ""]),
        ("utf-8-sig", ["コンソール", "the comment section", ""]),
    ],
)
def test_files_in_other_encodings(folder: str, words: list[str]) -> None:
    files = sorted((CORPUS / "damaged" / folder).iterdir())
    texts = "\n".join(decode(path.read_bytes(), declares=True) for path in files)
    assert [word for word in words if word not in texts] == []
    assert texts.count("\ufffd") <= 3 * len(files)
