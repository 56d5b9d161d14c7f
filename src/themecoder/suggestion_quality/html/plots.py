"""Two small pictures as SVG; the same numbers stand in a table beside each."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

from themecoder.output.numbers import decimal_text
from themecoder.suggestion_quality.curve import Point
from themecoder.suggestion_quality.reliability import Bin
from themecoder.suggestion_quality.scores import Estimate

_WIDE, _HIGH, _LEFT, _BELOW, _FREE = 440, 260, 60, 40, 10


def reliability_plot(bins: Sequence[Bin], across: str, up: str, language: str) -> Markup:
    """The share right over the probability; on the diagonal both are the same."""
    parts = [
        *_grid([(tick / 4, decimal_text(tick / 4, 2, language)) for tick in range(5)], language),
        f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>',
    ]
    for one in bins:
        parts += _dot(_x(one.probability), one.right)
    return _picture(parts, across, up)


def curve_plot(points: Sequence[Point], across: str, up: str, language: str) -> Markup:
    """F1 over how many coded answers were learned from."""
    most = max((point.coded for point in points), default=0) or 1
    places = [_x(point.coded / most) for point in points]
    ticks = [(point.coded / most, f"{point.coded}") for point in points]
    known = [
        f"{place},{_y(point.f1.value)}"
        for place, point in zip(places, points, strict=True)
        if point.f1.value is not None
    ]
    parts = [*_grid(ticks, language), f'<polyline class="curve" points="{" ".join(known)}"/>']
    for place, point in zip(places, points, strict=True):
        parts += _dot(place, point.f1)
    return _picture(parts, across, up)


def _grid(ticks: Sequence[tuple[float, str]], language: str) -> list[str]:
    parts = []
    for tick in range(5):
        y, label = _y(tick / 4), decimal_text(tick / 4, 2, language)
        parts.append(f'<line class="grid" x1="{_x(0)}" y1="{y}" x2="{_x(1)}" y2="{y}"/>')
        parts.append(f'<text class="up" x="{_LEFT - 6}" y="{y + 4}">{label}</text>')
    taken = -1e9
    for place, label in ticks:
        x = _x(place)
        if x - taken > 7 * len(label) + 6:
            parts.append(f'<text class="across" x="{x}" y="{_y(0) + 16}">{label}</text>')
            taken = x
    return parts


def _dot(x: float, one: Estimate) -> list[str]:
    if one.value is None:
        return []
    parts = [f'<circle class="dot" cx="{x}" cy="{_y(one.value)}" r="4"/>']
    if one.ci_low is not None and one.ci_high is not None:
        ends = f'y1="{_y(one.ci_low)}" y2="{_y(one.ci_high)}"'
        parts.insert(0, f'<line class="interval" x1="{x}" x2="{x}" {ends}/>')
    return parts


def _picture(parts: Sequence[str], across: str, up: str) -> Markup:
    words = (
        f'<text class="axis" x="{_x(0.5)}" y="{_HIGH - 4}">{escape(across)}</text>'
        f'<text class="axis" transform="translate(11 {_y(0.5)}) rotate(-90)">{escape(up)}</text>'
    )
    box = f'viewBox="0 0 {_WIDE} {_HIGH}" width="{_WIDE}" height="{_HIGH}"'
    return Markup(f'<svg {box} aria-hidden="true">{"".join(parts)}{words}</svg>')


def _x(share: float) -> float:
    return round(_LEFT + share * (_WIDE - _LEFT - 2 * _FREE), 1)


def _y(share: float) -> float:
    return round(_HIGH - _BELOW - share * (_HIGH - _BELOW - _FREE), 1)
