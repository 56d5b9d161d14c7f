"""How many codes an answer is given, which, and where none explains it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from themecoder.classifier.evidence import Said
from themecoder.themes.given_codes import given_codes

CODES = 6


def said(held: list[list[int]], parts: list[list[int]], noise: float = 0.3, seed: int = 0) -> Said:
    """Answers for which ``held`` codes speak; ``parts``: the code of each of their segments."""
    random = np.random.default_rng(seed)
    owners = np.repeat(np.arange(len(parts)), [len(own) for own in parts])
    codes = np.concatenate([np.array(own) for own in parts])
    standing = noise * random.normal(size=(len(held), CODES))
    for row, own in enumerate(held):
        standing[row, own] += 3
    scores = noise * random.normal(size=(len(owners), CODES))
    scores[np.arange(len(owners)), codes] += 3
    chance = 1 / (1 + np.exp(3 - 2 * standing))
    return Said(chance, standing, np.arange(len(owners)), owners, scores)


def apart(n: int) -> sparse.csr_matrix:
    """Answers of which none resembles another."""
    return sparse.csr_matrix((n, n))


@pytest.mark.parametrize("double", [0, 15, 40])
def test_answers_get_as_many_codes_as_their_segments_speak_for(double: int) -> None:
    held = [[i % CODES, (i + 1) % CODES] if i < double else [i % CODES] for i in range(60)]
    found = given_codes(said(held, held), apart(60), 3)
    assert [np.flatnonzero(row).tolist() for row in found.given] == [sorted(own) for own in held]
    assert found.given[np.arange(60), found.main].all()


def test_segments_that_say_the_same_add_no_code() -> None:
    held = [[i % CODES] for i in range(60)]
    found = given_codes(said(held, [own * 3 for own in held]), apart(60), 3)
    assert (found.given.sum(axis=1) == 1).all()


def test_what_resembles_an_answer_decides_where_it_says_nothing_itself() -> None:
    """Of the last answer two codes are told alike; those that it is tied to are of one of them."""
    held = [[0]] * 20 + [[1]] * 20 + [[0, 1]]
    told = said(held, [*held[:40], [0]], noise=0)
    for group, code in ((range(20), 0), (range(20, 40), 1)):
        ties = np.zeros((41, 41))
        ties[40, group] = ties[group, 40] = 1
        assert given_codes(told, sparse.csr_matrix(ties), 3).main[40] == code


def test_a_code_that_too_few_answers_get_gives_way_to_the_next() -> None:
    held = [[0]] * 30 + [[1]] * 30 + [[2]] * 2
    told = said(held, held)
    told.standing[60:, 1] += 1.5
    assert given_codes(told, apart(62), 2).main[60:].tolist() == [2, 2]
    found = given_codes(told, apart(62), 3)
    assert found.main[60:].tolist() == [1, 1] and not found.given[:, 2].any()


def test_no_more_codes_than_are_asked_for_and_never_one_that_is_not_possible() -> None:
    held = [[i % CODES] for i in range(60)]
    told = said(held, held)
    told.probabilities[:, 0] = 0
    found = given_codes(told, apart(60), 1, 3)
    assert not found.given[:, 0].any()
    assert len(np.flatnonzero(found.given.any(axis=0))) == 3
    assert found.given.any(axis=1).all()


def test_what_every_code_is_far_from_is_explained_by_none() -> None:
    held: list[list[int]] = [[i % CODES] for i in range(60)] + [[]] * 10
    parts = [[i % CODES] for i in range(60)] + [[0]] * 10
    found = given_codes(said(held, parts), apart(70), 3)
    assert found.explained[:60].all() and not found.explained[60:].any()
    assert found.given.any(axis=1).all()
