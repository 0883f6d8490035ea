"""Signing in and out: a password, then a code; and the language of the pages."""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import quote

from aiohttp import web

from bot.accounts.session import Signed
from bot.accounts.signing_in import Opened
from bot.errors import AccountError, SignInRefused, TooManyTries
from bot.web.console.console import Console, redirect
from bot.web.console.cookies import DEVICE_S, Cookie
from bot.web.console.failures import account_words, status_of
from bot.web.console.visit import HOME, Visit, way_back
from knowledge.types import Lang


class SignInPages:
    def __init__(self, console: Console) -> None:
        self._console = console

    async def form(self, visit: Visit) -> web.StreamResponse:
        if visit.agent is not None:
            return redirect(way_back(visit.request.query.get("next", HOME)))
        return self._form(visit)

    async def by_password(self, visit: Visit) -> web.StreamResponse:
        """Whatever session the browser had, or was given by somebody, it gets one of its own."""
        door = self._console.door
        login, password = visit.text("login"), visit.text("password")
        try:
            signed = await door.signing_in.by_password(login, password, visit.client)
        except (SignInRefused, TooManyTries) as error:
            return self._form(visit, error)
        response = redirect(_with_next(f"{HOME}/second-factor", visit.text("next")))
        self.keep(response, signed)
        return response

    async def code_form(self, visit: Visit) -> web.StreamResponse:
        return self._code_form(visit)

    async def by_code(self, visit: Visit) -> web.StreamResponse:
        door = self._console.door
        try:
            opened = await door.signing_in.by_code(visit.session, visit.text("code"), visit.client)
        except (SignInRefused, TooManyTries) as error:
            return self._code_form(visit, error)
        response = redirect(way_back(visit.text("next")))
        self.keep_open(response, opened)
        return response

    async def sign_out(self, visit: Visit) -> web.StreamResponse:
        await self._console.door.sessions.sign_out(visit.session)
        response = redirect(f"{HOME}/sign-in")
        self._console.cookies.drop(response, Cookie.SESSION)
        return response

    async def language(self, visit: Visit) -> web.StreamResponse:
        response = redirect(way_back(visit.text("back")))
        chosen = visit.text("language")
        if chosen in set(Lang):
            self._console.cookies.put(response, Cookie.LANGUAGE, chosen, max_age_s=DEVICE_S)
        return response

    def keep(self, response: web.StreamResponse, signed: Signed) -> None:
        """Give the browser its session."""
        self._console.cookies.put(response, Cookie.SESSION, signed.token)

    def keep_open(self, response: web.StreamResponse, opened: Opened) -> None:
        """Give it the session, and know it again the next time."""
        self.keep(response, opened.signed)
        cookies = self._console.cookies
        cookies.put(response, Cookie.DEVICE, opened.device, max_age_s=DEVICE_S)

    def _form(self, visit: Visit, error: AccountError | None = None) -> web.Response:
        sign_on = self._console.config.provider is not None
        return self._again(
            visit, "sign_in.html", error, login=visit.text("login"), sign_on=sign_on
        )

    def _code_form(self, visit: Visit, error: AccountError | None = None) -> web.Response:
        return self._again(visit, "second_factor.html", error)

    def _again(
        self, visit: Visit, template: str, error: AccountError | None, **values: object
    ) -> web.Response:
        """A form, and what was wrong with it the last time."""
        going = visit.text("next") or visit.request.query.get("next", HOME)
        response = self._console.render(
            visit,
            template,
            status=status_of(error) if error else HTTPStatus.OK,
            problem=account_words(error, visit.language) if error else "",
            next=way_back(going),
            **values,
        )
        if isinstance(error, TooManyTries):
            response.headers["Retry-After"] = str(error.wait_s)
        return response


def _with_next(path: str, going: str) -> str:
    return path if way_back(going) == HOME else f"{path}?next={quote(going, safe='/')}"
