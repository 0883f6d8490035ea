"""Query strings and JSON bodies as values; what is wrong with them as a Problem in words."""

from __future__ import annotations

from typing import Final, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot.web import problems

MOST_TOLD: Final = 5  # mistakes named at once
_Model = TypeVar("_Model", bound=BaseModel)


def query_of(request: web.Request, model: type[_Model]) -> _Model:
    """Read the query string. Raise Problem; a name that is there twice counts once."""
    try:
        return model.model_validate(dict(request.query))
    except ValidationError as error:
        raise problems.bad("bad_parameter", _told(error)) from None


async def body_of(request: web.Request, model: type[_Model]) -> _Model:
    """Read a JSON body. Raise Problem."""
    if request.content_type != "application/json":
        raise problems.not_json()
    try:
        return model.model_validate_json(await request.read())
    except ValidationError as error:
        raise problems.bad("bad_json", _told(error)) from None


def _told(error: ValidationError) -> str:
    """Which fields, and why; never what was sent, which may be personal."""
    mistakes = error.errors(include_input=False, include_url=False, include_context=False)
    told = (
        f"{'.'.join(map(str, one['loc'])) or 'the whole'}: {one['msg']}"
        for one in mistakes[:MOST_TOLD]
    )
    return "; ".join(told) + "."
