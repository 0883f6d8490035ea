"""Requests for information as applicants file them."""

from __future__ import annotations

from typing import Final

from bot.desk.disclosure.entry import Applicant, Form, Medium, Way
from bot.desk.disclosure.registration import register
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, Office

WANTED: Final = "2025年度滨海路路灯维护费用的决算"


async def filed(
    office: Office,
    wanted: str = WANTED,
    *,
    applicant: Applicant = Applicant.PERSON,
    name: str = "王小芳",
) -> int:
    """Return the ticket's number."""
    form = Form(
        channel=CHAT.channel,
        chat=CHAT.chat,
        changed=office.time.now,
        applicant=applicant,
        name=name,
        wanted=wanted,
        medium=Medium.ELECTRONIC,
        way=Way.CHAT,
        contact="13800138000",
    )
    async with office.store.begin() as work:
        form = await work.entries(Form).add(form)
        message_id = f"filed{form.id}"
        _, ticket = await register(
            office.desk, work, form, message_id=message_id, language=Lang.ZH_HANS
        )
    return ticket.id
