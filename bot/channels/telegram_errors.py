"""What Telegram's failures mean for us, and how long to wait after one."""

from __future__ import annotations

import os
import random
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final, TypeVar

import structlog
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.errors import ChannelError, ConfigError, Gone, Refused, Throttled

# Until its next major version the library tells waiting times as numbers, with a warning each.
os.environ.setdefault("PTB_TIMEDELTA", "true")

LONGEST_PAUSE_S: Final = 30.0

Step = TypeVar("Step")
Sleep = Callable[[float], Awaitable[None]]
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
        raise Throttled(_asked_pause_s(error)) from error
    except Forbidden as error:
        raise Gone(str(error)) from error
    except BadRequest as error:
        raise Refused(str(error)) from error
    except InvalidToken:
        # It may quote the token. The polling loop ends the program for it.
        raise ChannelError("Telegram does not accept the token") from None
    except TelegramError as error:
        raise ChannelError(str(error)) from error


async def until_done(
    step: Callable[[], Awaitable[Step]], *, first_pause_s: float, sleep: Sleep
) -> Step:
    """Try until it works. Raise ConfigError for a bad token, which no waiting mends."""
    failures = 0
    while True:
        try:
            return await step()
        except InvalidToken:
            raise bad_token() from None
        except RetryAfter as error:
            pause_s = _asked_pause_s(error) + _jittered(first_pause_s)
            log.warning("telegram_throttled", pause_s=pause_s)
        except Conflict as error:
            pause_s = _growing_pause_s(failures, first_pause_s)
            mend = "Another program polls with the same token. Stop it, or give it its own token."
            log.error(  # noqa: TRY400 - a trace would hide the mend
                "telegram_conflict", mend=mend, error=str(error), pause_s=pause_s
            )
        except TelegramError as error:
            pause_s = _growing_pause_s(failures, first_pause_s)
            log.warning("telegram_unreachable", error=str(error), pause_s=pause_s)
        except Exception:
            # Nothing was acknowledged, so Telegram hands the same updates over again.
            pause_s = _growing_pause_s(failures, first_pause_s)
            log.exception("telegram_intake_failed", pause_s=pause_s)
        failures += 1
        await sleep(pause_s)


def _asked_pause_s(error: RetryAfter) -> float:
    pause = error.retry_after
    return pause.total_seconds() if isinstance(pause, timedelta) else float(pause)


def _growing_pause_s(failures: int, first_pause_s: float) -> float:
    return _jittered(min(LONGEST_PAUSE_S, first_pause_s * 2 ** min(failures, 30)))


def _jittered(pause_s: float) -> float:
    """Between half and all of it, so that many bots do not come back at once."""
    return pause_s * random.uniform(0.5, 1)  # noqa: S311
