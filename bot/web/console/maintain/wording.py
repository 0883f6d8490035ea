"""What staff read in place of the names that builds, reports and releases use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.maintain.build_log import Stage
from index.calibration import NAMES
from index.gate import Verdict
from knowledge.problems import Severity

STAGES: Final[Mapping[Stage, str]] = {
    Stage.RUNNING: "The build is running.",
    Stage.BUILT: "The release is built.",
    Stage.CANCELLED: "The build was cancelled.",
    Stage.FAILED: "The build failed.",
}
STARTING: Final = "starting"
STEPS: Final[Mapping[str, str]] = {
    "reading": "reading documents",
    "terms": "counting words",
    "vectors": "making vectors",
    "calibration": "calibrating",
    "golden": "asking the golden questions",
}
VERDICTS: Final[Mapping[Verdict, str]] = {
    Verdict.RIGHT: "right",
    Verdict.SILENT: "rightly silent",
    Verdict.PASSAGE: "other passage of the right document",
    Verdict.MISSED: "missed",
    Verdict.DOCUMENT: "other document",
    Verdict.INVENTED: "invented",
}
SEVERITIES: Final[Mapping[str, str]] = {
    Severity.UNREADABLE: "unreadable",
    Severity.CONTRADICTION: "contradiction",
    Severity.MEND: "to be mended",
    Severity.NOTE: "note",
}
FEATURES: Final[Mapping[str, str]] = dict(
    zip(
        NAMES,
        (
            "strength of the match",
            "ahead of the next document",
            "ahead of the next nine",
            "pairs of characters that are there",
            "share of the question in the document",
            "the most telling word that is missing",
            "share that no document knows",
            "nearness of meaning",
        ),
        strict=True,
    )
)
