"""
What a citizen does about subscriptions: /subscribe, /unsubscribe, and their buttons.

Each change is a transaction of its own, before the one that writes the reply: to make it again
after a crash changes nothing more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk.publishing.declining import WITHOUT_KEY, Declining
from bot.desk.publishing.pages import declined
from bot.intents import question_of
from bot.push import lists, pages
from bot.push.archive import Archive
from bot.render import Page, noted
from bot.store.base import Store
from bot.subscriptions import MOST, Follows, Wish
from bot.texts import say
from bot.turn import Plan, Turn
from bot.types import Button, Citation, Input, Outcome, Result

VERBS: Final = frozenset(
    {
        Verb.FOLLOW,
        Verb.TOPIC,
        Verb.DOCUMENT,
        Verb.UNFOLLOW,
        Verb.UNFOLLOW_ALL,
        Verb.VIEW,
        Verb.NEWS_UP,
        Verb.NEWS_DOWN,
        Verb.DECLINE,
    }
)
_OPEN: Final = frozenset({Result.UNRESOLVED, Result.CLARIFY})


class Following:
    def __init__(
        self,
        store: Store,
        archive: Archive,
        *,
        clock: Callable[[], datetime],
        declining: Declining = WITHOUT_KEY,
    ) -> None:
        self.declining = declining
        self._store = store
        self._archive = archive
        self._clock = clock

    async def subscribe(self, turn: Turn, words: str) -> Page:
        """/subscribe with a topic, a title or a number; without, what was talked about last."""
        language = turn.language
        if not words:
            last = turn.talk.last_question
            page = None if last is None else await self._follow_asked(turn, last, _picked(turn))
            return page or await self._topics(turn)
        catalogue = await self._archive.catalogue(on=self._clock().date())
        topic = catalogue.topic(words)
        if topic is not None:
            return await self._follow(turn, Follows.TOPIC, topic, topic)
        found = catalogue.meant(words)
        if len(found) == 1:
            return await self._follow(turn, Follows.DOCUMENT, found[0].id, found[0].title)
        if found:
            return lists.which(found, language)
        return lists.topics(catalogue.topics, language, unknown=words)

    async def unsubscribe(self, turn: Turn) -> Page:
        async with self._store.begin() as work:
            own = await work.subscriptions.of(turn.message.address)
        return lists.own(own, turn.language)

    async def pressed(self, turn: Turn) -> Plan | None:
        """What comes of a button about subscriptions; None for any other button."""
        action = Action.parse(turn.message.text)
        if action is None or action.verb not in VERBS:
            return None
        if action.verb is Verb.DECLINE:
            page = await self._decline(turn)
        else:
            page = await self._done(turn, action) or lists.nothing_there(turn.language)
        return Plan(Outcome(result=Result.SMALL_TALK, language=turn.language), page)

    async def _done(self, turn: Turn, action: Action) -> Page | None:
        """Return None for an old or a forged button."""
        match action:
            case Action(Verb.FOLLOW, int(asked), place):
                page = await self._follow_asked(turn, asked, place)
            case Action(Verb.TOPIC, None):
                page = await self._topics(turn)
            case Action(Verb.TOPIC | Verb.DOCUMENT, int(number)):
                page = await self._follow_numbered(turn, number)
            case Action(Verb.UNFOLLOW, None):
                page = await self.unsubscribe(turn)
            case Action(Verb.UNFOLLOW, int(number)):
                page = await self._unfollow(turn, number)
            case Action(Verb.UNFOLLOW_ALL):
                page = await self._unfollow_all(turn)
            case Action(Verb.VIEW | Verb.NEWS_UP | Verb.NEWS_DOWN, int(push_id), int(place)):
                page = await self._of_push(turn, action.verb, push_id, place)
            case _:
                page = None
        return page

    async def _follow_asked(self, turn: Turn, asked: int, place: int | None) -> Page | None:
        """
        What answered an earlier question; the question itself, if nothing did.

        `place` is that of the citation, or of the offered passage that was chosen.
        """
        async with self._store.begin() as work:
            past = await work.inbox.get(asked)
        if past is None or past.message.address != turn.message.address:
            return None
        cited = _cited(past.outcome, place)
        if cited is not None:
            return await self._follow(turn, Follows.DOCUMENT, cited.document_id, cited.title)
        written = question_of(past.message.text) if past.message.kind is Input.TEXT else ""
        question = past.outcome.question or written
        if past.outcome.result in _OPEN and question:
            return await self._follow(turn, Follows.QUESTION, str(asked), question)
        return None

    async def _follow_numbered(self, turn: Turn, number: int) -> Page | None:
        catalogue = await self._archive.catalogue(on=self._clock().date())
        if number not in catalogue.numbers:
            return None
        follows, target = catalogue.numbers[number]
        title = catalogue.title(target) if follows is Follows.DOCUMENT else target
        return await self._follow(turn, follows, target, title)

    async def _follow(self, turn: Turn, follows: Follows, target: str, title: str) -> Page:
        wish = Wish(
            address=turn.message.address,
            follows=follows,
            target=target,
            title=title,
            release=self._archive.release,
            language=turn.language,
            since=self._clock(),
        )
        async with self._store.begin() as work:
            own = await work.subscriptions.of(wish.address)
            again = any((one.follows, one.target) == (follows, target) for one in own)
            if len(own) >= MOST and not again:
                return lists.full(own, turn.language)
            made = await work.subscriptions.add(wish)
        return lists.begun(made, turn.language, again=again)

    async def _topics(self, turn: Turn) -> Page:
        catalogue = await self._archive.catalogue(on=self._clock().date())
        return lists.topics(catalogue.topics, turn.language)

    async def _unfollow(self, turn: Turn, number: int) -> Page | None:
        async with self._store.begin() as work:
            gone = await work.subscriptions.remove(turn.message.address, number)
        return None if gone is None else lists.ended(gone, turn.language)

    async def _unfollow_all(self, turn: Turn) -> Page:
        async with self._store.begin() as work:
            await work.subscriptions.remove_all(turn.message.address)
        return lists.all_ended(turn.language)

    async def _decline(self, turn: Turn) -> Page:
        async with self._store.begin() as work:
            await self.declining.note(work, turn.message.address)
        return declined(turn.language)

    async def _of_push(self, turn: Turn, verb: Verb, push_id: int, place: int) -> Page | None:
        async with self._store.begin() as work:
            push = await work.pushes.get(turn.message.address, push_id)
            if push is None or not 0 < place <= len(push.items):
                return None
            if verb is not Verb.VIEW:
                await work.pushes.voted(push_id, place, helpful=verb is Verb.NEWS_UP)
                return noted(turn.language)
            news = push.items[place - 1].news
            if news is None:
                return None
            await work.pushes.opened(push_id, place, at=self._clock())
        return pages.viewed(news, push_id=push_id, place=place, language=turn.language)


def _cited(outcome: Outcome, place: int | None) -> Citation | None:
    answered = outcome.result is Result.ANSWERED
    cited = outcome.citations if answered else outcome.choices
    number = place or int(answered)
    return cited[number - 1] if 0 < number <= len(cited) else None


def _picked(turn: Turn) -> int | None:
    """The place of the passage that was chosen last, if one was offered."""
    expected = turn.expected
    return expected.place if expected is not None and expected.verb is Verb.PICK else None


def followable(page: Page, outcome: Outcome, *, message: int, about: int | None) -> Page:
    """
    The page with a button that follows what answered, or the question that nothing answered.

    `message` is the ledger id of the message that has this outcome, `about` that of an earlier
    one that asked the question.
    """
    if outcome.result is Result.ANSWERED:
        label, asked = say(outcome.language, "Tell me of changes"), message
    elif outcome.result is Result.UNRESOLVED:
        label, asked = say(outcome.language, "Tell me when you can"), about or message
    else:
        return page
    button = Button(label, str(Action(Verb.FOLLOW, asked)))
    return replace(page, buttons=(*page.buttons, (button,)))
