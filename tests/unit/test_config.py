"""Settings of models, of where vectors are kept, and of the desk's clocks."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from bot.config import Settings
from bot.desk.clocks import TERMS, Clocks, Terms
from bot.desk.tickets import TicketKind
from bot.desk.workdays import Calendar, Week
from bot.errors import ConfigError
from index.encoders.choice import Choice
from index.rerank import Reranking
from index.stores import FILES, Remote


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def test_nothing_is_outside_by_default() -> None:
    settings = Settings.read()
    assert settings.choice == Choice()
    assert settings.outside().store is FILES
    assert settings.outside().reranking == Reranking()


def test_settings_reach_the_models() -> None:
    settings = Settings.read(
        {
            "encoder": "models/small",
            "encoder_length": "128",
            "encoder_precision": "bfloat16",
            "encoder_batch": 8,
            "encoder_device": "cuda",
            "reranker": "models/cross",
            "rerank_top": 5,
        }
    )
    assert settings.choice == Choice(
        name="models/small", length=128, precision="bfloat16", batch_size=8, device="cuda"
    )
    assert settings.outside().reranking == Reranking(
        name="models/cross", top=5, batch_size=8, device="cuda"
    )


@pytest.mark.parametrize(
    "url", ["milvus://db.test:19530", "milvus+tls://db.test:443/policies", "data/vectors.db"]
)
def test_vectors_may_be_in_milvus(url: str) -> None:
    assert isinstance(Settings.read({"index_url": url}).outside().store, Remote)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"index_url": "http://db.test"}, "INDEX_URL: must begin with milvus:// or milvus+tls://"),
        ({"index_url": "milvus://a:geheim@db"}, "INDEX_URL: holds a name or a password; put"),
        ({"index_token": "changeme"}, "INDEX_TOKEN: is still the example"),
        ({"index_timeout_s": 0}, "INDEX_TIMEOUT_S: input should be greater than 0"),
        ({"encoder_length": 8}, "ENCODER_LENGTH: input should be greater than or equal to 16"),
        ({"encoder_precision": "int8"}, "ENCODER_PRECISION: input should be 'float32', 'float16'"),
        ({"encoder_workers": 0}, "ENCODER_WORKERS: input should be greater than or equal to 1"),
        ({"rerank_top": 61}, "RERANK_TOP: input should be less than or equal to 60"),
    ],
)
def test_a_mistake_is_named_and_no_secret_shown(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.read(values)
    [told] = caught.value.problems
    assert told.startswith(problem)
    assert "geheim" not in told


def test_terms_and_days_reach_the_clocks() -> None:
    clocks = Settings.read(
        {
            "calendar": "weekdays",
            "extra_holidays": "2026-12-25",
            "extra_workdays": "2026-12-19, 2026-12-20",
            "terms_disclosure": "1/1/15/10",
        }
    ).clocks
    assert clocks.calendar == Calendar(
        week=Week.WEEKDAYS,
        holidays=frozenset({date(2026, 12, 25)}),
        workdays=frozenset({date(2026, 12, 19), date(2026, 12, 20)}),
    )
    assert clocks.terms[TicketKind.DISCLOSURE] == Terms(resolution=15, extension=10)
    assert clocks.terms[TicketKind.COMPLAINT] == TERMS[TicketKind.COMPLAINT]


def test_citizens_are_told_the_days_that_the_clock_has() -> None:
    assert Settings.read().clocks == Clocks()
    days = Settings.read({"reply_days": 3})
    assert days.clocks.terms[TicketKind.CONSULTATION] == Terms(resolution=3)
    terms = Settings.read({"reply_days": 3, "terms_consultation": "1/1/4"})
    assert (days.bureau.reply_days, terms.bureau.reply_days) == (3, 4)


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"terms_complaint": "5"}, "TERMS_COMPLAINT: write the working days until"),
        ({"extra_holidays": "1.5.2026"}, "EXTRA_HOLIDAYS: '1.5.2026' is no day; write"),
        ({"calendar": "lunar"}, "CALENDAR: input should be 'china' or 'weekdays'"),
    ],
)
def test_a_mistake_in_the_terms_is_named(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Settings.read(values)
    [told] = caught.value.problems
    assert told.startswith(problem)
