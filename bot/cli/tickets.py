"""`staff`: tickets in the terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.account import account
from bot.cli.canned import canned
from bot.cli.concerns import concerns
from bot.cli.disclosure import disclosure
from bot.cli.parked import parked
from bot.cli.publishing import publish, published
from bot.cli.report import report
from bot.cli.roster import away, roster
from bot.cli.shown import mistakes_in_words, out
from bot.cli.tasks import tasks

staff = typer.Typer(help="Work off tickets in the terminal.")
staff.add_typer(account, name="account")
staff.add_typer(disclosure, name="disclosure")
staff.command()(roster)
staff.command()(away)
staff.command()(published)
staff.command()(parked)
staff.add_typer(publish, name="publish")
staff.add_typer(canned, name="canned")
staff.command()(report)
staff.add_typer(concerns, name="concerns")
staff.add_typer(tasks, name="tasks")


@staff.callback(invoke_without_command=True)
def work(
    context: typer.Context,
    name: Annotated[
        str, typer.Option("--as", help="Your name, as colleagues see it.")
    ] = os.environ.get("USER", "staff"),
) -> None:
    """Without a command: work off tickets one after the other."""
    context.obj = name
    if context.invoked_subcommand is None:
        _terminal(name, ["work"])


@staff.command("list")
def staff_list(context: typer.Context) -> None:
    """Tickets that wait or are being handled, oldest first."""
    _terminal(context.obj, ["list"])


@staff.command("show")
def staff_show(context: typer.Context, number: int) -> None:
    """One ticket with its history."""
    _terminal(context.obj, ["show", str(number)])


@staff.command("claim")
def staff_claim(context: typer.Context, number: int) -> None:
    """Take a ticket; until you release it nobody else can."""
    _terminal(context.obj, ["claim", str(number)])


@staff.command("release")
def staff_release(context: typer.Context, number: int) -> None:
    """Give a ticket back to the queue."""
    _terminal(context.obj, ["release", str(number)])


@staff.command("reply")
def staff_reply(context: typer.Context, number: int, text: str) -> None:
    """Reply to the citizen, in the chat where the question was asked."""
    _terminal(context.obj, ["reply", str(number), text])


@staff.command("ask")
def staff_ask(context: typer.Context, number: int, text: str) -> None:
    """Ask the citizen; the clock stands until they answer."""
    _terminal(context.obj, ["ask", str(number), text])


@staff.command("close")
def staff_close(
    context: typer.Context, number: int, why: Annotated[str, typer.Argument()] = ""
) -> None:
    """Close a ticket."""
    _terminal(context.obj, ["close", str(number), why])


@staff.command("transfer")
def staff_transfer(
    context: typer.Context,
    number: int,
    department: str,
    why: Annotated[str, typer.Argument()] = "",
) -> None:
    """Give a ticket to a department; handing it on to another one needs a reason."""
    _terminal(context.obj, ["transfer", str(number), department, why])


@staff.command("return")
def staff_return(context: typer.Context, number: int, why: str) -> None:
    """It is not for your department: back to where tickets are sorted."""
    _terminal(context.obj, ["return", str(number), why])


@staff.command("take-over")
def staff_take_over(context: typer.Context, number: int, why: str) -> None:
    """Take a ticket from whoever holds it; for supervisors."""
    _terminal(context.obj, ["take-over", str(number), why])


@staff.command("reopen")
def staff_reopen(context: typer.Context, number: int, why: str) -> None:
    """What is closed is to be answered anew."""
    _terminal(context.obj, ["reopen", str(number), why])


@staff.command("merge")
def staff_merge(context: typer.Context, number: int, into: int) -> None:
    """Two tickets about the same: the first is answered with the second."""
    _terminal(context.obj, ["merge", str(number), str(into)])


@staff.command("consult")
def staff_consult(context: typer.Context, number: int, departments: str, question: str) -> None:
    """Ask other departments about a ticket; their keys, with commas between."""
    _terminal(context.obj, ["consult", str(number), departments, question])


@staff.command("consultations")
def staff_consultations(context: typer.Context) -> None:
    """What departments are asked, what is overdue first."""
    _terminal(context.obj, ["consultations"])


@staff.command("answer-consult")
def staff_answer_consult(context: typer.Context, number: int, text: str) -> None:
    """Answer for your department; NUMBER is the consultation's."""
    _terminal(context.obj, ["answer-consult", str(number), text])


@staff.command("cancel-consult")
def staff_cancel_consult(context: typer.Context, number: int) -> None:
    """Wait for a department no more; NUMBER is the consultation's."""
    _terminal(context.obj, ["cancel-consult", str(number)])


@staff.command("draft")
def staff_draft(context: typer.Context, number: int) -> None:
    """A reply made of what the departments answered."""
    _terminal(context.obj, ["draft", str(number)])


@staff.command("review")
def staff_review(
    context: typer.Context, number: Annotated[int | None, typer.Argument()] = None
) -> None:
    """Replies that wait for a second person; with NUMBER one, compared with the passages."""
    _terminal(context.obj, ["review", *([] if number is None else [str(number)])])


@staff.command("approve")
def staff_approve(context: typer.Context, number: int) -> None:
    """The reply goes out; NUMBER is the review's."""
    _terminal(context.obj, ["approve", str(number)])


@staff.command("reject")
def staff_reject(context: typer.Context, number: int, why: str) -> None:
    """The reply goes back to who wrote it; NUMBER is the review's."""
    _terminal(context.obj, ["reject", str(number), why])


def _terminal(name: str, words: Sequence[str]) -> None:
    with mistakes_in_words():
        from bot.desk.terminal import terminal

        done = asyncio.run(terminal(name, words, say=lambda t: out.print(t, markup=False)))
        if not done:
            raise typer.Exit(1)
