"""The classifier: each part against an independent calculation, the whole on made-up studies."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.kernel_ridge import KernelRidge
from sklearn.linear_model import LogisticRegression, Ridge

from themecoder.classifier.calibration import (
    Calibration,
    best_cut_off,
    chance,
    fitted,
    standardised,
)
from themecoder.classifier.cross_fitting import cross_fitted
from themecoder.classifier.features import FEATURES, Known, features, known, with_segments
from themecoder.classifier.landmarks import landmarks
from themecoder.classifier.learn import learn, respondent_parts
from themecoder.classifier.model import (
    EXAMPLE,
    EXCLUDES,
    SAYS,
    Answers,
    CodebookTexts,
    Coded,
    Texts,
)
from themecoder.classifier.ridge import PENALTY, sums, sums_by_part
from themecoder.classifier.rivals import together, with_rivals
from themecoder.classifier.words import WordSpace

THEMES = ("privacy gegevens lek", "nacht bereikbaar altijd", "koud machine gevoel")
EVERYWHERE = np.ones((len(THEMES), 1), dtype=bool)


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


class Made:
    """A study of short answers, each about one of three themes, by meaning and by words."""

    def __init__(self, n: int = 90, seed: int = 0, noise: float = 0.9) -> None:
        random = np.random.default_rng(seed)
        self.truth = np.arange(n) % len(THEMES)
        centres = np.linalg.qr(random.normal(size=(40, len(THEMES))))[0].T
        filler = ["dat", "is", "wel", "zo", "een", "beetje", "misschien", "ook"]

        def say(theme: int) -> str:
            words = [random.choice(THEMES[theme].split()), *random.choice(filler, 4)]
            return " ".join(random.permutation(words))

        texts = [say(theme) for theme in self.truth]
        space = WordSpace([*texts, *THEMES])

        def of(themes: np.ndarray, said: list[str], amount: float) -> Texts:
            near = centres[themes] + amount / 6 * random.normal(size=(len(themes), 40))
            return Texts(unit(near), space.of(said))

        whole = of(self.truth, texts, noise)
        self.answers = Answers(
            whole=whole,
            segments=whole,
            owners=np.arange(n),
            lengths=np.full(n, 20.0),
            questions=np.zeros(n, dtype=np.int64),
            respondents=np.arange(n) // 2,
        )
        codes = np.repeat(np.arange(len(THEMES)), 2)
        self.book = CodebookTexts(
            texts=of(codes, [THEMES[code] for code in codes], 1.0),
            codes=codes,
            kinds=np.tile([SAYS, EXAMPLE], len(THEMES)),
            instead=np.full(len(codes), -1),
            expected=EVERYWHERE,
        )

    def known(self) -> Known:
        return known(self.answers, self.book)

    def coded(self, rows: np.ndarray, codes: np.ndarray | None = None) -> Coded:
        given_codes = np.eye(len(THEMES))[self.truth] if codes is None else codes
        return Coded(
            rows,
            given_codes[rows],
            np.ones(len(rows)),
            rows,
            given_codes[rows],
            np.full(len(rows), 0.5),
        )


NOTHING = np.zeros(0, dtype=np.int64)


@pytest.fixture(scope="module")
def made() -> Made:
    return Made()


# --- parts, against scikit-learn ---


def test_a_ridge_from_sums_is_scikit_learns() -> None:
    random = np.random.default_rng(1)
    rows, targets = random.normal(size=(30, 6)), random.normal(size=(30, 2))
    weights, expected = random.uniform(0.2, 2, 30), np.array([0.3, -0.1])
    found = sums(rows, targets, weights).weights(expected)
    other = Ridge(alpha=PENALTY, fit_intercept=False).fit(rows, targets - expected, weights)
    assert np.allclose(found.T, other.coef_)


def test_a_ridge_without_a_part_is_one_fitted_on_the_rest() -> None:
    random = np.random.default_rng(2)
    rows, targets = random.normal(size=(40, 5)), random.normal(size=(40, 3))
    weights, parts = random.uniform(0.2, 2, 40), np.arange(40) % 4
    by_part = sums_by_part(rows, targets, weights, parts, 4)
    whole = sums(rows, targets, weights)
    rest = parts != 2
    assert np.allclose(
        (whole - by_part[2]).weights(np.zeros(3)),
        sums(rows[rest], targets[rest], weights[rest]).weights(np.zeros(3)),
    )
    assert np.allclose((by_part[0] + by_part[1] + by_part[2] + by_part[3]).squares, whole.squares)


def test_a_ridge_on_landmarks_is_a_ridge_on_all_words() -> None:
    texts = [
        f"{a} {b} {a}{b}" for a in ["koud", "warm", "nacht", "dag"] for b in ("ja", "nee", "tja")
    ]
    words = WordSpace(texts).of(texts)
    targets = np.random.default_rng(3).normal(size=(len(texts), 2))
    marks = landmarks(words)
    per_column = sums(marks.columns(words), targets, np.ones(len(texts))).weights(np.zeros(2))
    products = (words @ words.T).toarray().astype(float)
    other = KernelRidge(alpha=PENALTY, kernel="precomputed").fit(products, targets)
    assert np.allclose(words @ marks.weights(per_column), other.predict(products), atol=1e-4)


def test_words_that_stand_nowhere_twice_are_no_features() -> None:
    words = WordSpace(["x", "q"]).of(["x", "iets", ""])
    assert words.shape[0] == 3 and words.nnz == 0
    assert landmarks(words).columns(words).shape == (3, 0)


def test_features_are_standardised_over_all_pairs_and_a_constant_says_nothing() -> None:
    random = np.random.default_rng(4)
    features = np.concatenate(
        [random.normal(3, 5, size=(7, 4, 2)), np.full((7, 4, 1), -2.3)], axis=2
    )
    found = standardised(features)
    assert np.allclose(found.reshape(-1, 3).mean(axis=0), 0)
    assert np.allclose(found.reshape(-1, 3).std(axis=0), [1, 1, 0])


def test_without_trust_in_the_constants_the_calibration_is_scikit_learns() -> None:
    random = np.random.default_rng(5)
    features = random.normal(size=(60, 3, 4))
    given_codes = (random.random((60, 3)) < chance(features[:, :, 0] - 1)).astype(float)
    nothing = Calibration(np.zeros(4), 0.0)
    found = fitted(features, given_codes, np.ones((60, 3)), nothing, trust=2.0)
    other = LogisticRegression(C=0.5, tol=1e-10).fit(features.reshape(-1, 4), given_codes.ravel())
    assert np.allclose(found.weights, other.coef_[0], atol=1e-3)
    assert found.bias == pytest.approx(other.intercept_[0], abs=5e-3)


def test_without_coding_the_constants_stand() -> None:
    constants = Calibration(np.arange(3.0), -1.0)
    assert fitted(np.zeros((0, 4, 3)), np.zeros((0, 4)), np.zeros((0, 4)), constants) is constants


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_the_cut_off_has_the_highest_expected_f1(seed: int) -> None:
    """Against a simulation: codes drawn with just these probabilities, and every other cut-off."""
    random = np.random.default_rng(seed)
    found = random.beta(0.5, 3, size=(40, 4))
    drawn = random.random((400, 40, 4)) < found

    def mean_f1(cut_off: float) -> float:
        taken = found >= cut_off
        right = (drawn & taken).sum(axis=(1, 2))
        return float((2 * right / (taken.sum() + drawn.sum(axis=(1, 2)))).mean())

    best = max(mean_f1(cut_off) for cut_off in found.ravel())
    assert mean_f1(best_cut_off(found)) > best - 0.01


def test_where_nothing_is_probable_nothing_is_taken() -> None:
    assert best_cut_off(np.zeros((3, 2))) == 1.0


def test_a_code_is_held_against_the_likeliest_other_of_the_same_answer() -> None:
    scores = np.array([[3.0, 1.0, 2.0], [0.0, 0.0, 5.0]])
    found = np.repeat(scores[..., None], 9, axis=2)
    possible = np.array([[True, True, True], [True, True, False]])
    lead, place = np.moveaxis(with_rivals(found, possible)[..., 9:], 2, 0)
    unit_of = together(found)[0, 1]
    assert np.allclose(lead[0] / unit_of, [1, -2, -1])
    assert np.allclose(place[0], np.log([1, 3, 2]))
    # a code that cannot be there is no rival, and comes last
    assert np.allclose(lead[1, :2], 0) and place[1, 2] == np.log(3)


def test_a_codebook_of_one_code_has_no_rivals() -> None:
    found = with_rivals(np.ones((4, 1, 9)), np.ones((4, 1), dtype=bool))
    assert np.isfinite(found).all()


# --- the whole ---


def test_from_the_codebook_alone_answers_go_to_what_they_are_about(made: Made) -> None:
    found = learn(made.known(), made.coded(NOTHING)).probabilities
    assert (found.argmax(axis=1) == made.truth).mean() > 0.9


def test_coding_teaches_what_the_codebook_does_not_say(made: Made) -> None:
    """The texts of two codes stand by the wrong one; thirty coded answers put it right."""
    wrong = replace(made.book, codes=np.array([1, 1, 0, 0, 2, 2]))
    ready, rows = known(made.answers, wrong), np.arange(30)
    before = learn(ready, made.coded(NOTHING)).probabilities
    after = learn(ready, made.coded(rows)).probabilities
    rest = np.setdiff1d(np.arange(90), rows)
    assert (before[rest].argmax(axis=1) == made.truth[rest]).mean() < 0.5
    assert (after[rest].argmax(axis=1) == made.truth[rest]).mean() > 0.8


def test_coding_far_from_the_constants_moves_them_and_does_not_run_away() -> None:
    """Everything coded is one code, of which the constants say that it is rare."""
    features = np.random.default_rng(6).normal(size=(5, 3, 2))
    given_codes = np.zeros((5, 3))
    given_codes[:, 0] = 1
    rare = Calibration(np.ones(2), -4.0)
    found = fitted(features, given_codes, np.ones((5, 3)), rare)
    assert found.probabilities(features).mean() == pytest.approx(1 / 3, abs=0.01)


def test_what_is_said_of_a_coded_answer_does_not_come_from_its_own_coding(made: Made) -> None:
    """A coder would be shown what another said, and their agreement would be the machine's."""
    ready, rows = made.known(), np.arange(60)
    parts = respondent_parts(ready, 0)
    codes = np.eye(len(THEMES))[made.truth]
    changed = codes.copy()
    own = parts == parts[7]
    changed[own] = 1 - changed[own]
    before = features(ready, made.coded(rows, codes), parts)
    after = features(ready, made.coded(rows, changed), parts)
    inside = rows[own[rows]]
    assert np.allclose(before[inside], after[inside], atol=1e-9)
    assert not np.allclose(before[rows[~own[rows]]], after[rows[~own[rows]]])


def test_what_is_said_of_a_segment_grows_with_coding_but_not_with_its_own(made: Made) -> None:
    ready, rows = made.known(), np.arange(60)
    parts = respondent_parts(ready, 0)
    codes = np.eye(len(THEMES))[made.truth]
    others = np.roll(codes, 1, axis=1)
    changed = np.where((parts == parts[0])[:, None], others, codes)
    plain, before = with_segments(ready, made.coded(rows, codes), parts)
    assert np.array_equal(plain, features(ready, made.coded(rows, codes), parts))
    after = with_segments(ready, made.coded(rows, changed), parts)[1]
    own = np.flatnonzero(parts[:60] == parts[0])
    assert np.allclose(before[own], after[own], atol=1e-9)
    assert not np.allclose(before[60:], after[60:])
    # each answer of this study is one segment, which is about what the answer is
    assert (before.argmax(axis=1) == made.truth).mean() > 0.9


def test_all_of_a_respondents_answers_are_in_one_part(made: Made) -> None:
    parts = respondent_parts(made.known(), 3)
    people = made.answers.respondents
    assert all(len(set(parts[people == person])) == 1 for person in set(people))
    assert set(parts) == set(range(5))


def test_a_code_is_not_probable_where_nobody_expects_or_gave_it(made: Made) -> None:
    questions = made.truth % 2
    expected = np.array([[True, False], [True, True], [True, True]])
    ready = known(replace(made.answers, questions=questions), replace(made.book, expected=expected))
    found = learn(ready, made.coded(NOTHING)).probabilities
    assert (found[questions == 1, 0] == 0).all() and (found[questions == 0, 0] > 0).all()
    given_there = np.zeros((len(made.truth), len(THEMES)))
    given_there[:, 0] = 1
    rows = np.flatnonzero(questions == 1)[:5]
    assert (learn(ready, made.coded(rows, given_there)).probabilities[questions == 1, 0] > 0).all()


def test_what_a_codebook_excludes_pushes_away(made: Made) -> None:
    """A text that says what does not belong lowers its code, and lifts the one it sends to."""
    texts = made.book.texts
    excluding = CodebookTexts(
        Texts(
            np.vstack([texts.vectors, texts.vectors[2:3]]),
            sparse.vstack([texts.words, texts.words[2:3]]).tocsr(),
        ),
        np.append(made.book.codes, 0),
        np.append(made.book.kinds, EXCLUDES),
        np.append(made.book.instead, 1),
        EVERYWHERE,
    )
    place = FEATURES.index("meaning of the answer")
    parts = np.zeros(len(made.truth), dtype=np.int64)
    plain = features(made.known(), made.coded(NOTHING), parts)[:, :, place]
    pushed = features(known(made.answers, excluding), made.coded(NOTHING), parts)[:, :, place]
    about = made.truth == 1
    assert (pushed[about, 0] < plain[about, 0]).all()
    assert pushed[about, 1].mean() > plain[about, 1].mean()


def test_an_answer_without_a_segment_has_the_scores_of_the_whole(made: Made) -> None:
    answers = replace(
        made.answers,
        segments=made.answers.segments[np.arange(1, 90)],
        owners=np.arange(1, 90),
        lengths=np.full(89, 20.0),
    )
    parts = np.zeros(90, dtype=np.int64)
    found = features(known(answers, made.book), made.coded(NOTHING), parts)
    assert np.isfinite(found).all()
    assert (found[0, :, 0] == found[0, :, 1]).all() and (found[0, :, 2] == found[0, :, 3]).all()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 89), unique=True, max_size=40), st.integers(0, 3))
def test_probabilities_are_probabilities_whatever_is_coded(rows: list[int], seed: int) -> None:
    made = Made(seed=seed)
    found = learn(made.known(), made.coded(np.array(sorted(rows), dtype=np.int64)))
    assert found.probabilities.shape == (90, len(THEMES))
    assert ((found.probabilities >= 0) & (found.probabilities <= 1)).all()
    again = learn(made.known(), made.coded(np.array(sorted(rows), dtype=np.int64)))
    assert (again.probabilities == found.probabilities).all()


# --- probabilities in which the own coding has no part ---


def test_cross_fitted_probabilities_know_nothing_of_any_coding_of_the_respondent(
    made: Made,
) -> None:
    """Whatever was coded of a respondent, of one answer or the other: theirs stay as they are."""
    rows = np.arange(0, 60)
    coded = made.coded(rows)
    parts = respondent_parts(made.known(), 0)
    before = cross_fitted(made.known(), coded)
    part = parts[rows[10]]
    own = parts == part
    changed = np.eye(len(THEMES))[made.truth]
    changed[own] = np.roll(changed[own], 1, axis=1)
    after = cross_fitted(made.known(), made.coded(rows, changed))
    assert np.allclose(before[own], after[own], atol=1e-9)
    assert not np.allclose(before[~own], after[~own])
    assert len({parts[row] for row in np.flatnonzero(made.answers.respondents == 5)}) == 1


def test_coded_answers_and_others_are_said_alike() -> None:
    """To put an estimate right the coded ones must not be known better or less than the others:
    which half of the answers is coded makes no difference on average."""
    apart = []
    for seed in range(12):
        made = Made(120, seed)
        random = np.random.default_rng(seed)
        people = random.permutation(60)[:30]
        rows = np.flatnonzero(np.isin(made.answers.respondents, people))
        found = cross_fitted(made.known(), made.coded(rows))[np.arange(120), made.truth]
        coded = np.isin(np.arange(120), rows)
        apart.append(found[coded].mean() - found[~coded].mean())
    assert abs(np.mean(apart)) < 3 * np.std(apart) / np.sqrt(len(apart)) + 0.01


def test_without_coding_they_are_those_of_the_codebook(made: Made) -> None:
    nothing = made.coded(NOTHING)
    assert np.allclose(
        cross_fitted(made.known(), nothing), learn(made.known(), nothing).probabilities
    )
