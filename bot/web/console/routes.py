"""The console as an aiohttp application, to be mounted at /console."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.web.console.audit import AuditPages
from bot.web.console.concerns import ConcernPages
from bot.web.console.console import ENROLLING, HALF, PUBLIC, Console
from bot.web.console.dashboards.pages import DashboardPages
from bot.web.console.desk import add_pages as add_desk_pages
from bot.web.console.enrol import EnrolPages
from bot.web.console.failures import failures
from bot.web.console.guard import Guard
from bot.web.console.level import LevelPages
from bot.web.console.maintain.pages import add_pages as add_maintenance
from bot.web.console.own import OwnPages
from bot.web.console.publishing import PublishingPages
from bot.web.console.reports import ReportPages
from bot.web.console.request import RequestPage
from bot.web.console.requests import RequestPages
from bot.web.console.roster import RosterPages
from bot.web.console.sign_in import SignInPages
from bot.web.console.sign_on import BACK, SignOnPages
from bot.web.console.tasks import TaskPages

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Frame-Options": "DENY",  # for what is too old for frame-ancestors
    "Referrer-Policy": "same-origin",  # see guard.py
    "Cache-Control": "no-store",
}


def console_app(console: Console) -> web.Application:
    """All pages, each behind the guard."""
    add_pages(console)
    live = add_desk_pages(console)
    maintaining = add_maintenance(console)
    guard = Guard(console)
    app = web.Application(middlewares=[failures(console, guard.visit)])
    app.on_response_prepare.append(_protect)
    app.on_shutdown.append(live.close)
    app.on_shutdown.append(maintaining.close)
    for route in console.routes:
        app.router.add_route(route.method, route.path, guard.around(route))
    return app


def add_pages(console: Console) -> None:
    sign_in = SignInPages(console)
    console.add("GET", "/sign-in", sign_in.form, PUBLIC)
    console.add("POST", "/sign-in", sign_in.by_password, PUBLIC)
    console.add("POST", "/language", sign_in.language, PUBLIC)
    console.add("GET", "/second-factor", sign_in.code_form, HALF)
    console.add("POST", "/second-factor", sign_in.by_code, HALF)
    console.post("/sign-out", sign_in.sign_out)
    if console.config.provider is not None:
        sign_on = SignOnPages(console, sign_in, console.config.provider)
        console.add("GET", "/sign-on", sign_on.begin, PUBLIC)
        console.add("GET", BACK, sign_on.back, PUBLIC)
    enrol = EnrolPages(console, sign_in)
    console.add("GET", "/enrol", enrol.form, PUBLIC)
    console.add("POST", "/enrol", enrol.choose, PUBLIC)
    console.add("GET", "/enrol/second-factor", enrol.secret, ENROLLING)
    console.add("POST", "/enrol/second-factor", enrol.confirm, ENROLLING)
    own = OwnPages(console, sign_in)
    console.get("/account", own.account)
    console.post("/account/password", own.password)
    console.post("/account/sign-out-elsewhere", own.sign_out_elsewhere)
    DashboardPages(console).add()
    ConcernPages(console).add()
    TaskPages(console).add()
    PublishingPages(console).add()
    RequestPages(console).add()
    RequestPage(console).add()
    ReportPages(console).add()
    RosterPages(console).add()
    AuditPages(console).add()
    LevelPages(console).add()


async def _protect(_request: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(HEADERS)
