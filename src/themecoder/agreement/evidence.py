"""How much an interval of agreement rests on, and whether that is enough to print one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from themecoder.agreement.measures import coefficients as c
from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.jackknife import error_degrees, jackknife_error
from themecoder.agreement.measures.proportion_interval import korn_graubard
from themecoder.agreement.measures.statistics import Array
from themecoder.agreement.quotes import marked_answers
from themecoder.agreement.table import CodingTable

FEWEST = 6
"""The respondents with the code (and without it) below whom an interval covers less than it says:
see docs/agreement.md for what was simulated (benchmarks/interval_coverage.py)."""
FEWEST_IN_ALL = 20
"""The respondents, whatever they were given, below whom an interval covers less than it says."""
DESCRIBING = ("kappa_max", "prevalence_index", "bias_index")
"""These describe a table of two coders. They are at the end of their range, or fold there, where
coders use a code equally often, so that no interval covers what they estimate."""
_SHARES = ("percent_agreement", "positive_agreement", "negative_agreement")
_OF_ALL_ANSWERS = ("percent_agreement", "negative_agreement", "brennan_prediger", "gwet_ac1")
"""Of a rare code these rest on the few answers with it as the others do, and are low just where it
happens to be given often enough for an interval: half the degrees of freedom make up for that."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What coders can be told apart by, of the answers that two or more coded.

    Per code and, last, for all codes at once (codes + 1,): ``given``, the respondents whose answers
    anyone gave the code; ``rarer``, those or the ones whose answers anyone did not give it,
    whichever are fewer; ``shared``, whether two coders ever gave it together. ``answers`` were
    coded twice, ``respondents`` gave what is coded.
    """

    given: NDArray[np.int64]
    rarer: NDArray[np.int64]
    shared: NDArray[np.bool_]
    answers: int
    respondents: int

    def more(self, code: int) -> int | None:
        """How many more answers must be coded twice before the code has an interval, if it stays as
        frequent; None where nobody gave it, so that nothing says how rare it is."""
        found = int(self.rarer[code])
        if not found:
            return None
        shares = (FEWEST / found, FEWEST_IN_ALL / self.respondents)
        return ceil((max(shares) - 1) * self.answers)


@dataclass(frozen=True, slots=True)
class Interval:
    """``low``, ``high`` and the standard error with its degrees of freedom, or why there are none;
    ``more`` answers that are to be coded twice where these are too few."""

    low: float | None = None
    high: float | None = None
    se: float | None = None
    degrees: float | None = None
    because: str | None = None
    more: int | None = None


def evidence_on_codes(table: CodingTable) -> Evidence:
    twice = (table.seen.sum(axis=0) >= 2)[:, None]
    has, lacks = table.cells == 1, table.cells == 0
    given, shared = has.any(axis=0) & twice, has.sum(axis=0) >= 2
    of_given = _respondents(table, given)
    of_rest = _respondents(table, lacks.any(axis=0) & twice)
    return Evidence(
        of_given,
        # of all codes at once there is nothing rarer: sets differ in many ways
        np.append(np.minimum(of_given, of_rest)[:-1], of_given[-1]),
        np.append(shared.any(axis=0), True),
        table.doubled,
        len(set(table.respondents)),
    )


def evidence_on_quotes(table: CodingTable) -> Evidence:
    """As of codes, of the answers in which the code was marked by a coder and another was heard."""
    marked = _respondents(table, marked_answers(table))
    return Evidence(marked, marked, marked > 0, table.doubled, len(set(table.respondents)))


def intervals(
    name: str,
    points: Array,
    left_out: Array,
    places: Sequence[int],
    found: Evidence,
    prevalence: Array,
    level: float,
) -> list[Interval]:
    """The interval of each value of a coefficient: ``points`` (n,), ``left_out`` (groups, n) the
    same without each respondent, ``places`` (n,) of their codes in ``found``, ``prevalence`` of all
    codes.

    A coefficient is a share between its lowest value, where coders never agree beyond what is
    given, and 1; its interval is that of such a share, so that it lies within what is possible.
    """
    if name in DESCRIBING:
        return [Interval(because=because.DESCRIBES)] * len(points)
    rarer = found.rarer[places]
    per_code = len(prevalence) not in places  # the place of all codes at once
    degrees = (rarer - 1) / (2 if name in _OF_ALL_ANSWERS and per_code else 1)
    lowest = _lowest(name, prevalence) if per_code else _lowest_of_all(name, len(points))
    error = jackknife_error(left_out)
    low, high = korn_graubard(
        (points - lowest) / (1 - lowest), error / (1 - lowest), found.respondents, degrees, level
    )
    # the respondents' squares look more alike than they are where these are few: by simulation
    certainty = np.minimum(error_degrees(left_out), (rarer - 1) / 1.5)
    enough = (rarer >= FEWEST) & (found.respondents >= FEWEST_IN_ALL)
    known = ~np.isnan(low) & found.shared[places] & (error > c.TINY)
    return [
        Interval(
            float(lowest[n] + (1 - lowest[n]) * low[n]),
            float(lowest[n] + (1 - lowest[n]) * high[n]),
            float(error[n]),
            float(certainty[n]),
        )
        if enough[n] and known[n]
        else Interval(because=because.NO_SPREAD)
        if enough[n]
        else Interval(because=because.TOO_FEW, more=found.more(place))
        for n, place in enumerate(places)
    ]


def _lowest(name: str, prevalence: Array) -> Array:
    """The lowest value that a coefficient of each code can have: where no two coders agree on the
    code, as often as it is given."""
    if name in _SHARES or name == "brennan_prediger":
        return _lowest_of_all(name, len(prevalence))
    rarer = np.minimum(prevalence, 1 - prevalence)
    # 1 - (1 - po) / (1 - pe) at po = 0 for AC1, at no agreement on the rarer value for the others
    chance = 2 * prevalence * (1 - prevalence) if name == "gwet_ac1" else rarer
    return np.asarray(-chance / (1 - chance))


def _lowest_of_all(name: str, width: int) -> Array:
    """Shares start at 0; a coefficient of sets or quotes, of which that is not known, at -1."""
    return np.full(width, 0.0 if name in _SHARES or name.startswith("quote_f1") else -1.0)


def _respondents(table: CodingTable, answers: NDArray[np.bool_]) -> NDArray[np.int64]:
    """How many respondents have such an answer (answers, codes): per code, and of any code."""
    names = {name: n for n, name in enumerate(dict.fromkeys(table.respondents))}
    member = np.array([names[name] for name in table.respondents], dtype=np.int64)
    has = np.zeros((len(names), answers.shape[1]), dtype=bool)
    places, codes = np.nonzero(answers)
    has[member[places], codes] = True
    return np.append(has.sum(axis=0), has.any(axis=1).sum())
