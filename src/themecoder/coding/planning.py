"""A study's plan of who codes what, kept in ``annotations/plan.csv``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from themecoder.coding.migration import queue
from themecoder.coding.plan import (
    Planned,
    coders_of_answers,
    in_waves,
    plan,
    with_new_rounds,
)
from themecoder.coding.plan_file import read_plan, write_plan
from themecoder.coding.read import coding_by_coder
from themecoder.coding.replanning import with_blind_share, with_double_share
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.workspace.folder import StudyFolder

DOUBLE = 0.2
"""The share of the answers that two code where nobody says another."""


Reorder = Callable[[tuple[Planned, ...], frozenset[tuple[str, str]]], tuple[Planned, ...]]
"""The plan and what is done of it -> the plan."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much one coder has to code of a question: the number of answers, how many of them another
    coder codes too, and how many are coded blind."""

    question: str
    coder: str
    answers: int
    double: int
    blind: int


@dataclass(frozen=True, slots=True)
class MadePlan:
    """``double``: the share (0-1) of the answers with two coders; ``kept``: whether it is as it was
    since nobody asked for another. ``open``: tasks that are not done."""

    rows: tuple[Planned, ...]
    double: float
    kept: bool
    open: int


def plan_study(
    study: StudyFolder,
    double: float | None = None,
    blind: float | None = None,
    contentless: bool = False,
    questions: Sequence[str] = (),
    reorder: Reorder | None = None,
) -> MadePlan:
    """Plan the coding of the questions and write the plan.

    What was planned before stays as it is, unless ``double`` or ``blind`` (shares, 0-1) are given:
    they hold for all of the plan that is not done. Without them the first plan has ``DOUBLE``, or
    nothing where there is one coder, and the blind share of study.toml; and a later one what it
    has. Answers without content need no coder and are left out unless ``contentless``.
    ``reorder``: what is done with the plan, and with what is coded, before it is written. Raises
    InputError with every problem in the existing plan, and where a share can't be had any more.
    """
    with study.locked():
        file, seed = study.paths.plan, study.config.seed
        known = in_waves(read_plan(file), seed)
        answers = {
            question: [
                answer.answer_id
                for answer in study.answers(question)
                if contentless or not study.contentless(answer.text)
            ]
            for question in questions or study.questions
        }
        coders = study.config.coding.coders
        usual = double_share(known) if known else DOUBLE
        share = double if double is not None else usual if len(coders) > 1 else 0.0
        blind_share = study.config.coding.blind_share if blind is None else blind
        rows = plan(answers, coders, share, blind_share, seed, known)
        done = done_tasks(study)
        if known and double is not None:
            rows = with_double_share(rows, coders, double, seed, done)
        if known and blind is not None:
            rows = with_blind_share(rows, blind, seed, done)
        if reorder is not None:
            rows = reorder(rows, done)
        write_plan(file, rows)
        left = sum((row.answer_id, row.coder) not in done for row in rows if row.round == 1)
        return MadePlan(rows, double_share(rows), bool(known) and double is None, left)


def done_tasks(study: StudyFolder) -> frozenset[tuple[str, str]]:
    """(answer_id, coder) of all that is coded or skipped here."""
    return frozenset(key for question in study.questions for key in coded_rounds(study, question))


def double_share(rows: Sequence[Planned]) -> float:
    """The share (0-1) of the planned answers with two coders or more."""
    coders = [
        own
        for question in sorted({row.question for row in rows})
        for own in coders_of_answers(rows, question).values()
    ]
    return sum(len(own) > 1 for own in coders) / len(coders) if coders else 0.0


def planned_questions(study: StudyFolder) -> list[str]:
    """The questions that have a plan, in the order of study.toml. Raises InputError where none
    has."""
    file = study.paths.plan
    planned = {row.question for row in read_plan(file)}
    if not planned:
        raise InputError(Problem("plan.none", {"question": ", ".join(study.questions)}, file=file))
    return [question for question in study.questions if question in planned]


def loads_per_coder(rows: Sequence[Planned]) -> list[Load]:
    """How much is planned per question and coder, sorted."""
    coders: dict[tuple[str, int], set[str]] = {}
    for row in rows:
        coders.setdefault((row.answer_id, row.round), set()).add(row.coder)
    result = []
    for question, coder in sorted({(row.question, row.coder) for row in rows}):
        own = [row for row in rows if (row.question, row.coder) == (question, coder)]
        both = sum(len(coders[row.answer_id, row.round]) > 1 for row in own)
        result.append(Load(question, coder, len(own), both, sum(row.blind for row in own)))
    return result


def coded_rounds(study: StudyFolder, question: str) -> dict[tuple[str, str], int]:
    """(answer_id, coder) -> the last round in which it was coded here."""
    return {
        (coding.answer_id, coder): coding.round
        for coder, codings in coding_by_coder(study, question).items()
        for coding in codings
    }


def plan_recoding(study: StudyFolder, question: str) -> int:
    """Put the answers on the re-code queue into the plan as a new round; returns how many were
    added."""
    file = study.paths.plan
    known = read_plan(file)
    rounds_planned = {
        (row.answer_id, row.coder): row.round for row in sorted(known, key=lambda r: r.round)
    }
    language = study.config.interface_language
    waiting: dict[tuple[str, str], list[str]] = {}
    codings = [coding for rows in coding_by_coder(study, question).values() for coding in rows]
    rounds_coded = {(coding.answer_id, coding.coder): coding.round for coding in codings}
    for queued in queue(codings, study.codebooks.releases()):
        key = (queued.answer_id, queued.coder)
        if rounds_planned.get(key, 1) > rounds_coded[key]:
            continue  # a later round is planned and not coded yet
        into = ", ".join(queued.into)
        text = message(f"labelling.{queued.reason}", language, code=queued.code, into=into)
        waiting.setdefault(key, []).append(text)
    notes = {
        key: message("labelling.again", language, reasons="; ".join(dict.fromkeys(texts)))
        for key, texts in waiting.items()
    }
    if notes:
        write_plan(file, with_new_rounds(known, notes, study.config.seed))
    return len(notes)
