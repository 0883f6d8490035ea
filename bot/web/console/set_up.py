"""The console as the settings say."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.accounts.door import Door
from bot.accounts.openid import Provider
from bot.accounts.session import Limits
from bot.config import Settings
from bot.desk.room_services import RoomServices
from bot.errors import ConfigError
from bot.links import is_web_page
from bot.maintain.maintenance import Maintenance
from bot.web.assets import Assets
from bot.web.config import WebConfig
from bot.web.console.console import Console, ConsoleConfig
from bot.web.console.rendering import Renderer
from bot.web.console.routes import console_app


def console_of(
    settings: Settings,
    services: RoomServices,
    config: WebConfig,
    *,
    stored: Callable[[], None],
    served: Callable[[], str],
) -> Callable[[Assets], web.Application]:
    """
    `stored` is called when there may be something new to send; `served` tells the release that
    answers now.

    Raise ConfigError for settings of a single sign-on that do not go together.
    """
    provider = provider_of(settings)

    def make(assets: Assets) -> web.Application:
        desk = services.desk
        limits = Limits(idle=settings.console_idle, whole=settings.console_whole)
        console = Console(
            services=services,
            door=Door.of(services.store, clock=desk.clock, limits=limits),
            config=ConsoleConfig(
                title=config.title,
                bureau=config.bureau,
                url=settings.web_url,
                language=settings.staff_language,
                proxies=config.proxies,
                provider=provider,
            ),
            renderer=Renderer(
                static=f"/static/{assets.version}", title=config.title, bureau=config.bureau
            ),
            stored=stored,
            maintenance=Maintenance.of(settings, services.store, desk, served=served),
        )
        return console_app(console)

    return make


def provider_of(settings: Settings) -> Provider | None:
    """The single sign-on, if one is set. Raise ConfigError."""
    if not settings.oidc_issuer.strip():
        return None
    needs = {
        "OIDC_CLIENT_ID": settings.oidc_client_id.strip(),
        "WEB_URL": is_web_page(settings.web_url),  # where the provider sends people back to
        "ROSTER": settings.roster,  # else whoever the provider knows could do everything
    }
    missing = [
        f"OIDC_ISSUER needs {name} too; see .env.example" for name in needs if not needs[name]
    ]
    if missing:
        raise ConfigError(missing)
    secret = settings.oidc_client_secret
    return Provider(
        issuer=settings.oidc_issuer.strip(),
        client_id=settings.oidc_client_id.strip(),
        secret=secret.get_secret_value() if secret else "",
        claim=settings.oidc_claim.strip() or "sub",
    )
