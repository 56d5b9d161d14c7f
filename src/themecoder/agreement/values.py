"""Agreement on the values of codes: what coders said who gave an answer the same code."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from themecoder.agreement.evidence import Evidence, Interval, intervals
from themecoder.agreement.measures import result as because
from themecoder.agreement.measures.coincidence_alpha import coincidence_alpha
from themecoder.agreement.measures.jackknife import left_out
from themecoder.agreement.measures.ratings import MISSING, Ratings
from themecoder.agreement.measures.statistics import Array
from themecoder.agreement.table import CodingTable
from themecoder.codebook.model import SCALES, Code

OF_SCALE = {scale: f"value_alpha_{scale}" for scale in SCALES}
"""The name of the coefficient by the scale of the code."""
OF_VALUES = tuple(OF_SCALE.values())


@dataclass(frozen=True, slots=True)
class ValueAgreement:
    """Krippendorff's alpha of the values of ``code``.

    ``answers`` and ``coders``: those with a value by two coders or more, and who these are.
    """

    code: str
    coefficient: str
    value: float | None
    undefined_because: str | None
    interval: Interval
    answers: int
    coders: int


def value_agreement(table: CodingTable, level: float) -> list[ValueAgreement]:
    """Of each code with values, in their order; whether a coder gave the code at all is no part of
    it, and who gave the code without a value said nothing."""
    return [_of_code(table, code, level) for code in table.valued]


def said_values(table: CodingTable, code: Code) -> Ratings:
    """Which value each coder gave the code on each answer, by its place on the scale."""
    places = {value.id: n for n, value in enumerate(code.values)}
    cells = np.full((len(table.coders), len(table.answers)), MISSING, dtype=np.int64)
    for (coder, answer), coding in table.codings.items():
        cells[coder, answer] = places.get(coding.values.get(code.id, ""), MISSING)
    return Ratings(cells, tuple(places))


def _of_code(table: CodingTable, code: Code, level: float) -> ValueAgreement:
    name = OF_SCALE[code.scale]
    said = said_values(table, code)
    twice = (said.cells != MISSING).sum(axis=0) >= 2
    both = Ratings(said.cells[:, twice], said.categories)
    coders = int((both.cells != MISSING).any(axis=1).sum())
    found, who = both.counts, [r for r, two in zip(table.respondents, twice, strict=True) if two]
    drawn = np.concatenate([np.ones((1, len(who))), left_out(who)])
    values = coincidence_alpha(found, drawn, code.scale)[:, None]
    value = None if np.isnan(values[0, 0]) else float(values[0, 0])
    reason, ends = None, Interval()
    if value is None:
        reason = _why_undefined(table, code, len(who))
    else:
        seen = _evidence(found, who, table.doubled)
        (ends,) = intervals(name, values[0], values[1:], [0], seen, np.zeros(0), level)
    return ValueAgreement(code.id, name, value, reason, ends, len(who), coders)


def _why_undefined(table: CodingTable, code: Code, answers: int) -> str:
    """As of a code, and where it was given and nobody said a value beside another's."""
    if not table.answers:
        return because.NO_UNITS
    if len(table.coders) < 2:
        return because.ONE_CODER
    if not table.doubled:
        return because.NO_OVERLAP
    given = table.cells[:, table.seen.sum(axis=0) >= 2, table.codes.index(code.id)] == 1
    if not given.any():
        return because.NOT_USED
    return because.NO_VARIATION if answers else because.NO_VALUES


def _evidence(found: Array, who: list[str], doubled: int) -> Evidence:
    """As of a code; what is said beside the value that is said most stands for the rarer side: if
    all say the same there is nothing to tell coders apart by."""
    most = int(found.sum(axis=0).argmax())
    other = found.sum(axis=1) > found[:, most]
    everyone = len(set(who))
    return Evidence(
        np.array([everyone]),
        np.array([len({r for r, differs in zip(who, other, strict=True) if differs})]),
        np.array([bool((found >= 2).any())]),
        doubled,
        everyone,
    )
