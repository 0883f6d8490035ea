"""Our own scripts and styles, read once and served from memory: no path ever meets a disk."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Final, TypeAlias

from aiohttp import web

from knowledge.types import Lang

_TYPES: Final = {
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}
_STATIC: Final = files("bot.web") / "static"

Texts: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asset:
    content_type: str
    body: bytes
    packed: bytes  # gzip


def load_texts() -> Mapping[Lang, Texts]:
    """Read the words of the page in each language."""
    texts = json.loads((_STATIC / "texts.json").read_text(encoding="utf-8"))
    return {lang: texts[lang] for lang in Lang}


def _for_scripts() -> bytes:
    """Without the words of pages of problems, which are written here and run no script."""
    texts = {
        lang: {name: text for name, text in own.items() if not name.startswith("problem")}
        for lang, own in load_texts().items()
    }
    return json.dumps(texts, ensure_ascii=False, separators=(",", ":")).encode()


def _load() -> dict[str, Asset]:
    assets: dict[str, Asset] = {}
    for file in sorted(_STATIC.iterdir(), key=lambda file: file.name):
        name, body = file.name, file.read_bytes()
        if name == "texts.json":  # one home for the texts; scripts import them as a module
            name, body = "texts.js", b"export default " + _for_scripts()
        content_type = _TYPES.get(name.rpartition(".")[2])
        if content_type:
            assets[name] = Asset(content_type, body, gzip.compress(body, mtime=0))
    return assets


class Assets:
    """
    Files under /static/<version>/<name>.

    The version is a digest of them all: a browser keeps what it fetched for good, and gets
    everything anew, scripts that match each other, when one byte has changed.
    """

    def __init__(self) -> None:
        self._assets = _load()
        digest = hashlib.sha256(b"".join(asset.body for asset in self._assets.values()))
        self.version = digest.hexdigest()[:12]

    async def handle(self, request: web.Request) -> web.Response:
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise web.HTTPNotFound
        # Another version is asked for while an update is rolled out: serve, but keep it not.
        current = request.match_info["version"] == self.version
        headers = {
            "Cache-Control": "public, max-age=31536000, immutable" if current else "no-cache",
            "Vary": "Accept-Encoding",
        }
        body = asset.body
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = asset.packed
        return web.Response(
            body=body, content_type=asset.content_type, charset="utf-8", headers=headers
        )
