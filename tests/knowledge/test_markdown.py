from __future__ import annotations

import pytest

from knowledge.readers.markdown import read_markdown
from knowledge.types import Heading


def text(markdown: str) -> str:
    return read_markdown(markdown.encode()).text.removesuffix("\n")


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("# 标题", "标题"),
        ("###### 六级 ######", "六级"),
        ("#没有空格", "#没有空格"),
        ("####### 七个", "####### 七个"),
        ("一段**重点**文字", "一段重点文字"),
        ("__两种__写法", "两种写法"),
        (r"\**不是\**重点", r"\**不是\**重点"),
        ("2 ** 3 ** 4", "2 ** 3 ** 4"),
        ("## 第一章 **总则**", "第一章 总则"),
        ("见[通知](https://www.linchao.example/1)。", "见通知 (https://www.linchao.example/1)。"),
        ("![图](https://www.linchao.example/1.png)", "![图](https://www.linchao.example/1.png)"),
        ("[附件](附件.pdf)", "[附件](附件.pdf)"),
        ("| 类别 | 金额 |", "类别 | 金额"),
        ("|类别|**60**元|", "类别 | 60元"),
        ("| 甲<br>乙 |  | 丙 |", "甲 乙 |  | 丙"),
        ("| --- | :---: |", ""),
        ("| - | - |", "- | -"),
        ("   第一条　缩进   ", "第一条　缩进"),
        ("- 甲", "- 甲"),
        ("1. 甲", "1. 甲"),
        ("> 引文", "> 引文"),
    ],
)
def test_a_line(markdown: str, plain: str) -> None:
    assert text(markdown) == plain


def test_a_page_keeps_its_lines_and_says_where_its_headings_are() -> None:
    page = read_markdown(
        "# 办法\n\n## 第一章 总则\n正文。\n\n| 甲 | 乙 |\n| --- | --- |\n| 1 | 2 |".encode()
    )
    assert page.text == "办法\n\n第一章 总则\n正文。\n\n甲 | 乙\n1 | 2\n"
    assert page.headings == (Heading(0, 2, 1), Heading(4, 10, 2))
    assert [page.text[one.start : one.end] for one in page.headings] == ["办法", "第一章 总则"]
