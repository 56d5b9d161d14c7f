"""Small pictures of agreement as SVG text; their colours are in the style sheet.

A row's plot has no size of its own: positions across are percents of the table's cell, so that a
plot is as wide as the screen allows while dots stay round. The same numbers stand beside the
pictures as text, so screen readers skip the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log2
from typing import Protocol

from markupsafe import Markup, escape

from themecoder.agreement.html.words import Estimate, PageWords, tone
from themecoder.agreement.measures.benchmark import SCALES
from themecoder.agreement.rows import AgreementRow

RELIABLE, TENTATIVE = SCALES["krippendorff"].lowest[:2]
_EDGE = 3.0
"""Percents of a plot that stay free at both ends: a dot on the last value is whole."""
_MAJOR = (0.0, 1.0)
"""Ticks that keep their number where a plot is narrow."""
_FARTHEST = 3.0
"""Ratios are drawn from 1/8 to 8; what is farther lies on the edge."""


@dataclass(frozen=True, slots=True)
class Axis:
    """From ``low`` to 1. ``bounds``: whether Krippendorff's bounds are drawn."""

    low: float
    bounds: bool

    @property
    def id(self) -> str:
        return f"axis{round(-100 * self.low)}{'b' if self.bounds else ''}"

    def at(self, value: float) -> float:
        share = (min(max(value, self.low), 1.0) - self.low) / (1 - self.low)
        return _EDGE + share * (100 - 2 * _EDGE)

    @property
    def ticks(self) -> tuple[float, ...]:
        return tuple(sorted({self.low, 0.0, 0.25, 0.5, *([] if self.bounds else [0.75]), 1.0}))


def axis_for(rows: Sequence[Estimate], bounds: bool) -> Axis:
    """From 0, or from the quarter below the lowest number."""
    lows = [end for row in rows for end in (row.value, row.ci_low) if end is not None]
    return Axis(min(0.0, max(-1.0, floor(4 * min(lows, default=0.0)) / 4)), bounds)


def shared_axis(rows: Sequence[AgreementRow]) -> Axis:
    """One axis for pictures that are compared: it holds every value; intervals may run off it."""
    lowest = min((row.value for row in rows if row.value is not None), default=0.0)
    return Axis(min(0.0, max(-1.0, floor(4 * lowest) / 4)), True)


def grid(axis: Axis) -> Markup:
    """What lies behind every row of a plot: made once, used by its id."""
    parts = []
    if axis.bounds:
        parts.append(_zone("z1", axis.at(TENTATIVE), axis.at(RELIABLE)))
        parts.append(_zone("z2", axis.at(RELIABLE), 100.0))
    parts += [_upright("t", axis.at(tick)) for tick in axis.ticks]
    if axis.bounds:
        parts += [_upright("bd", axis.at(bound)) for bound in (TENTATIVE, RELIABLE)]
    return Markup(f'<g id="{axis.id}">{"".join(parts)}</g>')


def scale(axis: Axis, words: PageWords) -> Markup:
    """The numbers over a plot's column."""
    parts = [
        _tick(axis.at(tick), words.number(tick, _digits(tick)), "" if tick in _MAJOR else "minor")
        for tick in axis.ticks
    ]
    if axis.bounds:
        parts.append(_tick(axis.at(TENTATIVE), words.number(TENTATIVE, 3), "bound end", 7))
        parts.append(_tick(axis.at(RELIABLE), words.number(RELIABLE, 3), "bound start", -7))
    return _svg("scale", "".join(parts))


def dot(row: Estimate, axis: Axis) -> Markup:
    """A dot with its interval on the axis; only what lies behind where there is no value."""
    behind = f'<use href="#{axis.id}"/>'
    if row.value is None:
        return _svg("dot", behind)
    kind = tone(row.value) if axis.bounds else "plain"
    return _svg("dot", behind + _interval(row, axis.at, kind))


def ratio(row: Estimate) -> Markup:
    """A ratio on a scale on which twice and half lie equally far from 1."""
    grid = "".join(_upright("t", _ratio_at(v)) for v in (1 / 8, 1 / 4, 1 / 2, 2, 4, 8))
    grid += _upright("one", _ratio_at(1))
    return _svg("dot", grid + (_interval(row, _ratio_at, "plain") if row.value else ""))


def ratio_scale(words: PageWords) -> Markup:
    marks = ((1 / 8, "⅛"), (1 / 4, "¼"), (1 / 2, "½"), (1, "1"), (2, "2"), (4, "4"), (8, "8"))
    return _svg("scale", "".join(_tick(_ratio_at(value), name, "") for value, name in marks))


def bar(share: float, top: float, kind: str = "") -> Markup:
    """A bar from the left; ``top`` is as long as there is room."""
    width = 100 * min(share / top, 1.0) if top > 0 else 0.0
    name = f"bar {kind}".strip()
    return _svg(name, f'<rect x="0" y="25%" width="{width:.1f}%" height="50%"/>')


def strip(parts: Sequence[tuple[str, int]]) -> Markup:
    """One bar in parts; each (class, size)."""
    total = sum(size for _, size in parts)
    left, rectangles = 0.0, []
    for kind, size in parts:
        width = 100 * size / total if total else 0.0
        rectangles.append(
            f'<rect class="{kind}" x="{left:.2f}%" y="0" width="{width:.2f}%" height="100%"/>'
        )
        left += width
    return _svg("strip", "".join(rectangles))


def course(
    points: Sequence[tuple[str, Estimate]], axis: Axis, label: str, words: PageWords, wide: bool
) -> Markup:
    """A value over parts, left to right, with intervals. ``label`` is for screen readers."""
    width, height = (320, 190) if wide else (150, 100)
    left, right, top, foot = (30, 8, 8, 20) if wide else (4, 4, 5, 14)
    inner = height - top - foot

    def down(value: float) -> float:
        return top + inner * (1 - (min(max(value, axis.low), 1.0) - axis.low) / (1 - axis.low))

    def rect(kind: str, high: float, low: float) -> str:
        return (
            f'<rect class="{kind}" x="{left}" y="{down(high):.1f}" width="{width - left - right}"'
            f' height="{down(low) - down(high):.1f}"/>'
        )

    parts = [rect("z1", RELIABLE, TENTATIVE), rect("z2", 1.0, RELIABLE)]
    for value in (axis.low, *((0.0,) if axis.low else ()), TENTATIVE, RELIABLE, 1.0):
        y = f"{down(value):.1f}"
        kind = "bd" if value in (TENTATIVE, RELIABLE) else "t"
        parts.append(f'<path class="{kind}" d="M{left} {y}H{width - right}"/>')
        if wide and value not in (TENTATIVE, RELIABLE):
            number = words.number(value, _digits(value))
            parts.append(f'<text class="y" x="{left - 5}" y="{y}">{number}</text>')
    step = (width - left - right) / len(points)
    at = [left + step * (n + 0.5) for n in range(len(points))]
    known = [
        (x, point) for x, (_, point) in zip(at, points, strict=True) if point.value is not None
    ]
    line = " ".join(f"{x:.1f},{down(point.value or 0.0):.1f}" for x, point in known)
    parts.append(f'<polyline class="way" points="{line}"/>')
    for x, point in known:
        if point.ci_low is not None and point.ci_high is not None:
            ends = f"M{x:.1f} {down(point.ci_low):.1f}V{down(point.ci_high):.1f}"
            parts.append(f'<path class="ci" d="{ends}"/>')
        size = 4 if wide else 3
        parts.append(f'<circle cx="{x:.1f}" cy="{down(point.value or 0.0):.1f}" r="{size}"/>')
    for x, (name, _) in zip(at, points, strict=True):
        parts.append(f'<text class="x" x="{x:.1f}" y="{height - 4}">{escape(name)}</text>')
    return Markup(
        f'<svg class="course" viewBox="0 0 {width} {height}" role="img"'
        f' aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


def _interval(row: Estimate, at: _Place, kind: str) -> str:
    line = ""
    if row.ci_low is not None and row.ci_high is not None:
        ends = f'x1="{at(row.ci_low):.1f}%" x2="{at(row.ci_high):.1f}%"'
        line = f'<line class="ci {kind}" {ends} y1="50%" y2="50%"/>'
    return line + f'<circle class="{kind}" cx="{at(row.value or 0.0):.1f}%" cy="50%" r="4.5"/>'


class _Place(Protocol):
    def __call__(self, value: float, /) -> float: ...


def _ratio_at(value: float) -> float:
    steps = max(-_FARTHEST, min(_FARTHEST, log2(value) if value > 0 else -_FARTHEST))
    return _EDGE + (steps + _FARTHEST) / (2 * _FARTHEST) * (100 - 2 * _EDGE)


def _zone(kind: str, start: float, end: float) -> str:
    return f'<rect class="{kind}" x="{start:.1f}%" y="0" width="{end - start:.1f}%" height="100%"/>'


def _upright(kind: str, at: float) -> str:
    return f'<line class="{kind}" x1="{at:.1f}%" x2="{at:.1f}%" y1="0" y2="100%"/>'


def _tick(at: float, text: str, kind: str, aside: int = 0) -> str:
    name = f' class="{kind}"' if kind else ""
    moved = f' dx="{aside}"' if aside else ""
    return f'<text{name} x="{at:.1f}%" y="100%"{moved} dy="-4">{escape(text)}</text>'


def _svg(kind: str, inside: str) -> Markup:
    return Markup(f'<svg class="{kind}" aria-hidden="true">{inside}</svg>')


def _digits(value: float) -> int:
    return 0 if value == int(value) else 2 if value * 10 != int(value * 10) else 1
