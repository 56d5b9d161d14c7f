"""A study's desk: a coder is given what the plan has for her; what she codes is written as a pull
would write it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import codings_text
from themecoder.coding.desk.desk import (
    NOTHING,
    Said,
    before,
    coding_of,
    made_here,
    says_the_same,
    seen_mark,
    wrong_with,
)
from themecoder.coding.exchange.beside import Beside, beside
from themecoder.coding.exchange.coder_rows import CoderRows, coder_rows, last_rounds
from themecoder.coding.exchange.sheet_rows import SheetRow
from themecoder.coding.history import history_text, read_history
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.planning import plan_recoding
from themecoder.coding.quote_texts import masked_quotes
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import write_together
from themecoder.survey.answer_id import AnswerId
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class DeskRow:
    """An answer that a coder is given: ``row`` is what she may see of it, ``planned`` her task, and
    ``seen`` the mark that she sends with what she says of it."""

    row: SheetRow
    planned: Planned
    seen: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What is given to a coder, in her order. ``beside``: what stands beside the answers, of which
    study.toml allows coders to know."""

    coder: str
    book: Codebook
    rows: tuple[DeskRow, ...]
    beside: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """What coding at the desk did: the answers that were ``written``, and those that were so
    already."""

    written: tuple[str, ...]
    same: int = 0


def open_desk(study: StudyFolder, coder: str, questions: Sequence[str] = ()) -> Desk:
    """What the plan gives a coder. What she must code again is put into the plan first, as a push
    does. Raises InputError where nothing is planned for her, and as ``coder_rows`` does."""
    with study.locked():
        return _desk(study, coder, questions)


def code_answers(
    study: StudyFolder, coder: str, said: Sequence[Said], now: str | None = None
) -> Written:
    """Write what a coder says of some answers: all of it or nothing, what it replaces goes to the
    history. ``now``: the moment in UTC, by default that of the clock.

    Raises InputError with everything that can't be taken: answers that the plan does not give her,
    that have changed since she was shown them, codes that the codebook does not have.
    """
    with study.locked():
        answers = [one.answer_id for one in said]
        questions = _questions(study, answers)
        desk = _desk(study, coder, questions, frozenset(answers))
        rows = {one.row.answer_id: one.row for one in desk.rows}
        here = _own(study, coder, questions)
        problems = [
            problem
            for one in said
            for problem in wrong_with(one, rows.get(one.answer_id), desk.book)
        ]
        elsewhere = {answer for answer, line in here.items() if not made_here(line)}
        problems += [
            Problem("desk.nothing_to_take_back", {"answer": one.answer_id})
            for one in said
            if one.state == NOTHING and one.answer_id in elsewhere
        ]
        times = Counter(one.answer_id for one in said)
        problems += [Problem("desk.twice", {"answer": a}) for a in sorted(times) if times[a] > 1]
        if problems:
            raise InputError(problems)
        texts = study.masked_texts()
        moment = now or datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        made: dict[str, Coding | None] = {}
        for one in said:
            row, line = rows[one.answer_id], here.get(one.answer_id)
            if one.state == NOTHING:
                if line is not None:
                    made[one.answer_id] = None
                continue
            coding = coding_of(
                one, row, coder, desk.book.version, texts[one.answer_id], line, moment
            )
            if not says_the_same(coding, line):
                made[one.answer_id] = coding
        _write(study, coder, questions, here, made)
        return Written(tuple(made), len(said) - len(made))


def take_back(study: StudyFolder, coder: str, seen: Mapping[str, str]) -> Written:
    """Undo the last coding at the desk of some answers: what it replaced is there again, or the
    answer is not seen. ``seen``: answer_id -> the mark of the row as she was shown it.

    Raises InputError with all that were not coded at the desk or have changed since.
    """
    with study.locked():
        questions = _questions(study, seen)
        desk = _desk(study, coder, questions, seen)
        marks = {one.row.answer_id: one.seen for one in desk.rows}
        here = _own(study, coder, questions)
        earlier = {
            question: read_history(study.paths.coding_history(question, coder))
            for question in questions
        }
        made: dict[str, Coding | None] = {}
        problems = []
        for answer, mark in seen.items():
            params = {"answer": answer}
            if answer not in here:
                problems.append(Problem("desk.nothing_to_take_back", params))
            elif marks.get(answer) != mark:
                problems.append(Problem("desk.changed", params))
            else:
                try:
                    made[answer] = before(here[answer], earlier[AnswerId.parse(answer).question])
                except LookupError:
                    problems.append(Problem("desk.nothing_to_take_back", params))
        if problems:
            raise InputError(problems)
        _write(study, coder, questions, here, made)
        return Written(tuple(made))


def _desk(
    study: StudyFolder,
    coder: str,
    questions: Sequence[str],
    only: Collection[str] | None = None,
) -> Desk:
    """The desk, or what is of the answers ``only``."""
    for question in questions or study.questions:
        plan_recoding(study, study.question(question))
    planned = last_rounds(study, [coder], questions)[coder]
    if only is not None:
        planned = [task for task in planned if task.answer_id in only]
    columns = beside(study, study.config.coding.beside)
    made: CoderRows = coder_rows(study, coder, planned, columns)
    rows = tuple(
        DeskRow(row, task, seen_mark(row, made.book.version))
        for row, task in zip(made.rows, planned, strict=True)
    )
    return Desk(coder, made.book, rows, columns)


def _questions(study: StudyFolder, answers: Iterable[str]) -> list[str]:
    """The questions of some answers, in the order of study.toml."""
    named = {AnswerId.parse(answer).question for answer in answers}
    unknown = sorted(named - set(study.questions))
    if unknown:
        known = ", ".join(study.questions)
        raise InputError(
            [Problem("cli.question_unknown", {"found": one, "known": known}) for one in unknown]
        )
    return [question for question in study.questions if question in named]


def _own(study: StudyFolder, coder: str, questions: Sequence[str]) -> dict[str, Coding]:
    """answer_id -> what a coder has said of it."""
    return {
        coding.answer_id: coding
        for question in questions
        for coding in coding_by_coder(study, question).get(coder, ())
    }


def _write(
    study: StudyFolder,
    coder: str,
    questions: Sequence[str],
    here: Mapping[str, Coding],
    made: Mapping[str, Coding | None],
) -> None:
    """The coder's files with what she made (None: nothing is there any more), and the history of
    what that replaces, all in one step."""
    contents: dict[str, str | bytes] = {}
    for question in questions:
        own = {
            one.answer_id: one
            for one in masked_quotes(study, (c for c in here.values() if c.question == question))
        }
        new = {a: one for a, one in made.items() if AnswerId.parse(a).question == question}
        old = [own[answer] for answer in new if answer in own]
        lines = {**own, **new}
        if new:
            kept = [coding for coding in lines.values() if coding is not None]
            contents[f"{question}/{coder}.jsonl"] = codings_text(masked_quotes(study, kept))
        if old:
            file = study.paths.coding_history(question, coder)
            text = file.read_text(encoding="utf-8") if file.is_file() else ""
            name = file.relative_to(study.paths.annotations).as_posix()
            contents[name] = history_text(text, old)
    if contents:
        write_together(study.paths.annotations, contents)
