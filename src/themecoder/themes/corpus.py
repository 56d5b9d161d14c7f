"""A study's texts as mining needs them: masked answers, their segments, vectors of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from themecoder.classifier.model import SAYS
from themecoder.embeddings.space import Encoder, Vectors
from themecoder.embeddings.text_vectors import TextVectors
from themecoder.masking.model import MaskedText
from themecoder.themes.cluster import EmbeddedTexts, background, gives_background
from themecoder.themes.code_texts import CodeText, code_texts
from themecoder.themes.granularity import Background, Context
from themecoder.themes.model import IntArray
from themecoder.themes.segments import Segment, cut
from themecoder.workspace.encoders import embed_texts, encoders_here, text_vectors
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True)
class QuestionCorpus:
    """One question: m answers with content, their n segments, the pieces of text of the codes.

    All vectors lie in the space of the question's own answers. ``code_ids`` names the code of each
    row of ``code_vectors``.
    """

    answer_ids: Sequence[str]
    answers: EmbeddedTexts
    segments: Sequence[Segment]
    owners: IntArray
    vectors: Vectors
    code_ids: tuple[str, ...]
    code_vectors: Vectors
    context: Context | None

    @property
    def texts(self) -> list[str]:
        """The texts of the segments."""
        return [segment.text for segment in self.segments]


@dataclass(frozen=True)
class Corpus:
    """All answers with content of a study, and the vectors of their texts."""

    encoders: Sequence[Encoder]
    missing: Sequence[str]
    """The encoders of study.toml that are not on this machine."""
    masked: Mapping[str, Mapping[str, MaskedText]]
    """Question -> answer_id -> masked text, sorted by answer_id."""
    segments: Mapping[str, Sequence[Segment]]
    code_texts: Sequence[CodeText]
    vectors: TextVectors

    def question(self, question: str) -> QuestionCorpus:
        masked = self.masked[question]
        texts = [text.masked for text in masked.values()]
        space = self.vectors.space(texts)
        place = {answer_id: index for index, answer_id in enumerate(masked)}
        segments = self.segments[question]
        says = [piece for piece in self.code_texts if piece.kind == SAYS]
        return QuestionCorpus(
            answer_ids=tuple(masked),
            answers=EmbeddedTexts(self.vectors.placed(texts, space), texts),
            segments=segments,
            owners=np.array([place[segment.answer_id] for segment in segments], dtype=np.int64),
            vectors=self.vectors.placed([segment.text for segment in segments], space),
            code_ids=tuple(piece.code for piece in says),
            code_vectors=self.vectors.placed([piece.text for piece in says], space),
            context=self._context(question),
        )

    def answer_vectors(self, question: str) -> Mapping[str, Vectors]:
        """answer_id -> the vector of the whole answer, in the space of the question's answers."""
        masked = self.masked[question]
        texts = [text.masked for text in masked.values()]
        vectors = self.vectors.placed(texts, self.vectors.space(texts))
        return dict(zip(masked, vectors, strict=True))

    @cached_property
    def _background(self) -> Background | None:
        """The neighbour graph of the answers to all questions together."""
        texts = [text.masked for masked in self.masked.values() for text in masked.values()]
        if not gives_background(len(texts)):
            return None
        vectors = self.vectors.placed(texts, self.vectors.space(texts))
        return background(EmbeddedTexts(vectors, texts))

    def _context(self, question: str) -> Context | None:
        if len(self.masked) < 2 or self._background is None:
            return None
        first = 0
        for name, masked in self.masked.items():
            if name == question:
                return Context(self._background, np.arange(first, first + len(masked)))
            first += len(masked)
        raise KeyError(question)


def build_corpus(study: StudyFolder) -> Corpus:
    """Mask, cut and embed all answers with content of ``study``, and its codebook's texts.

    All questions are embedded whichever is mined, so that the result of one does not depend on
    which others were asked for.
    """
    texts = study.masked_texts()
    masked = {
        question: {
            answer.answer_id: texts[answer.answer_id]
            for answer in study.answers(question)
            if not study.contentless(answer.text)
        }
        for question in study.questions
    }
    segments = {
        question: [
            segment
            for answer_id, text in answers.items()
            for segment in cut(answer_id, text.masked, study.config.language_of(question))
        ]
        for question, answers in masked.items()
    }
    codebook = study.codebook
    pieces = code_texts(codebook) if codebook else []
    all_texts = {text.masked for answers in masked.values() for text in answers.values()}
    all_texts |= {segment.text for own in segments.values() for segment in own}
    unique = sorted(all_texts | {piece.text for piece in pieces})
    # fitted on the answers only: themes are found in them, whatever stands in the codebook
    encoders, blocks = embed_texts(study, unique, sorted(all_texts))
    missing = study.once(encoders_here)[1]
    vectors = text_vectors(study, unique, blocks)
    return Corpus(encoders, missing, masked, segments, pieces, vectors)
