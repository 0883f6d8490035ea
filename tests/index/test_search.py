"""The right document and passage first, on documents short enough to read (library.py)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from index.build import build, load
from index.errors import NothingToIndex
from index.searcher import Searcher
from index.types import Hit
from knowledge.types import Document, Kind, Status
from tests.index.fake import Hashed
from tests.index.library import (
    FOREIGN,
    FUND,
    FUND_EXPLAINED,
    LIBRARY,
    MATERNITY,
    MEDICAL,
    MINISTRY,
    OLD_FUND,
    TODAY,
    TRADE_IN,
    UNEMPLOYMENT,
    document,
)

LONG = "请问租房每月能提取多少公积金？" * 333 + "谢谢"  # 5,000 characters


def of(folder: Path, *documents: Document) -> Searcher:
    manifest = build(documents, folder, encoder=Hashed.fit, calibrate=False)
    return load(folder / manifest.name, encoder=Hashed.load)


def ids(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.document.id for hit in hits]


@pytest.mark.parametrize(
    ("question", "first", "words"),
    [
        ("失业人员多久内要申领失业保险金？", UNEMPLOYMENT, "六十日内"),
        ("失業人員多久內要申領失業保險金？", UNEMPLOYMENT, "六十日内"),  # finds simplified text
        ("生育津贴按什么计发？", MATERNITY, "月平均工資"),  # and the other way round
        ("难产增加多少天津贴", MATERNITY, "十五天"),
        ("Which foreign employees join the pension insurance?", FOREIGN, "work permit"),
        ("may an employee WITHDRAW the personal account", FOREIGN, "withdraw"),
        ("退休可以提取账户余额吗", FUND, "全部余额"),
        ("租房每月能提取多少公积金？", FUND, "1500元"),
        ("澜人社规〔2024〕5号", UNEMPLOYMENT, "失业"),
        ("请问人社规[2024]5号说了什么？", MINISTRY, ""),
        ("《失业保险金申领发放办法》", UNEMPLOYMENT, ""),
        ("《失业保险金申领发放办法》里租房每月能提取多少公积金？", UNEMPLOYMENT, ""),
    ],
)
def test_the_right_passage_first(
    searcher: Searcher, question: str, first: Document, words: str
) -> None:
    hit = searcher(question, TODAY).hits[0]
    assert hit.document in {first, *(() if first is not FUND else (FUND_EXPLAINED,))}
    assert words in hit.passage.text


def test_a_named_document_is_alone(searcher: Searcher) -> None:
    assert set(ids(searcher("澜人社规〔2024〕5号规定什么？", TODAY).hits)) == {UNEMPLOYMENT.id}


@pytest.mark.parametrize(
    ("question", "outdated"),
    [
        ("翡翠卡持有人怎么提取公积金？", OLD_FUND),
        ("买一级能效冰箱最高补多少？", TRADE_IN),
        ("澜公积金规〔2022〕2号", OLD_FUND),
    ],
)
def test_what_does_not_bind_stands_apart(
    searcher: Searcher, question: str, outdated: Document
) -> None:
    found = searcher(question, TODAY)
    assert found.outdated[0].document == outdated
    assert not {OLD_FUND.id, TRADE_IN.id, MEDICAL.id} & set(ids(found.hits))
    assert {OLD_FUND.id, TRADE_IN.id} >= set(ids(found.outdated))


@pytest.mark.parametrize(
    "question",
    [
        "澜公积金规〔2022〕2号现在还有效吗，租房能提多少？",
        "《澜港市住房公积金提取办法》还能用吗？租房提多少？",
    ],
)
def test_nothing_else_answers_what_is_asked_of_a_document_that_ended(
    searcher: Searcher, question: str
) -> None:
    found = searcher(question, TODAY)
    assert found.hits == ()
    assert [hit.document for hit in found.outdated] == [OLD_FUND]
    assert found.outdated[0].probability == 1.0


def test_what_is_not_yet_in_force_is_neither_an_answer_nor_outdated(searcher: Searcher) -> None:
    found = searcher("2027年居民医疗保险个人缴费标准", TODAY)
    assert MEDICAL.id not in {*ids(found.hits), *ids(found.outdated)}


@pytest.mark.parametrize(
    ("on", "binds"),
    [
        (date(2025, 6, 30), False),
        (date(2025, 7, 1), True),
    ],
)
def test_the_day_decides(searcher: Searcher, on: date, *, binds: bool) -> None:
    found = searcher("退休提取公积金账户余额", on)
    assert (FUND.id in ids(found.hits)) is binds
    assert FUND.id not in ids(found.outdated)


@pytest.mark.parametrize(
    ("passage", "on", "there"),
    [
        (f"{FUND.id}#1", TODAY, True),
        (f"{FUND.id}#1", date(2025, 6, 30), False),  # not yet in force
        (f"{OLD_FUND.id}#1", TODAY, False),  # superseded
        (f"{FUND.id}#99", TODAY, False),
        (f"{FUND.id}#-1", TODAY, False),
        (f"{FUND.id}#", TODAY, False),
        ("nowhere#0", TODAY, False),
        (FUND.id, TODAY, False),
        ("", TODAY, False),
    ],
)
def test_a_passage_by_its_id_only_while_it_binds(
    searcher: Searcher, passage: str, on: date, *, there: bool
) -> None:
    found = searcher.passage(passage, on)
    assert (found is not None) is there
    assert found is None or (found.passage.id, found.document) == (passage, FUND)


def test_an_expired_document_binds_until_its_last_day(searcher: Searcher) -> None:
    question = "购买一级能效冰箱补贴"
    assert searcher(question, date(2025, 12, 31)).hits[0].document == TRADE_IN
    assert searcher(question, date(2026, 1, 1)).outdated[0].document == TRADE_IN


def test_a_superseded_document_names_its_successor(searcher: Searcher) -> None:
    found = searcher("翡翠卡", TODAY)
    assert found.outdated[0].successor == FUND
    assert {hit.successor for hit in found.hits} == {None}


@pytest.mark.parametrize("question", ["租房每月能提取多少公积金？", "公积金", "第二条", LONG])
def test_no_two_equal_texts(searcher: Searcher, question: str) -> None:
    texts = ["".join(hit.passage.text.split()) for hit in searcher(question, TODAY).hits]
    assert texts
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    "question", ["", "   ", "😀", "zzz qqq", "馕饕餮", "？！", "什么", "\u200b", "a" * 5000]
)
def test_a_question_without_a_topic_is_refused(searcher: Searcher, question: str) -> None:
    found = searcher(question, TODAY)
    assert all(0 <= hit.probability <= found.line for hit in (*found.hits, *found.outdated))


def test_a_very_long_question_is_searched(searcher: Searcher) -> None:
    assert len(LONG) > 4990
    assert "1500元" in searcher(LONG, TODAY).hits[0].passage.text


@pytest.mark.parametrize("question", ["租房每月能提取多少公积金？", "翡翠卡", "", "pension"])
def test_what_hits_say_of_themselves(searcher: Searcher, library: Path, question: str) -> None:
    found = searcher(question, TODAY)
    assert found.release == library.name
    assert 0 < found.line < 1
    for hits in (found.hits, found.outdated):
        probabilities = [hit.probability for hit in hits]
        assert probabilities == sorted(probabilities, reverse=True)
        for hit in hits:
            assert hit.passage.document_id == hit.document.id
            assert hit.passage.text == hit.document.text[hit.passage.start : hit.passage.end]
            assert hit.document in LIBRARY
            assert 0 <= hit.keyword <= 1
            assert -1.001 <= hit.vector <= 1.001
            assert 0 <= hit.probability <= 1


def test_what_an_interpretation_explains_is_found_with_it(tmp_path: Path) -> None:
    rule = document("rule", "澜港市观鸟台管理办法", "第一条 观鸟台由园林局管理。\n")
    said = "".join(
        f"问：观鸟台第{n}号门票怎么买？\n\n答：观鸟台第{n}号门票在{n}号窗口买。\n\n"
        for n in range(9)
    )
    told = document("told", "观鸟台问答", said, kind=Kind.INTERPRETATION, interprets=("rule",))
    manifest = build([rule, told], tmp_path, encoder=Hashed.fit, calibrate=False)
    found = load(tmp_path / manifest.name, encoder=Hashed.load)("观鸟台门票怎么买？", TODAY)
    assert found.hits[0].document.id == "told"
    assert [hit.document.id for hit in found.hits].count("rule") == 1


def test_an_answer_that_leaves_its_subject_out_is_found_by_its_bureau(tmp_path: Path) -> None:
    bureaus = {
        "澜港市体育局": (
            "游泳馆的票价为成人30元、学生15元。",
            "游泳馆设有更衣室和淋浴间。",
            "游泳馆每月第一个星期一换水，当天不营业。",
            "全年6时至22时开放，节假日照常。",
            "游泳馆的深水区须凭深水证进入。",
        ),
        "澜港市税务局": (
            "纳税人可以在办税服务厅领取发票。",
            "契税由买方缴纳。",
            "每日8时30分至17时开放办税，节假日不开放。",
            "印花税按季申报。",
            "车船税随保险一并缴纳。",
        ),
    }
    documents = [
        document(f"{bureau}{place}", bureau, text)
        for bureau, texts in bureaus.items()
        for place, text in enumerate(texts)
    ]
    hits = of(tmp_path, *documents)("换水以后节假日几时开放？", TODAY).hits
    assert hits[0].document.id == "澜港市体育局3"


def test_asking_twice_is_answered_twice_the_same(searcher: Searcher) -> None:
    assert searcher("租房提取", TODAY) == searcher("租房提取", TODAY)


def test_documents_for_an_evaluation_have_no_dates(searcher: Searcher) -> None:
    assert searcher.documents("翡翠卡", limit=3)[0] == OLD_FUND.id
    assert len(searcher.documents("公积金", limit=2)) == 2


def test_one_document_of_one_passage(tmp_path: Path) -> None:
    searcher = of(tmp_path, document("only", "税", "税率为百分之三。"))
    for question in ("税率是多少？", "别的事", ""):
        assert set(ids(searcher(question, TODAY).hits)) <= {"only"}
    [hit] = searcher("税率是多少？", TODAY).hits
    assert hit.passage.text == "税率为百分之三。"


def test_nothing_that_binds(tmp_path: Path) -> None:
    searcher = of(tmp_path, document("old", "税", "税率为百分之三。", status=Status.REPEALED))
    found = searcher("税率", TODAY)
    assert found.hits == ()
    assert ids(found.outdated) == ["old"]
    assert found.outdated[0].successor is None


def test_documents_of_equal_text(tmp_path: Path) -> None:
    text = "税率为百分之三。"
    searcher = of(tmp_path, *(document(name, "税", text) for name in "abc"))
    assert ids(searcher("税率", TODAY).hits) == ["a"]


def test_documents_without_words_do_not_disturb(tmp_path: Path) -> None:
    searcher = of(tmp_path, document("a", "…", "！！！"), document("b", "税", "税率为百分之三。"))
    assert ids(searcher("税率", TODAY).hits)[0] == "b"


@pytest.mark.parametrize(
    "documents",
    [(), (document("a", "标题", ""),), (document("a", "标题", "……！！"),)],
    ids=["none", "empty", "punctuation"],
)
def test_nothing_to_index(tmp_path: Path, documents: tuple[Document, ...]) -> None:
    with pytest.raises(NothingToIndex, match="there is no document to index"):
        build(documents, tmp_path, encoder=Hashed.fit)
    assert list(tmp_path.iterdir()) == []
