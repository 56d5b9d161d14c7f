"""A study's new wave held against its earlier ones: what is learned there, tried here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.assistant.study_opinions import opinion_table
from themecoder.classifier.cross_fitting import without_answers
from themecoder.coding.by_people import all_adjudicated_codings, coding_of_all_questions
from themecoder.coding.suggestions.study_suggestions import study_coding
from themecoder.counts.breakdowns import breakdowns
from themecoder.drift.codes import CodeDrift, Compared, code_drift
from themecoder.drift.scores import scores_of_waves
from themecoder.drift.separation import BoolArray, FloatArray, IntArray
from themecoder.drift.unlike import Unlike, adjusted, distances, unlike
from themecoder.errors import InputError, Problem
from themecoder.progress import running
from themecoder.suggestion_quality.reference import reference
from themecoder.survey.answer_id import AnswerId
from themecoder.survey.groups import Groups
from themecoder.themes.known import KnownStudy, known_study
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class ToRead:
    """An answer of the new wave that an alarm rests on: ``why`` is the code whose meaning drifts,
    or empty for an answer unlike the earlier ones; ``given``: whether it has the code; ``score``:
    how probable the code is by the earlier waves, or how far the answer is from their nearest."""

    why: str
    answer_id: str
    given: bool
    score: float


@dataclass(frozen=True, slots=True)
class Drift:
    """``waves``: the attribute; ``old`` and ``new``: its groups. ``blind``: whether only answers
    coded without suggestions are compared, ``n_old`` and ``n_new`` of them; ``learned_from``:
    coded answers of the earlier waves."""

    waves: str
    old: tuple[str, ...]
    new: str
    blind: bool
    n_old: int
    n_new: int
    learned_from: int
    codes: tuple[CodeDrift, ...]
    unlike: tuple[Unlike, ...]
    to_read: tuple[ToRead, ...]


def study_drift(
    study: StudyFolder, waves: str, new: str | None = None, blind: bool = True
) -> Drift:
    """Whether codes mean in the wave ``new`` of the attribute ``waves``, the last unless named,
    what they meant before it; later ones have no part in it.

    Raises InputError where there is no earlier wave, or nothing was coded in one of both.
    """
    groups = _groups(study, waves)
    earlier, newest = _split(study, groups, new)
    known = study.once(known_study)
    if known is None:
        study.required_codebook()
        raise InputError(Problem("drift.nothing_coded", {"wave": newest}))
    people = [AnswerId.parse(answer).respondent for answer in known.answers]
    wave = [groups.of.get(who) for who in people]
    is_old = np.array([one in earlier for one in wave])
    is_new = np.array([one == newest for one in wave])
    rows, given = _reference(study, known, blind)
    inside = is_old[rows] | is_new[rows]
    rows, given = rows[inside], given[inside]
    n_new = int(is_new[rows].sum())
    n_old = len(rows) - n_new
    for n, name in ((n_old, ", ".join(earlier)), (n_new, newest)):
        if not n:
            key = "drift.nothing_blind" if blind else "drift.nothing_coded"
            raise InputError(Problem(key, {"wave": name}, study.paths.annotations))
    with running(study.progress, "drift"):
        coded = without_answers(known.known, study_coding(study, known), ~is_old)
        seed = study.config.seed
        scores = scores_of_waves(known.known, coded, is_new, seed, opinion_table(study, known))
        answers = known.known.answers
        compared = Compared(
            scores[rows],
            given,
            known.known.book.expected.T[answers.questions[rows]],
            answers.questions[rows],
            answers.respondents[rows],
            is_new[rows],
        )
        codes = code_drift(compared, known.codes, seed)
        far, passed, by_question = _unlike(study, known, is_old, is_new)
    to_read = [*_of_codes(codes, known, rows, compared), *_of_no_code(known, far, passed)]
    return Drift(
        waves,
        earlier,
        newest,
        blind,
        n_old,
        n_new,
        len(coded.answers),
        tuple(codes),
        tuple(by_question),
        tuple(to_read),
    )


def _groups(study: StudyFolder, waves: str) -> Groups:
    found = breakdowns(study, [waves])
    if len(found) != 1:
        raise InputError(Problem("drift.several", {"found": waves}))
    return found[0].groups


def _split(study: StudyFolder, groups: Groups, new: str | None) -> tuple[tuple[str, ...], str]:
    """The earlier waves, and the new one."""
    order = list(groups.labels)
    known = ", ".join(order) or "-"
    if new is not None and new not in order:
        raise InputError(Problem("drift.no_such_wave", {"found": new, "known": known}))
    if len(order) < 2 or new == order[0]:
        params = {"attribute": groups.attribute, "known": known}
        raise InputError(Problem("drift.no_earlier", params, study.paths.config))
    place = len(order) - 1 if new is None else order.index(new)
    return tuple(order[:place]), order[place]


def _reference(study: StudyFolder, known: KnownStudy, blind: bool) -> tuple[IntArray, BoolArray]:
    """Which answers people coded, and what they gave."""
    by_coder, decisions = coding_of_all_questions(study), all_adjudicated_codings(study)
    version = study.required_codebook().version
    found = reference(known, by_coder, decisions, version, blind=blind)
    return found.rows, found.given


def _unlike(
    study: StudyFolder, known: KnownStudy, is_old: BoolArray, is_new: BoolArray
) -> tuple[FloatArray, BoolArray, list[Unlike]]:
    """The distance of each answer, which of the new ones are unlike, and what that is per
    question. What is said at another question is no neighbour."""
    answers = known.known.answers
    far = np.full(len(known.answers), np.nan)
    passed = np.zeros(len(far), dtype=bool)
    found = []
    for place, question in enumerate(study.questions):
        rows = np.flatnonzero((answers.questions == place) & (is_old | is_new))
        if not len(rows):
            continue
        far[rows] = distances(answers.whole.vectors[rows], is_old[rows])
        row, passed[rows] = unlike(question, far[rows], is_new[rows])
        found.append(row)
    return far, passed, adjusted(found)


def _of_codes(
    codes: list[CodeDrift], known: KnownStudy, rows: IntArray, compared: Compared
) -> list[ToRead]:
    """Of each code that drifts the new answers that have it, the least probable first, and as many
    that have it not, the most probable first."""
    found = []
    for row in codes:
        if not row.drifts:
            continue
        column = known.codes.index(row.code)
        scores, has = compared.scores[:, column], compared.given[:, column]
        own = np.flatnonzero(compared.new & has)
        without = np.flatnonzero(compared.new & compared.possible[:, column] & ~has)
        own = own[np.argsort(scores[own], kind="stable")]
        without = without[np.argsort(-scores[without], kind="stable")][: len(own)]
        found += [
            ToRead(row.code, known.answers[rows[one]], bool(has[one]), float(scores[one]))
            for one in (*own, *without)
        ]
    return found


def _of_no_code(known: KnownStudy, far: FloatArray, passed: BoolArray) -> list[ToRead]:
    """The answers unlike all earlier ones, the farthest first."""
    own = np.flatnonzero(passed)
    own = own[np.argsort(-far[own], kind="stable")]
    return [ToRead("", known.answers[row], False, float(far[row])) for row in own]
