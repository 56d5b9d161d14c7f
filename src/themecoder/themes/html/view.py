"""The data that the template of the themes page prints, with numbers counted and texts cleaned."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.output.html import clean
from themecoder.themes.html import dendrogram, scatter
from themecoder.themes.html.dendrogram import Tree
from themecoder.themes.html.scatter import Label
from themecoder.themes.model import Theme
from themecoder.themes.page_model import LOOSE, QuestionPage, ThemesPage, stability_word
from themecoder.themes.subgroups import Crosstab, crosstab

LISTED = 3000
"""Answers of a question that the page holds at most: its map and its lists stay light."""
LISTED_PER_THEME = 30
"""Answers of a theme that are listed at least, however small its share of the whole."""
QUOTES = 2
COLOURS, SHAPES = 8, 4
"""Colours in the style sheet and marks in the template; their pairs repeat after 32 themes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an answer; ``of_theme`` where it is what put the answer in the theme."""

    text: str
    of_theme: bool


@dataclass(frozen=True, slots=True)
class AnswerView:
    """An answer as listed under a theme. ``number`` ties it to its point; ids stay off the page."""

    number: int
    pieces: tuple[Piece, ...]
    strength: float | None
    also: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PointView:
    """An answer on the map. ``themes`` holds (theme, strength), firmest first."""

    number: int
    x: float
    y: float
    themes: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class MapLayer:
    """The points of which ``theme`` is the first; None is the layer of those in no theme."""

    theme: int | None
    points: tuple[PointView, ...]


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme as its card shows it. ``rank`` counts by size from 0 and gives colour and mark."""

    theme: Theme
    rank: int
    word: str
    said: tuple[str, ...]
    codes: tuple[tuple[str, float], ...]
    quotes: tuple[AnswerView, ...]
    more: tuple[AnswerView, ...]

    @property
    def colour(self) -> int:
        return self.rank % COLOURS

    @property
    def shape(self) -> int:
        return (self.rank + self.rank // COLOURS) % SHAPES

    @property
    def listed(self) -> int:
        """Answers of the theme that the page holds."""
        return len(self.quotes) + len(self.more)


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question, ready to print."""

    page: QuestionPage
    base: int
    listed: int
    themes: tuple[ThemeView, ...]
    layers: tuple[MapLayer, ...]
    labels: Mapping[int, Label]
    tree: Tree
    crosstabs: tuple[Crosstab, ...]
    none: tuple[AnswerView, ...]
    contentless: tuple[tuple[str, int], ...]

    @property
    def steady(self) -> tuple[ThemeView, ...]:
        return tuple(view for view in self.themes if view.theme.stability >= LOOSE)

    @property
    def loose(self) -> tuple[ThemeView, ...]:
        """The themes that are shown apart, under a heading that says so."""
        return tuple(view for view in self.themes if view.theme.stability < LOOSE)

    @property
    def by_id(self) -> Mapping[int, ThemeView]:
        return {view.theme.id: view for view in self.themes}


def question_view(page: QuestionPage, whole: ThemesPage, unknown: str) -> QuestionView:
    """Everything the template prints of ``page``. ``unknown`` names respondents without a value."""
    themes = sorted(page.themes.themes, key=lambda theme: (-theme.size, theme.id))
    shown = _answers_to_show(page, themes)
    # Answers are numbered by theme and strength, not by respondent: neither the same number in two
    # questions nor the order in a list may link two answers to one person.
    ordered = sorted(shown, key=lambda a: (*_theme_and_strength(page, a), page.texts[a], a))
    numbers = {answer: number for number, answer in enumerate(ordered, start=1)}
    points = scatter.place({a: page.themes.xy[a] for a in ordered if a in page.themes.xy})
    views = tuple(
        _theme_view(page, theme, rank, numbers, whole.code_labels)
        for rank, theme in enumerate(themes)
    )
    points_by_theme: dict[int | None, list[PointView]] = {}
    for answer, (x, y) in points.items():
        themes_of_answer = tuple(page.memberships.get(answer, ()))
        point = PointView(numbers[answer], x, y, themes_of_answer)
        first_theme = themes_of_answer[0][0] if themes_of_answer else None
        points_by_theme.setdefault(first_theme, []).append(point)
    layers = tuple(
        MapLayer(theme, tuple(sorted(points_by_theme[theme], key=lambda point: point.number)))
        for theme in (None, *(theme.id for theme in themes))
        if theme in points_by_theme
    )
    return QuestionView(
        page=page,
        base=len(page.with_content),
        listed=len(numbers),
        themes=views,
        layers=layers,
        labels=scatter.place_labels(
            {
                layer.theme: [(point.x, point.y) for point in layer.points]
                for layer in layers
                if layer.theme is not None
            }
        ),
        tree=dendrogram.tree([theme.id for theme in themes], page.themes.merges),
        crosstabs=tuple(
            crosstab(
                subgroup.label,
                subgroup.values,
                {theme.id: frozenset(page.members[theme.id]) for theme in themes},
                page.with_content,
                smallest_cell=whole.smallest_cell,
                unknown=unknown,
            )
            for subgroup in page.subgroups
        ),
        none=tuple(
            AnswerView(numbers[a], (Piece(clean(page.texts[a]), False),), None, ())
            for a in ordered
            if a in page.without_theme
        ),
        contentless=_count_spellings([page.texts[a] for a in page.contentless]),
    )


def _theme_and_strength(page: QuestionPage, answer: str) -> tuple[float, float]:
    """Sorts an answer by its first theme, firmest first; those in no theme come last."""
    own = page.memberships.get(answer)
    return (own[0][0], -own[0][1]) if own else (math.inf, 0.0)


def _theme_view(
    page: QuestionPage,
    theme: Theme,
    rank: int,
    numbers: Mapping[str, int],
    code_labels: Mapping[str, str],
) -> ThemeView:
    members = page.members[theme.id]

    def view(answer: str) -> AnswerView:
        also = tuple(other for other, _ in page.memberships[answer] if other != theme.id)
        pieces = _pieces(page.texts[answer], page.parts.get((answer, theme.id), ()))
        return AnswerView(numbers[answer], pieces, members[answer], also)

    quotes = [a for a in theme.representatives if a in members][:QUOTES]
    more = [a for a in members if a in numbers and a not in set(quotes)]
    more.sort(key=lambda answer: (-members[answer], numbers[answer]))
    return ThemeView(
        theme=theme,
        rank=rank,
        word=stability_word(theme.stability),
        said=tuple(page.said.get(theme.id, ())),
        codes=tuple((code_labels.get(code, code), value) for code, value in theme.nearest_codes),
        quotes=tuple(map(view, quotes)),
        more=tuple(map(view, more)),
    )


def _answers_to_show(page: QuestionPage, themes: Sequence[Theme]) -> set[str]:
    """The answers that the page holds: all, or a sample by theme where there are too many.

    The sample is systematic: evenly spaced over the answers of a theme from firmest to loosest, so
    that it shows the theme's edge as well as its heart.
    """
    if len(page.with_content) <= LISTED:
        return set(page.with_content)
    shown: set[str] = set()
    groups = [
        sorted(own.items(), key=lambda pair: (-pair[1], pair[0])) for own in page.members.values()
    ]
    groups.append([(answer, 0.0) for answer in sorted(page.without_theme)])
    total = sum(map(len, groups))
    for group in groups:
        number = min(len(group), max(LISTED_PER_THEME, LISTED * len(group) // total))
        shown.update(group[i * len(group) // number][0] for i in range(number))
    for theme in themes:
        shown.update(theme.representatives[:QUOTES])
    return shown & page.with_content


def _pieces(text: str, parts: Sequence[tuple[int, int]]) -> tuple[Piece, ...]:
    """``text`` cut at ``parts``; one plain piece where the parts hold all of it or are none."""
    pieces: list[Piece] = []
    position = 0
    for first, last in sorted(parts):
        start, end = max(first, position), min(last, len(text))
        if start >= end:
            continue
        if text[position:start]:
            pieces.append(Piece(clean(text[position:start]), False))
        pieces.append(Piece(clean(text[start:end]), True))
        position = end
    if text[position:]:
        pieces.append(Piece(clean(text[position:]), False))
    if not any(not piece.of_theme and piece.text.strip() for piece in pieces):
        return (Piece(clean(text), False),)
    return tuple(pieces)


def _count_spellings(texts: Sequence[str]) -> tuple[tuple[str, int], ...]:
    """Each spelling with how often it was given, most frequent first."""
    counts: dict[str, int] = {}
    for text in texts:
        counts[clean(text.strip())] = counts.get(clean(text.strip()), 0) + 1
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
