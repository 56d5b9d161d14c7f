"""The rules behind what is predicted: divisions, what they tell, wordings, coders."""

from __future__ import annotations

import krippendorff
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from themecoder.agreement.measures.ratings import MISSING
from themecoder.classifier.model import SAYS, Answers, CodebookTexts, Texts
from themecoder.codebook.changes import Split
from themecoder.codebook.model import Code, Codebook, Example
from themecoder.whatif.coders import agreement, differing, errors_of, moved, parted
from themecoder.whatif.division import Division, divide
from themecoder.whatif.examples import named_examples
from themecoder.whatif.posterior import NOTHING_KNOWN, Beta, Rates, belonging, spread_of
from themecoder.whatif.redefinition import GRID, Shift, drawn_points, shift_of
from themecoder.whatif.splitting import Basis, draw_parts
from themecoder.whatif.told_apart import Coding, code_sets, known_divisions, rates_like

SURE = Rates(Beta(1e6, 1), Beta(1e6, 1))
STUDY = Split("oud", ("links", "rechts"), "?")


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


# --- what a division that errs tells


def test_a_division_that_does_not_err_is_what_it_says() -> None:
    found = belonging(30, 100, SURE, random(), 400)
    assert found.taken.min() > 0.99
    assert found.left.max() < 0.01


def test_without_anything_known_the_share_may_be_anything() -> None:
    found = belonging(50, 100, Rates(), random(), 2000)
    low, high = np.quantile(found.share, (0.025, 0.975))
    assert low < 0.1
    assert high > 0.9


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """Divisions whose rates come from the distribution that is known of them."""
    chance = random(1)
    held = []
    for _ in range(150):
        n, share = 80, chance.random()
        finds, leaves = chance.beta(20, 4), chance.beta(20, 4)
        has = chance.random(n) < share
        taken = np.where(has, chance.random(n) < finds, chance.random(n) >= leaves)
        rates = Rates(Beta(20, 4), Beta(20, 4))
        found = belonging(int(taken.sum()), n, rates, chance, 300)
        counts = chance.binomial(int(taken.sum()), found.taken)
        counts += chance.binomial(n - int(taken.sum()), found.left)
        low, high = np.quantile(counts, (0.025, 0.975))
        held.append(low <= has.sum() <= high)
    assert 0.9 <= np.mean(held) <= 0.99


def test_the_spread_of_rates_is_found_again() -> None:
    chance = random(2)
    cases = np.full(400, 50)
    found = spread_of(chance.binomial(cases, chance.beta(18, 6, 400)).tolist(), cases.tolist())
    assert found.yes / (found.yes + found.no) == pytest.approx(0.75, abs=0.02)
    assert found.yes + found.no == pytest.approx(24, rel=0.3)


def test_of_few_sets_nothing_is_known_and_no_more_than_there_are_sets() -> None:
    assert spread_of([9] * 7, [10] * 7) == NOTHING_KNOWN
    assert spread_of([0] * 20, [0] * 20) == NOTHING_KNOWN
    alike = spread_of([90] * 10, [100] * 10)
    assert alike.yes + alike.no <= 10 + 1e-6


# --- dividing


def texts(vectors: list[list[float]]) -> Texts:
    rows = np.array(vectors, dtype=np.float32).reshape(-1, 4)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return Texts(rows, sparse.csr_matrix((len(rows), 3), dtype=np.float32))


def made(n: int, seed: int = 0, noise: float = 0.2) -> tuple[Answers, np.ndarray]:
    """2n answers, each of a person of its own, of which the first n are to the left."""
    chance = random(seed)
    left = np.arange(2 * n) < n
    middle = np.where(left[:, None], [1.0, 0, 0, 0], [0, 1.0, 0, 0])
    whole = texts((middle + noise * chance.normal(size=middle.shape)).tolist())
    own = np.arange(2 * n)
    return Answers(whole, whole, own, np.ones(2 * n), np.zeros(2 * n, dtype=np.int64), own), left


def book(*pieces: tuple[int, list[float]], codes: int = 2) -> CodebookTexts:
    n = len(pieces)
    return CodebookTexts(
        texts([vector for _, vector in pieces]),
        np.array([code for code, _ in pieces], dtype=np.int64),
        np.full(n, SAYS),
        np.full(n, -1),
        np.ones((codes, 1), dtype=bool),
    )


TOLD = book((0, [1, 0, 0, 0.2]), (1, [0, 1, 0.2, 0]))
SILENT = book()


@pytest.mark.parametrize("said", [TOLD, SILENT], ids=["with texts", "by examples alone"])
def test_answers_go_where_texts_and_examples_are(said: CodebookTexts) -> None:
    answers, left = made(30)
    examples = np.array([0, 1, 30, 31])
    belongs = np.stack([left, ~left], axis=1)
    found = divide(answers, said, np.array([0, 1]), np.arange(60), examples, belongs[examples])
    assert (found.taken == belongs).mean() > 0.95
    assert (found.held == belongs[examples]).all()


def test_an_example_is_not_judged_by_its_own_respondent() -> None:
    """Examples on the wrong side teach that they belong there, but are not taken to belong there
    by what others teach; nor by what the same person said elsewhere."""
    answers, left = made(30)
    people = np.arange(60)
    people[1] = people[0]
    answers = Answers(
        answers.whole, answers.segments, answers.owners, answers.lengths, answers.questions, people
    )
    examples = np.array([0, 1, 2, 3, 30, 31])
    belongs = np.stack([left, ~left], axis=1)[examples]
    belongs[:2] = ~belongs[:2]
    found = divide(answers, TOLD, np.array([0, 1]), np.arange(60), examples, belongs)
    assert (found.held[:2] == ~belongs[:2]).all()


def test_examples_are_where_they_are_said_to_be_and_doubtful_answers_anywhere() -> None:
    n = 40
    taken = np.stack([np.arange(n) < 20, np.arange(n) >= 20], axis=1)
    counted = np.arange(n) < 30
    basis = Basis(
        np.arange(n), counted, ~counted, np.array([0, 25]), np.array([[False, True], [True, True]])
    )
    drawn = draw_parts(basis, Division(taken, taken[[0, 25]], 1.0), SURE, random(), 500)
    assert not drawn[0][:, 0].any()
    assert drawn[1][:, 0].all()
    assert drawn[0][:, 25].all()
    assert drawn[1][:, 25].all()
    share = drawn[0][:, 30:].mean(axis=1)
    assert share.min() < 0.1
    assert share.max() > 0.9


def test_a_division_is_judged_by_those_as_hard_and_not_where_it_is_harder() -> None:
    chance = random(3)
    codes = 6
    answers, left = made(60, seed=4)
    given = np.zeros((120, codes), dtype=bool)
    given[np.arange(120), np.where(left, 0, 3) + chance.integers(0, 3, 120)] = True
    said = book(*((n, chance.normal(size=4).tolist()) for n in range(codes)), codes=codes)
    sets = code_sets(["a"] * codes, range(codes), 2, 0)
    known = known_divisions(answers, said, Coding(np.arange(120), given), sets, 2, 0)
    assert len(known) == 15
    rates, used = rates_like(known[0].margin, known)
    assert used == 15
    assert rates.finds != NOTHING_KNOWN
    assert rates_like(0.5 * min(one.margin for one in known), known) == (Rates(), 0)
    assert rates_like(known[0].margin, known[:7]) == (Rates(), 0)


def test_sets_stand_in_a_group_unless_these_are_too_few() -> None:
    groups = ["a"] * 5 + ["b"] * 2
    within = code_sets(groups, range(7), 2, 0)
    assert len(within) == 11
    assert all(groups[one] == groups[other] for one, other in within)
    assert len(code_sets(groups, range(2, 7), 2, 0)) == 10
    many = code_sets(["a"] * 40, range(40), 2, 0)
    assert many == code_sets(["a"] * 40, range(40), 2, 0)
    assert len(many) == len(set(many)) == 120


# --- wording


def shift(seed: int, move: float) -> Shift:
    chance = random(seed)
    before = chance.normal(size=200)
    had = chance.random(200) < 1 / (1 + np.exp(-3 * before))
    return shift_of(before, before + move * np.abs(chance.normal(size=200)), had)


@given(st.integers(0, 50), st.sampled_from(GRID), st.sampled_from(GRID))
def test_the_same_wording_moves_nobody(
    seed: int, leave: tuple[float, float], join: tuple[float, float]
) -> None:
    assert not shift(seed, 0.0).moves(leave, join).any()


@given(st.integers(0, 50), st.floats(0.01, 3), st.sampled_from(GRID))
def test_a_wording_moves_one_way_and_the_more_the_further_it_is_followed(
    seed: int, move: float, point: tuple[float, float]
) -> None:
    wider, narrower = shift(seed, move), shift(seed, -move)
    assert not wider.chances(point, point)[0].any()
    assert not narrower.chances(point, point)[1].any()
    further = (point[0] + 1, point[1])
    for one in (wider, narrower):
        less, more = one.moves(point, point), one.moves(further, further)
        assert (more >= less - 1e-12).all()
        assert ((less >= 0) & (more <= 1)).all()


def test_with_nothing_known_of_wordings_all_is_possible() -> None:
    leave, join = drawn_points(shift(0, 1.0), [], random(), 5000)
    assert set(leave) == set(join) == set(range(len(GRID)))


# --- coders


def cells(seed: int, coders: int = 3, answers: int = 40) -> np.ndarray:
    chance = random(seed)
    found = (chance.random((coders, answers)) < 0.4).astype(np.int8)
    found[chance.random(found.shape) < 0.2] = MISSING
    return found


@given(st.integers(0, 200))
def test_agreement_is_that_of_another_library(seed: int) -> None:
    own = cells(seed)
    ratings = np.where(own == MISSING, np.nan, own)
    try:
        right = krippendorff.alpha(ratings, level_of_measurement="nominal")
    except ValueError:
        return
    assert agreement(own[:, :, None])["krippendorff_alpha"][0] == pytest.approx(right, nan_ok=True)


@given(st.integers(0, 200))
def test_coders_who_do_not_err_keep_what_does_not_move(seed: int) -> None:
    own = cells(seed)
    none = np.zeros(3)
    everything = np.ones((3, own.shape[1]), dtype=bool)
    assert (parted(own, everything, none, random()) == own[:, :, None]).all()
    assert (parted(own, ~everything, none, random()) <= 0).all()
    still = np.zeros((own.shape[1], 3), dtype=np.float32)
    assert (moved(own, still, still, none, random()) == own[:, :, None]).all()
    gone = moved(own, still + 1, still, none, random())
    assert (gone == np.where(own == MISSING, MISSING, 0)[:, :, None]).all()
    # who errs stays with what was said
    assert (moved(own, still + 1, still + 1, none + 1, random()) == own[:, :, None]).all()


def test_how_often_coders_differ_is_found_again() -> None:
    chance = random(5)
    codes = 10
    usual = chance.integers(0, codes, 3000)
    own = np.zeros((2, 3000, codes), dtype=np.int8)
    for coder in own:
        # within its own pair of codes a coder errs once in ten
        said = np.where(chance.random(3000) < 0.1, usual ^ 1, usual)
        coder[np.arange(3000), said] = 1
    sets = [(n, n + 1) for n in range(0, codes, 2)] * 2
    found, used = differing(own, sets)
    assert used == 10
    assert found.yes / (found.yes + found.no) == pytest.approx(2 * 0.1 * 0.9, abs=0.02)
    assert errors_of(found, used, chance, 4000).mean() == pytest.approx(0.1, abs=0.03)
    assert differing(own, sets[:7])[1] == 0
    assert np.quantile(errors_of(Beta(), 0, chance, 4000), 0.99) > 0.4


# --- examples


BOOK = Codebook(
    "boek",
    "2.0.0",
    (
        Code("links", "Links", examples=(Example("naar links"), Example("staat nergens"))),
        Code("rechts", "Rechts"),
    ),
)
MASKED = {"1:q": "liever naar links dan", "2:q": "nee", "3:q": "rechts", "4:q": "rechtdoor"}


def test_examples_are_named_and_found_in_the_draft() -> None:
    named = ["links=2:q", "rechts = 3:q", "rechts=2:q"]
    found, problems = named_examples(named, STUDY, MASKED, MASKED, BOOK, MASKED)
    assert not problems
    assert found == {
        "1:q": frozenset({"links"}),
        "2:q": frozenset({"links", "rechts"}),
        "3:q": frozenset({"rechts"}),
    }


def test_a_sentence_of_several_answers_names_none() -> None:
    twice = MASKED | {"5:q": "naar links"}
    found, _ = named_examples([], STUDY, twice, twice, BOOK, twice)
    assert not found


def test_all_wrong_examples_are_told_at_once() -> None:
    named = ["links", "midden=1:q", "links=9:q", "rechts=4:q"]
    having = {"1:q", "2:q", "3:q"}
    _, problems = named_examples(named, STUDY, MASKED, having, BOOK, {})
    assert [problem.key for problem in problems] == [
        "whatif.example_form",
        "whatif.example_part",
        "whatif.example_answer",
        "whatif.example_without",
    ]


def test_too_few_examples_say_how_many_more() -> None:
    _, problems = named_examples(["rechts=3:q"], STUDY, MASKED, MASKED, BOOK, {})
    told = [(p.params["part"], p.params["n"], p.params["more"]) for p in problems]
    assert told == [("links", 0, 2), ("rechts", 1, 1)]
