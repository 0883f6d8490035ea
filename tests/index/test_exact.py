"""Documents that a question names outright."""

from __future__ import annotations

import pytest

from index.exact import Keys
from tests.index.library import FUND, LIBRARY, MATERNITY, MINISTRY, UNEMPLOYMENT, document

PLACES = {one.id: place for place, one in enumerate(LIBRARY)}
ODD = (
    document("a", "预算法", "text", number="—"),
    document("b", "——", "text", number="1号"),
    document("c", "联合通知", "text", number="澜财〔2026〕8号、澜人社〔2026〕9号"),
    document("d", "中华人民共和国潮汐法", "text"),
)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("澜公积金规〔2025〕3号说了什么", [FUND.id]),
        ("澜公积金规[2025]3号", [FUND.id]),
        ("澜公积金规(2025)3号", [FUND.id]),
        ("澜公积金规（2025）3号", [FUND.id]),
        ("澜公积金规【2025】第3号", [FUND.id]),
        ("澜公积金规 〔 2025 〕 3 号", [FUND.id]),
        ("瀾公積金規〔2025〕3號", [FUND.id]),
        ("澜公积金规〔２０２５〕３号", [FUND.id]),
        ("请问根据澜公积金规〔2025〕3号", [FUND.id]),  # words run into the number
        ("澜医保规〔2025〕7号", [MATERNITY.id]),
        ("人社规〔2024〕5号", [MINISTRY.id]),
        ("澜人社规〔2024〕5号", [UNEMPLOYMENT.id]),  # which the ministry's number ends, too
        ("澜公积金规〔2025〕13号", []),
        ("澜公积金规〔2025〕33号", []),
        ("《澜港市住房公积金提取管理办法》第二条", [FUND.id, "fund-2025-explained"]),
        ("《生育津贴发放办法》", [MATERNITY.id]),
        ("《失业保险金申领发放办法》和人社规〔2024〕5号", [MINISTRY.id, UNEMPLOYMENT.id]),
        ("失业保险金申领发放办法", [UNEMPLOYMENT.id]),  # without 《》
        ("《不在库的办法》", []),
        ("", []),
    ],
)
def test_a_document_named_by_number_or_title(question: str, named: list[str]) -> None:
    assert Keys.build(LIBRARY).documents(question) == [PLACES[name] for name in named]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("《预算法》", [0]),  # three characters are a title
        ("澜商务规〔2025〕1号", []),  # no number of ours, whatever stands in the field
        ("《…………》", []),
        ("澜财〔2026〕8号", [2]),
        ("澜人社〔2026〕9号", [2]),
        ("《潮汐法》第三条", [3]),  # without the name of the state
        ("《中华人民共和国潮汐法》", [3]),
    ],
)
def test_fields_filled_in_oddly(question: str, named: list[int]) -> None:
    assert Keys.build(ODD).documents(question) == named


def test_ids_lead_to_documents() -> None:
    ids = Keys.build(LIBRARY).ids
    assert {name: ids.get(name) for name in PLACES} == PLACES
    assert ids.get("none") is None
