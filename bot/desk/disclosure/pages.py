"""What a citizen reads about their request for information. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.actions import Action, Verb
from bot.desk.disclosure.entry import Applicant, Form, Medium, Request, Way
from bot.desk.disclosure.form import (
    ANSWERS,
    KEPT,
    LONGEST_CONTACT,
    LONGEST_NAME,
    Step,
    choices,
    hinted_contact,
    hinted_name,
    next_step,
)
from bot.desk.disclosure.results import RULES, Result
from bot.render import Bureau, Page, colon
from bot.texts import say
from bot.types import Attachment, Button, Span, Style
from knowledge.types import Lang

CHOICES: Final = {
    Applicant.PERSON: "A person",
    Applicant.ENTERPRISE: "A company",
    Applicant.RESEARCH: "A research institute",
    Applicant.WELFARE: "A charity",
    Applicant.LEGAL: "A law firm",
    Applicant.OTHER: "Another organisation",
    Medium.ELECTRONIC: "Electronic",
    Medium.PAPER: "On paper",
    Way.CHAT: "Here in this chat",
    Way.MAIL: "By e-mail",
    Way.POST: "By post",
    Way.COUNTER: "I fetch it",
}
FIELDS: Final = {
    Step.APPLICANT: "Who asks",
    Step.NAME: "Name",
    Step.WANTED: "What is wanted",
    Step.MEDIUM: "Form",
    Step.WAY: "How to reply",
    Step.CONTACT: "Contact",
}
QUESTIONS: Final = {
    Step.APPLICANT: "Who asks for the information? Press a button.",
    Step.NAME: (
        "Please type the name of whoever asks: as on the identity card, or of the organisation. "
        "It goes into the request and nowhere else."
    ),
    Step.WANTED: (
        "Which information is wanted? Please type its title or number, or describe it so that it "
        "can be found: what it is about, which office, which year."
    ),
    Step.MEDIUM: "In which form is it wanted?",
    Step.WAY: "How shall the reply reach you?",
    Step.CONTACT: (
        "Please type how our staff can reach you, in one message: telephone, e-mail or postal "
        "address, whichever the reply needs. It goes into the request and nowhere else, and only "
        "whoever handles it sees it."
    ),
}
AGAIN: Final = {
    Step.APPLICANT: "Please press one of the buttons, or type its number.",
    Step.MEDIUM: "Please press one of the buttons, or type its number.",
    Step.WAY: "Please press one of the buttons, or type its number.",
    Step.NAME: "I could not take that as a name. Please type it again, in {limit} characters.",
    Step.CONTACT: (
        "I could not take that as a contact: at most {limit} characters, and an e-mail address if "
        "the reply comes by e-mail. Please type it again."
    ),
    Step.WANTED: "Please type it in words.",
}
LIMITS: Final = {Step.NAME: LONGEST_NAME, Step.CONTACT: LONGEST_CONTACT}


def begun(form: Form, language: Lang, bureau: Bureau, *, shown: int) -> Page:
    """What this is, and the first question, or the next one of a form that was begun before."""
    head = say(language, "Request to {name} for unpublished information", name=bureau.name)
    how = say(
        language,
        "Six questions; you see everything before it is filed. /cancel ends it and erases what "
        "you entered, and so do {days} days without an answer. Type no numbers of identity cards: "
        "staff tell you if they need to see one.",
        days=KEPT.days,
    )
    page = asked(form, language, shown=shown)
    return Page((Span(head, Style.BOLD), Span(f"\n{how}\n\n"), *page.body), page.buttons)


def asked(form: Form, language: Lang, *, shown: int, again: bool = False) -> Page:
    """The next question, or the summary; `shown` is the ledger id of the message before it."""
    step = next_step(form)
    if step is Step.CONFIRM:
        return summary(form, language, shown=shown)
    words = say(language, (AGAIN if again else QUESTIONS)[step], limit=LIMITS.get(step, 0))
    labels = [label(one, language) for one in choices(form, step)]
    buttons = [
        Button(name, str(Action(Verb.DISCLOSE, place, step)))
        for place, name in enumerate(labels, start=1)
    ]
    place = ANSWERS.index(step) + 1
    return Page((Span(f"{place}/{len(ANSWERS)} ", Style.BOLD), Span(words)), _rows(buttons))


def summary(form: Form, language: Lang, *, shown: int) -> Page:
    """Everything that will be filed; a person's name and the contact only as hints."""
    assert form.applicant is not None
    assert form.medium is not None
    assert form.way is not None
    lines = (
        _line(Step.APPLICANT, label(form.applicant, language), language),
        _line(Step.NAME, hinted_name(form), language),
        _line(Step.MEDIUM, label(form.medium, language), language),
        _line(Step.WAY, label(form.way, language), language),
        _line(Step.CONTACT, hinted_contact(form), language),
    )
    head = say(language, "Please check your request. It is filed as it stands here.")
    hint = say(
        language, "Name and contact are filed as you typed them; here they are only hinted at."
    )
    spans = (
        Span(head, Style.BOLD),
        Span(f"\n{_field(Step.WANTED, language)}\n"),
        Span(form.wanted, Style.QUOTE),
        *(Span(f"\n{line}") for line in lines),
        Span(f"\n{hint}", Style.ITALIC),
    )
    file = Button(say(language, "File it"), str(Action(Verb.DISCLOSE, shown, Step.CONFIRM)))
    change = Button(say(language, "Correct"), str(Action(Verb.DISCLOSE, 0, Step.CHANGE)))
    cancel = Button(say(language, "Cancel"), str(Action(Verb.DISCLOSE, 0, Step.CANCEL)))
    return Page(spans, ((file,), (change, cancel)))


def which(language: Lang) -> Page:
    """Which answer is to be corrected."""
    keys = [
        Button(say(language, FIELDS[step]), str(Action(Verb.DISCLOSE, step, Step.CHANGE)))
        for step in ANSWERS
    ]
    return Page((Span(say(language, "Which answer shall be corrected?")),), _rows(keys))


def cancelled(language: Lang) -> Page:
    text = "The request was not filed, and what you entered is erased."
    return Page((Span(say(language, text)),))


def outdated(language: Lang) -> Page:
    """A button of a form that was filed, cancelled, or changed meanwhile."""
    text = say(language, "That button is out of date. /disclosure shows where your form stands.")
    return Page((Span(text),))


def receipt(request: Request, language: Lang, *, received: date, due: date, days: int) -> Page:
    """`days` are the working days until the reply."""
    head = say(language, "Your request is registered: No. {number}.", number=request.registration)
    dates = say(
        language,
        "Received on {day}. The reply is due by {due} ({days} working days).",
        day=received.isoformat(),
        due=due.isoformat(),
        days=days,
    )
    following = say(
        language,
        "What happens next: if something must be made clearer we ask within 7 working days, once, "
        "and the time then counts from your answer. The time in which others are heard does not "
        "count. The time may be extended once; you are told. /status shows where it stands; the "
        "decision comes as a letter.",
    )
    return Page((Span(head, Style.BOLD), Span(f"\n{dates}\n{following}")))


def correction_asked(language: Lang, request: Request, items: str, until: date) -> Page:
    """`until` is the last day for it."""
    head = say(
        language,
        "Your request No. {number} must be made clearer before it can be handled:",
        number=request.registration,
    )
    foot = say(
        language,
        "Please answer by {day}, in one message: reply to this one, or press the button. The time "
        "for our reply then begins anew. Without an answer the request ends.",
        day=until.isoformat(),
    )
    more = Button(say(language, "Answer"), str(Action(Verb.MORE, request.ticket_id)))
    spans = (Span(head, Style.BOLD), Span("\n"), Span(items, Style.QUOTE), Span(f"\n{foot}"))
    return Page(spans, ((more,),))


def corrected(language: Lang, request: Request, due: date) -> Page:
    text = say(
        language,
        "Your correction of request No. {number} is received. The reply is now due by {due}.",
        number=request.registration,
        due=due.isoformat(),
    )
    return Page((Span(text),))


def heard(language: Lang, request: Request, *, due: date | None) -> Page:
    """Others are heard, whom the information concerns; `due`: that is over."""
    if due is None:
        text = say(
            language,
            "The information of your request No. {number} concerns others, who are being heard. "
            "The time for our reply stands until then.",
            number=request.registration,
        )
    else:
        text = say(
            language,
            "Others were heard about your request No. {number}. The reply is now due by {due}.",
            number=request.registration,
            due=due.isoformat(),
        )
    return Page((Span(text),))


def answered(
    language: Lang, request: Request, result: Result, text: str, file: Attachment
) -> Page:
    """The letter: its result in the citizen's language, its words, and the letter as a file."""
    head = say(
        language,
        "Decision on your request No. {number}: {result}",
        number=request.registration,
        result=say(language, RULES[result].label),
    )
    return Page((Span(head, Style.BOLD), Span("\n"), Span(text, Style.QUOTE)), attachment=file)


def label(value: Applicant | Medium | Way, language: Lang) -> str:
    return say(language, CHOICES[value])


def _field(step: Step, language: Lang) -> str:
    return f"{say(language, FIELDS[step])}{colon(language)}".rstrip()


def _line(step: Step, value: str, language: Lang) -> str:
    return f"{say(language, FIELDS[step])}{colon(language)}{value}"


def _rows(buttons: Sequence[Button]) -> tuple[tuple[Button, ...], ...]:
    """Two in a row."""
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))
