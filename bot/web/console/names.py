"""What staff read in place of the names that the audit log uses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.accounts.account import Account
from bot.accounts.record import Deed
from bot.degrade import levels
from bot.desk import history
from bot.desk.anew import said_anew
from bot.desk.room_services import RoomServices
from bot.desk.roster import Roster
from bot.texts import say
from knowledge.types import Lang

BESIDE_TICKETS: Final[Mapping[str, str]] = {
    levels.SET: "set the level",
    levels.STEPPED: "went to a level by itself",
    levels.OVER: "the time of a level is over",
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
}
"""What is done to accounts, and to how much the bot does by itself."""
VIEWED: Final = (
    "ticket {number}",
    "queue ({view}, page {page})",
    "reviews",
    "consultations",
    "concerns (page {page})",
    "concern {number}",
    "publishing ({view}, page {page})",
    "publication {number}",
    "requests ({part}, page {page})",
    "requests ({part}, as a file)",
    "audit log ({sought})",
)
"""What was looked at, as Console.viewed is told it."""


async def names_of(services: RoomServices, language: Lang) -> Names:
    """As everybody is called who works here."""
    async with services.store.read() as work:
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
        found = history.who(who, self.roster, self.language)
        return self.accounts.get(who, who) if found == who else found

    def what(self, what: str) -> str:
        """What was done; a word that is not known here as it stands in the log."""
        if what in BESIDE_TICKETS:
            return say(self.language, BESIDE_TICKETS[what])
        return history.what(what, self.language)

    def why(self, why: str) -> str:
        return history.why(why, self.language)

    def text(self, what: str, text: str) -> str:
        """Of what was looked at the words are ours; all others are somebody's own."""
        return said_anew(text, VIEWED, self.language) if what == Deed.VIEWED else text
