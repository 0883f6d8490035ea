"""The second factor: codes as RFC 6238 makes them, each taken once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from bot.accounts import codes

SECRET = base64.b32encode(b"12345678901234567890").decode()  # of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("at_s", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc(at_s: int, code: str) -> None:
    at = datetime.fromtimestamp(at_s, UTC)
    assert codes.step_of(SECRET, code, at=at, after=0) == at_s // 30


@pytest.mark.parametrize(
    ("seconds", "step"), [(-31, None), (-1, 41), (0, 41), (59, 41), (60, None)]
)
def test_a_clock_may_be_one_step_off(seconds: int, step: int | None) -> None:
    code = "005924"
    at = datetime.fromtimestamp(41152263 * 30 + seconds, UTC)
    found = codes.step_of(SECRET, code, at=at, after=0)
    assert found == (None if step is None else 41152263)


def test_a_code_is_taken_once() -> None:
    at = datetime.fromtimestamp(1234567890, UTC)
    assert codes.step_of(SECRET, "005924", at=at, after=41152262) == 41152263
    assert codes.step_of(SECRET, "005924", at=at, after=41152263) is None


@pytest.mark.parametrize("typed", [" 005 924 ", "００５９２４"])
def test_a_code_may_be_typed_as_it_is_read(typed: str) -> None:
    at = datetime.fromtimestamp(1234567890, UTC)
    assert codes.step_of(SECRET, typed, at=at, after=0) == 41152263


@pytest.mark.parametrize("typed", ["", "5924", "0059240", "\ud800", "abcdef"])
def test_what_is_no_code_is_wrong(typed: str) -> None:
    assert (
        codes.step_of(SECRET, typed, at=datetime.fromtimestamp(1234567890, UTC), after=0) is None
    )


def test_an_authenticator_is_told_whose_key_it_is() -> None:
    address = codes.address(SECRET, login="wang", issuer="澜港市")
    assert address.startswith("otpauth://totp/")
    assert f"secret={SECRET}" in address
    assert codes.spaced("ABCDEFGHIJ") == "ABCD EFGH IJ"
