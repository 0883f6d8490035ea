"""What the commands answer. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.actions import Action, Verb
from bot.commands.command import Command
from bot.library import Subject
from bot.links import is_web_page
from bot.people import Receipt
from bot.render import NAMES, STANDINGS, Bureau, Page, quoted_title
from bot.texts import say
from bot.types import Attachment, Button, Span, Style
from knowledge.types import Document, Lang

LANGUAGES: Final = tuple(Lang)  # a button carries a place in it: append only
OWN_NAMES: Final = {  # nobody looks for their language under another one's name for it
    Lang.ZH_HANS: "简体中文",
    Lang.ZH_HANT: "繁體中文",
    Lang.EN: "English",
    Lang.KO: "한국어",
    Lang.JA: "日本語",
}


def listed(language: Lang, commands: Sequence[Command], *, unknown: bool = False) -> Page:
    """All commands, a line each; `unknown`: after one that we do not have."""
    head = say(language, "Just type your question. You can also send:")
    lines = [f"\n/{command.name}  {say(language, command.help)}" for command in commands]
    spans = [Span(head, Style.BOLD), *map(Span, lines)]
    if unknown:
        spans.insert(0, Span(say(language, "I do not know this command.") + "\n"))
    return Page(tuple(spans), ((_ask_a_person(language),),))


def ask_now(language: Lang) -> Page:
    return _plain(say(language, "Please type your question in one message."))


def alone(language: Lang) -> Page:
    return _plain(
        say(
            language,
            "That concerns you alone. Please open a chat with me and send it there, not in a "
            "group.",
        )
    )


def cancelled(language: Lang, *, something: bool) -> Page:
    if something:
        return _plain(say(language, "All right, never mind that. Ask again whenever you like."))
    return _plain(say(language, "There is nothing to cancel. Ask whenever you like."))


def languages(language: Lang) -> Page:
    text = say(
        language,
        "In which language shall I reply? Policies are quoted in their own language all the same.",
    )
    keys = [
        Button(OWN_NAMES[one], str(Action(Verb.LANGUAGE, place)))
        for place, one in enumerate(LANGUAGES)
    ]
    return Page((Span(text),), (tuple(keys[:2]), tuple(keys[2:])))


def language_set(language: Lang) -> Page:
    name = say(language, NAMES[language])
    return _plain(say(language, "From now on I reply in {name}.", name=name))


def your_data(language: Lang, attachment: Attachment) -> Page:
    text = say(language, "Here is everything that is stored about you and this chat.")
    return Page((Span(text),), attachment=attachment)


def confirm_forget(language: Lang) -> Page:
    text = say(
        language,
        "Shall I erase your messages, my replies, your settings and what you follow? This cannot "
        "be undone. Questions that are with our staff stay.",
    )
    yes = Button(say(language, "Yes, erase"), str(Action(Verb.FORGET)))
    no = Button(say(language, "No, keep"), str(Action(Verb.KEEP)))
    return Page((Span(text),), ((yes, no),))


def kept(language: Lang) -> Page:
    return _plain(say(language, "Nothing was erased."))


def receipt(language: Lang, done: Receipt) -> Page:
    """What was erased, what was not, and why."""
    erased = say(
        language,
        "Erased: {messages} messages of yours, {deliveries} of mine, and your settings.",
        messages=done.messages,
        deliveries=done.deliveries,
    )
    stays = [
        say(language, "that you asked for this, as proof that it was done"),
        *_waiting(language, done),
        *_handled(language, done),
    ]
    head = say(language, "What stays, and why:")
    return Page(
        (Span(erased, Style.BOLD), Span(f"\n{head}"), *(Span(f"\n· {one}") for one in stays))
    )


def _waiting(language: Lang, done: Receipt) -> list[str]:
    if not done.waiting:
        return []
    text = "No. {ids}: our staff still owe you a reply, and need the question and this chat for it"
    return [say(language, text, ids=_numbers(done.waiting))]


def _handled(language: Lang, done: Receipt) -> list[str]:
    if not done.kept:
        return []
    text = "No. {ids}: the office must keep what it answered; your chat was taken out of it"
    return [say(language, text, ids=_numbers(done.kept))]


def _numbers(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))


def privacy(language: Lang, bureau: Bureau) -> Page:
    """What is stored, who reads it, how long, and what one can do."""
    head = say(language, "What is stored about you")
    lines = (
        say(
            language,
            "Stored: your messages, my replies, your settings, what you follow, and where to "
            "reply. No name and no phone number.",
        ),
        say(
            language,
            "Numbers of identity cards, bank cards and phones, e-mail addresses and addresses "
            "with a door number are masked before anything is stored.",
        ),
        say(
            language,
            "For a request for information (/disclosure): the name and contact that you enter, in "
            "that request alone; whoever handles it sees them.",
        ),
        say(language, "Our staff read only the questions that are passed on to them."),
        say(
            language,
            "It is kept for this service alone. /mydata gives you a copy, /forget erases it.",
        ),
        *_periods(language, bureau),
    )
    return Page((Span(head, Style.BOLD), *(Span(f"\n· {line}") for line in lines)))


def _periods(language: Lang, bureau: Bureau) -> list[str]:
    if not bureau.message_days or not bureau.ticket_days:
        return []
    text = (
        "Erased by itself: messages after {days} days, what our staff answered after {more} days."
    )
    return [say(language, text, days=bureau.message_days, more=bureau.ticket_days)]


def document(language: Lang, one: Document, *, on: date) -> Page:
    """A document that a link led to."""
    spans = [
        Span(quoted_title(one.title), Style.BOLD),
        Span(f" {one.number}" if one.number else ""),
        Span(f"\n{_facts(language, one, on)}"),
        Span("\n" + say(language, "What would you like to know about it? Just type it.")),
    ]
    ask = _ask_a_person(language)
    if is_web_page(one.source):
        return Page(
            _filled(spans), ((Button(say(language, "Open the original"), url=one.source), ask),)
        )
    return Page(_filled(spans), ((ask,),))


def topic(language: Lang, one: Subject) -> Page:
    """The documents of a topic that a link led to."""
    spans = [Span(say(language, "Documents about “{topic}”:", topic=one.name), Style.BOLD)]
    for document in one.documents:
        title = quoted_title(document.title)
        linked = is_web_page(document.source)
        spans.append(Span("\n· "))
        spans.append(Span(title, Style.LINK, document.source) if linked else Span(title))
    spans.append(Span("\n" + say(language, "What would you like to know? Just type it.")))
    return Page(tuple(spans), ((_ask_a_person(language),),))


def _facts(language: Lang, one: Document, on: date) -> str:
    published = one.published.isoformat() if one.published else ""
    parts = (one.issuer, published, say(language, STANDINGS[one.standing(on)]))
    return " · ".join(part for part in parts if part)


def _filled(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(span for span in spans if span.text)


def _ask_a_person(language: Lang) -> Button:
    return Button(say(language, "Ask a person"), str(Action(Verb.HUMAN)))


def _plain(text: str) -> Page:
    return Page((Span(text),))
