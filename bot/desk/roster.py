"""Who works here: departments, their people, and what each may do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from types import MappingProxyType
from typing import Final
from zlib import crc32

from bot.desk.hours import ALWAYS, Hours
from bot.desk.tickets import Agent
from bot.errors import NoSuchDepartment, NotAllowed
from knowledge.types import Lang


class Role(StrEnum):
    AGENT = "agent"  # answers tickets
    REVIEWER = "reviewer"  # looks at replies before they go out, and at what is published
    SUPERVISOR = "supervisor"  # takes over, is told when a due time has passed
    MAINTAINER = "maintainer"  # builds releases, approves what enters the knowledge


TERMINAL: Final = "terminal:"
_SUPERVISED: Final = frozenset({Role.AGENT, Role.REVIEWER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    id: str  # an agent's id: "telegram:4711"; "terminal:wang" whatever name the login gives
    name: str
    roles: frozenset[Role] = frozenset({Role.AGENT})
    languages: frozenset[Lang] = frozenset()  # empty: not known
    also: tuple[str, ...] = ()  # ids of the same person in other front ends: "web:wang"

    @property
    def agent(self) -> Agent:
        return Agent(self.id, self.name)

    def has(self, role: Role) -> bool:
        """A supervisor has the roles of an agent and of a reviewer too."""
        return role in self.roles or (Role.SUPERVISOR in self.roles and role in _SUPERVISED)

    def is_id(self, agent_id: str) -> bool:
        """Whether an agent is this member: "terminal:wang:王芳" is "terminal:wang"."""
        return any(
            agent_id == own or (own.startswith(TERMINAL) and agent_id.startswith(f"{own}:"))
            for own in (self.id, *self.also)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    key: str  # a short word: it stands in the database, so it must stay
    name: str
    members: tuple[Member, ...] = ()
    topics: tuple[str, ...] = ()  # words of questions that are for it
    issuers: tuple[str, ...] = ()  # of documents that it answers for
    hours: Hours = ALWAYS
    sensitive: tuple[str, ...] = ()  # words of questions whose reply a second person sees first


@dataclass(frozen=True, slots=True)
class Roster:
    """
    All departments. One without any is open: whoever is in the staff room may do everything,
    as in a small office. What needs two people needs two even there.
    """

    departments: Mapping[str, Department] = field(default_factory=lambda: MappingProxyType({}))
    others: tuple[Member, ...] = ()  # of no department

    @property
    def is_open(self) -> bool:
        return not self.departments

    @property
    def members(self) -> Iterable[Member]:
        """Everybody; whoever is in several departments comes as often."""
        departments = self.departments.values()
        return chain(*(department.members for department in departments), self.others)

    def member(self, agent: Agent) -> Member | None:
        return next((one for one in self.members if one.is_id(agent.id)), None)

    def known(self, agent: Agent) -> Agent | Member:
        """The member that an agent is; the agent where the roster has none."""
        return self.member(agent) or agent

    def acting(self, agent: Agent) -> Agent:
        """
        As whom somebody acts: the member that the roster has, by its first id. So what is claimed
        in one front end is held in the others too.
        """
        member = self.member(agent)
        return agent if member is None else member.agent

    def is_same_person(self, one: Agent, other: Agent) -> bool:
        """
        Where two people are needed, in doubt they are one: a login is one person whatever name
        it gives, and so are members of the same name, who may have more than one account.
        """
        first, second = self.member(one), self.member(other)
        if first is not None and second is not None:
            return first.name == second.name
        return _account(one) == _account(other)

    def may(self, agent: Agent, role: Role) -> bool:
        """Whether somebody has a role. Strangers have none, unless the roster is open."""
        if self.is_open:
            return True
        member = self.member(agent)
        return member is not None and member.has(role)

    def may_any(self, agent: Agent, roles: Iterable[Role]) -> bool:
        """Whether somebody has one of the roles."""
        return any(self.may(agent, role) for role in roles)

    def require_role(self, agent: Agent, role: Role) -> None:
        """Raise NotAllowed, which tells the id: it is what the roster needs of somebody new."""
        if not self.may(agent, role):
            raise NotAllowed(f"{agent.name} ({agent.id})", role=role)

    def require(self, department: str) -> None:
        """Raise NoSuchDepartment."""
        if department not in self.departments:
            raise NoSuchDepartment(known=tuple(self.departments))

    def numbered(self, number: int) -> str | None:
        """The department that a button means, if it is still there."""
        found = [key for key in self.departments if number_of(key) == number]
        return found[0] if len(found) == 1 else None

    def name(self, department: str) -> str:
        """What people call it; its key where it is not there any more."""
        found = self.departments.get(department)
        return department if found is None else found.name


def _account(agent: Agent) -> str:
    """At a terminal the login, without the name that was given."""
    if agent.id.startswith(TERMINAL):
        return ":".join(agent.id.split(":")[:2])
    return agent.id


def number_of(department: str) -> int:
    """What stands for a department on a button; the roster may get another order meanwhile."""
    return crc32(department.encode())


OPEN: Final = Roster()
