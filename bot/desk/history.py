"""
What was done, as staff read it: in the console, the terminal, and the file of "Everything".

The audit log has names of its own, which never change.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.desk import audit, bookkeeping, consulting, reviewing, undelivered, watch
from bot.desk.anew import said_anew
from bot.desk.disclosure import casebook, handling, registration
from bot.desk.moves import Move
from bot.desk.roster import Roster
from bot.desk.tickets import Agent
from bot.texts import say
from knowledge.types import Lang

DONE: Final[Mapping[str, str]] = {
    Move.OPEN: "asked",
    Move.TRIAGE: "given to a department",
    Move.TRANSFER: "handed on",
    Move.RETURN: "given back to be sorted",
    Move.CLAIM: "claimed it",
    Move.TAKE_OVER: "took it over",
    Move.RELEASE: "released it",
    Move.LAPSE: "back in the queue: nothing was done for too long",
    Move.CONSULT: "asked other departments",
    Move.CONSULTED: "all departments have answered",
    Move.ASK: "asked the citizen",
    Move.SUBMIT: "put a reply before a second person",
    Move.REJECT: "sent the draft back",
    Move.ANSWER: "replied",
    Move.CLOSE: "closed it",
    Move.MERGE: "merged it",
    Move.SPLIT: "waits by itself again",
    Move.REOPEN: "opened it again",
    Move.ARCHIVE: "closed after its time",
    Move.ADD: "wrote again",
    Move.RATE: "rated the reply",
    Move.PRESS: "asked where it stays",
    Move.WITHDRAW: "withdrew it",
    Move.PAUSE: "stopped the clock",
    Move.RESUME: "started the clock again",
    Move.EXTEND: "put the reply off",
    bookkeeping.ASKED: "asked to take it",
    reviewing.APPROVED: "approved the reply",
    consulting.ANSWERED: "answered a consultation",
    consulting.CANCELLED: "does not wait for a consultation any more",
    watch.WARNED: "reminder: it will be due soon",
    watch.ESCALATED: "overdue: the supervisor was told",
    watch.CONSULTATION_ESCALATED: "consultation overdue: the supervisor was told",
    watch.STARTED: "the clock started",
    registration.REGISTERED: "registered the request",
    handling.CORRECTION: "asked for a correction",
    handling.HEARING: "asked whom it concerns",
    handling.HEARD: "wrote down what others said",
    handling.DECIDED: "sent the letter",
    handling.REPLACED: "replaced the letter",
    handling.DISPUTED: "noted a review or a lawsuit",
    casebook.LOOKED: "looked at name and contact",
    "publication proposed": "proposed an answer for everybody",
    "publication approved": "approved the answer for everybody",
    "publication refused": "did not approve the answer for everybody",
    "publication dropped": "took the answer for everybody back",
    "publication withdrawn": "the answer for everybody is not given any more",
    "publication served": "the answer is given to everybody",
    audit.ERASED: "the words were erased after their time",
    "concern found": "found a hot concern",
    "concern owned": "took a hot concern",
    "concern answered": "named the response to a hot concern",
    "concern closed": "closed a hot concern",
    "task added": "added a task",
    "task cited": "cited evidence of a task",
    "task done": "marked a task as done",
    "absence noted": "wrote down an absence",
    "absence cancelled": "cancelled an absence",
    "canned reply kept": "kept a canned reply",
    "canned reply removed": "removed a canned reply",
    **undelivered.DONE,
}
REASONED: Final = (
    "the question names “{word}”",
    "passages of {issuer} came nearest",
    "correction asked for",
    "hearing others: {whom}",
)
"""Why something was done, where the desk itself said it."""


def who(logged: str, roster: Roster, language: Lang) -> str:
    """Of whom a line is: a colleague by name, the citizen, or nobody; else the id as it stands."""
    if logged == bookkeeping.CITIZEN:
        return say(language, "Citizen")
    if logged == bookkeeping.SYSTEM:
        return say(language, "System")
    member = roster.member(Agent(logged, logged))
    return logged if member is None else member.name


def what(logged: str, language: Lang) -> str:
    """What was done; a word that is not known here as it stands in the log."""
    return say(language, DONE[logged]) if logged in DONE else logged


def why(logged: str, language: Lang) -> str:
    """The reason, in the reader's language where no person wrote it."""
    return said_anew(logged, REASONED, language)
