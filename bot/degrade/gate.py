"""
What a citizen's message passes before it is answered: what the level does not serve ends here.

Most of it is left to the index (guarded.py). This is for what must be said.
"""

from __future__ import annotations

from typing import Final

from bot.actions import Action, Verb
from bot.choosing import NONE
from bot.commands import handlers
from bot.danger import tells_of_danger
from bot.decide import unreadable
from bot.degrade import pages
from bot.degrade.kept import Keeping
from bot.degrade.ladder import Ladder
from bot.degrade.level import Level
from bot.dispatch import Handler
from bot.ending import end
from bot.intents import Intent, question_of, recognise
from bot.languages import language_of
from bot.privacy import without_masks
from bot.render import Bureau, Page
from bot.store.base import Accepted, Store, Work
from bot.types import Delivery, Input, Message, Outcome, Result
from knowledge.types import Lang

_WORDS: Final = frozenset({Input.TEXT, Input.EDITED})


class Gate:
    """A handler before the one that answers."""

    def __init__(
        self,
        inner: Handler,
        store: Store,
        ladder: Ladder,
        keeping: Keeping,
        *,
        bureau: Bureau,
        default: Lang = Lang.ZH_HANS,
    ) -> None:
        self._inner = inner
        self._store = store
        self._ladder = ladder
        self._keeping = keeping
        self._bureau = bureau
        self._default = default

    async def handle(self, accepted: Accepted) -> Outcome:
        level, message = self._ladder.serving, accepted.message
        if level is Level.FULL or is_urgent(message):
            return await self._inner.handle(accepted)
        if level is Level.MAINTENANCE:
            language = await self._language(message)
            return await self._keeping.refuse(
                accepted, language, keep=is_kept(message), until=self._ladder.until
            )
        if level.rung >= Level.PUBLISHED.rung and _leads_on(message):
            return await self._not_shown(accepted)
        kept_back = level.rung >= Level.PUBLISHED.rung and _takes_up(message)
        await self._notice(message, level, again=kept_back)
        return await self._inner.handle(accepted)

    async def fail(self, accepted: Accepted) -> Outcome:
        return await self._inner.fail(accepted)

    async def _notice(self, message: Message, level: Level, *, again: bool) -> None:
        """
        Told once in a conversation, as long as the level lasts.

        And `again` to whoever goes back to what was offered before it: what was promised then
        is not done now.
        """
        since = self._ladder.since
        key = f"level:{level}:{since.timestamp() if since else 0:.0f}"
        language = await self._language(message)
        async with self._store.begin() as work:
            known = await work.outbox.known(message.address, key)
            if again or not known:
                page = pages.notice(level, language, self._bureau)
                await self._say(work, message, page, key=None if known else key)

    async def _not_shown(self, accepted: Accepted) -> Outcome:
        language = await self._language(accepted.message)
        outcome = Outcome(result=Result.SMALL_TALK, language=language)
        async with self._store.begin() as work:
            await self._say(work, accepted.message, pages.not_shown(language))
            await end(work, accepted.id, outcome, at=self._ladder.clock())
        return outcome

    async def _say(
        self, work: Work, message: Message, page: Page, *, key: str | None = None
    ) -> None:
        delivery = Delivery(to=message.address, body=page.body, key=key)
        await work.outbox.enqueue(delivery, at=self._ladder.clock())

    async def _language(self, message: Message) -> Lang:
        async with self._store.read() as work:
            talk = await work.conversations.get(message.address)
        words = handlers.spoken(message.text) if message.kind is Input.TEXT else ""
        return talk.chosen or language_of(
            without_masks(words),
            before=talk.language,
            phone=message.language,
            default=self._default,
        )


def is_urgent(message: Message) -> bool:
    """Whoever is in danger is told whom to call at every level."""
    return message.kind in _WORDS and tells_of_danger(message.text)


def is_kept(message: Message) -> bool:
    """
    Whether a message is for us to come back to: a question, or words for staff.

    A button, a command or a greeting means nothing any more hours later.
    """
    if message.kind is not Input.TEXT or unreadable(question_of(message.text)) is not None:
        return False
    intent = recognise(message.text)
    return intent is None or (intent is Intent.HUMAN and len(message.text.split()) > 1)


def _leads_on(message: Message) -> bool:
    action = _pressed(message)
    return action is not None and action.verb is Verb.CLAUSE


def _takes_up(message: Message) -> bool:
    """Whether a passage is chosen that was offered."""
    action = _pressed(message)
    return action is not None and action.verb is Verb.PICK and action.place != NONE


def _pressed(message: Message) -> Action | None:
    return Action.parse(message.text) if message.kind is Input.ACTION else None
