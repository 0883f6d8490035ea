"""The console as part of the bot that serves."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from bot.app import running
from bot.config import Settings
from bot.errors import ConfigError
from bot.serve import open_index
from bot.store.memory import MemoryStore
from bot.web.console.set_up import provider_of


@pytest.fixture
def values(tmp_path: Path) -> dict[str, object]:
    """Nothing of the machine's own."""
    return {"web_port": 0, "releases": tmp_path / "releases", "roster": None}


@pytest.mark.parametrize(("console", "status"), [(True, 200), (False, 404)])
async def test_the_console_is_there_unless_it_is_taken_away(
    values: dict[str, object],
    console: bool,  # noqa: FBT001 - a column
    status: int,
) -> None:
    settings = Settings.read({**values, "console": console})
    async with (
        running(settings, MemoryStore(), open_index(settings)) as app,
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{app.web_port}/console/sign-in") as response,
    ):
        assert response.status == status


def test_a_single_sign_on_needs_the_roster_and_the_address(values: dict[str, object]) -> None:
    assert provider_of(Settings.read(values)) is None
    alone = Settings.read({**values, "oidc_issuer": "https://id.langang.example"})
    with pytest.raises(ConfigError) as refused:
        provider_of(alone)
    assert refused.value.problems == (
        "OIDC_ISSUER needs OIDC_CLIENT_ID too; see .env.example",
        "OIDC_ISSUER needs WEB_URL too; see .env.example",
        "OIDC_ISSUER needs ROSTER too; see .env.example",
    )


def test_a_secret_is_never_shown(values: dict[str, object]) -> None:
    with pytest.raises(ConfigError) as refused:
        Settings.read({**values, "oidc_client_secret": "changeme"})
    assert "changeme" not in str(refused.value)
    whole = Settings.read({**values, "oidc_client_secret": "hunter2"})
    assert "hunter2" not in repr(whole)
