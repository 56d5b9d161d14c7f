"""An export with its closed questions read: worked out once, used by everything after it.

Counts, checks, expressions, subgroups and exports look at the frame that is made here. In it a
column of an option holds a tick or "0" for everybody who answered the question, several answers in
one cell and first and second mentions have a column per option, numbers have a decimal point, and
what stands for 'no answer' is empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from themecoder.errors import Problem
from themecoder.expressions import Expression, nodes
from themecoder.expressions.cells import is_empty, number
from themecoder.settings.closed import ClosedSettings
from themecoder.settings.model import ROW_ID, StudyConfig
from themecoder.survey.closed import OTHER, closed_questions, tick_columns
from themecoder.survey.export import Column, Export
from themecoder.survey.meaning.joined import split_answers
from themecoder.survey.meaning.markup import without_markup
from themecoder.survey.meaning.missing import CODES, SUSPECTED, is_missing, is_technical
from themecoder.survey.meaning.numbers import canonical_number, number_style
from themecoder.survey.meaning.read_columns import Cells, ReadColumns
from themecoder.survey.meaning.ticks import UnclearTicks, read_ticks

_SHOWN = 8
YES, NO = "1", "0"


@dataclass(slots=True)
class Interpreted:
    """``export`` with its meaning in its frame. ``closed`` are the closed questions; ``ticks``:
    question with several answers -> code -> the column that says whether it was chosen.
    ``problems`` keep the study from being used; ``warnings`` are worth a look."""

    export: Export
    closed: tuple[ClosedSettings, ...] = ()
    ticks: dict[str, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def interpret(export: Export, config: StudyConfig) -> Interpreted:
    """The export as the study reads it. Columns that are not there are left to ``validate``."""
    made = Interpreted(export)
    cells_of = ReadColumns(export.frame)
    columns = {column.name: column for column in export.columns}
    if config.survey.id == ROW_ID:
        cells_of[ROW_ID] = [str(number) for number in export.row_numbers]
        columns[ROW_ID] = Column(ROW_ID)
    if config.survey.clean_text:
        for column in {question.column for question in config.questions} & set(columns):
            cells_of[column] = [
                None if cell is None else without_markup(cell) or None for cell in cells_of[column]
            ]
    closed = []
    own_asked = {multiple.id for multiple in config.multiple if multiple.asked is None}
    own_asked -= {question.id for question in config.closed}
    for written in closed_questions(config, export):
        question, says_no = written, False
        if not all(column in columns for column in question.columns):
            closed.append(question)
            continue
        _leave_out_missing(cells_of, question)
        if question.shape == "number":
            _read_numbers(cells_of, question, export, made)
        elif question.shape == "options":
            says_no = _read_options(cells_of, question, columns, export, made)
        elif question.shape == "joined":
            _read_joined(cells_of, question, columns, export, made)
        elif question.shape == "mentions":
            question = _read_mentions(cells_of, question, columns, made)
        if says_no and question.id in own_asked:
            question = question.model_copy(update={"asked": _with_a_cell(question.columns)})
        closed.append(question)
    made.closed = tuple(closed)
    made.export = replace(export, columns=tuple(columns.values()), frame=cells_of.frame())
    return made


def _with_a_cell(columns: Sequence[str]) -> Expression:
    parts = tuple(nodes.IsEmpty(column, negated=True) for column in columns)
    return Expression(nodes.joined(nodes.Or, parts) if len(parts) > 1 else parts[0])


def _leave_out_missing(cells_of: ReadColumns, question: ClosedSettings) -> None:
    """Empty the cells that study.toml calls no answer, and those that programs write for none."""
    missing = {text.casefold() for text in question.missing}
    chosen_from = question.shape in ("single", "matrix", "mentions")
    for column in question.columns:
        cells = cells_of[column]
        left_out = {
            cell
            for cell in set(cells) - {None}
            if cell is not None
            and (
                cell.strip().casefold() in missing
                or (chosen_from and cell.strip() not in question.values and is_technical(cell))
            )
        }
        if left_out:
            cells_of[column] = [None if cell in left_out else cell for cell in cells]


def _read_numbers(
    cells_of: ReadColumns, question: ClosedSettings, export: Export, made: Interpreted
) -> None:
    cells: Cells = cells_of[question.column]
    filled = [cell for cell in cells if not is_empty(cell)]
    if question.column in export.unclear_numbers:
        shown = ", ".join(export.unclear_numbers[question.column][:_SHOWN])
        made.problems.append(
            Problem(
                "survey.number_unclear",
                {"question": question.id, "values": shown},
                file=export.source,
                column=question.column,
            )
        )
        return
    style = number_style(str(cell) for cell in filled)
    decimal = style.decimal if style else None
    cells_of[question.column] = [_number_cell(cell, decimal) for cell in cells]
    no_number = [
        (row, str(cell))
        for row, cell in zip(export.row_numbers, cells, strict=True)
        if not is_empty(cell) and canonical_number(str(cell), decimal) is None
    ]
    no_number += [
        (row, str(cell))
        for row, cell in zip(export.row_numbers, cells, strict=True)
        if cell is not None and cell.strip() in CODES
    ]
    if no_number:
        made.warnings.append(_cells_told("survey.no_number", question, no_number, export.source))
    suspected = sorted({str(c).strip() for c in filled if str(c).strip() in SUSPECTED})
    largest = max(
        (
            v
            for c in filled
            if str(c).strip() not in SUSPECTED and (v := number(str(c))) is not None
        ),
        default=None,
    )
    for code in suspected:
        if largest is not None and float(code) > 1.2 * largest:
            n = sum(str(cell).strip() == code for cell in filled)
            params = {"question": question.id, "value": code, "count": n, "largest": f"{largest:g}"}
            made.warnings.append(
                Problem(
                    "survey.number_suspected", params, file=export.source, column=question.column
                )
            )


def _number_cell(cell: str | None, decimal: str | None) -> str | None:
    """The number with a point; empty for a code that stands for no answer; else as it was."""
    if cell is None or is_empty(cell) or is_missing(cell):
        return None
    return canonical_number(cell, decimal) or cell  # type: ignore[arg-type]


def _read_options(
    cells_of: ReadColumns,
    question: ClosedSettings,
    columns: dict[str, Column],
    export: Export,
    made: Interpreted,
) -> bool:
    """Put a tick or "0" in the columns of the options; whether the file says what was not
    chosen."""
    cells = {
        column: [None if is_empty(c) else str(c).strip() for c in cells_of[column]]
        for column in question.options
    }
    plain = [column for column in question.options if column not in question.filled]
    said = {column: set(filter(None, cells[column])) for column in plain}
    says_no = False
    chosen: Mapping[str, frozenset[str]]
    missing: frozenset[str] = frozenset()
    if question.ticked:
        words = {text.casefold() for text in question.ticked}
        chosen = {
            column: frozenset(cell for cell in found if cell.casefold() in words)
            for column, found in said.items()
        }
        missing = frozenset(c for found in said.values() for c in found if is_missing(c))
        says_no = any(found - chosen[column] - missing for column, found in said.items())
    else:
        ticks = read_ticks(
            said,
            dict(question.options),
            {column: columns[column].values for column in plain},
        )
        if isinstance(ticks, UnclearTicks):
            values = sorted({cell for found in ticks.cells.values() for cell in found})
            params = {"question": question.id, "values": _listed(values)}
            rows = [
                row
                for row, cell in zip(export.row_numbers, cells[plain[0]], strict=True)
                if cell is not None
            ][:3]
            made.problems.append(
                Problem(
                    "survey.ticks_unclear",
                    params,
                    file=export.source,
                    row=rows[0] if rows else None,
                    column=plain[0],
                )
            )
            return False
        chosen, missing, says_no = ticks.chosen, ticks.missing, ticks.says_no
    answered = [False] * cells_of.rows
    for column, found in cells.items():
        for row, cell in enumerate(found):
            if cell is not None and (column in question.filled or cell not in missing):
                answered[row] = True
    names = tick_columns(question)
    for column, found in cells.items():
        yes = chosen.get(column, frozenset())
        filled = column in question.filled
        ticked = [
            cell is not None and (cell not in missing if filled else cell in yes) for cell in found
        ]
        name = names[column]
        cells_of[name] = [
            (YES if filled else cell) if tick else NO if there else None
            for cell, tick, there in zip(found, ticked, answered, strict=True)
        ]
        if name not in columns:
            columns[name] = Column(name, question.options[column])
    made.ticks[question.id] = names
    return says_no


def _read_joined(
    cells_of: ReadColumns,
    question: ClosedSettings,
    columns: dict[str, Column],
    export: Export,
    made: Interpreted,
) -> None:
    assert question.separator is not None
    cells: Cells = cells_of[question.column]
    names = tick_columns(question)
    read: dict[str, frozenset[str] | None] = {}
    unknown: list[tuple[int, str]] = []
    rows: list[frozenset[str] | None] = []
    for row, cell in zip(export.row_numbers, cells, strict=True):
        if cell is None or is_empty(cell) or is_missing(cell):
            rows.append(None)
            continue
        if cell not in read:
            chosen, rest = split_answers(cell, question.separator, question.options)
            codes = frozenset(chosen) | ({OTHER} if rest and question.other else set())
            read[cell] = None if rest and not question.other else codes
        if read[cell] is None:
            unknown.append((row, cell))
        rows.append(read[cell])
    if unknown:
        made.problems.append(_cells_told("survey.no_option", question, unknown, export.source))
    labels = dict(question.options) | {OTHER: question.other}
    for code, name in names.items():
        cells_of[name] = [None if found is None else YES if code in found else NO for found in rows]
        columns[name] = Column(name, labels[code])
    made.ticks[question.id] = names


def _read_mentions(
    cells_of: ReadColumns,
    question: ClosedSettings,
    columns: dict[str, Column],
    made: Interpreted,
) -> ClosedSettings:
    """Make a column per mentioned value; the question with the labels of all of them."""
    rows: list[set[str]] = [set() for _ in range(cells_of.rows)]
    labels = dict(question.values)
    for column in question.mentions:
        for row, cell in enumerate(cells_of[column]):
            if cell is not None and not is_empty(cell) and not is_missing(cell):
                rows[row].add(cell.strip())
        for value, label in columns[column].values.items():
            labels.setdefault(value, label)
    mentioned = sorted(
        set[str]().union(*rows), key=lambda v: (number(v) is None, number(v) or 0.0, v)
    )
    shown = [*question.values, *(value for value in labels if value in mentioned), *mentioned]
    question = question.model_copy(
        update={"values": {value: labels.get(value, value) for value in dict.fromkeys(shown)}}
    )
    names = tick_columns(question)
    for code, name in names.items():
        cells_of[name] = [None if not found else YES if code in found else NO for found in rows]
        columns[name] = Column(name, question.values[code])
    made.ticks[question.id] = names
    return question


def _cells_told(
    key: str, question: ClosedSettings, cells: Sequence[tuple[int, str]], source: str
) -> Problem:
    """A problem that shows the cells that make it: how often, which texts, in which rows."""
    texts = dict.fromkeys(cell for _, cell in cells)
    params = {
        "question": question.id,
        "count": len(cells),
        "values": _listed(list(texts)),
        "rows": _listed([str(row) for row, _ in cells]),
    }
    return Problem(key, params, file=source, column=question.column)


def _listed(values: Sequence[str]) -> str:
    shown = [value if len(value) <= 60 else value[:59] + "…" for value in values[:_SHOWN]]
    return ", ".join(shown) + (" …" if len(values) > _SHOWN else "")
