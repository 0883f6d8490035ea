"""Language tags of platforms and browsers to the languages that we speak."""

from __future__ import annotations

from typing import Final

from knowledge.types import Lang

_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})
_OURS: Final = {"en": Lang.EN, "ko": Lang.KO, "ja": Lang.JA}


def speaks(tag: str) -> Lang | None:
    """Return our language for a BCP 47 tag, if we speak it."""
    primary, *rest = tag.lower().replace("_", "-").split("-")
    if primary != "zh":
        return _OURS.get(primary)
    traditional = "hans" not in rest and not _TRADITIONAL.isdisjoint(rest)
    return Lang.ZH_HANT if traditional else Lang.ZH_HANS
