"""All commands, one row each: the order is that of the menu and of /help."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot import simple
from bot.commands import disclosure, handlers, own, pages
from bot.commands.command import Command, Counter
from bot.intents import Intent
from bot.texts import say
from bot.turn import Plan, Turn
from bot.types import Outcome, Result
from knowledge.types import Lang

COMMANDS: Final = (
    Command(intent=Intent.ASK, help="Ask about a policy", handler=handlers.ask),
    Command(intent=Intent.HUMAN, help="Ask a person"),
    Command(
        intent=Intent.STATUS,
        help="Your questions with our staff",
        handler=own.status,
        private=True,
    ),
    Command(intent=Intent.CANCEL, help="Never mind what I asked you", handler=disclosure.cancel),
    Command(
        intent=Intent.DISCLOSURE,
        help="Request unpublished information",
        handler=disclosure.begin,
        private=True,
    ),
    Command(
        intent=Intent.SUBSCRIBE, help="Be told when a rule changes", handler=handlers.subscribe
    ),
    Command(intent=Intent.UNSUBSCRIBE, help="What you are told of", handler=handlers.unsubscribe),
    Command(intent=Intent.LANGUAGE, help="Language / 语言", handler=handlers.language),
    Command(intent=Intent.SIMPLE, help="Short replies", handler=simple.toggle),
    Command(intent=Intent.PRIVACY, help="What is stored about you", handler=handlers.privacy),
    Command(
        intent=Intent.MYDATA,
        help="A copy of your data",
        handler=handlers.mydata,
        private=True,
    ),
    Command(
        intent=Intent.FORGET,
        help="Erase your data",
        handler=handlers.forget,
        private=True,
    ),
    Command(intent=Intent.HELP, help="All commands", handler=handlers.help_),
    Command(intent=Intent.START, help="From the beginning", handler=handlers.start),
)
# What people say, and no menu offers: it is a button of /status.
_SAID: Final = (Command(intent=Intent.PRESS, help="", handler=own.asked, private=True),)
_BY_INTENT: Final = {command.intent: command for command in (*COMMANDS, *_SAID)}


def menu(language: Lang) -> tuple[tuple[str, str], ...]:
    """Names with a line of help, for a platform that shows them."""
    return tuple((command.name, say(language, command.help)) for command in COMMANDS)


def menus(default: Lang) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """
    The menu by the two letters of ISO 639-1, which is all that Telegram takes: Chinese is in the
    script of the default language. "" is for whoever speaks none of ours.
    """
    chinese = default if default is Lang.ZH_HANT else Lang.ZH_HANS
    spoken = {"zh": chinese, "en": Lang.EN, "ko": Lang.KO, "ja": Lang.JA}
    return {"": menu(default), **{code: menu(language) for code, language in spoken.items()}}


async def commanded(counter: Counter, turn: Turn, intent: Intent) -> Plan:
    """What the command for this intent does. Raise KeyError where the table has no handler."""
    if intent is Intent.UNKNOWN:
        return await handlers.unknown(counter, turn)
    command = _BY_INTENT[intent]
    if command.handler is None:
        raise KeyError(intent)
    if command.private and turn.in_group:
        done = Outcome(result=Result.SMALL_TALK, language=turn.language)
        return Plan(done, pages.alone(turn.language))
    return await command.handler(counter, turn)
