"""The pages that staff work in all day, behind one function that adds them."""

from __future__ import annotations

from typing import Final

from bot.desk.roster import Role
from bot.web.console.bulk import BulkPages
from bot.web.console.canned import CannedPages
from bot.web.console.colleagues import ColleaguePages
from bot.web.console.console import Console
from bot.web.console.live import Live
from bot.web.console.navigation import DESK, EVERYBODY
from bot.web.console.queue import QueuePages
from bot.web.console.tickets.page import TicketPages

TICKET: Final = "/tickets/{number}"


def add_pages(console: Console) -> Live:
    """Give what streams news, to be closed at the end."""
    live = Live(console)
    console.get("/events", live.stream, *DESK)
    queue = QueuePages(console)
    console.get("", queue.listed, *EVERYBODY)
    console.post("/views", queue.keep, *DESK)
    console.post("/views/drop", queue.drop, *DESK)
    console.post("/bulk", BulkPages(console, live).do, Role.AGENT)
    tickets = TicketPages(console, live)
    console.get(TICKET, tickets.look, *DESK)
    console.post(f"{TICKET}/insert", tickets.insert, *DESK)
    console.post(f"{TICKET}/{{deed}}", tickets.do, *DESK)
    colleagues = ColleaguePages(console)
    console.get("/reviews", colleagues.reviews, Role.REVIEWER)
    console.get("/consultations", colleagues.consultations, Role.AGENT)
    canned = CannedPages(console)
    console.get("/canned", canned.listed, Role.AGENT)
    console.post("/canned", canned.keep, Role.AGENT)
    console.post("/canned/remove", canned.remove, Role.AGENT)
    return live
