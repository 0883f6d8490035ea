"""Talk to a bot by hand, through the fake server. A button is pressed by writing `!its label`."""

from __future__ import annotations

import asyncio
import sys

from tests.telegram.client import Heard, Person
from tests.telegram.fake_api import FakeTelegram


async def talk(server: FakeTelegram) -> None:
    person = Person(server)
    _print(f"base URL {server.url}  token {server.token}  your chat {person.chat}")
    heard: list[Heard] = []
    listener = asyncio.create_task(_listen(person, heard))
    try:
        while line := await asyncio.to_thread(sys.stdin.readline):
            _say(person, line.strip(), heard)
    finally:
        listener.cancel()


def _say(person: Person, line: str, heard: list[Heard]) -> None:
    if not line.startswith("!"):
        person.send(line)
        return
    label = line.removeprefix("!")
    bearing = [message for message in heard if any(label in row for row in message.buttons)]
    if bearing:
        person.press(bearing[-1], label)
    else:
        _print("no such button")


async def _listen(person: Person, heard: list[Heard]) -> None:
    while True:
        message = await person.hears(timeout_s=10**9)
        heard.append(message)
        _print(f"{'✎' if message.edited else '◀'} {message.text}")
        for row in message.buttons:
            _print("  " + "  ".join(f"[{label}]" for label in row))


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
