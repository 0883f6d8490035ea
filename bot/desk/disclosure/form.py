"""
The form of a request, step by step. Pure.

The Regulations (article 29) ask for the name and a contact of whoever asks, the name of the
information or what it can be found by, and the form it is wanted in. The proof of identity that
they ask for too is shown at the bureau: no chat is the place for numbers of identity cards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import IntEnum
from types import MappingProxyType
from typing import Any, Final

from bot.decide import unreadable
from bot.desk.disclosure.entry import Applicant, Form, Medium, Way
from bot.privacy import mask, mask_identity
from bot.types import Address
from knowledge.fold import fold

KEPT: Final = timedelta(days=7)  # an unfinished form, from its last answer
LONGEST_NAME: Final = 60  # characters
LONGEST_CONTACT: Final = 200
SHORTEST_CONTACT: Final = 5
# In the ledger, in place of a name or a contact. No words, so it says no language either.
WITHHELD: Final = "〔…〕"


class Step(IntEnum):
    """What the form asks, in its order; a button carries the number."""

    APPLICANT = 1
    NAME = 2
    WANTED = 3
    MEDIUM = 4
    WAY = 5
    CONTACT = 6
    CONFIRM = 7
    CHANGE = 8  # which answer is to be corrected
    CANCEL = 9


ANSWERS: Final = (
    Step.APPLICANT,
    Step.NAME,
    Step.WANTED,
    Step.MEDIUM,
    Step.WAY,
    Step.CONTACT,
)
# Never in the ledger: only in the form, and then in the request.
PERSONAL: Final = frozenset({Step.NAME, Step.CONTACT})
TAKEN: Final = PERSONAL | {Step.WANTED}  # into the form before they are masked: see intake.py
WAYS: Final[Mapping[Medium, tuple[Way, ...]]] = MappingProxyType(
    {Medium.ELECTRONIC: (Way.CHAT, Way.MAIL), Medium.PAPER: (Way.POST, Way.COUNTER)}
)


def blank(address: Address, at: datetime) -> Form:
    return Form(channel=address.channel, chat=address.chat, changed=at)


def next_step(form: Form) -> Step:
    """The first that has no answer yet."""
    given: Mapping[Step, object] = {
        Step.APPLICANT: form.applicant,
        Step.NAME: form.name,
        Step.WANTED: form.wanted,
        Step.MEDIUM: form.medium,
        Step.WAY: form.way,
        Step.CONTACT: form.contact,
    }
    return next((step for step in ANSWERS if not given[step]), Step.CONFIRM)


def choices(form: Form, step: Step) -> Sequence[Applicant | Medium | Way]:
    """What may be chosen there; nothing where words are asked for."""
    match step:
        case Step.APPLICANT:
            return tuple(Applicant)
        case Step.MEDIUM:
            return tuple(Medium)
        case Step.WAY:
            return () if form.medium is None else WAYS[form.medium]
        case _:
            return ()


def choose(form: Form, step: Step, place: int) -> Form | None:
    """With the choice at that place, from 1; None where there is none."""
    offered = choices(form, step)
    if not 0 < place <= len(offered):
        return None
    match offered[place - 1]:
        case Applicant() as applicant:
            return replace(form, applicant=applicant)
        case Medium() as medium:
            way = form.way if form.way in WAYS[medium] else None
            return replace(form, medium=medium, way=way)
        case Way() as way:
            # An e-mail address is no place to send paper to.
            return replace(form, way=way, contact=form.contact if _reaches(form, way) else "")


def place_of(text: str, labels: Sequence[str]) -> int:
    """The place of the label that was typed, or its number, from 1; 0 for neither."""
    said = unicodedata.normalize("NFKC", text).strip(" .。、")
    if said.isdecimal() and said.isascii():
        return int(said[:3])
    folded = [fold(label) for label in labels]
    return folded.index(fold(said)) + 1 if fold(said) in folded else 0


def write(form: Form, step: Step, text: str) -> Form | None:
    """With the words for that step; None if they will not do."""
    text = " ".join(text.split()) if step in PERSONAL else text.strip()
    match step:
        case Step.NAME if 0 < len(text) <= LONGEST_NAME:
            return replace(form, name=mask_identity(text))
        case Step.CONTACT if SHORTEST_CONTACT <= len(text) <= LONGEST_CONTACT:
            written = replace(form, contact=mask_identity(text))
            return written if form.way is None or _reaches(written, form.way) else None
        case Step.WANTED if unreadable(text) is None:
            return replace(form, wanted=mask(text, addresses=False))
        case _:
            return None


def without(form: Form, step: Step) -> Form:
    """With that answer to be given anew."""
    empty: Mapping[Step, Mapping[str, Any]] = {
        Step.APPLICANT: {"applicant": None},
        Step.NAME: {"name": ""},
        Step.WANTED: {"wanted": ""},
        Step.MEDIUM: {"medium": None, "way": None},
        Step.WAY: {"way": None},
        Step.CONTACT: {"contact": ""},
    }
    return replace(form, **empty.get(step, {}))


def hinted_name(form: Form) -> str:
    """The name as it may lie in the chat: a person's without all but its first character."""
    return f"{form.name[:1]}＊＊" if form.applicant is Applicant.PERSON else form.name


def hinted_contact(form: Form) -> str:
    """What kind of contact was given, such as 〔电话〕, and no digits of any number."""
    return re.sub(r"\d", "＊", mask(form.contact))


def _reaches(form: Form, way: Way) -> bool:
    return not form.contact or way is not Way.MAIL or "@" in form.contact
