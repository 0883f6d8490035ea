"""Haystack: its in-memory store, BM25 and vectors joined by reciprocal rank."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.retrievers.in_memory import (
    InMemoryBM25Retriever,
    InMemoryEmbeddingRetriever,
)
from haystack.document_stores.in_memory import InMemoryDocumentStore

from benchmarks.measure import peak_mib, resident_mib, size_mib
from benchmarks.peers.work import PASSAGES, Work


def main(folder: Path) -> None:
    work = Work.load(folder)
    encode = work.encoder()
    started = time.perf_counter()
    store = InMemoryDocumentStore(return_embedding=False)
    store.write_documents(
        [
            Document(id=str(number), content=text, embedding=vector.tolist())
            for number, (text, vector) in enumerate(zip(work.texts, work.vectors, strict=True))
        ]
    )
    built = time.perf_counter() - started
    peak = peak_mib()
    saved = folder / "haystack" / "store.json"
    saved.parent.mkdir(exist_ok=True)
    store.save_to_disk(str(saved))
    started = time.perf_counter()
    store = InMemoryDocumentStore.load_from_disk(str(saved))
    loaded = time.perf_counter() - started

    pipeline = Pipeline()
    pipeline.add_component("keywords", InMemoryBM25Retriever(store, top_k=PASSAGES))
    pipeline.add_component("vectors", InMemoryEmbeddingRetriever(store, top_k=PASSAGES))
    pipeline.add_component("joined", DocumentJoiner("reciprocal_rank_fusion"))
    pipeline.connect("keywords", "joined")
    pipeline.connect("vectors", "joined")

    def search(question: str) -> list[str]:
        asked = {
            "keywords": {"query": question},
            "vectors": {"query_embedding": encode(question).tolist()},
        }
        found = pipeline.run(asked)["joined"]["documents"]
        return [work.ids[int(one.id)] for one in found]

    work.report(
        search,
        build_s=round(built, 2),
        load_s=round(loaded, 2),
        peak_mib=peak,
        resident_mib=resident_mib(),
        size_mib=size_mib(saved.parent),
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
