"""What the maintainer's pages share."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.errors import MaintenanceRefused
from bot.maintain.maintenance import Maintenance
from bot.web.console.console import Console
from bot.web.console.visit import Visit

PATH = "/maintain"
MB = 1_000_000


class Pages:
    def __init__(self, console: Console, maintenance: Maintenance) -> None:
        self._console = console
        self._maintenance = maintenance

    def render(
        self,
        visit: Visit,
        template: str,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        **values: object,
    ) -> web.Response:
        return self._console.render(
            visit,
            f"maintain/{template}",
            status=status,
            path=visit.request.path,
            zone=self._maintenance.desk.clock().tzinfo,
            **values,
        )


def reason(visit: Visit) -> str:
    """What was typed as a reason. Raise MaintenanceRefused where nothing was."""
    text = " ".join(visit.text("reason").split())
    if not text:
        raise MaintenanceRefused("Say why: the reason stands in the audit log.")
    return text
