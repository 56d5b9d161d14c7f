"""What the classifier has to know of a study: its answers and its codebook, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from themecoder.classifier.features import Known, known
from themecoder.classifier.model import Answers, CodebookTexts, Texts
from themecoder.classifier.words import WordSpace
from themecoder.embeddings.space import Space
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.corpus import build_corpus
from themecoder.themes.segments import Segment
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


def known_study(study: StudyFolder) -> KnownStudy | None:
    """All questions together, for what is said of a code at one question holds at the others.
    None where the study has no codebook, or no answer with content."""
    corpus = study.once(build_corpus)
    masked = {answer: text for own in corpus.masked.values() for answer, text in own.items()}
    if not corpus.code_texts or not masked:
        return None
    answers = tuple(masked)
    segments = tuple(segment for own in corpus.segments.values() for segment in own)
    texts = [text.masked for text in masked.values()]
    pieces = [piece.text for piece in corpus.code_texts]
    space = Space.of(corpus.blocks_of(texts))
    words = WordSpace([*texts, *pieces])

    def of(some: list[str]) -> Texts:
        return Texts(space.place(corpus.blocks_of(some)), words.of(some))

    places = {answer: row for row, answer in enumerate(answers)}
    names = [AnswerId.parse(answer) for answer in answers]
    questions = list(corpus.masked)
    codes = tuple(dict.fromkeys(piece.code for piece in corpus.code_texts))
    column = {code: place for place, code in enumerate(codes)}
    book = study.required_codebook()
    expected = np.ones((len(codes), len(questions)), dtype=bool)
    for code in book.active:
        if code.questions:
            expected[column[code.id]] = [question in code.questions for question in questions]
    return KnownStudy(
        known(
            Answers(
                whole=of(texts),
                segments=of([segment.text for segment in segments]),
                owners=np.array([places[s.answer_id] for s in segments], dtype=np.int64),
                lengths=np.array([len(s.text) for s in segments], dtype=np.float64),
                questions=np.array([questions.index(name.question) for name in names]),
                respondents=np.unique([name.respondent for name in names], return_inverse=True)[1],
            ),
            CodebookTexts(
                texts=of(pieces),
                codes=np.array([column[piece.code] for piece in corpus.code_texts]),
                kinds=np.array([piece.kind for piece in corpus.code_texts]),
                instead=np.array([column.get(piece.instead, -1) for piece in corpus.code_texts]),
                expected=expected,
            ),
            study.config.seed,
        ),
        answers,
        segments,
        codes,
    )
