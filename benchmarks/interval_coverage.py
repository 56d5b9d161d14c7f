"""How often the 95% intervals of ``agreement.csv`` hold the right value, by simulation.

    python benchmarks/interval_coverage.py [--studies 400] [--others]

A row is a design: how many coders, whether each coded every answer (or 55%, of two coders 70%, by
chance), answers per respondent, how good the coders are, how frequent the code is and how many
answers there are. ``good`` coders give the code to .8 to .9 of the answers that have it, ``poor``
ones to .55, ``best`` ones to .97, and to a few that do not. The right value is that of 200,000
answers. The share of studies in which an interval is printed stands beside the share of those
intervals that hold the right value, and how many lie below it and above it. Cells with fewer than
20 printed intervals say too little and are left out; ``--least`` changes that.

``--others`` sets percentile and BCa intervals of 1,000 resamples and the analytic t interval beside
ours, for alpha, on the same studies and with the same rule of when one is printed.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from themecoder.agreement.measures.bootstrap import draws, intervals
from themecoder.agreement.measures.coefficients import krippendorff_alpha
from themecoder.agreement.measures.jackknife import left_out
from themecoder.agreement.measures.ratings import Ratings
from themecoder.agreement.measures.standard_errors import interval, standard_error
from themecoder.agreement.measures.statistics import terms, totals
from themecoder.agreement.rows import AgreementRow, agreement_rows, code_values
from themecoder.agreement.table import CodingTable
from themecoder.coding.model import Coding, Quote

CODERS = {
    "good": {0.3: (0.9, 0.95), 0.1: (0.85, 0.98), 0.05: (0.8, 0.99), 0.02: (0.8, 0.995)},
    "poor": {p: (0.55, 1 - 0.4 * p) for p in (0.3, 0.1, 0.05, 0.02)},
    "best": {p: (0.97, 1 - 0.02 * p) for p in (0.3, 0.1, 0.05, 0.02)},
}
ANSWERS = (30, 100, 300)
AT_ONCE = 25
"""Studies computed together: they share who coded which answer and nothing else."""
MANY = 200_000
LENGTH = 120
NO_CODING = Coding("", "", "", "coded")


@dataclass(frozen=True)
class Design:
    coders: int
    partial: bool
    each: int
    """Answers per respondent."""

    @property
    def name(self) -> str:
        share = "part" if self.partial else "all"
        return f"{self.coders} coders, {share}" + (f", {self.each} each" if self.each > 1 else "")


DESIGNS = [
    Design(2, False, 1),
    Design(3, False, 1),
    Design(2, True, 1),
    Design(3, True, 1),
    Design(3, False, 3),
    Design(3, True, 3),
]


def study(
    random: np.random.Generator,
    design: Design,
    prevalence: float,
    given: tuple[float, float],
    answers: int,
    codes: int,
) -> CodingTable:
    """A study of independent codes, each a study of its own to the intervals. Respondents differ
    in how likely they are to say it, where they give several answers."""
    people = -(-answers // design.each)
    chance = np.full((people, 1, codes), prevalence)
    if design.each > 1:
        chance = random.beta(3 * prevalence, 3 * (1 - prevalence), (people, 1, codes))
    truth = (random.random((people, design.each, codes)) < chance).reshape(-1, codes)[:answers]
    sensitivity, specificity = given
    gives = np.where(truth, sensitivity, 1 - specificity)
    cells = (random.random((design.coders, *gives.shape)) < gives).astype(np.int8)
    if design.partial:
        seen = random.random((design.coders, answers)) < (0.7 if design.coders == 2 else 0.55)
        cells[~seen] = -1
    ids = [f"{n // design.each:06}:q{n % design.each}" for n in range(answers)]
    return made(cells, ids, {})


def made(cells: np.ndarray, ids: list[str], codings: dict[tuple[int, int], Coding]) -> CodingTable:
    kept = (cells[:, :, 0] >= 0).any(axis=0)
    cells, ids = cells[:, kept], [name for name, keep in zip(ids, kept, strict=True) if keep]
    seen = zip(*np.nonzero(cells[:, :, 0] >= 0), strict=True)
    places = {(int(a), int(b)): codings.get((int(a), int(b)), NO_CODING) for a, b in seen}
    coders = tuple(f"k{n}" for n in range(len(cells)))
    codes = tuple(f"c{n:03}" for n in range(cells.shape[2]))
    return CodingTable(coders, tuple(ids), codes, cells, (LENGTH,) * len(ids), places)


def right_values(design: Design, prevalence: float, given: tuple[float, float]) -> dict[str, float]:
    random = np.random.default_rng(0)
    alone = Design(design.coders, False, 1)
    # the mean of codes of 10,000 answers each: what their size still bends is below .001
    values = code_values(study(random, alone, prevalence, given, MANY // 20, 20))
    return {name: float(of_codes.mean()) for name, of_codes in values.items()}


class Tally:
    """How many studies there were, and the intervals of those that have one."""

    def __init__(self) -> None:
        self.studies = self.printed = self.below = self.above = 0

    def add(self, row: AgreementRow, right: float) -> None:
        self.studies += 1
        if row.ci_low is not None and row.ci_high is not None:
            self.printed += 1
            self.below += row.ci_high < right
            self.above += row.ci_low > right

    @property
    def coverage(self) -> float:
        return 1 - (self.below + self.above) / self.printed


def per_code(studies: int, least: int) -> Iterator[float]:
    for design in DESIGNS:
        for kind, by_prevalence in CODERS.items():
            for prevalence, given in by_prevalence.items():
                right = right_values(design, prevalence, given)
                for answers in ANSWERS:
                    random = np.random.default_rng([7, answers, round(1000 * prevalence)])
                    tallies: dict[str, Tally] = {}
                    for _ in range(0, studies, AT_ONCE):
                        table = study(random, design, prevalence, given, answers, AT_ONCE)
                        for row in agreement_rows(table, "all", pairs=False):
                            if row.code != "all" and row.coefficient in right:
                                tally = tallies.setdefault(row.coefficient, Tally())
                                tally.add(row, right[row.coefficient])
                    cell = f"{design.name} | {kind} | {prevalence:.2f} | {answers}"
                    yield from printed(cell, tallies, least)


def printed(cell: str, tallies: dict[str, Tally], least: int) -> Iterator[float]:
    for name, tally in sorted(tallies.items()):
        if tally.printed >= least:
            share = tally.printed / tally.studies
            print(
                f"| {cell} | {name} | {share:.2f} | {tally.coverage:.3f} | {tally.below} | "
                f"{tally.above} |",
                flush=True,
            )
            yield tally.coverage


def with_quotes(random: np.random.Generator, answers: int) -> CodingTable:
    """Eight codes that .02 to .3 of the answers have; three coders mark a place each, of which the
    bounds differ a little or, one time in ten, wholly."""
    prevalence = np.geomspace(0.02, 0.3, 8)
    truth = random.random((answers, 8)) < prevalence
    gives = np.where(truth, 0.85, prevalence / 20)
    cells = (random.random((3, answers, 8)) < gives).astype(np.int8)
    starts = random.integers(0, 80, (answers, 8))
    codings = {}
    for coder in range(3):
        for answer in range(answers):
            quotes = []
            for code in np.flatnonzero(cells[coder, answer]):
                start = int(starts[answer, code]) if random.random() < 0.9 else 40
                end = start + 20 + int(random.integers(0, 3)) * 5
                quotes.append(Quote(start, end, f"c{code:03}", ""))
            codings[coder, answer] = Coding("", "", "", "coded", (), tuple(quotes))
    return made(cells, [f"{n:06}:q1" for n in range(answers)], codings)


def of_quotes_and_sets(studies: int, least: int) -> Iterator[float]:
    random = np.random.default_rng(3)
    great = agreement_rows(with_quotes(random, 30_000), "all", pairs=False)
    wanted = {
        (row.code, row.coefficient): row.value
        for row in great
        if row.code == "all" or row.coefficient.startswith("quote")
    }
    prevalence = np.geomspace(0.02, 0.3, 8)
    for answers in ANSWERS:
        tallies: dict[tuple[str, str], Tally] = {}
        for _ in range(studies):
            for row in agreement_rows(with_quotes(random, answers), "all", pairs=False):
                right = wanted.get((row.code, row.coefficient))
                if right is not None:
                    tallies.setdefault((row.code, row.coefficient), Tally()).add(row, right)
        for code in sorted({code for code, _ in tallies}):
            of_code = {name: tally for (c, name), tally in tallies.items() if c == code}
            share = "all codes" if code == "all" else f"{prevalence[int(code[1:])]:.2f}"
            cell = f"3 coders, all | sets, quotes | {share} | {answers}"
            yield from printed(cell, of_code, least)


def against_others(studies: int, least: int) -> None:
    """Alpha of three coders: coverage of ours, percentile, BCa and analytic intervals."""
    design = Design(3, False, 1)
    print("| coders | prevalence | answers | printed | ours | percentile | BCa | analytic t |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for kind, by_prevalence in CODERS.items():
        for prevalence, given in by_prevalence.items():
            right = right_values(design, prevalence, given)["krippendorff_alpha"]
            for answers in ANSWERS:
                random = np.random.default_rng([7, answers, round(1000 * prevalence)])
                held: list[tuple[bool, ...]] = []
                for _ in range(0, studies, AT_ONCE):
                    table = study(random, design, prevalence, given, answers, AT_ONCE)
                    held += held_by(table, right)
                if len(held) >= least:
                    shares = " | ".join(f"{share:.3f}" for share in np.mean(held, axis=0))
                    print(
                        f"| {kind} | {prevalence:.2f} | {answers} | {len(held) / studies:.2f} | "
                        f"{shares} |",
                        flush=True,
                    )


def held_by(table: CodingTable, right: float) -> Iterator[tuple[bool, ...]]:
    """Per code with an interval, whether each kind of interval holds the right value."""
    units = terms(table.cells, 2)
    values = krippendorff_alpha(totals(units, draws(table.respondents, 1000, 0)))
    without = krippendorff_alpha(totals(units, left_out(table.respondents)))
    plain = intervals(values)
    rows = agreement_rows(table, "all", pairs=False)
    of_code = {row.code: row for row in rows if row.coefficient == "krippendorff_alpha"}
    for n, code in enumerate(table.codes):
        row = of_code[code]
        if row.value is None or row.ci_low is None or row.ci_high is None:
            continue
        drawn = values[~np.isnan(values[:, n]), n]
        lean = (drawn < row.value).mean() + (drawn == row.value).mean() / 2
        z = norm.ppf(np.clip(lean, 1e-3, 1 - 1e-3))
        apart = without[:, n].mean() - without[:, n]
        speed = (apart**3).sum() / (6 * (apart**2).sum() ** 1.5)
        at = [norm.cdf(z + (z + q) / (1 - speed * (z + q))) for q in norm.ppf((0.025, 0.975))]
        low, high = np.quantile(drawn, at)
        se = standard_error("krippendorff_alpha", Ratings(table.cells[:, :, n], (0, 1)), row.value)
        analytic = interval(row.value, se, len(table.answers)) if se else (row.value, row.value)
        yield (
            row.ci_low <= right <= row.ci_high,
            bool(plain.low[n] <= right <= plain.high[n]),
            bool(low <= right <= high),
            analytic[0] <= right <= analytic[1],
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--studies", type=int, default=400)
    parser.add_argument("--least", type=int, default=20, help="printed intervals that a row needs")
    parser.add_argument("--others", action="store_true", help="alpha's other intervals beside it")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    if options.smallest:
        global ANSWERS, MANY, DESIGNS
        ANSWERS, MANY, DESIGNS, options.studies, options.least = (30,), 2000, DESIGNS[1:2], 25, 1
    if options.others:
        against_others(options.studies, options.least)
        return
    head = "design | coders | prevalence | answers | coefficient | printed | coverage"
    print(f"| {head} | below | above |")
    print("|---|---|--:|--:|---|--:|--:|--:|--:|")
    found = list(per_code(options.studies, options.least))
    found += of_quotes_and_sets(max(options.studies // 4, 1), options.least)
    low = sum(coverage < 0.93 for coverage in found)
    print(f"\n{len(found)} rows; coverage below .93 in {low}, lowest {min(found):.3f}")


if __name__ == "__main__":
    main()
