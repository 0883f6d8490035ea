"""Outcomes as messages: what a citizen reads, and which buttons are under it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.actions import NO_HELP, Action, Verb
from bot.desk.tickets import TicketKind
from bot.texts import say
from bot.types import Attachment, Button, Citation, Outcome, Reason, RichText, Span, Style
from knowledge.types import Kind, Lang, Standing

PARAGRAPHS: Final = re.compile(r"\s*\n\s*")  # a chat needs no blank lines in a quotation
NAMES: Final = {
    Lang.ZH_HANS: "Simplified Chinese",
    Lang.ZH_HANT: "Traditional Chinese",
    Lang.EN: "English",
    Lang.KO: "Korean",
    Lang.JA: "Japanese",
}
STANDINGS: Final = {
    Standing.IN_FORCE: "in force",
    Standing.AMENDED: "in force, as amended",
    Standing.UPCOMING: "not yet in force",
    Standing.EXPIRED: "expired",
    Standing.REPEALED: "repealed",
    Standing.SUPERSEDED: "superseded",
}
KINDS: Final = {
    Kind.POLICY: "Policy",
    Kind.INTERPRETATION: "Official interpretation",
    Kind.ANSWER: "Published answer",
}
BLOCKED: Final = {
    Reason.EMPTY: "I received an empty message. Please type your question.",
    Reason.NO_WORDS: "I can only read words. Please type your question in a sentence.",
    Reason.TOO_LONG: (
        "That is longer than I can read at once. Please ask in at most {limit} characters."
    ),
    Reason.UNSUPPORTED: (
        "I cannot read pictures, voice messages or files. Please type your question in words."
    ),
    Reason.EDITED: "You changed an earlier message. Please send the new question as a message.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bureau:
    """What the texts say of the bureau itself."""

    name: str = "政策问答"
    hotline: str = "12345"
    reply_days: int = 2  # working days until staff reply
    emergency: str = "110 / 119 / 120"
    message_days: int = 185  # until messages are erased; 0: never
    ticket_days: int = 1095  # until questions that staff answered are; 0: never
    fraud_line: str = "96110"


@dataclass(frozen=True, slots=True)
class Page:
    """A message without its address."""

    body: RichText
    buttons: tuple[tuple[Button, ...], ...] = ()
    attachment: Attachment | None = None


def day_line(outcome: Outcome) -> list[Span]:
    """The day that the rules are of, where the question asks for another one than today."""
    if outcome.as_of is None:
        return []
    day = outcome.as_of.isoformat()
    return [Span(say(outcome.language, "Rules in force on {day}:", day=day) + "\n", Style.BOLD)]


def took_its_place(citation: Citation, language: Lang) -> Span:
    title = quoted_title(citation.successor)
    return Span("\n" + say(language, "{title} took its place.", title=title))


def quoted_title(title: str) -> str:
    """《title》; a title that has such marks inside keeps them as 〈〉, as the standard asks."""
    inner = title.replace("《", "〈").replace("》", "〉")
    return f"《{inner}》"


def colon(language: Lang) -> str:
    return ": " if language in {Lang.EN, Lang.KO} else "："


def source_line(citation: Citation, language: Lang) -> str:
    parts = [
        citation.issuer,
        citation.published.isoformat() if citation.published else "",
        say(language, STANDINGS[citation.status]),
    ]
    if not _same_language(citation.language, language):
        name = say(language, NAMES[citation.language])
        parts.append(say(language, "quoted in {name}", name=name))
    return " · ".join(part for part in parts if part)


def _same_language(one: Lang, other: Lang) -> bool:
    chinese = {Lang.ZH_HANS, Lang.ZH_HANT}
    return one is other or {one, other} <= chinese


def not_answered(outcome: Outcome) -> Page:
    """Why there is no answer."""
    language = outcome.language
    spans = [*day_line(outcome), Span(say(language, _WHY[outcome.reason or Reason.UNSURE]))]
    for citation in outcome.citations if outcome.reason is Reason.OUTDATED else ():
        old = say(
            language,
            "{title} is no longer in force ({status}), so I do not answer from it.",
            title=quoted_title(citation.title),
            status=say(language, STANDINGS[citation.status]),
        )
        spans.append(Span(f"\n{old}"))
        if citation.successor:
            spans.append(took_its_place(citation, language))
    return Page(tuple(spans))


HANDED_OVER: Final = {
    TicketKind.CONSULTATION: "Your question is with our staff: No. {id}.",
    TicketKind.COMPLAINT: "Your complaint is with our staff: No. {id}.",
    TicketKind.SUGGESTION: "Your suggestion is with our staff: No. {id}.",
}


def handed_over(
    outcome: Outcome,
    *,
    ticket_id: int,
    bureau: Bureau,
    kind: TicketKind = TicketKind.CONSULTATION,
) -> Page:
    """Why there is no answer, the ticket's number, and what happens next."""
    language = outcome.language
    number = say(language, HANDED_OVER[kind], id=ticket_id)
    following = say(
        language,
        "They reply here, in this chat, usually within {days} working days. You can also "
        "call {hotline}, and you can go on asking meanwhile.",
        days=bureau.reply_days,
        hotline=bureau.hotline,
    )
    why = not_answered(outcome).body
    return Page((*why, Span("\n\n"), Span(number, Style.BOLD), Span("\n" + following)))


_WHY: Final = {
    Reason.NOTHING_FOUND: "I found nothing about this in the published policies.",
    Reason.UNSURE: (
        "I did not find a passage that surely answers this, and I do not guess about policy."
    ),
    Reason.NONE_FITTED: "It seems that I did not find what you meant.",
    Reason.OUTDATED: "I found this only in a document that is no longer in force.",
    Reason.NO_SUCH_CLAUSE: (
        "The document that you name is here, but I find no such clause in it. Please check the "
        "number."
    ),
    Reason.CONFLICT: (
        "Two documents in force say different things about this. I do not choose between them: a "
        "person will say which applies."
    ),
    Reason.NOT_READY: "I cannot search the policies at this moment.",
    Reason.ASKED_FOR_PERSON: "Of course.",
    Reason.LOW_RATING: "I am sorry that the answer was no help.",
    Reason.FAILED: "Something went wrong on our side while I looked this up.",
}


def blocked(outcome: Outcome, *, limit: int) -> Page:
    assert outcome.reason is not None
    return Page((Span(say(outcome.language, BLOCKED[outcome.reason]).format(limit=limit)),))


def needs_question(language: Lang) -> Page:
    """A person is wanted, but nobody said for what."""
    return Page(
        (
            Span(
                say(
                    language,
                    "I will pass you on to a person. Please type your question in one message; "
                    "I will hand over exactly that.",
                )
            ),
        )
    )


def welcome(language: Lang, bureau: Bureau) -> Page:
    """Who we are and how to use us."""
    hello = say(language, "Hello, this is the policy service of {name}.", name=bureau.name)
    body = say(
        language,
        "Ask about a policy in your own words. I answer with the words of the published "
        "documents and their source. What I cannot answer goes to our staff, who reply here. "
        "For a person at any time, press the button or send “人工”.",
    )
    ask = Button(say(language, "Ask a person"), str(Action(Verb.HUMAN)))
    return Page((Span(hello, Style.BOLD), Span("\n" + body)), ((ask,),))


def thanks(language: Lang) -> Page:
    return Page((Span(say(language, "You are welcome. Ask again whenever you like.")),))


def sorry(language: Lang, *, message_id: int | None) -> Page:
    """The answer was no help; `message_id` is the ledger id of the question."""
    text = "I am sorry. Shall a person answer this question?"
    place = None if message_id is None else NO_HELP
    ask = Button(say(language, "Ask a person"), str(Action(Verb.HUMAN, message_id, place)))
    return Page((Span(say(language, text)),), ((ask,),))


def noted(language: Lang) -> Page:
    return Page((Span(say(language, "Thank you, that helps us to get better.")),))


def emergency(language: Lang, bureau: Bureau) -> Page:
    return Page(
        (
            Span(
                say(language, "In an emergency call {numbers} now.", numbers=bureau.emergency),
                Style.BOLD,
            ),
            Span("\n" + say(language, "This service answers policy questions and cannot help.")),
        )
    )


def staff_reply(language: Lang, *, ticket_id: int, reply: RichText) -> Page:
    head = say(language, "Reply of our staff to your question No. {id}:", id=ticket_id)
    foot = say(language, "If this does not settle it, press the button or reply to this message.")
    more = Button(say(language, "Ask further"), str(Action(Verb.MORE, ticket_id)))
    return Page((Span(head, Style.BOLD), Span("\n"), *reply, Span("\n" + foot)), ((more,),))


def staff_question(language: Lang, *, ticket_id: int, question: str) -> Page:
    head = say(language, "Our staff ask about your question No. {id}:", id=ticket_id)
    foot = say(language, "Reply to this message, or press the button and type your answer.")
    more = Button(say(language, "Answer"), str(Action(Verb.MORE, ticket_id)))
    spans = (Span(head, Style.BOLD), Span("\n"), Span(question, Style.QUOTE), Span("\n" + foot))
    return Page(spans, ((more,),))


def ask_further(language: Lang, *, ticket_id: int) -> Page:
    text = say(
        language,
        "Please type what you want to add. Your next message goes to the person who has your "
        "question No. {id}.",
        id=ticket_id,
    )
    return Page((Span(text),))


def passed_on(language: Lang, *, ticket_id: int) -> Page:
    text = say(
        language, "Added to your question No. {id}. Our staff have been told.", id=ticket_id
    )
    return Page((Span(text),))


def ticket_closed(language: Lang, *, ticket_id: int, bureau: Bureau) -> Page:
    text = say(
        language,
        "Your question No. {id} was closed by our staff. If you still need help, ask again "
        "or call {hotline}.",
        id=ticket_id,
        hotline=bureau.hotline,
    )
    return Page((Span(text),))
