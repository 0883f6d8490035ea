"""`qr`: what is printed opens the bot, and what cannot be printed is said."""

from __future__ import annotations

from pathlib import Path

import pytest
import segno
from PIL import Image

from bot.cli.qr import MARGIN, MODULE
from bot.links import Target, payload
from tests.cli.conftest import Run
from tests.telegram.fake_api import FakeTelegram

BOT = {"telegram_bot_name": "langang_bot"}
DOCUMENT = "housing-fund-withdrawal-2025"


def modules(file: Path) -> list[list[int]]:
    """1 for a dark module, without the margin."""
    with Image.open(file) as image:
        gray = image.convert("L")
        side = gray.width // MODULE - 2 * MARGIN
        at = [(MARGIN + place) * MODULE + MODULE // 2 for place in range(side)]
        return [[int(gray.getpixel((x, y)) == 0) for x in at] for y in at]


def drawn(address: str) -> list[list[int]]:
    return [list(row) for row in segno.make_qr(address, error="m").matrix]


def test_a_code_opens_the_bot(run: Run, clean: Path) -> None:
    result = run("qr", "--out", "bot.png", **BOT)
    assert (result.exit_code, result.stdout) == (0, "https://t.me/langang_bot\n")
    assert modules(clean / "bot.png") == drawn("https://t.me/langang_bot")


@pytest.mark.parametrize(
    ("option", "name", "target"),
    [("--document", DOCUMENT, Target.DOCUMENT), ("--topic", "租房", Target.TOPIC)],
)
def test_a_code_opens_a_document_or_a_topic(
    run: Run, clean: Path, releases: Path, option: str, name: str, target: Target
) -> None:
    result = run("qr", option, name, "--out", "code.png", releases=releases, **BOT)
    address = f"https://t.me/langang_bot?start={payload(target, name)}"
    assert (result.exit_code, result.stdout) == (0, f"{address}\n")
    assert modules(clean / "code.png") == drawn(address)


async def test_without_a_name_telegram_is_asked_for_it() -> None:
    from bot.cli.qr import link  # noqa: PLC0415 - typer's runner has a loop of its own
    from bot.config import Settings  # noqa: PLC0415

    async with FakeTelegram() as server:
        settings = Settings.read(
            {"telegram_bot_token": server.token, "telegram_api_url": server.url, "_env_file": None}
        )
        assert await link(settings, "") == "https://t.me/mingbai_bot"


def test_without_telegram_the_code_opens_the_web_page(run: Run, clean: Path) -> None:
    result = run("qr", "--out", "page.svg", web_url="https://ask.langang.example/")
    assert (result.exit_code, result.stdout) == (0, "https://ask.langang.example/\n")
    assert (clean / "page.svg").read_text("utf-8").count("<path") == 1


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["--out", "a.png"], {}, "set TELEGRAM_BOT_NAME"),
        (["--out", "a.png"], {"web_url": "ask.langang.example"}, "set TELEGRAM_BOT_NAME"),
        (["--out", "a.gif"], BOT, "end it in .png or .svg"),
        (["--out", "a.png"], {"telegram_bot_name": "two words"}, "is no Telegram name"),
        (["--out", "no/such/a.png"], BOT, "No such file or directory"),
        (["--out", "a.png", "--document", "nowhere"], BOT, "has no document named 'nowhere'"),
        (["--out", "a.png", "--topic", "养猪"], BOT, "has no topic"),
        (
            ["--out", "a.png", "--document", DOCUMENT],
            {"web_url": "https://ask.langang.example/"},
            "opens in Telegram",
        ),
    ],
)
def test_what_cannot_be_drawn(
    run: Run, clean: Path, releases: Path, words: list[str], settings: dict[str, str], said: str
) -> None:
    result = run("qr", *words, releases=releases, **settings)
    assert result.exit_code == 1
    assert said in result.stderr
    assert list(clean.iterdir()) == []


def test_a_document_and_a_topic_at_once_are_refused(run: Run) -> None:
    assert run("qr", "--out", "a.png", "--document", "a", "--topic", "b", **BOT).exit_code == 2
