"""What a page of ours may load, and which sites may show it in a frame."""

from __future__ import annotations

from typing import Final

HEADER: Final = "Content-Security-Policy"


def content_policy(*sites: str) -> str:
    """Nothing is inline and nothing is foreign; `sites` are the origins that may frame it."""
    ancestors = " ".join(["'self'", *sites])
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {ancestors}; require-trusted-types-for 'script'"
    )
