"""Which releases are kept."""

from __future__ import annotations

from pathlib import Path

from index import release as releases
from index.drafts import discard
from index.errors import ReleaseMissing
from index.stores import FILES, Store


def prune(root: Path, *, keep: int, store: Store = FILES) -> list[str]:
    """
    Remove all but the newest releases, and those of older formats; return their names.

    The current one stays, and the one that a rollback returns to. Those that were never served
    are counted by themselves: refused builds push no release out that one may want to go back to.
    """
    names = [manifest.name for manifest in releases.releases(root)]
    now = releases.current(root)
    kept = {now, _way_back(root)}
    for served in (True, False):
        alike = [name for name in names if releases.was_served(root / name) is served]
        kept.update(alike[-keep:])
    older = releases.older(root)
    # An older program serves the current one, and has its own way back.
    gone = [name for name in (*([] if now in older else older), *names) if name not in kept]
    for name in gone:
        discard(root / name)
    store.sweep(root)
    return gone


def _way_back(root: Path) -> str:
    try:
        return releases.previous(root)
    except ReleaseMissing:
        return ""
