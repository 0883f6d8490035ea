"""The pure parts: clauses, addresses of clients, texts, links."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

import bot.web
from bot.links import fingerprint, quoted_path
from bot.web.clients import address_of
from bot.web.documents.clauses import anchored, clauses_of
from bot.web.documents.reader import Relations
from bot.web.documents.standing import banner
from bot.web.documents.texts import load_texts
from knowledge.passages import passages
from knowledge.types import Lang, Standing
from tests.web.library import FERRY, NOON

WEB = Path(bot.web.__file__).parent
TEMPLATES = sorted((WEB / "templates" / "documents").iterdir())


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "address"),
    [
        ("10.0.0.1", [], 0, "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4"], 0, "10.0.0.1"),
        ("10.0.0.1", ["1.2.3.4"], 1, "1.2.3.4"),
        ("10.0.0.1", ["9.9.9.9, 1.2.3.4"], 1, "1.2.3.4"),
        ("10.0.0.1", ["9.9.9.9, 1.2.3.4", "5.6.7.8"], 2, "1.2.3.4"),
        ("10.0.0.1", ["1.2.3.4"], 2, "10.0.0.1"),
        ("10.0.0.1", ["nonsense"], 1, "10.0.0.1"),
        ("10.0.0.1", [""], 1, "10.0.0.1"),
        ("2001:db8:1:2:3:4:5:6", [], 0, "2001:db8:1:2::/64"),
        ("::ffff:1.2.3.4", [], 0, "1.2.3.4"),
        ("", [], 0, "unknown"),
    ],
)
def test_the_address_that_is_counted(
    remote: str, forwarded: list[str], proxies: int, address: str
) -> None:
    assert address_of(remote, forwarded, proxies=proxies) == address


def test_a_clause_that_an_annex_counts_anew_has_an_anchor_of_its_own() -> None:
    text = "第一条 甲的规定如下。\n\n第二条 乙。\n\n附件1 表格\n\n第一条 丙的规定如下。\n"
    document = replace(FERRY, text=text, headings=())
    anchors = [anchor for anchor, _, _ in anchored(document, passages(document))]
    assert anchors[:2] == ["c-第一条", "c-第二条"]
    assert len(set(anchors)) == len(anchors)
    assert "c-附件1-第一条" in anchors


def test_the_blocks_of_a_document_are_its_text() -> None:
    words = "第二章 附则\n\n第三条 本办法自2025年3月1日起施行。"
    clauses = clauses_of(FERRY, passages(FERRY), quoted=fingerprint(words))
    shown = "".join(
        part.text
        for one in clauses
        for block in one.blocks
        for part in getattr(block, "parts", ())
    )
    assert shown == "".join(FERRY.text.split("\n"))
    assert [one.anchor for one in clauses if one.quoted] == ["c-第三条"]


def test_a_quotation_is_named_by_its_words() -> None:
    assert quoted_path("a/b", "\n甲乙 ") == quoted_path("a/b", "甲乙")
    assert re.fullmatch(r"/documents/a%2Fb\?quote=[0-9a-f]{12}#quote", quoted_path("a/b", "甲"))
    assert fingerprint("甲") != fingerprint("乙")


def test_texts_are_complete_and_used() -> None:
    texts = load_texts()
    keys = texts[Lang.ZH_HANS].keys()
    for lang, words in texts.items():
        assert words.keys() == keys, lang
        for key, text in words.items():
            assert text
            holes = sorted(re.findall(r"{\w+}", text))
            assert holes == sorted(re.findall(r"{\w+}", texts[Lang.ZH_HANS][key])), (lang, key)
    source = "".join(path.read_text("utf-8") for path in TEMPLATES)
    used = set(re.findall(r"\bd\.(\w+)", source)) | set(re.findall(r'"(\w+)"', source))
    used |= {f"is_{standing}" for standing in Standing}
    used |= {"title", "number", "issuer", "published", "effective", "expires", "status"}
    used |= {"added", "removed", "changed", "renumbered", "too_long", "no_words"}
    assert keys - used == set()
    assert json.loads((WEB / "documents" / "texts.json").read_text("utf-8")).keys() == set(Lang)


def test_no_template_marks_anything_as_safe() -> None:
    for path in TEMPLATES:
        source = path.read_text("utf-8")
        assert not re.findall(r"\|\s*safe|autoescape|Markup|<script| style=", source), path


def test_what_binds_and_is_not_amended_has_a_calm_banner() -> None:
    told = banner(FERRY, Relations(), on=NOON.date())
    assert (told.standing, told.tone, told.by) == (Standing.IN_FORCE, "good", ())
