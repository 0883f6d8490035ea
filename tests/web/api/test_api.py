"""The JSON API over HTTP: its values, its mistakes in one format, and that it stores nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema_rs import meta

from bot.links import document_path, quoted_path
from bot.web.api.table import ENDPOINTS
from tests.web.documents.conftest import Made
from tests.web.library import DEARER, FERRY, Reading, reading

QUESTION = "租房提取公积金要连续缴存几个月？"


async def test_documents_are_listed_with_filters(site: Reading) -> None:
    listed = await site.json(
        "/api/v1/documents?issuer=澜港市住房公积金管理中心&kind=policy&limit=1&page=2"
    )
    assert (listed["total"], listed["page"], listed["pages"]) == (2, 2, 2)
    assert listed["documents"] == [
        {
            "id": "housing-fund-withdrawal-2022",
            "title": "澜港市住房公积金管理中心关于印发《澜港市住房公积金提取管理办法》的通知",
            "number": "澜公积金规〔2022〕2号",
            "issuer": "澜港市住房公积金管理中心",
            "kind": "policy",
            "status": "superseded",
            "language": "zh-Hans",
            "published": "2022-05-16",
            "effective": "2022-07-01",
            "expires": "2027-06-30",
            "source": "https://gjj.langang.example/zcwj/2022/02.html",
            "page": "/documents/housing-fund-withdrawal-2022",
        }
    ]


async def test_a_document_has_its_clauses_and_relations(other: Reading) -> None:
    shown = await other.json(f"/api/v1{document_path(FERRY.id)}")
    assert [(one["anchor"], one["address"]) for one in shown["clauses"]] == [
        ("c-第一条", "第一章 总则 第一条"),
        ("c-第二条", "第一章 总则 第二条"),
        ("c-第三条", "第二章 附则 第三条"),
        ("c-第四条", "第二章 附则 第四条"),
    ]
    whole = "".join(one["text"] for one in shown["clauses"])
    assert "".join(whole.split()) == "".join(DEARER.text.split())
    assert shown["related"]["interpreted_by"] == []  # the one that explains it is not open


async def test_a_search_gives_passages_word_for_word(site: Reading) -> None:
    found = await site.json("/api/v1/search?q=租房提取公积金连续缴存&limit=3")
    assert (len(found["results"]), found["page"]) == (3, 1)
    for one in found["results"]:
        shown = await site.json(f"/api/v1{one['document']['page']}")
        assert any(one["quote"] in clause["text"] for clause in shown["clauses"])
        assert one["page"] == quoted_path(one["document"]["id"], one["quote"])


async def test_a_question_is_answered_with_citations(site: Reading) -> None:
    status, told = await site.ask(QUESTION)
    assert (status, told["decision"], told["reason"]) == (200, "answered", None)
    assert "满3个月" in told["text"]
    [first, *_] = told["citations"]
    assert first["document"].startswith("housing-fund-withdrawal-2025")
    assert first["status"] == "in_force"
    assert told["choices"] == []
    assert told["release"] == site.live.release


async def test_what_nothing_answers_is_not_answered(site: Reading) -> None:
    status, told = await site.ask("怎么申请养鸽子的许可证？")
    assert (status, told["decision"]) == (200, "not_answered")
    assert told["reason"] in {"unsure", "nothing_found"}
    assert told["citations"] == []


@pytest.mark.parametrize(
    ("question", "decision", "reason"),
    [
        ("你好", "talk", None),
        ("转人工", "talk", "asked_for_person"),
        ("", "not_answered", "empty"),
        ("……", "not_answered", "no_words"),
        ("\u0000", "not_answered", "empty"),
    ],
)
async def test_what_is_no_question(
    site: Reading, question: str, decision: str, reason: str | None
) -> None:
    status, told = await site.ask(question)
    assert (status, told["decision"], told["reason"]) == (200, decision, reason)


async def test_the_language_of_an_answer(site: Reading) -> None:
    assert (await site.ask("???", language="ko"))[1]["language"] == "ko"
    assert (await site.ask("How do I apply for a pigeon licence?"))[1]["language"] == "en"


@pytest.mark.parametrize(
    ("path", "error"),
    [
        ("/api/v1/search", "bad_parameter"),
        ("/api/v1/search?q=", "bad_parameter"),
        ("/api/v1/search?q=%00", "bad_parameter"),
        (f"/api/v1/search?q={'a' * 201}", "bad_parameter"),
        ("/api/v1/search?q=a&limit=0", "bad_parameter"),
        ("/api/v1/search?q=a&status=old", "bad_parameter"),
        ("/api/v1/search?q=a&colour=red", "bad_parameter"),
        ("/api/v1/documents?year=99", "bad_parameter"),
        ("/api/v1/documents?kind=law", "bad_parameter"),
        ("/api/v1/documents/none", "not_found"),
        ("/api/v1/none", "not_found"),
    ],
)
async def test_mistakes_have_one_format(site: Reading, path: str, error: str) -> None:
    async with site.http.get(site.url + path) as response:
        assert response.status == (404 if error == "not_found" else 400)
        told = await response.json()
    assert told.keys() == {"error", "message"}
    assert told["error"] == error


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"question": 7}', "application/json", 400),
        (b'{"question": "a", "secret": 1}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"question": "a"}', "text/plain", 415),
        (json.dumps({"question": "a" * 70_000}).encode(), "application/json", 413),
        (json.dumps({"question": "a" * 2_001}).encode(), "application/json", 400),
    ],
)
async def test_a_bad_question(site: Reading, body: bytes, content_type: str, status: int) -> None:
    headers = {"Content-Type": content_type}
    url = f"{site.url}/api/v1/answers"
    async with site.http.post(url, data=body, headers=headers) as response:
        assert response.status == status
        told = await response.json()
    assert told.keys() == {"error", "message"}


async def test_what_was_sent_is_not_sent_back_in_a_mistake(site: Reading) -> None:
    status, told = await site.ask("a", language="13800138000")
    assert status == 400
    assert "13800138000" not in told["message"]


async def test_other_sites_may_not_read_the_api(site: Reading) -> None:
    headers = {"Origin": "https://elsewhere.example"}
    for method in ("GET", "OPTIONS"):
        url = f"{site.url}/api/v1/documents"
        async with site.http.request(method, url, headers=headers) as response:
            assert "Access-Control-Allow-Origin" not in response.headers


async def test_a_flood_of_questions_is_stopped(made: Made) -> None:
    async with reading(made.live, made.root, searches_per_minute=2) as site:
        told = [await site.ask("轮渡票价") for _ in range(3)]
    assert [status for status, _ in told] == [200, 200, 429]
    assert told[2][1]["error"] == "too_fast"


async def test_the_description_names_every_route_of_the_api(site: Reading) -> None:
    description = await site.json("/api/openapi.json")
    described = {(method, path) for path, item in description["paths"].items() for method in item}
    assert described == {(one.method, one.path) for one in ENDPOINTS}
    for one in ENDPOINTS:
        async with site.http.options(site.url + one.path.replace("{id}", "x")) as response:
            assert response.status == 405, one.path  # it is there, with other methods
            assert one.method.upper() in response.headers["Allow"]


async def test_the_schemas_are_schemas_and_references_lead_somewhere(site: Reading) -> None:
    description = await site.json("/api/openapi.json")
    assert description["openapi"] == "3.1.0"
    schemas = description["components"]["schemas"]
    for schema in schemas.values():
        meta.validate(schema)
    references = set(_references(description))
    assert references <= {f"#/components/schemas/{name}" for name in schemas}
    assert {"#/components/schemas/Answer", "#/components/schemas/Error"} <= references


def _references(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["$ref"]] if isinstance(value.get("$ref"), str) else []
        return own + [one for inner in value.values() for one in _references(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _references(inner)]
    return []
