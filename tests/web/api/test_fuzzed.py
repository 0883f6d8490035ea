"""
The API asked for whatever its own description allows, and for what it does not.

Over HTTP, on the running app: nothing may end in an error of ours, and each response must be as
the description says.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any, Final

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.documents.conftest import Made
from tests.web.library import reading

CHECKS: Final = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
# Those that a value can be wrong in; any text may be the id of a document.
SENT: Final = (
    "GET /api/v1/search",
    "GET /api/v1/documents",
    "POST /api/v1/answers",
    "POST /api/messages",
)
OPERATIONS: Final = (
    *SENT,
    "GET /api/v1/documents/{id}",
    "GET /healthz",
)
FEW: Final = 12  # examples of each operation and mode, in every run
MANY: Final = 150


@pytest.fixture(scope="module")
def url(made: Made) -> Iterator[str]:
    """The app in a thread of its own: the fuzzer waits for each response."""
    started, stop = threading.Event(), asyncio.Event()
    address: list[str] = []
    loop = asyncio.new_event_loop()

    async def serve() -> None:
        # No limit is in the way; a test of its own looks at that.
        quick = {"searches_per_minute": 600_000, "messages_per_minute": 600_000}
        async with reading(made.live, made.root, **quick) as site:
            address.append(site.url)
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    started.wait(10)
    yield address[0]
    loop.call_soon_threadsafe(stop.set)
    thread.join(10)
    loop.close()


def fuzz(url: str, label: str, mode: GenerationMode, *, examples: int) -> None:
    schema = schemathesis.openapi.from_url(f"{url}/api/openapi.json")
    operations = [one.ok() for one in schema.get_all_operations() if isinstance(one, Ok)]
    found = {one.label: one for one in operations}

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=found[label].as_strategy(generation_mode=mode))
    def ask(case: Case[Any]) -> None:
        case.call_and_validate(checks=CHECKS)

    ask()


@pytest.mark.parametrize("label", OPERATIONS)
def test_what_is_described_is_answered_as_described(url: str, label: str) -> None:
    fuzz(url, label, GenerationMode.POSITIVE, examples=FEW)


@pytest.mark.parametrize("label", SENT)
def test_what_is_not_described_is_refused_as_described(url: str, label: str) -> None:
    fuzz(url, label, GenerationMode.NEGATIVE, examples=FEW)


@pytest.mark.slow
@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize("label", SENT)
def test_at_length(url: str, label: str, mode: GenerationMode) -> None:
    fuzz(url, label, mode, examples=MANY)
