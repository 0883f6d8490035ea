"""Questions about a day, and names outright, on a policy that was replaced and one amended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build, load
from index.searcher import Searcher
from index.types import Found
from index.validity import Days, Validity
from knowledge.catalogue.linked import linked
from knowledge.types import Document, Kind, Status
from knowledge.validity import inherit
from tests.index.fake import Hashed
from tests.index.library import TODAY, document

OLD = document(
    "old",
    "澜港市租房补贴办法（试行）",
    "第一条 为支持租房，制定本办法。\n第二条 租房补贴每月900元。\n第三条 补贴发一年。\n",
    number="澜建规〔2019〕1号",
    effective=date(2019, 1, 1),
    status=Status.SUPERSEDED,
    superseded_by="new",
)
NEW = document(
    "new",
    "澜港市租房补贴办法",
    "第一条 为支持租房，制定本办法。\n第二条 租房补贴每月1500元。\n",
    number="澜建规〔2025〕2号",
    published=date(2025, 1, 10),
    effective=date(2025, 3, 1),
    repeals=("old",),
)
TOLD = document(
    "told",
    "《澜港市租房补贴办法》解读",
    "第二条 问：租房补贴有多少？答：每月1500元，比从前多600元。\n",
    kind=Kind.INTERPRETATION,
    published=date(2025, 1, 10),
    interprets=("new",),
)
GONE = document(
    "gone", "澜港市养犬津贴办法", "第一条 养犬津贴每月20元。\n", status=Status.REPEALED
)
AMENDED = document(
    "amended",
    "澜港市托育津贴办法",
    "第一条 托育津贴每月300元。\n第二条 每季度发放。\n",
    status=Status.AMENDED,
    effective=date(2020, 1, 1),
)
AMENDMENT = document(
    "amendment",
    "关于修改托育津贴办法的决定",
    "将第一条的金额改为三百元整。\n",
    effective=date(2024, 1, 1),
    amends=("amended",),
)
COMING = document(
    "coming",
    "澜港市夜校补贴办法",
    "第一条 夜校补贴每人200元。\n",
    number="澜教规〔2026〕9号",
    effective=date(2027, 1, 1),
)
SOME = (OLD, NEW, TOLD, GONE, AMENDED, AMENDMENT, COMING)
REPLACED = date(2025, 3, 1)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    root = tmp_path_factory.mktemp("days")
    documents = tuple(inherit(linked(SOME)))
    name = build(documents, root, encoder=Hashed.fit, calibrate=False).name
    return load(root / name, encoder=Hashed.load)


def ids(found: Found) -> set[str]:
    return {hit.document.id for hit in found.hits}


@pytest.mark.parametrize(
    ("question", "document_id", "words"),
    [
        ("澜建规〔2025〕2号第二条", "new", "1500元"),
        ("《澜港市租房补贴办法》第二条说什么？", "new", "1500元"),
        ("《租房补贴办法》第2条", "new", "1500元"),
        ("租房补贴办法第二条的内容", "new", "1500元"),
        ("我市租房补贴办法第二条", "new", "1500元"),
        ("瀾港市租房補貼辦法第二條規定了什麼", "new", "1500元"),
        ("澜建规〔2025〕2号", "new", "为支持租房"),
        ("《澜港市租房补贴办法》第二条，夫妻两人怎么算？", "new", "1500元"),
        ("截至2020年1月1日，《澜港市租房补贴办法》第二条", "old", "900元"),
        ("2020年1月1日时澜建规〔2019〕1号第二条怎么规定", "old", "900元"),
    ],
)
def test_what_is_named_is_found_with_certainty(
    searcher: Searcher, question: str, document_id: str, words: str
) -> None:
    first = searcher(question, TODAY).hits[0]
    assert (first.document.id, first.exact, first.probability) == (document_id, True, 1.0)
    assert words in first.passage.text


@pytest.mark.parametrize(
    "question",
    ["澜建规〔2025〕2号第九条", "《租房补贴办法》第二条第三款", "租房补贴办法第二条第（二）项"],
)
def test_a_clause_that_is_not_there_is_not_answered(searcher: Searcher, question: str) -> None:
    found = searcher(question, TODAY)
    assert found.no_such_clause
    assert found.answer is None
    assert not any(hit.exact for hit in found.hits)


@pytest.mark.parametrize(
    ("question", "old"),
    [
        ("澜建规〔2019〕1号第二条", "old"),
        ("澜建规〔2019〕1号", "old"),
        ("《澜港市租房补贴办法》第三条", "old"),  # the new one has no such clause
        ("《养犬津贴办法》第一条", "gone"),
    ],
)
def test_what_is_named_and_gone_is_only_told_of(
    searcher: Searcher, question: str, old: str
) -> None:
    found = searcher(question, TODAY)
    assert found.hits == ()
    assert (found.outdated[0].document.id, found.outdated[0].exact) == (old, True)
    assert not found.no_such_clause


@pytest.mark.parametrize("question", ["澜建规〔2031〕7号第二条", "《不在库的办法》第一条说什么"])
def test_what_is_named_and_not_here_is_not_found(searcher: Searcher, question: str) -> None:
    found = searcher(question, TODAY)
    assert (found.hits, found.outdated, found.no_such_clause) == ((), (), False)


def test_another_citys_policy_is_not_ours(searcher: Searcher) -> None:
    found = searcher("珠海市租房补贴办法第二条", TODAY)
    assert not any(hit.exact for hit in (*found.hits, *found.outdated))


def test_what_is_named_and_not_yet_in_force_does_not_answer(searcher: Searcher) -> None:
    found = searcher("澜教规〔2026〕9号第一条", TODAY)
    assert ids(found) == {"coming"}
    assert found.answer is None
    assert searcher("截至2027-01-01，澜教规〔2026〕9号第一条", TODAY).answer is not None


@pytest.mark.parametrize(
    ("question", "as_of", "answers"),
    [
        ("租房补贴每月多少", None, {"new", "told"}),
        ("截至2020年5月1日租房补贴每月多少", date(2020, 5, 1), {"old"}),
        ("as of 2025-02-28 租房补贴每月多少", date(2025, 2, 28), {"old"}),
        ("as of 2025-03-01 租房补贴每月多少", date(2025, 3, 1), {"new", "told"}),
        ("去年的租房补贴规定", date(2025, 12, 31), {"new", "told"}),
        ("截至2018年5月1日租房补贴每月多少", date(2018, 5, 1), set()),
    ],
)
def test_the_day_that_is_asked_for(
    searcher: Searcher, question: str, as_of: date | None, answers: set[str]
) -> None:
    found = searcher(question, TODAY)
    assert found.as_of == as_of
    assert ids(found) & {"old", "new", "told"} == answers


def test_what_did_not_exist_yet_is_not_outdated(searcher: Searcher) -> None:
    found = searcher("截至2018年5月1日租房补贴每月多少", TODAY)
    assert "old" not in {hit.document.id for hit in found.outdated}


@pytest.mark.parametrize(("day", "there"), [("2023-12-31", False), ("2024-01-01", True)])
def test_before_its_amendment_a_policy_said_something_else(
    searcher: Searcher, day: str, *, there: bool
) -> None:
    assert ("amended" in ids(searcher(f"截至{day}托育津贴每月多少", TODAY))) is there


DAYS = st.dates(date(2018, 1, 1), date(2028, 1, 1))


@given(
    DAYS, st.sampled_from(["租房补贴每月多少", "《租房补贴办法》第二条", "托育津贴", "养犬津贴"])
)
def test_what_has_ended_never_answers(searcher: Searcher, day: date, question: str) -> None:
    for found in (searcher(question, day), searcher(f"截至{day.isoformat()}，{question}", TODAY)):
        for hit in found.hits:
            if found.answer is not None:
                assert hit.document.standing(day).binding
            assert hit.document.expires is None or hit.document.expires >= day
            assert hit.document.status not in {Status.REPEALED, Status.SUPERSEDED}


@given(
    st.lists(
        st.builds(
            replace,
            st.just(NEW),
            status=st.sampled_from(Status),
            published=st.none() | DAYS,
            effective=st.none() | DAYS,
            expires=st.none() | DAYS,
        ),
        max_size=4,
    ),
    DAYS,
)
def test_the_two_ways_to_tell_what_binds_agree(
    tmp_path_factory: pytest.TempPathFactory, documents: list[Document], day: date
) -> None:
    folder = tmp_path_factory.mktemp("validity")
    days = Days()
    for one in documents:
        days.add(one)
    days.save(folder)
    validity = Validity(folder)
    assert validity.binding(day).tolist() == [one.standing(day).binding for one in documents]
    assert not (validity.bound(day) & ~validity.binding(day)).any()
    assert not (validity.gone(day) & validity.binding(day)).any()


def test_without_a_first_day_nothing_is_sure_of_the_past(tmp_path: Path) -> None:
    days = Days()
    days.add(replace(NEW, published=None, effective=None))
    days.save(tmp_path)
    validity = Validity(tmp_path)
    yesterday = TODAY - timedelta(days=1)
    assert (validity.binding(TODAY).tolist(), validity.bound(yesterday).tolist()) == (
        [True],
        [False],
    )
