"""Hides more counts until no small one can be worked out from all that is shown together.

Every hidden small count must be able to have another value, far enough from the true one, with all
that is known still holding: then nobody can tell it, by whatever arithmetic. Where it can't, the
fewest and least telling counts are hidden that make it possible: cell suppression by linear
programming (Fischetti & Salazar-González (2000), J. Am. Stat. Assoc. 95, 916-928; Hundepool et al.
(2012), Statistical Disclosure Control, section 4.4).
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from themecoder.counts.disclosure.system import Flags, Floats, Numbers, System
from themecoder.counts.layout import ALL_RESPONDENTS

DISTANCE = 1.0
"""How far apart the lowest and the highest possible value of a hidden small count are at least, in
respondents."""
TRIES_AMONG_HIDDEN = 2
"""How often a table is looked for in which only those counts differ that are hidden in any case;
which way each of them goes is left to chance, so that another try finds others."""
REWARDS_WITHIN = (1.0, 2.0, 4.0)
"""What a unit of the way is worth in tables in which the groups of one attribute differ and totals
do not, try by try, in the unit of the costs: first what needs little to be hidden, for several
counts at once."""
REWARDS = (4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 1e4, 1e4)
"""The same with every count free to differ, in the end whatever it costs."""
TRIES_ALONE = 4
"""How often in the end for each count that is left, by itself."""
_TINY = 1e-6
_HIDDEN_PRICE = 1e-3
_SEED = 2012

Random = np.random.Generator


class Tables:
    """Tables that agree with everything that is known, and how far each count moves in them.

    ``hidden``: (n,) bool, the counts that may differ from the true ones; ``fixed``: (n,) bool,
    those that are known in any case. ``low``, ``high``: (n,) the furthest that each count was below
    and above its true value in a table that was found.
    """

    def __init__(self, system: System, hidden: Flags, fixed: Flags) -> None:
        self.hidden, self.fixed = hidden.copy(), fixed
        self.attribute = np.array([column.partition("=")[0] for column in system.columns])
        truth = np.array(system.truth, dtype=float)
        self.down = np.array(system.least) - truth
        self.up = np.minimum(np.array(system.most), truth.sum() + 1) - truth
        self.low: Floats = np.zeros(len(truth))
        self.high: Floats = np.zeros(len(truth))
        self.matrix, low, high = system.matrix()
        sums = self.matrix @ truth
        self.slack = low - sums, high - sums
        if (self.slack[0] > _TINY).any() or (self.slack[1] < -_TINY).any():
            raise ValueError("the counts do not keep to what is known of them")

    def unproven(self, variables: Numbers) -> Numbers:
        """Those of ``variables`` that no two tables found so far put ``DISTANCE`` apart."""
        reach = _whole(self.high[variables]) + _whole(-self.low[variables])
        return variables[reach < DISTANCE]

    def find(
        self, free: Flags, wanted: Numbers, random: Random, cost: Floats, reward: float
    ) -> None:
        """Look for a table in which as many of ``wanted`` as possible are far from the truth.

        Only counts that are ``free`` (n,) differ. Those of them that are shown are hidden by it, at
        the price of their ``cost`` (n,); a unit of the way of a wanted count is worth ``reward``.
        """
        own = np.flatnonzero(free & ~self.fixed)
        if not np.isin(own, wanted).any():
            return
        columns = self.matrix[:, own]
        rows = np.unique(columns.tocoo().row)
        limits = csr_array(columns[rows]), self.slack[0][rows], self.slack[1][rows]
        price = np.where(self.hidden[own], _HIDDEN_PRICE, cost[own])
        need = np.where(np.isin(own, wanted), DISTANCE, 0.0)
        found = _furthest(limits, self.down[own], self.up[own], price, need, reward, random)
        if found is None:
            return
        self.hidden[own] |= np.abs(found) > _TINY
        self.low[own] = np.minimum(self.low[own], found)
        self.high[own] = np.maximum(self.high[own], found)


def _whole(way: Floats) -> Floats:
    """A count is a whole number: half a respondent more protects nobody."""
    return np.floor(way + _TINY)


def _furthest(
    limits: tuple[csr_array, Floats, Floats],
    low: Floats,
    high: Floats,
    price: Floats,
    need: Floats,
    reward: float,
    random: Random,
) -> Floats | None:
    """(k,) numbers within ``low`` and ``high`` that keep to the ``limits``, at the least ``price``
    per unit, of which as many as possible are ``need`` away from 0.

    One that has a need has three variables: the way towards an aim, up or down by chance, which is
    rewarded, the way beyond it, and the way back, which costs as much as the reward.
    """
    matrix, least, most = limits
    up, down = np.maximum(high, 0.0), np.maximum(-low, 0.0)
    upward = np.where(
        up < need, down < up, np.where(down < need, True, random.random(len(up)) < 0.5)
    )
    way = np.minimum(need, np.where(upward, up, down))
    aimed = way > 0
    sign = np.where(upward, 1.0, -1.0)[aimed]
    aim = np.concatenate(
        [
            np.where(aimed & ~upward, reward, price),
            np.where(aimed & upward, reward, price),
            np.full(len(sign), -reward),
        ]
    )
    highest = np.concatenate(
        [np.where(upward, up - way, up), np.where(upward, down, down - way), way[aimed]]
    )
    full = hstack([matrix, -matrix, matrix[:, np.flatnonzero(aimed)] * sign], format="csr")
    found = milp(
        aim,
        constraints=LinearConstraint(full, least, most),
        bounds=Bounds(np.zeros(len(aim)), highest),
    )
    if found.x is None:
        return None
    moved: Floats = found.x[: len(up)] - found.x[len(up) : 2 * len(up)]
    moved[aimed] += sign * found.x[2 * len(up) :]
    return moved


def protect(
    system: System, hidden: Flags, fixed: Flags, small: Numbers, cost: Floats
) -> tuple[Flags, Numbers]:
    """(n,) which counts are hidden so that each of ``small`` is protected, and those of ``small``
    for which no way was found.

    ``hidden``: what is hidden anyway; ``fixed``: what is known anyway; ``cost``: (n,) how much it
    matters to show a count, per respondent that it would have to differ by.
    """
    tables = Tables(system, hidden, fixed)
    left = search(tables, small, cost)
    return tables.hidden, left


def search(tables: Tables, small: Numbers, cost: Floats) -> Numbers:
    """Find tables until each of ``small`` has two that are ``DISTANCE`` apart in it; returns those
    for which there are none."""
    random = np.random.default_rng(_SEED)
    among_hidden, everything = tables.hidden.copy(), np.ones_like(tables.hidden)
    attributes = np.setdiff1d(tables.attribute, [ALL_RESPONDENTS])
    groups = [tables.attribute == one for one in attributes]
    tries = [(own & among_hidden, REWARDS[0]) for own in groups]
    tries += [(among_hidden, REWARDS[0])] * TRIES_AMONG_HIDDEN
    tries += [(own, reward) for reward in REWARDS_WITHIN for own in groups]
    tries += [(everything, reward) for reward in REWARDS]
    for free, reward in tries:
        left = tables.unproven(small)
        if not len(left):
            return left
        tables.find(free, left, random, cost, reward)
    # one by one, for two may be in each other's way
    for _ in range(TRIES_ALONE):
        for one in tables.unproven(small):
            tables.find(everything, np.array([one]), random, cost, REWARDS[-1])
    return tables.unproven(small)
