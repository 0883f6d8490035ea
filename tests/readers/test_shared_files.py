"""The real tables and office files beside the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.library import Library, read_library
from knowledge.passages import passages
from knowledge.types import Disclosure, Kind

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not CORPUS.exists(), reason="no folder ../shared/corpus"),
]


def read(name: str) -> Library:
    library = read_library([CORPUS / name], disclosure=Disclosure.OPEN)
    for one in library.documents:
        assert "".join(part.text for part in passages(one)) == one.text
    return library


def reasons(library: Library) -> list[str]:
    return [one.reason for one in library.skipped]


def test_the_official_documents_of_guangzhou() -> None:
    library = read("guangzhou/官方文件表.csv")
    assert len(library.documents) == 37
    assert reasons(library) == [
        "columns not read: 序号, 关联条目, 备注; if they matter, name them in source.toml"
    ]
    found = {one.title: one for one in library.documents}["广州市公共租赁住房保障办法"]
    assert (found.number, found.issuer) == ("穗府办规〔2024〕13号", "广州市人民政府办公厅")
    assert found.source.startswith("https://www.gz.gov.cn/")
    assert found.text.startswith("第二条 本办法所称的公共租赁住房保障，")
    assert all(one.published and one.issuer for one in library.documents)


def test_the_answers_of_guangzhou() -> None:
    library = read("guangzhou/知识条目表.csv")
    assert len(library.documents) == 37
    assert {one.kind for one in library.documents} == {Kind.ANSWER}
    assert all("\n咨询电话：" in one.text for one in library.documents)
    assert all(one.topics for one in library.documents)


def test_the_exports_of_hebei() -> None:
    policies = read("hebei/policies-science.csv")
    twins = [one for one in reasons(policies) if one.startswith("it says the same as row")]
    assert (len(policies.documents), len(twins)) == (103, 37)
    interpretations = read("hebei/interpretations-science.csv")
    empty = [one for one in reasons(interpretations) if one.startswith("there is no text")]
    assert (len(interpretations.documents), len(empty)) == (98, 36)
    assert {one.kind for one in interpretations.documents} == {Kind.INTERPRETATION}
    first = next(one for one in policies.documents if "河北省实验室建设" in one.title)
    assert (first.number, first.issuer) == ("冀科平规〔2024〕1号", "河北省科学技术厅")


def test_the_office_files() -> None:
    library = read("office")
    assert library.skipped == ()
    found = {one.id: one for one in library.documents}
    assert found["06-auto-numbering"].text == (
        "自动编号样例\n1. 自动编号第一项\n2. 自动编号第二项\n3. 自动编号第三项\n"
        "一、手写编号也应作为正文文本保留\n"
    )
    assert found["02-table"].text.endswith("格式检查 | 综合处 | 已完成\n备注 | 含合并单元格\n")
    assert found["03-header-footer-page"].text == (
        "页眉页脚和页码样例\n本样例用于检查页眉、页脚、PAGE 字段和首页不同设置。\n"
        "第二节内容\n第二节用于检查多节文档的页面处理。\n"
    )
    guidelines = found["edpb_guidelines_202005_consent_en"]
    assert guidelines.title.startswith("Guidelines 05/2020 on consent under Regulation 2016/679")
    assert "\nadopted " not in guidelines.text
    assert "No 154/2018 of 6 July 2018[1],\n" in guidelines.text
    assert "\n3 ELEMENTS OF VALID CONSENT\n" in guidelines.text
