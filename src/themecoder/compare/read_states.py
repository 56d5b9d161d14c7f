"""A study's state, to be compared with another: read from its files, nothing masked or embedded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import read_coding_files
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.read import source_for
from themecoder.coding.source import CODER, CodingSource, as_codings, source_of
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.compare.states import QuestionState, State
from themecoder.counts.count_rows import CONTENT
from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import is_empty
from themecoder.settings.model import StudyConfig
from themecoder.storage.atomic import sha256
from themecoder.workspace.folder import StudyFolder

_NOTHING = Codebook("", "", ())
Codings = Mapping[tuple[str, str], tuple[Coding, ...]]
"""(question, coder or adjudicated) -> coding."""


def read_states(studies: Sequence[StudyFolder], wanted: str | None) -> list[State]:
    """The states of ``studies``, to be compared with one another.

    ``wanted``: whose coding is counted; else what each study.toml says, else what there is, as
    ``Study.source`` has it. A state in which nothing is coded yet takes that of one that is coded.
    Coding of answers that the export does not have is in no state. Raises InputError with every
    line of coding that can't be read, in all of them.
    """
    named = source_of(wanted) if wanted else None
    columns = _columns([study.config for study in studies])
    read = _all_codings(studies)
    coders = sorted({coder for one in read for _, coder in one} - {ADJUDICATED})
    if named is not None and named.kind == CODER and named.coder not in coders:
        params = {"coder": named.coder, "known": ", ".join(coders) or "-"}
        raise InputError(Problem("agreement.no_coder", params))
    of_content = any(study.config.counts.base == CONTENT for study in studies)
    states = [
        _state(study, one, named, columns, of_content)
        for study, one in zip(studies, read, strict=True)
    ]
    coded = [state.source for state, one in zip(states, read, strict=True) if any(one.values())]
    return [
        state if any(one.values()) or named or not coded else replace(state, source=coded[0])
        for state, one in zip(states, read, strict=True)
    ]


def _all_codings(studies: Sequence[StudyFolder]) -> list[Codings]:
    files: dict[tuple[int, str, str], Path] = {}
    for number, study in enumerate(studies):
        for question in study.questions:
            coders = {file.stem: file for file in study.paths.coding_files(question)}
            decided = study.paths.adjudicated(question)
            if decided.is_file():
                coders[ADJUDICATED] = decided
            files |= {(number, question, coder): file for coder, file in sorted(coders.items())}
    read = read_coding_files(files)
    return [
        {(question, coder): rows for (of, question, coder), rows in read.items() if of == number}
        for number in range(len(studies))
    ]


def _columns(configs: Iterable[StudyConfig]) -> list[str]:
    """The columns that decide who is in a base, and who answered."""
    found: set[str] = set()
    for config in configs:
        found |= set(config.survey.include.columns)
        for question in config.questions:
            found |= {question.column, *question.asked.columns}
    return sorted(found)


def _state(
    study: StudyFolder,
    codings: Codings,
    named: CodingSource | None,
    columns: Sequence[str],
    of_content: bool,
) -> State:
    book = study.codebook or _NOTHING
    questions = {one: _question(study, one, codings, book, of_content) for one in study.questions}
    there = {answer for one in questions.values() for answer in one.answers}
    return State(
        named or _source(study, codings),
        book,
        study.config.counts.base,
        study.codebooks.releases() if study.config.codebook else (),
        _rows(study, columns),
        questions,
        sum(one.answer_id not in there for rows in codings.values() for one in rows),
    )


def _source(study: StudyFolder, codings: Codings) -> CodingSource:
    """What study.toml names, be it coded or not; else what there is."""
    name = study.config.counts.source
    return source_of(name) if name and any(codings.values()) else source_for(study, None)


def _rows(study: StudyFolder, columns: Sequence[str]) -> dict[str, tuple[str | None, ...]]:
    frame = study.survey.export.frame
    there = {
        column: [None if is_empty(cell) else _lines(cell) for cell in frame[column]]
        for column in columns
        if column in frame
    }
    nothing = [None] * len(frame)
    cells = zip(*(there.get(column, nothing) for column in columns), strict=True)
    ids = [str(cell).strip() for cell in frame[study.config.survey.id]]
    return dict(zip(ids, cells, strict=True))


def _question(
    study: StudyFolder, question: str, codings: Codings, book: Codebook, of_content: bool
) -> QuestionState:
    config = study.config
    its = config.question(question)
    rule = [str(config.survey.include), str(its.asked), its.column, config.survey.id]
    if config.counts.base == CONTENT:
        rule.append(config.language)  # of what is no content
    answers = study.answers(question)
    known = {answer.answer_id: sha256(_lines(answer.text)) for answer in answers}
    mine = {
        coder: tuple(one for one in rows if one.answer_id in known)
        for (of, coder), rows in codings.items()
        if of == question
    }
    file = study.paths.suggestions(question)
    suggested = read_suggestions(file) if file.is_file() else {}
    return QuestionState(
        question,
        "\n".join(rule),
        study.survey.asked(question),
        # who says something is looked at only where percents are of them: it takes its time
        frozenset(a.respondent_id for a in answers if of_content and not study.contentless(a.text)),
        known,
        {coder: rows for coder, rows in mine.items() if coder != ADJUDICATED},
        mine.get(ADJUDICATED, ()),
        as_codings({one: s for one, s in suggested.items() if one in known}, book.version),
    )


def _lines(text: str) -> str:
    """With one kind of line end: git may have another than the file in the folder."""
    return text.replace("\r\n", "\n")
