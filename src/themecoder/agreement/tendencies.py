"""Tendencies of a coder: the codes used more or less than others do on the same answers."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

import numpy as np

from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.table import CodingTable


@dataclass(frozen=True, slots=True)
class Tendency:
    """How often a coder uses a code, over how often the others do on the same answers.

    ``mine`` and ``others`` are shares of the ``answers`` that this coder and another coded (of
    several others the mean), None where the count is not to be shown. ``ratio`` is None where the
    others never use the code; the interval is over resamples of respondents.
    """

    coder: str
    code: str
    answers: int
    mine: float | None
    others: float | None
    ratio: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class Habit:
    """Numbers on the usable codings of a coder: ``no_code``, ``uncertain`` and ``quoted`` are
    shares, ``seconds`` is the median time for an answer, None where no times are known."""

    coder: str
    answers: int
    codes_per_answer: float
    no_code: float
    uncertain: float
    quoted: float
    seconds: float | None


def tendencies(
    table: CodingTable, *, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> list[Tendency]:
    """The codes of each coder, those used most differently first, without those nobody used."""
    drawn = draws(table.respondents, resamples, seed)
    rows = []
    has = (table.cells == 1).astype(float)
    for n, coder in enumerate(table.coders):
        others = [m for m in range(len(table.coders)) if m != n]
        times = table.seen[others].sum(axis=0)
        shared = table.seen[n] & (times > 0)
        if not shared.any():
            continue
        own = has[n] * shared[:, None]
        theirs = has[others].sum(axis=0) / np.maximum(times, 1)[:, None] * shared[:, None]
        resampled_own, resampled_theirs = drawn @ own, drawn @ theirs
        ratios = np.divide(
            resampled_own,
            resampled_theirs,
            out=np.full(resampled_own.shape, np.nan),
            where=resampled_theirs > 0,
        )
        ends = intervals(ratios, level)
        size = int(shared.sum())
        for k, code in enumerate(table.codes):
            own_uses, uses_by_others = own[:, k].sum(), theirs[:, k].sum()
            if not own_uses and not uses_by_others:
                continue
            known = uses_by_others > 0 and not np.isnan(ends.low[k])
            rows.append(
                Tendency(
                    coder,
                    code,
                    size,
                    float(own_uses / size),
                    float(uses_by_others / size),
                    float(own_uses / uses_by_others) if uses_by_others else None,
                    float(ends.low[k]) if known else None,
                    float(ends.high[k]) if known else None,
                )
            )
    return sorted(rows, key=lambda t: (t.coder, -abs((t.mine or 0.0) - (t.others or 0.0)), t.code))


def habits(table: CodingTable) -> list[Habit]:
    """The habits of each coder, over all codings of the table."""
    rows = []
    for n, coder in enumerate(table.coders):
        own = [
            coding for (coder_place, _), coding in sorted(table.codings.items()) if coder_place == n
        ]
        sizes = (table.cells[n] == 1).sum(axis=1)[table.seen[n]]
        coded = [coding for coding, size in zip(own, sizes, strict=True) if size]
        times = [coding.seconds for coding in own if coding.seconds]
        rows.append(
            Habit(
                coder,
                len(own),
                float(sizes.mean()),
                float((sizes == 0).mean()),
                sum(coding.uncertain for coding in own) / len(own),
                sum(bool(coding.quotes) for coding in coded) / len(coded) if coded else 0.0,
                float(median(times)) if times else None,
            )
        )
    return rows
