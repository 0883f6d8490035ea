"""`ask`: the contract of its JSON, and what it says when it cannot answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from index.release import current
from tests.cli.conftest import Run

ANSWERED = "技能补贴一年最多能领几回？"
FIELDS = ["status", "reason", "text", "language", "probability", "release", "citations", "choices"]
CITATION = [
    "document_id",
    "title",
    "number",
    "address",
    "quote",
    "source",
    "published",
    "kind",
    "status",
]


def answer(run: Run, question: str, *more: object, **settings: object) -> Any:
    done = run("ask", "--json", question, *more, **settings)
    assert done.exit_code == 0
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_an_answer_is_the_contract(run: Run, releases: Path) -> None:
    said = answer(run, ANSWERED, "--release", releases)
    assert list(said) == FIELDS
    assert (said["status"], said["reason"], said["language"]) == ("answered", None, "zh-Hans")
    assert 0.5 < said["probability"] <= 1
    assert said["release"] == current(releases)
    for one in said["citations"]:
        assert list(one) == CITATION
        assert one["quote"].split("\n")[0] in said["text"]
        assert one["source"].startswith("https://")
        assert one["source"] in said["text"]
        assert one["kind"] in {"policy", "interpretation", "answer"}
        assert one["status"] in {"in_force", "amended"}
        assert one["published"] == "2026-02-06"
    assert said["citations"][0]["document_id"].startswith("job-stabilization-2026")


def test_words_for_people(run: Run, releases: Path) -> None:
    done = run("ask", ANSWERED, releases=releases)
    assert done.exit_code == 0
    assert "最多3次" in done.stdout
    assert "[" not in done.stdout.split("\n")[0]


@pytest.mark.parametrize(
    ("question", "status", "reason", "language"),
    [
        ("养狗要办什么证？", "unresolved", "unsure", "zh-Hans"),
        ("How do I get a dog licence for my poodle?", "unresolved", "unsure", "en"),
        ("人工", "human_requested", "asked_for_person", "zh-Hans"),
        ("你好", "small_talk", None, "zh-Hans"),
        ("", "blocked", "empty", "zh-Hans"),
        ("😀😀", "blocked", "no_words", "zh-Hans"),
        ("问" * 2001, "blocked", "too_long", "zh-Hans"),
        (
            "\udce4\udcb8",
            "blocked",
            "empty",
            "zh-Hans",
        ),  # bytes that are no text, as Python hands them on
    ],
)
def test_what_is_not_answered(
    run: Run, releases: Path, question: str, status: str, reason: str | None, language: str
) -> None:
    said = answer(run, question, "--release", releases)
    assert list(said) == FIELDS
    assert (said["status"], said["reason"], said["language"]) == (status, reason, language)
    assert said["citations"] == said["choices"] == []
    assert said["text"]


def test_choices_where_it_is_unsure(run: Run, releases: Path) -> None:
    question = "人才租房补贴总共能领多少个月？"
    said = answer(run, question, "--release", releases)
    assert (said["status"], said["reason"], said["citations"]) == ("clarify", None, [])
    assert [list(one) for one in said["choices"]] == [CITATION] * 3
    assert {one["status"] for one in said["choices"]} == {"in_force"}
    for number, one in enumerate(said["choices"], start=1):
        assert f"\n{number}. " in said["text"]
        assert one["document_id"].startswith("talent-rent-subsidy-2025")
    listed = run("ask", question, releases=releases).stdout
    assert [line[:2] for line in listed.split("\n") if line[1:2] == "."] == ["1.", "2.", "3."]


def test_half_a_character_in_a_question(run: Run, releases: Path) -> None:
    assert answer(run, ANSWERED + "\udce4", "--release", releases)["status"] == "answered"


def test_the_default_language_is_a_setting(run: Run, releases: Path) -> None:
    said = answer(run, "123456", "--release", releases, default_language="ko")
    assert said["language"] == "ko"


def test_as_of_a_day(run: Run, releases: Path) -> None:
    question = ("ask", "--json", "--release", releases, "一级能效冰箱以旧换新最多补多少？", "--on")
    then = json.loads(run(*question, "2025-12-31").stdout)
    now = json.loads(run(*question, "2026-01-01").stdout)
    rule = "appliance-trade-in-2025"  # expires with 2025
    assert then["citations"][0]["document_id"].startswith(rule)
    assert rule not in {
        one["document_id"] for one in now["citations"] if one["status"] == "in_force"
    }
    bad = run(*question, "yesterday")
    assert bad.exit_code == 2
    assert "--on" in bad.stderr


@pytest.mark.parametrize("where", ["none", "file"])
def test_without_a_release(run: Run, clean: Path, where: str) -> None:
    (clean / "file").write_text("", encoding="utf-8")
    done = run("ask", ANSWERED, "--release", where)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr == (
        f"there is no release in {where}; build one with "
        "`python run_bot.py index build --source FOLDER`\n"
    )


def test_another_encoder_in_the_settings(run: Run, releases: Path) -> None:
    done = run("ask", ANSWERED, releases=releases, encoder="BAAI/bge-m3")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr == (
        "the release's encoder is builtin, this process needs BAAI/bge-m3; "
        "set ENCODER=builtin, or build the index again\n"
    )


# Settings


def test_bad_settings_are_told_together_and_secrets_never(run: Run) -> None:
    done = run(
        "ask",
        ANSWERED,
        web_port="eighty",
        reply_days=0,
        default_language="Deutsch",
        encoder_batch="",
        telegram_bot_token="123:ABC",
        database_url="mysql://root:geheim@db/mingbai",
    )
    assert (done.exit_code, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "TELEGRAM_BOT_TOKEN",
        "WEB_PORT",
        "ENCODER_BATCH",
        "DATABASE_URL",
        "REPLY_DAYS",
        "DEFAULT_LANGUAGE",
    ]
    assert all(line.endswith("; see .env.example") for line in lines)
    assert "(given: 'eighty')" in lines[1]
    assert "geheim" not in done.output
    assert "123:ABC" not in done.output


def test_settings_come_from_a_file_too(run: Run, clean: Path) -> None:
    (clean / ".env").write_text("WEB_PORT=99999\nREPLY_DAYS=2\n", encoding="utf-8")
    assert run("ask", "xx").stderr.startswith("WEB_PORT: ")
    assert run("ask", "xx", web_port=80).stderr.startswith("there is no release")


def test_a_file_of_settings_in_another_encoding(run: Run, clean: Path) -> None:
    (clean / ".env").write_bytes("BUREAU_NAME=某市财政局".encode("gbk"))
    done = run("ask", "xx")
    assert (done.exit_code, done.stderr) == (1, ".env is not UTF-8; save it in that encoding\n")


@pytest.mark.parametrize("command", [("index", "build"), ("index", "releases"), ("staff", "list")])
def test_every_command_tells_of_bad_settings(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, web_port="x")
    assert done.exit_code == 1
    assert done.stderr.startswith("WEB_PORT: ")


def test_an_empty_secret_is_none(clean: Path) -> None:
    assert clean.is_dir()
    assert Settings.read({"telegram_bot_token": " "}).telegram_bot_token is None
    assert "hush" not in repr(Settings.read({"telegram_bot_token": "hush"}))
