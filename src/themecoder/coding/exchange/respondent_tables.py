"""A study's coding for the tools of others: zeros and ones, and an SPSS file."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from themecoder.codebook.model import Code
from themecoder.coding.coded import CodedQuestion
from themecoder.coding.exchange.beside import ALL, beside
from themecoder.coding.exchange.formats.spss import ResponseSet, Variable, spss_bytes, spss_name
from themecoder.coding.exchange.matrix import by_answer, by_respondent
from themecoder.coding.read import coded, settled_coding
from themecoder.coding.source import CodingSource
from themecoder.expressions.cells import is_empty, number, ticked
from themecoder.messages import message
from themecoder.settings.closed import ClosedSettings
from themecoder.settings.model import QuestionSettings
from themecoder.storage.atomic import csv_text
from themecoder.survey.closed import tick_labels
from themecoder.workspace.folder import StudyFolder


def matrix_csv(study: StudyFolder, source: CodingSource) -> str:
    """answer_id, state, then a column per code of the codebook: 1, 0, or empty where the answer is
    not coded."""
    book = study.required_codebook()
    codes = [code.id for code in book.usable]
    rows: list[tuple[str, ...]] = []
    for question in study.questions:
        answers = [answer.answer_id for answer in study.answers(question)]
        rows += by_answer(
            answers, settled_coding(study, question, source, book), codes, book.version
        )
    return csv_text(("answer_id", "state", *codes), rows)


def coding_sav(
    study: StudyFolder,
    source: CodingSource,
    questions: Sequence[str] = (),
    with_columns: Sequence[str] | None = None,
) -> bytes:
    """A row per respondent: the closed questions with their labels, or the attributes and closed
    questions that ``with_columns`` names (``beside.ALL``: both); then the codes of the open
    ``questions`` (all).

    Each code is a variable: 1, 0, or missing where the answer is not coded. The codes of a question
    are a multiple-response set. A code with values is followed by a variable of these, which is
    missing where none is said or coders differ.
    """
    survey, book, language = (
        study.survey,
        study.required_codebook(),
        study.config.interface_language,
    )
    respondents = survey.respondents
    taken: list[str] = []

    def name(wanted: str) -> str:
        taken.append(spss_name(wanted, taken))
        return taken[-1]

    key = survey.config.survey.id
    variables = [Variable(name(key), key, list(respondents))]
    sets: list[ResponseSet] = []
    if survey.config.survey.weight and (with_columns is None or ALL in with_columns):
        weight = survey.config.survey.weight
        variables.append(Variable(name(weight), weight, _number_cells(study, weight)))
    wanted = study.survey.closed
    if with_columns is not None and ALL not in with_columns:
        wanted = tuple(closed for closed in wanted if closed.id in with_columns)
    ids = {closed.id for closed in wanted}
    for column in beside(study, [one for one in with_columns or () if one not in ids]):
        if column.name not in ids:
            cells = [column.of.get(who, "") for who in respondents]
            variables.append(Variable(name(column.name), column.label, cells))
    for closed in wanted:
        added = _closed_variables(study, closed, name)
        variables += added
        if closed.kind == "multiple":
            names = tuple(variable.name for variable in added)
            sets.append(ResponseSet(name(closed.id), closed.label, names))
    yes = {1.0: message("counts.label.yes", language), 0.0: message("counts.label.no", language)}
    for question in study.config.questions:
        if questions and question.id not in questions:
            continue
        part = coded(study, question.id, source, book)
        ticks = by_respondent(part, [code.id for code in book.usable], respondents)
        added = []
        for code in book.usable:
            label = f"{question.label}: {code.label}"
            added.append(Variable(name(f"{question.id}_{code.id}"), label, ticks[code.id], yes))
        variables += added
        variables += [
            _value_variable(part, code, respondents, question, name)
            for code in book.usable
            if code.values
        ]
        label = question.label
        if not source.confirmed:
            label = f"{message('counts.label.unconfirmed', language)} {label}"
        if part.settled.machine:
            label = f"{message('autocode.label', language)} {label}"
        sets.append(
            ResponseSet(name(question.id), label, tuple(variable.name for variable in added))
        )
    return spss_bytes(variables, sets, study.config.title)


def _value_variable(
    part: CodedQuestion,
    code: Code,
    respondents: Sequence[str],
    question: QuestionSettings,
    name: Callable[[str], str],
) -> Variable:
    """Which value the code has: the ids where all are numbers, else their places from 1."""
    numbers = {value.id: number(value.id) for value in code.values}
    if any(one is None for one in numbers.values()):
        numbers = {value.id: float(n) for n, value in enumerate(code.values, start=1)}
    cells = [
        numbers.get(part.values.get(who, {}).get(code.id, ""))
        if code.id in part.codes.get(who, ())
        else None
        for who in respondents
    ]
    texts = {n: value.label for value in code.values if (n := numbers[value.id]) is not None}
    label = f"{question.label}: {code.label} ({code.scale})"
    return Variable(name(f"{question.id}_{code.id}_value"), label, cells, texts)


def _closed_variables(
    study: StudyFolder, config: ClosedSettings, name: Callable[[str], str]
) -> list[Variable]:
    """The variables of a closed question; ``name`` gives a column its free name in the file."""
    if config.kind == "number":
        return [Variable(name(config.column), config.label, _number_cells(study, config.column))]
    variables = []
    if config.kind == "multiple":
        labels = tick_labels(config)
        for code, column in study.survey.ticks[config.id].items():
            given: list[float | None] = [
                float(ticked(text)) if text else None for text in _texts(study, column)
            ]
            variables.append(Variable(name(column), f"{config.label}: {labels[code]}", given))
        return variables
    for column, label in (config.items or {config.column: config.label}).items():
        texts = _texts(study, column)
        if all(number(text) is not None for text in texts if text):
            values = {float(v): text for v, text in config.values.items() if number(v) is not None}
            variables.append(Variable(name(column), label, _number_cells(study, column), values))
        else:
            variables.append(Variable(name(column), label, texts, dict(config.values)))
    return variables


def _texts(study: StudyFolder, column: str) -> list[str]:
    cells = study.survey.frame[column].tolist()
    return ["" if is_empty(cell) else str(cell).strip() for cell in cells]


def _number_cells(study: StudyFolder, column: str) -> list[float | None]:
    cells = study.survey.frame[column].tolist()
    return [None if is_empty(cell) else number(cell) for cell in cells]
