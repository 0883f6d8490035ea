"""Who works here, and what each may do: the roster and its file."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.desk.hours import Hours
from bot.desk.roster import OPEN, Member, Role, Roster
from bot.desk.roster_file import parse_roster, read_roster, watch_roster
from bot.desk.tickets import Agent
from bot.errors import ConfigError
from knowledge.types import Lang

DOCUMENT = Path(__file__).parents[3] / "docs" / "desk.md"
HARBOUR = """\
[department.harbour]
name = "港务科"
topics = ["泊位", "轮渡"]
issuers = ["澜港市港务局"]
hours = "Mon-Fri 09:00-17:00"
sensitive = ["沉船"]

[department.archive]
name = "档案科"

[[member]]
id = "telegram:4711"
name = "王芳"
departments = ["harbour", "archive"]
roles = ["agent", "reviewer"]
languages = ["zh-Hans", "ja"]

[[member]]
id = "terminal:li"
name = "李雷"
departments = ["archive"]
roles = ["supervisor"]

[[member]]
id = "telegram:4713"
name = "韩梅"
departments = []
roles = ["maintainer"]
"""
ROSTER = parse_roster(HARBOUR)
WANG = Agent("telegram:4711", "芳")
LI = Agent("terminal:li:Li Lei", "Li Lei")
HAN = Agent("telegram:4713", "韩梅")
STRANGER = Agent("telegram:1", "?")


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        parse_roster(text)
    return list(refused.value.problems)


def test_a_file_is_read() -> None:
    harbour, archive = ROSTER.departments.values()
    assert (harbour.key, harbour.name, harbour.topics) == ("harbour", "港务科", ("泊位", "轮渡"))
    assert (harbour.issuers, harbour.sensitive) == (("澜港市港务局",), ("沉船",))
    assert harbour.hours == Hours.parse("Mon-Fri 09:00-17:00")
    wang = Member(
        id="telegram:4711",
        name="王芳",
        roles=frozenset({Role.AGENT, Role.REVIEWER}),
        languages=frozenset({Lang.ZH_HANS, Lang.JA}),
    )
    assert harbour.members == (wang,)
    assert [one.name for one in archive.members] == ["王芳", "李雷"]
    assert [one.name for one in ROSTER.others] == ["韩梅"]


def test_the_sample_in_the_manual_can_be_read() -> None:
    text = DOCUMENT.read_text("utf-8")
    sample = parse_roster(text.split("```toml\n")[1].split("```")[0])
    assert list(sample.departments) == ["housing", "social"]
    assert len({one.id for one in sample.members}) == 3


@pytest.mark.parametrize(
    ("agent", "roles"),
    [
        (WANG, {Role.AGENT, Role.REVIEWER}),
        (LI, {Role.AGENT, Role.REVIEWER, Role.SUPERVISOR}),
        (HAN, {Role.MAINTAINER}),
        (STRANGER, set()),
        (Agent("terminal:lina:li", "li"), set()),
        (Agent("telegram:47110", "王芳"), set()),
        (Agent("telegram:4711:x", "王芳"), set()),
    ],
)
def test_who_may_do_what(agent: Agent, roles: set[Role]) -> None:
    assert {role for role in Role if ROSTER.may(agent, role)} == roles


def test_in_an_open_roster_everybody_may_do_everything() -> None:
    assert all(OPEN.may(STRANGER, role) for role in Role)


def test_all_problems_are_told_with_their_lines() -> None:
    text = """\
[department.harbour]
name = ""
topic = ["泊位"]
hours = "Mon-Fir 09:00-17:00"

[department."港务"]
name = "港务科"

[[member]]
id = "4711"
name = "王芳"
departments = ["habour"]
roles = ["agnet"]

[[member]]
name = 5
departments = "harbour"
languages = ["chinese"]
"""
    assert problems(text) == [
        'roster.toml, line 10: member 1: \'4711\': write "telegram:4711" or "terminal:login"',
        "roster.toml, line 12: member 1: 'habour' is none; did you mean 'harbour'?",
        "roster.toml, line 13: member 1: 'agnet' is none; did you mean 'agent'?",
        "roster.toml, line 15: member 2: id is missing",
        'roster.toml, line 17: member 2: departments must be a list of texts: departments = ["...", "..."]',
        'roster.toml, line 16: member 2: name must be a text: name = "..."',
        "roster.toml, line 18: member 2: 'chinese' is none; there are: zh-Hans, zh-Hant, en, ko, ja",
        "roster.toml, line 3: department.harbour: 'topic' is not known; did you mean 'topics'?",
        (
            "roster.toml, line 4: department.harbour: 'Mon-Fir' is no day of the week; "
            'write hours such as "Mon-Fri 09:00-12:00,14:00-17:30; Sat 09:00-12:00"'
        ),
        'roster.toml, line 2: department.harbour: name must be a text: name = "..."',
        (
            "roster.toml, line 6: department.港务: its key must be at most 24 small letters, "
            "digits, - and _; the name may be anything"
        ),
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "roster.toml: has no department; write one: [department.pension]"),
        ("[member]\nid = 1", "roster.toml, line 1: member: write a table for each: [[member]]"),
        (
            "department = 5",
            "roster.toml: department: write a table for each: [department.pension]",
        ),
        (
            "[departments.a]\n",
            "roster.toml: 'departments' is not known; did you mean 'department'?",
        ),
    ],
)
def test_a_file_of_another_shape(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_a_file_that_is_no_toml_tells_where() -> None:
    [problem] = problems("[department.harbour]\nname = 港务科\n")
    assert problem.startswith("roster.toml: ")
    assert "line 2" in problem


def test_nobody_is_listed_twice() -> None:
    again = HARBOUR + '[[member]]\nid = "terminal:li"\nname = "李"\ndepartments = ["harbour"]\n'
    assert problems(again) == [
        "roster.toml, line 30: member 4: 'terminal:li' is member 2 already; name all departments there"
    ]


def test_a_topic_belongs_to_one_department() -> None:
    text = HARBOUR.replace('name = "档案科"', 'name = "档案科"\ntopics = ["輪渡"]')
    assert problems(text) == [
        (
            "roster.toml, line 10: department.archive: '輪渡' is a topic of harbour already; "
            "take it out of one"
        )
    ]


def test_without_a_file_the_desk_is_open(tmp_path: Path) -> None:
    assert read_roster(None) == OPEN
    with pytest.raises(
        ConfigError, match=r"cannot be read .*; correct the path, or leave it empty"
    ):
        read_roster(tmp_path / "roster.toml")


async def test_a_changed_file_counts_and_a_broken_one_does_not(tmp_path: Path) -> None:
    path = tmp_path / "roster.toml"
    path.write_text(HARBOUR, "utf-8")
    seen: list[Roster] = []
    changed = asyncio.Event()

    def follow(roster: Roster) -> None:
        seen.append(roster)
        changed.set()

    watching = asyncio.create_task(watch_roster(path, follow, every_s=0.01))
    await asyncio.sleep(0.05)
    assert seen == []
    async with asyncio.timeout(10):
        while not seen:  # the first look may come late
            text = f"{HARBOUR.replace('王芳', '王 芳')}\n# {time.monotonic_ns()}\n"
            path.write_text(text, "utf-8")
            await asyncio.sleep(0.05)
        path.write_text("broken", "utf-8")
        await asyncio.sleep(0.1)
        changed.clear()
        path.write_text(HARBOUR + "\n# again\n", "utf-8")
        await changed.wait()
    path.unlink()
    await asyncio.sleep(0.05)
    assert not watching.done()
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    names = [next(iter(one.members)).name for one in seen]
    assert names[0] == "王 芳"
    assert names[-1] == "王芳"
    assert set(names) == {"王 芳", "王芳"}


async def test_a_changed_file_that_could_not_be_used_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "roster.toml"
    path.write_text(HARBOUR, "utf-8")
    seen: list[Roster] = []
    again = asyncio.Event()

    def follow(roster: Roster) -> None:
        seen.append(roster)
        if len(seen) == 1:
            raise RuntimeError("nobody thought of it")
        again.set()

    watching = asyncio.create_task(watch_roster(path, follow, every_s=0.01))
    async with asyncio.timeout(10):
        while not seen:  # the first look may come late
            path.write_text(f"{HARBOUR}\n# {time.monotonic_ns()}\n", "utf-8")
            await asyncio.sleep(0.05)
        await again.wait()  # nothing is written any more
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching
    assert seen == [parse_roster(HARBOUR)] * 2
