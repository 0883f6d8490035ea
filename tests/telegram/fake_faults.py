"""Bad days of the fake Bot API, on order."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from tests.telegram.fake_rules import Json, Problem


class Fault(StrEnum):
    ERROR = "error"  # answered with a Problem
    DROP = "drop"  # connection cut, request not carried out
    DROP_AFTER = "drop after"  # carried out, then the connection was cut
    GARBAGE = "garbage"  # an answer that is no JSON


@dataclass(slots=True, kw_only=True)
class Order:
    """
    What becomes of `times` calls of that method (any, if None) in that chat (any, if None).

    The first `skip` of them fare well.
    """

    fault: Fault
    problem: Problem | None = None
    times: int
    skip: int
    method: str | None
    chat: int | None

    def is_for(self, method: str, params: Json) -> bool:
        right_method = self.method is None or self.method.lower() == method.lower()
        return right_method and self.chat in {None, _chat_of(params)}


class Faults:
    def __init__(self) -> None:
        self._orders: list[Order] = []

    def throttle(
        self,
        retry_after_s: float,
        *,
        times: int = 1,
        skip: int = 0,
        method: str | None = None,
        chat: int | None = None,
    ) -> None:
        problem = Problem(
            429, f"Too Many Requests: retry after {retry_after_s}", retry_after=retry_after_s
        )
        self.fail(problem, times=times, skip=skip, method=method, chat=chat)

    def fail(
        self,
        problem: Problem,
        *,
        times: int = 1,
        skip: int = 0,
        method: str | None = None,
        chat: int | None = None,
    ) -> None:
        """Answer with this error, such as Problem(500, "Internal Server Error")."""
        self.order(Fault.ERROR, problem=problem, times=times, skip=skip, method=method, chat=chat)

    def order(
        self,
        fault: Fault,
        *,
        problem: Problem | None = None,
        times: int = 1,
        skip: int = 0,
        method: str | None = None,
        chat: int | None = None,
    ) -> None:
        self._orders.append(
            Order(fault=fault, problem=problem, times=times, skip=skip, method=method, chat=chat)
        )

    def take(self, method: str, params: Json) -> Order | None:
        """Return the order that this call falls under, and count it."""
        order = next((order for order in self._orders if order.is_for(method, params)), None)
        if order is None:
            return None
        if order.skip:
            order.skip -= 1
            return None
        order.times -= 1
        if not order.times:
            self._orders.remove(order)
        return order


def _chat_of(params: Json) -> int | None:
    try:
        return int(params["chat_id"])
    except (KeyError, ValueError):
        return None
