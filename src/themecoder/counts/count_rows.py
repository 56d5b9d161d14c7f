"""Counts: respondents per code, of a base that is said, with how sure the share is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.hiding import Key, to_hide
from themecoder.counts.intervals import effective_base, wilson
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.suppression import Hidden

ASKED, CONTENT = "asked", "content"
BASES = (ASKED, CONTENT)
"""asked: everyone who was asked. content: of those, who gave an answer with content."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share in percent with its interval."""

    percent: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True, slots=True)
class Count:
    """Respondents with a code, or with any code of a net.

    ``percent`` and its interval are of ``base_n``; None where the base is empty or the count is not
    shown (``suppressed`` says why). ``subgroup``: all, or attribute=group; a group without name are
    those without a value. ``weighted`` is the share by the study's weights, where it has them; n
    and base_n are never weighted.
    """

    question: str
    code: str
    subgroup: str
    n: int | None
    base_n: int
    percent: float | None
    ci_low: float | None
    ci_high: float | None
    suppressed: Hidden | None = None
    weighted: Share | None = None


def count_rows(
    tables: Sequence[CodeTable],
    columns: Breakdown,
    *,
    base: str = ASKED,
    smallest: int = 1,
    level: float = 0.95,
    weights: Mapping[str, float] | None = None,
    pooled: CodeTable | None = None,
) -> list[Count]:
    """The counts of every row of ``tables`` for all respondents and for each of ``columns``.

    ``pooled``: the questions of ``tables`` as one, counted after them and guarded with them. A
    respondent with several codes of a row counts once. Raises ValueError for a base that is none.
    """
    if base not in BASES:
        raise ValueError(f"no base: {base}")
    whole = [*tables, pooled] if pooled else list(tables)
    bases = {
        (table.coded.question, column): _base(table.coded, base) & who
        for table in whole
        for column, who in _with_all(table.coded, columns).items()
    }
    bases = {key: who for key, who in bases.items() if who or key[1] == ALL_RESPONDENTS}
    columns_of: dict[str, list[str]] = {}
    for question, column in bases:
        columns_of.setdefault(question, []).append(column)
    who = {
        (table.coded.question, row, column): having & bases[table.coded.question, column]
        for table in whole
        for row, having in _having(table).items()
        for column in columns_of[table.coded.question]
    }
    counts = {key: len(having) for key, having in who.items()}
    sizes = {key: len(everyone) for key, everyone in bases.items()}
    hidden = to_hide(tables, pooled, columns, counts, sizes, smallest)
    return [
        _count(key, having, bases[key[0], key[2]], hidden.get(key), level, weights)
        for key, having in who.items()
    ]


def _having(table: CodeTable) -> dict[str, frozenset[str]]:
    """Row -> its respondents, from one look at each respondent."""
    of: dict[str, set[str]] = {}
    for who, mine in table.coded.codes.items():
        for code in mine:
            of.setdefault(code, set()).add(who)
    return {
        row: frozenset().union(*(of.get(code, ()) for code in codes))
        for row, codes in table.rows.items()
    }


def _base(coded: CodedQuestion, base: str) -> frozenset[str]:
    return frozenset(coded.asked) if base == ASKED else coded.content


def _with_all(coded: CodedQuestion, columns: Breakdown) -> dict[str, frozenset[str]]:
    return {ALL_RESPONDENTS: frozenset(coded.asked), **columns.members}


def _count(
    key: Key,
    having: frozenset[str],
    base: frozenset[str],
    why: Hidden | None,
    level: float,
    weights: Mapping[str, float] | None,
) -> Count:
    n, of = len(having), len(base)
    if why or not of:
        return Count(*key, None if why else n, of, None, None, None, why)
    low, high = wilson(n, of, level)
    weighted = None
    if weights is not None:
        mass = sum(weights[one] for one in sorted(base))
        if mass > 0:
            share = sum(weights[one] for one in sorted(having)) / mass
            size = effective_base([weights[one] for one in sorted(base)])
            bounds = wilson(min(share, 1.0) * size, size, level)
            weighted = Share(100 * share, 100 * bounds[0], 100 * bounds[1])
    return Count(*key, n, of, 100 * n / of, 100 * low, 100 * high, None, weighted)
