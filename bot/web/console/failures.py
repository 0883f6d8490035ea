"""What goes wrong in the console, in words, on a page of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import TypeAlias

import structlog
from aiohttp import web
from aiohttp.typedefs import Middleware

from bot.desk.sorry import sorry as words_of
from bot.errors import (
    AccountError,
    EntryNotFound,
    InvitationOver,
    NotAllowed,
    NotInRoster,
    SignOnFailed,
    StoreError,
    TicketError,
    TicketNotFound,
    TooManyTries,
)
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.visit import Visit, typed_in
from knowledge.types import Lang

Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Visits: TypeAlias = Callable[[web.Request], Awaitable[Visit]]

log = structlog.get_logger(__name__)


def problem(console: Console, visit: Visit, status: HTTPStatus, words: str) -> web.Response:
    """A page of words; what was typed into a form of the desk is on it, to be taken along."""
    left = typed_in(visit.form) if visit.agent is not None else ()
    return console.render(visit, "problem.html", status=status, words=words, left=left)


def sorry(console: Console, visit: Visit, error: TicketError | AccountError) -> web.Response:
    """A page that says what was wrong, with a status for programs."""
    if isinstance(error, SignOnFailed):
        log.warning("console.sign_on_failed", problem=str(error))
    if isinstance(error, TicketError):
        words = words_of(error, visit.language)
    else:
        words = account_words(error, visit.language)
    return problem(console, visit, status_of(error), words)


def account_words(error: AccountError, language: Lang) -> str:
    match error:
        case TooManyTries(wait_s=wait_s):
            text = "Too many tries. Please wait {minutes} minutes, then try again."
            return say(language, text, minutes=-(-wait_s // 60))
        case SignOnFailed():
            return say(language, "The sign-on was not completed. Please try again.")
        case NotInRoster(member=member):
            return say(language, "{id} is not in the roster. Ask whoever keeps it.", id=member)
        case InvitationOver():
            return say(
                language,
                "This link was used or is too old. Ask whoever runs the service for a new one.",
            )
        case _:
            return say(language, "That did not work. Check what you typed, and try again.")


def status_of(error: TicketError | AccountError) -> HTTPStatus:
    match error:
        case NotAllowed():
            return HTTPStatus.FORBIDDEN
        case TicketNotFound() | EntryNotFound():
            return HTTPStatus.NOT_FOUND
        case TooManyTries():
            return HTTPStatus.TOO_MANY_REQUESTS
        case InvitationOver():
            return HTTPStatus.GONE
        case AccountError():
            return HTTPStatus.FORBIDDEN
        case _:
            return HTTPStatus.CONFLICT


def failures(console: Console, visits: Visits) -> Middleware:
    """Everything that is not foreseen: no such page, the database out of reach, our mistakes."""

    async def page(request: web.Request, status: HTTPStatus) -> web.Response:
        visit = await visits(request)
        return problem(console, visit, status, _plain(status, visit.language))

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPException as error:
            if error.status < HTTPStatus.BAD_REQUEST:
                raise
            response = await page(request, HTTPStatus(error.status))
            if isinstance(error, web.HTTPMethodNotAllowed):
                response.headers["Allow"] = error.headers["Allow"]
            return response
        except StoreError:
            raise  # whose session it is cannot be found out either: the page of citizens says it
        except Exception:
            log.exception("console.failed", path=request.rel_url.raw_path)
            return await page(request, HTTPStatus.INTERNAL_SERVER_ERROR)

    return middleware


def _plain(status: HTTPStatus, language: Lang) -> str:
    if status is HTTPStatus.NOT_FOUND:
        return say(language, "There is no such page.")
    if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return say(language, "That is too long. Shorten it, and send it again.")
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return say(language, "That did not work. Check what you typed, and try again.")
    return say(language, "Something went wrong on our side. Please try again.")
