"""Accounts: passwords, waits, tokens, and what stays of them in a database."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from pyotp import TOTP

from bot.accounts import tokens
from bot.accounts.account import Account, Standing
from bot.accounts.accounts import Accounts
from bot.accounts.codes import step_of
from bot.accounts.door import Door
from bot.accounts.openid import Provider, Secrets
from bot.accounts.passwords import Passwords, Weak, weakness
from bot.accounts.session import Client, Limits, Session, Stage
from bot.accounts.tries import FREE_OF_ADDRESS, Tries
from bot.desk.roster import Department, Member, Roster
from bot.desk.roster_file import parse_roster
from bot.desk.tickets import Agent
from bot.errors import AccountExists, AccountNotFound, ConfigError, SignInRefused, TooManyTries
from bot.store.base import Store
from bot.store.memory import MemoryStore
from bot.store.sql import SqlStore

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
PASSWORD = "渡轮每天早上六点开 ferry"
CLIENT = Client(address="192.0.2.7", browser="Firefox")


def weak() -> Passwords:
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        (PASSWORD, None),
        ("elf Zeichen", Weak.SHORT),
        ("ＡＢＣ", Weak.SHORT),
        ("x" * 201, Weak.LONG),
        ("WANG 2026 !!!", Weak.LIKE_LOGIN),
        ("wang goes to the harbour", None),
        ("121212121212", Weak.MONOTONOUS),
    ],
)
def test_a_password_is_long_rather_than_odd(password: str, problem: Weak | None) -> None:
    assert weakness(password, login="wang") is problem


async def test_a_password_is_the_same_however_the_system_writes_it() -> None:
    passwords = weak()
    hashed = await passwords.hashed("cafe\u0301 au lait")
    assert hashed.startswith("$argon2id$")
    assert await passwords.matches(hashed, "caf\u00e9 au lait")
    assert not await passwords.matches(hashed, "cafe au lait")
    assert not await passwords.matches("", "cafe au lait")
    assert not await passwords.matches("broken", "cafe au lait")


@pytest.mark.parametrize(
    ("subject", "count", "waits"),
    [
        ("login:a", 4, 0),
        ("login:a", 5, 30),
        ("login:a", 6, 60),
        ("login:a", 9, 480),
        ("login:a", 10, 900),
        ("login:a", 10**6, 900),
        ("address:a", FREE_OF_ADDRESS - 1, 0),
        ("address:a", FREE_OF_ADDRESS, 30),
    ],
)
def test_waits_grow_and_never_last(subject: str, count: int, waits: int) -> None:
    tries = Tries(subject=subject, count=count, last=NOON)
    assert tries.wait_s(NOON) == waits
    assert tries.wait_s(NOON + timedelta(seconds=900)) == 0
    assert Tries(subject=subject, count=count, last=NOON).wait_s(NOON + timedelta(days=1)) == 0


@pytest.mark.parametrize(
    ("stage", "seen", "over"),
    [
        (Stage.FULL, NOON, 30 * 60),
        (Stage.FULL, NOON + timedelta(hours=11, minutes=50), 12 * 3600),
        (Stage.HALF, NOON + timedelta(minutes=14), 15 * 60),
    ],
)
def test_when_a_session_is_over(stage: Stage, seen: datetime, over: int) -> None:
    session = Session(token="t", account=1, stage=stage, begun=NOON, seen=seen)
    end = NOON + timedelta(seconds=over)
    assert not session.is_over(end - timedelta(seconds=1), Limits())
    assert session.is_over(end, Limits())


async def test_nothing_in_the_database_opens_anything(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as store:
        made = await Accounts(store, clock=lambda: NOON).add(
            "wang", name="王芳", member="web:wang", who="t"
        )
        door = Door.of(store, clock=lambda: NOON, passwords=weak())
        signed = await door.enrolling.choose(made.code, PASSWORD, CLIENT)
        assert (await door.sessions.find(signed.token)) is not None
        assert (await door.sessions.find(tokens.digest(signed.token))) is None
    with closing(sqlite3.connect(path)) as db:
        dump = "\n".join(db.iterdump())
    for secret in (made.code, signed.token, signed.form_token, PASSWORD):
        assert secret not in dump


async def test_a_login_is_one_however_it_is_typed(tmp_path: Path) -> None:
    async with SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/store.sqlite") as store:
        accounts = Accounts(store, clock=lambda: NOON)
        await accounts.add("Wang", name="王芳", member="web:wang", who="t")
        with pytest.raises(AccountExists):
            await accounts.add("ＷＡＮＧ ", name="王芳", member="web:wang", who="t")
        with pytest.raises(ConfigError, match="small letters"):
            await accounts.add("王 芳", name="王芳", member="web:wang", who="t")
        with pytest.raises(AccountNotFound):
            await accounts.reset("li", who="t")


async def test_tries_outlive_a_restart(tmp_path: Path) -> None:
    for _ in range(5):
        async with SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/store.sqlite") as store:
            door = Door.of(store, clock=lambda: NOON, passwords=weak())
            with pytest.raises(SignInRefused):
                await door.signing_in.by_password("wang", "guess", CLIENT)
    async with SqlStore.open(f"sqlite+aiosqlite:///{tmp_path}/store.sqlite") as store:
        door = Door.of(store, clock=lambda: NOON, passwords=weak())
        with pytest.raises(TooManyTries) as refused:
            await door.signing_in.by_password("wang", "guess", Client(address="198.51.100.1"))
    assert refused.value.wait_s == 30


def test_one_person_may_have_several_ids() -> None:
    member = Member(id="telegram:1", name="王芳", also=("terminal:wang", "web:wang"))
    roster = Roster({"a": Department(key="a", name="A", members=(member,))})
    for one in ("telegram:1", "terminal:wang:芳", "web:wang"):
        assert roster.acting(Agent(one, "x")) == Agent("telegram:1", "王芳")
    stranger = Agent("web:li", "李")
    assert roster.acting(stranger) == stranger


ROSTER = """\
[department.a]
name = "A"
[[member]]
id = "telegram:1"
also = ["web:wang"]
name = "王芳"
departments = ["a"]
[[member]]
id = "{id}"
also = ["{also}"]
name = "李雷"
departments = ["a"]
"""


def test_the_roster_names_the_other_ids_of_a_member() -> None:
    roster = parse_roster(ROSTER.format(id="telegram:2", also="oidc:li"))
    assert [one.also for one in roster.members] == [("web:wang",), ("oidc:li",)]


@pytest.mark.parametrize(
    ("id", "also", "problem"),
    [
        ("web:wang", "oidc:li", "roster.toml, line 9: member 2: 'web:wang' is member 1 already"),
        ("telegram:2", "telegram:1", "roster.toml, line 10: member 2: 'telegram:1' is member 1 already"),
        ("telegram:2", "li", "roster.toml, line 10: member 2: 'li': write \"telegram:4711\" or"),
    ],
)  # fmt: skip
def test_an_id_is_one_persons(id: str, also: str, problem: str) -> None:  # noqa: A002 - a column
    with pytest.raises(ConfigError) as refused:
        parse_roster(ROSTER.format(id=id, also=also))
    assert str(refused.value).startswith(problem)


class Interrupted(Passwords):
    """Something happens to the account while a password is compared, which takes a while."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        super().__init__(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        self._meanwhile = meanwhile

    async def matches(self, hashed: str, password: str) -> bool:
        found = await super().matches(hashed, password)
        await self._meanwhile()
        return found


async def enrolled(store: Store, clock: Callable[[], datetime]) -> Accounts:
    """Wang has an account with a password and an authenticator."""
    accounts = Accounts(store, clock=clock)
    made = await accounts.add("wang", name="王芳", member="web:wang", who="t")
    door = Door.of(store, clock=clock, passwords=weak())
    signed = await door.enrolling.choose(made.code, PASSWORD, CLIENT)
    found = await door.sessions.find(signed.token)
    assert found is not None
    await door.enrolling.confirm(found, TOTP(found.account.secret).at(clock()), CLIENT)
    return accounts


@pytest.mark.parametrize("deed", ["reset", "disable"])
async def test_a_password_that_was_taken_away_while_it_was_compared_opens_nothing(
    deed: str,
) -> None:
    store = MemoryStore()
    accounts = await enrolled(store, lambda: NOON)

    async def taken_away() -> None:
        await getattr(accounts, deed)("wang", who="t")

    door = Door.of(store, clock=lambda: NOON, passwords=Interrupted(taken_away))
    with pytest.raises(SignInRefused):
        await door.signing_in.by_password("wang", PASSWORD, CLIENT)
    [(_, sessions)] = await accounts.all()
    assert sessions == []


@pytest.mark.parametrize("standing", [Standing.INVITED, Standing.DISABLED])
async def test_a_session_is_worth_what_its_account_is(standing: Standing) -> None:
    """Even one that outlived its account's change somehow."""
    store = MemoryStore()
    await enrolled(store, lambda: NOON)
    door = Door.of(store, clock=lambda: NOON, passwords=weak())
    signed = await door.signing_in.by_password("wang", PASSWORD, CLIENT)
    assert await door.sessions.find(signed.token) is not None
    async with store.begin() as work:
        account = await work.entries(Account).get(signed.account.id)
        await work.entries(Account).save(replace(account, standing=standing))
    assert await door.sessions.find(signed.token) is None


async def test_a_page_left_open_does_not_keep_a_session() -> None:
    store, now = MemoryStore(), NOON
    await enrolled(store, lambda: NOON)
    door = Door.of(store, clock=lambda: now, passwords=weak())
    signed = await door.signing_in.by_password("wang", PASSWORD, CLIENT)
    now += timedelta(minutes=1)
    opened = await door.signing_in.by_code(signed, TOTP(signed.account.secret).at(now), CLIENT)
    found = []
    for _ in range(6):
        now += timedelta(minutes=5)
        found.append(await door.sessions.find(opened.signed.token, used=False))
    assert [one is not None for one in found] == [True] * 5 + [False]


def test_without_a_secret_no_code_is_right() -> None:
    assert step_of("", "000000", at=NOON, after=0) is None


async def test_what_opens_an_account_is_in_no_log() -> None:
    store = MemoryStore()
    accounts = Accounts(store, clock=lambda: NOON)
    made = await accounts.add("wang", name="王芳", member="web:wang", who="t")
    door = Door.of(store, clock=lambda: NOON, passwords=weak())
    signed = await door.enrolling.choose(made.code, PASSWORD, CLIENT)
    found = await door.sessions.find(signed.token)
    assert found is not None
    secrets = Secrets.of("the token of a browser")
    device = replace(CLIENT, device="known")
    told = repr(
        (made, signed, found, secrets, device, Provider(issuer="i", client_id="c", secret="s3"))
    )
    account = found.account
    for secret in (
        made.code, signed.token, account.secret, account.password, account.invitation,
        secrets.state, secrets.nonce, secrets.verifier, "known", "s3",
    ):  # fmt: skip
        assert secret
        assert secret not in told
