"""A site that reads real releases, and documents that are made to go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.channels.web import WebChannel
from bot.render import Bureau
from bot.store.memory import MemoryStore
from bot.types import Message
from bot.web.app import create_app, serving
from bot.web.config import WebConfig
from bot.web.library import Library
from index.build import build, load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from knowledge.types import Disclosure, Document, Heading, Kind, Lang, Status
from tests.index.fake import Hashed
from tests.web.harness import CONFIG

NOON: Final = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
EVIL: Final = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
FERRY: Final = Document(
    id="ferry/2025 票价",
    title="澜港市轮渡票价办法",
    number="澜交规〔2025〕4号",
    text=(
        "第一章 总则\n\n第一条 为规范轮渡票价，制定本办法。\n\n"
        "第二条 轮渡单程票价为每人3元，六十五周岁以上老人免费乘坐轮渡。\n\n"
        "第二章 附则\n\n第三条 本办法自2025年3月1日起施行。\n"
    ),
    headings=(Heading(0, 6, 1),),
    language=Lang.ZH_HANS,
    kind=Kind.POLICY,
    source="https://jt.langang.example/1.html",
    disclosure=Disclosure.OPEN,
    issuer="澜港市交通运输局",
    published=date(2025, 2, 1),
    effective=date(2025, 3, 1),
)
DEARER: Final = replace(
    FERRY,
    text=FERRY.text.replace("每人3元", "每人4元") + "\n第四条 轮渡月票为每月90元。\n",
    effective=date(2025, 4, 1),
)
HOSTILE: Final = Document(
    id="hostile",
    title=f"游船管理规定{EVIL}",
    number=f"澜交〔2024〕9号{EVIL}",
    text=f"第一条 游船应当配备救生衣{EVIL}。\n\n第二条 {EVIL} | {EVIL} | 游船\n",
    language=Lang.ZH_HANS,
    kind=Kind.POLICY,
    source="javascript:alert(3)",
    disclosure=Disclosure.OPEN,
    issuer=f"澜港市{EVIL}",
    published=date(2024, 5, 1),
)
SECRET: Final = replace(
    FERRY,
    id="secret",
    title="轮渡内部调度方案",
    text="第一条 轮渡调度的翡翠方案不对外公布。\n",
    number="",
    disclosure=Disclosure.WITHHELD,
    interprets=(FERRY.id,),
)
ON_REQUEST: Final = replace(SECRET, id="on-request", disclosure=Disclosure.ON_REQUEST)
REPEALED: Final = replace(
    FERRY,
    id="repealed",
    title="澜港市渡船旧办法",
    number="",
    text="第一条 渡船票价为每人1元。\n",
    status=Status.REPEALED,
)
UPCOMING: Final = replace(
    FERRY,
    id="upcoming",
    title="澜港市水上巴士办法",
    number="",
    text="第一条 水上巴士票价为每人5元。\n",
    published=date(2026, 11, 1),
    effective=date(2027, 1, 1),
)
EXPIRED: Final = replace(
    FERRY,
    id="expired",
    title="澜港市夜航补贴通知",
    number="",
    text="第一条 夜航每班补贴200元。\n",
    expires=date(2025, 12, 31),
)
REST: Final = (HOSTILE, SECRET, ON_REQUEST, REPEALED, UPCOMING, EXPIRED)


@dataclass(frozen=True)
class Reading:
    """The running site; `get` opens a path as a browser does."""

    url: str
    http: aiohttp.ClientSession
    live: Live

    async def get(self, path: str, language: str = "zh-CN", **headers: str) -> Shown:
        sent = {"Accept-Language": language, **headers}
        async with self.http.get(self.url + path, headers=sent) as response:
            return Shown(response.status, await response.text(), dict(response.headers))

    async def json(self, path: str) -> Any:
        async with self.http.get(self.url + path) as response:
            return await response.json()

    async def ask(self, question: str, **more: Any) -> tuple[int, Any]:
        body = {"question": question, **more}
        async with self.http.post(f"{self.url}/api/v1/answers", json=body) as response:
            return response.status, await response.json()


@dataclass(frozen=True)
class Shown:
    status: int
    text: str
    headers: dict[str, str]


def published(root: Path) -> None:
    """Two releases, the newer one with a dearer ferry."""
    build([FERRY, *REST], root, encoder=Hashed.fit, calibrate=False)
    build([DEARER, *REST], root, encoder=Hashed.fit, calibrate=False)


@contextmanager
def live_at(root: Path) -> Iterator[Live]:
    """The current release of whatever encoder it was built with."""

    def opened(folder: Path) -> Any:
        encoder = Hashed.load if root.name.startswith("made") else Choice().load
        return load(folder, encoder=encoder)

    live = Live(root, opened, thread_setup=one_thread)
    asyncio.run(live.refresh())
    assert live.release, live.problem
    yield live
    live.close()


@asynccontextmanager
async def reading(live: Live, root: Path, **config: Any) -> AsyncIterator[Reading]:
    values = {"url": "https://wen.langang.example", "searches_per_minute": 600, **config}
    library = Library(index=live, releases=root, clock=lambda: NOON, bureau=Bureau(name="澜港市"))
    store, channel = MemoryStore(), WebChannel()
    whole: WebConfig = replace(CONFIG, **values)
    app = create_app(store=store, channel=channel, config=whole, library=library)
    async with (
        aiohttp.ClientSession() as http,
        serving(app, host="127.0.0.1", port=0) as port,
    ):
        listening = asyncio.create_task(channel.run(_taken))
        yield Reading(f"http://127.0.0.1:{port}", http, live)
        listening.cancel()


async def _taken(_messages: Sequence[Message]) -> None:
    """Conversations are tested elsewhere."""
