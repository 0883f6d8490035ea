"""The pure parts: languages, limits, intake."""

from __future__ import annotations

import pytest

from bot.fairness import REMEMBERED, Bucket, Limiter, Pace, take
from bot.languages import speaks
from bot.web.languages import negotiate, wanted
from knowledge.types import Lang


@pytest.mark.parametrize(
    ("tag", "lang"),
    [
        ("zh", Lang.ZH_HANS),
        ("zh-CN", Lang.ZH_HANS),
        ("zh-SG", Lang.ZH_HANS),
        ("zh-TW", Lang.ZH_HANT),
        ("zh-HK", Lang.ZH_HANT),
        ("zh-Hant-CN", Lang.ZH_HANT),
        ("zh-Hans-HK", Lang.ZH_HANS),
        ("EN-us", Lang.EN),
        ("ko", Lang.KO),
        ("ja-JP", Lang.JA),
        ("fr", None),
    ],
)
def test_tags(tag: str, lang: Lang | None) -> None:
    assert speaks(tag) is lang


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("", []),
        ("*", []),
        ("en", ["en"]),
        ("fr;q=0.5, ko, ja;q=0.8", ["ko", "ja", "fr"]),
        ("en;q=0, ko;q=x, ja ;q=1", []),
        ("<b>, " + "a" * 99, []),
    ],
)
def test_headers(header: str, tags: list[str]) -> None:
    assert wanted(header) == tags


def test_the_dearest_that_we_speak() -> None:
    assert negotiate("fr, ja;q=0.4, ko;q=0.6") is Lang.KO
    assert negotiate("fr") is Lang.ZH_HANS


def test_a_bucket_empties_and_fills() -> None:
    bucket = Bucket(2.0, 100.0)
    bucket, wait_s = take(bucket, size=2, per_s=0.1, at_s=100.0)
    assert (bucket, wait_s) == (Bucket(1.0, 100.0), 0)
    bucket, wait_s = take(bucket, size=2, per_s=0.1, at_s=100.0)
    assert (bucket, wait_s) == (Bucket(0.0, 100.0), 0)
    bucket, wait_s = take(bucket, size=2, per_s=0.1, at_s=104.0)
    assert wait_s == 6
    bucket, wait_s = take(bucket, size=2, per_s=0.1, at_s=110.5)
    assert wait_s == 0
    assert take(bucket, size=2, per_s=0.1, at_s=999.0) == (Bucket(1.0, 999.0), 0)


def test_conversations_do_not_share_a_limit_and_are_forgotten_at_last() -> None:
    limiter = Limiter(Pace(per_minute=1, burst=1))
    assert [limiter.wait_s(who, at_s=0.0) for who in ("ann", "ann", "ben")] == [0, 60, 0]
    for number in range(REMEMBERED):
        limiter.wait_s(str(number), at_s=0.0)
    assert limiter.wait_s("ann", at_s=0.0) == 0
