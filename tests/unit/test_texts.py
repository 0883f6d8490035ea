"""The catalogues: whole, with the same values to fill, each in the characters of its readers."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot import asides, render
from bot.asides import _SHALL_I, _WHAT
from bot.commands.table import COMMANDS
from bot.degrade import level as degrading
from bot.degrade import pages as degrade_pages
from bot.desk import (
    cards,
    history,
    room_commands,
    room_disclosure,
    room_pages,
    room_queue,
    roster_pages,
    sorry,
    terminal_commands,
)
from bot.desk.concerns import pages as concerns
from bot.desk.disclosure import choosing
from bot.desk.disclosure import pages as disclosure
from bot.desk.disclosure.results import RULES
from bot.desk.disclosure.results import Result as Decided
from bot.desk.lookback import pages as lookback
from bot.desk.lookback import task as lookback_task
from bot.desk.publishing import draft_pages
from bot.desk.publishing import pages as published
from bot.desk.roster import Role
from bot.desk.terminal_commands import WHICH
from bot.desk.tickets import State
from bot.errors import (
    CannedRefused,
    DisclosureRefused,
    EntryNotFound,
    IllegalTransition,
    NotAllowed,
    TicketError,
)
from bot.intents import Intent, recognise
from bot.push import pages
from bot.render import _WHY, Page
from bot.texts import LOCALES, SOURCE, say
from bot.types import Outcome, Reason, Result
from bot.web.console import names, report_words
from bot.web.console.dashboards import wording
from bot.web.console.dashboards.choice import PRESETS
from bot.web.console.maintain import findings
from bot.web.console.maintain import wording as maintaining
from bot.web.console.navigation import SECTIONS
from knowledge.fold import simplified, traditional
from knowledge.types import Lang

PACKAGE: Final = Path(bot.__file__).parent
TRANSLATED: Final = [language for language in Lang if language is not SOURCE]
TABLES: Final[Mapping[str, Collection[str]]] = {
    "NAMES": render.NAMES.values(),
    "STANDINGS": render.STANDINGS.values(),
    "KINDS": render.KINDS.values(),
    "BLOCKED": render.BLOCKED.values(),
    "_WHY": _WHY.values(),
    "STATES": cards.STATES.values(),
    "REASONS": cards.REASONS.values(),
    "TICKET_KINDS": cards.TICKET_KINDS.values(),
    "PROMPTS": room_pages.PROMPTS.values(),
    "ROLES": sorry.ROLES.values(),
    "words": [word for words in sorry.WORDS.values() for word in words.values()],
    "ENTRIES": sorry.ENTRIES.values(),
    "asks": {WHICH, *(one.asks for one in terminal_commands.COMMANDS.values() if one.asks)},
    "LEGEND": [terminal_commands.LEGEND],
    "HELP": [room_pages.HELP],
    "VIEWS": room_queue.VIEWS.values(),
    "HANDED_OVER": render.HANDED_OVER.values(),
    "PERSONAL": asides.PERSONAL.values(),
    "_WHAT": _WHAT.values(),
    "_SHALL_I": _SHALL_I.values(),
    "NEW": pages.NEW.values(),
    "RELATIONS": pages.RELATIONS.values(),
    "HEADS": pages.HEADS.values(),
    "CHOICES": disclosure.CHOICES.values(),
    "FIELDS": disclosure.FIELDS.values(),
    "QUESTIONS": disclosure.QUESTIONS.values(),
    "AGAIN": disclosure.AGAIN.values(),
    "RULES": [rule.label for rule in RULES.values()],
    "help": [command.help for command in (*COMMANDS, *room_commands.COMMANDS)],
    "usage": [command.usage for command in room_commands.COMMANDS],
    "GROUPS": room_commands.GROUPS.values(),
    "LEVELS": degrading.LEVELS.values(),
    "WHYS": degrading.WHYS.values(),
    "NOTICES": degrade_pages.NOTICES.values(),
    "WHETHER_KEPT": degrade_pages.WHETHER_KEPT.values(),
    "SECTIONS": [section.name for section in SECTIONS],
    "DONE": history.DONE.values(),
    "REASONED": history.REASONED,
    "BESIDE_TICKETS": names.BESIDE_TICKETS.values(),
    "VIEWED": names.VIEWED,
    "FOUND": lookback_task.NOTES,
    "RESULT_GROUPS": choosing.RESULT_GROUPS,
    "NEEDS": room_disclosure.NEEDS.values(),
    "ROLE_NAMES": roster_pages.ROLE_NAMES.values(),
    "COURSES": concerns.COURSES.values(),
    "STAGES": published.STAGES.values(),
    "BROKEN": published.BROKEN.values(),
    "DECIDED": draft_pages.DECIDED.values(),
    "VERDICTS": lookback.VERDICTS.values(),
    "MAINTAIN_STAGES": maintaining.STAGES.values(),
    "MAINTAIN_STEPS": [maintaining.STARTING, *maintaining.STEPS.values()],
    "GOLDEN_VERDICTS": maintaining.VERDICTS.values(),
    "SEVERITIES": maintaining.SEVERITIES.values(),
    "FEATURES": maintaining.FEATURES.values(),
    "FINDINGS": (*findings.PROBLEMS, *findings.MENDS),
    "PARTS": report_words.PARTS.values(),
    "FIGURES": report_words.FIGURES.values(),
    "ITEMS": [text for words in report_words.ITEMS.values() for text in words.values()],
    "TITLES": wording.TITLES.values(),
    "NOTES": wording.NOTES.values(),
    "COLUMNS": wording.COLUMNS.values(),
    "VALUES": [text for texts in wording.VALUES.values() for text in texts.values()],
    "PRESETS": [preset.name for preset in PRESETS.values()],
}
PROBLEMS: Final = "{problems}"  # of a publication: they are in the language of staff already
# Besides say(language, "…"): what names a button in cards.
KEYWORDS: Final = {"say": (2,), "button": (1,), "t": (1,)}
CONSOLE: Final = "web/templates/console/**.html"  # t("…") says a sentence in a template
PATHS: Final = sorted(PACKAGE.rglob("*.py"))
# Character sets that hold one region's characters and not the other's.
CHARSETS: Final = {
    Lang.ZH_HANS: "gb2312",
    Lang.ZH_HANT: "big5",
    Lang.KO: "cp949",
    Lang.JA: "cp932",
}


@cache
def trees() -> list[ast.Module]:
    """Read when they are asked for: two processes collect these tests, and one runs them."""
    return [ast.parse(path.read_text("utf-8")) for path in PATHS]


def calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in names:
            yield node


def literal(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def named() -> Iterator[tuple[str, str | None]]:
    """What say() is given that is no literal: the expression, and its text if it is a local."""
    for tree in trees():
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            known = {
                target.id: literal(node.value)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in calls(function, "say"):
                if len(call.args) == 2 and literal(call.args[1]) is None:
                    expression = ast.unparse(call.args[1])
                    yield expression, known.get(expression)


def refusals() -> Iterator[tuple[str, str | None]]:
    """What ticket errors say: where it stands, and the sentence if it is a literal."""
    kinds = list(_subclasses(TicketError))
    plain = {one.__name__ for one in kinds if one.__init__ is TicketError.__init__}
    for path, tree in zip(PATHS, trees(), strict=True):
        for call in calls(tree, *plain):
            yield f"{path.name}: {ast.unparse(call)}", literal(call.args[0])
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name in {one.__name__ for one in kinds}:
                for inner in ast.walk(node):
                    made = isinstance(inner, ast.Call) and ast.unparse(inner.func)
                    if isinstance(inner, ast.Call) and made == "super().__init__":
                        yield f"{path.name}: {node.name}", literal(inner.args[0])


def _subclasses(kind: type[TicketError]) -> Iterator[type[TicketError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _subclasses(one)


@cache
def labels() -> set[str]:
    """What is written on buttons: Button(say(language, "…"), …) and button("…", …)."""
    buttons = [call for tree in trees() for call in calls(tree, "Button", "button")]
    inner = [call.args[0] for call in buttons]
    said = [node.args[1] if isinstance(node, ast.Call) else node for node in inner]
    return {text for node in said if (text := literal(node))}


@cache
def sentences() -> set[str]:
    extracted = {
        message
        for _, _, message, _, _ in extract_from_dir(
            PACKAGE,
            method_map=[("**.py", "python"), (CONSOLE, "jinja2")],
            options_map={CONSOLE: {"silent": "false"}},
            keywords=KEYWORDS,
        )
        if isinstance(message, str)
    }
    tables = {text for table in TABLES.values() for text in table}
    refused = {text for _, text in refusals() if text and text != PROBLEMS}
    return extracted | tables | refused | {text for _, text in named() if text}


def read(language: Lang) -> Catalog:
    with (LOCALES / f"{language}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def translations(language: Lang) -> dict[str, str]:
    return {str(m.id): str(m.string) for m in read(language) if m.id}


def values(text: str) -> list[str]:
    """The {names} in it, sorted."""
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def plain(page: Page) -> str:
    return "".join(span.text for span in page.body)


def test_every_sentence_is_known_to_these_tests() -> None:
    """A sentence that say() takes from anywhere else would escape the catalogues' test."""
    unknown = {
        expression
        for expression, text in named()
        if text is None and not TABLES.keys() & set(re.findall(r"\w+", expression))
    }
    # In cards, where KEYWORDS has the function; what errors say, see refusals(); and in anew.py,
    # which is given tables that are here.
    assert unknown == {"label", "error.sentence", "sentence"}


def test_every_refusal_is_a_sentence_of_the_catalogues() -> None:
    """One that is put together where it is raised would be English in every staff room."""
    assert len(list(refusals())) > 50, "they are found"
    assert [where for where, text in refusals() if text is None] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_refusal_names_everything_in_the_language_of_staff(language: Lang) -> None:
    for kind, words in sorry.WORDS.items():
        assert words.keys() == set(kind)
    held = IllegalTransition(7, now=State.ARCHIVED, wanted="closed")
    said = [
        sorry.sorry(held, language),
        sorry.sorry(NotAllowed("林", role=Role.SUPERVISOR), language),
        sorry.sorry(EntryNotFound("review", 7), language),
        sorry.sorry(
            DisclosureRefused(
                "The result {result} needs a ground for a part: {grounds}",
                result=Decided.PARTLY,
                grounds=(Decided.PROCESS, Decided.INTERNAL),
            ),
            language,
        ),
    ]
    assert [text for text in said if re.search(r"[A-Za-z]{3}|[{}]", text)] == []


def test_a_refusal_reads_in_english_for_the_log() -> None:
    assert str(IllegalTransition(7, now=State.ARCHIVED, wanted="closed")) == (
        "No. 7 is archived; that does not go."
    )
    refused = CannedRefused("There is no canned reply {name}.", name="{name}")
    assert str(refused) == sorry.sorry(refused, Lang.EN) == "There is no canned reply {name}."


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_every_sentence_and_no_other(language: Lang) -> None:
    found = translations(language)
    assert sorted(sentences() - found.keys()) == []
    assert sorted(found.keys() - sentences()) == []
    assert [sentence for sentence, text in found.items() if not text.strip()] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_clean(language: Lang) -> None:
    catalogue = read(language)
    assert catalogue.charset == "utf-8"
    assert catalogue.locale_identifier == str(language).replace("-", "_")
    assert not catalogue.obsolete
    assert [m.id for m in catalogue if m.id and m.fuzzy] == []
    lines = (LOCALES / f"{language}.po").read_text("utf-8").splitlines()
    assert sum(line.startswith("msgid ") for line in lines) == len(catalogue) + 1, "said twice"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_values_to_fill(language: Lang) -> None:
    found = translations(language)
    assert {s: values(text) for s, text in found.items()} == {s: values(s) for s in found}


@pytest.mark.parametrize(
    ("language", "convert"), [(Lang.ZH_HANS, simplified), (Lang.ZH_HANT, traditional)]
)
def test_chinese_is_not_mixed(language: Lang, convert: Callable[[str], str]) -> None:
    found = translations(language).values()
    assert {text: convert(text) for text in found if convert(text) != text} == {}


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_is_in_the_characters_of_its_readers(language: Lang) -> None:
    for text in translations(language).values():
        assert text.encode(CHARSETS[language], "replace").decode(CHARSETS[language]) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (Lang.ZH_HANS, "编号 7 正由 林 处理。"),
        (Lang.ZH_HANT, "編號 7 正由 林 處理。"),
        (Lang.EN, "No. 7 is held by 林."),
        (Lang.KO, "7번은 林 님이 처리하고 있습니다."),
        (Lang.JA, "受付番号 7 は林さんが対応しています。"),
    ],
)
def test_values_are_filled_in(language: Lang, text: str) -> None:
    assert say(language, "No. {id} is held by {name}.", id=7, name="林") == text


def test_braces_in_a_value_stay() -> None:
    said = say(Lang.ZH_HANS, "No. {id} is held by {name}.", id=7, name="{id}")
    assert said == "编号 7 正由 {id} 处理。"


def test_an_unknown_sentence_is_said_as_it_is() -> None:
    assert say(Lang.JA, "Nobody translated {this}.") == "Nobody translated {this}."


@pytest.mark.parametrize("language", Lang)
@pytest.mark.parametrize("reason", render.BLOCKED)
def test_a_blocked_message_is_told_why(language: Lang, reason: Reason) -> None:
    outcome = Outcome(result=Result.BLOCKED, reason=reason, language=language)
    text = plain(render.blocked(outcome, limit=500))
    assert "{" not in text
    assert ("500" in text) == (reason is Reason.TOO_LONG)


@pytest.mark.parametrize("language", Lang)
def test_the_word_that_the_welcome_names_reaches_a_person(language: Lang) -> None:
    text = plain(render.welcome(language, render.Bureau()))
    (word,) = re.findall(r"[“‘「](.+?)[”’」]", text)
    assert recognise(word) is Intent.HUMAN


@pytest.mark.parametrize("language", Lang)
def test_labels_fit_on_a_button(language: Lang) -> None:
    assert len(labels()) >= 13, "they are found"
    assert {label for label in labels() if len(say(language, label)) > 20} == set()
