"""A build as its log tells it."""

from __future__ import annotations

from bot.maintain.build_log import Stage, read_log

HEAD = '{"by": "web:han", "name": "韩梅", "at": "2026-11-23T10:00:00+08:00"}\n{"process": 7}\n'


def test_how_far_it_is() -> None:
    log = read_log(HEAD + '{"step": "terms", "done": 5, "total": 10}\n{"step": "vec')
    assert (log.name, log.process, log.step, log.done, log.percent) == ("韩梅", 7, "terms", 5, 30)
    assert log.stage(running=True) is Stage.RUNNING


def test_what_is_told_is_kept_and_what_is_odd_does_no_harm() -> None:
    log = read_log(HEAD + '{"told": "skipped a.md"}\nplain\n{"odd": 1}\n[1]\n{"step": 1\n')
    assert log.lines == ("skipped a.md", "plain", "[1]", '{"step": 1')


def test_how_it_ended() -> None:
    whole = read_log(HEAD + '{"release": "r"}\n{"ended": true}\n')
    assert whole.stage(running=False) is Stage.BUILT
    assert read_log(HEAD + '{"ended": true}\n').stage(running=False) is Stage.FAILED
    killed = read_log(HEAD + '{"step": "terms", "done": 5, "total": 10}\n')
    assert killed.stage(running=False) is Stage.FAILED
    cancelled = read_log(HEAD + '{"cancelled_by": "李雷"}\n{"ended": true}\n')
    assert cancelled.stage(running=False) is Stage.CANCELLED


def test_a_release_that_is_whole_is_built_whoever_cancelled_then() -> None:
    late = read_log(HEAD + '{"release": "r"}\n{"cancelled_by": "李雷"}\n{"ended": true}\n')
    assert late.stage(running=False) is Stage.BUILT


def test_a_build_that_ends_in_the_golden_gate_has_failed() -> None:
    asking = read_log(HEAD + '{"step": "golden", "done": 0, "total": 3}\n')
    assert (asking.step, asking.percent) == ("golden", 80)
    assert asking.stage(running=False) is Stage.FAILED
