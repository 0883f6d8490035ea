"""The figures for Prometheus: what is counted, and that no label grows with those who ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from bot.desk.tickets import ACTIVE, State
from bot.seen.metrics import Metrics, Now, Served
from bot.seen.port import Cause, Fate, Posting, Step
from bot.store.waiting import Backlog, Clock, Waiting
from bot.types import Outcome, Reason, Result
from knowledge.types import Lang

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
CHANNELS = ("telegram", "web")
BACKLOG = Backlog(
    messages={"web": Waiting(2, NOON - timedelta(seconds=7))},
    deliveries={"telegram": Waiting(3, NOON - timedelta(minutes=2))},
    tickets={(State.OPEN, Clock.OVERDUE): 4},
    overdue_since=NOON - timedelta(hours=1),
)
NOTHING = Now(at=NOON, release=None, backlog=None)

Labels = frozenset[tuple[str, str]]


def figures(metrics: Metrics, now: Now = NOTHING) -> dict[tuple[str, Labels], float]:
    families = text_string_to_metric_families(metrics.written(now).decode())
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


def of(name: str, **labels: str) -> tuple[str, Labels]:
    return name, frozenset(labels.items())


def test_questions_are_counted_by_what_became_of_them() -> None:
    metrics = Metrics(CHANNELS)
    unsure = Outcome(result=Result.UNRESOLVED, reason=Reason.UNSURE, language=Lang.ZH_HANS)
    for _ in range(2):
        metrics.handled("web", unsure)
    metrics.handled("telegram", Outcome(result=Result.ANSWERED, language=Lang.KO))
    found = figures(metrics)
    name = "mingbai_questions_total"
    assert found[of(name, channel="web", result="unresolved", reason="unsure")] == 2
    assert found[of(name, channel="telegram", result="answered", reason="")] == 1


def test_steps_deliveries_responses_and_failures_are_counted() -> None:
    metrics = Metrics(CHANNELS)
    metrics.lasted(Step.SEARCH, 0.03)
    metrics.sent("telegram", Fate.PUT_OFF, Cause.THROTTLED)
    metrics.responded("api", 503)
    metrics.store_failed(busy=False)
    metrics.left("web")
    metrics.parked("telegram")
    metrics.degraded(2)
    metrics.leads("sending", leading=True)
    found = figures(metrics)
    assert found[of("mingbai_step_seconds_count", step="search", channel="")] == 1
    assert found[of("mingbai_step_seconds_bucket", step="search", channel="", le="0.025")] == 0
    assert found[of("mingbai_step_seconds_bucket", step="search", channel="", le="0.05")] == 1
    tries = of("mingbai_deliveries_total", channel="telegram", fate="put_off", cause="throttled")
    assert found[tries] == 1
    assert found[of("mingbai_web_responses_total", part="api", status="503")] == 1
    assert found[of("mingbai_store_errors_total", kind="failed")] == 1
    assert found[of("mingbai_messages_left_total", channel="web")] == 1
    assert found[of("mingbai_messages_parked_total", channel="telegram")] == 1
    assert found[of("mingbai_degrade_level")] == 2
    assert found[of("mingbai_leader", duty="sending")] == 1


def test_what_waits_is_told_with_its_age() -> None:
    metrics = Metrics(CHANNELS)
    release = Served("20261120-101500-3f9c2a1b", NOON - timedelta(days=3))
    found = figures(metrics, Now(at=NOON, release=release, backlog=BACKLOG))
    assert found[of("mingbai_inbox", channel="web")] == 2
    assert found[of("mingbai_inbox_oldest_seconds", channel="web")] == 7
    assert found[of("mingbai_outbox", channel="telegram")] == 3
    assert found[of("mingbai_outbox_oldest_seconds", channel="telegram")] == 120
    assert found[of("mingbai_outbox", channel="web")] == 0
    assert found[of("mingbai_outbox_oldest_seconds", channel="web")] == 0
    assert found[of("mingbai_tickets", state="open", clock="overdue")] == 4
    assert found[of("mingbai_tickets", state="claimed", clock="in_time")] == 0
    assert found[of("mingbai_ticket_overdue_seconds")] == 3600
    assert found[of("mingbai_release_info", release=release.name)] == 1
    assert found[of("mingbai_release_built_timestamp_seconds")] == release.built.timestamp()
    assert found[of("mingbai_store_up")] == 1


def test_a_store_that_does_not_answer_leaves_no_old_figures() -> None:
    metrics = Metrics(CHANNELS)
    figures(metrics, Now(at=NOON, release=None, backlog=BACKLOG))
    found = figures(metrics)
    assert found[of("mingbai_store_up")] == 0
    names = {name for name, _ in found}
    assert not {"mingbai_outbox", "mingbai_tickets", "mingbai_release_info"} & names


def test_what_a_worker_does_not_know_is_no_figure() -> None:
    """One that is alone, or does not look after the webhook, must raise no alert."""
    metrics = Metrics(CHANNELS)
    known = Now(
        at=NOON, release=None, backlog=None, agrees=False, posting=Posting(up=False, waiting=7)
    )
    found = figures(metrics, known)
    assert found[of("mingbai_coordination_up")] == 0
    assert found[of("mingbai_telegram_webhook_up")] == 0
    assert found[of("mingbai_telegram_webhook_waiting")] == 7
    names = {name for name, _ in figures(metrics)}
    assert {name for name in names if "coordination" in name or "webhook" in name} == set()


def test_two_bots_in_one_process_count_for_themselves() -> None:
    one, two = Metrics(CHANNELS), Metrics(CHANNELS)
    one.degraded(3)
    assert figures(two)[of("mingbai_degrade_level")] == 0


def test_the_number_of_figures_has_a_bound_that_one_can_write_down() -> None:
    """Everything that can be told at all: enumerations, and nothing of a person."""
    metrics = Metrics(CHANNELS)
    for channel in CHANNELS:
        for result in Result:
            for reason in (None, *Reason):
                language = Lang.ZH_HANS
                metrics.handled(channel, Outcome(result=result, reason=reason, language=language))
        for step in Step:
            metrics.lasted(step, 1, channel=channel)
        for fate in Fate:
            for cause in Cause:
                metrics.sent(channel, fate, cause)
    found = figures(metrics, Now(at=NOON, release=None, backlog=BACKLOG))
    counted = [labels for name, labels in found if name == "mingbai_tickets"]
    assert len(counted) == len(ACTIVE) * len(Clock)
    assert len(found) < 1500
