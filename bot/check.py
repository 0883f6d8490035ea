"""Is everything in place? One line each for `run_bot.py check`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.channels.telegram import TelegramChannel
from bot.config import Settings
from bot.desk.disclosure.files import lacking
from bot.desk.roster_file import read_roster
from bot.desk.workdays import KNOWN_UNTIL, Week
from bot.errors import BotError, ConfigError
from bot.store.base import Sought
from bot.store.sql import SqlStore
from bot.web.console.set_up import provider_of
from index.build import load
from index.errors import SearchError
from index.release import locate


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    fine: bool
    text: str
    warns: bool = False  # fine, but something is to be done soon


async def checks() -> list[Line]:
    """Never raises for what it looks at."""
    try:
        settings = Settings.read()
    except ConfigError as error:
        return [Line("settings", fine=False, text=problem) for problem in error.problems]
    return [
        Line("settings", fine=True, text="read"),
        _release(settings),
        await _database(settings),
        _roster(settings),
        _calendar(settings),
        _letters(settings),
        _web(settings),
        _console(settings),
        await _telegram(settings),
    ]


def _release(settings: Settings) -> Line:
    try:
        folder = locate(settings.releases)
        searcher = load(
            folder,
            encoder=settings.choice.load,
            expect=settings.encoder,
            outside=settings.outside(),
        )
    except SearchError as error:
        return Line("release", fine=False, text=str(error))
    counts = f"{searcher.shelf.documents} documents, {searcher.shelf.passages} passages"
    return Line("release", fine=True, text=f"{searcher.name}: {counts}, whole")


async def _database(settings: Settings) -> Line:
    try:
        async with SqlStore.open(settings.database_url) as store, store.read() as work:
            waiting = await work.tickets.find(Sought(limit=1000))
    except BotError as error:
        return Line("database", fine=False, text=str(error))
    return Line("database", fine=True, text=f"reached, {len(waiting)} tickets wait")


def _roster(settings: Settings) -> Line:
    try:
        roster = read_roster(settings.roster)
    except ConfigError as error:
        return Line("roster", fine=False, text="; ".join(error.problems))
    if roster.is_open:
        return Line("roster", fine=True, text="none (no ROSTER): staff may do everything")
    people = len({member.id for member in roster.members})
    counts = f"{len(roster.departments)} departments, {people} people"
    return Line("roster", fine=True, text=f"{settings.roster}: {counts}")


def _calendar(settings: Settings) -> Line:
    calendar = settings.clocks.calendar
    problem = calendar.problem(settings.day())
    if problem:
        return Line("calendar", fine=True, text=problem, warns=True)
    known = "" if calendar.week is Week.WEEKDAYS else f", holidays known until {KNOWN_UNTIL}"
    return Line("calendar", fine=True, text=f"{calendar.week}{known}")


def _letters(settings: Settings) -> Line:
    """Whether the font of letters can be embedded, and has what they need."""
    font, sender = settings.letter_font, settings.letter_sender
    if font is None:
        text = "no LETTER_FONT: letters name STSong-Light, which an archive may refuse"
        return Line("letters", fine=True, text=text)
    try:
        missing = lacking(font, sender.bureau, sender.review, sender.court)
    except ConfigError as error:
        return Line("letters", fine=False, text="; ".join(error.problems))
    if missing:
        problem = f"LETTER_FONT: {font} has no {missing}; take one with Chinese characters"
        return Line("letters", fine=False, text=problem)
    return Line("letters", fine=True, text=f"{font} is embedded")


def _web(settings: Settings) -> Line:
    if not settings.web:
        return Line("web", fine=True, text="off (WEB=false)")
    text = f"http://{settings.web_host}:{settings.web_port}"
    if urlsplit(settings.web_url).scheme == "https" and not settings.web_proxies:
        problem = (
            "WEB_URL is https and WEB_PROXIES is 0: behind a proxy all citizens share one "
            "address, and one pace; set it to the number of your proxies"
        )
        return Line("web", fine=True, text=f"{text}; {problem}", warns=True)
    return Line("web", fine=True, text=text)


def _console(settings: Settings) -> Line:
    """Whether the settings of a single sign-on go together; its provider is not asked."""
    if not (settings.web and settings.console):
        return Line("console", fine=True, text="off (WEB=false or CONSOLE=false)")
    try:
        provider = provider_of(settings)
    except ConfigError as error:
        return Line("console", fine=False, text="; ".join(error.problems))
    text = "on" if provider is None else f"on, single sign-on by {provider.issuer}"
    return Line("console", fine=True, text=text)


async def _telegram(settings: Settings) -> Line:
    token = settings.telegram_bot_token
    if token is None:
        return Line("telegram", fine=True, text="off (no TELEGRAM_BOT_TOKEN)")
    try:
        async with TelegramChannel(
            token.get_secret_value(), base_url=settings.telegram_api_url
        ) as channel:
            name = channel.username
    except BotError as error:
        return Line("telegram", fine=False, text=str(error))
    if not name:
        problem = f"not reached at {settings.telegram_api_url}; check the network and the URL"
        return Line("telegram", fine=False, text=problem)
    return Line("telegram", fine=True, text=f"@{name}")
