"""What `codebook whatif` predicts, against what people coded.

    python benchmarks/whatif.py [--seeds 5] [--shared ../shared]
    python benchmarks/whatif.py --smallest    that every part runs; no figures

The shipped study; the codes of study/gold.jsonl where --shared has it, else those of the simulated
coder_a. All pairs of codes that stand in one group are taken together for one code. Nothing that is
predicted of a pair rests on a coding of either of them apart.

Split: that code is divided again by k examples of each of the two, drawn by chance. Held: how many
in a hundred 95 % intervals hold the number of answers that have each of the two; width: of the
interval, in hundredths of the answers that are divided; off: how far the middle is from the number,
the mean, likewise. "examples alone": the same without what is looked up in other codes. "as taken":
how far one would be off by the division as it stands.

Agreement: Krippendorff's alpha of the three simulated coders on each of the two, from how they
coded both together; of the first seed only, for all that is drawn anew is the examples.

Redefinition: the code is narrowed to either of the two, and either is widened to both. Off, as is:
how far one would be off who expects that nothing moves.
"""

from __future__ import annotations

import argparse
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np
from suggestions import ROOT, Set, shipped_study, small_study

from themecoder.agreement.table import table
from themecoder.coding.model import Coding
from themecoder.coding.read import coding_by_coder
from themecoder.study import Study
from themecoder.themes.known import KnownStudy, known_study
from themecoder.whatif.coders import Cells, agreement, differing, errors_of, parted
from themecoder.whatif.division import divide
from themecoder.whatif.posterior import Rates
from themecoder.whatif.redefinition import (
    GRID,
    KnownChange,
    Shift,
    drawn_points,
    known_changes,
    scores_of,
    shift_of,
)
from themecoder.whatif.splitting import Basis, draw_parts
from themecoder.whatif.text_scores import likened
from themecoder.whatif.told_apart import Coding as CodedRows
from themecoder.whatif.told_apart import code_sets, known_divisions, rates_like

EXAMPLES = (2, 4, 8)
AGREEMENT_SEEDS = 1
DRAWS, DRAWS_OF_AGREEMENT, DRAWS_OF_WORDING = 400, 150, 400
Pair = tuple[int, int]


@dataclass
class Scored:
    """Of predictions: whether each interval holds the truth, how wide it is, how far off."""

    held: list[bool]
    width: list[float]
    off: list[float]
    other: list[float]

    @classmethod
    def none(cls) -> Scored:
        return cls([], [], [], [])

    def add(self, drawn: np.ndarray, truth: float, scale: float, other: float) -> None:
        low, middle, high = np.nanquantile(drawn, (0.025, 0.5, 0.975))
        self.held.append(bool(low - 1e-9 <= truth <= high + 1e-9))
        self.width.append((high - low) / scale)
        self.off.append(abs(middle - truth) / scale)
        self.other.append(abs(other - truth) / scale)

    def __str__(self) -> str:
        cells = [np.mean(self.width), np.mean(self.off), np.mean(self.other)]
        told = " | ".join(f"{100 * cell:.1f}" for cell in cells)
        return f"{len(self.held)} | {100 * np.mean(self.held):.1f} | {told}"


@dataclass
class Arrays:
    """The study as arrays. ``cells`` (coders, answers, codes); ``rows``: their answers' rows."""

    data: Set
    coding: CodedRows
    groups: list[str]
    cells: Cells
    rows: np.ndarray
    pairs: list[Pair]


def opened(root: Path, shared: Path) -> Arrays:
    data = shipped_study(root, shared)
    study = Study.open(root)
    whole = known_study(study)
    assert whole is not None
    book = study.required_codebook()
    groups = [code.group if (code := book.find(one)) else one for one in whole.codes]
    cells, rows = _cells(study, whole)
    n = range(len(groups))
    pairs = [pair for pair in combinations(n, 2) if groups[pair[0]] == groups[pair[1]]]
    coding = CodedRows(np.arange(len(data.right)), data.right > 0)
    return Arrays(data, coding, groups, cells, rows, pairs)


def _cells(study: Study, whole: KnownStudy) -> tuple[Cells, np.ndarray]:
    """What two coders or more coded of answers with content, codes in the classifier's order."""
    codings: dict[str, list[Coding]] = {}
    for question in study.questions:
        for coder, rows in coding_by_coder(study, question).items():
            own = codings.setdefault(coder, [])
            own += [row for row in rows if row.answer_id in whole.places]
    book = study.required_codebook()
    usable = [code.id for code in book.usable]
    found = table(codings, usable, book.version, dict.fromkeys(whole.answers, 0))
    twice = found.seen.sum(axis=0) > 1
    kept = [n for n, answer in enumerate(found.answers) if twice[n]]
    columns = [found.codes.index(code) for code in whole.codes]
    rows = np.array([whole.places[found.answers[n]] for n in kept])
    return found.cells[:, kept][:, :, columns], rows


def splits(own: Arrays, k: int, seed: int) -> Iterator[tuple[str, Pair, list[np.ndarray], Basis]]:
    """Per pair: by which rates, the pair, draws per part, and what they are of."""
    answers, book = own.data.known.answers, own.data.known.book
    looked_up = {
        pair: known_divisions(answers, book, own.coding, [pair], k, seed) for pair in own.pairs
    }
    for pair in own.pairs:
        random = np.random.default_rng([2026, seed, k, *pair])
        parts = np.array(pair)
        coders = np.zeros(len(own.coding.rows), dtype=bool)
        coders[own.rows[(own.cells[:, :, parts] == 1).any(axis=(0, 2))]] = True
        counted = own.coding.given[:, parts].any(axis=1)
        rows = np.flatnonzero(counted | coders)
        belongs = own.coding.given[np.ix_(rows, parts)]
        if (belongs.sum(axis=0) <= k).any():
            continue
        drawn = [random.permutation(np.flatnonzero(belongs[:, n]))[:k] for n in (0, 1)]
        examples = np.unique(np.concatenate(drawn))
        basis = Basis(rows, counted[rows], ~counted[rows], examples, belongs[examples])
        found = divide(answers, book, parts, rows, examples, belongs[examples])
        known = [one for other in own.pairs if not {*pair} & {*other} for one in looked_up[other]]
        rates, _ = rates_like(found.margin, known)
        yield "looked up", pair, draw_parts(basis, found, rates, random, DRAWS), basis
        yield "examples alone", pair, draw_parts(basis, found, Rates(), random, DRAWS), basis
        yield "as taken", pair, [found.taken[None, :, n] for n in (0, 1)], basis


def on_splits(own: Arrays, seeds: int) -> None:
    print("\nSplit: number of answers\n| k | rates | intervals | held | width | off | as taken |")
    print("|--:|---|--:|--:|--:|--:|--:|")
    alphas = {k: Scored.none() for k in EXAMPLES}
    for k in EXAMPLES:
        scored = {name: Scored.none() for name in ("looked up", "examples alone")}
        for seed in range(seeds):
            kept: dict[tuple[str, Pair], list[np.ndarray]] = {}
            for name, pair, drawn, basis in splits(own, k, seed):
                kept[name, pair] = drawn
                if name == "looked up" and seed < AGREEMENT_SEEDS:
                    _alpha(own, pair, drawn, basis, alphas[k], seed)
                if name != "as taken":
                    continue
                scale = float(basis.counted.sum())
                truth = own.coding.given[basis.rows][:, list(pair)] & basis.counted[:, None]
                for rates, scores in scored.items():
                    for n in (0, 1):
                        counts = kept[rates, pair][n][:, basis.counted].sum(axis=1)
                        taken = float(drawn[n][0][basis.counted].sum())
                        scores.add(counts, float(truth[:, n].sum()), scale, taken)
        for name, scores in scored.items():
            print(f"| {k} | {name} | {scores} |", flush=True)
    print("\nAgreement after a split\n| k | intervals | held | width | off | as both together |")
    print("|--:|--:|--:|--:|--:|--:|")
    for k, scores in alphas.items():
        print(f"| {k} | {scores} |", flush=True)


def _alpha(
    own: Arrays, pair: Pair, drawn: list[np.ndarray], basis: Basis, scores: Scored, seed: int
) -> None:
    random = np.random.default_rng([7, seed, *pair])
    both = own.cells[:, :, list(pair)].max(axis=2)
    others = [n for n in range(len(own.groups)) if n not in pair]
    differ, known = differing(own.cells, code_sets(own.groups, others, 2, seed))
    draws = DRAWS_OF_AGREEMENT
    errors = errors_of(differ, known, random, draws)
    together = float(agreement(both[:, :, None])["krippendorff_alpha"][0])
    place = np.searchsorted(basis.rows, own.rows)
    inside = np.isin(own.rows, basis.rows)
    for n in (0, 1):
        truth = float(agreement(own.cells[:, :, [pair[n]]])["krippendorff_alpha"][0])
        if np.isnan(truth):
            continue
        belongs = np.zeros((draws, len(own.rows)), dtype=bool)
        belongs[:, inside] = drawn[n][:draws][:, place[inside]]
        values = agreement(parted(both, belongs, errors, random))["krippendorff_alpha"]
        scores.add(values, truth, 1.0, together)


def on_redefinitions(own: Arrays, draws: int) -> None:
    answers, book, given = own.data.known.answers, own.data.known.book, own.coding.given
    beside = likened(answers, own.coding.rows, book.texts)
    by_pair = {pair: known_changes(beside, book, own.coding, [pair]) for pair in own.pairs}
    scored = {name: Scored.none() for name in ("narrowed", "widened")}
    for pair in own.pairs:
        known: list[KnownChange] = [
            one for other, found in by_pair.items() if not {*pair} & {*other} for one in found
        ]
        wide, both = scores_of(beside, book, pair), given[:, list(pair)].any(axis=1)
        for one, other in (pair, pair[::-1]):
            narrow, has = scores_of(beside, book, {one}, {other}), given[:, one]
            for name, shift, truth in (
                ("narrowed", shift_of(wide, narrow, both), has),
                ("widened", shift_of(narrow, wide, has), both),
            ):
                counts = _redefined(shift, known, draws, [*pair, one])
                scored[name].add(counts, truth.sum(), both.sum(), shift.had.sum())
    print("\nRedefinition: number of answers\n| change | intervals | held | width | off | as is |")
    print("|---|--:|--:|--:|--:|--:|")
    for name, scores in scored.items():
        print(f"| {name} | {scores} |", flush=True)


def _redefined(shift: Shift, known: list[KnownChange], draws: int, seed: list[int]) -> np.ndarray:
    random = np.random.default_rng([2026, *seed])
    counts = []
    for leave, join in zip(*drawn_points(shift, known, random, draws), strict=True):
        goes = random.random(len(shift.had)) < shift.moves(GRID[leave], GRID[join])
        counts.append((shift.had ^ goes).sum())
    return np.array(counts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    root = small_study() if options.smallest else ROOT
    own = opened(root, options.shared)
    if options.smallest:
        own.pairs = own.pairs[:6]
    print(f"{len(own.data.right)} answers, {len(own.pairs)} pairs of codes in a group")
    on_splits(own, 1 if options.smallest else options.seeds)
    on_redefinitions(own, 20 if options.smallest else DRAWS_OF_WORDING)
    print("\ndone")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main()
