"""The coding of a study as a draft would have it, as far as that follows from what is coded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.agreement.table import CodingTable, table
from themecoder.codebook.changes import Redefine, Split
from themecoder.codebook.draft import Draft
from themecoder.codebook.model import Codebook
from themecoder.coding.by_people import adjudicated_codings
from themecoder.coding.cases import counts_at
from themecoder.coding.coded import CodedQuestion, from_codings
from themecoder.coding.migration import Step, carry
from themecoder.coding.model import Coding
from themecoder.coding.read import coding_by_coder, only_known
from themecoder.coding.settled import settle
from themecoder.coding.source import CodingSource
from themecoder.workspace.folder import StudyFolder

ByCoder = Mapping[str, tuple[Coding, ...]]


@dataclass(frozen=True, slots=True)
class StudyCoding:
    """The coding of some questions: by coder, and what is decided."""

    by_coder: Mapping[str, ByCoder]
    decisions: Mapping[str, tuple[Coding, ...]]

    def behind(self, version: str) -> int:
        """How many codings are of another version than ``version``, or wait to be recoded."""
        return sum(
            coding.codebook != version or bool(coding.stale)
            for coders in self.by_coder.values()
            for rows in coders.values()
            for coding in rows
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """``questions``: who has which codes; ``cells``: the coders' codings side by side."""

    questions: Mapping[str, CodedQuestion]
    cells: CodingTable


def study_coding(study: StudyFolder, questions: Sequence[str]) -> StudyCoding:
    """Raises InputError for files that can't be read and answers that the survey does not have."""
    by_coder = {question: coding_by_coder(study, question) for question in questions}
    decisions = {question: adjudicated_codings(study, question) for question in questions}
    for question in questions:
        known = {answer.answer_id: answer for answer in study.answers(question)}
        files: dict[Path, Sequence[Coding]] = {
            study.paths.coding(question, coder): rows for coder, rows in by_coder[question].items()
        }
        only_known({**files, study.paths.adjudicated(question): decisions[question]}, known)
    return StudyCoding(by_coder, decisions)


def exact_part(draft: Draft) -> tuple[Codebook, tuple[Step, ...]]:
    """The draft as if nothing was to be coded again: the codes that it splits are still there, and
    the changes that carry codings without a person."""
    book = draft.book
    split = {change.code for change in book.changes if isinstance(change, Split)}
    codes = tuple(replace(code, retired=False) if code.id in split else code for code in book.codes)
    steps = tuple(
        (book.version, change)
        for change in book.changes
        if not isinstance(change, Split) and not (isinstance(change, Redefine) and change.recode)
    )
    return replace(book, codes=codes), steps


def carried(coding: StudyCoding, base: str, to: str, steps: Sequence[Step]) -> StudyCoding:
    """The codings of version ``base`` after ``steps``; others stay where they are."""

    def all_carried(rows: tuple[Coding, ...]) -> tuple[Coding, ...]:
        return tuple(carry(one, steps, to)[0] if one.codebook == base else one for one in rows)

    return StudyCoding(
        {
            question: {coder: all_carried(rows) for coder, rows in coders.items()}
            for question, coders in coding.by_coder.items()
        },
        {question: all_carried(rows) for question, rows in coding.decisions.items()},
    )


def having_code(coding: StudyCoding, code: str, version: str) -> frozenset[str]:
    """The answers to which somebody gave ``code`` under ``version``, or on which it was decided."""
    by_coders = (rows for coders in coding.by_coder.values() for rows in coders.values())
    return frozenset(
        one.answer_id
        for rows in (*by_coders, *coding.decisions.values())
        for one in rows
        if code in one.codes and counts_at(one, version)
    )


def counted(
    study: StudyFolder, coding: StudyCoding, source: CodingSource, book: Codebook
) -> Counted:
    """Who has which codes of ``book`` by ``source``, and what its coders gave."""
    usable = [code.id for code in book.usable]
    contentless = study.contentless
    questions: dict[str, CodedQuestion] = {}
    lengths: dict[str, int] = {}
    together: dict[str, list[Coding]] = {}
    for question, by_coder in coding.by_coder.items():
        answers = study.answers(question)
        lengths |= {answer.answer_id: len(answer.text) for answer in answers}
        settled = settle(source, by_coder, coding.decisions[question], (), None, book)
        questions[question] = from_codings(
            question,
            study.survey.asked(question),
            [answer.respondent_id for answer in answers if not contentless(answer.text)],
            settled.codings.values(),
            usable,
            book.version,
            settled.ways,
        )
        for coder, rows in by_coder.items():
            together.setdefault(coder, []).extend(rows)
    known = [code.id for code in book.codes]
    return Counted(questions, table(together, usable, book.version, lengths, known))
