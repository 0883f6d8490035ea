"""What a button does, as the few bytes that a platform carries for us."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self


class Verb(StrEnum):
    HUMAN = "human"  # citizen: ask a person; target: the ledger id of the question, or none;
    # place: NO_HELP, where an answer was none
    MORE = "more"  # citizen: add to a ticket
    PICK = "pick"  # citizen: target: ledger id of the question; place: the choice, 0 for none
    LANGUAGE = "lang"  # citizen: target: the language's place in Lang
    FORGET = "forget"  # citizen: erase everything
    KEEP = "keep"  # citizen: erase nothing
    COMPLAIN = "complain"  # citizen: target: ledger id; place: 1 hand over, 2 look up instead
    SUGGEST = "suggest"  # the same
    CLAUSE = "clause"  # citizen: the whole clause; target: ledger id of the answer
    RELATED = "related"  # citizen: target: ledger id of the answer; place: the question, from 1
    FRESH = "fresh"  # citizen: what comes next belongs to nothing before
    FOLLOW = "follow"  # citizen: what answered a question; target: ledger id; see following.py
    TOPIC = "topic"  # citizen: follow it; target: its number, none for the list
    DOCUMENT = "doc"  # citizen: follow it; target: its number
    UNFOLLOW = "unfollow"  # citizen: target: the subscription, none for the list
    UNFOLLOW_ALL = "unfollowall"
    VIEW = "view"  # citizen: target: the push; place: the document in it, from 1; so the next two
    NEWS_UP = "newsup"
    NEWS_DOWN = "newsdown"
    HELPFUL = "up"
    UNHELPFUL = "down"
    PRESS = "press"  # citizen: asks where it stays; target: the ticket
    WITHDRAW = "withdraw"  # citizen: target: the ticket; place: 1 yes, 2 no, none asks
    RATE = "rate"  # citizen: what a reply was worth; target: the ticket; place: see survey.py
    DISCLOSE = "disclose"  # citizen: a request for information; place: a Step of its form;
    # target: the choice, the ledger id of the summary, or the step to be corrected
    DECLINE = "decline"  # citizen: no message that they did not ask for
    CLAIM = "claim"  # staff, from here on; target: the ticket
    RELEASE = "release"
    REPLY = "reply"
    CLOSE = "close"
    QUOTE = "quote"  # place: the passage on the card, from 1
    DRAFT = "draft"  # from the passages
    ASK = "ask"  # the citizen
    TRANSFER = "transfer"  # place: the department's number; none asks for it
    RETURN = "return"  # to where tickets are sorted
    TAKE_OVER = "takeover"
    CONSULT = "consult"  # the same
    REOPEN = "reopen"  # what is closed
    MERGE = "merge"  # place: the ticket that it is merged into; none asks for it
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    APPROVE = "approve"  # target: the review; so the next
    REJECT = "reject"
    ADVISE = "advise"  # answer what another department asks; target: the consultation
    DECIDE = "decide"  # a request for information; place: how far, see disclosure/choosing.py
    ANEW = "anew"  # with a letter in place of the one that is out; the same
    CORRECT = "correct"  # have the applicant make the request clear
    HEAR = "hear"  # others whom it concerns
    HEARD = "heard"  # what they said; place: 1 nothing
    CARD = "card"  # post the card anew
    WHOLE = "whole"  # the card without cuts, as a file
    PUBLISH = "publish"  # the reply, for everybody: look at it; target: the ticket; so the next
    WORD_QUESTION = "wordq"
    WORD_ANSWER = "worda"
    CITE = "cite"  # or not; place: the passage, from 1
    PROPOSE = "propose"  # place: the version that was looked at; so the next
    LET_OUT = "letout"  # target: the publication; so the next
    TURN_DOWN = "turndown"  # without a place
    QUEUE = "queue"  # target: a view of it, see room_queue.py; place: the page, from 1
    LIST = "list"  # target: what is listed, see listing.py; place: the page, from 1
    REVIEW = "review"  # show a draft once more; target: the review
    CONCERN = "concern"  # show it; target: the concern; so the next three
    OWN = "own"
    RESPOND = "respond"  # say where its response is published
    SETTLE = "settle"  # close it
    TASK = "task"  # show it; target: the task of the look-back; so the next two
    EVIDENCE = "evidence"  # what shows that it is done
    DONE = "done"


NO_HELP: Final = 1
# At most 18 digits, so that the number fits the database's 64 bits.
_ACTION: Final = re.compile(
    rf"(?P<verb>{'|'.join(Verb)})(:(?P<target>[0-9]{{1,18}})(:(?P<place>[0-9]{{1,18}}))?)?"
)


@dataclass(frozen=True, slots=True)
class Action:
    verb: Verb
    target: int | None = None
    place: int | None = None  # only with a target

    def __str__(self) -> str:
        parts = (self.verb, self.target, self.place)
        return ":".join(str(part) for part in parts if part is not None)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return None for what is no action of ours: a forged or an outdated button."""
        found = _ACTION.fullmatch(text)
        if found is None:
            return None
        target, place = (
            None if part is None else int(part) for part in found.group("target", "place")
        )
        return cls(Verb(found["verb"]), target, place)
