"""What is said to a message that is no policy question, and beside an answer. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.actions import Action, Verb
from bot.desk.tickets import TicketKind
from bot.intents import Intent
from bot.privacy import Personal
from bot.render import Bureau, Page, thanks, welcome
from bot.texts import say
from bot.types import Button, RichText, Span, Style
from knowledge.types import Lang

VERBS: Final = {TicketKind.COMPLAINT: Verb.COMPLAIN, TicketKind.SUGGESTION: Verb.SUGGEST}
HAND_OVER: Final = 1  # places of the buttons under what may be handed over
LOOK_UP: Final = 2
_WHAT: Final = {
    TicketKind.COMPLAINT: (
        "Please type your complaint in one message; I will hand over exactly that to our staff."
    ),
    TicketKind.SUGGESTION: (
        "Please type your suggestion in one message; I will hand over exactly that to our staff."
    ),
}
_SHALL_I: Final = {
    TicketKind.COMPLAINT: (
        "Shall I hand these words over to our staff as a complaint? Without your yes I do not."
    ),
    TicketKind.SUGGESTION: (
        "Shall I hand these words over to our staff as a suggestion? Without your yes I do not."
    ),
}
PERSONAL: Final = {
    Personal.IDENTITY: "identity number",
    Personal.PASSPORT: "travel document number",
    Personal.CARD: "card number",
    Personal.PHONE: "telephone number",
    Personal.MAIL: "e-mail address",
    Personal.ADDRESS: "postal address",
    Personal.PLATE: "number plate",
}


def small_talk(
    intent: Intent, language: Lang, bureau: Bureau, *, about: int | None
) -> Page | None:
    """A line for what asks nothing; `about` is the ledger id of the question before."""
    match intent:
        case Intent.GREETING | Intent.WHO:
            return welcome(language, bureau)
        case Intent.THANKS:
            return thanks(language)
        case Intent.CHAT:
            return chat(language)
        case Intent.FAREWELL:
            return farewell(language)
        case Intent.SCOLDING:
            return scolded(language, about)
        case _:
            return None


def chat(language: Lang) -> Page:
    text = "I only know my way about policies. Ask me about one whenever you like."
    return Page((Span(say(language, text)),))


def farewell(language: Lang) -> Page:
    return Page((Span(say(language, "Goodbye, and all the best to you.")),))


def scolded(language: Lang, about: int | None) -> Page:
    """`about` is the ledger id of the question before, if there was one."""
    text = say(
        language,
        "I am sorry that I was no help. Please say it in other words, or press for a person.",
    )
    return Page((Span(text),), ((_person(language, about),),))


def out_of_scope(language: Lang, bureau: Bureau, message_id: int) -> Page:
    text = say(
        language,
        "I only answer questions about the policies of {name}, and this seems to be none. For "
        "other services of the city call {hotline}.",
        name=bureau.name,
        hotline=bureau.hotline,
    )
    return Page((Span(text),), ((_person(language, message_id),),))


def _person(language: Lang, about: int | None) -> Button:
    return Button(say(language, "Ask a person"), str(Action(Verb.HUMAN, about)))


def file_what(kind: TicketKind, language: Lang) -> Page:
    return Page((Span(say(language, _WHAT[kind])),))


def shall_i_file(kind: TicketKind, text: str, language: Lang, message_id: int) -> Page:
    """Show what would be handed over; `message_id` is the ledger id of the message."""
    verb = VERBS[kind]
    yes = Button(say(language, "Yes, hand over"), str(Action(verb, message_id, HAND_OVER)))
    no = Button(say(language, "Search policies"), str(Action(verb, message_id, LOOK_UP)))
    head = Span(say(language, _SHALL_I[kind]) + "\n")
    return Page((head, Span(text, Style.QUOTE)), ((yes, no),))


def alarm(language: Lang, bureau: Bureau) -> RichText:
    """Before everything else that is said."""
    text = say(language, "In an emergency call {numbers} now.", numbers=bureau.emergency)
    return (Span(text + "\n\n", Style.BOLD),)


def fraud(language: Lang, bureau: Bureau) -> RichText:
    head = say(language, "Careful, this may be a fraud.")
    text = say(
        language,
        "We never ask in a chat or on the telephone for transfers, codes or passwords. Do not "
        "pay and tell no code; call {fraud} (police, fraud) or {hotline}.",
        fraud=bureau.fraud_line,
        hotline=bureau.hotline,
    )
    return (Span(head, Style.BOLD), Span("\n" + text))


def warned(language: Lang, bureau: Bureau, message_id: int) -> Page:
    """The warning alone, where there is no policy question to answer beside it."""
    return Page(fraud(language, bureau), ((_person(language, message_id),),))


def masked(language: Lang, kinds: Iterable[Personal]) -> RichText:
    """After everything else: what was taken out of the message before it was stored."""
    comma = ", " if language in {Lang.EN, Lang.KO} else "、"
    text = say(
        language,
        "To protect you I took this out of your message before storing it: {kinds}.",
        kinds=comma.join(say(language, PERSONAL[kind]) for kind in kinds),
    )
    return (Span("\n\n" + text, Style.ITALIC),)


def too_fast(language: Lang, *, wait_s: int) -> Page:
    text = say(
        language,
        "You write faster than I can answer, so I have not read your last message. Please send "
        "it again in {seconds} seconds.",
        seconds=wait_s,
    )
    return Page((Span(text),))


def too_many(language: Lang, bureau: Bureau, *, count: int) -> Page:
    text = say(
        language,
        "I have handed over {count} of your questions to our staff within an hour, and so not "
        "this one. Please wait for their replies, or call {hotline}.",
        count=count,
        hotline=bureau.hotline,
    )
    return Page((Span(text),))


def in_turn(language: Lang, *, before: int) -> Page:
    text = say(
        language,
        "Many people are asking now: {count} before you. I answer in turn; please wait.",
        count=before,
    )
    return Page((Span(text),))
