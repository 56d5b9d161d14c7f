"""What counts are broken down by: attributes, closed questions, or expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from themecoder.counts.closed_questions import closed_questions
from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.expressions.nodes import negation
from themecoder.messages import message
from themecoder.settings.model import Attribute, Closed
from themecoder.study import Study
from themecoder.survey.expression_check import check
from themecoder.survey.groups import Groups, group

YES, NO = "yes", "no"
_NAMED = re.compile(r"\s*([A-Za-z][A-Za-z0-9_]*)\s*:(.*)", re.DOTALL)
_EXPRESSION = re.compile(r"[=<>~!()\s]")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Groups of respondents, and the columns of the export that they are made of."""

    groups: Groups
    columns: frozenset[str]


def breakdowns(study: Study, by: Sequence[str] | None) -> list[Breakdown]:
    """Of each of ``by``, without it of every attribute of study.toml.

    An attribute's id; a closed question's id (of several answers or items: one breakdown each); or
    an expression, with a name before a colon where it is to have one: ``jong: q23<30``. It has
    groups yes and no; where it is unknown a respondent is in neither.
    Raises InputError with everything in ``by`` that is none of these.
    """
    attributes = {one.id: one for one in study.config.attributes}
    if by is None:
        return [_of_attribute(study, one) for one in attributes.values()]
    closed = {one.id: one for one in closed_questions(study)}
    found: dict[str, Breakdown] = {}
    problems: list[Problem] = []
    for text in dict.fromkeys(by):
        try:
            if text in attributes:
                mine = [_of_attribute(study, attributes[text])]
            elif text in closed:
                mine = list(_of_closed(study, closed[text]))
            elif _EXPRESSION.search(text):
                mine = [_of_expression(study, text, [*attributes, *closed, *found])]
            else:
                params = {"found": text, "known": ", ".join([*attributes, *closed]) or "-"}
                raise InputError(Problem("counts.no_attribute", params))
        except InputError as error:
            problems += error.problems
            continue
        found |= {one.groups.attribute: one for one in mine}
    if problems:
        raise InputError(problems)
    return list(found.values())


def _of_attribute(study: Study, config: Attribute) -> Breakdown:
    columns = frozenset(c for one in config.groups.values() for c in one.columns)
    return Breakdown(study.survey.attribute(config.id), columns or frozenset([config.column]))


def _of_closed(study: Study, config: Closed) -> Iterable[Breakdown]:
    if config.kind == "number":
        raise InputError(Problem("counts.by_number", {"found": config.id}))
    if config.kind == "multiple":
        for column, label in config.options.items():
            yield _yes_and_no(study, column, label, parse(f"`{column.replace('`', '``')}`"))
        return
    labels = config.items or {config.column: config.label}
    for column, label in labels.items():
        name = column if config.items else config.id
        made = Attribute(id=name, column=column, label=label, values=config.values)
        of = group(made, study.survey.columns.get(column), study.survey.frame)
        yield Breakdown(of, frozenset([column]))


def _of_expression(study: Study, text: str, taken: Sequence[str]) -> Breakdown:
    named = _NAMED.fullmatch(text)
    name, written = (named[1], named[2].strip()) if named else ("", text.strip())
    if name in taken:
        raise InputError(Problem("counts.by_taken", {"found": name}))
    expression = parse(written)
    problems = check(expression, study.survey.export).problems
    if problems:
        raise InputError(problems)
    free = next(f"expr{n}" for n in range(1, len(taken) + 2) if f"expr{n}" not in taken)
    return _yes_and_no(study, name or free, name or written, expression)


def _yes_and_no(study: Study, name: str, label: str, expression: Expression) -> Breakdown:
    survey, language = study.survey, study.config.language
    of: dict[str, str] = {}
    for its, one in ((YES, expression), (NO, Expression(negation(expression.root)))):
        holds = one.evaluate(survey.frame)
        of |= {who: its for who, yes in zip(survey.respondents, holds, strict=True) if yes}
    words = {YES: "holds", NO: "holds_not"}
    texts = {its: message(f"counts.label.{word}", language) for its, word in words.items()}
    labels = {its: text for its, text in texts.items() if its in set(of.values())}
    return Breakdown(Groups(name, label, labels, of), frozenset(expression.columns))
