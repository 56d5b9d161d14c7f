"""What a report's plots show, taken from the counts; ``formats.plots`` draws them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass

from themecoder.counts.count_rows import Count
from themecoder.counts.result import Counts
from themecoder.messages import message
from themecoder.output.numbers import NO_NUMBER, number_text


@dataclass(frozen=True, slots=True)
class Mark:
    """A share in percent with its interval, and as text; ``percent`` None where it is not shown.
    Without text there is nothing to show: a code at a question that it is not for."""

    text: str
    percent: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar with its interval per label, the first on top. ``warning`` stands above: the coding is
    unconfirmed; empty where it is not."""

    labels: tuple[str, ...]
    marks: tuple[Mark, ...]
    axis: str
    warning: str


@dataclass(frozen=True, slots=True)
class Dots:
    """Per label a dot with its interval for each of ``groups``: (name, a mark per label).
    ``hidden`` explains the sign of what is not shown; empty where all is."""

    labels: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Mark, ...]], ...]
    axis: str
    hidden: str
    warning: str


@dataclass(frozen=True, slots=True)
class PlotFigure:
    """A plot, the line below it, and what it shows in words for who cannot see it."""

    plot: Bars | Dots
    caption: str
    alt: str


def bars(
    counts: Counts,
    codes: Sequence[tuple[str, str]],
    question: str,
    subgroup: str,
    caption: str,
    language: str,
    decimals: int,
) -> PlotFigure:
    """The share of each of ``codes`` (id, label) on a question, within a subgroup."""
    rows = [counts.find(code, question, subgroup) for code, _ in codes]
    size = next((row.base_n for row in rows if row), 0)
    axis = message(f"report.axis.{counts.base}", language, n=number_text(size, 0, language))
    hidden = message("report.not_shown", language)
    marks = tuple(_mark(row, hidden, language, decimals) for row in rows)
    labels = tuple(label for _, label in codes)
    values = "; ".join(f"{label}: {m.text}" for label, m in zip(labels, marks, strict=True))
    return PlotFigure(
        Bars(labels, marks, axis, unconfirmed(counts, language)), caption, f"{caption} {values}."
    )


def by_question(
    counts: Counts,
    codes: Sequence[tuple[str, str]],
    questions: Mapping[str, str],
    expected: Set[tuple[str, str]],
    caption: str,
    language: str,
    decimals: int,
) -> PlotFigure:
    """The share of each of ``codes`` on each of ``questions`` (id -> label), of that question's own
    base; ``expected``: the (code, question) that have a mark."""
    nothing, hidden = Mark(""), message("report.not_shown", language)
    series = []
    for question, name in questions.items():
        rows = [counts.find(code, question) for code, _ in codes]
        base = number_text(next((row.base_n for row in rows if row), 0), 0, language)
        marks = tuple(
            _mark(row, hidden, language, decimals) if (code, question) in expected else nothing
            for (code, _), row in zip(codes, rows, strict=True)
        )
        series.append((f"{question}: {name} (n = {base})", marks))
    has_hidden = any(mark.text == hidden for _, marks in series for mark in marks)
    said = [(question, marks) for question, (_, marks) in zip(questions, series, strict=True)]
    values = "; ".join(
        f"{label}: " + ", ".join(f"{name} {marks[i].text}" for name, marks in said if marks[i].text)
        for i, (_, label) in enumerate(codes)
    )
    plot = Dots(
        tuple(label for _, label in codes),
        tuple(series),
        message(f"report.axis.{counts.base}_each", language),
        message("report.sign_hidden", language) if has_hidden else "",
        unconfirmed(counts, language),
    )
    return PlotFigure(plot, caption, f"{caption} {values}.")


def dots(
    counts: Counts,
    codes: Sequence[tuple[str, str]],
    question: str,
    attribute: str,
    caption: str,
    language: str,
    decimals: int,
) -> PlotFigure | None:
    """The share of each of ``codes`` in the groups of an attribute.

    Left out are the groups of which less than half of the codes are shown, and the codes that are
    then shown in fewer than two groups; None where nothing is left.
    """
    groups = [
        subgroup
        for subgroup in counts.subgroup_labels
        if subgroup.startswith(f"{attribute}=") and not subgroup.endswith("=")
    ]
    rows = {(c, g): counts.find(c, question, g) for c, _ in codes for g in groups}
    shown = {key for key, row in rows.items() if row is not None and row.percent is not None}
    used = [g for g in groups if 2 * sum((c, g) in shown for c, _ in codes) >= len(codes)]
    kept = [(c, label) for c, label in codes if sum((c, g) in shown for g in used) > 1]
    if not kept:
        return None
    series = []
    for group in used:
        base = next(row.base_n for (_, g), row in rows.items() if g == group and row)
        label = counts.subgroup_labels[group].partition(": ")[2]
        name = f"{label} (n = {number_text(base, 0, language)})"
        marks = tuple(_mark(rows[code, group], "", language, decimals) for code, _ in kept)
        series.append((name, marks))
    has_hidden = any(mark.percent is None for _, marks in series for mark in marks)
    hidden = message("report.sign_hidden", language) if has_hidden else ""
    values = "; ".join(
        f"{label}: " + ", ".join(f"{name} {marks[place].text}" for name, marks in series)
        for place, (_, label) in enumerate(kept)
    )
    axis = message("report.axis.groups", language)
    plot = Dots(
        tuple(label for _, label in kept),
        tuple(series),
        axis,
        hidden,
        unconfirmed(counts, language),
    )
    return PlotFigure(plot, caption, f"{caption} {values}.")


def _mark(row: Count | None, hidden: str, language: str, decimals: int) -> Mark:
    if row is None or row.suppressed:
        return Mark(hidden or message("report.not_shown", language))
    if row.percent is None:
        return Mark(NO_NUMBER)
    text = number_text(row.percent, decimals, language) + "%"
    return Mark(text, row.percent, row.ci_low, row.ci_high)


def unconfirmed(counts: Counts, language: str) -> str:
    """What stands wherever counts are shown that nobody confirmed, or estimates; else empty."""
    if counts.estimate:
        return message("ppi.note.banner", language)
    return "" if counts.source.confirmed else message("counts.note.unconfirmed", language)
