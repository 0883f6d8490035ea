"""One's own account: password, and where one is signed in."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.accounts.passwords import SHORTEST
from bot.errors import PasswordRefused, SignInRefused, TooManyTries
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.enrol import not_alike, weak_words
from bot.web.console.failures import account_words
from bot.web.console.sign_in import SignInPages
from bot.web.console.visit import Visit

PATH = "/account"


class OwnPages:
    def __init__(self, console: Console, sign_in: SignInPages) -> None:
        self._console = console
        self._sign_in = sign_in

    async def account(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit)

    async def password(self, visit: Visit) -> web.StreamResponse:
        language, new = visit.language, visit.text("password")
        if new != visit.text("again"):
            return await self._page(visit, not_alike(language))
        enrolling = self._console.door.enrolling
        try:
            signed = await enrolling.change(visit.session, visit.text("old"), new, visit.client)
        except PasswordRefused as error:
            return await self._page(visit, weak_words(error, language))
        except (SignInRefused, TooManyTries) as error:
            return await self._page(visit, account_words(error, language))
        words = say(language, "The password is changed; you are signed out everywhere else.")
        response = await self._console.done(visit, PATH, words)
        self._sign_in.keep(response, signed)
        return response

    async def sign_out_elsewhere(self, visit: Visit) -> web.StreamResponse:
        await self._console.door.sessions.sign_out_elsewhere(visit.session)
        words = say(visit.language, "You are signed out everywhere else.")
        return await self._console.done(visit, PATH, words)

    async def _page(self, visit: Visit, problem: str = "") -> web.Response:
        zone = self._console.services.desk.clock().tzinfo
        sessions = await self._console.door.sessions.of(visit.session.account)
        return self._console.render(
            visit,
            "account.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            account=visit.session.account,
            own=visit.session.session.id,
            sessions=sessions,
            zone=zone,
            problem=problem,
            shortest=SHORTEST,
        )
