"""
Wrong passwords and codes: who guesses waits, longer each time, and never for good.

Who signs in from a browser that has done so before is counted apart from strangers (OWASP, "Slow
Down Online Guessing Attacks with Device Cookies"): guessing from elsewhere keeps new browsers
waiting, and nobody else. A try counts before it is looked at, so that many at once gain nothing.
Pure; see counting.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.accounts.tokens import digest

FREE: Final = 5  # wrong ones without a wait, of an account or a known browser
FREE_OF_ADDRESS: Final = 20  # a whole office may have one
FIRST_WAIT_S: Final = 30
LONGEST_WAIT_S: Final = 900
FORGOTTEN: Final = timedelta(days=1)  # after the last one
ADDRESS: Final = "address:"
_DOUBLINGS: Final = 10  # more only make large numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tries:
    """The wrong ones of one subject since its last right one."""

    id: int = 0  # given by the store
    version: int = 1
    subject: str
    count: int = 0
    last: datetime

    def is_old(self, at: datetime) -> bool:
        return at >= self.last + FORGOTTEN

    def wait_s(self, at: datetime) -> int:
        """Whole seconds until the next try is looked at; 0: now."""
        free = FREE_OF_ADDRESS if self.subject.startswith(ADDRESS) else FREE
        if self.count < free or self.is_old(at):
            return 0
        doublings = min(self.count - free, _DOUBLINGS)
        wait_s = min(FIRST_WAIT_S * 2**doublings, LONGEST_WAIT_S)
        left = self.last + timedelta(seconds=wait_s) - at
        return max(0, -(-left // timedelta(seconds=1)))


def of_login(login: str, *, device: str) -> str:
    """`device` is the digest of a browser that the account knows; empty: a stranger's."""
    return f"device:{device}" if device else f"login:{digest(login)}"


def of_code(account: int, *, device: str) -> str:
    return f"code:{account}:{device}"


def of_address(address: str) -> str:
    """Of IPv6 the network is meant: a household has 2^64 addresses. See bot/web/clients.py."""
    return f"{ADDRESS}{address}"
