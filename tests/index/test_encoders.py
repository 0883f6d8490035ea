"""Text to vectors: what every encoder keeps to, the builtin one, and any model by its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from index.build import build, load
from index.encoders.builtin import REVISION
from index.encoders.choice import BUILTIN, Choice
from index.encoders.options import Options
from index.encoders.revision import revision_of
from index.errors import EncoderError, ReleaseMismatch
from index.release import Manifest, read_manifest
from index.types import Encoder
from knowledge.passages import passages
from tests.index import models
from tests.index.fake import Hashed
from tests.index.library import FOREIGN, LIBRARY, TODAY, document
from tests.index.models import needs_minilm

TEXTS = [passage.text for one in LIBRARY for passage in passages(one)]


@pytest.fixture(scope="session")
def builtin() -> Encoder:
    return Choice().fit(TEXTS)


@pytest.fixture(scope="session")
def minilm() -> str:
    return models.minilm()


@pytest.fixture(
    params=["builtin", "fake", pytest.param("minilm", marks=[needs_minilm, pytest.mark.slow])]
)
def encoder(request: pytest.FixtureRequest) -> Encoder:
    if request.param == "builtin":
        return Choice().fit(TEXTS)
    if request.param == "fake":
        return Hashed()
    return Choice(name=request.getfixturevalue("minilm")).fit(["Foreign employees join."])


def lengths(vectors: np.typing.NDArray[np.float32]) -> list[float]:
    return [float(length) for length in np.linalg.norm(vectors, axis=1)]


# What every encoder keeps to


def test_rows_are_unit_vectors_of_its_dimension(encoder: Encoder) -> None:
    vectors = encoder.encode_passages(["pension insurance", "work permit and retirement", "fund"])
    assert vectors.shape == (3, encoder.dimension)
    assert vectors.dtype == np.float32
    assert vectors.flags.c_contiguous
    known = [length for length in lengths(vectors) if length]
    assert known == pytest.approx([1] * len(known), abs=1e-5)
    assert encoder.encode_question("pension").shape == (1, encoder.dimension)


def test_the_builtin_encoder_is_the_same_with_any_number_of_threads(tmp_path: Path) -> None:
    words = [f"{one}{other}" for one in "租房提取补贴申请条件" for other in "办法材料窗口期限标准"]
    texts = [" ".join(words[n % 89 : n % 89 + 7] + words[: n % 13]) + f" {n}" for n in range(600)]
    found = set()
    for threads in (1, 2):
        with threadpool_limits(threads):
            Choice().fit(texts).save(tmp_path)
        found.add((tmp_path / "components.npy").read_bytes())
    assert len(found) == 1


def test_the_same_text_is_the_same_vector(encoder: Encoder) -> None:
    once = encoder.encode_passages(["pension insurance", "tax"])
    assert np.array_equal(once, encoder.encode_passages(["pension insurance", "tax"]))
    assert np.allclose(once[:1], encoder.encode_passages(["pension insurance"]), atol=1e-6)
    assert np.allclose(once[:1], encoder.encode_question("pension insurance"), atol=1e-6)


@pytest.mark.parametrize("text", ["", " ", "😀", "？！", "zzz", "\n"])
def test_a_text_without_known_words_is_no_nan(encoder: Encoder, text: str) -> None:
    vectors = encoder.encode_passages([text])
    assert np.isfinite(vectors).all()
    assert lengths(vectors)[0] == pytest.approx(0, abs=1e-6) or lengths(vectors)[
        0
    ] == pytest.approx(1, abs=1e-5)
    assert list(encoder.pieces(text)) == [text]


def test_pieces_are_the_whole_text(encoder: Encoder) -> None:
    for text in ("short", "long words " * 700, "无空格" * 900):
        pieces = encoder.pieces(text)
        assert "".join(pieces) == text
        assert all(pieces)


# The builtin encoder


def test_the_builtin_encoder_is_a_sentence_transformer(builtin: Encoder) -> None:
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds

    from index.encoders.sentence import SentenceEncoder  # noqa: PLC0415 - takes seconds

    assert isinstance(builtin, SentenceEncoder)
    model = builtin._model  # noqa: SLF001 - the port does not show it
    assert isinstance(model, SentenceTransformer)
    assert model.get_embedding_dimension() == builtin.dimension
    assert np.allclose(
        model.encode(TEXTS, normalize_embeddings=True), builtin.encode_passages(TEXTS), atol=1e-6
    )
    assert (builtin.name, builtin.revision) == (BUILTIN, REVISION)


def test_saved_and_loaded_it_is_the_same(builtin: Encoder, tmp_path: Path) -> None:
    builtin.save(tmp_path / "encoder")
    loaded = Choice().load(_manifest(BUILTIN), tmp_path / "encoder")
    asked = [*TEXTS, "失业保险", "unknown 词", ""]
    assert np.allclose(
        loaded.encode_passages(asked), builtin.encode_passages(asked), rtol=0, atol=1e-6
    )
    assert {path.suffix for path in (tmp_path / "encoder").iterdir()} == {".npy"}  # no pickle


def test_the_builtin_of_an_earlier_version_is_refused(builtin: Encoder, tmp_path: Path) -> None:
    builtin.save(tmp_path)
    older = replace(_manifest(BUILTIN), revision="1")
    with pytest.raises(ReleaseMismatch, match=r"encoder revision is 1, .* build it again"):
        Choice().load(older, tmp_path)


def test_two_fits_are_the_same(builtin: Encoder) -> None:
    again = Choice().fit(TEXTS)
    assert np.array_equal(again.encode_passages(TEXTS), builtin.encode_passages(TEXTS))


@pytest.mark.parametrize(("name", "value"), [("TERMS", 2), ("MANY", 1)])
def test_rare_terms_are_left_out(monkeypatch: pytest.MonkeyPatch, name: str, value: int) -> None:
    monkeypatch.setattr(f"index.encoders.builtin.{name}", value)
    vectors = Choice().fit(["税 税 费", "税 费", "金"]).encode_passages(["税", "费", "金"])
    assert vectors.any(axis=1).tolist() == [True, True, False]


def test_texts_of_one_matter_are_nearer(builtin: Encoder) -> None:
    asked = builtin.encode_question("失業保險金申領")
    cosines = (builtin.encode_passages(TEXTS) @ asked[0]).tolist()
    assert "失业保险金" in TEXTS[cosines.index(max(cosines))]


@pytest.mark.parametrize(
    "texts",
    [["一段文字。"], ["的"], ["同样。", "同样。"], ["税"] * 5, ["税", "", "！"], ["a", "b"]],
    ids=["one", "one-term", "equal", "equal-terms", "empty", "two"],
)
def test_the_smallest_libraries(texts: Sequence[str]) -> None:
    encoder = Choice().fit(texts)
    vectors = encoder.encode_passages([*texts, "别的"])
    assert vectors.shape == (len(texts) + 1, encoder.dimension)
    assert np.isfinite(vectors).all()


@given(st.text(max_size=30))
def test_any_text_has_a_finite_vector(text: str) -> None:
    encoder = _TINY.setdefault("encoder", Choice().fit(["公积金提取", "失业保险", "pension"]))
    try:
        vector = encoder.encode_question(text)
    except UnicodeEncodeError:  # half a surrogate pair; intake removes them
        assert any("\ud800" <= one <= "\udfff" for one in text)
        return
    assert np.isfinite(vector).all()


_TINY: dict[str, Encoder] = {}


# Any model by name or folder


@pytest.mark.parametrize("content", [None, "{}"])
def test_a_folder_that_holds_no_model_is_named(tmp_path: Path, content: str | None) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    if content is not None:
        (folder / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(EncoderError) as caught:
        Choice(name=str(folder)).fit(TEXTS)
    assert str(caught.value).startswith(f"the encoder {str(folder)!r} cannot be loaded")
    assert str(caught.value).endswith("or set ENCODER=builtin")


def test_the_mark_names_what_makes_other_vectors() -> None:
    assert Options(batch_size=1, device="cuda").mark == ""
    told = Options(length=128, precision="float16", query_prompt="q: ", passage_prompt="p\n")
    assert told.mark == " length=128 precision='float16' query='q: ' passage='p\\n'"


def test_a_folders_revision_is_that_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "1_Pooling" / "config.json").write_text("{}", encoding="utf-8")
    before = revision_of(str(folder), model=None)
    (folder / "README.md").write_text("about", encoding="utf-8")
    assert revision_of(str(folder), model=None) == before
    (folder / "1_Pooling" / "config.json").write_text('{"a": 1}', encoding="utf-8")
    assert revision_of(str(folder), model=None) != before


@needs_minilm
@pytest.mark.slow
class TestModel:
    """A real transformer, through the same code path."""

    def test_text_longer_than_it_reads_is_split(self, minilm: str) -> None:
        encoder = Choice(name=minilm).fit(["English text."])
        text = "An employee may withdraw the fund. " * 200
        pieces = encoder.pieces(text)
        assert len(pieces) > 4
        assert "".join(pieces) == text
        # The model reads 256 tokens: cut at 254, what stands behind would make no difference.
        for piece in pieces:
            changed = encoder.encode_passages([piece.rstrip() + " Unicorns and dragons!"])
            assert not np.allclose(changed, encoder.encode_passages([piece]), atol=1e-3)

    def test_a_prompt_takes_its_part_of_the_window(self, minilm: str) -> None:
        plain = Choice(name=minilm).fit(["English text."])
        prompted = Choice(name=minilm, passage_prompt="passage: " * 20).fit(["English text."])
        text = "An employee may withdraw the fund. " * 33
        assert len(prompted.pieces(text)) > len(plain.pieces(text))
        assert not np.allclose(
            prompted.encode_passages(["fund"]), plain.encode_passages(["fund"]), atol=1e-2
        )

    def test_a_length_below_its_own_makes_shorter_pieces(self, minilm: str) -> None:
        plain, short = (
            Choice(name=minilm, length=length).fit(["English text."]) for length in (None, 32)
        )
        text = "An employee may withdraw the fund. " * 33
        assert len(short.pieces(text)) > 2 * len(plain.pieces(text))
        for piece in short.pieces(text):  # each is read to its last word
            *words, _ = piece.split()
            changed = short.encode_passages([" ".join([*words, "unicorn"])])
            assert not np.allclose(changed, short.encode_passages([piece]), atol=1e-3)

    def test_a_length_above_its_own_is_refused(self, minilm: str) -> None:
        with pytest.raises(EncoderError, match="reads 256 tokens at most; lower ENCODER_LENGTH"):
            Choice(name=minilm, length=257).fit(["English text."])

    def test_a_prompt_that_fills_the_window_is_refused(self, minilm: str) -> None:
        with pytest.raises(EncoderError, match="no room for text beside the passage prompt"):
            Choice(name=minilm, length=32, passage_prompt="passage " * 30).fit(["English text."])

    def test_half_precision_still_gives_unit_vectors(self, minilm: str) -> None:
        texts = ["An employee may withdraw the fund.", "Contracts bear stamp duty."]
        exact = Choice(name=minilm).fit(texts).encode_passages(texts)
        halved = Choice(name=minilm, precision="bfloat16").fit(texts).encode_passages(texts)
        assert lengths(halved) == pytest.approx([1, 1], abs=1e-6)
        assert np.allclose(halved, exact, atol=0.02)
        assert not np.array_equal(halved, exact)

    def test_what_changes_vectors_changes_the_revision(self, minilm: str, tmp_path: Path) -> None:
        plain = Choice(name=minilm)
        manifest = build([FOREIGN], tmp_path, encoder=plain.fit, calibrate=False)
        for other in (
            Choice(name=minilm, length=128),
            Choice(name=minilm, precision="bfloat16"),
            Choice(name=minilm, query_prompt="query: "),
            Choice(name=minilm, passage_prompt="passage: "),
        ):
            with pytest.raises(ReleaseMismatch) as caught:
                load(tmp_path / manifest.name, encoder=other.load, expect=minilm)
            assert f"this process needs {manifest.revision} " in str(caught.value)
            assert str(caught.value).endswith(
                "set model and ENCODER_ settings as they were, or build it again"
            )
        same = Choice(name=minilm, batch_size=7)
        assert len(load(tmp_path / manifest.name, encoder=same.load).legs.vectors) == 2

    def test_prompts_tell_questions_from_passages(self, minilm: str) -> None:
        encoder = Choice(name=minilm, query_prompt="query: ").fit(["English text."])
        same = encoder.encode_passages(["query: fund"])
        assert np.allclose(encoder.encode_question("fund"), same, atol=1e-5)

    def test_chinese_is_refused_in_words(self, minilm: str) -> None:
        with pytest.raises(EncoderError) as caught:
            Choice(name=minilm).fit(TEXTS)
        message = str(caught.value)
        assert message.startswith(f"the encoder {minilm!r} does not know ")
        assert message.endswith(
            "of the tokens of these documents: it was made for another language; "
            "choose a multilingual model or ENCODER=builtin"
        )

    def test_a_release_is_built_and_searched(self, minilm: str, tmp_path: Path) -> None:
        choice = Choice(name=minilm)
        tax = document("tax", "Notice on Stamp Duty", "Article 1 Contracts bear stamp duty.\n")
        manifest = build([FOREIGN, tax], tmp_path, encoder=choice.fit)
        folder = tmp_path / manifest.name
        assert (manifest.encoder, manifest.dimension) == (minilm, 384)
        assert not any(
            path.startswith("encoder/") for path in manifest.files
        )  # it lives elsewhere
        searcher = load(folder, encoder=choice.load, expect=minilm)
        # Words that the text does not have: only the model knows what they mean.
        hit = searcher("taking out one's own money before old age", TODAY).hits[0]
        assert hit.passage.text.startswith("Article 2")
        assert hit.vector > 0.3
        with pytest.raises(ReleaseMismatch, match="set ENCODER="):
            load(folder, encoder=Choice().load, expect="builtin")

    def test_another_revision_is_refused(self, minilm: str, tmp_path: Path) -> None:
        choice = Choice(name=minilm)
        manifest = build([FOREIGN], tmp_path, encoder=choice.fit, calibrate=False)
        other = Manifest(encoder=minilm, revision="other", dimension=384, documents=1, passages=1)
        with pytest.raises(ReleaseMismatch, match="encoder revision is other"):
            choice.load(other, tmp_path)
        assert read_manifest(tmp_path / manifest.name).revision.startswith("files-")


def _manifest(encoder: str) -> Manifest:
    return Manifest(encoder=encoder, revision=REVISION, dimension=1, documents=1, passages=1)
