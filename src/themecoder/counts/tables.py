"""The rows of open and closed questions: codes and their nets, options, items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion
from themecoder.counts.layout import CodeTable
from themecoder.counts.suppression import Relation, total
from themecoder.expressions.cells import is_empty, ticked
from themecoder.settings.closed import ClosedSettings
from themecoder.survey.groups import ordered_values

if TYPE_CHECKING:
    import pandas


ANY = "any"
"""The row of the respondents with any code, or with any answer to a closed question."""
NET = "net:"


def open_table(coded: CodedQuestion, book: Codebook) -> CodeTable:
    """A question's codes in the codebook's order; the row any comes first, and the net of a group
    before the group's codes.

    The row any leaves out the exclusive codes, since they say that nothing else applies ('no
    content').
    """
    usable = {code.id for code in book.usable}
    themes = tuple(code.id for code in book.usable if not code.exclusive)
    rows: dict[str, tuple[str, ...]] = {ANY: themes}
    relations = [Relation(ANY, (rows[ANY],))]
    for group, members in book.by_group:
        codes = tuple(code.id for code in members if code.id in usable)
        if group is not None and codes:
            rows[NET + group.id] = codes
            relations.append(Relation(NET + group.id, (codes,)))
        rows |= {code: (code,) for code in codes}
    return CodeTable(coded, rows, tuple(relations))


def closed_table(
    config: ClosedSettings,
    labels: Mapping[str, str],
    frame: pandas.DataFrame,
    asked: Iterable[str],
    ticks: Mapping[str, str],
) -> CodeTable:
    """A closed question of kind single, multiple or matrix, from the columns of ``frame``.

    ``frame`` is indexed by respondent; ``asked`` are those who were asked the question. ``labels``:
    the values that the file declares. ``ticks``: of a question with several answers, code -> the
    column that says whether it was chosen. The rows of a single question are its values in the
    order of study.toml, then of the file, then any others; of a multiple question its options; of a
    matrix each item and item=value. An empty cell is no answer.
    """
    who = tuple(asked)
    relations: tuple[Relation[str], ...]
    if config.kind == "multiple":
        options = tuple(ticks)
        given = {code: _cells(frame, column, who) for code, column in ticks.items()}
        rows = {ANY: options, **{option: (option,) for option in options}}
        codes = {
            respondent: frozenset(
                option for option in options if ticked(given[option].get(respondent, ""))
            )
            for respondent in who
            if any(respondent in given[option] for option in options)
        }
        relations = (Relation(ANY, (options,)),)
        coded = CodedQuestion(config.id, who, frozenset(codes), codes)
        return CodeTable(coded, rows, relations, open=frozenset([ANY]))
    cells = {column: _cells(frame, column, who) for column in config.columns}
    values = _value_order(config, labels, cells.values())
    codes_of: dict[str, frozenset[str]] = {}
    if config.kind == "matrix":
        rows, relations = {}, ()
        for item, own_cells in cells.items():
            names = tuple(f"{item}={value}" for value in values)
            rows |= {item: names, **{name: (name,) for name in names}}
            relations += (total(item, names),)
            for respondent, cell in own_cells.items():
                codes_of[respondent] = codes_of.get(respondent, frozenset()) | {f"{item}={cell}"}
    else:
        rows = {ANY: values, **{value: (value,) for value in values}}
        relations = (total(ANY, values),)
        codes_of = {
            respondent: frozenset([cell]) for respondent, cell in cells[config.column].items()
        }
    coded = CodedQuestion(config.id, who, frozenset(codes_of), codes_of)
    wholes = frozenset(relation.whole for relation in relations)
    return CodeTable(coded, rows, relations, additive=True, open=wholes)


def _cells(frame: pandas.DataFrame, column: str, who: tuple[str, ...]) -> dict[str, str]:
    """respondent -> cell, of those in ``who`` whose cell holds something."""
    cells = dict(zip(frame.index, frame[column], strict=True))
    return {
        respondent: cells[respondent].strip()
        for respondent in who
        if not is_empty(cells[respondent])
    }


def _value_order(
    config: ClosedSettings, labels: Mapping[str, str], cells: Iterable[Mapping[str, str]]
) -> tuple[str, ...]:
    present = {cell for column in cells for cell in column.values()}
    shown = ordered_values(present, config.values, labels)
    return tuple(value for value in shown if value in present or value in config.values)
