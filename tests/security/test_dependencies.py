"""Which versions we run with is written down, so that somebody can ask whether one has a hole."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.security.versions import ROOT, declared, differing, recorded

CI = Path(ROOT / ".ci" / "run")


def test_the_record_is_in_step_with_what_the_project_declares() -> None:
    versions = recorded()
    for one in declared():
        name = canonicalize_name(one.name)
        assert name in versions, f"{name}: run `python -m tests.security.versions --record`"
        assert one.specifier.contains(versions[name], prereleases=True), name


def test_every_recorded_version_is_one_and_exact() -> None:
    versions = recorded()
    assert len(versions) > 50  # what ours need is there too
    for name, version in versions.items():
        assert name == canonicalize_name(name)
        assert str(Version(version))
        assert re.fullmatch(r"[a-z0-9-]+", name)


def test_what_is_not_as_recorded_is_named() -> None:
    here, there = {"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "1", "d": "4"}
    assert differing(here, there) == ["b 1 -> 2", "c none -> 3", "d 4 -> none"]


def test_every_change_is_audited() -> None:
    assert "python -m tests.security.versions --audit" in CI.read_text(encoding="utf-8")
