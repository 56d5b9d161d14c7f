"""Suggested codes for a study's answers, from the codebook and from all coding there is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.assistant.opinion_files import opinion_files
from themecoder.assistant.study_opinions import opinion_table
from themecoder.classifier.cross_fitting import cross_fitted
from themecoder.classifier.learn import learn
from themecoder.classifier.model import Coded, FloatArray
from themecoder.codebook.files.origins import read_origins
from themecoder.codebook.origins import DISCARDED
from themecoder.coding.by_people import all_adjudicated_codings, coding_of_all_questions
from themecoder.coding.model import Coding
from themecoder.coding.suggestions.files import Suggested, read_suggestions, write_suggestions
from themecoder.coding.suggestions.freshness import note_suggestions
from themecoder.coding.suggestions.learning import Adopted, coded_answers
from themecoder.coding.suggestions.likely import likely_codes
from themecoder.coding.suggestions.of_plugin import (
    model_of_plugin,
    plugin_suggestions,
    suggester_of,
)
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.corpus import build_corpus
from themecoder.themes.known import KnownStudy, known_study
from themecoder.themes.segments import Segment
from themecoder.themes.store import stored_themes
from themecoder.workspace.folder import StudyFolder

MODEL = "learned-2"
"""Kept with every suggestion, so that it is known later which model made what was shown."""
WITH_ASSISTANT = f"{MODEL}+assistant"
"""The model where opinions of a language model are among what it learns from."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """``of``: question -> answer_id -> codes with probabilities, best first. ``learned_from``: how
    many answers with content people have coded."""

    of: dict[str, Suggested]
    learned_from: int


def suggest_codes(study: StudyFolder, question: str) -> Suggested:
    """Work out the suggestions for a question and write ``suggestions/<question>.csv``."""
    return suggest_study(study, [question]).of[question]


def kept_suggestions(study: StudyFolder, question: str) -> Suggested:
    """The suggestions in ``suggestions/<question>.csv``, which is made where it is not there: it
    says what coders were shown."""
    file = study.paths.suggestions(question)
    return read_suggestions(file) if file.is_file() else suggest_codes(study, question)


def suggest_study(study: StudyFolder, questions: Sequence[str] = ()) -> Suggestions:
    """Work out the suggestions for some questions, or all, and write their files."""
    found = suggestions(study)
    wanted = {question: found.of[question] for question in questions or study.questions}
    for question, suggested in wanted.items():
        write_suggestions(study.paths.suggestions(question), suggested)
    if study.codebook is not None:
        note_suggestions(study, wanted)
    return Suggestions(wanted, found.learned_from)


def suggestions(study: StudyFolder) -> Suggestions:
    """The suggestions for all questions: what is learned at one helps at the others.

    An answer that somebody coded has those that were learned without it, see ``learn``. Those of
    the plugin that study.toml names, where it names one.
    """
    if (plugin := suggester_of(study)) is not None and study.codebook is not None:
        return Suggestions(*plugin_suggestions(study, plugin))
    found: dict[str, Suggested] = {question: {} for question in study.questions}
    learned = learned_codes(study)
    if learned is None:
        return Suggestions(found, 0)
    for row, answer in enumerate(learned.answers):
        if best := likely_codes(learned.probabilities[row], learned.codes):
            found[AnswerId.parse(answer).question][answer] = best
    return Suggestions(found, learned.learned_from)


@dataclass(frozen=True, slots=True)
class LearnedCodes:
    """``probabilities`` (n, C) of the ``codes`` for the ``answers`` with content, of one that
    somebody coded without what was learned from its respondents' part. ``of_segments`` (m, C): what
    speaks for each code in each of the ``segments``, see ``learn``. ``learned_from``: see
    ``Suggestions``; ``model``: what they were made by."""

    answers: tuple[str, ...]
    codes: tuple[str, ...]
    probabilities: FloatArray
    segments: tuple[Segment, ...]
    of_segments: FloatArray
    learned_from: int
    model: str = MODEL


def model_of(study: StudyFolder) -> str:
    """The name of the model that makes the study's suggestions."""
    plugin = suggester_of(study)
    return learned_model(study) if plugin is None else model_of_plugin(plugin)


def learned_model(study: StudyFolder) -> str:
    """The name of our own model."""
    return WITH_ASSISTANT if opinion_files(study.paths, study.questions) else MODEL


def learned_codes(
    study: StudyFolder, by_coder: Mapping[str, Sequence[Coding]] | None = None
) -> LearnedCodes | None:
    """How probable each code is for each answer; None without a codebook, or answers with
    content. ``by_coder``: the coding to learn from, in the place of the coders' files."""
    known = study.once(known_study)
    if known is None:
        return None
    coded = study_coding(study, known, by_coder)
    opinions = opinion_table(study, known)
    found = learn(known.known, coded, study.config.seed, opinions=opinions)
    return LearnedCodes(
        known.answers,
        known.codes,
        found.probabilities,
        known.segments,
        found.segments,
        len(coded.answers),
        learned_model(study),
    )


def cross_fitted_probabilities(study: StudyFolder, known: KnownStudy) -> FloatArray:
    """(answers, codes) probabilities in which no coding of the same respondent has a part."""
    coded, opinions = study_coding(study, known), opinion_table(study, known)
    return cross_fitted(known.known, coded, study.config.seed, opinions)


def study_coding(
    study: StudyFolder, known: KnownStudy, by_coder: Mapping[str, Sequence[Coding]] | None = None
) -> Coded:
    """All coding of a study's answers with content, as the classifier learns from it.

    ``by_coder``: the coding to learn from, in the place of the coders' files.
    """
    if by_coder is None:
        by_coder = coding_of_all_questions(study)
    return coded_answers(
        known,
        by_coder,
        all_adjudicated_codings(study),
        study.masked_texts(),
        [one for question in study.questions for one in _adopted_segments(study, known, question)],
        study.required_codebook(),
    )


def _adopted_segments(study: StudyFolder, known: KnownStudy, question: str) -> list[Adopted]:
    """The segments of themes that were adopted into one code."""
    stored = stored_themes(study, question)
    if stored is None:
        return []
    codes: dict[int, set[str]] = {}
    for origin in read_origins(study.codebooks.folder):
        if origin.question == question and origin.decision != DISCARDED:
            codes.setdefault(origin.theme, set()).add(origin.code)
    # a theme that was adopted into several codes says nothing about which of them applies
    sure = {theme: next(iter(own)) for theme, own in codes.items() if len(own) == 1}
    masked = study.once(build_corpus).masked[question]
    places: Mapping[tuple[str, int, int], int] = {
        (segment.answer_id, *masked[segment.answer_id].to_original(segment.start, segment.end)): n
        for n, segment in enumerate(known.segments)
        if segment.answer_id in masked
    }
    return [
        Adopted(places[place], sure[one.theme], one.strength)
        for one in stored.themes.assignments
        if one.theme in sure and (place := (one.answer_id, one.start, one.end)) in places
    ]
