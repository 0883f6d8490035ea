"""Other sites by their origin, as browsers name it: scheme://host, with the port if unusual."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

_USUAL: Final = {"http": 80, "https": 443}
_HOST: Final = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")


def origins_of(text: str) -> tuple[str, ...]:
    """Read sites that stand between commas. Raise ValueError for the first that is none."""
    given = (one.strip() for one in text.split(","))
    return tuple(dict.fromkeys(_origin_of(one) for one in given if one))


def _origin_of(site: str) -> str:
    """
    One site, a name in Chinese as its ASCII form.

    These go into a header that guards a page, so nothing but an origin is taken: no path, no
    wildcard, and no character with which another directive could begin.
    """
    origin = _read(site)
    if origin is None:
        raise ValueError(f"{site!r} is no site; write https://www.example.org, without a path")
    return origin


def _read(site: str) -> str | None:
    try:
        parts = urlsplit(site)
        host = (parts.hostname or "").encode("idna").decode()
        port = parts.port
    except ValueError:  # UnicodeError is one
        return None
    rest = parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _USUAL or rest or not _HOST.fullmatch(host):
        return None
    return f"{parts.scheme}://{host}" + (
        f":{port}" if port not in {None, _USUAL[parts.scheme]} else ""
    )
