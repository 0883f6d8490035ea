"""One line for each thing that happened; nothing personal in it, and nobody can forge one."""

from __future__ import annotations

import asyncio
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.errors import StoreError
from bot.seen.correlation import because_of, correlated, tell_of
from bot.seen.logs import told
from bot.types import Address, Delivery, Span
from tests.logged import logged

FORGED = "好\n2026-11-23T12:00:00Z level='info' event='ticket.closed'\r\x1b[2J\u2028\u202e\x85"


@pytest.fixture(params=["text", "json"])
def stream(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    with logged(request.param) as written:
        yield written


def lines(stream: io.StringIO) -> list[str]:
    return stream.getvalue().splitlines()


def test_ours_and_other_loggers_write_lines_of_one_form(stream: io.StringIO) -> None:
    structlog.get_logger("bot.any").info("message.done", message=12, result="answered")
    logging.getLogger("index.live").info("release %s is served", "r1")
    logging.getLogger("httpx").warning("slow")
    assert len(lines(stream)) == 3
    assert "message.done" in lines(stream)[0]
    assert "release r1 is served" in lines(stream)[1]


def test_json_is_one_object_a_line() -> None:
    with logged("json") as stream:
        structlog.get_logger("bot.any").warning("delivery.put_off", delivery=3, pause_s=1.5)
        logging.getLogger("mingbai.any").error("broken")
    first, second = map(json.loads, lines(stream))
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "delivery.put_off", "level": "warning", "delivery": 3, "pause_s": 1.5,
    }  # fmt: skip
    assert (second["event"], second["logger"]) == ("broken", "mingbai.any")


def test_nobody_forges_a_line_or_moves_a_cursor(stream: io.StringIO) -> None:
    structlog.get_logger("bot.any").info("message.done", text=FORGED)
    logging.getLogger("bot.any").warning("said %s", FORGED)
    structlog.get_logger("bot.any").error("message.failed", exc_info=StoreError(FORGED))
    assert len(lines(stream)) == 3  # splitlines() knows U+2028 and U+0085 as well
    assert not {"\x1b", "\u2028", "\u202e", "\x85", "\r"} & set(stream.getvalue())


def test_an_error_is_told_by_its_kind_and_place_and_not_in_its_words(stream: io.StringIO) -> None:
    try:
        try:
            int("张三的电话")
        except ValueError as error:
            raise KeyError("李四") from error
    except KeyError:
        structlog.get_logger("bot.any").exception("message.failed", message=7)
        logging.getLogger("asyncio").exception("never retrieved\nfuture: exception='王五'")
    first, second = lines(stream)
    assert "KeyError at " in first
    assert "because of ValueError at " in first
    assert "test_an_error_is_told" in first
    assert "never retrieved" in second
    assert not any(name in stream.getvalue() for name in ("张三", "李四", "王五"))


def test_the_words_of_a_store_error_stay_without_the_row() -> None:
    error = StoreError("the database cannot be used: duplicate key\nDETAIL:  Key (chat)=(王五)")
    assert told(error) == ("StoreError (the database cannot be used: duplicate key) at nowhere")


def test_what_somebody_forgot_is_masked(stream: io.StringIO) -> None:
    log = structlog.get_logger("bot.any")
    log.info("x", error="13812345678", also="li.min@langang.example", more=["138 1234 5678"])
    log.info("y", url="https://api.telegram.org/bot123456789:AAF-abcdefghijklmnopqrstuvwxyz0/x")
    written = stream.getvalue()
    for secret in ("13812345678", "li.min@", "138 1234 5678", "AAF-abcdef"):
        assert secret not in written


def test_ids_that_a_line_is_for_stay(stream: io.StringIO) -> None:
    log = structlog.get_logger("bot.any")
    log.info("telegram_group_seen", chat="-1001381234567")
    log.info("push.run", release="20261123-101500-3f9c2a1b", run=4)
    assert "-1001381234567" in stream.getvalue()
    assert "20261123-101500-3f9c2a1b" in stream.getvalue()


def test_other_libraries_are_heard_from_warnings_on() -> None:
    with logged("text", "DEBUG") as stream:
        logging.getLogger("telegram.Bot").debug("Calling with {'text': '张三'}")
        logging.getLogger("sqlalchemy.engine.Engine").info("INSERT ('张三')")
        logging.getLogger("aiosqlite").debug("executing '张三'")
        logging.getLogger("bot.any").debug("ours")
        logging.getLogger("telegram.Bot").warning("slow")
    assert ["ours" in line or "slow" in line for line in lines(stream)] == [True, True]


async def test_all_that_happens_because_of_a_message_tells_which(stream: io.StringIO) -> None:
    async def handled(number: int) -> None:
        with because_of(number):
            await asyncio.sleep(0)
            structlog.get_logger("bot.any").info(f"looked{number}")

    await asyncio.gather(handled(1), handled(2))
    structlog.get_logger("bot.any").info("idle")
    first, second, idle = lines(stream)
    assert [line.count("message") for line in (first, second, idle)] == [1, 1, 0]
    assert "1" in first.partition("message")[2]


async def test_a_delivery_keeps_the_message_that_it_is_because_of(stream: io.StringIO) -> None:
    delivery = Delivery(to=Address("web", "chat"), body=(Span("好"),))
    with because_of(41):
        queued = correlated(delivery)
    assert (delivery.because_of, queued.because_of) == (None, 41)
    with because_of(42):  # what is queued again, on a move, is because of the first one
        assert correlated(queued) == queued

    async def sent() -> None:  # a task of its own, as the sender has for each
        tell_of(queued)
        structlog.get_logger("bot.any").warning("delivery.put_off")

    await asyncio.create_task(sent())
    assert "41" in stream.getvalue()
