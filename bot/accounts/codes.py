"""The second factor: codes of six digits that change every 30 seconds (TOTP, RFC 6238). Pure."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from typing import Final

import pyotp

from bot.accounts.tokens import same

STEP_S: Final = 30
DRIFT: Final = 1  # steps that a clock may be fast or slow, as RFC 6238 section 5.2 recommends


def new_secret() -> str:
    """160 random bits in base 32, as RFC 4226 asks."""
    return pyotp.random_base32()


def step_of(secret: str, code: str, *, at: datetime, after: int) -> int | None:
    """
    The time step whose code it is: this one, or one beside it. None for a wrong code, and for one
    of step `after` or before: those are used up. Without a secret, as in single sign-on, no
    code is right.
    """
    if not secret:
        return None
    given = "".join(unicodedata.normalize("NFKC", code).split())
    now = int(at.timestamp()) // STEP_S
    maker = pyotp.TOTP(secret)
    steps = range(now - DRIFT, now + DRIFT + 1)
    fitting = [step for step in steps if same(maker.generate_otp(step), given)]
    return max((step for step in fitting if step > after), default=None)


def address(secret: str, *, login: str, issuer: str) -> str:
    """The otpauth:// address that an authenticator reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def spaced(secret: str) -> str:
    """The secret in groups of four, for whoever types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
