"""What staff read in place of the names that the audit log uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.accounts.account import Account
from bot.accounts.record import Deed
from bot.desk import audit, bookkeeping, consulting, reviewing, watch
from bot.desk.disclosure import casebook, handling, registration
from bot.desk.moves import Move
from bot.desk.room_services import RoomServices
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
    Deed.ADDED: "added an account",
    Deed.RESET: "made a new link for an account",
    Deed.DISABLED: "closed an account",
    Deed.ENROLLED: "opened an account",
    Deed.SIGNED_IN: "signed in",
    Deed.SIGNED_ON: "signed in by the office's sign-on",
    Deed.FAILED: "tried to sign in, without success",
    Deed.SLOWED: "must wait before signing in: too many tries",
    Deed.SIGNED_OUT: "signed out",
    Deed.SIGNED_OUT_ALL: "signed out everywhere",
    Deed.PASSWORD: "changed the password",
    Deed.VIEWED: "looked at",
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
}


async def names_of(services: RoomServices, language: Lang) -> Names:
    """As everybody is called who works here."""
    async with services.store.begin() as work:
        accounts = await work.entries(Account).find()
    known = {one.member: one.name for one in accounts}
    return Names(services.desk.roster, language, known)


@dataclass(frozen=True, slots=True)
class Names:
    """`accounts` are names by members' ids: a desk without a roster knows people by these."""

    roster: Roster
    language: Lang
    accounts: Mapping[str, str] = field(default_factory=dict)

    def who(self, who: str) -> str:
        """Of whom an audit line is: a colleague by name, the citizen, or nobody."""
        if who == bookkeeping.CITIZEN:
            return say(self.language, "Citizen")
        if who == bookkeeping.SYSTEM:
            return say(self.language, "System")
        member = self.roster.member(Agent(who, who))
        return self.accounts.get(who, who) if member is None else member.name

    def what(self, what: str) -> str:
        """What was done; a word that is not known here as it stands in the log."""
        return say(self.language, DONE[what]) if what in DONE else what
