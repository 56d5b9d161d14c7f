"""Whether suggestions influence the coders: the share accepted, against the share chosen blind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.measures.statistics import Array
from themecoder.agreement.rows import SET_METRICS, set_values
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
    """The rates of one coder, or of all (``coder`` is then ``all``).

    - accepted: share of the suggestions shown that the coder then gave
    - chosen_blind: share of the suggestions that existed but were not shown, and that the coder
      gave all the same
    - difference: accepted - chosen_blind, which is what being shown adds
    - added_shown, added_blind: codes per coding that were not among the suggestions
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
    """The rates of all coders together, then of each coder.

    ``suggested``: answer_id -> the codes that would have been shown. It is used for blind codings
    only: what was shown stands in the coding itself.
    """
    results = []
    for coder in (None, *range(len(table.coders))):
        sums = _acceptance_sums(table, suggested, coder)
        drawn = draws(table.respondents, resamples, seed)
        point, resampled = sums.sum(axis=0)[None], drawn @ sums
        rates = []
        for name, column in (
            ("accepted", 1),
            ("chosen_blind", 3),
            ("added_shown", 5),
            ("added_blind", 7),
        ):
            rates.append(
                _rate(
                    name,
                    _share(point, column),
                    _share(resampled, column),
                    int(point[0, column]),
                    level,
                )
            )
        gap = _share(point, 1) - _share(point, 3), _share(resampled, 1) - _share(resampled, 3)
        rates.insert(2, _rate("difference", *gap, int(point[0, 1]), level))
        if not all(rate.value is None for rate in rates):
            results.append(Anchoring("all" if coder is None else table.coders[coder], tuple(rates)))
    return results


def agreement_gap(
    table: CodingTable, *, resamples: int = 1000, seed: int = 0, level: float = 0.95
) -> list[Rate]:
    """Alpha over sets where suggestions were shown less alpha where coders were blind, by distance.

    A positive gap means that coders agree more where they saw the same suggestions, which may be
    help or anchoring.
    """
    blind = table.where(lambda coding: coding.shown is None)
    shown = table.where(lambda coding: coding.shown is not None)
    if not blind.doubled or not shown.doubled:
        return []
    names = sorted({*blind.respondents, *shown.respondents})
    place_of = {name: answers for answers, name in enumerate(names)}
    drawn = draws(names, resamples, seed)

    def shown_less_blind(drawn: Array | None) -> dict[str, Array]:
        return {
            name: values[:, 0] - other[name][:, 0]
            for other in [_set_alphas(blind, place_of, drawn)]
            for name, values in _set_alphas(shown, place_of, drawn).items()
        }

    point, resampled = shown_less_blind(None), shown_less_blind(drawn)
    answers = min(blind.doubled, shown.doubled)
    return [_rate(name, point[name], resampled[name], answers, level) for name in SET_METRICS]


def _set_alphas(
    table: CodingTable, place_of: Mapping[str, int], drawn: Array | None
) -> dict[str, Array]:
    own_draws = None if drawn is None else drawn[:, [place_of[name] for name in table.respondents]]
    return set_values(table, own_draws)


def _acceptance_sums(
    table: CodingTable, suggested: Mapping[str, Sequence[str]], coder: int | None
) -> Array:
    """Four pairs of numerator and denominator per answer (answers, 8): suggestions given of those
    shown, given of those not shown, codes added per coding that saw suggestions, and per blind one.
    """
    sums = np.zeros((len(table.answers), 8))
    for (coder_place, answer), coding in table.codings.items():
        if coder not in (None, coder_place):
            continue
        codes = set(coding.codes) & set(table.codes)
        blind = coding.shown is None
        suggestions = set(
            suggested.get(coding.answer_id, ()) if coding.shown is None else coding.shown
        )
        suggestions &= set(table.codes)
        column = 2 if blind else 0
        sums[answer, column : column + 2] += (len(codes & suggestions), len(suggestions))
        if suggestions or not blind:
            column = 6 if blind else 4
            sums[answer, column : column + 2] += (len(codes - suggestions), 1)
    return sums


def _share(sums: Array, denominator: int) -> Array:
    shares: Array = np.divide(
        sums[:, denominator - 1],
        sums[:, denominator],
        out=np.full(len(sums), np.nan),
        where=sums[:, denominator] > 0,
    )
    return shares


def _rate(name: str, point: Array, resampled: Array, n: int, level: float) -> Rate:
    if np.isnan(point[0]):
        return Rate(name, None, None, None, n)
    ends = intervals(resampled, level)
    known = not np.isnan(ends.low)
    low, high = (float(ends.low), float(ends.high)) if known else (None, None)
    return Rate(name, float(point[0]), low, high, n)
