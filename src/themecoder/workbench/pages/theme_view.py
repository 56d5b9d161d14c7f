"""What the page of themes shows of the work on a question: rows, numbers, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.masking.model import MaskedText
from themecoder.output.html import clean
from themecoder.themes.page_model import LOOSE, stability_word
from themecoder.themes.steps.apply import WorkedTheme
from themecoder.themes.worked import Worked

SORTS = ("size", "stability", "novelty")
NO_THEME = 0
"""Stands for the answers that are in no theme; themes are numbered from 1."""
SHOWN = 200
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Row:
    """A theme in the list. ``alike``: the code it is most like, 0 to 1; ``new``: no code explains
    it, where codes guided the run. ``loose``: it hardly comes back without some of the answers, and
    nobody has worked on it yet."""

    theme: WorkedTheme
    share: float
    stability: float
    word: str
    alike: float
    new: bool
    loose: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An answer beside its theme, masked: the part that put it there between what is around it.
    ``others``: the other themes that it is in."""

    answer: str
    before: str
    part: str
    after: str
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Numbers:
    """How far the work is: themes and answers (of those with content)."""

    open: int
    adopted: int
    discarded: int
    answers: int
    settled: int
    unsettled: int
    no_theme: int


def numbers(worked: Worked) -> Numbers:
    themes = worked.themes.themes.values()
    decisions = [theme.decision for theme in themes]
    inside = worked.themes.in_theme
    settled = len(worked.themes.settled)
    return Numbers(
        decisions.count(""),
        decisions.count("adopted"),
        decisions.count("discarded"),
        len(worked.themes.known),
        settled,
        len(inside) - settled,
        len(worked.themes.known) - len(inside),
    )


def rows(worked: Worked, sort: str) -> list[Row]:
    """The themes in the order asked for: those still open, those decided on, then the loose."""
    base = max(len(worked.themes.known), 1)
    found = []
    for number, theme in worked.themes.themes.items():
        mined = worked.as_theme(number)
        alike = max((likeness for _, likeness in mined.nearest_codes), default=0.0)
        share = len(theme.answers) / base
        word = stability_word(mined.stability)
        loose = mined.stability < LOOSE and worked.start.themes.get(number) == theme
        found.append(Row(theme, share, mined.stability, word, alike, mined.uncovered, loose))
    return sorted(
        found,
        key=lambda row: (row.loose, bool(row.theme.decision), _place(row, sort), row.theme.id),
    )


def _place(row: Row, sort: str) -> float:
    if sort == "stability":
        return -row.stability
    if sort == "novelty":
        return row.alike - row.new
    return -len(row.theme.answers)


def answers_of(worked: Worked, theme: int) -> list[str]:
    """The answers of a theme, firmest first; of no theme, by id."""
    if theme == NO_THEME:
        return sorted(worked.themes.known - worked.themes.in_theme)
    return worked.firmest(worked.themes.themes[theme])


def said(
    worked: Worked, theme: int, answers: Sequence[str], masked: Mapping[str, MaskedText]
) -> list[Said]:
    """The texts of ``answers``; one that the export no longer has is left out."""
    found = []
    for answer in answers:
        text = masked.get(answer)
        if text is None:
            continue
        start, end = 0, 0
        if theme != NO_THEME:
            parts = worked.parts(worked.themes.themes[theme], answer)
            if parts and parts[0].end <= len(text.original):
                start, end = text.to_masked(parts[0].start, parts[0].end)
        others = tuple(
            t.id for t in worked.themes.themes.values() if answer in t.answers and t.id != theme
        )
        whole = text.masked
        before, part, after = map(clean, (whole[:start], whole[start:end], whole[end:]))
        found.append(Said(answer, before, part, after, others))
    return found


def near(worked: Worked, theme: int) -> list[tuple[int, float]]:
    """The themes of the run whose centres are nearest to this one's, best first: perhaps the same.
    Not those that stay apart, and not what was merged or decided on."""
    centroids = worked.stored.centroids
    ids = [one.id for one in worked.stored.themes.themes]
    if centroids is None or theme not in ids:
        return []
    vectors = np.asarray(centroids, dtype=np.float64)
    vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    likeness = vectors @ vectors[ids.index(theme)]
    apart = worked.themes.apart
    found = [
        (number, float(value))
        for number, value in zip(ids, likeness, strict=True)
        if number != theme
        and number in worked.themes.themes
        and not worked.themes.themes[number].decision
        and not {(number, theme), (theme, number)} & apart
    ]
    return sorted(found, key=lambda pair: (-round(pair[1], 9), pair[0]))[:_NEAR]
