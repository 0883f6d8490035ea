"""What Telegram's failures mean for us, and how long to wait after one."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar

import stamina
import stamina.instrumentation
import structlog
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from bot.errors import ChannelError, ConfigError, Gone, Lost, Refused, Throttled

# Until its next major version the library tells waiting times as numbers, with a warning each.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# Its own log quotes errors, and those of a store may quote what a citizen wrote.
stamina.instrumentation.set_on_retry_hooks([])

LONGEST_PAUSE_S: Final = 30.0
FEW: Final = 3  # attempts at what the bot can do without
SHORT_PAUSE_S: Final = 0.2
_WEBHOOK: Final = re.compile("webhook is active", re.IGNORECASE)
_LOSSES: Final = (
    (re.compile("blocked by the user", re.IGNORECASE), Lost.BLOCKED),
    (re.compile("is deactivated|chat was (deactivated|deleted)", re.IGNORECASE), Lost.DELETED),
    (re.compile("was kicked|not a member|CHAT_WRITE_FORBIDDEN", re.IGNORECASE), Lost.REMOVED),
    (re.compile("chat not found|PEER_ID_INVALID|can't initiate", re.IGNORECASE), Lost.MISSING),
)

Step = TypeVar("Step")
log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def bad_token() -> ConfigError:
    problem = (
        "TELEGRAM_BOT_TOKEN: Telegram does not accept it. Open @BotFather, send /mybots, "
        "choose the bot, press “API Token” and copy the whole token into the setting. With "
        "a Bot API server of your own, check TELEGRAM_API_URL as well."
    )
    return ConfigError([problem])


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the channel port promises in place of the library's errors."""
    try:
        yield
    except RetryAfter as error:
        raise Throttled(asked_pause_s(error)) from error
    except Forbidden as error:
        raise Gone(str(error), lost=_lost(error) or Lost.CLOSED) from error
    except BadRequest as error:
        if lost := _lost(error):
            raise Gone(str(error), lost=lost) from error
        raise Refused(str(error)) from error
    except InvalidToken:
        # It may quote the token. The polling loop ends the program for it.
        raise ChannelError("Telegram does not accept the token") from None
    except TelegramError as error:
        raise ChannelError(str(error)) from error


async def until_done(step: Callable[[], Awaitable[Step]], *, first_pause_s: float) -> Step:
    """Try until it works. Raise ConfigError for a bad token, which no waiting mends."""
    trying = stamina.retry_context(
        on=partial(_again, first_pause_s=first_pause_s),
        attempts=None,
        timeout=None,
        wait_initial=first_pause_s,
        wait_max=LONGEST_PAUSE_S,
        wait_jitter=first_pause_s,
    )
    try:
        async for attempt in trying:
            with attempt:
                return await step()
    except InvalidToken:
        raise bad_token() from None
    raise AssertionError("stamina tries without end")


async def patiently(step: Callable[[], Awaitable[Step]]) -> Step:
    """Try a few times, for what the bot can do without. Raise TelegramError after that."""
    trying = stamina.retry_context(
        on=_is_passing, attempts=FEW, timeout=None, wait_jitter=SHORT_PAUSE_S
    )
    async for attempt in trying:
        with attempt:
            return await step()
    raise AssertionError("the last failure is raised")


def asked_pause_s(error: RetryAfter) -> float:
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _again(error: Exception, *, first_pause_s: float) -> bool | float:
    """Whether to try again, or after how many seconds; says in the log what is wrong."""
    if isinstance(error, InvalidToken) or not isinstance(error, Exception):
        return False
    if isinstance(error, RetryAfter):
        pause_s = asked_pause_s(error) + random.uniform(0, first_pause_s)  # noqa: S311 - no secret
        log.warning("telegram_throttled", pause_s=pause_s)
        return pause_s
    if isinstance(error, Conflict):
        log.error("telegram_conflict", mend=_mend(error), error=str(error))
    elif isinstance(error, TelegramError):
        log.warning("telegram_unreachable", error=str(error))
    else:
        # Nothing was acknowledged, so Telegram hands the same updates over again.
        log.error("telegram_intake_failed", exc_info=error)
    return True


def _mend(error: Conflict) -> str:
    if _WEBHOOK.search(str(error)):
        return (
            "A webhook was set for this token after we began to poll, by another program or by an "
            "instance that has TELEGRAM_WEBHOOK_URL. Stop that one, then start this one again: "
            "at its start it takes the webhook away."
        )
    return "Another program polls with the same token. Stop it, or give it its own token."


def _is_passing(error: Exception) -> bool | float:
    if isinstance(error, RetryAfter):
        pause_s = asked_pause_s(error)
        return pause_s if pause_s <= LONGEST_PAUSE_S else False
    return isinstance(error, NetworkError) and not isinstance(error, BadRequest)


def _lost(error: TelegramError) -> Lost | None:
    """What ended a conversation for good, by Telegram's words."""
    return next((lost for words, lost in _LOSSES if words.search(str(error))), None)
