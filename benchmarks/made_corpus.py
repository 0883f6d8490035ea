"""
A made library of any size, to see how the index grows: no text in it means anything.

    python -m benchmarks.made_corpus FOLDER [--passages 1000000] [--questions 200]

writes a set in BEIR layout. Clauses of the sample are put together anew, with figures and with
words of a made lexicon that are rare or frequent as words are (Zipf). Document n is the same on
every machine and in every run.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import Final, overload

from knowledge.types import Disclosure, Document, Kind, Lang

SAMPLE: Final = Path(__file__).parents[1] / "knowledge" / "sample" / "policies"
CLAUSES: Final = 8  # of a document; each is a passage
SENTENCES: Final = (1, 4)  # of a clause
WORDS: Final = 100_000  # of the lexicon
CHARACTERS: Final = 3_000  # that they are made of
_FIRST: Final = 0x4E00
_CLAUSE: Final = re.compile(r"[\u4e00-\u9fff]{6,30}")
_KINDS: Final = ("管理办法", "实施细则", "暂行规定", "若干措施", "工作方案", "服务指南")
_DIGITS: Final = "零一二三四五六七八九"


class MadeLibrary(Sequence[Document]):
    """Documents that are made when they are asked for, so that none is held."""

    def __init__(self, passages: int) -> None:
        self._count = max(1, passages // CLAUSES)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> list[Document]: ...
    def __getitem__(self, place: int | slice) -> Document | list[Document]:
        numbers = range(self._count)[place]
        return _document(numbers) if isinstance(numbers, int) else [*map(_document, numbers)]

    def questions(self, count: int) -> Iterator[tuple[str, str]]:
        """Questions, each with the id of the document that it was made from."""
        chance = random.Random(-1)  # noqa: S311 - not for secrets
        for _ in range(count):
            document = self[chance.randrange(len(self))]
            clause = chance.choice(document.text.splitlines()).partition(" ")[2]
            parts = [part for part in re.split("[，。]", clause) if part]
            asked = "".join(chance.sample(parts, min(2, len(parts))))
            yield f"{document.title[:8]}{asked}怎么办理？", document.id


def _document(number: int) -> Document:
    chance = random.Random(number)  # noqa: S311 - not for secrets
    title = f"{_word(chance)}市{_word(chance)}{_word(chance)}{chance.choice(_KINDS)}"
    clauses = (f"第{_DIGITS[n]}条 {_paragraph(chance)}" for n in range(1, CLAUSES + 1))
    return Document(
        id=f"made-{number}",
        title=title,
        text="\n".join(clauses) + "\n",
        language=Lang.ZH_HANS,
        kind=Kind.POLICY,
        source=f"https://example.test/made/{number}",
        disclosure=Disclosure.OPEN,
    )


def _paragraph(chance: random.Random) -> str:
    return "".join(_sentence(chance) for _ in range(chance.randint(*SENTENCES)))


def _sentence(chance: random.Random) -> str:
    known = chance.choice(_known())
    half = len(known) // 2
    figure = f"{chance.randrange(10, 5000)}元" if chance.random() < 0.3 else ""
    return f"{known[:half]}{_word(chance)}{known[half:]}，{_word(chance)}{_word(chance)}{figure}。"


def _word(chance: random.Random) -> str:
    words, weights = _lexicon()
    return chance.choices(words, cum_weights=weights)[0]


@cache
def _known() -> tuple[str, ...]:
    """Clauses of the sample."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SAMPLE.glob("*.md"))]
    return tuple(sorted({clause for text in texts for clause in _CLAUSE.findall(text)}))


@cache
def _lexicon() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Words of two or three characters, and running sums of how frequent they are."""
    chance = random.Random(0)  # noqa: S311 - not for secrets
    characters = [chr(_FIRST + 7 * n) for n in range(CHARACTERS)]
    frequent = tuple(accumulate(1 / rank for rank in range(1, CHARACTERS + 1)))
    words = tuple(
        "".join(chance.choices(characters, cum_weights=frequent, k=chance.choice((2, 2, 3))))
        for _ in range(WORDS)
    )
    return words, tuple(accumulate(1 / rank for rank in range(1, WORDS + 1)))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--passages", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=200)
    given = parser.parse_args()
    library = MadeLibrary(given.passages)
    given.folder.mkdir(parents=True, exist_ok=True)
    with (given.folder / "corpus.jsonl").open("w", encoding="utf-8") as file:
        for one in library:
            row = {"_id": one.id, "title": one.title, "text": one.text}
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
    asked = list(library.questions(given.questions))
    with (given.folder / "queries.jsonl").open("w", encoding="utf-8") as file:
        for number, (text, _) in enumerate(asked):
            file.write(json.dumps({"_id": str(number), "text": text}, ensure_ascii=False) + "\n")
    rows = (f"{number}\t{name}\t1\n" for number, (_, name) in enumerate(asked))
    heading = "query-id\tcorpus-id\tscore\n"
    (given.folder / "qrels.tsv").write_text(heading + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
