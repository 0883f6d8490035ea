"""Signing in by a single sign-on: to the provider, and back."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.accounts import openid, tokens
from bot.accounts.openid import Begun, Provider
from bot.errors import SignOnFailed
from bot.web.console import provider as asked
from bot.web.console.console import Console
from bot.web.console.cookies import Cookie
from bot.web.console.sign_in import SignInPages
from bot.web.console.visit import HOME, Visit, way_back

BACK: Final = "/sign-on/back"
FRESH: Final = timedelta(hours=1)
MOST: Final = 20_000  # sign-ons under way; the oldest give way to those who come


class SignOnPages:
    def __init__(self, console: Console, sign_in: SignInPages, provider: Provider) -> None:
        self._console = console
        self._sign_in = sign_in
        self._provider = provider
        # In memory: whoever is on the way while the bot is started anew tries again.
        self._begun: OrderedDict[str, Begun] = OrderedDict()
        self._places: tuple[datetime, asked.Places] | None = None

    async def begin(self, visit: Visit) -> web.StreamResponse:
        """Send the browser to the provider, with a cookie by which it is known when it is back."""
        going = way_back(visit.request.query.get("next", HOME))
        begun = openid.begin(going, at=self._console.services.desk.clock())
        places = await self._known_places()
        self._begun[begun.state] = begun
        if len(self._begun) > MOST:
            self._begun.popitem(last=False)
        to = openid.address(places.authorization, self._provider, begun, back=self._back)
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": to})
        cookies, lasts = self._console.cookies, int(openid.VALID.total_seconds())
        cookies.put(response, Cookie.SIGN_ON, begun.state, max_age_s=lasts, strict=False)
        return response

    async def back(self, visit: Visit) -> web.StreamResponse:
        begun = self._taken(visit)
        found = await self._vouched(begun, visit.request.query.get("code", ""))
        roster = self._console.services.desk.roster
        opened = await self._console.door.signing_on.by_identity(found, roster, visit.client)
        # Not a redirect: the browser comes from the provider, and would keep the new cookie back.
        response = self._console.render(visit, "onwards.html", to=begun.going)
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

    def _taken(self, visit: Visit) -> Begun:
        """What this browser began; it is taken once. Raise SignOnFailed."""
        state = visit.request.query.get("state", "")
        own = self._console.cookies.read(visit.request, Cookie.SIGN_ON)
        if not own or not tokens.same(state, own):
            raise SignOnFailed("another browser began it, or none")
        begun = self._begun.pop(state, None)
        if begun is None or self._console.services.desk.clock() >= begun.until:
            raise SignOnFailed("it was finished before, or began too long ago")
        return begun

    async def _vouched(self, begun: Begun, code: str) -> openid.Identity:
        if not code:
            raise SignOnFailed("the provider sent no code")
        provider = self._provider
        places = await self._known_places()
        token = await asked.id_token(places, provider, code, begun.verifier, self._back)
        keys = await asked.keys(places)
        at = self._console.services.desk.clock()
        return openid.identity(token, keys, provider, nonce=begun.nonce, at=at)
