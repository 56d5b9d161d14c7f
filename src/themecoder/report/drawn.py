"""Plots of counts in a notebook: as a report draws them, shown where the cell ends, or saved."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import Counts
from themecoder.errors import InputError, Problem
from themecoder.report.formats.plots import png, svg
from themecoder.report.plots import Bars, Dots, PlotFigure, bars, dots
from themecoder.storage.atomic import atomic


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plot. A notebook shows it; ``save`` writes it as .svg or .png."""

    figure: PlotFigure
    language: str

    def __repr__(self) -> str:
        return self.figure.alt

    def _repr_svg_(self) -> str:
        return svg(self._plot, self.language).decode("utf-8")

    @property
    def _plot(self) -> Bars | Dots:
        return self.figure.plot

    def save(self, file: str | Path) -> Path:
        """Write the plot, by the file's name as SVG or PNG. Raises InputError for other names."""
        path = Path(file)
        formats = {".svg": svg, ".png": png}
        draw = formats.get(path.suffix.lower())
        if draw is None:
            params = {"found": path.suffix.lstrip("."), "known": "svg, png"}
            raise InputError(Problem("counts.format", params, file=path))
        with atomic(path, "wb") as handle:
            handle.write(draw(self._plot, self.language))
        return path


def plot_of(
    counts: Counts, question: str, by: str | None, language: str, decimals: int
) -> Drawn | None:
    """The shares of the codes or answers of a question; ``by`` an attribute: of its groups side by
    side, None where too few of those may be shown. The most mentioned stand on top."""
    sizes = {
        row.code: row.n or 0
        for row in counts.rows
        if (row.question, row.subgroup) == (question, ALL_RESPONDENTS)
    }
    if not sizes:
        known = ", ".join(dict.fromkeys(row.question for row in counts.rows))
        raise InputError(Problem("cli.question_unknown", {"found": question, "known": known}))
    codes = sorted(sizes, key=lambda code: -sizes[code])
    named = [(code, counts.code_labels.get((question, code), code)) for code in codes]
    caption = counts.question_labels.get(question, question)
    figure: PlotFigure | None
    if by is None:
        figure = bars(counts, named, question, ALL_RESPONDENTS, caption, language, decimals)
    else:
        figure = dots(counts, named, question, by, caption, language, decimals)
    return Drawn(figure, language) if figure else None
