"""From features to a probability, and the refusal line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.calibration import (
    ANSWERED_WRONGLY,
    DEFAULT,
    NAMES,
    OFFERED_WRONGLY,
    Calibration,
    Features,
    features,
)
from index.glossary import Glossary
from index.questions import understand
from index.ranking import NOTHING, Ranked
from tests.index import tables

QUESTIONS = 400


def made(seed: int = 3) -> tuple[Features, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Rows whose first feature tells right from wrong, with noise; every other is absent."""
    chance = np.random.default_rng(seed)
    absent = np.arange(QUESTIONS) % 2 == 1
    values = np.zeros((QUESTIONS, len(NAMES)))
    values[:, 0] = chance.normal(np.where(absent, 0.3, 0.7), 0.1)
    return values, ~absent, absent


def fitted() -> Calibration:
    values, right, absent = made()
    return Calibration.fit(values, right, absent, vector_weight=0.25)


def row(first: float) -> Features:
    return np.array([first, *([0.0] * (len(NAMES) - 1))])


def test_more_evidence_is_more_probable() -> None:
    calibration = fitted()
    probabilities = [calibration.probability(row(x)) for x in np.linspace(0, 1, 21)]
    assert probabilities == sorted(probabilities)
    assert probabilities[0] < 0.1
    assert probabilities[-1] > 0.9


def test_features_that_never_change_count_nothing() -> None:
    calibration = fitted()
    assert calibration.weights[1:] == (0.0,) * (len(NAMES) - 1)
    values, right, absent = made()
    values[:] = 1.0  # nothing at all tells them apart
    blind = Calibration.fit(values, right, absent, vector_weight=0.0)
    assert blind.probability(values[0]) == pytest.approx(0.5, abs=1e-3)


def test_the_line_lets_few_of_the_absent_pass() -> None:
    calibration = fitted()
    values, _, absent = made()
    passed = [calibration.probability(one) > calibration.line for one in values[absent]]
    assert np.mean(passed) == pytest.approx(ANSWERED_WRONGLY, abs=0.01)


def test_a_quarter_of_the_absent_may_be_offered_passages() -> None:
    calibration = fitted()
    values, _, absent = made()
    assert calibration.clarify is not None
    offered = [calibration.probability(one) > calibration.clarify for one in values[absent]]
    assert np.mean(offered) == pytest.approx(OFFERED_WRONGLY, abs=0.01)
    assert calibration.clarify < calibration.line


def test_an_older_release_has_measured_no_such_bound(tmp_path: Path) -> None:
    fitted().save(tmp_path)
    file = tmp_path / "calibration.json"
    values = json.loads(file.read_text("utf-8"))
    del values["clarify"]
    file.write_text(json.dumps(values), "utf-8")
    assert Calibration.load(tmp_path) == replace(fitted(), clarify=None)


def test_what_is_saved_is_what_is_loaded(tmp_path: Path) -> None:
    calibration = fitted()
    calibration.save(tmp_path)
    assert Calibration.load(tmp_path) == calibration
    assert (calibration.vector_weight, calibration.questions) == (0.25, QUESTIONS)


def test_two_fits_are_the_same() -> None:
    assert fitted() == fitted()


def test_only_documents_that_say_something_else_are_rivals() -> None:
    documents = tables.columns([["税"]])
    question = understand("税", documents, Glossary(same=(), seeks=()))
    places = np.arange(4)
    ranked = Ranked(
        passages=places,
        owners=places,
        scores=np.array([1.0, 0.9, 0.6, 0.2]),  # the second is a copy of the first
        documents=np.array([2.0, 0.0, 0.0, 0.0]) * question.heft,
        windows=np.array([1.0, 0.0, 0.0, 0.0]) * question.heft,
        covered=np.zeros(4),
        said=np.zeros(4),
        cosines=np.array([0.5, 0.0, 0.0, 0.0]),
        routed=np.zeros(4),
        pairs=0.25,
        held=0.75,
        missing=0.125,
        unknown=0.0625,
    )
    values = features(question, ranked, np.array([7, 7, 8, 9]))
    assert dict(zip(NAMES, values.tolist(), strict=True)) == pytest.approx(
        {
            "strength": 0.75,
            "margin": 0.4,
            "lead": 0.6,
            "pairs": 0.25,
            "held": 0.75,
            "missing": 0.125,
            "unknown": 0.0625,
            "cosine": 0.5,
        }
    )


def test_the_lead_counts_nine_rivals_and_no_more() -> None:
    documents = tables.columns([["税"]])
    question = understand("税", documents, Glossary(same=(), seeks=()))
    places = np.arange(12)
    zeros = np.zeros(12)
    ranked = Ranked(
        passages=places,
        owners=places,
        scores=np.array([1.0, *[0.5] * 9, 0.1, 0.1]),
        documents=zeros,
        windows=zeros,
        covered=zeros,
        said=zeros,
        cosines=zeros,
        routed=zeros,
    )
    lead = NAMES.index("lead")
    assert features(question, ranked, places.astype(np.int32))[lead] == pytest.approx(0.5)
    alone = features(question, ranked, np.zeros(12, dtype=np.int32))
    assert alone[lead] == pytest.approx(1.0)


def test_a_likely_source_is_no_lead() -> None:
    documents = tables.columns([["税"]])
    question = understand("税", documents, Glossary(same=(), seeks=()))
    places = np.arange(2, dtype=np.int32)
    zeros = np.zeros(2)
    ranked = Ranked(
        passages=places.astype(np.int64),
        owners=places.astype(np.int64),
        scores=np.array([1.0, 0.9]),
        documents=zeros,
        windows=zeros,
        covered=zeros,
        said=zeros,
        cosines=zeros,
        routed=np.array([0.1, 0.0]),
    )
    assert features(question, ranked, places)[NAMES.index("margin")] == pytest.approx(0.0)


def test_nothing_found_is_refused_by_the_default() -> None:
    question = understand("公积金", tables.columns([["税"]]), Glossary(same=(), seeks=()))
    values = features(question, NOTHING, np.zeros(1, dtype=np.int32))
    assert dict(zip(NAMES, values.tolist(), strict=True)) == {
        **dict.fromkeys(NAMES, 0.0),
        "unknown": 1.0,
    }
    assert DEFAULT.probability(values) < DEFAULT.line
