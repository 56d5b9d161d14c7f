"""Size and power of the tests of differences, on the full table and on the groups shown.

    python benchmarks/difference_tests.py [--drawn 2000]

Simulated, seeded: groups of given sizes with given shares. Open data: the exact test on all counts
(chi-square where its conditions hold). Ours: the p that is printed with counts below 5 hidden.
Groups shown: chi-square over the groups that are not hidden, where all expected are 5 or more
(Fisher for two). A p below .05 counts; of equal shares that is the size, else the power. Where
weights differ or clusters are drawn, the test is Rao and Scott's: with the design effects at the
expected shares (ours) and at the observed ones (as R's svychisq).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.stats import chi2_contingency, fisher_exact

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.count_rows import count_rows
from themecoder.counts.differences import count_differences, shown_differences
from themecoder.counts.disclosure.p_values import BELOW
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.sampling import SamplingDesign, rao_scott
from themecoder.counts.table_tests import table_test
from themecoder.survey.groups import Groups

SMALLEST = 5
SIMPLE = (
    ("equal", (172, 22, 95, 5), (0.08,) * 4),
    ("equal, rare", (172, 22, 95, 5), (0.02,) * 4),
    ("equal, many", (240, 19, 203, 15), (0.3,) * 4),
    ("equal, two groups", (40, 40), (0.08,) * 2),
    ("equal, six groups", (200, 190, 140, 60, 12, 9), (0.15,) * 6),
    ("one small group nearly all", (172, 22, 95, 5), (0.01, 0.9, 0.03, 0)),
    ("one group only", (240, 19, 203, 15), (0.4, 0, 0, 0)),
    ("10 % and 1 %", (172, 95), (0.1, 0.01)),
    ("12, 2, 2 %", (150, 150, 150), (0.12, 0.02, 0.02)),
    ("12, 12, 2 %", (150, 150, 150), (0.12, 0.12, 0.02)),
)
DESIGNS = (
    ("equal", (172, 22, 95, 5), (0.08,) * 4, 0),
    ("equal, three groups", (150, 150, 150), (0.05,) * 3, 0),
    ("equal, two groups", (40, 40), (0.05,) * 2, 0),
    ("equal, 30 clusters", (172, 22, 95, 5), (0.08,) * 4, 30),
    ("equal, 20 clusters", (150, 150, 150), (0.2,) * 3, 20),
    ("12, 2, 2 %", (150, 150, 150), (0.12, 0.02, 0.02), 0),
    ("20, 10, 10 %, 20 clusters", (150, 150, 150), (0.2, 0.1, 0.1), 20),
)
LIKENESS = 0.05
"""Correlation of two respondents of a cluster."""


def ours(having: Sequence[int], bases: Sequence[int]) -> tuple[float | None, float | None]:
    """The p that is printed with small counts hidden, and that of the groups shown."""
    of = {f"{g}-{n}": str(g) for g, base in enumerate(bases) for n in range(base)}
    codes = {
        f"{g}-{n}": frozenset(["k"]) if n < own else frozenset[str]()
        for g, (own, base) in enumerate(zip(having, bases, strict=True))
        for n in range(base)
    }
    table = CodeTable(CodedQuestion("q", tuple(of), frozenset(of), codes), {"k": ("k",)})
    groups = Groups("a", "A", {str(g): str(g) for g in range(len(bases))}, of)
    columns = Breakdown.of([groups], of)
    rows, hiding = count_rows([table], columns, smallest=SMALLEST)
    (found,) = shown_differences(
        count_differences([table], columns), hiding.n, hiding.bases, hiding.counts, SMALLEST
    )
    if found.p is not None and found.p_is == BELOW:
        found = replace(found, p=np.nextafter(found.p, 0))
    shown = [(r.n, r.base_n - r.n) for r in rows if r.subgroup != "all" and r.n is not None]
    cells = np.array(shown).T
    if len(shown) < 2 or not cells.sum(axis=1).all():
        return found.p, None
    chi = chi2_contingency(cells, correction=False)
    if chi.expected_freq.min() >= 5:
        return found.p, float(chi.pvalue)
    return found.p, float(fisher_exact(cells).pvalue) if len(shown) == 2 else None


def simple(drawn: int) -> None:
    print("| groups | shares | open data | ours | groups shown |")
    print("|---|---|--:|--:|--:|")
    for name, bases, shares in SIMPLE:
        chance = np.random.default_rng(5)
        found = np.zeros(3)
        for _ in range(drawn):
            having = chance.binomial(bases, shares).tolist()
            if 0 < sum(having) < sum(bases):
                open_p = table_test(having, bases, 0).p
                found += [p is not None and p < 0.05 for p in (open_p, *ours(having, bases))]
        cells = " | ".join(f"{share:.3f}" for share in found / drawn)
        print(f"| {bases} | {name} | {cells} |", flush=True)


def by_design(drawn: int) -> None:
    print("\n| groups | shares | weights | ours | at observed shares |\n|---|---|---|--:|--:|")
    for name, bases, shares, clusters in DESIGNS:
        for kind in ("equal", "spread", "two sizes"):
            chance = np.random.default_rng(3)
            found = np.zeros(2)
            member = np.repeat(np.arange(len(bases)), bases)
            names = [str(n) for n in range(len(member))]
            groups = [[names[n] for n in np.flatnonzero(member == g)] for g in range(len(bases))]
            for _ in range(drawn):
                share, cluster = np.array(shares)[member], None
                if clusters:
                    drawn_cluster = chance.integers(0, clusters, len(member))
                    narrow = 1 / LIKENESS - 1
                    own = chance.beta(shares[0] * narrow, (1 - shares[0]) * narrow, clusters)
                    share = np.clip(own[drawn_cluster] * share / shares[0], 0, 1)
                    cluster = dict(zip(names, map(str, drawn_cluster), strict=True))
                weights = {
                    "equal": np.ones(len(member)),
                    "spread": chance.lognormal(0, 0.6, len(member)),
                    "two sizes": np.where(chance.random(len(member)) < 0.2, 3, 0.5),
                }[kind]
                design = SamplingDesign.of(dict(zip(names, weights, strict=True)), None, cluster)
                having = [names[n] for n in np.flatnonzero(chance.random(len(member)) < share)]
                tests = (
                    rao_scott(design, having, groups, observed=observed)
                    for observed in (False, True)
                )
                found += [test is not None and test.p < 0.05 for test in tests]
            cells = " | ".join(f"{share:.3f}" for share in found / drawn)
            print(f"| {bases} | {name} | {kind} | {cells} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--drawn", type=int, default=2000)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    drawn = 3 if options.smallest else options.drawn
    simple(drawn)
    by_design(drawn)


if __name__ == "__main__":
    main()
