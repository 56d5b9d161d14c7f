"""What counts are broken down by: closed questions, subgroups, and the labels of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Code, Codebook
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.tables import ANY, NET, families_of, value_rows
from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.expressions.nodes import Ticked, negation
from themecoder.messages import message
from themecoder.settings.closed import ClosedSettings
from themecoder.settings.model import AttributeSettings
from themecoder.survey.closed import tick_labels
from themecoder.survey.expression_check import check_expression
from themecoder.survey.groups import Groups, group
from themecoder.workspace.folder import StudyFolder

YES, NO = "yes", "no"
_NAMED = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*:(.*)", re.DOTALL)
_EXPRESSION = re.compile(r"[=<>~!()\s]")


@dataclass(frozen=True, slots=True)
class GroupedBy:
    """Groups of respondents, and the columns of the export that they are made of."""

    groups: Groups
    columns: frozenset[str]


def breakdowns(study: StudyFolder, by: Sequence[str] | None) -> list[GroupedBy]:
    """The groups for each entry of ``by``; without it, for every attribute of study.toml.

    An entry is the id of an attribute, the id of a closed question (which gives a breakdown for
    each of its options or items), or an expression, optionally with a name before a colon:
    ``jong: q23<30``. An expression has the groups yes and no; a respondent for whom it is unknown
    is in neither. Raises InputError with every entry of ``by`` that is none of these.
    """
    attributes = {attribute.id: attribute for attribute in study.config.attributes}
    if by is None:
        return [_by_attribute(study, attribute) for attribute in attributes.values()]
    closed = {question.id: question for question in study.survey.closed}
    chosen: dict[str, GroupedBy] = {}
    problems: list[Problem] = []
    for text in dict.fromkeys(by):
        try:
            if text in attributes:
                new = [_by_attribute(study, attributes[text])]
            elif text in closed:
                new = list(_by_closed_question(study, closed[text]))
            elif _EXPRESSION.search(text):
                new = [_by_expression(study, text, [*attributes, *closed, *chosen])]
            else:
                params = {
                    "found": text,
                    "known": ", ".join(dict.fromkeys([*attributes, *closed])) or "-",
                }
                raise InputError(Problem("counts.no_attribute", params))
        except InputError as error:
            problems += error.problems
            continue
        chosen |= {grouped.groups.attribute: grouped for grouped in new}
    if problems:
        raise InputError(problems)
    return list(chosen.values())


def _by_attribute(study: StudyFolder, config: AttributeSettings) -> GroupedBy:
    columns = frozenset(c for expression in config.groups.values() for c in expression.columns)
    return GroupedBy(study.survey.attribute(config.id), columns or frozenset([config.column]))


def _by_closed_question(study: StudyFolder, config: ClosedSettings) -> Iterable[GroupedBy]:
    if config.kind == "number":
        raise InputError(Problem("counts.by_number", {"found": config.id}))
    if config.kind == "multiple":
        labels = tick_labels(config)
        for code, column in study.survey.ticks[config.id].items():
            yield _yes_and_no(study, column, labels[code], Expression(Ticked(column)))
        return
    labels = config.items or {config.column: config.label}
    for column, label in labels.items():
        name = column if config.items else config.id
        attribute = AttributeSettings(id=name, column=column, label=label, values=config.values)
        groups = group(attribute, study.survey.columns.get(column), study.survey.frame)
        yield GroupedBy(groups, frozenset([column]))


def _by_expression(study: StudyFolder, text: str, taken: Sequence[str]) -> GroupedBy:
    named = _NAMED.fullmatch(text)
    name, written = (named[1], named[2].strip()) if named else ("", text.strip())
    if name in taken:
        raise InputError(Problem("counts.by_taken", {"found": name}))
    expression = parse(written)
    problems = check_expression(expression, study.survey.export).problems
    if problems:
        raise InputError(problems)
    free = next(f"expr{n}" for n in range(1, len(taken) + 2) if f"expr{n}" not in taken)
    return _yes_and_no(study, name or free, name or written, expression)


def _yes_and_no(study: StudyFolder, name: str, label: str, expression: Expression) -> GroupedBy:
    survey, language = study.survey, study.config.interface_language
    answer_of: dict[str, str] = {}
    for answer, condition in ((YES, expression), (NO, Expression(negation(expression.root)))):
        holds = condition.evaluate(survey.frame)
        answer_of |= {
            who: answer for who, yes in zip(survey.respondents, holds, strict=True) if yes
        }
    words = {YES: "holds", NO: "holds_not"}
    texts = {answer: message(f"counts.label.{word}", language) for answer, word in words.items()}
    labels = {answer: text for answer, text in texts.items() if answer in set(answer_of.values())}
    return GroupedBy(Groups(name, label, labels, answer_of), frozenset(expression.columns))


def question_labels(study: StudyFolder) -> dict[str, str]:
    """question -> its short name; the pooled question has a name that says what it stands for."""
    labels = {question.id: question.label for question in study.config.questions}
    labels[ALL_QUESTIONS] = message("counts.label.pooled", study.config.interface_language)
    return labels | {question.id: question.label for question in study.survey.closed}


def code_labels(
    study: StudyFolder, book: Codebook | None, tables: Sequence[CodeTable]
) -> Mapping[tuple[str, str], str]:
    """(question, row) -> the label that a reader sees."""
    language = study.config.interface_language
    closed = {question.id: question for question in study.survey.closed}
    nets = {
        NET + group.id: message("counts.label.net", language, label=group.label)
        for group in (book.groups if book else ())
    }
    codes = {code.id: code.label for code in (book.codes if book else ())}
    for code in book.usable if book else ():
        codes |= _value_labels(code, language)
    nets |= {
        NET + code: message("counts.label.net", language, label=codes[code])
        for code in (families_of(book) if book else ())
    }
    row_labels: dict[tuple[str, str], str] = {}
    for table in tables:
        question = table.coded.question
        config = closed.get(question)
        if config is None:
            labels = codes | nets | {ANY: message("counts.label.any_code", language)}
        else:
            labels = _closed_row_labels(study, config)
            labels[ANY] = message("counts.label.answered", language)
        row_labels |= {(question, row): labels.get(row, row) for row in table.rows}
    return row_labels


def _value_labels(code: Code, language: str) -> dict[str, str]:
    """row -> its label, of the values of a code."""
    names = {value.id: value.label or value.id for value in code.values}
    names[""] = message("counts.label.no_value", language)
    return {row: f"{code.label}: {names[value]}" for value, row in value_rows(code).items()}


def _closed_row_labels(study: StudyFolder, config: ClosedSettings) -> dict[str, str]:
    if config.kind == "multiple":
        return tick_labels(config)
    column = study.survey.columns.get(config.columns[0])
    values = {**(column.values if column else {}), **config.values}
    if config.kind != "matrix":
        return values
    of_values = {
        f"{item}={value}": f"{label}: {text}"
        for item, label in config.items.items()
        for value, text in values.items()
    }
    return dict(config.items) | of_values


def subgroup_labels(
    attributes: Iterable[Groups], columns: Breakdown, language: str
) -> dict[str, str]:
    """subgroup -> the label that a reader sees; that of all respondents comes first."""
    names = {ALL_RESPONDENTS: message("counts.label.all", language)}
    unknown = message("counts.label.unknown", language)
    for attribute in attributes:
        texts = {**attribute.labels, "": unknown}
        names |= {
            f"{attribute.attribute}={g}": f"{attribute.label}: {text}" for g, text in texts.items()
        }
    return {name: names[name] for name in (ALL_RESPONDENTS, *columns.members)}
