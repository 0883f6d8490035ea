"""What deploy/ says exists: settings, pages, commands, and the locks that it promises."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from typer.main import get_command

from bot.config import Settings
from run_bot import cli

DEPLOY: Final = Path(__file__).parents[1] / "deploy"
SETTINGS: Final = {name.upper() for name in Settings.model_fields}
# What other programs, Python and our image read.
OTHERS: Final = re.compile(r"^(POSTGRES_|ETCD_|COMMON_|DEPLOY_|PIP_|PYTHON|OMP_|PATH$|HOME$)")


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def compose() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return loaded


def manifests() -> dict[str, dict[str, Any]]:
    return {one["kind"]: one for one in yaml.safe_load_all(text("kubernetes/mingbai.yaml"))}


def pods() -> Iterator[dict[str, Any]]:
    found = manifests()
    yield found["Deployment"]["spec"]["template"]["spec"]
    yield found["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]


def containers() -> Iterator[dict[str, Any]]:
    for pod in pods():
        yield from [*pod.get("initContainers", []), *pod["containers"]]


def named() -> Iterator[tuple[str, str]]:
    """Names of settings, by the file that names them."""
    for service in compose()["services"].values():
        yield from (("compose", name) for name in service.get("environment", {}))
    yield from (("kubernetes", name) for name in manifests()["ConfigMap"]["data"])
    for line in re.findall(r"^ENV (.*?[^\\])$", text("Dockerfile"), re.DOTALL | re.MULTILINE):
        yield from (("Dockerfile", name) for name in re.findall(r"([A-Z_]+)=", line))


def test_every_setting_that_is_named_exists() -> None:
    unknown = [one for one in named() if one[1] not in SETTINGS and not OTHERS.match(one[1])]
    assert unknown == []
    assert len(list(named())) > 20


def commands() -> Iterator[list[str]]:
    for container in containers():
        yield container.get("args", [])
    for line in text("compose.yaml").splitlines():
        yield from (words.split() for words in re.findall(r"-m run_bot ([^&\"]+)", line))
    yield from (
        words.split() for words in re.findall(r"run_bot\.py ?(.*)", text("mingbai.service"))
    )


@pytest.mark.parametrize("words", list(commands()), ids=" ".join)
def test_every_command_that_is_named_exists(words: list[str]) -> None:
    command: Any = get_command(cli)
    for word in words:
        if word.startswith("-"):
            assert word in [name for one in command.params for name in one.opts], words
        else:
            command = command.commands[word]


def test_probes_ask_what_the_worker_serves() -> None:
    (bot,) = manifests()["Deployment"]["spec"]["template"]["spec"]["containers"]
    paths = {probe: bot[probe]["httpGet"]["path"] for probe in bot if probe.endswith("Probe")}
    assert paths == {
        "startupProbe": "/healthz",
        "livenessProbe": "/healthz",
        "readinessProbe": "/readyz",
    }


def test_no_container_is_root_or_writes_to_its_root() -> None:
    for pod in pods():
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert pod["automountServiceAccountToken"] is False
    for container in containers():
        locked = container["securityContext"]
        assert locked["readOnlyRootFilesystem"] is True, container["name"]
        assert locked["allowPrivilegeEscalation"] is False
        assert locked["capabilities"] == {"drop": ["ALL"]}
        assert "memory" in container["resources"]["limits"]
    for name in ("prepare", "worker"):
        service = compose()["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
    assert re.search(r"^USER 10001$", text("Dockerfile"), re.MULTILINE)


def test_whoever_stops_a_worker_waits_until_it_has_stopped() -> None:
    """It takes 10 s at most; after that there may come a SIGKILL."""
    pod = next(pods())
    sleeps = int(pod["containers"][0]["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] - sleeps > 10
    assert compose()["services"]["worker"]["stop_grace_period"] == "20s"
    assert "TimeoutStopSec=20" in text("mingbai.service")


def test_the_image_takes_what_the_project_needs() -> None:
    """All that is copied is let through to the build, and nothing else."""
    copied = set(re.findall(r"^COPY (?!--from)(.*) \S+$", text("Dockerfile"), re.MULTILINE))
    names = {name for line in copied for name in line.split()}
    let_through = set(re.findall(r"^!(.*)$", text("Dockerfile.dockerignore"), re.MULTILINE))
    assert names == let_through
    assert all((DEPLOY.parent / name).exists() for name in names)
    pinned = re.search(r"torch==[\d.]+", text("Dockerfile"))
    assert pinned is not None
    assert f'"{pinned[0]}"' in (DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8")


def test_no_secret_is_written_here() -> None:
    for path in DEPLOY.rglob("*"):
        if path.is_file():
            assert not re.search(
                r"\d{6,}:[\w-]{20,}|password\s*[:=]\s*['\"]?\w+", words(path), re.IGNORECASE
            )


def words(path: Path) -> str:
    return path.read_text(encoding="utf-8")
