"""The tagger's weights, and the details that they make of a text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.tagger.features import REACH, signs
from themecoder.masking.tokens import View

#: The kinds that it tells apart; what has a form of its own (numbers, e-mail) is left to rules.
KINDS = ("name", "institution", "place", "address")
#: No detail, and per kind its first word and the words after it.
LABELS = ("O", *(f"{at}-{kind}" for kind in KINDS for at in "BI"))
WINDOW = 2 * REACH + 1

# What may stand between two words of one detail: no line break, no emoji.
_JOINS = re.compile(r"[ .,'’&/\"-]*")
# An inner word follows a first or an inner word of its own kind, and nothing else.
_ALLOWED = np.array(
    [[not b.startswith("I") or (a != "O" and a[2:] == b[2:]) for b in LABELS] for a in LABELS]
)


@dataclass(frozen=True)
class Found:
    """Words ``first`` to ``last`` (inclusive) are a detail of ``kind``; how surely, 0 to 1."""

    first: int
    last: int
    kind: str
    sureness: float


@dataclass(frozen=True)
class Reading:
    """What the tagger makes of a text: the details, and how likely each word is in one."""

    found: tuple[Found, ...]
    inside: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Tagger:
    """``rows`` is where a sign's weights are in ``weights``: one per distance and label, in whole
    numbers of ``step``."""

    rows: Mapping[str, int]
    weights: NDArray[np.int8]
    bias: NDArray[np.float32]
    step: float

    def probabilities(self, view: View, lexicon: NameLexicon) -> NDArray[np.float32]:
        """How likely each label of each word is."""
        number = len(view.words)
        scores = np.zeros((number + 2 * REACH, len(LABELS)), dtype=np.float32)
        for i, own in enumerate(signs(view, lexicon)):
            rows = [row for sign in own if (row := self.rows.get(sign)) is not None]
            if rows:
                scores[i : i + WINDOW] += self.weights[rows].sum(axis=0, dtype=np.int32)
        sums = scores[REACH : REACH + number] * np.float32(self.step) + self.bias
        exponents = np.exp(sums - sums.max(axis=1, keepdims=True))
        chances: NDArray[np.float32] = exponents / exponents.sum(axis=1, keepdims=True)
        return chances

    def read(self, view: View, lexicon: NameLexicon) -> Reading:
        """The details of the likeliest labels that may follow one another."""
        if not view.words:
            return Reading((), ())
        chances = self.probabilities(view, lexicon)
        inside = 1 - chances[:, 0]
        path = _best_path(np.log(chances + 1e-9))
        found = []
        i = 0
        while i < len(path):
            label = LABELS[path[i]]
            if label == "O":
                i += 1
                continue
            last = i
            while (
                last + 1 < len(path)
                and LABELS[path[last + 1]] == f"I-{label[2:]}"
                and _JOINS.fullmatch(view.gap(last))
            ):
                last += 1
            found.append(Found(i, last, label[2:], float(inside[i : last + 1].mean())))
            i = last + 1
        return Reading(tuple(found), tuple(inside.tolist()))


def _best_path(scores: NDArray[np.float32]) -> list[int]:
    """The sequence of labels with the highest sum (Viterbi) among those that are allowed."""
    barred = np.where(_ALLOWED, 0.0, -np.inf)
    best = np.where([label.startswith("I") for label in LABELS], -np.inf, scores[0])
    steps = []
    for row in scores[1:]:
        ways = best[:, None] + barred
        steps.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    path = [int(best.argmax())]
    for step in reversed(steps):
        path.append(int(step[path[-1]]))
    return path[::-1]
