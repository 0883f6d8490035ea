from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest

from knowledge.documents import Origin, document
from knowledge.readers.base import Page
from knowledge.readers.html import read_html
from knowledge.types import Disclosure, Heading, Kind

DATA = Path(__file__).parent.parent / "data" / "knowledge"
SUBSIDY = """\
临财规〔2025〕8号
各区财政局：
为了减轻居民夏季用电负担，经市政府同意，现将有关事项通知如下。
一、补贴对象
（一）本市户籍的最低生活保障家庭；
（二）特困人员。
二、补贴标准
类别 | 每月 金额
低保家庭 | 每户 60元
特困人员 | 每人80元
本通知自2025年7月1日起施行，有效期一年。
临潮市财政局
2025年6月18日
"""


def read(html: str) -> Page:
    return read_html(html.encode())


def lines(html: str) -> list[str]:
    return read(f"<html><body>{html}</body></html>").text.splitlines()


def test_a_saved_page() -> None:
    page = read_html((DATA / "subsidy.html").read_bytes())
    assert page.text == SUBSIDY
    assert page.declared == {
        "title": "临潮市财政局关于发放夏季用电补贴的通知",
        "published": "2025-06-20 09:30",
        "issuer": "临潮市财政局",
        "source": "https://www.linchao.example/zcwj/0620.html",
        "site": "临潮市人民政府门户网站",
        "column": "政策文件",
    }
    assert [(page.text[h.start : h.end], h.level) for h in page.headings] == [
        ("一、补贴对象", 2),
        ("二、补贴标准", 2),
    ]


def test_a_saved_page_as_a_document() -> None:
    made = document(read_html((DATA / "subsidy.html").read_bytes()), Origin("a", "a", "a.html"))
    assert (made.title, made.number, made.issuer, made.kind, made.disclosure, made.source) == (
        "临潮市财政局关于发放夏季用电补贴的通知",
        "临财规〔2025〕8号",
        "临潮市财政局",
        Kind.POLICY,
        Disclosure.OPEN,
        "https://www.linchao.example/zcwj/0620.html",
    )
    assert (made.published, made.effective, made.expires) == (
        date(2025, 6, 20),
        date(2025, 7, 1),
        date(2026, 6, 30),
    )


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("gb18030", "gb2312"),
        ("gb18030", "gbk"),
        ("gb18030", "GB18030"),
        ("utf-8", "gb2312"),  # the declaration is wrong
        ("utf-8", "big5"),
        ("utf-8-sig", "gb2312"),
        ("utf-16", "utf-8"),
        ("gb18030", "utf-8"),  # wrong, and no valid UTF-8
        ("gb18030", "x-unknown"),
        ("gb18030", ""),
    ],
)
def test_the_same_page_in_any_encoding(encoding: str, declared: str) -> None:
    html = (
        (DATA / "subsidy.html")
        .read_text("utf-8")
        .replace('charset="utf-8"', f"charset={declared}")
    )
    assert read_html(html.encode(encoding)).text == SUBSIDY


def test_big5_is_read_with_the_characters_of_hong_kong() -> None:
    html = '<meta charset="big5"><body><p>深水埗㗎，申請書。</p></body>'
    assert read_html(html.encode("big5hkscs")).text == "深水埗㗎，申請書。\n"


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>甲，</p><p>乙。</p>", ["甲，", "乙。"]),
        ("<div>甲，<span>乙</span>丙。</div>", ["甲，乙丙。"]),
        ("<p>甲，<br>乙。</p>", ["甲，", "乙。"]),
        ("<p>甲，&nbsp;&nbsp;\n  乙。&amp;</p>", ["甲， 乙。&"]),
        ("<ul><li>甲，</li><li>乙。</li></ul>", ["甲，", "乙。"]),
        ("<!-- 注释，注释。 --><p>甲，乙。</p>", ["甲，乙。"]),
        ("<table><tr><td>甲，</td><td></td></tr></table>", ["甲， |"]),
        ("<table><tr><td></td><td></td></tr></table>甲，乙。", ["甲，乙。"]),
        (
            "<p>甲，乙。</p><table><tr><th>丙</th><td>1<td>2</tr></table>",
            ["甲，乙。", "丙 | 1 | 2"],
        ),
        (
            "<table><tr><td hidden>密，</td><td>甲，</td><td>乙。</td></tr></table>",
            ["甲， | 乙。"],
        ),
    ],
)
def test_blocks_become_lines(html: str, expected: list[str]) -> None:
    assert lines(html) == expected


def test_a_table_that_lays_out_the_page_is_no_table() -> None:
    text = "很长的一段话，" * 12
    html = f"<table><tr><td><p>{text}</p><p>第二段。</p></td></tr></table>"
    assert lines(html) == [text, "第二段。"]
    nested = f"<table><tr><td><table><tr><td>甲，</td><td>乙。</td></tr></table></td><td>{text}</td></tr></table>"
    assert lines(nested) == ["甲， | 乙。", text]


def test_a_form_around_the_page_is_the_page() -> None:
    html = "<form id='aspnetForm'><p>第一条　甲，乙。</p><p>第二条　丙。</p><input></form><form>搜索，</form>"
    assert lines(html) == ["第一条　甲，乙。", "第二条　丙。"]


def test_a_hidden_part_in_a_hidden_part() -> None:
    assert lines("<nav><nav hidden><form>密，</form></nav>密。</nav><p>甲，乙。</p>") == [
        "甲，乙。"
    ]


def test_a_body_that_a_script_shows_later_is_read() -> None:
    page = read('<html><body style="display:none"><p>甲，乙。</p></body></html>')
    assert page.text == "甲，乙。\n"


@pytest.mark.parametrize(
    "style", ["display:none", "DISPLAY : NONE;", "color:red;visibility: hidden"]
)
def test_styles_that_hide(style: str) -> None:
    assert lines(f'<p style="{style}">密，密。</p><p style="display:block">甲，乙。</p>') == [
        "甲，乙。"
    ]


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<title>某通知_临潮市财政局网站</title>", "某通知"),
        ("<title>某通知 - 临潮市人民政府</title>", "某通知"),
        ("<title>某通知-附件</title>", "某通知-附件"),
        ('<meta property="og:title" content="甲通知"><title>乙</title>', "甲通知"),
        (
            '<meta name="ARTICLETITLE" content="甲通知"><meta property="og:title" content="乙">',
            "甲通知",
        ),
        ("", ""),
    ],
)
def test_titles(head: str, title: str) -> None:
    page = read(f"<html><head>{head}</head><body><p>甲，乙。</p></body></html>")
    assert page.declared["title"] == title


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("<h1>某办法</h1>", "某办法"),
        ("<header><h1>市政府</h1></header><h1>某办法</h1>", "某办法"),
        ("<h1>您当前所在的位置：首页 > 动态</h1><h1>某办法</h1>", "某办法"),
        ("<h1>首页 > 动态</h1><h1> </h1>", "站名"),
    ],
)
def test_a_heading_is_the_title_where_none_is_declared(body: str, title: str) -> None:
    page = read(f"<title>站名</title><body>{body}<p>甲，乙。</p></body>")
    assert page.declared["title"] == title


def test_headings_are_lines_with_their_level() -> None:
    page = read("<body><h1>办法</h1><p>甲，</p><h3>第一节</h3><p>乙。</p></body>")
    assert page.text == "办法\n甲，\n第一节\n乙。\n"
    assert page.headings == (Heading(0, 2, 1), Heading(6, 9, 3))


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<html></html>",
        "<body></body>",
        "<body><a href='/'>首页，</a><a>新闻。</a></body>",
        "<body><nav>甲，乙。</nav><script>甲，乙。</script></body>",
        "<body><img src=a.png></body>",
        "<body><p>没有标点</p></body>",
        "<frameset><frame src=a></frameset>",
    ],
)
def test_a_page_without_text(html: str) -> None:
    with pytest.raises(ValueError, match=r"the page (has no body|holds no running text)"):
        read(html)


MANY = 50_000


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div>" * MANY + "甲，乙。" + "</div>" * MANY, "甲，乙。\n"),
        ("<div>" * MANY + "甲，乙。", "甲，乙。\n"),
        ("甲，乙。" + "</div>" * MANY, "甲，乙。\n"),
        ("<b>" * MANY + "<p>甲，乙。</p>", "甲，乙。\n"),
        ("<table><tr><td>" * MANY + "甲，乙。", "甲，乙。\n"),
        ("<div hidden>" * MANY + "密，" + "</div>" * MANY + "甲，乙。", "甲，乙。\n"),
        ("<ul><li>" * MANY + "甲，乙。", "甲，乙。\n"),
        ("<span>甲，</span>" * MANY, "甲，" * MANY + "\n"),
        ("<p>甲，</p>" * MANY, "甲，\n" * MANY),
        ("<" * MANY + "甲，乙。", "<" * MANY + "甲，乙。\n"),
        ("甲，乙。<div " * MANY, "甲，乙。\n"),
    ],
    ids=[
        "deep",
        "unclosed",
        "closed",
        "inline",
        "tables",
        "hidden",
        "lists",
        "spans",
        "wide",
        "<",
        "cut",
    ],
)
def test_sick_pages_take_no_time(html: str, expected: str) -> None:
    start = time.perf_counter()
    page = read(f"<html><body>{html}")
    assert page.text == expected
    assert time.perf_counter() - start < 5  # quadratic would be minutes
