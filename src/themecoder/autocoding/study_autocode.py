"""A study's answers coded by machine, as far as it agrees with people."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from themecoder.autocoding.machine_codes import machine_codes
from themecoder.autocoding.people import Codes, TwoPeople, codes_of_people, two_people
from themecoder.autocoding.saturation import CodeLeft, NewCodes, codes_left, new_codes
from themecoder.codebook.model import Codebook
from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.machine_coding import MachineCoded, write_machine
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.random_part import RandomPart, random_part
from themecoder.coding.read import coding_by_coder, independent_coding
from themecoder.coding.suggestions.study_suggestions import LearnedCodes, learned_codes
from themecoder.errors import InputError, Problem
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder

LEAST_RANDOM = 30
"""From how many answers of the random part, coded blind, anything is measured."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What comes of a question. ``random``: answers of the random part that a person coded blind;
    ``left``: answers with content that no person coded; ``machine`` of them the machine codes.
    ``for_people`` may not be coded by it whatever it is sure of, since the random part does not
    stand for them: they were passed over or planned later. ``problem``: why it codes none."""

    question: str
    random: int
    left: int
    machine: int
    for_people: int
    problem: Problem | None


@dataclass(frozen=True, slots=True)
class Saturation:
    """Of a question: see ``saturation``. ``left``: None where no random part is coded."""

    question: str
    new: NewCodes
    left: tuple[CodeLeft, ...] | None


@dataclass(frozen=True, slots=True)
class Autocoded:
    """What the machine would code. ``coded``: None where it is nothing."""

    coded: MachineCoded | None
    outcomes: tuple[Outcome, ...]
    saturation: tuple[Saturation, ...]
    people: TwoPeople
    problems: tuple[Problem, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Question:
    """``tried``: the answers of the random part with the codes that a person gave them blind;
    ``open``: those that the machine may code; ``left``: all that no person coded."""

    question: str
    tried: Codes
    open: frozenset[str]
    left: frozenset[str]
    in_order: tuple[frozenset[str], ...]
    by_coder: Mapping[str, tuple[Coding, ...]]
    problem: Problem | None


def autocode_study(
    study: StudyFolder, at: float, questions: Sequence[str] = (), drawn: str = ""
) -> Autocoded:
    """What the machine would code, so that it agrees with people in a share ``at``.

    ``drawn``: a person's words on how the answers that people coded were drawn by chance; without,
    the plan says which were. Raises InputError without a codebook, or for a question that the study
    does not have.
    """
    book = study.required_codebook()
    chosen = [study.question(question) for question in questions] or list(study.questions)
    learned = learned_codes(study)
    if learned is None:
        raise InputError(Problem("autocode.nothing", file=study.paths.root))
    plan = read_plan(study.paths.plan)
    known = frozenset(learned.answers)
    found = [_question(study, question, book, plan, known, drawn) for question in chosen]
    usable = [code.id for code in book.usable]
    seed = study.config.seed
    pairs: dict[str, list[Coding]] = {}
    for one in found:
        for coder, rows in one.by_coder.items():
            pairs.setdefault(coder, []).extend(rows)
    people = two_people(pairs, usable, book.version, seed)
    measured = [one for one in found if one.problem is None]
    coded, problems = None, {one.question: one.problem for one in found if one.problem}
    if measured:
        tried = {answer: codes for one in measured for answer, codes in one.tried.items()}
        others = [answer for one in measured for answer in sorted(one.open)]
        coded, failed = machine_codes(tried, others, learned, book, at, seed, drawn)
        problems |= failed
    times = {stated.question: stated.answers for stated in coded.accuracy} if coded else {}
    outcomes = tuple(
        Outcome(
            one.question,
            len(one.tried),
            len(one.left),
            times.get(one.question, 0),
            len(one.left - one.open),
            problems.get(one.question),
        )
        for one in found
    )
    return Autocoded(
        coded,
        outcomes,
        tuple(_saturation(one, learned) for one in found),
        people,
        tuple(outcome.problem for outcome in outcomes if outcome.problem),
    )


def write_autocoded(study: StudyFolder, found: Autocoded) -> int:
    """Write what the machine codes in the place of what it coded before; returns how many answers.
    The caller holds the study's lock. Raises InputError where it is nothing."""
    if found.coded is None:
        raise InputError(found.problems)
    write_machine(study.paths.machine, found.coded)
    return len(found.coded.codings)


def undo_autocoding(study: StudyFolder) -> bool:
    """Remove all that the machine coded; returns whether there was any. The caller holds the
    study's lock."""
    file = study.paths.machine
    if not file.is_file():
        return False
    try:
        file.unlink()
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("files.not_writable", params, file=file)) from error
    return True


def _question(
    study: StudyFolder,
    question: str,
    book: Codebook,
    plan: Sequence[Planned],
    known: frozenset[str],
    drawn: str,
) -> _Question:
    everything, by_coder = coding_by_coder(study, question), independent_coding(study, question)
    decisions = adjudicated_codings(study, question)
    usable, seed = [code.id for code in book.usable], study.config.seed
    own = frozenset(answer for answer in known if AnswerId.parse(answer).question == question)
    handled = {coder: {one.answer_id for one in rows} for coder, rows in everything.items()}
    seen = {answer for answers in handled.values() for answer in answers}
    seen |= {decision.answer_id for decision in decisions}
    rows = [row for row in plan if row.question == question]
    part = random_part(rows, own, handled, seed)
    if drawn:
        stands, may_code = frozenset(seen), own - seen
    else:
        # what came in later is no part of what the first answers were drawn from
        stands = frozenset(answer for answer in part.of_left if not part.waves[answer])
        first = frozenset(answer for answer in part.left if not part.waves[answer])
        may_code = first - seen
    blind = codes_of_people(by_coder, decisions, usable, book.version, seed, blind=True)
    anyhow = codes_of_people(by_coder, decisions, usable, book.version, seed, blind=False)
    tried = {answer: blind[answer] for answer in sorted(stands & own & blind.keys())}
    left = own - seen
    problem = _unfit(question, part, rows, len(tried), may_code, bool(drawn), bool(seen))
    in_order = tuple(anyhow[answer] for answer in _order(by_coder, rows) if answer in anyhow)
    return _Question(question, tried, may_code, left, in_order, by_coder, problem)


def _unfit(
    question: str,
    part: RandomPart,
    rows: Sequence[Planned],
    tried: int,
    may_code: Collection[str],
    drawn: bool,
    seen: bool,
) -> Problem | None:
    """Why nothing can be measured of a question, if so."""
    if not drawn and not rows:
        key = "autocode.no_plan_but_coded" if seen else "autocode.no_plan"
        return Problem(key, {"question": question})
    if tried < LEAST_RANDOM:
        params = {"question": question, "n": tried, "more": LEAST_RANDOM - tried}
        return Problem("autocode.too_few", params)
    if not drawn and not part.in_order:
        params = {"question": question, "picked": len(part.picked), "left": len(part.left)}
        return Problem("autocode.picked", params)
    return None if may_code else Problem("autocode.all_coded", {"question": question})


def _order(by_coder: Mapping[str, Sequence[Coding]], rows: Sequence[Planned]) -> list[str]:
    """The coded answers in the order in which they were first coded; where no time is known, in
    that of the plan."""
    places = {(row.answer_id, row.coder): row.place for row in rows if row.round == 1}
    first: dict[str, tuple[str, int]] = {}
    for coder in sorted(by_coder):
        for one in by_coder[coder]:
            when = (one.created_at or "~", places.get((one.answer_id, coder), len(rows) + 1))
            first[one.answer_id] = min(when, first.get(one.answer_id, when))
    return sorted(first, key=lambda answer: (first[answer], answer))


def _saturation(one: _Question, learned: LearnedCodes) -> Saturation:
    new = new_codes(one.in_order, list(one.tried.values()))
    if not one.tried:
        return Saturation(one.question, new, None)
    place = {answer: row for row, answer in enumerate(learned.answers)}
    left = learned.probabilities[[place[answer] for answer in sorted(one.left)]]
    drawn = learned.probabilities[[place[answer] for answer in one.tried]]
    given = np.array([[code in codes for code in learned.codes] for codes in one.tried.values()])
    return Saturation(one.question, new, tuple(codes_left(learned.codes, left, drawn, given)))
