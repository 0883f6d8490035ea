"""An answer taken apart: what why.py finds, and what people and programs read of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.types import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A term of the question itself."""

    term: str
    weight: float  # 0: no document has it
    mass: float  # share of the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A thing of the glossary that the question names."""

    word: str
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question as the search reads it."""

    language: str  # BCP 47; "" if nothing tells
    folded: str
    left_out: tuple[str, ...]  # terms of the frame (请问, 什么 …), and those on its seams
    terms: tuple[Term, ...]
    things: tuple[Meant, ...]
    told_in: tuple[str, ...]  # words in which an answer would tell what is asked for
    on: date  # the day that it asks for: its own, or the one it was asked as of
    named: tuple[str, ...]  # ids of documents that it names by number or title
    places: int  # clauses of them that it names
    alone: bool  # it asks for what it names and for nothing else


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one leg says of a document or a passage."""

    id: str
    title: str
    score: float  # BM25 times the prior of the source, or the cosine
    binds: bool  # on that day; what does not is searched apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the best passages, with the parts that its score is the sum of."""

    passage: str  # id
    title: str
    address: str
    text: str
    probability: float
    named: bool  # by the question, so that it was not searched for: its score is 0
    score: float
    reranker: float | None  # what the reranker says of it, 0 to 1; None if it did not read it
    document: float  # BM25 of the document, times the prior of its source
    window: float  # likewise of its best two sentences
    keywords: float  # part: both as a share of the best, and what else is added to them
    vector: float  # part: the cosine times its weight
    covered: float  # part: share of the question in the window
    said: float  # part: share of it in the passage itself
    reranked: float  # part: what the reranker says, times its weight
    lacks: tuple[Term, ...]  # what it does not say in any word, the weightiest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    name: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Second:
    """The reranker that read the best candidates again."""

    name: str
    weight: float  # 0: it changes no order; it is a feature all the same
    top: int  # candidates that it reads


@dataclass(frozen=True, slots=True, kw_only=True)
class Outdated:
    """A passage that no longer binds; it can only be named."""

    passage: str  # id
    title: str
    standing: Standing
    successor: str  # title
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    release: str
    question: str
    on: date
    asked: Asked
    documents: tuple[Scored, ...]  # the keyword leg, best first
    nearest: tuple[Scored, ...]  # the vector leg: passages
    candidates: tuple[Candidate, ...]  # the first would answer; the others are near misses
    features: tuple[Feature, ...]  # of the first candidate
    bias: float
    by_features: float  # the probability that they give
    probability: float  # of the first hit; another one if it is named
    line: float  # the probability must be above it
    clarify: float | None  # above it passages may be offered; None: not measured
    answers: bool
    reranker: Second | None  # None: it took no part
    outdated: tuple[Outdated, ...]
    conflict: tuple[str, str] | None  # ids of passages that disagree, so that neither answers
