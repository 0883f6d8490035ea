"""The encoder of a build, in this process or spread over many."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext

from bot.config import Settings
from index.cluster import spread
from index.writing import Fit


def fitting(settings: Settings) -> AbstractContextManager[Fit]:
    choice = settings.choice
    if settings.encoder_workers == 1 and not settings.encoder_cluster:
        return nullcontext(choice.fit)
    return spread(
        choice.fit,
        workers=settings.encoder_workers,
        address=settings.encoder_cluster,
        device=choice.device,
    )
