"""What a citizen reads when they begin, look at or end a subscription. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.push.archive import Named
from bot.render import Page, quoted_title
from bot.subscriptions import MOST, Follows, Subscription, number_of
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

MOST_TOPICS: Final = 12  # the most frequent ones
LONGEST_LABEL: Final = 40  # characters of a title on a button
_TOPICS_IN_ROW: Final = 2
_STOPS_IN_ROW: Final = 4

Rows = tuple[tuple[Button, ...], ...]


def begun(one: Subscription, language: Lang, *, again: bool = False) -> Page:
    """Somebody follows something from now on, or did already."""
    title = name_of(one)
    if one.follows is Follows.QUESTION:
        text = say(language, "I will write here once I can answer: {question}", question=title)
    elif again:
        text = say(language, "You follow this already: {title}", title=title)
    else:
        text = say(language, "You now follow {title}. I write here when it changes.", title=title)
    undo = Button(say(language, "Unsubscribe"), str(Action(Verb.UNFOLLOW, one.id)))
    more = Button(say(language, "Topics"), str(Action(Verb.TOPIC)))
    return Page((Span(text),), ((undo, more),))


def topics(names: Sequence[str], language: Lang, *, unknown: str = "") -> Page:
    """What there is to follow. `unknown` is a name that nothing bears."""
    spans = []
    if unknown:
        text = say(language, "I know no document or topic of that name: {words}", words=unknown)
        spans.append(Span(text + "\n"))
    how = say(
        language,
        "Send /subscribe with the title, the number or the topic that you want to follow.",
    )
    if not names:
        return Page((*spans, Span(how)))
    spans.append(Span(say(language, "Choose a topic to follow.") + " " + how))
    shown = [(_label(name), number_of(Follows.TOPIC, name)) for name in names[:MOST_TOPICS]]
    buttons = [Button(label, str(Action(Verb.TOPIC, number))) for label, number in shown]
    return Page(tuple(spans), _rows(buttons, _TOPICS_IN_ROW))


def which(documents: Sequence[Named], language: Lang) -> Page:
    """Several documents are called so."""
    lines = [
        Span(f"\n{place}. {quoted_title(one.title)}" + (f" {one.number}" if one.number else ""))
        for place, one in enumerate(documents, start=1)
    ]
    buttons = [
        Button(f"{place}", str(Action(Verb.DOCUMENT, number_of(Follows.DOCUMENT, one.id))))
        for place, one in enumerate(documents, start=1)
    ]
    head = Span(say(language, "Which document do you want to follow?"), Style.BOLD)
    return Page((head, *lines), (tuple(buttons),))


def own(subscriptions: Sequence[Subscription], language: Lang) -> Page:
    if not subscriptions:
        return Page((Span(say(language, "You follow nothing.")),))
    head = Span(say(language, "You follow:"), Style.BOLD)
    lines = [Span(f"\n{n}. {name_of(one)}") for n, one in enumerate(subscriptions, start=1)]
    stops = [
        Button(say(language, "Stop {number}", number=place), str(Action(Verb.UNFOLLOW, one.id)))
        for place, one in enumerate(subscriptions, start=1)
    ]
    every = Button(say(language, "Stop all"), str(Action(Verb.UNFOLLOW_ALL)))
    return Page((head, *lines), (*_rows(stops, _STOPS_IN_ROW), (every,)))


def ended(one: Subscription, language: Lang) -> Page:
    text = say(language, "You no longer follow {title}.", title=name_of(one))
    return Page((Span(text),))


def all_ended(language: Lang) -> Page:
    text = say(language, "You follow nothing any more. I do not write unasked.")
    return Page((Span(text),))


def full(subscriptions: Sequence[Subscription], language: Lang) -> Page:
    text = say(language, "You follow {count} things already. Stop one of them first.", count=MOST)
    page = own(subscriptions, language)
    return Page((Span(text + "\n\n"), *page.body), page.buttons)


def nothing_there(language: Lang) -> Page:
    """An old or a forged button: what it names is not in this release."""
    return Page((Span(say(language, "That is no longer among the documents that I know.")),))


def name_of(one: Subscription) -> str:
    return quoted_title(one.title) if one.follows is Follows.DOCUMENT else one.title


def _label(name: str) -> str:
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1] + "…"


def _rows(buttons: Sequence[Button], size: int) -> Rows:
    return tuple(tuple(buttons[start : start + size]) for start in range(0, len(buttons), size))
