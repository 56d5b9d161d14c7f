"""Orders in which answers had better be coded, on made answers whose likeness is known."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from themecoder.classifier.features import Known, known
from themecoder.classifier.model import SAYS, Answers, CodebookTexts, Texts
from themecoder.priorities.choosing import in_doubt, likely_wrong, to_settle, to_teach

GROUPS, EACH = 4, 10
N = GROUPS * EACH


def made() -> Known:
    """Forty answers in four groups of one meaning each; a code for each group."""
    random = np.random.default_rng(1)
    group = np.repeat(np.arange(GROUPS), EACH)
    vectors = np.eye(8)[group] + 0.05 * random.normal(size=(N, 8))
    texts = Texts(
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32),
        sparse.csr_matrix(np.eye(GROUPS)[group] + 0.01 * random.random((N, GROUPS))),
    )
    names = Texts(np.eye(8)[:GROUPS].astype(np.float32), sparse.csr_matrix(np.eye(GROUPS)))
    numbers = np.arange(N)
    return known(
        Answers(texts, texts, numbers, np.ones(N), np.zeros(N, dtype=np.int64), numbers),
        CodebookTexts(
            names,
            np.arange(GROUPS),
            np.full(GROUPS, SAYS),
            np.full(GROUPS, -1),
            np.ones((GROUPS, 1), dtype=bool),
        ),
    )


ALL, ONE = np.arange(N), np.zeros(N, dtype=np.int64)
NOTHING = np.zeros(0, dtype=np.int64)
LIKELY = np.full((N, GROUPS), 0.2)


def teach(
    given: np.ndarray, coded: np.ndarray, machine: np.ndarray = LIKELY, n: int = 4
) -> list[int]:
    free = np.setdiff1d(ALL, coded)
    return to_teach(made(), machine, given, coded, free, ONE[: len(free)], n, 0).tolist()


def test_what_teaches_is_spread_over_what_answers_say() -> None:
    assert {answer // EACH for answer in teach(np.zeros(GROUPS), NOTHING)} == {0, 1, 2, 3}
    # of what is coded already nothing more is needed
    coded = np.arange(2 * EACH - 4)
    assert {answer // EACH for answer in teach(np.zeros(GROUPS), coded, n=2)} == {2, 3}


def test_rare_codes_come_first() -> None:
    machine = 0.9 * np.repeat(np.eye(GROUPS), EACH, axis=0) + 0.01
    first = teach(np.array([50.0, 50.0, 0.0, 50.0]), NOTHING, machine, 1)
    assert first[0] // EACH == 2


def test_doubt_comes_first_where_the_machine_does_not_know() -> None:
    machine = np.full((N, GROUPS), 0.01)
    machine[13], machine[27] = 0.5, 0.4
    found = in_doubt(made(), machine, NOTHING, ALL, ONE, 2, 0)
    assert found.tolist() == [13, 27]


def test_each_coder_gets_as_many() -> None:
    owners = ALL % 3
    found = to_teach(made(), LIKELY, np.zeros(GROUPS), NOTHING, ALL, owners, 3, 0)
    assert np.bincount(found % 3).tolist() == [3, 3, 3] and len(set(found.tolist())) == 9


def test_claims_that_need_few_come_first_and_what_serves_several() -> None:
    near, far = np.zeros(N), np.zeros(N)
    near[[3, 4]], far[[4, 5, 6]] = 0.8, 0.9
    found = to_settle([near, far], [5, 50], ALL, ONE, ONE, 10)
    assert found.tolist()[:2] == [4, 3]
    assert to_settle([far], [50], ALL, ONE, ONE, 10).tolist() == [4, 5, 6]
    assert to_settle([], [], ALL, ONE, ONE, 10).tolist() == []


def test_what_is_worth_little_more_than_a_draw_of_chance_is_left_to_chance() -> None:
    value = np.full(N, 0.1)
    value[[3, 30]] = 0.5
    assert to_settle([value], [5], ALL, ONE, ONE, 10).tolist() == [3, 30]
    # at a question where all are worth as much none is chosen, though elsewhere they are worth less
    value[N // 2 :] = 0.5
    assert to_settle([value], [5], ALL, ONE, ALL // (N // 2), 10).tolist() == [3]


def test_codes_that_the_machine_finds_unlikely_are_looked_at_first() -> None:
    given = np.zeros((N, GROUPS))
    given[:, 0] = 1
    machine = np.full((N, GROUPS), 0.1)
    machine[:, 0] = 0.9
    machine[7, 0], machine[9, 2] = 0.02, 0.95
    assert likely_wrong(machine, given, np.arange(12)).tolist()[:2] == [7, 9]
