"""`check`: a line for each part; exit 1 if one is wrong."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import reportlab
import structlog

from bot.config import Settings
from bot.desk.workdays import CHINA
from index.release import current
from tests.cli.conftest import Run
from tests.telegram.fake_api import FakeTelegram


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


@contextmanager
def telegram() -> Iterator[FakeTelegram]:
    """A Bot API server in a thread of its own, for commands that run their own loop."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = FakeTelegram()
    try:
        asyncio.run_coroutine_threadsafe(server.start(), loop).result(10)
        yield server
        asyncio.run_coroutine_threadsafe(server.stop(), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_all_is_well(run: Run, releases: Path) -> None:
    with telegram() as server:
        done = run(
            "check",
            releases=releases,
            telegram_bot_token=server.token,
            telegram_api_url=server.url,
            database_url="sqlite+aiosqlite:///bot.sqlite",
            calendar="weekdays",
        )
    assert done.stderr == ""
    settings, release, *rest = done.stdout.splitlines()
    assert settings == "ok  settings  read"
    assert release.startswith(f"ok  release   {current(releases)}: 37 documents, ")
    assert release.endswith(" passages, whole")
    assert rest == [
        "ok  database  reached, 0 tickets wait",
        "ok  roster    none (no ROSTER): staff may do everything",
        "ok  calendar  weekdays",
        "ok  letters   no LETTER_FONT: letters name STSong-Light, which an archive may refuse",
        "ok  web       http://127.0.0.1:8080",
        "ok  console   on",
        "ok  telegram  @mingbai_bot",
    ]
    assert done.exit_code == 0


def test_everything_is_wrong(run: Run, clean: Path) -> None:
    (clean / "bot.sqlite").write_text("no database\n" * 100, encoding="utf-8")
    done = run(
        "check",
        telegram_bot_token="7000000001:" + "A" * 35,
        telegram_api_url="http://127.0.0.1:9",  # nobody listens there
        database_url="sqlite+aiosqlite:///bot.sqlite",
        web="false",
        calendar="weekdays",
        letter_font="nowhere.ttf",
    )
    assert (done.exit_code, done.stderr) == (1, "")
    assert "Traceback" not in done.output
    lines = done.stdout.splitlines()
    settings, release, database, roster, calendar, letters, web, console, channel = lines
    assert settings == "ok  settings  read"
    assert release == (
        "bad release   there is no release in data/releases; build one with "
        "`python run_bot.py index build --source FOLDER`"
    )
    assert database.startswith("bad database  the database sqlite+aiosqlite:///bot.sqlite cannot")
    assert roster == "ok  roster    none (no ROSTER): staff may do everything"
    assert calendar == "ok  calendar  weekdays"
    assert letters == (
        "bad letters   LETTER_FONT: nowhere.ttf is no TrueType font (.ttf, .ttc) that can be embedded: "
        'Can\'t open file "nowhere.ttf"'
    )
    assert web == "ok  web       off (WEB=false)"
    assert console == "ok  console   off (WEB=false or CONSOLE=false)"
    assert channel == (
        "bad telegram  not reached at http://127.0.0.1:9; check the network and the URL"
    )


def test_a_single_sign_on_that_lacks_something_is_told(run: Run) -> None:
    done = run("check", oidc_issuer="https://login.langang.example", calendar="weekdays")
    assert done.exit_code == 1
    [line] = [one for one in done.stdout.splitlines() if "console" in one]
    assert line.startswith("bad console   OIDC_ISSUER needs OIDC_CLIENT_ID too")
    assert "OIDC_ISSUER needs ROSTER too" in line


def test_a_font_that_has_not_the_letters_is_told(run: Run) -> None:
    latin = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    done = run("check", letter_font=latin, calendar="weekdays")
    assert done.exit_code == 1
    [line] = [one for one in done.stdout.splitlines() if "letters" in one]
    assert line.startswith(f"bad letters   LETTER_FONT: {latin} has no 政府信息公开")
    assert line.endswith("take one with Chinese characters")


def test_a_proxy_that_is_not_counted_is_warned_of(run: Run) -> None:
    url = "https://langang.example"
    for proxies, begins in (("0", "!!  web"), ("1", "ok  web")):
        done = run("check", web_url=url, web_proxies=proxies, calendar="weekdays")
        [line] = [one for one in done.stdout.splitlines() if one[4:].startswith("web ")]
        assert line.startswith(begins)
        assert ("all citizens share one address" in line) is (proxies == "0")


def test_a_calendar_that_ends_soon_is_warned_of(run: Run, releases: Path) -> None:
    done = run("check", releases=releases)
    assert done.exit_code == 0
    problem = CHINA.problem(Settings.read({"_env_file": None}).day())  # by the day that this runs
    ok = f"ok  calendar  china, holidays known until {CHINA.known_until}"
    assert (f"!!  calendar  {problem}" if problem else ok) in done.stdout.splitlines()


@pytest.mark.parametrize("token", ["7000000001:" + "B" * 35, "nonsense"])
def test_a_token_that_telegram_does_not_know(run: Run, token: str) -> None:
    with telegram() as server:
        done = run("check", telegram_bot_token=token, telegram_api_url=server.url)
    assert done.exit_code == 1
    line = done.stdout.splitlines()[-1]
    assert line.startswith("bad telegram  ")
    assert "TELEGRAM_BOT_TOKEN" in line
    assert token not in done.output


def test_bad_settings_are_a_line_each(run: Run) -> None:
    done = run("check", web_port="x", log_level="LOUD", database_url="mysql://a:geheim@b/c")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "bad settings  WEB_PORT",
        "bad settings  DATABASE_URL",
        "bad settings  LOG_LEVEL",
    ]
    assert "geheim" not in done.output


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda folder: (folder / "prior.npy").unlink(), "is damaged: prior.npy cannot be read"),
        (lambda folder: (folder / "manifest.json").write_bytes(b""), "is damaged: manifest.json"),
        (lambda folder: (folder / "manifest.json").unlink(), "is no release"),
    ],
)
def test_a_damaged_release(
    run: Run, releases: Path, clean: Path, damage: object, problem: str
) -> None:
    root = shutil.copytree(releases, clean / "R")
    assert callable(damage)
    damage(root / current(root))
    done = run("check", releases=root)
    assert done.exit_code == 1
    assert problem in done.stdout.splitlines()[1]


def test_another_encoder(run: Run, releases: Path) -> None:
    done = run("check", releases=releases, encoder="BAAI/bge-m3")
    assert done.exit_code == 1
    assert done.stdout.splitlines()[1].endswith("set ENCODER=builtin, or build the index again")
