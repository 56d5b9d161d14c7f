"""Agreement of coders on a code that they have not used yet: computed over simulated codings."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from themecoder.agreement.measures import coefficients
from themecoder.agreement.measures.ratings import MISSING
from themecoder.agreement.measures.statistics import pairs_of, terms, totals
from themecoder.classifier.model import FloatArray, Vectors
from themecoder.whatif.division import BoolArray
from themecoder.whatif.posterior import FEWEST_SETS, Beta, spread_of

Cells = npt.NDArray[np.int8]
COEFFICIENTS = {
    "krippendorff_alpha": coefficients.krippendorff_alpha,
    "conger_kappa": coefficients.conger_kappa,
}
"""Of two coders Conger's kappa is Cohen's."""
BY_CHANCE = 0.5
"""How often two coders differ who choose between two parts without looking."""
_BLOCK = 50


def agreement(cells: Cells) -> dict[str, FloatArray]:
    """Coefficient -> (d,) values of d ratings (coders, answers, d): 1 has the code, 0 has not, -1
    not seen."""
    blocks = []
    for start in range(0, cells.shape[2], _BLOCK):
        summed = totals(terms(cells[:, :, start : start + _BLOCK], 2))
        blocks.append([coefficient(summed)[0] for coefficient in COEFFICIENTS.values()])
    values = np.concatenate(blocks, axis=1)
    return dict(zip(COEFFICIENTS, values, strict=True))


def differing(cells: Cells, sets: Sequence[tuple[int, ...]]) -> tuple[Beta, int]:
    """How often two coders differ over one of a set of codes, where both gave one of the set: what
    is to be expected of the parts of one code. Over the ``sets`` of codes (coders, answers, codes)
    that coders used, and how many these are: 0 where they are too few to tell."""
    yes, cases = [], []
    used = 0
    for columns in sets:
        own = cells[:, :, list(columns)] == 1
        any_of = own.any(axis=2)
        times = apart = 0
        for first, second in zip(*pairs_of(len(cells)), strict=True):
            both = any_of[first] & any_of[second]
            times += int(both.sum())
            apart = apart + (own[first] != own[second])[both].sum(axis=0)
        if times:
            yes += np.broadcast_to(apart, len(columns)).tolist()
            cases += [times] * len(columns)
            used += 1
    return (spread_of(yes, cases), used) if used >= FEWEST_SETS else (Beta(), 0)


def errors_of(differ: Beta, known: int, random: np.random.Generator, draws: int) -> FloatArray:
    """(draws,) how often one coder says other than what the answer is, by how often two differ;
    from never to by chance where nothing is known."""
    if not known:
        apart = random.uniform(0, BY_CHANCE, draws)
    else:
        apart = np.minimum(differ.draw(random, draws), BY_CHANCE)
    return (1 - np.sqrt(1 - 2 * apart)) / 2


def parted(
    had: Cells, belongs: BoolArray, errors: FloatArray, random: np.random.Generator
) -> Cells:
    """(coders, answers, d) of a part, from who ``had`` (coders, answers) the code that is divided:
    these give the part where the answer ``belongs`` (d, answers) to it, but for their ``errors``
    (d,)."""
    size = (*had.shape, len(errors))
    errs = random.random(size) < errors
    gives = belongs.T[None] ^ errs
    cells = np.where((had == 1)[:, :, None], gives, 0).astype(np.int8)
    cells[had == MISSING] = MISSING
    return cells


def moved(
    had: Cells,
    leave: Vectors,
    join: Vectors,
    errors: FloatArray,
    random: np.random.Generator,
) -> Cells:
    """(coders, answers, d) of a code that means something else: an answer that leaves it or joins
    it (answers, d: how likely) does so for all coders but for those who err, who stay with what
    they said."""
    size = (had.shape[1], len(errors))
    drawn = random.random(size)
    errs = random.random((len(had), *size)) < errors
    has = (had == 1)[:, :, None]
    now = np.where(has, drawn >= leave, drawn < join)
    cells = np.where(errs, has, now).astype(np.int8)
    cells[had == MISSING] = MISSING
    return cells
