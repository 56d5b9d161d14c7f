"""Whether subgroups differ in how often a code was given: a test, its effect size, and its p-value
adjusted for the number of tests."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from themecoder.counts.count_rows import ASKED, base_members, respondents_by_row
from themecoder.counts.disclosure.p_values import EXACT, rough, rough_p_tells
from themecoder.counts.disclosure.relations import Key
from themecoder.counts.holm import holm
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.sampling import SamplingDesign, rao_scott
from themecoder.counts.table_tests import table_test

ONE_GROUP, NEVER, NO_VARIANCE = "one_group", "same_everywhere", "no_variance"
WITHHELD = "withheld"
ALPHA = 0.05
"""The p of which is told how many would be below it by chance."""


@dataclass(frozen=True, slots=True)
class CountDifference:
    """A test of one code over the ``groups``, all subgroups of an attribute with respondents.

    The counts of all groups are tested, also of those that are not shown: a group drops out of the
    tables because of what it answered, so a test of the others would miss the strongest
    differences. ``test`` is chi_square, fisher, monte_carlo (of ``table_test``) or, by the weights
    and clusters of the sample, rao_scott with its F, of ``df`` and ``df2`` degrees of freedom.
    ``effect`` is Cramér's V, from 0 to 1, weighted where the test is; with two groups it is the
    absolute value of phi. ``p_adjusted`` is Holm's over the ``tested`` of this question and
    attribute. ``not_tested`` says why there is no test, or that it was made and is ``withheld``.
    ``p_is``, ``p_adjusted_is``: exact, or below or at_least the number given.
    """

    question: str
    code: str
    attribute: str
    groups: tuple[str, ...]
    test: str | None = None
    statistic: float | None = None
    df: float | None = None
    p: float | None = None
    p_adjusted: float | None = None
    effect: float | None = None
    tested: int = 0
    not_tested: str | None = None
    df2: float | None = None
    p_is: str = EXACT
    p_adjusted_is: str = EXACT


def number_of_tests(differences: Iterable[CountDifference]) -> int:
    """How many tests, those that are withheld too; rows that share a test count once."""
    families = {(one.question, one.attribute): one.tested for one in differences if one.tested}
    return sum(families.values())


def expected_by_chance(tests: int) -> float:
    """How many of the tests have a p, before correction, below ``ALPHA`` if nothing differs."""
    return ALPHA * tests


def count_differences(
    tables: Iterable[CodeTable],
    columns: Breakdown,
    *,
    base: str = ASKED,
    seed: int = 0,
    design: SamplingDesign | None = None,
) -> list[CountDifference]:
    """A row for every question, attribute and code; rows that are unions of others are no codes.

    Respondents without a value for an attribute are not a group of it. ``seed`` is for tables of
    which the p is drawn; with a ``design`` all tests are by its weights, strata and clusters. Rows
    that divide the same respondents in two, such as yes and no, are one test: they have the same p
    and count once.
    """
    differences: list[CountDifference] = []
    for table in tables:
        # who gave an answer that nobody coded is neither with nor without a code
        members = sorted(base_members(table.coded, base) - table.coded.uncoded)
        place = {respondent: n for n, respondent in enumerate(members)}
        everyone = frozenset(members)
        wholes = {relation.whole for relation in table.relations}
        rows = {
            code: _flags([place[one] for one in having & everyone], len(members))
            for code, having in respondents_by_row(table).items()
            if code not in wholes
        }
        for attribute in columns.attributes:
            groups = {
                name: np.array(sorted(place[one] for one in own))
                for name in attribute
                if not name.endswith("=") and (own := columns.members[name] & everyone)
            }
            if any(not name.endswith("=") for name in attribute):
                name = attribute[0].partition("=")[0]
                split = _Split(table.coded.question, name, members, groups, seed, design)
                differences += _family(split, rows)
    return differences


def _flags(places: Sequence[int], n: int) -> npt.NDArray[np.bool_]:
    """(n,) bool: true at ``places``."""
    flags = np.zeros(n, dtype=np.bool_)
    flags[np.array(places, dtype=np.int64)] = True
    return flags


@dataclass(frozen=True, slots=True)
class _Split:
    """The respondents of a question by the groups of an attribute: their places in ``members``."""

    question: str
    attribute: str
    members: Sequence[str]
    groups: dict[str, npt.NDArray[np.int64]]
    seed: int
    design: SamplingDesign | None

    def tested(self, code: str, having: npt.NDArray[np.bool_]) -> CountDifference:
        row = CountDifference(self.question, code, self.attribute, tuple(self.groups))
        n = [int(having[places].sum()) for places in self.groups.values()]
        bases = [len(places) for places in self.groups.values()]
        if len(n) < 2:
            return replace(row, not_tested=ONE_GROUP)
        if sum(n) in (0, sum(bases)):
            return replace(row, not_tested=NEVER)
        if self.design is None:
            found = table_test(n, bases, self.seed)
        else:
            groups = [[self.members[place] for place in own] for own in self.groups.values()]
            with_code = [self.members[place] for place in np.flatnonzero(having)]
            weighted = rao_scott(self.design, with_code, groups)
            if weighted is None:
                return replace(row, not_tested=NO_VARIANCE)
            found = weighted
        return replace(
            row,
            test=found.test,
            statistic=found.statistic,
            df=found.df,
            df2=found.df2,
            p=found.p,
            effect=found.effect,
        )


def _family(split: _Split, rows: dict[str, npt.NDArray[np.bool_]]) -> list[CountDifference]:
    """The tests of a table, each way to divide its respondents in two once."""
    everyone = np.concatenate([*split.groups.values(), np.array([], dtype=np.int64)])
    kinds: dict[bytes, list[CountDifference]] = {}
    for code, having in rows.items():
        own = having[everyone]
        # a division has two sides, named by that of the first respondent
        side = (own if len(own) and own[0] else ~own).tobytes()
        same = kinds.get(side)
        row = replace(same[0], code=code) if same else split.tested(code, having)
        kinds.setdefault(side, []).append(row)
    adjusted = _holm_adjusted([same[0] for same in kinds.values()])
    found = {
        row.code: replace(first, code=row.code)
        for first, same in zip(adjusted, kinds.values(), strict=True)
        for row in same
    }
    return [found[code] for code in rows]


def _holm_adjusted(family: Sequence[CountDifference]) -> list[CountDifference]:
    tested = [(place, d.p) for place, d in enumerate(family) if d.p is not None]
    adjusted = list(family)
    for (place, _), p in zip(tested, holm([p for _, p in tested]), strict=True):
        adjusted[place] = replace(adjusted[place], p_adjusted=p, tested=len(tested))
    return adjusted


def shown_differences(
    differences: Iterable[CountDifference],
    n: Mapping[Key, int],
    bases: Mapping[tuple[str, str], int],
    hidden: Collection[Key],
    smallest: int,
) -> list[CountDifference]:
    """The ``differences`` without what would give ``hidden`` counts away.

    A test with a hidden count among its groups has no statistic and no effect, and its p is rough:
    with the bases and the total they say what the counts are. Where even that tells too much
    nothing of it is shown, but it stays among the ``tested``. ``n``: all counts, also those that
    are not shown; ``bases``: (question, subgroup) -> respondents.
    """
    shown = []
    for row in differences:
        keys = [(row.question, row.code, group) for group in row.groups]
        unseen = [key in hidden for key in keys]
        if not any(unseen) or row.p is None:
            shown.append(row)
            continue
        kept = replace(row, statistic=None, effect=None, df=None, df2=None)
        sizes = [bases[row.question, group] for group in row.groups]
        if rough_p_tells([n[key] for key in keys], sizes, unseen, smallest):
            kept = replace(kept, test=None, p=None, p_adjusted=None, not_tested=WITHHELD)
        else:
            p_is, p = rough(row.p)
            adjusted_is, adjusted = rough(row.p if row.p_adjusted is None else row.p_adjusted)
            kept = replace(kept, p=p, p_is=p_is, p_adjusted=adjusted, p_adjusted_is=adjusted_is)
        shown.append(kept)
    return shown
