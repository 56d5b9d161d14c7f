"""Whether suggestions lead the coders: what is accepted, against what is chosen blind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.measures.statistics import Array
from themecoder.agreement.rows import OF_SETS, set_values
from themecoder.agreement.table import CodingTable


@dataclass(frozen=True, slots=True)
class Rate:
    """``value`` with its interval over respondents, from ``n`` (suggested codes, or answers)."""

    name: str
    value: float | None
    ci_low: float | None
    ci_high: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Anchoring:
    """``coder`` is a name or ``all``.

    - accepted: share of shown suggestions that the coder's codes hold
    - chosen_blind: share of the suggestions that were there and not shown, that they hold all the
      same; difference: accepted - chosen_blind, what being shown adds
    - added: codes per coding that were not suggested, shown and blind alike
    """

    coder: str
    rates: tuple[Rate, ...]


def anchoring(
    table: CodingTable,
    suggested: Mapping[str, Sequence[str]],
    *,
    resamples: int = 1000,
    seed: int = 0,
    level: float = 0.95,
) -> list[Anchoring]:
    """For all coders and for each. ``suggested``: answer_id -> the codes that are (or would have
    been) shown; for blind codings only, those that were shown are known from the coding."""
    found = []
    for coder in (None, *range(len(table.coders))):
        sums = _sums(table, suggested, coder)
        drawn = draws(table.respondents, resamples, seed)
        once, again = sums.sum(axis=0)[None], drawn @ sums
        rates = []
        for name, n in (
            ("accepted", 1),
            ("chosen_blind", 3),
            ("added_shown", 5),
            ("added_blind", 7),
        ):
            rates.append(_rate(name, _share(once, n), _share(again, n), int(once[0, n]), level))
        gap = _share(once, 1) - _share(once, 3), _share(again, 1) - _share(again, 3)
        rates.insert(2, _rate("difference", *gap, int(once[0, 1]), level))
        if not all(rate.value is None for rate in rates):
            found.append(Anchoring("all" if coder is None else table.coders[coder], tuple(rates)))
    return found


def agreement_gap(
    table: CodingTable, *, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> list[Rate]:
    """Alpha over sets where suggestions were shown less where coders were blind, per distance.

    Positive: coders agree more where they saw the same suggestions, which may be help or anchoring.
    """
    blind = table.where(lambda coding: coding.shown is None)
    shown = table.where(lambda coding: coding.shown is not None)
    if not blind.doubled or not shown.doubled:
        return []
    names = sorted({*blind.respondents, *shown.respondents})
    at = {name: n for n, name in enumerate(names)}
    drawn = draws(names, resamples, seed)

    def both(drawn: Array | None) -> dict[str, Array]:
        return {
            name: values[:, 0] - other[name][:, 0]
            for other in [_sets(blind, at, drawn)]
            for name, values in _sets(shown, at, drawn).items()
        }

    once, again = both(None), both(drawn)
    n = min(blind.doubled, shown.doubled)
    return [_rate(name, once[name], again[name], n, level) for name in OF_SETS]


def _sets(table: CodingTable, at: Mapping[str, int], drawn: Array | None) -> dict[str, Array]:
    mine = None if drawn is None else drawn[:, [at[name] for name in table.respondents]]
    return set_values(table, mine)


def _sums(table: CodingTable, suggested: Mapping[str, Sequence[str]], coder: int | None) -> Array:
    """(answers, 8): held, shown, held blind, not shown, added, codings, added blind, codings."""
    sums = np.zeros((len(table.answers), 8))
    for (place, answer), coding in table.codings.items():
        if coder not in (None, place):
            continue
        codes = set(coding.codes) & set(table.codes)
        blind = coding.shown is None
        there = set(suggested.get(coding.answer_id, ()) if coding.shown is None else coding.shown)
        there &= set(table.codes)
        at = 2 if blind else 0
        sums[answer, at : at + 2] += (len(codes & there), len(there))
        if there or not blind:
            at = 6 if blind else 4
            sums[answer, at : at + 2] += (len(codes - there), 1)
    return sums


def _share(sums: Array, below: int) -> Array:
    found: Array = np.divide(
        sums[:, below - 1],
        sums[:, below],
        out=np.full(len(sums), np.nan),
        where=sums[:, below] > 0,
    )
    return found


def _rate(name: str, once: Array, again: Array, n: int, level: float) -> Rate:
    if np.isnan(once[0]):
        return Rate(name, None, None, None, n)
    ends = intervals(again, level)
    known = not np.isnan(ends.low)
    low, high = (float(ends.low), float(ends.high)) if known else (None, None)
    return Rate(name, float(once[0]), low, high, n)
