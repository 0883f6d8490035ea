"""
Short replies, for whoever asked for them: the words that answer, their source, few buttons. Pure
but for the command's handler.

Easier on small screens, for screen readers, and for people who read slowly. Nothing is left out
that the answer depends on: the day that was asked for, and a way to the whole clause.
"""

from __future__ import annotations

from dataclasses import replace

from bot import answer_page
from bot.actions import Action, Verb
from bot.commands.command import Counter
from bot.render import PARAGRAPHS, Page, day_line, quoted_title, source_line
from bot.texts import say
from bot.turn import Plan, Turn
from bot.types import Button, Citation, Outcome, Result, Span, Style
from knowledge.types import Lang


async def toggle(_counter: Counter, turn: Turn) -> Plan:
    """From full replies to short ones, and back."""
    talk = replace(turn.talk, language=turn.language, simple=not turn.talk.simple)
    text = (
        say(
            turn.language,
            "From now on replies are short: the rule and its source. Send /simple again for "
            "full ones.",
        )
        if talk.simple
        else say(turn.language, "From now on replies are full again. Send /simple for short ones.")
    )
    done = Outcome(result=Result.SMALL_TALK, language=turn.language)
    return Plan(done, Page((Span(text),)), settles=talk)


def shortened(turn: Turn, plan: Plan) -> Plan:
    """The plan with a short answer, if it is an answer and the conversation is set to short."""
    if not turn.talk.simple or plan.outcome.result is not Result.ANSWERED:
        return plan
    asked = plan.about or turn.accepted.id
    return replace(plan, page=answer(plan.outcome, asked=asked, answered=turn.accepted.id))


def answer(outcome: Outcome, *, asked: int, answered: int) -> Page:
    """`asked` and `answered` are ledger ids: of the question, of what the answer is to."""
    language = outcome.language
    spans = [*answer_page.earlier(outcome.topic, language), *day_line(outcome)]
    for citation in outcome.citations:
        direct = "" if answer_page.misleads_alone(citation) else citation.direct
        words = PARAGRAPHS.sub("\n", direct or citation.quote)
        source = _source(citation, language)
        spans += [Span(words, Style.QUOTE), Span(f"\n{source}"), Span("\n\n")]
    clause = Button(say(language, "The whole clause"), str(Action(Verb.CLAUSE, answered)))
    person = Button(say(language, "Ask a person"), str(Action(Verb.HUMAN, asked)))
    return Page(tuple(spans[:-1]), ((clause, person),))


def _source(citation: Citation, language: Lang) -> str:
    where = " ".join((quoted_title(citation.title), citation.number, citation.address))
    return f"{' '.join(where.split())} · {source_line(citation, language)}"
