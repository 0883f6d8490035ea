"""
The cookies of the console.

Behind TLS their names begin with __Host-: a browser then takes them from this host only, never
over plain HTTP, and no neighbouring site can put one in their place (RFC 6265bis, 4.1.3.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aiohttp import web

DEVICE_S: Final = 180 * 24 * 3600


class Cookie(StrEnum):
    SESSION = "console"
    DEVICE = "console-device"  # a browser that signed in before; see bot/accounts/tries.py
    LANGUAGE = "console-language"
    SIGN_ON = "console-sign-on"  # on the way to a single sign-on and back


@dataclass(frozen=True, slots=True)
class Cookies:
    is_secure: bool  # whether the console is reached by https://

    def read(self, request: web.Request, cookie: Cookie) -> str:
        return request.cookies.get(self._name(cookie), "")

    def put(
        self,
        response: web.StreamResponse,
        cookie: Cookie,
        value: str,
        *,
        max_age_s: int | None = None,
        strict: bool = True,
    ) -> None:
        """`strict`: not sent with a request that another site leads to."""
        response.set_cookie(
            self._name(cookie),
            value,
            path="/",
            httponly=True,
            secure=self.is_secure,
            samesite="Strict" if strict else "Lax",
            max_age=max_age_s,
        )

    def drop(self, response: web.StreamResponse, cookie: Cookie) -> None:
        response.del_cookie(
            self._name(cookie), path="/", httponly=True, secure=self.is_secure, samesite="Strict"
        )

    def _name(self, cookie: Cookie) -> str:
        return f"__Host-{cookie}" if self.is_secure else cookie
