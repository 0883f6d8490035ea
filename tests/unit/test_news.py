"""What a new release says of a document, from the documents themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from bot.push.news import (
    ClauseNews,
    Does,
    Event,
    News,
    Relation,
    What,
    concerns,
    excerpt,
    news_of,
)
from bot.subscriptions import Follows, Subscription
from bot.types import Address
from index.diff import changes
from index.shelf import Shelf, ShelfWriter
from knowledge.passages import passages
from knowledge.types import Disclosure, Document, Kind, Lang, Standing, Status

TODAY: Final = date(2026, 11, 23)
TEXT: Final = (
    "第一条 为鼓励居民使用公共自行车，制定本办法。\n"
    "第二条 每次骑行前三十分钟免费。超过三十分钟的，每小时收费1元。\n"
    "第三条 车辆损坏的，应当报告。\n"
)
BICYCLES: Final = Document(
    id="bicycles",
    title="澜港市公共自行车管理办法",
    text=TEXT,
    language=Lang.ZH_HANS,
    kind=Kind.POLICY,
    source="https://jtj.langang.example/bicycles",
    disclosure=Disclosure.OPEN,
    number="澜交规〔2025〕3号",
    issuer="澜港市交通局",
    topics=("公共自行车",),
    published=date(2025, 3, 1),
)
EXPLAINED: Final = replace(
    BICYCLES,
    id="bicycles-explained",
    title="《澜港市公共自行车管理办法》政策解读",
    kind=Kind.INTERPRETATION,
    number="",
    interprets=("bicycles",),
)


def news(folder: Path, old: Sequence[Document], new: Sequence[Document]) -> tuple[News, ...]:
    titles = {one.id: one.title for one in (*old, *new)}
    found = changes(_shelf(folder / "old", old), _shelf(folder / "new", new))
    return news_of(found, title=lambda name: titles.get(name, ""), on=TODAY)


def _shelf(folder: Path, documents: Sequence[Document]) -> Shelf:
    folder.mkdir()
    with ShelfWriter(folder) as writer:
        for one in documents:
            writer.add(one, passages(one))
    return Shelf.open(folder)


def clauses(folder: Path, text: str) -> tuple[ClauseNews, ...]:
    (one,) = news(folder, [BICYCLES], [replace(BICYCLES, text=text)])
    return one.clauses


def test_a_changed_clause_is_told_by_the_sentences_that_differ(tmp_path: Path) -> None:
    assert clauses(tmp_path, TEXT.replace("每小时收费1元", "每小时收费2元")) == (
        ClauseNews(
            what=What.CHANGED,
            address="第二条",
            old="超过三十分钟的，每小时收费1元。",
            new="超过三十分钟的，每小时收费2元。",
        ),
    )


def test_a_clause_that_lost_a_sentence_has_nothing_in_its_place(tmp_path: Path) -> None:
    (one,) = clauses(tmp_path, TEXT.replace("超过三十分钟的，每小时收费1元。", ""))
    assert (one.old, one.new) == ("超过三十分钟的，每小时收费1元。", "")


def test_new_and_gone_clauses_are_told_by_their_words(tmp_path: Path) -> None:
    text = TEXT.replace("第三条 车辆损坏的，应当报告。", "第三条 骑行应当戴头盔，由骑行人自备。")
    assert clauses(tmp_path, text + "第四条 本办法自印发之日起施行。\n")[-1] == ClauseNews(
        what=What.ADDED, address="第四条", new="本办法自印发之日起施行。"
    )
    (tmp_path / "gone").mkdir()
    (gone,) = clauses(tmp_path / "gone", TEXT.replace("第三条 车辆损坏的，应当报告。\n", ""))
    assert gone == ClauseNews(what=What.REMOVED, address="第三条", old="车辆损坏的，应当报告。")


@pytest.mark.parametrize(
    "again",
    [
        replace(BICYCLES, text=TEXT.replace("1元", "１元")),
        replace(BICYCLES, text=TEXT.replace("第一条 ", "第一条　")),
        replace(BICYCLES, source="https://jtj.langang.example/moved"),
        replace(BICYCLES, topics=("公共自行车", "出行")),
    ],
    ids=["width", "blank", "source", "topics"],
)
def test_what_a_reader_would_not_notice_is_no_news(tmp_path: Path, again: Document) -> None:
    assert news(tmp_path, [BICYCLES], [again]) == ()


def test_a_clause_that_was_only_renumbered_is_no_news_of_its_own(tmp_path: Path) -> None:
    text = TEXT.replace("第三条", "第四条").replace(
        "第二条", "第二条 骑行人应当实名注册，并遵守交通规则。\n第三条"
    )
    assert [(one.what, one.address) for one in clauses(tmp_path, text)] == [(What.ADDED, "第二条")]


def test_a_document_that_another_one_replaces(tmp_path: Path) -> None:
    heir = replace(BICYCLES, id="heir", title="澜港市共享单车管理办法", repeals=("bicycles",))
    ended = replace(BICYCLES, expires=date(2026, 10, 31), superseded_by="heir")
    old, new = news(tmp_path, [BICYCLES], [ended, heir])
    assert (old.document_id, old.was, old.standing) == (
        "bicycles",
        Standing.IN_FORCE,
        Standing.SUPERSEDED,
    )
    assert (old.ends, old.successor) == (date(2026, 10, 31), "澜港市共享单车管理办法")
    assert (new.event, new.relations) == (
        Event.NEW,
        (Relation(does=Does.REPEALS, document_id="bicycles", title="澜港市公共自行车管理办法"),),
    )


def test_an_interpretation_that_ends_with_its_policy_is_told_by_the_policy(
    tmp_path: Path,
) -> None:
    ended = [replace(one, status=Status.REPEALED) for one in (BICYCLES, EXPLAINED)]
    found = news(tmp_path, [BICYCLES, EXPLAINED], ended)
    assert [one.document_id for one in found] == ["bicycles"]


def test_a_document_that_is_gone_is_not_called_repealed(tmp_path: Path) -> None:
    (gone,) = news(tmp_path, [BICYCLES, EXPLAINED], [EXPLAINED])
    assert (gone.event, gone.standing, gone.was) == (Event.GONE, Standing.IN_FORCE, None)


@pytest.mark.parametrize(
    ("follows", "target", "concerned"),
    [
        (Follows.DOCUMENT, "bicycles", ["bicycles", "bicycles-explained"]),
        (Follows.DOCUMENT, "bicycles-explained", ["bicycles-explained"]),
        (Follows.DOCUMENT, "boats", []),
        (Follows.TOPIC, "公共自行车", ["bicycles", "bicycles-explained"]),
        (Follows.TOPIC, "bicycles", []),
        (Follows.QUESTION, "bicycles", []),
    ],
)
def test_whom_news_concern(
    tmp_path: Path, follows: Follows, target: str, concerned: list[str]
) -> None:
    changed = replace(BICYCLES, text=TEXT.replace("1元", "2元"))
    found = news(tmp_path, [BICYCLES], [changed, EXPLAINED])
    one = Subscription(
        id=1,
        address=Address("telegram", "1001"),
        follows=follows,
        target=target,
        title="",
        release="A",
        language=Lang.ZH_HANS,
        since=datetime(2026, 11, 1, tzinfo=UTC),
    )
    assert [each.document_id for each in found if concerns(one, each)] == concerned


@pytest.mark.parametrize(
    ("text", "other", "said"),
    [
        ("short", "", "short"),
        ("0123456789", "", "012345…"),
        ("0123456789", "012345678x", "…456789"),
        ("012345abcdef", "012345xyz", "…45abcd…"),
        ("a\n b", "", "a b"),
    ],
)
def test_an_excerpt_is_word_for_word_and_near_the_difference(
    text: str, other: str, said: str
) -> None:
    assert excerpt(text, other, 6) == said
