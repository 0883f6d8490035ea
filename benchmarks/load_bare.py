"""
What the bot under load is compared with: the least that its platforms ask for.

    python -m benchmarks.load_bare page
    python -m benchmarks.load_bare telegram TOKEN API_URL

`page` is aiohttp alone, with the two addresses that the chat page uses: what is posted comes back
on the stream of its conversation. `telegram` is python-telegram-bot behind a webhook of aiohttp's,
as its example `customwebhookbot` has it, and says everything once more. Nothing is stored.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from typing import Final

from aiohttp import web
from telegram import Update

from benchmarks.echo import prepared
from bot.channels.telegram_webhook import PATH
from bot.web.app import serving

READY: Final = "ready"  # printed, with the port


def page() -> web.Application:
    told: dict[str, asyncio.Queue[str]] = {}

    async def listen(request: web.Request) -> web.StreamResponse:
        chat = request.query["chat"]
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        queue = told.setdefault(chat, asyncio.Queue())
        try:
            await response.prepare(request)
            await response.write(b"event: ready\ndata: {}\n\n")
            data = json.dumps({"body": [{"text": await queue.get()}]})  # a visit is one question
            await response.write(f"data: {data}\n\n".encode())
        finally:
            del told[chat]
        return response

    async def take(request: web.Request) -> web.Response:
        said = await request.json()
        told[said["chat"]].put_nowait(said["text"])
        return web.json_response({"accepted": True}, status=202)

    app = web.Application()
    app.router.add_get("/api/events", listen)
    app.router.add_post("/api/messages", take)
    return app


@asynccontextmanager
async def echoing(token: str, api_url: str) -> AsyncIterator[web.Application]:
    async with prepared(token, api_url, polling=False) as echo:

        async def take(request: web.Request) -> web.Response:
            await echo.update_queue.put(Update.de_json(await request.json(), echo.bot))
            return web.Response()

        app = web.Application()
        app.router.add_post(PATH, take)
        await echo.start()
        try:
            yield app
        finally:
            await echo.stop()


async def main(kind: str, token: str = "", api_url: str = "") -> None:
    making = nullcontext(page()) if kind == "page" else echoing(token, api_url)
    async with making as app, serving(app, host="127.0.0.1", port=0) as port:
        print(READY, port, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
