"""The rows of open and closed questions: codes and their nets, options, items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from themecoder.codebook.model import Code, Codebook
from themecoder.coding.coded import CodedQuestion
from themecoder.counts.layout import CodeTable, Relation, total
from themecoder.expressions.cells import is_empty, ticked
from themecoder.settings.closed import ClosedSettings
from themecoder.survey.groups import ordered_values

if TYPE_CHECKING:
    import pandas


ANY = "any"
"""The row of the respondents with any code, or with any answer to a closed question."""
NET = "net:"


def open_table(coded: CodedQuestion, book: Codebook, *, with_values: bool = True) -> CodeTable:
    """A question's codes in the order of the codebook's tree; the row any comes first, the net of a
    group before the group's codes, and that of a code with others below it before that code. The
    rows of a code's values follow it, unless they are not wanted (``with_values``).

    The row any leaves out the exclusive codes, since they say that nothing else applies ('no
    content').
    """
    usable = {code.id for code in book.usable}
    alone = frozenset(code.id for code in book.usable if code.exclusive)
    if any(len(codes) > 1 and codes & alone for codes in coded.codes.values()):
        alone = frozenset()
    themes = tuple(code.id for code in book.usable if not code.exclusive)
    rows: dict[str, tuple[str, ...]] = {ANY: themes}
    relations = [Relation(ANY, (rows[ANY],))]
    families = families_of(book)
    values = {code.id: value_rows(code) for code in book.usable if code.values and with_values}
    for group, members in book.by_group:
        codes = tuple(code.id for code in members if code.id in usable)
        if group is not None and codes:
            rows[NET + group.id] = codes
            relations.append(Relation(NET + group.id, _apart(codes, alone)))
        for code in codes:
            if code in families:
                rows[NET + code] = families[code]
                relations.append(Relation(NET + code, _apart(families[code], alone)))
            rows[code] = (code,)
            rows |= dict.fromkeys(values.get(code, {}).values(), (code,))
    disjoint = (ANY, *(code.id for code in book.usable if code.id in alone))
    return CodeTable(
        coded, rows, tuple(relations), disjoint=disjoint, codes_overlap=True, values=values
    )


def value_rows(code: Code) -> dict[str, str]:
    """value -> its row, in the order of the scale; "" is where none is said, and comes last."""
    return {value: f"{code.id}={value}" for value in (*(one.id for one in code.values), "")}


def families_of(book: Codebook) -> dict[str, tuple[str, ...]]:
    """The codes with others below them -> they and all below them, of those that may be used."""
    tree, usable = book.tree, {code.id for code in book.usable}
    if tree.is_flat:
        return {}
    families = {
        code: (code, *(one for one in tree.below(code) if one in usable))
        for code in tree.order
        if code in usable
    }
    return {code: family for code, family in families.items() if len(family) > 1}


def levels_of(book: Codebook) -> dict[str, int]:
    """row -> how far it stands in, of the rows of codes and their nets; a code with others below it
    stands beside these, below its net. Values stand in below their code. Empty where no code stands
    below another and none has values."""
    families, tree = families_of(book), book.tree
    valued = [code for code in book.usable if code.values]
    if not families and not valued:
        return {}
    levels = {code: tree.depth(code) + (code in families) for code in tree.order}
    levels |= {NET + code: tree.depth(code) for code in families}
    return levels | {
        row: levels[code.id] + 1 for code in valued for row in value_rows(code).values()
    }


def _apart(codes: Sequence[str], alone: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """The codes in groups that have no respondent in common: each that stands alone by itself."""
    rest = tuple(code for code in codes if code not in alone)
    return (*((code,) for code in codes if code in alone), *([rest] if rest else []))


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
        codes = _sharing_sets(
            (
                respondent,
                frozenset(
                    option for option in options if ticked(given[option].get(respondent, ""))
                ),
            )
            for respondent in who
            if any(respondent in given[option] for option in options)
        )
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
        codes_of = _sharing_sets(
            (respondent, frozenset([cell])) for respondent, cell in cells[config.column].items()
        )
    coded = CodedQuestion(config.id, who, frozenset(codes_of), codes_of)
    wholes = frozenset(relation.whole for relation in relations)
    return CodeTable(coded, rows, relations, open=wholes)


def _sharing_sets(
    codes: Iterable[tuple[str, frozenset[str]]],
) -> dict[str, frozenset[str]]:
    """respondent -> codes; the same set is kept once, for a million respondents give few."""
    kept: dict[frozenset[str], frozenset[str]] = {}
    return {respondent: kept.setdefault(own, own) for respondent, own in codes}


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
