"""
A small OpenID Connect provider on a real server.

It checks what a provider checks of us: the client's secret, the address to go back to, PKCE, and
that a code is used once. A test tells it whom to vouch for, and what to do wrong.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote_plus

from aiohttp import web
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey
from yarl import URL

from bot.accounts.openid import Provider, challenge
from bot.web.app import serving

CLIENT: Final = "mingbai"
SECRET: Final = "s3cret of the client"
KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
STRANGERS_KEY: Final = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
NEW_KEY: Final = ECKey.generate_key("P-256", {"kid": "two", "use": "sig", "alg": "ES256"})


@dataclass
class FakeProvider:
    issuer: str = ""
    calls_itself: str = ""  # where that is another name than the issuer's
    back: str = ""  # the one address that it sends people back to
    subject: str = "u-1"
    claims: dict[str, Any] = field(default_factory=dict)  # in place of what is right
    key: RSAKey | ECKey | OctKey = field(default_factory=lambda: KEY)
    algorithm: str = "RS256"
    now: datetime | None = None
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, tuple[str, str]] = field(default_factory=dict)  # nonce and challenge

    @property
    def provider(self) -> Provider:
        return Provider(issuer=self.issuer, client_id=CLIENT, secret=SECRET)

    async def discovery(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        return web.json_response(
            {
                "issuer": self.calls_itself or self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
            }
        )

    async def keys(self, _request: web.Request) -> web.Response:
        own = [one.as_dict(private=False) for one in (KEY, NEW_KEY)]
        return web.json_response({"keys": own})

    async def authorize(self, request: web.Request) -> web.Response:
        """Somebody is signed in there already: they are sent back at once."""
        query = request.query
        right = (query["client_id"], query["redirect_uri"], query["code_challenge_method"])
        if right != (CLIENT, self.back, "S256") or "openid" not in query["scope"].split():
            raise web.HTTPBadRequest
        code = secrets.token_urlsafe(16)
        self._codes[code] = (query["nonce"], query["code_challenge"])
        to = URL(self.back).with_query(code=code, state=query["state"])
        return web.Response(status=302, headers={"Location": str(to)})

    async def token(self, request: web.Request) -> web.Response:
        form = await request.post()
        nonce, told = self._codes.pop(str(form["code"]), ("", ""))
        scheme, _, login = request.headers["Authorization"].partition(" ")
        told_login = unquote_plus(base64.b64decode(login).decode())
        given = (scheme, told_login, form["redirect_uri"])
        right = given == ("Basic", f"{CLIENT}:{SECRET}", self.back)
        if not (right and told and challenge(str(form["code_verifier"])) == told):
            return web.json_response({"error": "invalid_grant"}, status=400)
        token = self.signed(nonce)
        return web.json_response({"access_token": "x", "token_type": "Bearer", "id_token": token})

    def signed(self, nonce: str) -> str:
        assert self.now is not None
        now = int(self.now.timestamp())
        claims = {
            "iss": self.issuer,
            "sub": self.subject,
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": nonce,
            "name": "王芳",
            **self.claims,
        }
        header = {"alg": self.algorithm, "kid": self.key.kid}
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(header, present, self.key, algorithms=[self.algorithm])

    def unsigned(self, nonce: str) -> str:
        """As an attacker writes it who hopes that "none" is taken."""
        _, payload, _ = self.signed(nonce).split(".")
        head = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
        return f"{head}.{payload}."


@asynccontextmanager
async def fake_provider() -> AsyncIterator[FakeProvider]:
    fake = FakeProvider()
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", fake.discovery)
    app.router.add_get("/keys", fake.keys)
    app.router.add_get("/authorize", fake.authorize)
    app.router.add_post("/token", fake.token)
    async with serving(app, host="127.0.0.1", port=0) as port:
        fake.issuer = f"http://127.0.0.1:{port}"
        yield fake
