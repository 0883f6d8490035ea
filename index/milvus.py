"""
Vectors of releases in Milvus, for more passages than one machine holds.

The only module that imports pymilvus, and only when it is used. A release names its collection
in `vectors.json`. The name is a digest of the vectors: so the digest of the release covers them,
two builds of the same input share a collection, and one that a killed build left half written
is found by its name and written again.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from index.errors import ReleaseBroken, VectorsMissing
from index.types import Rows, Scores, Vectors

PLACE: Final = "vectors.json"
PREFIX: Final = "mingbai_"  # of our collections
EXACT: Final = 100_000  # rows up to which Milvus compares with each; beyond, it chooses an index
ROWS: Final = 1000  # rows a message: at 1024 dimensions 4 MB of the 64 that gRPC allows
BUILD_S: Final = 600.0  # for a step of a build or of loading
AGAIN_S: Final = 10.0  # after a search that failed, questions do without for so long
LITE: Final = ".db"  # the ending of a file that Milvus Lite keeps
_SCHEMES: Final = {"milvus": "http", "milvus+tls": "https"}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the vectors of a release are."""

    collection: str
    rows: int
    dimension: int

    @classmethod
    def of(cls, vectors: Vectors) -> Self:
        digest = hashlib.sha256(f"{vectors.shape}".encode())
        for start in range(0, len(vectors), ROWS):
            digest.update(np.ascontiguousarray(vectors[start : start + ROWS]).tobytes())
        name = f"{PREFIX}{digest.hexdigest()[:32]}"
        return cls(collection=name, rows=len(vectors), dimension=vectors.shape[1])

    @classmethod
    def read(cls, folder: Path) -> Self:
        try:
            return cls(**json.loads((folder / PLACE).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise ReleaseBroken(folder, f"{PLACE} cannot be read ({error})") from error

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=2)
        (folder / PLACE).write_text(text + "\n", encoding="utf-8")


class MilvusStore:
    """One collection a release. Give each folder of releases a database of its own."""

    def __init__(self, url: str, *, token: str = "", timeout_s: float = 2.0) -> None:
        """`url` is milvus://host:port[/database], milvus+tls://…, or a file of Milvus Lite."""
        self._url = url
        self._token = token
        self._timeout_s = timeout_s
        self._client: Any = None
        self._connecting = threading.Lock()

    def write(self, vectors: Vectors, folder: Path, /) -> MilvusIndex:
        place = Place.of(vectors)
        place.write(folder)  # first: what a folder names is not swept away
        client = self._connect()
        with self._in_words(f"does not take the vectors as {place.collection}"):
            if not _is_whole(client, place):
                client.drop_collection(place.collection, timeout=BUILD_S)
                _create(client, place)
                _insert(client, place, vectors)
        index = MilvusIndex(client, place, in_words=self._in_words, timeout_s=BUILD_S)
        index.load(timeout_s=BUILD_S)
        return index

    def open(self, folder: Path, /) -> Patient:
        place = Place.read(folder)
        client = self._connect()
        with self._in_words(f"does not give out {place.collection}"):
            whole = _is_whole(client, place)
        if not whole:
            raise VectorsMissing(
                f"Milvus at {self._url} does not hold the {place.rows} vectors of release "
                f"{folder.name} (collection {place.collection}); build again, or check INDEX_URL"
            )
        index = MilvusIndex(client, place, in_words=self._in_words, timeout_s=self._timeout_s)
        index.load(timeout_s=BUILD_S)
        return Patient(index)

    def sweep(self, root: Path, /) -> None:
        """Remove the collections that no release and no draft below `root` names."""
        needed = {Place.read(path.parent).collection for path in root.glob(f"*/{PLACE}")}
        client = self._connect()
        with self._in_words("does not remove old collections"):
            for name in client.list_collections(timeout=BUILD_S):
                if name.startswith(PREFIX) and name not in needed:
                    client.drop_collection(name, timeout=BUILD_S)

    def _connect(self) -> Any:
        with self._connecting:
            if self._client is None:
                try:
                    from pymilvus import MilvusClient  # noqa: PLC0415 - an extra, and takes seconds
                except ImportError as error:
                    raise VectorsMissing(
                        "INDEX_URL names Milvus, for which a library is missing; "
                        "run `pip install 'mingbai[milvus]'`"
                    ) from error
                # It prints every failure with its traceback; we say it once, in words.
                for name in ("pymilvus", "milvus_lite"):
                    logging.getLogger(name).setLevel(logging.CRITICAL)
                with self._in_words("cannot be reached"):
                    self._client = MilvusClient(
                        uri=_uri(self._url), token=self._token, timeout=max(self._timeout_s, 10)
                    )
            return self._client

    @contextmanager
    def _in_words(self, problem: str) -> Iterator[None]:
        try:
            yield
        except Exception as error:  # gRPC, its channels and the client each have their own
            reason = " ".join((getattr(error, "message", "") or str(error)).split())
            raise VectorsMissing(
                f"Milvus at {self._url} {problem} ({reason}); "
                "check whether it runs, INDEX_URL and INDEX_TOKEN"
            ) from error


class MilvusIndex:
    """A collection behind our port. Raises VectorsMissing when Milvus fails."""

    away: Final = False  # it raises instead

    def __init__(
        self,
        client: Any,
        place: Place,
        *,
        in_words: Callable[[str], Any],
        timeout_s: float,
    ) -> None:
        self._client = client
        self._place = place
        self._in_words = in_words
        self._timeout_s = timeout_s

    def __len__(self) -> int:
        return self._place.rows

    def load(self, *, timeout_s: float | None = None) -> None:
        """Have Milvus take the collection into memory; nothing if it is there."""
        with self._in_words(f"does not load {self._place.collection}"):
            self._client.load_collection(
                self._place.collection, timeout=timeout_s or self._timeout_s
            )

    def vectors(self, rows: Sequence[int], /) -> Vectors:
        found: dict[int, Any] = {}
        with self._in_words("does not give out vectors"):
            for start in range(0, len(rows), ROWS):
                for one in self._client.get(
                    self._place.collection,
                    ids=list(rows[start : start + ROWS]),
                    output_fields=["row", "vector"],
                    timeout=BUILD_S,
                ):
                    found[int(one["row"])] = one["vector"]
            values = [found[int(row)] for row in rows]
        return np.asarray(values, dtype=np.float32).reshape(len(rows), self._place.dimension)

    def search(self, question: Vectors, /, *, limit: int) -> tuple[Rows, Scores]:
        if question.shape[1] != self._place.dimension:
            raise ValueError(
                f"a question of {question.shape[1]} dimensions among vectors of "
                f"{self._place.dimension}"
            )
        limit = min(limit, len(self))
        if limit < 1:
            return _nothing()
        with self._in_words("does not search"):
            [found] = self._client.search(
                self._place.collection,
                data=question.tolist(),
                limit=limit,
                output_fields=["row"],
                # A collection does not change once it is whole: there is nothing to wait for.
                consistency_level="Eventually",
                timeout=self._timeout_s,
            )
            scores = np.asarray([one["distance"] for one in found], dtype=np.float32)
            rows = np.asarray([one["row"] for one in found], dtype=np.int64)
        order = np.lexsort((rows, -scores))
        return rows[order], scores[order]


class Patient:
    """Finds nothing while Milvus is away, says so once, and looks again after a while."""

    def __init__(self, index: MilvusIndex, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        self._away_until: float | None = None  # None: it answered last time

    def __len__(self) -> int:
        return len(self._index)

    @property
    def away(self) -> bool:
        return self._away_until is not None

    def vectors(self, rows: Sequence[int], /) -> Vectors:
        return self._index.vectors(rows)

    def search(self, question: Vectors, /, *, limit: int) -> tuple[Rows, Scores]:
        away_until = self._away_until
        if away_until is not None and self._clock() < away_until:
            return _nothing()
        try:
            if away_until is not None:
                self._index.load()  # it may have started anew
            found = self._index.search(question, limit=limit)
        except VectorsMissing as error:
            self._away_until = self._clock() + AGAIN_S
            if away_until is None:
                logger.error("%s; questions are answered by keywords alone", error)  # noqa: TRY400 - its words are enough
            return _nothing()
        if away_until is not None:
            self._away_until = None
            logger.warning("Milvus answers again")
        return found


def _nothing() -> tuple[Rows, Scores]:
    return np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32)


def _uri(url: str) -> str:
    """As the client wants it; the folder of a file is made."""
    if url.endswith(LITE):
        Path(url).parent.mkdir(parents=True, exist_ok=True)
        return url
    scheme, _, rest = url.partition("://")
    return f"{_SCHEMES[scheme]}://{rest}"


def _is_whole(client: Any, place: Place) -> bool:
    """Whether the collection has all the rows, of that dimension, on the disk of the server."""
    if not client.has_collection(place.collection, timeout=BUILD_S):
        return False
    told = client.get_collection_stats(place.collection, timeout=BUILD_S)
    fields = client.describe_collection(place.collection, timeout=BUILD_S)["fields"]
    dimension = next(field["params"]["dim"] for field in fields if field["name"] == "vector")
    return int(told["row_count"]) == place.rows and int(dimension) == place.dimension


def _create(client: Any, place: Place) -> None:
    from pymilvus import DataType  # noqa: PLC0415 - an extra

    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("row", DataType.INT64, is_primary=True)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=place.dimension)
    index = client.prepare_index_params()
    kind = "FLAT" if place.rows <= EXACT else "AUTOINDEX"
    index.add_index("vector", index_type=kind, metric_type="IP")  # of unit vectors: the cosine
    client.create_collection(place.collection, schema=schema, index_params=index, timeout=BUILD_S)


def _insert(client: Any, place: Place, vectors: Vectors) -> None:
    for start in range(0, len(vectors), ROWS):
        block = vectors[start : start + ROWS]
        rows = [{"row": start + n, "vector": vector} for n, vector in enumerate(block)]
        client.insert(place.collection, rows, timeout=BUILD_S)
    client.flush(place.collection, timeout=BUILD_S)
