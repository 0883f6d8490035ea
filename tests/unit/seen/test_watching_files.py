"""The dashboard and the alerts: they ask only for figures that there are."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.seen.metrics import Metrics, Now, Served
from bot.seen.port import Cause, Fate, Posting, Step
from bot.store.waiting import Backlog
from bot.types import Outcome, Result
from knowledge.types import Lang

ROOT: Final = Path(__file__).parents[3]
DASHBOARD: Final = ROOT / "deploy" / "grafana" / "mingbai.json"
ALERTS: Final = ROOT / "deploy" / "prometheus" / "alerts.yml"
TRIED: Final = ALERTS.with_name("alerts_test.yml")
OPERATIONS: Final = ROOT / "docs" / "operations.md"
NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
FUNCTIONS: Final = frozenset(
    {"absent", "count", "histogram_quantile", "increase", "max", "min", "rate", "sum", "time"}
)
AGGREGATES: Final = frozenset({"absent", "count", "max", "min", "sum"})
WORDS: Final = FUNCTIONS | {"by", "on", "unless", "up"}
TARGET: Final = frozenset({"instance", "job"})  # labels by which Prometheus knows a worker
NUMBER: Final = r"\d+(?:\.\d+)?"
TOKEN: Final = re.compile(
    rf"\s*(?:(?P<name>[a-z_]+)|(?P<labels>\{{[^}}]*\}})|(?P<range>\[\d+[smhd]\])|{NUMBER}|[-()*,]|>|==)"
)
LABEL: Final = re.compile(r'([a-z_]+)(?:=|!=|=~|!~)"[^"]*"')


@pytest.fixture(scope="module")
def known() -> dict[str, frozenset[str]]:
    """Every figure that can be told, with the names of its labels."""
    metrics = Metrics(["web"])
    metrics.handled("web", Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS))
    metrics.lasted(Step.WAIT, 1, channel="web")
    metrics.left("web")
    metrics.parked("telegram")
    metrics.sent("web", Fate.SENT, Cause.NONE)
    metrics.responded("api", 200)
    metrics.leads("sending", leading=True)
    backlog = Backlog(messages={}, deliveries={}, tickets={}, overdue_since=None)
    now = Now(
        at=NOON,
        release=Served("r1", NOON),
        backlog=backlog,
        agrees=True,
        posting=Posting(up=True, waiting=0),
    )
    families = text_string_to_metric_families(metrics.written(now).decode())
    return {
        sample.name: frozenset(sample.labels) for family in families for sample in family.samples
    }


def dashboard() -> Any:
    return json.loads(DASHBOARD.read_text(encoding="utf-8"))


def alerts() -> list[Any]:
    [group] = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def expressions() -> list[str]:
    panels = [target["expr"] for panel in dashboard()["panels"] for target in panel["targets"]]
    return panels + [rule["expr"] for rule in alerts()]


def names_in(expression: str) -> set[str]:
    """Read an expression from its beginning to its end; fail where it is none of our kind."""
    at, names, depth = 0, set[str](), 0
    while at < len(expression):
        found = TOKEN.match(expression, at)
        assert found is not None, f"{expression!r} from {expression[at:]!r}"
        at = found.end()
        depth += found.group().count("(") - found.group().count(")")
        assert depth >= 0, expression
        if found["name"]:
            names.add(found["name"])
    assert depth == 0, expression
    return names


@pytest.mark.parametrize("expression", expressions())
def test_an_expression_is_whole_and_asks_for_what_is_there(
    expression: str, known: dict[str, frozenset[str]]
) -> None:
    asked = {name for name in names_in(expression) if name.startswith("mingbai")}
    assert asked <= known.keys()
    labels = TARGET.union(*(known[name] for name in asked))
    assert set(LABEL.findall(expression)) <= labels
    groups = re.findall(r"(?:by|on) \(([^)]*)\)", expression)
    by = {label.strip() for group in groups for label in group.split(",")}
    assert by <= labels
    assert names_in(expression) - asked - by <= WORDS


@pytest.mark.parametrize("broken", ["sum(mingbai_inbox", "mingbai_inbox)", "up{job}; drop"])
def test_what_is_no_expression_is_seen(broken: str) -> None:
    with pytest.raises(AssertionError):
        names_in(broken)


def test_every_panel_says_what_it_shows_and_in_which_unit() -> None:
    panels = dashboard()["panels"]
    assert all(panel["title"] and panel["fieldConfig"]["defaults"]["unit"] for panel in panels)
    titles = [panel["title"] for panel in panels]
    assert len(set(titles)) == len(titles)
    assert len({panel["id"] for panel in panels}) == len(panels)


def test_every_figure_is_shown_or_watched(known: dict[str, frozenset[str]]) -> None:
    asked = set().union(*map(names_in, expressions()))
    parts = re.compile(r"_(?:bucket|count|sum)$")  # of a histogram
    told = {parts.sub("", name) for name in known if not name.endswith("_created")}
    assert told - {parts.sub("", name) for name in asked} == set()


@pytest.mark.parametrize("rule", alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_says_how_bad_it_is_and_leads_to_what_it_means(rule: Any) -> None:
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["annotations"]["summary"]
    page, _, anchor = rule["annotations"]["runbook"].partition("#")
    headings = re.findall(r"^### (\w+)$", OPERATIONS.read_text(encoding="utf-8"), re.MULTILINE)
    assert page == OPERATIONS.relative_to(ROOT).as_posix()
    assert anchor in {heading.lower() for heading in headings}
    assert anchor == rule["alert"].lower()


def test_every_meaning_belongs_to_an_alert() -> None:
    text = OPERATIONS.read_text(encoding="utf-8")
    headings = set(re.findall(r"^### (Mingbai\w+)$", text, re.MULTILINE))
    assert headings == {rule["alert"] for rule in alerts()}


@pytest.mark.parametrize(
    "alert", ["MingbaiWorkerMissing", "MingbaiNoRelease", "MingbaiCoordinationOff"]
)
def test_what_one_worker_may_lack_is_asked_of_each_and_told_by_its_name(alert: str) -> None:
    """Asked of all together, one of three that lacks it would not be told of."""
    [rule] = [rule for rule in alerts() if rule["alert"] == alert]
    assert names_in(rule["expr"]) & AGGREGATES == set()
    assert "{{ $labels.instance }}" in rule["annotations"]["summary"]


def test_absence_is_asked_only_of_all_workers_together() -> None:
    asked = [rule["alert"] for rule in alerts() if "absent" in names_in(rule["expr"])]
    assert asked == ["MingbaiNotWatched"]


def test_the_job_that_the_rules_ask_for_is_the_one_that_the_guide_makes() -> None:
    """And if it has another name, that no figures of it arrive is told."""
    jobs = {job for text in expressions() for job in re.findall(r'job="([^"]*)"', text)}
    guide = re.findall(r"job_name: (\S+)", OPERATIONS.read_text(encoding="utf-8"))
    assert jobs == set(guide) == {"mingbai"}
    [watched] = [rule["expr"] for rule in alerts() if rule["alert"] == "MingbaiNotWatched"]
    assert watched == 'absent(mingbai_store_up{job="mingbai"})'


def test_the_rules_do_what_they_say_by_prometheus_itself() -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool, which comes with Prometheus, is not here")
    command = [promtool, "test", "rules", str(TRIED)]
    done = subprocess.run(  # noqa: S603 - the rules and their trial are ours
        command, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr
