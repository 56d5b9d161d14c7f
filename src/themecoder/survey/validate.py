"""A study.toml held against the export that it names: everything that does not fit, at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from themecoder.errors import Problem
from themecoder.expressions import Expression
from themecoder.expressions.cells import is_empty, number
from themecoder.output.did_you_mean import did_you_mean
from themecoder.settings.closed import ClosedSettings
from themecoder.settings.model import QuestionSettings, StudyConfig
from themecoder.survey.export import Export
from themecoder.survey.expression_check import check_expression

_SHOWN = 10


@dataclass(frozen=True, slots=True)
class SurveyFindings:
    """``problems`` keep the survey from being used; ``warnings`` are worth a look."""

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]


def validate(
    export: Export, config: StudyConfig, closed: Sequence[ClosedSettings]
) -> SurveyFindings:
    """All that does not fit between an export and its study.toml; ``closed``: its closed
    questions, those of ``[[multiple]]`` too."""
    problems: list[Problem] = []
    warnings: list[Problem] = []
    if not len(export.frame):
        problems.append(Problem("survey.no_rows", file=export.source))
    problems.extend(_missing_columns(export, config))
    problems.extend(_unusable_ids(export, config))
    unfit = False
    for place, expression in _expressions(config):
        findings = check_expression(expression, export)
        unfit = unfit or bool(findings.problems)
        problems.extend(replace(problem, file=place) for problem in findings.problems)
        warnings.extend(replace(problem, file=place) for problem in findings.warnings)
    if not unfit and len(export.frame):
        problems.extend(_empty_target_group(export, config))
        warnings.extend(_misplaced_answers(export, config, closed))
        warnings.extend(_values_without_label(export, config))
    warnings.extend(_cells_outside_bands(export, config))
    return SurveyFindings(tuple(problems), tuple(warnings))


def _expressions(config: StudyConfig) -> Iterator[tuple[str, Expression]]:
    """Every expression of a study.toml, with the key it stands at."""
    yield "study.toml, survey.include", config.survey.include
    for position, multiple in enumerate(config.multiple, start=1):
        if multiple.asked is not None:
            yield f"study.toml, multiple[{position}].asked", multiple.asked
    for position, question in enumerate(config.questions, start=1):
        yield f"study.toml, questions[{position}].asked", question.asked
    for position, attribute in enumerate(config.attributes, start=1):
        for name, expression in attribute.groups.items():
            yield f"study.toml, attributes[{position}].groups.{name}", expression
    for position, closed in enumerate(config.closed, start=1):
        yield f"study.toml, closed[{position}].asked", closed.asked
    if config.quotes.consent is not None:
        yield "study.toml, quotes.consent", config.quotes.consent


def _missing_columns(export: Export, config: StudyConfig) -> Iterator[Problem]:
    """The columns that study.toml names and the export lacks."""
    needed = [("survey.id", config.survey.id)]
    needed += [(f"questions[{n}].column", q.column) for n, q in enumerate(config.questions, 1)]
    needed += [
        (f"attributes[{n}].column", attribute.column)
        for n, attribute in enumerate(config.attributes, 1)
        if not attribute.groups
    ]
    needed += [
        (f"multiple[{n}].columns", column)
        for n, multiple in enumerate(config.multiple, 1)
        for column in multiple.columns
    ]
    needed += [
        (f"closed[{n}]", column) for n, c in enumerate(config.closed, 1) for column in c.columns
    ]
    for name in ("weight", "strata", "cluster"):
        column = getattr(config.survey, name)
        if column:
            needed.append((f"survey.{name}", column))
    names = [column.name for column in export.columns]
    for place, name in needed:
        if name not in names:
            params = {"name": name, "setting": place, "near": did_you_mean(name, names)}
            yield Problem("survey.no_column", params, file=export.source)


def _unusable_ids(export: Export, config: StudyConfig) -> Iterator[Problem]:
    """Ids that are empty, and ids that several rows have; compared as text without outer spaces."""
    column = config.survey.id
    if column not in export.frame:
        return
    included: npt.NDArray[np.bool_] = np.ones(len(export.frame), dtype=bool)
    if set(config.survey.include.columns) <= set(export.frame):
        included = config.survey.include.evaluate(export.frame)
    rows: dict[str, list[int]] = {}
    cells = zip(export.frame[column].tolist(), export.row_numbers, included, strict=True)
    for cell, row, counts in cells:
        if not counts:
            continue  # a row that is left out may be of somebody who has another one
        rows.setdefault("" if is_empty(cell) else str(cell).strip(), []).append(row)
    empty = rows.pop("", [])
    if empty:
        params = {"count": len(empty), "rows": _listed(empty)}
        yield Problem("survey.id_empty", params, file=export.source, column=column)
    double = {value: row_numbers for value, row_numbers in rows.items() if len(row_numbers) > 1}
    if double:
        values = [f"{value} ({_listed(row_numbers)})" for value, row_numbers in double.items()]
        params = {"count": len(double), "values": _listed(values, "; ")}
        yield Problem("survey.id_double", params, file=export.source, column=column)


def _empty_target_group(export: Export, config: StudyConfig) -> Iterator[Problem]:
    if not config.survey.include.evaluate(export.frame).any():
        params = {"expression": str(config.survey.include)}
        yield Problem("survey.nobody_included", params, file=export.source)


def _misplaced_answers(
    export: Export, config: StudyConfig, closed: Sequence[ClosedSettings]
) -> Iterator[Problem]:
    """Questions that nobody was asked, and answers of people who were not asked."""
    included = config.survey.include.evaluate(export.frame)
    both: list[QuestionSettings | ClosedSettings] = [*config.questions, *closed]
    for question in both:
        asked = included & question.asked.evaluate(export.frame)
        params = {"question": question.id, "expression": str(question.asked)}
        if included.any() and not asked.any():
            yield Problem("survey.asked_nobody", params, file=export.source)
        columns = question.columns if isinstance(question, ClosedSettings) else (question.column,)
        outside = included & ~asked
        if not outside.any():
            continue
        filled = [
            ~export.frame[column].map(is_empty).to_numpy(dtype=bool)
            for column in columns
            if column in export.frame
        ]
        rows = (
            [
                row
                for row, misplaced in zip(
                    export.row_numbers,
                    np.any([outside & has for has in filled], axis=0),
                    strict=True,
                )
                if misplaced
            ]
            if filled
            else []
        )
        if rows:
            params |= {"count": str(len(rows)), "rows": _listed(rows)}
            yield Problem(
                "survey.not_asked_answered", params, file=export.source, column=columns[0]
            )


def _cells_outside_bands(export: Export, config: StudyConfig) -> Iterator[Problem]:
    """Cells without a number in the column of an attribute with bands."""
    for attribute in config.attributes:
        if not attribute.bands or attribute.column not in export.frame:
            continue
        cells = export.frame[attribute.column].tolist()
        rows = [
            row
            for cell, row in zip(cells, export.row_numbers, strict=True)
            if not is_empty(cell) and number(cell) is None
        ]
        if rows:
            params = {"attribute": attribute.id, "count": len(rows), "rows": _listed(rows)}
            yield Problem(
                "survey.band_no_number", params, file=export.source, column=attribute.column
            )


def _values_without_label(export: Export, config: StudyConfig) -> Iterator[Problem]:
    """Values without a label in an attribute whose other values study.toml labels."""
    included = config.survey.include.evaluate(export.frame)
    for attribute in config.attributes:
        if not attribute.values or attribute.column not in export.frame:
            continue
        cells = export.frame[attribute.column][included].tolist()
        seen = {str(cell) for cell in cells if not is_empty(cell)}
        bare = sorted(seen - set(attribute.values))
        if bare:
            params = {"attribute": attribute.id, "values": _listed(bare)}
            yield Problem(
                "survey.value_no_label", params, file=export.source, column=attribute.column
            )


def _listed(values: Sequence[object], separator: str = ", ") -> str:
    shown = separator.join(str(value) for value in values[:_SHOWN])
    return shown + (" …" if len(values) > _SHOWN else "")
