"""Reading the states of a study that are compared; nothing is masked or embedded for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.codebook.model import Codebook
from themecoder.coding.annotations import read_coding_files
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.read import source_for
from themecoder.coding.source import CodingSource, as_codings, people_only, source_of
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.compare.states import QuestionState, State
from themecoder.counts.count_rows import CONTENT
from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import is_empty
from themecoder.settings.model import StudyConfig
from themecoder.storage.atomic import sha256
from themecoder.workspace.folder import StudyFolder

_NO_CODEBOOK = Codebook("", "", ())
Codings = Mapping[tuple[str, str], tuple[Coding, ...]]
"""(question, coder or adjudicated) -> coding."""


def read_states(studies: Sequence[StudyFolder], wanted: str | None) -> list[State]:
    """The states of ``studies``, to be compared with one another.

    ``wanted``: whose coding is counted; by default what each study.toml says, else the source that
    ``source_for`` finds. A state in which nothing is coded yet takes the source of one that is
    coded. Coding of answers that the export does not have is left out and counted. Raises
    InputError with every line of coding that can't be read, in all studies.
    """
    named = people_only(source_of(wanted)) if wanted else None
    columns = _deciding_columns([study.config for study in studies])
    read = _all_codings(studies)
    coders = sorted({coder for codings in read for _, coder in codings} - {ADJUDICATED})
    if named is not None and named.coder and named.coder not in coders:
        params = {"coder": named.coder, "known": ", ".join(coders) or "-"}
        raise InputError(Problem("agreement.no_coder", params))
    of_content = any(study.config.counts.base == CONTENT for study in studies)
    states = [
        _state(study, codings, named, columns, of_content)
        for study, codings in zip(studies, read, strict=True)
    ]
    coded = [
        state.source for state, codings in zip(states, read, strict=True) if any(codings.values())
    ]
    return [
        state if any(codings.values()) or named or not coded else replace(state, source=coded[0])
        for state, codings in zip(states, read, strict=True)
    ]


def _all_codings(studies: Sequence[StudyFolder]) -> list[Codings]:
    files: dict[tuple[int, str, str], Path] = {}
    for number, study in enumerate(studies):
        for question in study.questions:
            coders = {file.stem: file for file in study.paths.coding_files(question)}
            adjudicated = study.paths.adjudicated(question)
            if adjudicated.is_file():
                coders[ADJUDICATED] = adjudicated
            files |= {(number, question, coder): file for coder, file in sorted(coders.items())}
    read = read_coding_files(files)
    return [
        {
            (question, coder): rows
            for (study_number, question, coder), rows in read.items()
            if study_number == number
        }
        for number in range(len(studies))
    ]


def _deciding_columns(configs: Iterable[StudyConfig]) -> list[str]:
    """The columns that decide who is in a base, and who answered."""
    columns: set[str] = set()
    for config in configs:
        columns |= set(config.survey.include.columns)
        for question in config.questions:
            columns |= {question.column, *question.asked.columns}
    return sorted(columns)


def _state(
    study: StudyFolder,
    codings: Codings,
    named: CodingSource | None,
    columns: Sequence[str],
    of_content: bool,
) -> State:
    book = study.codebook or _NO_CODEBOOK
    questions = {
        question: _question_state(study, question, codings, book, of_content)
        for question in study.questions
    }
    known = {answer for question in questions.values() for answer in question.answers}
    return State(
        named or _source_of_study(study, codings),
        book,
        study.config.counts.base,
        study.codebooks.releases() if study.config.codebook else (),
        _deciding_cells(study, columns),
        questions,
        sum(coding.answer_id not in known for rows in codings.values() for coding in rows),
    )


def _source_of_study(study: StudyFolder, codings: Codings) -> CodingSource:
    """The source that study.toml names, else the one that ``source_for`` finds."""
    name = study.config.counts.source
    return (
        people_only(source_of(name)) if name and any(codings.values()) else source_for(study, None)
    )


def _deciding_cells(
    study: StudyFolder, columns: Sequence[str]
) -> dict[str, tuple[str | None, ...]]:
    frame = study.survey.export.frame
    columns_there = {
        column: [None if is_empty(cell) else _unix_lines(cell) for cell in frame[column]]
        for column in columns
        if column in frame
    }
    nothing = [None] * len(frame)
    cells = zip(*(columns_there.get(column, nothing) for column in columns), strict=True)
    ids = [str(cell).strip() for cell in frame[study.config.survey.id]]
    return dict(zip(ids, cells, strict=True))


def _question_state(
    study: StudyFolder, question: str, codings: Codings, book: Codebook, of_content: bool
) -> QuestionState:
    config = study.config
    settings = config.question(question)
    rule = [str(config.survey.include), str(settings.asked), settings.column, config.survey.id]
    if config.counts.base == CONTENT:
        rule += config.answer_languages  # they decide what has no content
    answers = study.answers(question)
    digests = {answer.answer_id: sha256(_unix_lines(answer.text)) for answer in answers}
    own = {
        coder: tuple(coding for coding in rows if coding.answer_id in digests)
        for (coding_question, coder), rows in codings.items()
        if coding_question == question
    }
    file = study.paths.suggestions(question)
    suggested = read_suggestions(file) if file.is_file() else {}
    return QuestionState(
        question,
        "\n".join(rule),
        study.survey.asked(question),
        # which answers have content takes long to find out, and matters only for bases of content
        frozenset(a.respondent_id for a in answers if of_content and not study.contentless(a.text)),
        digests,
        {coder: rows for coder, rows in own.items() if coder != ADJUDICATED},
        own.get(ADJUDICATED, ()),
        as_codings(
            {answer: scores for answer, scores in suggested.items() if answer in digests},
            book.version,
        ),
    )


def _unix_lines(text: str) -> str:
    """The text with one kind of line end, since git may have other ones than the folder."""
    return text.replace("\r\n", "\n")
