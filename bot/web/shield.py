"""What every response has in common: its security headers, and failures in plain words."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final, TypeAlias
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.errors import StoreError
from bot.web import policy, problems
from bot.web.pages import Pages
from bot.web.problems import Problem

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Signal: TypeAlias = Callable[[web.Request, web.StreamResponse], Awaitable[None]]

STORE_RETRY_S: Final = 5
STRICT: Final = "max-age=31536000"  # of this host alone: others of the domain are not ours

log = structlog.get_logger(__name__)

SECURITY: Final = {
    policy.HEADER: policy.content_policy(),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def protecting(url: str) -> Signal:
    """`url` is where citizens reach us: where that is https, browsers keep to it for a year."""
    always = {"Strict-Transport-Security": STRICT} if urlsplit(url).scheme == "https" else {}
    headers = {**SECURITY, **always}

    async def protect(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")

    return protect


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, StoreError):
        log.error("web.store_failed", error=str(error))
        return problems.busy(STORE_RETRY_S)
    if isinstance(error, web.RequestPayloadError | ConnectionError):
        return problems.not_whole()
    if not isinstance(error, web.HTTPException):
        log.error("web.failed", exc_info=error)
        return problems.broken()
    status = HTTPStatus(error.status)
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return problems.too_large()
    return Problem(status, status.name.lower(), f"{status.description or status.phrase}.")


def _json(problem: Problem) -> web.Response:
    body = {"error": problem.code, "message": problem.message}
    return web.json_response(body, status=problem.status)


def explain(pages: Pages) -> Middleware:
    """Make a middleware that turns every failure into words: JSON for the API, else a page."""

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except Exception as error:  # what failed is logged; a citizen sees words
            if isinstance(error, web.HTTPException) and error.status < HTTPStatus.BAD_REQUEST:
                raise
            problem = _problem_of(error)
            if request.path.startswith("/api/"):
                response = _json(problem)
            else:
                response = pages.problem(request, problem.status, wait_s=problem.retry_after_s)
            if problem.retry_after_s is not None:
                response.headers["Retry-After"] = str(problem.retry_after_s)
            if isinstance(error, web.HTTPMethodNotAllowed):
                response.headers["Allow"] = error.headers["Allow"]
            return response

    return middleware
