"""What the next push would tell, and beginning it at once: for the command line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.config import Settings
from bot.push.archive import Archive
from bot.push.composing import Composer, Told
from bot.push.runs import following
from bot.serve import open_index
from bot.store.base import Store
from bot.store.sql import SqlStore
from index.errors import ReleaseMissing
from index.release import current

SAMPLES: Final = 3  # messages that are shown in full


@dataclass(frozen=True, slots=True)
class Planned:
    """Whom a release concerns. `waiting` conversations were not told of it yet."""

    release: str
    waiting: int
    told: tuple[Told, ...]

    def in_words(self, settings: Settings) -> Iterator[str]:
        yield (
            f"release {self.release}: {self.waiting} conversations were not told of it, "
            f"{len(self.told)} of them would get a message"
        )
        counts = Counter(item.title for one in self.told for item in one.items)
        yield from (f"{count} about {title}" for title, count in counts.most_common())
        for one in self.told[:SAMPLES]:
            page = one.page(push_id=0, language=settings.default_language)
            yield "---"
            yield "".join(span.text for span in page.body)


async def dry(settings: Settings) -> Sequence[str]:
    """What would be said, in lines. Nothing is written. Raise BotError or SearchError."""
    index = open_index(settings)
    try:
        await index.refresh()
        if not index.release:
            raise ReleaseMissing(index.problem)
        archive = Archive(settings.releases, index)
        async with SqlStore.open(settings.database_url) as store:
            found = await planned(store, archive, Composer(archive, index), settings)
    finally:
        index.close()
    return list(found.in_words(settings))


async def planned(
    store: Store, archive: Archive, composer: Composer, settings: Settings
) -> Planned:
    release = archive.release
    day = datetime.now(settings.zone).date()
    async with store.read() as work:
        waiting = await work.subscriptions.waiting(release)
        follows = [await work.subscriptions.of(address) for address in waiting]
    each = [await composer.told(one, release, on=day) for one in follows]
    return Planned(release, len(waiting), tuple(one for one in each if one))


async def begin_now(settings: Settings) -> Sequence[str]:
    """End the wait of the current release; the bot that serves does the rest."""
    release, now = current(settings.releases), datetime.now(UTC)
    async with SqlStore.open(settings.database_url) as store, store.begin() as work:
        last = await work.pushes.last_run()
        while (run := following(last, release, at=now, delay=timedelta(0))) != last:
            await work.pushes.save_run(run)
            last = run
    if run.goes_on:
        return [f"followers are told of release {release} by the bot that serves, by day"]
    return [f"nobody waits for release {release}: followers were told of it, or it is the first"]
