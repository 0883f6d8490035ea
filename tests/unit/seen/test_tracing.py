"""Spans: what a message passes, one within the other, and nothing of what was said."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dispatch import Handler
from bot.errors import StoreError
from bot.seen.conversation import SeenHandler
from bot.seen.index import SeenIndex
from bot.seen.metrics import Metrics
from bot.seen.port import Spans, no_spans
from bot.seen.set_up import spans_of
from bot.seen.store import SeenStore
from bot.store.base import Accepted
from bot.store.memory import MemoryStore
from bot.types import Address, Message, Outcome, Result
from index.build import load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from knowledge.types import Lang

sdk = pytest.importorskip("opentelemetry.sdk.trace.export.in_memory_span_exporter")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
ASKED = "失业金怎么领？我叫欧阳澜秋，电话13987654321"


class Searching:
    """A handler that looks something up and writes."""

    def __init__(self, index: SeenIndex, store: SeenStore, failure: Exception | None) -> None:
        self.index, self.store, self.failure = index, store, failure

    async def handle(self, accepted: Accepted, /) -> Outcome:
        await self.index.search(accepted.message.text, on=NOON.date())
        async with self.store.begin():
            if self.failure is not None:
                raise self.failure
        return Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS)

    async def fail(self, accepted: Accepted, /) -> Outcome:
        raise NotImplementedError


async def handled(releases: Path, spans: Spans, failure: Exception | None = None) -> None:
    index = Live(
        releases,
        lambda folder: load(folder, encoder=Choice().load, expect="builtin"),
        thread_setup=one_thread,
    )
    await index.refresh()
    metrics = Metrics(["web"])
    inner = Searching(
        SeenIndex(index, metrics, spans), SeenStore(MemoryStore(), metrics, spans), failure
    )
    handler: Handler = SeenHandler(inner, metrics, spans, lambda: NOON)
    message = Message(id="m", address=Address("web", "c"), sender="s", text=ASKED, at=NOON)
    try:
        await handler.handle(Accepted(41, message))
    finally:
        index.close()


async def test_a_message_has_its_search_with_its_legs_and_its_transaction(releases: Path) -> None:
    from bot.seen.tracing import tracing  # noqa: PLC0415 - an extra

    exporter = sdk.InMemorySpanExporter()
    with tracing("http://127.0.0.1:1", exporter=exporter) as spans:
        await handled(releases, spans)
    finished = exporter.get_finished_spans()
    names = {span.context.span_id: span.name for span in finished}
    within = {span.name: names[span.parent.span_id] for span in finished if span.parent}
    assert within == {
        "search": "message",
        "search.vectors": "search",
        "search.keywords": "search",
        "store": "message",
    }
    [message] = [span for span in finished if span.name == "message"]
    assert dict(message.attributes) == {"channel": "web", "message": 41}


async def test_a_span_that_failed_says_so_and_not_in_the_errors_words(releases: Path) -> None:
    from bot.seen.tracing import tracing  # noqa: PLC0415 - an extra

    exporter = sdk.InMemorySpanExporter()
    with (
        tracing("http://127.0.0.1:1", exporter=exporter) as spans,
        pytest.raises(StoreError),
    ):
        await handled(releases, spans, StoreError("13987654321"))
    failed = {span.name for span in exporter.get_finished_spans() if not span.status.is_ok}
    assert failed == {"message", "store"}
    told = "".join(span.to_json() for span in exporter.get_finished_spans())
    assert "StoreError" in told
    assert "13987654321" not in told
    assert "欧阳" not in told


def test_without_a_collector_there_is_nothing_at_all() -> None:
    with spans_of("") as spans:
        assert spans is no_spans
        assert spans("message", {}) is spans("search", {})
