"""Deep links: in Telegram's characters, and nothing that could be taken for another link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.links import Target, chat_link, is_web_page, payload


@given(st.sampled_from(Target), st.text())
def test_a_payload_is_always_one_that_telegram_takes(target: Target, name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,64}", payload(target, name))


def test_a_name_that_fits_is_readable() -> None:
    assert payload(Target.DOCUMENT, "rent-2025") == "doc_rent-2025"
    assert payload(Target.TOPIC, "pension") == "topic_pension"
    assert payload(Target.DOCUMENT, "a" * 60) == "doc_" + "a" * 60


def test_any_other_name_is_a_digest() -> None:
    assert len(payload(Target.DOCUMENT, "a" * 61)) == 28
    assert payload(Target.TOPIC, "租房") != payload(Target.TOPIC, "住房")
    assert payload(Target.TOPIC, "租房")[5:] == payload(Target.DOCUMENT, "租房")[3:]


def test_the_address_of_a_chat() -> None:
    assert chat_link("@langang_bot") == "https://t.me/langang_bot"
    assert chat_link("langang_bot", "doc_7") == "https://t.me/langang_bot?start=doc_7"


@pytest.mark.parametrize("name", ["", "@", "two words", "政策", "a/b", "bot?start=x"])
def test_a_name_that_no_bot_can_have(name: str) -> None:
    with pytest.raises(ValueError, match="is no Telegram name"):
        chat_link(name)


def test_web_pages() -> None:
    assert is_web_page("https://ask.langang.example/")
    assert not any(
        map(is_web_page, ["", "ask.langang.example", "ftp://a/", "https://", "http://["])
    )
