"""With a one-time link: a password, then an authenticator."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.accounts import codes
from bot.accounts.passwords import SHORTEST, Weak
from bot.errors import PasswordRefused, SignInRefused
from bot.texts import say
from bot.web.console.console import Console, redirect
from bot.web.console.rendering import qr_code
from bot.web.console.sign_in import SignInPages
from bot.web.console.visit import HOME, Visit
from knowledge.types import Lang


class EnrolPages:
    def __init__(self, console: Console, sign_in: SignInPages) -> None:
        self._console = console
        self._sign_in = sign_in

    async def form(self, visit: Visit) -> web.StreamResponse:
        return await self._form(visit, visit.request.query.get("code", ""))

    async def choose(self, visit: Visit) -> web.StreamResponse:
        code, password = visit.text("code"), visit.text("password")
        if password != visit.text("again"):
            return await self._form(visit, code, not_alike(visit.language))
        try:
            signed = await self._console.door.enrolling.choose(code, password, visit.client)
        except PasswordRefused as error:
            return await self._form(visit, code, weak_words(error, visit.language))
        response = redirect(f"{HOME}/enrol/second-factor")
        self._sign_in.keep(response, signed)
        return response

    async def secret(self, visit: Visit) -> web.StreamResponse:
        return self._secret(visit)

    async def confirm(self, visit: Visit) -> web.StreamResponse:
        enrolling = self._console.door.enrolling
        try:
            opened = await enrolling.confirm(visit.session, visit.text("code"), visit.client)
        except SignInRefused:
            text = "That is not the code that belongs to this key. Wait for the next one."
            return self._secret(visit, say(visit.language, text))
        response = redirect(HOME)
        self._sign_in.keep_open(response, opened)
        words = say(visit.language, "Welcome. From now on you sign in with password and code.")
        await self._console.door.sessions.tell(opened.signed, words)
        return response

    async def _form(self, visit: Visit, code: str, problem: str = "") -> web.Response:
        """Raise InvitationOver."""
        account = await self._console.door.enrolling.invited(code)
        return self._console.render(
            visit,
            "enrol.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            account=account,
            code=code,
            problem=problem,
            shortest=SHORTEST,
        )

    def _secret(self, visit: Visit, problem: str = "") -> web.Response:
        account = visit.session.account
        address = codes.address(
            account.secret, login=account.login, issuer=self._console.config.bureau
        )
        return self._console.render(
            visit,
            "authenticator.html",
            status=HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK,
            picture=qr_code(address),
            address=address,
            secret=codes.spaced(account.secret),
            problem=problem,
        )


def not_alike(language: Lang) -> str:
    return say(language, "The two passwords are not alike.")


def weak_words(error: PasswordRefused, language: Lang) -> str:
    match Weak(error.weakness):
        case Weak.SHORT:
            text = "At least {count} characters, please: a sentence is easy to keep in mind."
            return say(language, text, count=SHORTEST)
        case Weak.LONG:
            return say(language, "That password is too long.")
        case Weak.LIKE_LOGIN:
            return say(language, "The password must not be made of your login.")
        case Weak.MONOTONOUS:
            return say(language, "The password needs more different characters.")
