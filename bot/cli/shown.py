"""What all commands share: where they print, and errors in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from bot.errors import BotError
from index.errors import SearchError
from knowledge.errors import KnowledgeError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def mistakes_in_words() -> Iterator[None]:
    """Errors that we raise on purpose end the command with their sentence, not a traceback."""
    try:
        yield
    except (BotError, SearchError, KnowledgeError) as error:
        err.print(str(error), style="red", markup=False)
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
