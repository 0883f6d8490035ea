"""What a bureau decides about its page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class WebConfig:
    title: str  # "明白 · 政策问答"
    bureau: str  # who speaks here: "某某市人力资源和社会保障局"
    hotline: str = ""  # a telephone number, for whoever cannot or will not chat
    suggestions: tuple[str, ...] = ()  # questions offered on the empty page
    max_chars: int = 2_000  # the page warns above; the conversation answers that in words
    messages_per_minute: int = 20  # of one conversation
    messages_per_address: int = 300  # a minute: who floods begins one conversation after another
    searches_per_minute: int = 60  # by pages and programs of one address
    proxies: int = 0  # of ours that add to X-Forwarded-For
    url: str = ""  # where citizens reach us, "https://…"; "" if that is not known
    widget_sites: tuple[str, ...] = ()  # origins that may show the chat in a frame
    streams_per_chat: int = 4  # open pages of one conversation
    streams: int = 2_000  # open pages, all together
    poll_s: float = 10.0  # how late a delivery sent by another process may show
    heartbeat_s: float = 15.0  # the page takes 45 s of silence for a dead line
