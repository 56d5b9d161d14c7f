"""How many answers are confused by chance: every pairing counted out, and simulated coders."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_coding import made, tabled
from themecoder.agreement.confusion import confusions

Given = st.lists(st.tuples(*[st.booleans()] * 6), min_size=2, max_size=5)


def confused(first: list[tuple[bool, ...]], second: list[tuple[bool, ...]]) -> int:
    """Answers on which a coder gave only the first code and another coder only the second."""
    return sum(
        any(a and not b for a, b in zip(one, other, strict=True))
        and any(b and not a for a, b in zip(one, other, strict=True))
        for one, other in zip(first, second, strict=True)
    )


@given(Given)
def test_the_mean_over_all_pairings_of_the_two_codes(rows: list[tuple[bool, ...]]) -> None:
    first, second = [row[:3] for row in rows], [row[3:] for row in rows]
    codings = made(
        **{
            name: ["a" * row[n] + "b" * row[n + 3] for row in rows]
            for n, name in enumerate(("anna", "bert", "cem"))
        }
    )
    found = [pair for pair in confusions(tabled(codings)) if pair.first == "a"]
    assert sum(pair.answers for pair in found) == confused(first, second)
    pairings = [confused(first, list(other)) for other in permutations(second)]
    for pair in found:
        assert pair.by_chance == pytest.approx(np.mean(pairings))


@pytest.mark.parametrize(
    ("names", "seen"),
    [(("anna", "bert"), 1.0), (("anna", "bert", "cem"), 1.0), (("anna", "bert", "cem"), 0.6)],
)
def test_independent_disagreements_are_confused_as_often_as_chance_says(
    names: tuple[str, ...], seen: float
) -> None:
    chance = np.random.default_rng(1)
    got, said = [], []
    for _ in range(10):
        truth = chance.random((600, 2)) < 0.3
        codings = {}
        for name in names:
            has = truth ^ (chance.random((600, 2)) < 0.15)
            rows = made(**{name: ["a" * a + "b" * b for a, b in has.tolist()]})[name]
            looked = chance.random(600) < seen
            codings[name] = [row for row, look in zip(rows, looked, strict=True) if look]
        (pair,) = confusions(tabled(codings))
        got.append(pair.answers)
        said.append(pair.by_chance)
    assert np.mean(said) == pytest.approx(np.mean(got), rel=0.1)
