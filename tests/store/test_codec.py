"""What is written down is read again exactly, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.errors import StoreError
from bot.store.codec import decode, decode_word, encode
from bot.types import Address, Citation, Input, Message, Outcome, Result
from knowledge.types import Lang

MESSAGE = Message(
    id="m1",
    address=Address("web", "7"),
    sender="ann",
    kind=Input.EDITED,
    text="工伤",
    at=datetime(2026, 3, 2, 20, 0, tzinfo=timezone(timedelta(hours=8))),
)
STORED = (
    '{"id": "m1", "address": {"channel": "web", "chat": "7"}, "sender": "ann",'
    ' "sender_name": "", "kind": "edited", "text": "工伤", "reply_to": null,'
    ' "language": null, "group": null, "at": "2026-03-02T12:00:00+00:00"}'
)


def test_a_value_is_plain_json_with_times_in_utc() -> None:
    assert encode(MESSAGE) == STORED
    found = decode(Message, STORED)
    assert found == MESSAGE
    assert found.at.tzinfo is UTC


def test_a_field_that_was_added_since_takes_its_default() -> None:
    old = (
        '{"id": "m1", "address": {"channel": "web", "chat": "7"}, "sender": "ann",'
        ' "kind": "edited", "text": "工伤", "at": "2026-03-02T12:00:00+00:00"}'
    )
    assert decode(Message, old) == MESSAGE


def test_a_whole_number_is_a_probability_too() -> None:
    outcome = decode(Outcome, '{"result": "answered", "language": "en", "probability": 1}')
    assert outcome == Outcome(result=Result.ANSWERED, language=Lang.EN, probability=1.0)
    assert type(outcome.probability) is float


@pytest.mark.parametrize(
    ("was", "is_now", "problem"),
    [
        ('"sender": "ann", ', "", "Message lacks sender"),
        ('"sender"', '"from": 1, "sender"', "Message has no from"),
        ('"ann"', "7", "int in place of str"),
        ('"ann"', "null", "NoneType in place of str"),
        ('"edited"', '"sung"', "'sung' is not a valid Input"),
        ('"edited"', "7", "int in place of str"),
        ("+00:00", "", "a time without its zone"),
        ('{"channel": "web", "chat": "7"}', '["web", "7"]', "list in place of dict"),
    ],
)
def test_what_is_not_ours_is_refused(was: str, is_now: str, problem: str) -> None:
    with pytest.raises(StoreError) as refused:
        decode(Message, STORED.replace(was, is_now))
    assert str(refused.value) == f"a stored Message is unreadable: {problem}"


@pytest.mark.parametrize(
    "text", ["", "{", '{"result": "answered", "language": "en", "citations": {}}']
)
def test_broken_text_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match=r"^a stored Outcome is unreadable: "):
        decode(Outcome, text)


def test_an_unknown_word_is_refused() -> None:
    with pytest.raises(StoreError) as refused:
        decode_word(Lang, "tlh")
    assert str(refused.value) == "a stored Lang is unreadable: 'tlh' is not a valid Lang"


def test_only_values_of_ours_are_written() -> None:
    with pytest.raises(ValueError, match=r"^a time without its zone$"):
        encode(datetime(2026, 3, 2))  # noqa: DTZ001
    with pytest.raises(TypeError, match=r"^set is no value of ours$"):
        encode({1})
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode(Outcome(result=Result.ANSWERED, language=Lang.EN, probability=float("nan")))
    with pytest.raises(StoreError, match="Citation lacks address, document_id, issuer, kind, "):
        decode(Citation, "{}")
