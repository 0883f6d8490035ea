"""Signing in by a single sign-on: to the provider, and back."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Final

from aiohttp import web

from bot.accounts import openid, tokens
from bot.accounts.begun import VALID
from bot.accounts.openid import Provider, Secrets
from bot.errors import SignOnFailed, TooManyTries
from bot.fairness import Limiter, Pace
from bot.web.console import provider as asked
from bot.web.console.console import Console
from bot.web.console.cookies import Cookie
from bot.web.console.sign_in import SignInPages
from bot.web.console.visit import HOME, Visit, way_back

BACK: Final = "/sign-on/back"
FRESH: Final = timedelta(hours=1)
PACE: Final = Pace(per_minute=60, burst=60)  # sign-ons of one address, which may be an office's


class SignOnPages:
    def __init__(self, console: Console, sign_in: SignInPages, provider: Provider) -> None:
        self._console = console
        self._sign_in = sign_in
        self._provider = provider
        self._limiter = Limiter(PACE)
        self._places: tuple[datetime, asked.Places] | None = None

    async def begin(self, visit: Visit) -> web.StreamResponse:
        """Send the browser to the provider, with a cookie by which it is known when it is back."""
        if wait_s := self._limiter.wait_s(visit.client.address, at_s=monotonic()):
            raise TooManyTries(wait_s)
        places = await self._known_places()
        going = way_back(visit.request.query.get("next", HOME))
        token = await self._console.door.signing_on.begin(going)
        secrets = Secrets.of(token)
        to = openid.address(places.authorization, self._provider, secrets, back=self._back)
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": to})
        cookies, lasts = self._console.cookies, int(VALID.total_seconds())
        cookies.put(response, Cookie.SIGN_ON, token, max_age_s=lasts, strict=False)
        return response

    async def back(self, visit: Visit) -> web.StreamResponse:
        secrets, going = await self._taken(visit)
        found = await self._vouched(secrets, visit.request.query.get("code", ""))
        roster = self._console.services.desk.roster
        opened = await self._console.door.signing_on.by_identity(found, roster, visit.client)
        # Not a redirect: the browser comes from the provider, and would keep the new cookie back.
        response = self._console.render(visit, "onwards.html", to=going)
        self._sign_in.keep_open(response, opened)
        self._console.cookies.drop(response, Cookie.SIGN_ON)
        return response

    @property
    def _back(self) -> str:
        return f"{self._console.config.url.rstrip('/')}{HOME}{BACK}"

    async def _known_places(self) -> asked.Places:
        """Asked for once an hour: strangers who press the button make no work for the provider."""
        now = self._console.services.desk.clock()
        if self._places is None or now >= self._places[0] + FRESH:
            self._places = (now, await asked.places(self._provider))
        return self._places[1]

    async def _taken(self, visit: Visit) -> tuple[Secrets, str]:
        """
        The secrets of what this browser began, and where it goes on; it is taken once.

        Raise SignOnFailed.
        """
        token = self._console.cookies.read(visit.request, Cookie.SIGN_ON)
        secrets = Secrets.of(token)
        if not token or not tokens.same(visit.request.query.get("state", ""), secrets.state):
            raise SignOnFailed("another browser began it, or none")
        return secrets, await self._console.door.signing_on.take(token)

    async def _vouched(self, secrets: Secrets, code: str) -> openid.Identity:
        if not code:
            raise SignOnFailed("the provider sent no code")
        provider = self._provider
        places = await self._known_places()
        token = await asked.id_token(places, provider, code, secrets.verifier, self._back)
        keys = await asked.keys(places)
        at = self._console.services.desk.clock()
        return openid.identity(token, keys, provider, nonce=secrets.nonce, at=at)
