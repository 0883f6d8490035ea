"""Dashboards over HTTP: the figures of a store that was counted by hand, drawings, CSV, roles."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from bot.actions import Action, Verb
from bot.desk.concerns.concern import Asked, Concern
from bot.desk.publishing.folder import Folder
from bot.desk.publishing.publication import Publication, Stage
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.records import Use
from bot.desk.publishing.served import Release
from bot.desk.reports.overview import Topic
from bot.types import Citation, Input, Message, Outcome, Reason, Result
from bot.web.console.dashboards import drawing
from bot.web.console.dashboards.items import heat
from index.build import build
from knowledge.types import Kind, Lang
from tests.index.fake import Hashed
from tests.unit.desk.office import CHAT, WANG
from tests.web.console.busy_year import citation
from tests.web.console.harness import NOWHERE, ROSTER, Browser, Front, front_of
from tests.web.library import FERRY, REPEALED

PATH = "/console/dashboards"
RULE = citation("ferries", "轮渡票价管理办法", Kind.POLICY)
IN_FORCE = [replace(FERRY, id=f"ferry-{n}", title=f"轮渡{n}号线票价") for n in (1, 2)]
EXPLAINED = citation("ferries-explained", "《轮渡票价管理办法》解读", Kind.INTERPRETATION)
BERTHS = citation("berths", "泊位管理办法", Kind.POLICY)
PUBLISHED = citation("answer-1", "养狗要办什么证？", Kind.ANSWER)


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        yield opened


class Wrote:
    """Messages at the office's time, with what became of them."""

    def __init__(self, front: Front) -> None:
        self._front = front
        self._count = 0

    async def __call__(
        self,
        result: Result,
        *citations: Citation,
        reason: Reason | None = None,
        pressed: Action | None = None,
        picked: int | None = None,
    ) -> int:
        self._count += 1
        now = self._front.office.time.now
        message = Message(
            id=f"w{self._count}",
            address=CHAT,
            sender="1001",
            kind=Input.ACTION if pressed else Input.TEXT,
            text=str(pressed) if pressed else "轮渡多少钱？",
            at=now,
        )
        outcome = Outcome(
            result=result, reason=reason, language=Lang.EN, citations=citations, picked=picked
        )
        async with self._front.store.begin() as work:
            accepted = await work.inbox.accept(message)
            assert accepted is not None
            await work.inbox.finish(accepted.id, outcome, at=now)
        return accepted.id


async def rows(browser: Browser, topic: Topic, query: str = "") -> list[list[str]]:
    """The table of a chart, as its CSV has it; without its head."""
    page = await browser.get(f"{PATH}/{topic}.csv{query}")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert page.text.startswith("\ufeff"), "spreadsheets take it for UTF-8"
    return list(csv.reader(io.StringIO(page.text[1:])))[1:]


async def fill(front: Front) -> None:
    """
    Monday 16 November: three questions: answered, offered and chosen, not answered (ticket 1).
    Monday 23 November: two questions: answered, of no help; answered by a published answer.
    October, the period before: one question that was answered.
    """
    wrote, office = Wrote(front), front.office
    office.time.set("2026-10-20")
    await wrote(Result.ANSWERED, RULE)
    office.time.set("2026-11-16")
    await wrote(Result.ANSWERED, RULE, BERTHS)
    offered = await wrote(Result.CLARIFY)
    await wrote(Result.ANSWERED, EXPLAINED, RULE, picked=offered)
    await wrote(Result.UNRESOLVED, reason=Reason.NOTHING_FOUND)
    ticket = await office.opens()
    office.time.set("2026-11-18")  # two working days later: the term of an answer, not of a word
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    office.time.set("2026-11-23")
    asked = await wrote(Result.ANSWERED, EXPLAINED)
    await wrote(Result.SMALL_TALK, pressed=Action(Verb.UNHELPFUL, asked))
    given = await wrote(Result.ANSWERED, PUBLISHED)
    async with front.store.begin() as work:
        await work.entries(Publication).add(
            Publication(
                ticket_id=1,
                stage=Stage.SERVED,
                question="养狗要办什么证？",
                answer="犬证。",
                language=Lang.ZH_HANS,
                cites=(),
                proposed_by=WANG,
                proposed=office.time.now,
            )
        )
        await work.entries(Use).add(
            Use(publication=1, message=given, at=office.time.now, helpful=True)
        )


async def test_each_figure_is_what_was_counted_by_hand(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    await fill(front)
    volume = {day: counts for day, *counts in await rows(browser, Topic.VOLUME)}
    assert len(volume) == 23
    assert volume["2026-11-16"] == ["3", "2", "1", "1"]
    assert volume["2026-11-23"] == ["2", "2", "0", "0"]
    assert volume["2026-11-17"] == ["0", "0", "0", "0"]
    assert await rows(browser, Topic.RESULTS) == [
        ["This period", "3", "1", "1"],
        ["The period before", "1", "0", "0"],
    ]
    first = [row[1:] for row in await rows(browser, Topic.FIRST_WORD) if row[2] != "0"]
    assert first == [["2", "1", "1"]], "a day later than its term"
    answers = [row[1:] for row in await rows(browser, Topic.RESOLUTION) if row[2] != "0"]
    assert answers == [["2", "1", "2"]], "on the last day of its term"
    assert await rows(browser, Topic.REASONS) == [["not sure enough", "1"]]
    assert (await rows(browser, Topic.RATINGS))[0][1:] == ["0", "1"]
    failed = {week: counts for week, *counts in await rows(browser, Topic.FAILED)}
    assert failed["2026-11-16"] == ["2", "0", "0.0"]
    gaps = {week: counts for week, *counts in await rows(browser, Topic.GAPS)}
    assert gaps["2026-11-16"] == ["1", "0", "0", "0"]
    assert await rows(browser, Topic.DOCUMENTS) == [
        ["ferries-explained", "Official interpretation", "2", "0"],
        ["ferries", "Policy", "1", "1"],
        ["answer-1", "Published answer", "1", "0"],
        ["berths", "Policy", "0", "1"],
    ]
    assert await rows(browser, Topic.INTERPRETATIONS) == [["ferries-explained", "2", "1"]]
    assert await rows(browser, Topic.PUBLISHED) == [["养狗要办什么证？", "1", "1", "0"]]


async def test_the_page_has_the_totals_beside_those_of_the_period_before(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    await fill(front)
    page = await browser.get(PATH)
    tiles = re.findall(
        r"<dt>([^<]+)</dt><dd><strong>([^<]+)</strong>(?:[^:]*: ([^<]*))?", page.text
    )
    assert tiles[:3] == [
        ("Asked", "5", "1"),
        ("Answered by the bot", "80%", "100%"),
        ("Handed over", "1", "0"),
    ]
    assert ("Waiting now", "0", "") in tiles


async def test_the_backlog_is_of_now_whatever_the_period(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    front.office.time.set("2026-11-19")
    await front.office.opens()
    front.office.time.set("2026-11-23")
    await front.office.opens(question="泊位一个月要多少钱？")
    ages = await rows(browser, Topic.BACKLOG, "?from=2026-01-01&until=2026-01-31")
    assert [row for row in ages if row[1:] != ["0", "0"]] == [["0", "1", "0"], ["2", "0", "1"]]


async def test_documents_that_nobody_was_shown_are_named(front: Front, tmp_path: Path) -> None:
    class Index:
        release = build(
            [FERRY, REPEALED, *IN_FORCE], tmp_path, encoder=Hashed.fit, calibrate=False
        ).name

    release = Release(tmp_path, Index())  # type: ignore[arg-type]  # nothing is searched
    publishing = Publishing(front.store, front.office.desk, release, Folder(NOWHERE))
    front.console.services = replace(front.console.services, publishing=publishing)
    await Wrote(front)(Result.ANSWERED, citation(FERRY.id, "", Kind.POLICY))
    browser = await front.enrolled("han", name="韩梅")
    page = await browser.get(PATH)
    assert "Documents never used: 2" in page.text, "what is repealed is not missed"
    assert await rows(browser, Topic.DOCUMENTS) == [
        [FERRY.title, "Policy", "1", "0"],
        *([one.title, "Policy", "0", "0"] for one in IN_FORCE),
    ]


async def test_only_supervisors_and_maintainers_look(front: Front) -> None:
    agent = await front.enrolled("wang")
    for path in (PATH, f"{PATH}/volume.svg", f"{PATH}/volume.csv"):
        assert (await agent.get(path)).status == 403
    assert PATH not in (await agent.get("/console/account")).text
    for login in ("zhao", "han"):
        page = await (await front.enrolled(login)).get(PATH)
        assert page.status == 200
        assert f'href="{PATH}"' in page.text, "it is in the navigation"


async def test_drawings_are_plain_svg_in_two_themes(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    await fill(front)
    days = (Asked(date(2026, 11, 16), 3),)
    concern = Concern(
        label="<script>alert(1)</script>", days=days, found=days[0].day, due=days[0].day
    )
    async with front.store.begin() as work:
        await work.entries(Concern).add(concern)
    page = await browser.get(PATH)
    addresses = re.findall(r'(?:src|srcset)="(/console/dashboards/[^"]+)"', page.text)
    assert len(addresses) == 2 * 13  # all charts but the backlog's, which is empty
    drawn = [await browser.get(one.replace("&amp;", "&")) for one in addresses]
    for one in drawn:
        assert one.status == 200
        assert one.headers["Content-Type"].startswith("image/svg+xml")
        root = ET.fromstring(one.text)  # noqa: S314 - our own
        assert [part.tag.rpartition("}")[2] for part in root][:2] == ["title", "desc"]
        for part in root.iter():
            assert part.tag.rpartition("}")[2] not in {"script", "style", "foreignObject"}
            assert not [name for name in part.attrib if name == "style" or name.startswith("on")]
        assert "var(" not in one.text, "every colour is filled in"
    assert drawn[0].text != drawn[1].text, "dark, and light"


async def test_a_figure_is_no_formula_and_no_markup(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    days = (
        Asked(date(2026, 11, 16), 3),
        Asked(date(2026, 11, 17), 2),
        Asked(date(2026, 11, 23), 4),
    )
    async with front.store.begin() as work:
        label = "=1+1<img src=x>"
        await work.entries(Concern).add(
            Concern(label=label, days=days, found=days[0].day, due=days[0].day)
        )
    table = [row for row in await rows(browser, Topic.CONCERNS) if row[3] != "0"]
    assert table == [
        ["1", "'=1+1<img src=x>", "2026-11-16", "5"],
        ["1", "'=1+1<img src=x>", "2026-11-23", "4"],
    ]
    assert "<img src=x" not in (await browser.get(PATH)).text


def test_weeks_of_concerns_stay_in_order_over_new_year() -> None:
    spec = heat([("轮渡停航", [("12-21", 3), ("12-28", 2), ("01-04", 5)])])
    axes = [one["encoding"]["x"] for one in spec["layer"] if "data" not in one]
    assert [axis["sort"] for axis in axes] == [None, None]  # as the rows come, not by the label
    assert [row["week"] for row in spec["data"]["values"]] == ["12-21", "12-28", "01-04"]


async def test_a_period_without_anything_is_a_page_that_says_so(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    page = await browser.get(f"{PATH}?from=2025-02-01&until=2025-02-28")
    assert page.status == 200
    assert page.text.count("Nothing in this period.") == len(Topic)
    assert (await browser.get(f"{PATH}/volume.svg?from=2025-02-01&until=2025-02-28")).status == 404
    assert len(await rows(browser, Topic.VOLUME, "?from=2025-02-01&until=2025-02-28")) == 28


@pytest.mark.parametrize(
    ("query", "shown", "refused"),
    [
        ("", "2026-11-01 to 2026-11-23", False),
        ("?period=last-month", "2026-10-01 to 2026-10-31", False),
        ("?period=7-days", "2026-11-17 to 2026-11-23", False),
        ("?period=year", "2026-01-01 to 2026-11-23", False),
        ("?from=2026-11-05", "2026-11-05 to 2026-11-23", False),
        ("?from=2026-11-05&until=2026-11-01", "2026-11-01 to 2026-11-23", True),
        ("?from=2024-11-05&until=2026-11-01", "2026-11-01 to 2026-11-23", True),
        ("?from=0001-01-01&until=0001-01-02", "2026-11-01 to 2026-11-23", True),
        ("?from=9999-12-01&until=9999-12-31", "2026-11-01 to 2026-11-23", True),
        ("?from=nonsense", "2026-11-01 to 2026-11-23", True),
    ],
)
async def test_the_address_names_the_period(
    front: Front,
    query: str,
    shown: str,
    refused: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    page = await browser.get(f"{PATH}{query}")
    assert page.status == 200
    assert shown in page.text
    assert ('role="alert"' in page.text) == refused


async def test_a_long_period_is_told_by_week(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    await fill(front)
    weeks = {week: counts for week, *counts in await rows(browser, Topic.VOLUME, "?period=year")}
    assert list(weeks)[:2] == ["2026-01-01", "2026-01-05"]
    assert weeks["2026-11-16"] == ["3", "2", "1", "1"]


async def test_no_such_chart(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    for path in (f"{PATH}/nonsense.svg", f"{PATH}/nonsense.csv"):
        assert (await browser.get(path)).status == 404


async def test_who_looked_is_in_the_audit_log(front: Front) -> None:
    browser = await front.enrolled("zhao", name="赵敏")
    await browser.get(PATH)
    await rows(browser, Topic.CONCERNS)
    seen = [one.text for one in await front.log() if "2026" in one.text]
    assert seen == [
        "dashboards (2026-11-01 – 2026-11-23)",
        "figures of concerns (2026-11-01 – 2026-11-23)",
    ]


async def test_without_drawings_the_tables_are_there(
    front: Front, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "renderer.py"
    broken.write_text("raise SystemExit('no fonts here')", "utf-8")
    monkeypatch.setattr(drawing, "_RENDERER", broken)
    browser = await front.enrolled("zhao", name="赵敏")
    await fill(front)
    assert (await browser.get(f"{PATH}/volume.svg")).status == 503
    assert "ferries-explained" in (await browser.get(PATH)).text
    monkeypatch.undo()
    assert (await browser.get(f"{PATH}/volume.svg")).status == 200, "a failure is not kept"
