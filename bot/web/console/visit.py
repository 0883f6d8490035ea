"""One request to the console: who it is, in which language, and what was typed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from aiohttp import MultipartReader, web

from bot.accounts.session import Client, Signed
from bot.desk.tickets import Agent
from knowledge.types import Lang

HOME: Final = "/console"
LONGEST_PATH: Final = 500
WORDS: Final = (  # fields of one's own words, in forms of the desk
    *("question", "answer", "corrects", "text", "why", "title", "response", "office", "link"),
    *("where", "clause", "note"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    request: web.Request
    client: Client
    language: Lang
    signed: Signed | None = None
    agent: Agent | None = None  # as whom the roster knows them; None before they are signed in
    form: Mapping[str, str] = field(default_factory=dict)
    parts: MultipartReader | None = None  # of a form with files: what follows its token

    @property
    def session(self) -> Signed:
        """For pages that only whoever has a session reaches."""
        assert self.signed is not None
        return self.signed

    @property
    def actor(self) -> Agent:
        """For pages that only whoever is signed in reaches."""
        assert self.agent is not None
        return self.agent

    def text(self, name: str) -> str:
        """What was typed into a field, as it was typed; empty if it is not there."""
        return self.form.get(name, "")


def typed_in(form: Mapping[str, str], *, besides: Collection[str] = ()) -> Sequence[str]:
    """What somebody wrote into a form, to be shown where it did not go through."""
    return [form[name] for name in WORDS if name not in besides and form.get(name, "").strip()]


def way_back(path: str) -> str:
    """Where to go on: a page of the console, whatever a link says; else its first page."""
    inside = path == HOME or path.startswith((f"{HOME}/", f"{HOME}?"))
    plain = path.isascii() and path.isprintable() and "\\" not in path and "//" not in path
    return path if inside and plain and len(path) <= LONGEST_PATH else HOME
