"""What the classifier has to know of a study: its answers and its codebook, as arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from themecoder.classifier.features import Known, known
from themecoder.classifier.model import Answers, CodebookTexts, Texts
from themecoder.classifier.words import WordSpace
from themecoder.codebook.model import Codebook
from themecoder.embeddings.text_vectors import TextVectors
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.code_texts import CodeText, code_texts
from themecoder.themes.corpus import build_corpus
from themecoder.themes.segments import Segment
from themecoder.workspace.encoders import embed_texts, text_vectors
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True)
class KnownStudy:
    """``answers``: the ids of the answers with content, in the order of the rows; ``segments``: in
    the order of theirs; ``codes``: the ids of the codes, in the order of the columns."""

    known: Known
    answers: tuple[str, ...]
    segments: tuple[Segment, ...]
    codes: tuple[str, ...]

    @property
    def places(self) -> Mapping[str, int]:
        """answer_id -> its row."""
        return {answer: row for row, answer in enumerate(self.answers)}


@dataclass(frozen=True)
class StudyTexts:
    """A study's answers with content, and the texts of codebooks, in one space.

    ``ids``: of the answers, in the order of their rows; ``segments``: in the order of theirs;
    ``codes``: the ids of all codes that have texts, in the order of the columns; ``books``: the
    texts of each codebook that was asked for.
    """

    answers: Answers
    ids: tuple[str, ...]
    segments: tuple[Segment, ...]
    codes: tuple[str, ...]
    books: tuple[CodebookTexts, ...]


def known_study(study: StudyFolder) -> KnownStudy | None:
    """All questions together, for what is said of a code at one question holds at the others.
    None where the study has no codebook, or no answer with content."""
    corpus = study.once(build_corpus)
    if not corpus.code_texts or not any(corpus.masked.values()):
        return None
    found = study_texts(study, [study.required_codebook()])
    return KnownStudy(
        known(found.answers, found.books[0], study.config.seed),
        found.ids,
        found.segments,
        found.codes,
    )


def study_texts(study: StudyFolder, books: Sequence[Codebook]) -> StudyTexts:
    """The answers of a study that has any with content, beside the texts of ``books``."""
    corpus = study.once(build_corpus)
    masked = {answer: text for own in corpus.masked.values() for answer, text in own.items()}
    answers = tuple(masked)
    segments = tuple(segment for own in corpus.segments.values() for segment in own)
    texts = [text.masked for text in masked.values()]
    by_book = [code_texts(book) for book in books]
    pieces = _each_once(by_book)
    vectors = corpus.vectors
    if not {piece.text for piece in pieces} <= vectors.places.keys():
        vectors = _embedded(study, {*vectors.places, *(piece.text for piece in pieces)})
    space = vectors.space(texts)
    words = WordSpace([*texts, *(piece.text for piece in pieces)])

    def of(some: Sequence[str]) -> Texts:
        return Texts(vectors.placed(some, space), words.of(some))

    places = {answer: row for row, answer in enumerate(answers)}
    names = [AnswerId.parse(answer) for answer in answers]
    questions = list(corpus.masked)
    codes = tuple(dict.fromkeys(piece.code for piece in pieces))
    column = {code: place for place, code in enumerate(codes)}
    return StudyTexts(
        Answers(
            whole=of(texts),
            segments=of([segment.text for segment in segments]),
            owners=np.array([places[s.answer_id] for s in segments], dtype=np.int64),
            lengths=np.array([len(s.text) for s in segments], dtype=np.float64),
            questions=np.array([questions.index(name.question) for name in names]),
            respondents=np.unique([name.respondent for name in names], return_inverse=True)[1],
        ),
        answers,
        segments,
        codes,
        tuple(
            CodebookTexts(
                texts=of([piece.text for piece in own]),
                codes=np.array([column[piece.code] for piece in own], dtype=np.int64),
                kinds=np.array([piece.kind for piece in own], dtype=np.int64),
                instead=np.array([column.get(piece.instead, -1) for piece in own], dtype=np.int64),
                expected=_expected(book, column, questions),
            )
            for book, own in zip(books, by_book, strict=True)
        ),
    )


def _each_once(by_book: Sequence[Sequence[CodeText]]) -> list[CodeText]:
    """The pieces of the first codebook, and of each later one those that are new in it."""
    pieces = list(by_book[0])
    for own in by_book[1:]:
        known_pieces = set(pieces)
        pieces += [piece for piece in own if piece not in known_pieces]
    return pieces


def _embedded(study: StudyFolder, texts: set[str]) -> TextVectors:
    """All are embedded together: without a trained encoder a vector depends on what else is
    there."""
    unique = sorted(texts)
    return text_vectors(study, unique, embed_texts(study, unique)[1])


def _expected(
    book: Codebook, column: Mapping[str, int], questions: Sequence[str]
) -> npt.NDArray[np.bool_]:
    """(codes, questions) where the codebook expects a code."""
    expected = np.ones((len(column), len(questions)), dtype=bool)
    for code in book.active:
        if code.questions:
            expected[column[code.id]] = [question in code.questions for question in questions]
    return expected
