"""What a request can do wrong, in plain words."""

from __future__ import annotations

from http import HTTPStatus

from bot.errors import BotError


class Problem(BotError):
    """Told to the browser as {"error": code, "message": …} with an HTTP status."""

    def __init__(
        self, status: HTTPStatus, code: str, message: str, *, retry_after_s: int | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.retry_after_s = retry_after_s


def bad(code: str, message: str) -> Problem:
    return Problem(HTTPStatus.BAD_REQUEST, code, message)


def too_large() -> Problem:
    return Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too_large",
        "This message is too long to be taken. Please shorten it, or send it in parts.",
    )


def not_whole() -> Problem:
    return bad("bad_body", "What was sent did not come whole, or is not encoded as it says.")


def not_json() -> Problem:
    return Problem(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        "not_json",
        "Send the message as JSON, with Content-Type: application/json.",
    )


def too_fast(retry_after_s: int) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_fast",
        f"Too many messages at once. Please wait {retry_after_s} s and send it again.",
        retry_after_s=retry_after_s,
    )


def too_often(retry_after_s: int) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_fast",
        f"Too many requests from your address. Please wait {retry_after_s} s and try again.",
        retry_after_s=retry_after_s,
    )


def too_many_pages(retry_after_s: int) -> Problem:
    return Problem(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_pages",
        "This conversation is open in too many windows. Close one of them.",
        retry_after_s=retry_after_s,
    )


def busy(retry_after_s: int) -> Problem:
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "busy",
        "The service cannot take this right now. Please try again in a moment.",
        retry_after_s=retry_after_s,
    )


def not_kept(retry_after_s: int, hotline: str) -> Problem:
    """Nothing was written down, and whoever asked must know it."""
    call = f" If it is urgent, call {hotline}." if hotline else ""
    return Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "not_kept",
        "No questions can be taken right now: yours was not written down. Please send it "
        f"again.{call}",
        retry_after_s=retry_after_s,
    )


def broken() -> Problem:
    return Problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "failed",
        "Something went wrong on our side. Please try again.",
    )
