"""The language to answer in."""

from __future__ import annotations

import pytest

from bot.languages import language_of
from knowledge.language import in_either_script
from knowledge.types import Lang

HANS, HANT, EN, KO = Lang.ZH_HANS, Lang.ZH_HANT, Lang.EN, Lang.KO


@pytest.mark.parametrize(
    ("text", "before", "phone", "expected"),
    [
        ("您好", None, "zh-Hant-TW", HANT),
        ("您好", None, "zh-CN", HANS),
        ("您好", HANS, "zh-TW", HANS),  # the chat counts before the phone
        ("您好", EN, "zh-TW", HANT),  # and the phone, where the chat was not Chinese
        ("您好", EN, "en", HANS),
        ("请问您是谁", HANT, "zh-TW", HANS),  # 请 is simplified alone
        ("請問您是誰", HANS, "zh-CN", HANT),
        ("hello", HANT, "zh-TW", EN),
        ("12", KO, "en", KO),
        ("12", None, "ko-KR", KO),
        ("12", None, None, HANS),
    ],
)
def test_what_is_written_then_the_chat_then_the_phone(
    text: str, before: Lang | None, phone: str | None, expected: Lang
) -> None:
    assert language_of(text, before=before, phone=phone, default=HANS) is expected


def test_the_default_tells_the_script_where_nothing_else_does() -> None:
    assert language_of("您好", before=None, phone="en", default=HANT) is HANT


@pytest.mark.parametrize(
    ("text", "either"),
    [("您好", True), ("台北", True), ("请", False), ("請", False), ("hello", True)],
)
def test_what_both_scripts_write_alike(text: str, either: bool) -> None:  # noqa: FBT001 - a table
    assert in_either_script(text) is either
