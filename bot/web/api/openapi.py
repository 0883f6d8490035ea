"""The OpenAPI 3.1 description, made from the table of endpoints and the schemas of its models."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web.api.models import Error
from bot.web.api.table import Endpoint

_TEMPLATE: Final = "#/components/schemas/{model}"
_RETRY: Final = {429, 503}

Json = dict[str, Any]


def described(endpoints: Sequence[Endpoint], *, title: str) -> Json:
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        paths.setdefault(endpoint.path, {})[endpoint.method] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": _version(),
            "description": (
                "Answers are the words of published documents. Nothing that is sent to /api/v1 "
                "is stored."
            ),
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {"schemas": _schemas(endpoints)},
    }


def _version() -> str:
    try:
        return version("mingbai")
    except PackageNotFoundError:
        return "0"


def _schemas(endpoints: Sequence[Endpoint]) -> Json:
    sent = {one.body for one in endpoints if one.body}
    told = {one.answers for one in endpoints if one.answers} | {Error}
    models = [(one, "validation") for one in sorted(sent, key=lambda one: one.__name__)]
    models += [(one, "serialization") for one in sorted(told, key=lambda one: one.__name__)]
    _, schema = models_json_schema(models, ref_template=_TEMPLATE)  # type: ignore[arg-type] # its modes are literals, which a list of pairs loses
    definitions: Json = schema["$defs"]
    return definitions


def _operation(endpoint: Endpoint) -> Json:
    operation: Json = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "parameters": [*_in_path(endpoint.in_path), *_in_query(endpoint.query)],
        "responses": {
            str(endpoint.status): _success(endpoint),
            **{
                str(status): _refusal(status, why, endpoint.refuses)
                for status, why in endpoint.refused.items()
            },
        },
    }
    if endpoint.body:
        operation["requestBody"] = {"required": True, "content": _json(endpoint.body)}
    return operation


def _success(endpoint: Endpoint) -> Json:
    if endpoint.answers is None:
        content: Json = {"text/event-stream": {"schema": {"type": "string"}}}
    else:
        content = _json(endpoint.answers)
    return {"description": "As asked.", "content": content}


def _refusal(status: int, why: str, model: type[BaseModel]) -> Json:
    headers: Mapping[str, Json] = {"Retry-After": {"schema": {"type": "string"}}}
    return {
        "description": why,
        "content": _json(model),
        **({"headers": headers} if status in _RETRY else {}),
    }


def _json(model: type[BaseModel]) -> Json:
    reference = _TEMPLATE.format(model=model.__name__)
    return {"application/json": {"schema": {"$ref": reference}}}


def _in_path(names: Mapping[str, str]) -> Iterator[Json]:
    for name, what in names.items():
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": what,
            "schema": {"type": "string", "minLength": 1},
        }


def _in_query(model: type[BaseModel] | None) -> Iterator[Json]:
    if model is None:
        return
    schema = model.model_json_schema(ref_template=_TEMPLATE)
    definitions = schema.get("$defs", {})
    for name, field in schema["properties"].items():
        yield {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "description": field.pop("description", ""),
            "schema": _inlined(field, definitions),
        }


def _inlined(field: Json, definitions: Mapping[str, Json]) -> Json:
    """
    The schema of a parameter by itself.

    One that may be left out is not null in a query string: only what it is else remains.
    """
    options = [one for one in field.get("anyOf", ()) if one.get("type") != "null"]
    merged = {**field, **options[0]} if len(options) == 1 else dict(field)
    merged.pop("anyOf", None)
    if merged.get("default", 0) is None:
        merged.pop("default")
    reference = str(merged.pop("$ref", "")).rpartition("/")[2]
    return {**definitions.get(reference, {}), **merged}
