"""What one conversation is to be told of a release, from all that it follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot import answer_page
from bot.decide import decide
from bot.privacy import without_masks
from bot.push.archive import Archive
from bot.push.news import News, concerns
from bot.push.pages import MOST_SHOWN, pushed
from bot.render import Page
from bot.searching import Searches
from bot.store.pushed import Item
from bot.subscriptions import Follows, Subscription
from bot.types import Citation, Outcome, Result
from bot.verified import check_citation
from knowledge.types import Lang


@dataclass(frozen=True, slots=True)
class Answered:
    """A question that can be answered now, by the first citation of the outcome."""

    subscription: Subscription
    outcome: Outcome

    @property
    def citation(self) -> Citation:
        return self.outcome.citations[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is new for one conversation."""

    news: tuple[tuple[str, News], ...]  # with the release that each is compared with
    answered: tuple[Answered, ...]
    because: tuple[Subscription, ...]  # what they follow and this is about

    def __bool__(self) -> bool:
        return bool(self.news or self.answered)

    @property
    def items(self) -> tuple[Item, ...]:
        """What is counted, in the order of the message."""
        shown = [
            Item(document_id=one.document_id, title=one.title, since=since, news=one)
            for since, one in self.news[:MOST_SHOWN]
        ]
        answers = [
            Item(document_id=one.citation.document_id, title=one.citation.title)
            for one in self.answered
        ]
        return (*shown, *answers)

    def page(self, *, push_id: int, language: Lang) -> Page:
        answers = [
            (one.subscription.title, answer_page.body(replace(one.outcome, language=language)))
            for one in self.answered
        ]
        return pushed(
            [one for _, one in self.news],
            answers,
            followed=[one.title for one in self.because],
            push_id=push_id,
            language=language,
        )


class Composer:
    def __init__(self, archive: Archive, index: Searches) -> None:
        self._archive = archive
        self._index = index

    async def told(
        self, subscriptions: Sequence[Subscription], release: str, *, on: date
    ) -> Told | None:
        """Return None if the release is not the one that is served any more."""
        news: dict[str, tuple[str, News]] = {}
        because: list[Subscription] = []
        answered: list[Answered] = []
        for one in subscriptions:
            if one.follows is Follows.QUESTION:
                found = await self._index.search(without_masks(one.title), on=on)
                if found is None or found.release != release:
                    return None
                outcome = decide(found, language=one.language, on=on)
                if outcome.result is Result.ANSWERED:
                    answered.append(Answered(one, await self._verified(outcome)))
                continue
            told = await self._archive.news(one.release, release, on=on)
            concerned = [each for each in told if concerns(one, each)]
            for each in concerned:
                news.setdefault(each.document_id, (one.release, each))
            if concerned:
                because.append(one)
        return Told(news=tuple(news.values()), answered=tuple(answered), because=tuple(because))

    async def _verified(self, outcome: Outcome) -> Outcome:
        """The outcome with its first citation. Raise Misquoted unless the release has that."""
        first = outcome.citations[0]
        _, clause = await self._index.clause(first.passage_id)
        check_citation(first, clause)
        return replace(outcome, citations=(first,))
