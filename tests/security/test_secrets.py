"""What opens something is in no repr(), no page and no backup."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zipfile import ZipFile

from pydantic import SecretStr

from bot.backup.making import Files, make
from bot.config import Settings
from bot.store.sql import SqlStore
from tests.e2e.world import world

TOKEN: Final = "7000000001:AAF-" + "k" * 32
GIVEN: Final = {
    "telegram_bot_token": TOKEN,
    "telegram_webhook_secret": "geheim-webhook",
    "index_token": "geheim-index",
    "database_url": "postgresql+asyncpg://mingbai:geheim-database@db/mingbai",
    "releases_url": "s3://key:geheim-releases@bucket/releases",
    "oidc_client_secret": "geheim-sign-on",
}


def test_settings_show_no_secret() -> None:
    settings = Settings.read(
        {**GIVEN, "telegram_webhook_url": "https://b.example", "_env_file": None}
    )
    for shown in (repr(settings), str(settings), repr([settings])):
        assert "geheim" not in shown
        assert TOKEN not in shown


def test_a_setting_that_sounds_like_a_secret_is_kept_as_one() -> None:
    sounding = [
        field.annotation
        for name, field in Settings.model_fields.items()
        if name.endswith(("_token", "_secret", "_password", "_key"))
    ]
    assert sounding
    assert all(one == SecretStr | None for one in sounding)


async def test_no_page_for_programs_and_no_backup_holds_a_secret(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path, metrics_port=0, index_token="geheim-index") as bot:
        token = bot.server.token
        wang = bot.citizen()
        wang.send("养狗要办什么证？")
        await wang.hears()
        said = []
        for port, path in (
            (bot.app.metrics_port, "metrics"),
            (bot.app.metrics_port, "readyz"),
            (bot.app.web_port, "readyz"),
            (bot.app.web_port, "healthz"),
        ):
            async with bot.http.get(f"http://127.0.0.1:{port}/{path}") as response:
                said.append(await response.text())
        url = bot.settings.database_url
    archive = tmp_path / "backup.zip"
    await make(url, archive, files=Files(), at=datetime(2026, 11, 23, tzinfo=UTC))
    with ZipFile(archive) as opened:
        said += [opened.read(name).decode() for name in opened.namelist()]
    for text in said:
        assert token not in text
        assert "geheim" not in text
    async with SqlStore.open(url):
        pass  # the backup took nothing away
