"""The fake's queue of updates: kept until they are acknowledged, one poll at a time."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Final, TypeVar

from tests.telegram.fake_rules import Json, Problem, bad_request

Found = TypeVar("Found")

# Not sent unless asked for.
_SELDOM: Final = frozenset(("chat_member", "message_reaction", "message_reaction_count"))
_SECRET: Final = re.compile("[A-Za-z0-9_-]{1,256}")
_WEBHOOK: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
_OTHER_POLL: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)


class Changes:
    """Wakes all who wait whenever anything has changed."""

    def __init__(self) -> None:
        self._next = asyncio.Event()

    def touch(self) -> None:
        self._next.set()
        self._next = asyncio.Event()

    async def until(self, found: Callable[[], Found | None], *, timeout_s: float = 5) -> Found:
        """Wait until `found` returns something true, and return that; raise TimeoutError."""
        async with asyncio.timeout(timeout_s):
            while not (result := found()):
                await self._next.wait()
        return result


class Updates:
    def __init__(self, changes: Changes) -> None:
        self.pending: list[Json] = []  # not acknowledged
        self.webhook = ""  # an address, perhaps set by another program
        self.secret = ""  # that goes with it
        self.trouble: Json = {}  # last_error_date and last_error_message, once a post failed
        self._changes = changes
        self._all: dict[int, Json] = {}
        self._again: list[Json] = []
        self._allowed: list[str] = []
        self._last_id = 810_000_000
        self._poll = 0

    def report(self, kind: str, content: Json) -> int:
        """Queue an update, if the bot wants such; return its id."""
        self._last_id += 1
        wanted = kind in self._allowed if self._allowed else kind not in _SELDOM
        if wanted:
            copy = json.loads(json.dumps(content))
            self._all[self._last_id] = {"update_id": self._last_id, kind: copy}
            self.pending.append(self._all[self._last_id])
            self._changes.touch()
        return self._last_id

    def skip(self, number: int) -> None:
        """Count on as if so many had come: a bot that starts again was told of them."""
        self._last_id += number

    def resend(self, update_id: int) -> None:
        """Deliver an update once more, even though it was acknowledged."""
        self._again.append(self._all[update_id])
        self._changes.touch()

    def done(self, update: Json) -> None:
        """A post of it was taken."""
        self.pending = [one for one in self.pending if one is not update]
        self._changes.touch()

    def stop_polls(self) -> None:
        self._poll += 1
        self._changes.touch()

    async def get_updates(self, params: Json) -> list[Json]:
        if self.webhook:
            raise Problem(409, _WEBHOOK)
        if params.get("allowed_updates") is not None:
            self._allowed = params["allowed_updates"]
        self.stop_polls()
        mine = self._poll
        self._acknowledge(int(params.get("offset", 0)))
        with suppress(TimeoutError):
            await self._changes.until(
                lambda: self._poll != mine or self._again or self.pending,
                timeout_s=float(params.get("timeout", 0)),
            )
        if self._poll != mine:
            raise Problem(409, _OTHER_POLL)
        limit = min(max(int(params.get("limit", 100)), 1), 100)
        again, self._again = self._again, []
        return [*again, *self.pending][:limit]

    def set_webhook(self, params: Json) -> bool:
        url = params.get("url", "")
        if url and not url.startswith("https://"):
            raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
        secret = params.get("secret_token", "")
        if secret and not _SECRET.fullmatch(secret):
            raise bad_request("secret token contains unallowed characters")
        self.webhook, self.secret = url, secret
        if params.get("allowed_updates") is not None:
            self._allowed = params["allowed_updates"]
        self.stop_polls()
        return True

    def webhook_info(self, _params: Json) -> Json:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.pending),
            **self.trouble,
        }

    def delete_webhook(self, params: Json) -> bool:
        self.webhook = ""
        if params.get("drop_pending_updates") in {True, "true", "True"}:
            self.pending.clear()
        return True

    def _acknowledge(self, offset: int) -> None:
        if offset < 0:  # forget all but the last ones
            self.pending = self.pending[offset:]
        self.pending = [update for update in self.pending if update["update_id"] >= offset]
