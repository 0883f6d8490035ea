"""A second look by a cross-encoder: what it may change, and what happens without it."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from index.build import build, load
from index.calibration import NAMES
from index.encoders.choice import Choice
from index.errors import EncoderError, ReleaseMismatch
from index.explanation import Second
from index.legs import Floats
from index.outside import NOTHING, Outside
from index.rerank import FILE, Fitted, Reranker, Reranking, SecondLook, fit, reordered
from index.searcher import Searcher
from index.types import Away
from index.why import explain
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, TODAY, document
from tests.index.models import write_cross_encoder

QUESTION: Final = "职工租房每月可以提取住房公积金吗？"
# Enough clauses to calibrate with.
TOWNS: Final = [
    document(
        f"town-{number}",
        f"澜港市{name}区{matter}办法",
        f"第一条 为规范{name}区{matter}，制定本办法。\n"
        f"第二条 {name}区居民申请{matter}的，应当在{number + 3}日内提交材料，标准为{number * 7 + 20}元。\n"
        f"第三条 {matter}由{name}区{office}办理，不收取费用。\n",
    )
    for number, (name, matter, office) in enumerate(
        (name, matter, office)
        for name in ("临江", "望海", "青岭", "石桥", "南湾")
        for matter, office in (
            ("高龄津贴发放", "民政局"),
            ("灵活就业补贴", "人社局"),
            ("电动自行车登记", "交管大队"),
            ("公租房申请", "住建局"),
        )
    )
]
CHARACTERS: Final = "".join(sorted({one for each in (*TOWNS, *LIBRARY) for one in each.text}))


@dataclass(frozen=True, kw_only=True)
class Judge:
    """Likes the passages that hold a word; fails when it is told to."""

    name: str = "judge"
    revision: str = "1"
    likes: str = ""
    broken: list[bool] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def scores(self, _question: str, texts: Sequence[str], /) -> Floats:
        if self.broken:
            raise EncoderError("the reranker 'judge' failed (OutOfMemoryError: no memory)")
        self.asked.extend(texts)
        return np.asarray([0.9 if self.likes in text else 0.1 for text in texts])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    return write_cross_encoder(tmp_path_factory.mktemp("cross") / "model", characters=CHARACTERS)


@pytest.fixture(scope="module")
def towns(tmp_path_factory: pytest.TempPathFactory, model: str) -> Path:
    """A release with a reranker in place."""
    root = tmp_path_factory.mktemp("towns")
    outside = Outside(reranking=Reranking(name=model, top=10))
    return root / build(TOWNS, root, encoder=Hashed.fit, outside=outside).name


def with_judge(searcher: Searcher, judge: Reranker, *, weight: float, top: int = 20) -> Searcher:
    plain = searcher.calibration
    calibration = Fitted(
        name=judge.name, revision=judge.revision, top=top, weight=weight,
        calibration=type(plain)(
            weights=(*plain.weights, 2.0), bias=plain.bias, line=0.25, names=(*NAMES, "reranked")
        ),
    )  # fmt: skip
    second = SecondLook(judge, calibration)
    keys = searcher.keys
    return Searcher(searcher.name, searcher.legs, plain, keys, second=second)


# What it changes


def test_the_passage_it_likes_comes_first(searcher: Searcher) -> None:
    plain = searcher(QUESTION, TODAY)
    assert "每月可以提取住房公积金1500元" in plain.hits[0].passage.text
    found = with_judge(searcher, Judge(likes="退休的"), weight=2.0)(QUESTION, TODAY)
    assert "职工退休的" in found.hits[0].passage.text
    assert found.line == 0.25
    assert plain.line == searcher.calibration.line
    assert {hit.document.id for hit in found.outdated} == {
        hit.document.id for hit in plain.outdated
    }


def test_without_weight_the_order_stays_and_the_probability_hears_it(searcher: Searcher) -> None:
    plain = searcher(QUESTION, TODAY)
    likes, dislikes = (
        with_judge(searcher, Judge(likes=word), weight=0.0)(QUESTION, TODAY)
        for word in ("1500元", "没有的词")
    )
    for found in (likes, dislikes):
        assert [hit.passage.id for hit in found.hits] == [hit.passage.id for hit in plain.hits]
    assert likes.hits[0].probability > dislikes.hits[0].probability


def test_only_the_best_candidates_are_read_with_title_and_address(searcher: Searcher) -> None:
    judge = Judge(likes="退休的")
    found = with_judge(searcher, judge, weight=2.0, top=1)(QUESTION, TODAY)
    assert "每月可以提取住房公积金1500元" in found.hits[0].passage.text
    assert len(judge.asked) == 2  # one in force, one not
    assert judge.asked[0].startswith("《澜港市住房公积金提取管理办法》解读\n第二条\n第二条 职工")


def test_nothing_found_needs_no_judge(searcher: Searcher) -> None:
    judge = Judge()
    with_judge(searcher, judge, weight=1.0)("zzz", TODAY)
    assert [text for text in judge.asked if not text] == []


def test_candidates_without_a_score_stay_behind(searcher: Searcher) -> None:
    from index.legs import gather  # noqa: PLC0415
    from index.questions import understand  # noqa: PLC0415

    legs = searcher.legs
    evidence = gather(understand(QUESTION, legs.documents), legs)
    ranked = searcher.judge.rank(evidence, np.ones(legs.shelf.documents, dtype=bool))
    again, values = reordered(
        evidence.question, ranked, legs, np.asarray([0.1, 0.9, 0.2]), weight=5.0
    )
    assert again.passages[:3].tolist() == ranked.passages[[1, 2, 0]].tolist()
    assert again.passages[3:].tolist() == ranked.passages[3:].tolist()
    assert np.all(np.diff(again.scores) <= 0)
    assert values.shape == (len(NAMES) + 1,)
    assert values[-1] == 0.9


# What `index why` tells of it


def test_why_tells_what_it_said_and_what_that_changed(searcher: Searcher) -> None:
    asking = with_judge(searcher, Judge(likes="退休的"), weight=2.0, top=3)
    found, told = asking(QUESTION, TODAY), explain(asking, QUESTION, TODAY)
    assert told.reranker == Second(name="judge", weight=2.0, top=3)
    assert [one.passage for one in told.candidates] == [hit.passage.id for hit in found.hits]
    assert told.candidates[0].reranker == 0.9
    assert {one.reranker for one in told.candidates} <= {0.9, 0.1, None}
    for one, hit in zip(told.candidates, found.hits, strict=True):
        assert one.reranked == 2.0 * (one.reranker or 0.0)
        parts = one.keywords + one.vector + one.covered + one.said + one.reranked
        assert parts == pytest.approx(one.score) == pytest.approx(hit.score)
        assert one.keywords >= -1e-9
    assert (told.features[-1].name, told.features[-1].value) == ("reranked", 0.9)
    total = told.bias + sum(one.value * one.weight for one in told.features)
    assert 1 / (1 + np.exp(-total)) == pytest.approx(told.by_features)
    assert told.by_features == found.hits[0].probability == told.probability
    assert (told.line, told.answers) == (0.25, found.answer is not None)


def test_why_without_a_reranker_that_answers_tells_the_other_calibration(
    searcher: Searcher,
) -> None:
    judge = Judge(likes="退休的", broken=[True])
    assert explain(with_judge(searcher, judge, weight=2.0), QUESTION, TODAY) == explain(
        searcher, QUESTION, TODAY
    )


def test_why_tells_what_a_real_cross_encoder_said(towns: Path, model: str) -> None:
    outside = Outside(reranking=Reranking(name=model))
    searcher = load(towns, encoder=Hashed.load, outside=outside)
    question = "临江区高龄津贴发放由谁办理？"
    found, told = searcher(question, TODAY), explain(searcher, question, TODAY)
    assert told.reranker == Second(name=model, weight=0.0, top=10)
    first = told.candidates[0]
    read = "\n".join([found.hits[0].document.title, *found.hits[0].passage.address, first.text])
    [alone] = outside.reranking.model().scores(question, [read]).tolist()
    assert first.reranker == pytest.approx(alone, abs=1e-5)
    assert told.features[-1].value == first.reranker
    assert told.by_features == found.hits[0].probability


# Where it fails


def test_a_failing_reranker_loses_no_question(
    searcher: Searcher, caplog: pytest.LogCaptureFixture
) -> None:
    judge = Judge(likes="退休的")
    asking = with_judge(searcher, judge, weight=2.0)
    judge.broken.append(True)
    with caplog.at_level(logging.ERROR, logger="index.rerank"):
        assert asking(QUESTION, TODAY) == searcher(QUESTION, TODAY)
        asking(QUESTION, TODAY)
    assert asking.away is Away.RERANKER
    assert [record.getMessage() for record in caplog.records] == [
        "the reranker 'judge' failed (OutOfMemoryError: no memory); questions are answered without it"
    ]
    judge.broken.clear()
    assert "职工退休的" in asking(QUESTION, TODAY).hits[0].passage.text
    assert asking.away is None


def test_a_model_that_fails_while_building_stops_the_build(searcher: Searcher) -> None:
    from index.legs import gather  # noqa: PLC0415
    from index.questions import understand  # noqa: PLC0415

    evidence = gather(understand(QUESTION, searcher.legs.documents), searcher.legs)
    with pytest.raises(EncoderError, match="no memory"):
        fit(
            Judge(broken=[True]), [(1, evidence)], searcher.legs, top=5, vector_weight=0.0,
            calibrate=lambda _look: searcher.calibration,
        )  # fmt: skip


# In a release


def test_a_release_holds_both_calibrations(towns: Path, model: str) -> None:
    fitted = Fitted.load(towns)
    assert (fitted.name, fitted.top) == (model, 10)
    assert fitted.revision.startswith("files-")
    assert fitted.calibration is not None
    assert fitted.calibration.questions > 40
    assert fitted.calibration.names == (*NAMES, "reranked")
    assert len(fitted.calibration.weights) == len(NAMES) + 1
    plain = load(towns, encoder=Hashed.load).calibration
    assert len(plain.weights) == len(NAMES)
    # A model that knows nothing is given no say in the order.
    assert fitted.weight == 0.0


def test_a_judge_that_knows_the_answers_is_given_weight(towns: Path) -> None:
    from index.legs import gather  # noqa: PLC0415
    from index.questions import understand  # noqa: PLC0415

    searcher = load(towns, encoder=Hashed.load)
    number = next(n for n in range(60) if "高龄津贴发放由临江区" in searcher.shelf.passage(n).text)
    evidence = gather(understand("临江区居民申请", searcher.legs.documents), searcher.legs)
    fitted = fit(
        Judge(likes="高龄津贴发放由临江区"), [(number, evidence)], searcher.legs,
        top=20, vector_weight=0.0, calibrate=lambda _look: searcher.calibration,
    )  # fmt: skip
    assert fitted.weight > 0


def test_it_is_loaded_and_asked_as_it_was_built(towns: Path, model: str) -> None:
    outside = Outside(reranking=Reranking(name=model))
    searcher = load(towns, encoder=Hashed.load, outside=outside)
    found = searcher("临江区高龄津贴发放由谁办理？", TODAY)
    fitted = Fitted.load(towns)
    assert fitted.calibration is not None
    assert found.line == fitted.calibration.line
    assert found.hits[0].document.id == "town-0"
    assert searcher("临江区高龄津贴发放由谁办理？", TODAY) == found


def test_without_the_setting_the_release_is_searched_without_it(towns: Path) -> None:
    searcher = load(towns, encoder=Hashed.load)
    assert searcher("临江区高龄津贴发放由谁办理？", TODAY).line == searcher.calibration.line


def test_another_reranker_is_refused_with_what_to_do(
    towns: Path, library: Path, model: str, tmp_path: Path
) -> None:
    mend = "build it again, or leave RERANKER empty"
    with pytest.raises(
        ReleaseMismatch, match=f"reranker is none, this process needs {model}; {mend}"
    ):
        load(library, encoder=Choice().load, outside=Outside(reranking=Reranking(name=model)))
    with pytest.raises(ReleaseMismatch, match=f"reranker is {model}, this process needs other"):
        load(towns, encoder=Hashed.load, outside=Outside(reranking=Reranking(name="other")))
    copy = tmp_path / "release"
    shutil.copytree(towns, copy)
    values = json.loads((copy / FILE).read_text(encoding="utf-8"))
    (copy / FILE).write_text(json.dumps({**values, "revision": "files-0"}), encoding="utf-8")
    with pytest.raises(ReleaseMismatch, match="reranker revision is files-0, this process needs"):
        Reranking(name=model).load(copy)


def test_as_built_asks_for_what_the_release_has(towns: Path, library: Path, model: str) -> None:
    outside = Outside(reranking=Reranking(name="other", batch_size=7))
    assert outside.as_built(towns).reranking == Reranking(name=model, batch_size=7)
    assert outside.as_built(library).reranking == Reranking(batch_size=7)
    assert NOTHING.as_built(towns) is NOTHING  # an empty RERANKER leaves it out, as for the bot


# The model


def test_a_real_cross_encoder_reads_pairs(model: str) -> None:
    one = Reranking(name=model, batch_size=2).model()
    texts = ["第二条 职工租房", "第三条 职工退休", "", "很长" * 400, "第二条 职工租房"]
    scores = one.scores("公积金", texts)
    assert scores.shape == (5,)
    assert ((scores > 0) & (scores < 1)).all()
    assert scores[0] == pytest.approx(scores[4], abs=1e-6)
    assert scores[0] != pytest.approx(scores[1], abs=1e-4)
    assert one.scores("公积金", texts[:1])[0] == pytest.approx(scores[0], abs=1e-5)


def test_another_model_has_another_revision(model: str, tmp_path: Path) -> None:
    other = write_cross_encoder(tmp_path / "other", characters=CHARACTERS, seed=1)
    assert Reranking(name=other).model().revision != Reranking(name=model).model().revision


def test_a_model_of_several_figures_is_refused(tmp_path: Path) -> None:
    name = write_cross_encoder(tmp_path / "three", characters="字", labels=3)
    with pytest.raises(EncoderError, match="gives 3 figures for a pair of texts"):
        Reranking(name=name).model()


@pytest.mark.parametrize("device", ["cpu", "nowhere"])
def test_what_cannot_be_loaded_is_named(tmp_path: Path, model: str, device: str) -> None:
    name = str(tmp_path / "nothing") if device == "cpu" else model
    (tmp_path / "nothing").mkdir()
    with pytest.raises(EncoderError) as caught:
        Reranking(name=name, device=device).model()
    assert str(caught.value).startswith(f"the reranker {name!r} cannot be loaded (")
    assert str(caught.value).endswith("or leave RERANKER empty")
