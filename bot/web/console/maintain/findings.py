"""
What readers and catalogue say of a document, in the words of whoever reads the report. Pure.

`knowledge` has no texts in five languages and speaks English, for its own command line. Here are
its sentences, with places for what differs. One that is not among them stays as it is.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from bot.texts import say
from knowledge.types import Lang

PROBLEMS: Final = (
    "the declared {about} is not the one in the text",
    "the declared number is no document number",
    "published {days} days after it was signed",
    "its title reads like an explanation, and its kind is policy",
    "the file is named after another document number",
    "expired on {day}, and its status says {status}",
    "takes effect on {day}",
    "it refers to {cited}, and {target} has no {clause}",
    "{by} repeals it, and its status says {status}",
    "{by} repeals it from {day}, and its status says {status}",
    "{by} amends it, and its status says {status}",
    "no policy in the library is the one that it explains",
    "it does not say what it explains; found: {names}",
    "it may explain {policy} ({share})",
    "nothing in it speaks for {policy}, and much for {names}",
    "nothing interprets it",
    "its interpretation came {days} days later",
    "it was amended, and {stale} is still the text from before",
    "it is out of force, and {stale} does not say so",
    "it has expired, and {stale} does not say so",
    "it binds beside its newer version {newest}",
    "it has no disclosure attribute, so it is withheld",
    "its disclosure attribute is {disclosure}",
    "fields not read: {names}",
    "there is no text",
    "its encoding is not known",
    "it holds NUL bytes, so it is not text",
    "it is no PDF file",
    "it is protected by a password",
    "it is damaged: {why}",
    "it is damaged or cut off ({why})",
    "none of its pages has a text layer",
    "the page holds no running text, only menus or pictures",
)
MENDS: Final = (
    "see whether something of it is missing",
    "correct `{about}` in the source, or the text",
    "write it like {example}",
    "correct `published`: nothing is published before it is signed",
    "see whether the page is a later copy; declare the first publication",
    "correct `disclosure`; what is not open must not be shown",
    "declare `kind: interpretation` or `kind: answer` if it sets no rules",
    "see whether two files were mixed up; rename it, or declare the number",
    "nothing is answered from it; replace it, or correct `expires` if it goes on",
    "nothing to do: it is answered from that day on",
    "correct the reference, or see whether a clause of that document was lost",
    "declare `{does}: [{id}]` if that is meant",
    "set `status: superseded` and `superseded_by: {by}`; until then the build ends it on that day",
    "put in the amended text and set `status: amended`",
    "add the policy, or declare `interprets`",
    "declare `interprets: [{names}]`; the build uses it already",
    "declare `interprets: [{policy}]` if it does",
    "correct `interprets`",
    "publish an interpretation ({name}) and declare it",
    "nothing now; next time together",
    "revise the interpretation, or set its status to superseded",
    "set the interpretation's status; until then the build ends it with its policy",
    "set the interpretation's `expires`; until then the build ends it with its policy",
    "set `status: superseded` and `superseded_by: {newest}`, if the newer one took its place",
    (
        "set it at the source: if it is public, say `disclosure: open` in its front matter or "
        "build with --disclosure open"
    ),
    "if it is public, say `disclosure: open` in its front matter or build with --disclosure open",
    "mend the file and build again",
)
_PLACE: Final = re.compile(r"\\\{(\w+)\\\}")


def in_words(text: str, language: Lang) -> str:
    """One sentence of the report; English where nobody has put it into words."""
    for sentence, pattern in _patterns():
        if found := pattern.fullmatch(text):
            return say(language, sentence, **found.groupdict())
    return text


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Those with the fewest places first: they leave the least to chance."""
    known = sorted((*PROBLEMS, *MENDS), key=lambda one: one.count("{"))
    return tuple((one, re.compile(_PLACE.sub(r"(?P<\1>.+)", re.escape(one)))) for one in known)
