"""Who does what one worker does for all."""

from __future__ import annotations

import asyncio

import pytest

from bot.coordination.alone import Alone
from bot.seen.duties import SeenCoordination
from bot.seen.metrics import Metrics
from tests.unit.seen.test_metrics import figures, of

LEADS = of("mingbai_leader", duty="sending")


async def test_a_duty_is_told_while_it_is_done_and_not_behind_it() -> None:
    metrics = Metrics(["web"])
    begun, end = asyncio.Event(), asyncio.Event()

    async def send() -> None:
        begun.set()
        await end.wait()
        raise ConnectionError("the network is down")

    coordination = SeenCoordination(Alone(), metrics)
    job = asyncio.create_task(coordination.while_leading("sending", send))
    await begun.wait()
    assert figures(metrics)[LEADS] == 1
    end.set()
    with pytest.raises(ConnectionError):
        await job
    assert figures(metrics)[LEADS] == 0
