"""What all commands share: where they print, and errors in words."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console
from rich.table import Table

from bot.errors import BotError, TicketError
from index.errors import SearchError
from knowledge.errors import KnowledgeError
from knowledge.types import Lang

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
WIDE: Final = 160  # columns where nothing tells how many there are: in a file, or a pipe


def print_table(table: Table) -> None:
    """Print a table as wide as the terminal; wide enough for its words where there is none."""
    known = sys.stdout.isatty() or "COLUMNS" in os.environ
    Console(highlight=False, width=None if known else WIDE).print(table)


@contextmanager
def mistakes_in_words() -> Iterator[None]:
    """Errors that we raise on purpose end the command with their sentence, not a traceback."""
    try:
        yield
    except (BotError, SearchError, KnowledgeError) as error:
        err.print(_in_words(error), style="red", markup=False)
        raise typer.Exit(1) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        err.print(
            f"{where}{error.strerror or error}; check the path, its permissions and free space",
            style="red",
            markup=False,
        )
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


def _in_words(error: Exception) -> str:
    """With the words that the desk has for states, roles and the like."""
    if not isinstance(error, TicketError):
        return str(error)
    from bot.desk.sorry import sorry

    return sorry(error, Lang.EN)
