"""Counts: respondents per code, of a stated base, with the interval of each share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.hiding import Key, hidden_counts
from themecoder.counts.intervals import effective_base, wilson
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.suppression import Hidden

ASKED, CONTENT = "asked", "content"
BASES = (ASKED, CONTENT)
"""asked: everyone who was asked the question. content: those of them whose answer has content."""


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
        (table.coded.question, column): base_members(table.coded, base) & who
        for table in whole
        for column, who in _subgroup_members(table.coded, columns).items()
    }
    bases = {key: who for key, who in bases.items() if who or key[1] == ALL_RESPONDENTS}
    columns_of: dict[str, list[str]] = {}
    for question, column in bases:
        columns_of.setdefault(question, []).append(column)
    who = {
        (table.coded.question, row, column): having & bases[table.coded.question, column]
        for table in whole
        for row, having in _respondents_by_row(table).items()
        for column in columns_of[table.coded.question]
    }
    counts = {key: len(having) for key, having in who.items()}
    sizes = {key: len(everyone) for key, everyone in bases.items()}
    hidden = hidden_counts(tables, pooled, columns, counts, sizes, smallest)
    return [
        _count(key, having, bases[key[0], key[2]], hidden.get(key), level, weights)
        for key, having in who.items()
    ]


def _respondents_by_row(table: CodeTable) -> dict[str, frozenset[str]]:
    """row -> its respondents."""
    respondents_of: dict[str, set[str]] = {}
    for respondent, own_codes in table.coded.codes.items():
        for code in own_codes:
            respondents_of.setdefault(code, set()).add(respondent)
    return {
        row: frozenset().union(*(respondents_of.get(code, ()) for code in codes))
        for row, codes in table.rows.items()
    }


def base_members(coded: CodedQuestion, base: str) -> frozenset[str]:
    """The respondents of the base: asked, or content."""
    return frozenset(coded.asked) if base == ASKED else coded.content


def _subgroup_members(coded: CodedQuestion, columns: Breakdown) -> dict[str, frozenset[str]]:
    return {ALL_RESPONDENTS: frozenset(coded.asked), **columns.members}


def _count(
    key: Key,
    having: frozenset[str],
    base: frozenset[str],
    hidden: Hidden | None,
    level: float,
    weights: Mapping[str, float] | None,
) -> Count:
    n, base_n = len(having), len(base)
    if hidden or not base_n:
        return Count(*key, None if hidden else n, base_n, None, None, None, hidden)
    low, high = wilson(n, base_n, level)
    weighted = None
    if weights is not None:
        mass = sum(weights[respondent] for respondent in sorted(base))
        if mass > 0:
            share = sum(weights[respondent] for respondent in sorted(having)) / mass
            size = effective_base([weights[respondent] for respondent in sorted(base)])
            bounds = wilson(min(share, 1.0) * size, size, level)
            weighted = Share(100 * share, 100 * bounds[0], 100 * bounds[1])
    return Count(*key, n, base_n, 100 * n / base_n, 100 * low, 100 * high, None, weighted)
