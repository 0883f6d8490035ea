"""The same library as the pages have."""

from __future__ import annotations

from tests.web.documents.conftest import made, other, sample, site

__all__ = ["made", "other", "sample", "site"]
