"""An expression held against an export: names that are not there, values that never occur."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from themecoder.errors import Problem
from themecoder.expressions.cells import NOT_TICKED, TICKED, Table, number
from themecoder.expressions.nodes import (
    Compare,
    Condition,
    Expression,
    IsEmpty,
    OneOf,
    Ticked,
    value_text,
)
from themecoder.output.did_you_mean import closest
from themecoder.survey.export import Export

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ExpressionFindings:
    """``problems`` make the expression unusable; ``warnings`` are worth a look."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def check_expression(expression: Expression, export: Export) -> ExpressionFindings:
    """What does not fit between an expression and the export it is to be used on.

    A value that never occurs is a problem where it looks like one that does (``q3=A``, ``q3=Ja``
    for the label of a) or where none of a condition's values occurs; else it is a warning: an
    option that nobody chose is no mistake.
    """
    table = Table(export.frame)
    problems: list[Problem] = []
    if not all(table.has(column) for column in expression.columns):
        problems = expression.unknown_columns(table.names)
    warnings: list[Problem] = []
    conditions = list(expression.conditions)
    labels = {column.name: column.values for column in export.columns} if conditions else {}
    for condition in conditions:
        if not table.has(condition.column):
            continue
        cells = [cell for cell in table.cells(condition.column) if cell is not None]
        misfits = _misfits(condition, cells, labels.get(condition.column, {}))
        for serious, problem in misfits:
            (problems if serious else warnings).append(problem)
    return ExpressionFindings(tuple(_each_once(problems)), tuple(_each_once(warnings)))


def _each_once(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, each once: a condition may stand twice in one expression."""
    return list({(p.key, str(p.params)): p for p in problems}.values())


def _misfits(
    condition: Condition, cells: list[str], labels: Mapping[str, str]
) -> Iterator[tuple[bool, Problem]]:
    """What does not fit between one condition and its column: (is it serious, the problem)."""
    if not cells:
        if not isinstance(condition, IsEmpty):
            yield False, Problem("expression.column_empty", {"name": condition.column})
        return
    seen = list(dict.fromkeys(cells))
    name, values = condition.column, _listed(seen)
    if isinstance(condition, Ticked):
        if not _is_option(seen):
            example = f"{condition}={value_text(seen[0])}"
            params = {"name": name, "values": values, "example": example}
            yield True, Problem("expression.not_an_option", params)
    elif isinstance(condition, Compare):
        others = [cell for cell in cells if number(cell) is None]
        params = {
            "name": name,
            "values": _listed(others),
            "count": str(len(others)),
        }
        if len(others) == len(cells):
            yield True, Problem("expression.no_numbers", params)
        elif others:
            yield False, Problem("expression.some_no_numbers", params)
    elif isinstance(condition, OneOf):
        known = list(dict.fromkeys([*seen, *labels]))
        unseen = [value for value in condition.values if value not in known]
        for value in unseen:
            meant = _likely_meant(value, known, labels)
            params = {"name": name, "value": value, "values": values}
            if meant is not None:
                params["meant"] = value_text(meant)
                yield True, Problem("expression.value_misspelt", params)
            else:
                all_unseen = len(unseen) == len(condition.values)
                yield all_unseen, Problem("expression.value_unseen", params)


def _is_option(seen: Sequence[str]) -> bool:
    """Whether the cells are those of one option: yes and no in one word each, or its own text."""
    words = {cell.strip().casefold() for cell in seen}
    yes, no = words & TICKED, words & NOT_TICKED
    other = words - yes - no
    if other:
        return len(other) == 1 and not yes and number(next(iter(other))) is None
    return len(yes) <= 1 and len(no) <= 1


def _likely_meant(value: str, known: Sequence[str], labels: Mapping[str, str]) -> str | None:
    """The value that a person most likely meant: by its label, else by its spelling."""
    folded = value.strip().casefold()
    for code, label in labels.items():
        if label.strip().casefold() == folded:
            return code
    for other in known:
        if other.strip().casefold() == folded:
            return other
    # short codes are all alike: a and c are two options, not one misspelt
    nearest = closest(value, [other for other in known if len(other) >= 4], 1)
    return nearest[0] if nearest and len(value) >= 4 and number(value) is None else None


def _listed(values: Iterable[str]) -> str:
    distinct = sorted(
        set(values), key=lambda value: (number(value) is None, number(value) or 0, value)
    )
    shown = [value if len(value) <= 40 else value[:39] + "…" for value in distinct[:_SHOWN]]
    return ", ".join(shown) + (" …" if len(distinct) > _SHOWN else "")
