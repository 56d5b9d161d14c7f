"""The answers of a theme in groups of those that are alike, for a person who splits it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from themecoder.themes.corpus import build_corpus
from themecoder.themes.model import Array, IntArray
from themecoder.themes.steps.apply import WorkedTheme, refused
from themecoder.themes.worked import Worked
from themecoder.workspace.folder import StudyFolder

_ROUNDS = 30
MOST_GROUPS = 8


def groups_of(
    study: StudyFolder, worked: Worked, theme: int, number: int
) -> tuple[tuple[str, ...], ...]:
    """The answers of a theme in ``number`` groups, largest first; fewer where fewer differ.

    Raises InputError where there is no such theme, or ``number`` is not 2 to ``MOST_GROUPS``.
    """
    if not 2 <= number <= MOST_GROUPS:
        raise refused("groups", number=number, most=MOST_GROUPS)
    answers = sorted(_need(worked, theme).answers)
    labels = grouped(_vectors(study, worked, answers), number)
    groups = [
        tuple(answer for answer, label in zip(answers, labels, strict=True) if label == group)
        for group in range(number)
    ]
    return tuple(sorted(filter(None, groups), key=lambda group: (-len(group), group)))


def like_examples(
    study: StudyFolder, worked: Worked, theme: int, examples: Sequence[str]
) -> tuple[str, ...]:
    """The answers of a theme that are nearer to the middle of the ``examples`` than to that of the
    others, with the examples themselves. Raises InputError where they are not in the theme."""
    answers = sorted(_need(worked, theme).answers)
    chosen = np.isin(answers, list(examples))
    if not chosen.any() or chosen.sum() != len(set(examples)):
        strange = ", ".join(sorted(set(examples) - set(answers))[:5])
        raise refused("not_in_theme", theme=theme, answers=strange)
    vectors = _vectors(study, worked, answers)
    if chosen.all():
        return tuple(answers)
    wanted, others = (_middle(vectors[part]) for part in (chosen, ~chosen))
    near = (vectors @ wanted > vectors @ others) | chosen
    return tuple(answer for answer, take in zip(answers, near, strict=True) if take)


def grouped(vectors: Array, number: int) -> IntArray:
    """(n,) group 0..number-1 of each row, of length one: spherical k-means (Dhillon & Modha 2001).

    It starts from the row nearest to the middle and then from each row that is farthest from the
    starts so far, so that the same rows give the same groups.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    starts = [int(np.argmax(rows @ _middle(rows)))]
    for _ in range(1, min(number, len(rows))):
        starts.append(int(np.argmin((rows @ rows[starts].T).max(axis=1))))
    centres = rows[starts]
    labels = np.full(len(rows), -1)
    for _ in range(_ROUNDS):
        nearest = np.argmax(np.round(rows @ centres.T, 9), axis=1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        for group in range(len(centres)):
            if (labels == group).any():
                centres[group] = _middle(rows[labels == group])
    return np.asarray(labels, dtype=np.int64)


def _middle(rows: Array) -> Array:
    middle = np.asarray(rows, dtype=np.float64).mean(axis=0)
    return np.asarray(middle / max(float(np.linalg.norm(middle)), 1e-12))


def _vectors(study: StudyFolder, worked: Worked, answers: Sequence[str]) -> Array:
    vectors = study.once(build_corpus).answer_vectors(worked.question)
    return np.array([vectors[answer] for answer in answers])


def _need(worked: Worked, theme: int) -> WorkedTheme:
    found = worked.themes.themes.get(theme)
    if found is None:
        known = ", ".join(map(str, worked.themes.themes))
        raise refused("no_theme", theme=theme, known=known)
    return found
