"""A study's answers to look through: those of a coder's desk, or all of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from themecoder.answers_search.answers import Answers, Coded, IntArray, Machine, Vectors, same_texts
from themecoder.answers_search.find import Found, Query, find, likeness_to
from themecoder.answers_search.words import BoolArray, WordIndex, word_index
from themecoder.coding.desk.study_desk import Desk
from themecoder.coding.exchange.beside import ALL, beside
from themecoder.coding.model import Coding
from themecoder.coding.read import coding_by_coder
from themecoder.coding.read import codings as codings_of
from themecoder.coding.source import CodingSource
from themecoder.coding.suggestions.doubt import Doubt, machine_doubt
from themecoder.embeddings.space import combine
from themecoder.errors import InputError, Problem
from themecoder.language.spacy_pipeline import load_pipeline
from themecoder.language.tokens import Token
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.encoders import embed_texts
from themecoder.workspace.folder import StudyFolder


@dataclass
class AnswerSearch:
    """Answers that are looked through, and what may be seen of their coding, which changes while
    people code. Base forms, meaning and what the machine doubts are worked out when somebody first
    asks for them. ``told`` (n,): of which answers it may be told what the machine doubts."""

    study: StudyFolder
    answers: Answers
    coded: Coded
    told: BoolArray

    def find(self, query: Query) -> Found:
        """The rows that ``query`` asks for; see ``find``."""
        if query.words.strip() and query.any_form and self.answers.words.of_form is None:
            self.answers = replace(self.answers, words=self._word_index())
        machine = self._machine() if query.of_machine else None
        if not query.like:
            return find(self.answers, self.coded, query, machine=machine)
        if query.like not in self.place_of:
            params = {"found": query.like[:60], "known": "-"}
            raise InputError(Problem("search.like", params))
        vectors, rows = self.vectors
        likeness = likeness_to(vectors, rows, self.place_of[query.like])
        return find(self.answers, self.coded, query, likeness, machine)

    def _machine(self) -> Machine:
        """Raises InputError where nothing may be told of what the machine doubts, or can be."""
        doubts = self.study.once(machine_doubt) if self.told.any() else {}
        if not doubts:
            raise InputError(Problem("search.machine"))
        nothing = Doubt(float("nan"), False)
        found = [
            doubts.get(answer, nothing) if told else nothing
            for answer, told in zip(self.answers.ids, self.told.tolist(), strict=True)
        ]
        return Machine(
            np.array([one.much for one in found], dtype=np.float64),
            np.array([one.unsure for one in found], dtype=np.bool_),
        )

    def _word_index(self) -> WordIndex:
        answers, config = self.answers, self.study.config
        cache = self.study.paths.lemmas_cache
        tokens: dict[str, tuple[Token, ...]] = {}
        for language in config.answer_languages:
            own = list(
                dict.fromkeys(
                    text
                    for text, question in zip(answers.texts, answers.questions, strict=True)
                    if config.language_of(str(question)) == language
                )
            )
            lemmas = load_pipeline(language, cache=cache, notice=self.study.notice)
            tokens |= dict(zip(own, lemmas(own), strict=True))
        return word_index(answers.texts, (tokens[text] for text in answers.texts))

    @cached_property
    def place_of(self) -> dict[str, int]:
        """answer_id -> its place."""
        return {answer: place for place, answer in enumerate(self.answers.ids)}

    @cached_property
    def vectors(self) -> tuple[Vectors, IntArray]:
        """The vectors of the texts that say something, and which of them each answer has (-1)."""
        texts = self.answers.texts
        says = [not self.study.contentless(text) for text in texts]
        unique = sorted({text for text, own in zip(texts, says, strict=True) if own})
        if not unique:
            return np.zeros((0, 1), dtype=np.float32), np.full(len(texts), -1)
        place = {text: row for row, text in enumerate(unique)}
        rows = [place[text] if own else -1 for text, own in zip(texts, says, strict=True)]
        return combine(embed_texts(self.study, unique)[1]), np.array(rows, dtype=np.int64)


def search_desk(study: StudyFolder, desk: Desk) -> AnswerSearch:
    """What a coder's desk has: her own answers and coding, and no more of respondents than is told
    her beside the answers."""
    ids = [one.row.answer_id for one in desk.rows]
    attributes = {
        column.name: [column.of.get(AnswerId.parse(answer).respondent, "") for answer in ids]
        for column in desk.beside
    }
    made = _answers(ids, [one.row.text for one in desk.rows], attributes)
    return AnswerSearch(study, made, coded_at(desk), told_at(desk))


def coded_at(desk: Desk) -> Coded:
    """A coder's own coding of what is on her desk."""
    return _coded([one.row.coding for one in desk.rows], [code.id for code in desk.book.usable])


def told_at(desk: Desk) -> BoolArray:
    """Of which answers a coder may know what the machine doubts: not of those that she codes
    without suggestions, for that is a suggestion too."""
    return np.array([not one.planned.blind for one in desk.rows], dtype=np.bool_)


def search_study(study: StudyFolder) -> AnswerSearch:
    """All answers of a study, with what all coders say of them: for who leads the study, and not
    for who codes in it."""
    texts = study.masked_texts()
    ids = [one.answer_id for question in study.questions for one in study.answers(question)]
    attributes = {
        column.name: [column.of.get(AnswerId.parse(answer).respondent, "") for answer in ids]
        for column in beside(study, [ALL])
    }
    made = _answers(ids, [texts[answer].masked for answer in ids], attributes)
    return AnswerSearch(study, made, coded_in(study, ids), np.ones(len(ids), dtype=np.bool_))


def coded_in(study: StudyFolder, ids: Sequence[str]) -> Coded:
    """The coding of ``ids`` by all coders: an answer has a code where one of them gave it."""
    book = study.codebook
    place = {answer: n for n, answer in enumerate(ids)}
    found = _coded([None] * len(ids), [code.id for code in book.usable] if book else [])
    states = [""] * len(ids)
    coders: dict[str, BoolArray] = {}
    for question in study.questions:
        for coder, codings in coding_by_coder(study, question).items():
            own = coders.setdefault(coder, np.zeros(len(ids), dtype=np.bool_))
            for coding in codings:
                if coding.answer_id not in place:
                    continue
                n = place[coding.answer_id]
                own[n] = True
                states[n] = max(states[n], coding.state, key=_STRONGER.index)
                found.doubt[n] |= coding.uncertain
                for code in coding.codes:
                    if code in found.codes:
                        found.codes[code][n] = True
    return Coded(np.array(states, dtype=np.str_), found.codes, found.doubt, coders)


def coded_from(study: StudyFolder, ids: Sequence[str], source: CodingSource) -> Coded:
    """The coding of ``ids`` that ``source`` counts, one coding per answer."""
    book = study.required_codebook()
    settled = {
        answer: coding
        for question in study.questions
        for answer, coding in codings_of(study, question, source, book).items()
    }
    return _coded([settled.get(answer) for answer in ids], [code.id for code in book.usable])


_STRONGER = ("", "skipped", "no_code", "coded")
"""Where coders say different things of an answer, the last of what they say is its state."""


def _answers(ids: Sequence[str], texts: Sequence[str], attributes: dict[str, list[str]]) -> Answers:
    questions = [AnswerId.parse(answer).question for answer in ids]
    return Answers(
        ids,
        np.array(questions, dtype=np.str_),
        texts,
        word_index(texts),
        same_texts(texts),
        np.arange(len(ids)),
        {name: np.array(groups, dtype=np.str_) for name, groups in attributes.items()},
    )


def _coded(codings: Sequence[Coding | None], codes: Sequence[str]) -> Coded:
    has = {code: np.zeros(len(codings), dtype=np.bool_) for code in codes}
    for n, coding in enumerate(codings):
        for code in coding.codes if coding else ():
            if code in has:
                has[code][n] = True
    return Coded(
        np.array([coding.state if coding else "" for coding in codings], dtype=np.str_),
        has,
        np.array([bool(coding and coding.uncertain) for coding in codings], dtype=np.bool_),
    )
