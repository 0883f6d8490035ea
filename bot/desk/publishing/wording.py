"""An answer for everybody while staff word it in their room: what is kept until it is proposed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One for each ticket; whoever words it works on the same. It goes with the ticket's words."""

    id: int = 0  # given by the store
    version: int = 1
    ticket_id: int
    reply: str  # that it was begun from: after another reply it is begun anew
    question: str
    answer: str
    found: tuple[str, ...]  # ids of passages that may be cited, each with a button
    cited: tuple[str, ...]  # those of them that are
