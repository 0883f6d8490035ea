"""
How far the probabilities of a release hold, measured when it is built and kept in it.

The calibration is fitted on questions made from the corpus. Here each of them is judged by a fit
that has not seen it (cross-validation), so the figures are not those of the fit upon itself. They
tell of made questions; what citizens ask differs from those.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index.calibration import Features, held_out
from index.errors import ReleaseBroken
from index.evaluation.refusal import Bin, Trials, reliability

FILE: Final = "reliability.json"


def measured(
    values: Features,
    right: npt.NDArray[np.bool_],
    absent: npt.NDArray[np.bool_],
    made: npt.NDArray[np.int64],
) -> Sequence[Bin]:
    """Bins of equal mass, the lowest probabilities first; none where nothing can be measured."""
    said = held_out(values, right, made)
    if said is None:
        return ()
    trials = Trials(answerable=said[~absent], right=right[~absent], unanswerable=said[absent])
    return reliability(trials)


def keep(folder: Path, bins: Sequence[Bin]) -> None:
    text = json.dumps([asdict(one) for one in bins], indent=2)
    (folder / FILE).write_text(text + "\n", encoding="utf-8")


def kept(folder: Path) -> Sequence[Bin]:
    """Nothing where a release was not measured. Raise ReleaseBroken."""
    try:
        rows = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return [Bin(**row) for row in rows]
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError) as error:
        raise ReleaseBroken(folder, f"{FILE} cannot be read ({error})") from error
