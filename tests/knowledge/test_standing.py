from __future__ import annotations

from datetime import date

import pytest

from knowledge.types import BINDING, Disclosure, Document, Kind, Lang, Standing, Status

BEFORE, FIRST, WITHIN, LAST, AFTER = (
    date(2024, 12, 31),
    date(2025, 1, 1),
    date(2026, 6, 1),
    date(2026, 12, 31),
    date(2027, 1, 1),
)
DAYS = (BEFORE, FIRST, WITHIN, LAST, AFTER)
IN_FORCE, AMENDED, UPCOMING, EXPIRED, REPEALED, SUPERSEDED = (
    Standing.IN_FORCE,
    Standing.AMENDED,
    Standing.UPCOMING,
    Standing.EXPIRED,
    Standing.REPEALED,
    Standing.SUPERSEDED,
)


@pytest.mark.parametrize(
    ("status", "effective", "expires", "standings"),
    [
        (Status.IN_FORCE, None, None, [IN_FORCE] * 5),
        (Status.IN_FORCE, FIRST, None, [UPCOMING, *[IN_FORCE] * 4]),
        (Status.IN_FORCE, None, LAST, [*[IN_FORCE] * 4, EXPIRED]),
        (Status.IN_FORCE, FIRST, LAST, [UPCOMING, IN_FORCE, IN_FORCE, IN_FORCE, EXPIRED]),
        (Status.AMENDED, None, None, [AMENDED] * 5),
        (Status.AMENDED, FIRST, LAST, [UPCOMING, AMENDED, AMENDED, AMENDED, EXPIRED]),
        (Status.REPEALED, None, None, [REPEALED] * 5),
        (Status.REPEALED, FIRST, LAST, [REPEALED] * 5),
        (Status.SUPERSEDED, None, None, [SUPERSEDED] * 5),
        (Status.SUPERSEDED, FIRST, LAST, [SUPERSEDED] * 5),
    ],
)
def test_standing(
    status: Status, effective: date | None, expires: date | None, standings: list[Standing]
) -> None:
    of = Document(
        id="doc",
        title="",
        text="",
        language=Lang.ZH_HANS,
        kind=Kind.POLICY,
        source="",
        disclosure=Disclosure.OPEN,
        status=status,
        effective=effective,
        expires=expires,
    )
    assert [of.standing(day) for day in DAYS] == standings


def test_what_binds() -> None:
    assert [one for one in Standing if one.binding] == [IN_FORCE, AMENDED]
    assert frozenset({IN_FORCE, AMENDED}) == BINDING


def test_without_a_first_day_it_binds_from_its_publication_on() -> None:
    of = Document(
        id="doc",
        title="",
        text="",
        language=Lang.ZH_HANS,
        kind=Kind.POLICY,
        source="",
        disclosure=Disclosure.OPEN,
        published=FIRST,
    )
    assert [of.standing(day) for day in DAYS] == [UPCOMING, *[IN_FORCE] * 4]
