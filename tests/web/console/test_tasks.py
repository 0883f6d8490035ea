"""The look-back in the console: promised, cited, done, looked at again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date

import pytest

from bot.desk.lookback.task import Evidence, Verdict
from bot.web.console import tasks
from tests.unit.desk.room import PUBLISHED, SILENT
from tests.web.console.harness import Browser
from tests.web.console.staffed import NASTY, SAFE, Staffed, staffed

DAY = date(2026, 11, 1)


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        yield opened


async def shown(browser: Browser, query: str = "") -> list[int]:
    text = (await browser.get(f"/console/tasks{query}")).text
    return [int(one) for one in re.findall(r'href="/console/tasks/(\d+)"', text)]


async def test_tasks_are_filtered_by_state_department_and_year(at: Staffed) -> None:
    late = await at.task(due=DAY)
    other = await at.task(department="water", year=2027, due=date(2027, 6, 30))
    done = await at.task(done=DAY)
    assert await shown(at.wang) == [late, other]
    assert await shown(at.wang, "?state=overdue") == [late]
    assert await shown(at.wang, "?state=done") == [done]
    assert await shown(at.wang, "?state=all&department=harbour") == [late, done]
    assert await shown(at.wang, "?year=2027&page=999") == [other]
    text = (await at.wang.get("/console/tasks")).text
    assert '<th scope="row">2026</th><td>港务科</td><td>2</td><td>1</td>' in text


async def test_supervisors_promise_and_others_do_not(at: Staffed) -> None:
    page = await at.zhao.get("/console/tasks")
    assert "Add a task" in page.text
    added = await at.zhao.post(
        "/console/tasks/add", title="公布泊位收费标准", due="2026-12-31", department="harbour"
    )
    assert (added.path, added.words) == ("/console/tasks/1", "Task 1: done.")
    wrong = await at.zhao.post("/console/tasks/add", title="另一项", due="soon", department="x")
    assert (wrong.status, "no day such as" in wrong.words) == (409, True)
    assert 'value="另一项"' in wrong.text
    page = await at.wang.get("/console/tasks")
    assert "Add a task" not in page.text
    assert (await at.wang.post("/console/tasks/add", title="x", due="2026-12-31")).status == 403


async def test_a_task_is_done_once_something_shows_it(at: Staffed) -> None:
    path = f"/console/tasks/{await at.task()}"
    await at.wang.get(path)
    bare = await at.wang.post(f"{path}/done", on="2026-11-22")
    assert "has no evidence" in bare.words
    assert 'value="2026-11-22"' in bare.text
    gone = await at.wang.post(f"{path}/cite", where="berths-1999", clause="第二条")
    assert "cannot be cited" in gone.words
    assert 'value="berths-1999"' in gone.text
    cited = await at.wang.post(f"{path}/cite", where=PUBLISHED)
    assert f'<a href="/documents/{PUBLISHED}">' in cited.text
    done = await at.wang.post(f"{path}/done", on="2026-11-22")
    assert "done 2026-11-22" in done.text
    assert "It is done</h2>" not in done.text


async def test_a_look_at_all_evidence_says_what_is_doubtful(at: Staffed) -> None:
    gone = Evidence(where="berths-1999", digest="one", cited=DAY, checked=DAY)
    number = await at.task(evidence=(gone,))
    await at.wang.get("/console/tasks")
    looked = await at.wang.post("/console/tasks/check")
    assert looked.words == f"Looked at. With doubtful evidence: {number}"
    assert "doubtful: 1" in looked.text
    text = (await at.wang.get(f"/console/tasks/{number}")).text
    assert "gone on 2026-11-23" in text


async def test_nobody_waits_for_evidence_that_never_answers(
    at: Staffed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "CHECK_S", 0.01)
    silent = Evidence(where=SILENT, digest="one", cited=DAY, checked=DAY, verdict=Verdict.SAME)
    await at.task(evidence=(silent,))
    await at.wang.get("/console/tasks")
    page = await at.wang.post("/console/tasks/check")
    assert (page.status, "within 0.01 s" in page.words) == (409, True)


async def test_what_people_wrote_is_text(at: Staffed) -> None:
    where = f"javascript:{NASTY}"
    bad = Evidence(where=where, clause=NASTY, note=NASTY, digest="", cited=DAY, checked=DAY)
    number = await at.task(title=NASTY, evidence=(bad,))
    for path in ("/console/tasks", f"/console/tasks/{number}"):
        text = (await at.wang.get(path)).text
        assert SAFE in text
        assert "<img src=x" not in text
        assert 'href="javascript' not in text
