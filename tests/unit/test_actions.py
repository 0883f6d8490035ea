"""What buttons carry: few bytes, and nothing that a forger could make us stumble over."""

from __future__ import annotations

import pytest

from bot.actions import Action, Verb


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (Action(Verb.HUMAN), "human"),
        (Action(Verb.MORE, 7), "more:7"),
        (Action(Verb.PICK, 12, 0), "pick:12:0"),
        (Action(Verb.PICK, 10**18 - 1, 3), "pick:999999999999999999:3"),
    ],
)
def test_an_action_is_read_as_it_was_written(action: Action, text: str) -> None:
    assert str(action) == text
    assert Action.parse(text) == action
    assert len(text.encode()) <= 64


@pytest.mark.parametrize(
    "text",
    ["", "pick:", "pick:1:", f"pick:1:{10**18}", "pick::1", "pick:1:x", "pick:-1:1", "grab:1"],
)
def test_a_forged_action_is_none(text: str) -> None:
    assert Action.parse(text) is None
