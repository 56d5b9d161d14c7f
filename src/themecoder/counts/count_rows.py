"""Counts: respondents per code, of a stated base, with the interval of each share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.disclosure.hiding import Hiding, Keep, hidden_counts, in_this_process
from themecoder.counts.disclosure.relations import Key
from themecoder.counts.estimate import EstimatedShares, Share
from themecoder.counts.intervals import wilson
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable, Hidden
from themecoder.counts.sampling import SamplingDesign, share_interval, weighted_share

ASKED, CONTENT = "asked", "content"
BASES = (ASKED, CONTENT)
"""asked: everyone who was asked the question. content: those of them whose answer has content."""


@dataclass(frozen=True, slots=True)
class Count:
    """Respondents with a code, or with any code of a net.

    ``percent`` and its interval are of ``base_n``; None where the base is empty or the count is not
    shown (``suppressed`` says why). ``subgroup``: all, or attribute=group; a group without name are
    those without a value. ``weighted`` is the share by the study's weights, with the interval of
    its strata and clusters, where it has them; n and base_n are never weighted. Of those of the
    base who gave an answer with content ``coded_n`` are coded and ``uncoded_n`` not; both are None
    at a closed question. Where any is not coded, percent is no n / base_n but an estimate
    (``estimate.EstimatedShares``), and None where nobody is coded. ``worth_n``: of an estimate from
    machine codes and a part that people coded, how many human codings it is worth; it has no n.
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
    coded_n: int | None = None
    uncoded_n: int | None = None
    worth_n: float | None = None


def size_of(row: Count) -> float:
    """What counts of one base go by, the largest first: n, or of estimates the share; 0 of what is
    not shown."""
    return row.percent or 0.0 if row.n is None else row.n


def count_rows(
    tables: Sequence[CodeTable],
    columns: Breakdown,
    *,
    base: str = ASKED,
    smallest: int = 1,
    level: float = 0.95,
    design: SamplingDesign | None = None,
    pooled: CodeTable | None = None,
    closed: bool = False,
    keep: Keep = in_this_process,
) -> tuple[list[Count], Hiding]:
    """The counts of every row of ``tables`` for all respondents and for each of ``columns``.

    ``pooled``: the questions of ``tables`` as one, counted after them and guarded with them. A
    respondent with several codes of a row counts once. ``closed``: the questions are closed ones,
    which nobody codes. ``keep``: finds again what was hidden of the same counts. Beside
    the counts what is not shown, of the pairs of codes too. Raises ValueError for a base that is
    none.
    """
    if base not in BASES:
        raise ValueError(f"no base: {base}")
    whole = [*tables, pooled] if pooled else list(tables)
    who, bases = _cells(whole, columns, base)
    sizes = {key: len(everyone) for key, everyone in bases.items()}
    shared = _bases(whole, bases, design)
    most = _most(whole, bases)
    hidden = hidden_counts(tables, pooled, columns, who, sizes, most, smallest, keep)
    why = hidden.counts
    rows = [
        _count(key, having, shared[key[0], key[2]], why.get(key), level, design)
        for key, having in who.items()
    ]
    if closed:
        rows = [replace(row, coded_n=None, uncoded_n=None) for row in rows]
    return rows, hidden


def members_of_cells(
    tables: Sequence[CodeTable], columns: Breakdown, base: str
) -> tuple[dict[Key, frozenset[str]], dict[tuple[str, str], int]]:
    """Who is counted in each cell of ``tables``, and (question, subgroup) -> how many can have a
    code; a subgroup without anybody has none."""
    who, bases = _cells(tables, columns, base)
    return who, _most(tables, bases)


def _most(
    tables: Sequence[CodeTable], bases: Mapping[tuple[str, str], frozenset[str]]
) -> dict[tuple[str, str], int]:
    """How many of each base can have a code: the rows tell how many are not coded, of one question
    also that those have none."""
    without = {table.coded.question: table.coded.uncoded - table.coded.partly for table in tables}
    return {key: len(everyone - without[key[0]]) for key, everyone in bases.items()}


def _cells(
    tables: Sequence[CodeTable], columns: Breakdown, base: str
) -> tuple[dict[Key, frozenset[str]], dict[tuple[str, str], frozenset[str]]]:
    bases = {
        (table.coded.question, column): base_members(table.coded, base) & who
        for table in tables
        for column, who in _subgroup_members(table.coded, columns).items()
    }
    bases = {key: who for key, who in bases.items() if who or key[1] == ALL_RESPONDENTS}
    columns_of: dict[str, list[str]] = {}
    for question, column in bases:
        columns_of.setdefault(question, []).append(column)
    who = {
        (table.coded.question, row, column): having & bases[table.coded.question, column]
        for table in tables
        for row, having in respondents_by_row(table).items()
        for column in columns_of[table.coded.question]
    }
    return who, bases


def respondents_by_row(table: CodeTable) -> dict[str, frozenset[str]]:
    """row -> its respondents."""
    respondents_of: dict[str, set[str]] = {}
    for respondent, own_codes in table.coded.codes.items():
        for code in own_codes:
            respondents_of.setdefault(code, set()).add(respondent)
    having = {
        row: frozenset().union(*(respondents_of.get(code, ()) for code in codes))
        for row, codes in table.rows.items()
    }
    for code, rows in table.values.items():
        rest = frozenset(respondents_of.get(code, ()))
        for value, row in rows.items():
            # the last row is that of all who are in no other
            said = {one for one in rest if table.coded.values.get(one, {}).get(code) == value}
            having[row] = frozenset(said) if value else rest
            rest -= said
    return having


def base_members(coded: CodedQuestion, base: str) -> frozenset[str]:
    """The respondents of the base: asked, or content."""
    return frozenset(coded.asked) if base == ASKED else coded.content


def _subgroup_members(coded: CodedQuestion, columns: Breakdown) -> dict[str, frozenset[str]]:
    return {ALL_RESPONDENTS: frozenset(coded.asked), **columns.members}


@dataclass(frozen=True, slots=True)
class _Base:
    """A base, and what its counts have in common: of ``content_n`` respondents with content
    ``uncoded_n`` are not coded. ``shares`` and ``weighted``: where there are any."""

    respondents: frozenset[str]
    content_n: int
    uncoded_n: int
    shares: EstimatedShares | None
    weighted: EstimatedShares | None


def _bases(
    tables: Sequence[CodeTable],
    bases: Mapping[tuple[str, str], frozenset[str]],
    design: SamplingDesign | None,
) -> dict[tuple[str, str], _Base]:
    weights = dict(zip(design.place, design.weights.tolist(), strict=True)) if design else None
    coded = {table.coded.question: table.coded for table in tables}
    uncoded = {question: own.uncoded for question, own in coded.items()}
    found = {}
    for key, respondents in bases.items():
        own = coded[key[0]]
        uncoded_n = len(respondents & uncoded[key[0]])
        found[key] = _Base(
            respondents,
            len(respondents & own.content),
            uncoded_n,
            EstimatedShares.of(own, respondents) if uncoded_n else None,
            EstimatedShares.of(own, respondents, weights) if uncoded_n and weights else None,
        )
    return found


def _count(
    key: Key,
    having: frozenset[str],
    base: _Base,
    hidden: Hidden | None,
    level: float,
    design: SamplingDesign | None,
) -> Count:
    n, base_n = len(having), len(base.respondents)
    count = Count(
        *key,
        None if hidden else n,
        base_n,
        None,
        None,
        None,
        hidden,
        coded_n=base.content_n - base.uncoded_n,
        uncoded_n=base.uncoded_n,
    )
    if hidden or not base_n:
        return count
    if base.uncoded_n:
        if base.shares is None:
            return count
        share = base.shares.share(having, level)
        weighted = _weighted_estimate(design, base, having, level) if design else None
    else:
        low, high = wilson(n, base_n, level)
        share = Share(100 * n / base_n, 100 * low, 100 * high)
        weighted = _weighted(design, having, base.respondents, level) if design else None
    return replace(
        count,
        percent=share.percent,
        ci_low=share.ci_low,
        ci_high=share.ci_high,
        weighted=weighted,
    )


def _weighted_estimate(
    design: SamplingDesign, base: _Base, having: frozenset[str], level: float
) -> Share | None:
    """The weighted share where answers are not coded; its interval knows of no clusters, so that
    there is none where the sample has them."""
    if base.weighted is None:
        return None
    share = base.weighted.share(having, level)
    return replace(share, ci_low=None, ci_high=None) if design.is_clustered else share


def _weighted(
    design: SamplingDesign, having: frozenset[str], base: frozenset[str], level: float
) -> Share | None:
    share = weighted_share(design, having, base)
    if share is None:
        return None
    low, high = share_interval(design, share, base, level) or (None, None)
    return Share(
        100 * share.value,
        None if low is None else 100 * low,
        None if high is None else 100 * high,
    )
