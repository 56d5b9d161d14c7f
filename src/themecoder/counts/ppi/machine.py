"""What the machine says of answers, code by code, and of several codes and answers together."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.counts.ppi.prediction_powered import FloatArray

_SURE = 1 - 1e-9


@dataclass(frozen=True, slots=True)
class MachineCodes:
    """``probabilities`` (answers, codes), of which ``places`` and ``columns`` name the rows and the
    columns. Of an answer or a code that it does not know the machine says 0."""

    probabilities: FloatArray
    places: Mapping[str, int]
    columns: Mapping[str, int]

    def any_of(self, codes: Collection[str], units: Sequence[Sequence[str]]) -> FloatArray:
        """(units,) the probability that any answer of a unit has any of ``codes``, as if codes and
        answers had nothing to do with one another."""
        own = sorted(self.columns[code] for code in codes if code in self.columns)
        pairs = [
            (number, self.places[answer])
            for number, unit in enumerate(units)
            for answer in unit
            if answer in self.places
        ]
        if not own or not pairs:
            return np.zeros(len(units))
        of_unit, rows = np.array(pairs).T
        known = np.minimum(self.probabilities[rows][:, own], _SURE)
        none = np.bincount(of_unit, np.log1p(-known).sum(axis=1), len(units))
        return np.asarray(-np.expm1(none))
