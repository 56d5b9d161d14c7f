"""What an expression means: conditions with three truth values, and their canonical text.

Truth is Kleene's strong three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952,
§64), held as int8: 1 true, 0 unknown, -1 false. A condition on an empty cell is unknown; so is its
negation; ``and`` is the smaller of two truths, ``or`` the larger. At the end unknown counts as
false: someone who was not asked q3 is neither in ``q3=a`` nor in ``not q3=a``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import Table, Truth, number, ticked
from themecoder.expressions.matching import PatternSearch
from themecoder.output.did_you_mean import did_you_mean

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas


_ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

RESERVED = ("and", "or", "not", "in", "is", "all", "true", "empty")
NAME = r"[^\W\d][\w.$#@]*"
VALUE = r"[^\s,()\"'`\[\]=<>!~≤≥≠“”„‘’]+"
CURLY = "“”„‘’"


@dataclass(frozen=True, slots=True)
class All:
    """Everybody."""

    def columns(self) -> Iterator[str]:
        yield from ()

    def truth(self, table: Table) -> Truth:
        return np.ones(table.rows, dtype=np.int8)

    def __str__(self) -> str:
        return "all"


@dataclass(frozen=True, slots=True)
class Ticked:
    """``q6_d``: the option was chosen."""

    column: str

    def columns(self) -> Iterator[str]:
        yield self.column

    def truth(self, table: Table) -> Truth:
        return table.where(self.column, ticked)

    def __str__(self) -> str:
        return name_text(self.column)


@dataclass(frozen=True, slots=True)
class OneOf:
    """``q3=a``, ``q3!=a``, ``q9 in a,c``, ``q9 not in a,c``: the cell is one of the values."""

    column: str
    values: tuple[str, ...]
    negated: bool = False

    def columns(self) -> Iterator[str]:
        yield self.column

    def truth(self, table: Table) -> Truth:
        values, negated = frozenset(self.values), self.negated
        return table.where(self.column, lambda cell: (cell in values) != negated)

    def __str__(self) -> str:
        name, values = name_text(self.column), [value_text(value) for value in self.values]
        if len(values) == 1:
            return f"{name}{'!=' if self.negated else '='}{values[0]}"
        return f"{name} {'not in' if self.negated else 'in'} {','.join(values)}"


@dataclass(frozen=True, slots=True)
class Compare:
    """``q23>=65``: the cell as a number. A cell that holds no number is unknown."""

    column: str
    operator: str  # "<" | "<=" | ">" | ">="
    bound: Decimal

    def columns(self) -> Iterator[str]:
        yield self.column

    def truth(self, table: Table) -> Truth:
        bound = float(self.bound)
        test = _ORDER[self.operator]

        def holds(cell: str) -> bool | None:
            value = number(cell)
            return None if value is None else test(value, bound)

        return table.where(self.column, holds)

    def __str__(self) -> str:
        return f"{name_text(self.column)}{self.operator}{number_text(self.bound)}"


@dataclass(frozen=True, slots=True)
class Matches:
    """``q4_t_anders~gemini|google``: the pattern occurs in the cell, in either case."""

    column: str
    pattern: str

    def columns(self) -> Iterator[str]:
        yield self.column

    def truth(self, table: Table) -> Truth:
        return table.where(self.column, PatternSearch(self.pattern))

    def __str__(self) -> str:
        return f"{name_text(self.column)}~{quoted(self.pattern)}"


@dataclass(frozen=True, slots=True)
class IsEmpty:
    """``q7 is empty``, ``q7 is not empty``: the one condition that is never unknown."""

    column: str
    negated: bool = False

    def columns(self) -> Iterator[str]:
        yield self.column

    def truth(self, table: Table) -> Truth:
        empty: Truth = np.where(table.where(self.column, lambda _: True) == 0, 1, -1).astype(
            np.int8
        )
        return -empty if self.negated else empty

    def __str__(self) -> str:
        return f"{name_text(self.column)} is {'not ' if self.negated else ''}empty"


@dataclass(frozen=True, slots=True)
class Not:
    part: Node

    def columns(self) -> Iterator[str]:
        yield from self.part.columns()

    def truth(self, table: Table) -> Truth:
        return -self.part.truth(table)

    def __str__(self) -> str:
        return f"not {_bracketed(self.part, And, Or)}"


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]

    def columns(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.columns()

    def truth(self, table: Table) -> Truth:
        return _combine(np.minimum, [part.truth(table) for part in self.parts])

    def __str__(self) -> str:
        return " and ".join(_bracketed(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]

    def columns(self) -> Iterator[str]:
        for part in self.parts:
            yield from part.columns()

    def truth(self, table: Table) -> Truth:
        return _combine(np.maximum, [part.truth(table) for part in self.parts])

    def __str__(self) -> str:
        return " or ".join(str(part) for part in self.parts)


Condition: TypeAlias = Ticked | OneOf | Compare | Matches | IsEmpty
Node: TypeAlias = All | Condition | Not | And | Or


def negation(part: Node) -> Node:
    """``not part``; two negations cancel, in three-valued logic too."""
    return part.part if isinstance(part, Not) else Not(part)


def joined(kind: type[And] | type[Or], parts: tuple[Node, ...]) -> Node:
    """The parts under one ``and`` or one ``or``: nested ones of the same kind are taken up."""
    flat: list[Node] = []
    for part in parts:
        if isinstance(part, kind):
            flat.extend(part.parts)
        else:
            flat.append(part)
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def _combine(choose: np.ufunc, truths: list[Truth]) -> Truth:
    combined: Truth = choose.reduce(truths)
    return combined


def _bracketed(part: Node, *bracketed: type[Node]) -> str:
    return f"({part})" if isinstance(part, bracketed) else str(part)


def quoted(text: str) -> str:
    """Text between double quotes; a quote inside is written twice, a backslash means itself."""
    return '"' + text.replace('"', '""') + '"'


def name_text(name: str) -> str:
    """A column's name as an expression writes it: bare, or in backquotes where it must be."""
    if re.fullmatch(NAME, name) and name.casefold() not in RESERVED:
        return name
    return "`" + name.replace("`", "``") + "`"


def value_text(value: str) -> str:
    """A value as an expression writes it: bare, or in quotes where it must be."""
    if re.fullmatch(VALUE, value) and value.casefold() not in ("and", "or", "not"):
        return value
    return quoted(value)


def number_text(value: Decimal) -> str:
    """A number with a decimal point that can't be taken for a thousands separator."""
    text = format(value.normalize(), "f")
    whole, point, decimals = text.partition(".")
    return f"{text}0" if point and len(decimals) == 3 and whole.lstrip("+-") != "0" else text


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression; the text that ``str()`` gives parses to an equal one."""

    root: Node

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns it looks at, each once, in order of appearance."""
        return tuple(dict.fromkeys(self.root.columns()))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Its conditions on single columns, in order of appearance."""
        in_order: list[Condition] = []
        pending: list[Node] = [self.root]
        while pending:
            node = pending.pop(0)
            if isinstance(node, And | Or):
                pending = [*node.parts, *pending]
            elif isinstance(node, Not):
                pending.insert(0, node.part)
            elif not isinstance(node, All):
                in_order.append(node)
        return tuple(in_order)

    def unknown_columns(self, names: list[str]) -> list[Problem]:
        """One problem per column that is not among ``names``, with the nearest that are."""
        return [
            Problem(
                "expression.unknown_column",
                {"name": name, "near": did_you_mean(name, names), "expression": str(self)},
            )
            for name in self.columns
            if name not in names
        ]

    def evaluate(
        self, source: pandas.DataFrame | Mapping[str, str | None]
    ) -> npt.NDArray[np.bool_]:
        """Where it holds: (n,) bool for the n rows of a frame, (1,) for one row as a mapping.

        Cells are str or None, as in ``Export.frame``. Unknown counts as false. Raises InputError
        that names every column that is not there.
        """
        table = Table(source)
        if not all(table.has(column) for column in self.columns):
            raise InputError(self.unknown_columns(table.names))
        holds: npt.NDArray[np.bool_] = self.root.truth(table) == 1
        return holds

    def __str__(self) -> str:
        return str(self.root)
