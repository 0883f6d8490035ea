"""Published answers hold as long as what they cite; the library tells."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from knowledge.cited import Broken, Cite, Held, digest_of, held
from knowledge.codec import document_of, row_of
from knowledge.types import Disclosure, Document, Kind, Lang, Status

RULE = "第一条 本市实行养犬登记。\n第二条 养犬人应当携带身份证和犬只免疫证明办理登记。\n"
SECOND = "第二条 养犬人应当携带身份证和犬只免疫证明办理登记。\n"


def document(name: str, text: str = RULE, **more: Any) -> Document:
    values: dict[str, Any] = {
        "title": f"澜港市{name}",
        "language": Lang.ZH_HANS,
        "kind": Kind.POLICY,
        "source": f"https://langang.example/{name}",
        "disclosure": Disclosure.OPEN,
        "published": date(2025, 3, 1),
    }
    return Document(id=name, text=text, **{**values, **more})


DOGS = document("dogs")
ANSWER = document(
    "answer-1",
    "带身份证和犬只免疫证明。\n",
    kind=Kind.ANSWER,
    published=date(2026, 11, 23),
    cites=(f"{digest_of(SECOND, ())} dogs",),
)


def reasons(found: Held) -> list[Broken]:
    return [why for one in found.withdrawn for _, why in one.broken]


def test_an_answer_whose_passage_stands_is_kept() -> None:
    found = held([ANSWER, DOGS])
    assert [one.id for one in found.documents] == ["answer-1", "dogs"]
    assert found.withdrawn == ()


@pytest.mark.parametrize(
    ("cited", "why"),
    [
        ([document("dogs", RULE.replace("和犬只免疫证明", "原件"))], Broken.CHANGED),
        ([document("dogs", "第一条 本市实行养犬登记。\n第二条 （删去）\n")], Broken.CHANGED),
        ([document("cats")], Broken.ABSENT),
        ([replace(DOGS, status=Status.REPEALED)], Broken.ENDED),
        ([replace(DOGS, status=Status.SUPERSEDED, superseded_by="x")], Broken.ENDED),
        ([DOGS, document("change", "一、第一条修改。\n", amends=("dogs",))], Broken.CHANGED),
    ],
)
def test_an_answer_whose_passage_does_not_stand_is_withdrawn(
    cited: list[Document], why: Broken
) -> None:
    found = held([ANSWER, *cited])
    assert [one.id for one in found.documents] == [one.id for one in cited]
    assert reasons(found) == [why]


def test_one_bad_citation_of_two_is_enough() -> None:
    both = replace(ANSWER, cites=(*ANSWER.cites, f"{digest_of('x', ())} dogs"))
    assert reasons(held([both, DOGS])) == [Broken.CHANGED]


def test_a_citation_that_cannot_be_read_is_no_citation() -> None:
    assert reasons(held([replace(ANSWER, cites=("dogs",)), DOGS])) == [Broken.UNREADABLE]


def test_clauses_that_move_and_blanks_change_nothing() -> None:
    moved = "第一条 总则。\n第二条 本市实行养犬登记。\n" + SECOND.replace("身份证", "身份证 ")
    assert held([ANSWER, document("dogs", moved)]).withdrawn == ()


def test_an_amendment_that_was_known_is_no_news() -> None:
    change = document("change", "一、第一条修改。\n", amends=("dogs",))
    known = replace(ANSWER, cites=(f"{digest_of(SECOND, ['change'])} dogs",))
    assert held([known, DOGS, change]).withdrawn == ()


def test_an_answer_ends_and_begins_with_what_it_cites() -> None:
    later = replace(DOGS, effective=date(2027, 1, 1), expires=date(2027, 6, 30))
    [answer, _] = held([ANSWER, later]).documents
    assert (answer.effective, answer.expires) == (date(2027, 1, 1), date(2027, 6, 30))
    [answer, _] = held([ANSWER, DOGS]).documents
    assert answer.expires is None
    assert answer.begins == date(2026, 11, 23), "not before it was published"


def test_documents_that_cite_nothing_stay_as_they_are() -> None:
    assert held([DOGS]).documents == (DOGS,)


def test_a_citation_is_written_as_it_is_read() -> None:
    cite = Cite("a folder/a file", digest_of(SECOND, ()))
    assert Cite.parse(str(cite)) == cite


def test_a_row_from_before_there_were_citations_is_read() -> None:
    row = row_of(DOGS)
    assert "cites" not in row
    assert document_of(row) == DOGS
    assert document_of(row_of(ANSWER)) == ANSWER
