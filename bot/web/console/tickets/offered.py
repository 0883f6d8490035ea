"""What somebody may do with a ticket now: what would be refused is not shown. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.desk.disclosure.card import Shown
from bot.desk.moves import MOVES, Move, Who
from bot.desk.roster import Role, Roster
from bot.desk.tickets import ACTIVE, HELD, QUEUED, Agent, State, Ticket, TicketKind


class Deed(StrEnum):
    """The word is the end of the address that its form goes to."""

    CLAIM = "claim"
    RELEASE = "release"
    REPLY = "reply"
    USE = "use"  # a passage, as it stands
    ASK = "ask"
    TRANSFER = "transfer"
    RETURN = "return"
    TAKE_OVER = "take-over"
    CONSULT = "consult"
    ADVISE = "advise"  # answer a consultation
    CANCEL = "cancel"  # a consultation
    MERGE = "merge"
    CLOSE = "close"
    REOPEN = "reopen"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    APPROVE = "approve"
    REJECT = "reject"
    LETTER = "letter"  # that ends a request for information
    CORRECT = "correct"
    HEAR = "hear"
    HEARD = "heard"
    APPLICANT = "applicant"  # look at name and contact


MOVED: Final = {
    Deed.CLAIM: Move.CLAIM,
    Deed.RELEASE: Move.RELEASE,
    Deed.ASK: Move.ASK,
    Deed.RETURN: Move.RETURN,
    Deed.TAKE_OVER: Move.TAKE_OVER,
    Deed.CONSULT: Move.CONSULT,
    Deed.MERGE: Move.MERGE,
    Deed.CLOSE: Move.CLOSE,
    Deed.REOPEN: Move.REOPEN,
}
WRITTEN: Final = HELD | {State.ANSWERED, State.RATED}  # where a reply is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A ticket, and who looks at it."""

    ticket: Ticket
    agent: Agent
    roster: Roster
    request: Shown | None = None

    @property
    def is_mine(self) -> bool:
        return self.ticket.holder is not None and self.ticket.holder.id == self.agent.id

    @property
    def is_free(self) -> bool:
        """Nobody else has it."""
        return self.ticket.holder is None or self.is_mine

    @property
    def owes_letter(self) -> bool:
        return self.request is not None and self.request.request.owes_letter

    def may(self, move: Move) -> bool:
        rule = MOVES[move]
        if self.ticket.state not in rule.sources:
            return False
        if rule.who is Who.SUPERVISOR:
            return not self.is_mine and self.roster.may(self.agent, Role.SUPERVISOR)
        return self.is_free and self.roster.may(self.agent, Role.AGENT)


def offered(scene: Scene) -> frozenset[Deed]:
    return frozenset((*_moves(scene), *_words(scene), *_clock(scene), *_request(scene)))


def _moves(scene: Scene) -> Iterator[Deed]:
    ticket, roster = scene.ticket, scene.roster
    others = [key for key in roster.departments if key != ticket.department]
    hidden = {
        Deed.RETURN: not ticket.department or roster.is_open,
        Deed.CONSULT: not others,
        Deed.MERGE: ticket.kind is TicketKind.DISCLOSURE,
        Deed.CLOSE: scene.owes_letter,
    }
    yield from (
        deed for deed, move in MOVED.items() if scene.may(move) and not hidden.get(deed, False)
    )
    given = Move.TRANSFER if ticket.department or ticket.holder else Move.TRIAGE
    if others and scene.may(given):
        yield Deed.TRANSFER


def _words(scene: Scene) -> Iterator[Deed]:
    """A reply is written by whoever holds it, so that no two people write one."""
    if scene.owes_letter or not scene.may(Move.ANSWER) or scene.ticket.state not in WRITTEN:
        return
    yield Deed.REPLY
    if scene.ticket.state is not State.REVIEWING:
        yield Deed.USE


def _clock(scene: Scene) -> Iterator[Deed]:
    """Only requests for disclosure have a clock that may be stopped or put off by law."""
    ticket = scene.ticket
    if ticket.kind is not TicketKind.DISCLOSURE or ticket.state not in HELD:
        return
    request = scene.request.request if scene.request else None
    if request is not None and (request.hearing is not None or request.waits_for_correction):
        return
    now = ticket.deadlines
    move, deed = (Move.RESUME, Deed.RESUME) if now.paused is not None else (Move.PAUSE, Deed.PAUSE)
    if scene.may(move):
        yield deed
    if now.extended is None and scene.may(Move.EXTEND):
        yield Deed.EXTEND


def _request(scene: Scene) -> Iterator[Deed]:
    """Of a registered request for information."""
    of, ticket = scene.request, scene.ticket
    if of is None or not scene.roster.may(scene.agent, Role.AGENT) or not scene.is_free:
        return
    if scene.is_mine:
        yield Deed.APPLICANT
    hearing = of.request.hearing is not None
    if not hearing and scene.may(Move.ANSWER):
        yield Deed.LETTER
    if not scene.owes_letter or ticket.state not in ACTIVE:
        return
    if hearing:
        yield Deed.HEARD
    elif ticket.deadlines.paused is None:
        yield Deed.HEAR
    if of.correctable and ticket.state in QUEUED | {State.CLAIMED, State.ASKED}:
        yield Deed.CORRECT


def reviews(scene: Scene, author: Agent) -> bool:
    """Whether they may let a draft of that author out, or send it back."""
    roster = scene.roster
    return roster.may(scene.agent, Role.REVIEWER) and not roster.is_same_person(
        scene.agent, author
    )
