"""Plots for a report: bars with intervals, and subgroups side by side. Same input, same bytes."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Sequence
from typing import Any

from themecoder.output.numbers import number_text
from themecoder.report.plots import Bars, Dots

# Drawn in greys with one hue, told apart by shape: it prints in black and white.
_INK, _SOFT, _BAR, _GRID = "#1b1f24", "#5a636d", "#a9c3da", "#e3e7ea"
_WARNING = "#a3270f"
# Okabe & Ito (2008), for the colour-blind; the marks tell them apart in grey
_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#000000", "#e69f00", "#56b4e9", "#999999")
_MARKS = ("o", "s", "^", "D", "v", "P", "X", "*")
_WIDTH = 7.0  # inches: a page's text
_ROW = 0.235  # inches of a bar
_FEET = 0.75  # inches for the axis and its title
_SETTINGS: dict[str, Any] = {
    "svg.hashsalt": "themecoder",
    "svg.fonttype": "path",
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.edgecolor": "#8a929b",
    "axes.labelcolor": _SOFT,
    "axes.labelsize": 8,
    "text.color": _INK,
    "xtick.color": _SOFT,
    "xtick.labelsize": 8,
    "ytick.color": _INK,
}


def svg(plot: Bars | Dots, language: str) -> bytes:
    """The plot for a page."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    def save(figure: Any, stream: io.BytesIO) -> None:
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(stream, metadata={"Date": None, "Creator": None})

    return _saved(plot, language, save)


def png(plot: Bars | Dots, language: str) -> bytes:
    """The plot for a Word file."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    def save(figure: Any, stream: io.BytesIO) -> None:
        FigureCanvasAgg(figure).print_figure(stream, dpi=170, metadata={"Software": None})

    return _saved(plot, language, save)


def _saved(plot: Bars | Dots, language: str, save: Callable[[Any, io.BytesIO], None]) -> bytes:
    import matplotlib

    stream = io.BytesIO()
    # what a person set for matplotlib on this machine is no input of a report
    settings: Any = {**matplotlib.rcParamsDefault, **_SETTINGS}
    with matplotlib.rc_context(settings):
        save(_bars(plot, language) if isinstance(plot, Bars) else _dots(plot, language), stream)
    return stream.getvalue()


def _bars(plot: Bars, language: str) -> Any:
    figure, axes = _canvas(_ROW * len(plot.labels) + _FEET, plot.warning)
    places = range(len(plot.labels))
    axes.barh(places, [mark.percent or 0 for mark in plot.marks], color=_BAR, height=0.7)
    widest = max((m.high or m.percent or 0 for m in plot.marks), default=0) or 1
    for place, mark in zip(places, plot.marks, strict=True):
        if mark.percent is None:
            hidden: Any = {"va": "center", "fontsize": 8, "style": "italic", "color": _SOFT}
            axes.text(widest * 0.01, place, mark.text, **hidden)
            continue
        end = mark.percent
        if mark.low is not None and mark.high is not None:
            end = mark.high
            _interval(axes, mark.low, mark.high, place, _INK)
        axes.text(end + widest * 0.015, place, mark.text, va="center", fontsize=8)
    axes.set_xlim(0, widest * 1.14)
    axes.set_ylim(-0.6, len(plot.labels) - 0.4)
    return _finished(figure, axes, plot.labels, plot.axis, language)


def _dots(plot: Dots, language: str) -> Any:
    columns = 1 if any(len(name) > 45 for name, _ in plot.groups) else 2
    lines = -(-len(plot.groups) // columns)
    # many themes stay on one page
    dense = len(plot.labels) > 20
    height = max((0.055 if dense else 0.135) * len(plot.groups) + (0.06 if dense else 0.1), 0.24)
    figure, axes = _canvas(height * len(plot.labels) + _FEET + 0.19 * lines, plot.warning)
    step = 0.78 / max(len(plot.groups), 1)
    every_mark = [mark for _, marks in plot.groups for mark in marks]
    widest = max((mark.high or mark.percent or 0 for mark in every_mark), default=0) or 1
    for number, (name, marks) in enumerate(plot.groups):
        colour, shape = _COLOURS[number % len(_COLOURS)], _MARKS[number % len(_MARKS)]
        shift = (number - (len(plot.groups) - 1) / 2) * step
        for place, mark in enumerate(marks):
            if mark.percent is None and mark.text:
                axes.text(
                    widest * 0.006, place + shift, "×", va="center", fontsize=7.5, color=_SOFT
                )
            elif mark.low is not None and mark.high is not None:
                _interval(axes, mark.low, mark.high, place + shift, colour, 0)
        shown = [(p + shift, m.percent) for p, m in enumerate(marks) if m.percent is not None]
        size = 3.4 if dense else 4.8
        line: Any = {"marker": shape, "markersize": size, "color": colour, "clip_on": False}
        across, down = [percent for _, percent in shown], [place for place, _ in shown]
        axes.plot(across, down, linestyle="none", label=name, **line)
    if plot.hidden:
        cross: Any = {"marker": "x", "markersize": 4, "color": _SOFT}
        axes.plot([], [], linestyle="none", label=plot.hidden, **cross)
    axes.set_xlim(0, widest * 1.04)
    for place in range(1, len(plot.labels)):
        axes.axhline(place - 0.5, color="#d9dde1", linewidth=0.5)
    axes.set_ylim(-0.5, len(plot.labels) - 0.5)
    spacing = {"handletextpad": 0.3, "columnspacing": 1.5}
    figure.legend(loc="outside lower left", ncols=columns, frameon=False, fontsize=8, **spacing)
    return _finished(figure, axes, plot.labels, plot.axis, language)


def _interval(
    axes: Any, low: float, high: float, place: float, colour: str, caps: float = 0.16
) -> None:
    axes.plot([low, high], [place, place], color=colour, linewidth=1.1, solid_capstyle="butt")
    if caps:
        for end in (low, high):
            axes.plot([end, end], [place - caps, place + caps], color=colour, linewidth=1.1)


def _canvas(height: float, warning: str) -> tuple[Any, Any]:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height + (0.25 if warning else 0)), layout="constrained")
    axes = figure.add_subplot()
    if warning:
        figure.suptitle(warning, fontsize=8.5, fontweight="bold", color=_WARNING, x=0.01, ha="left")
    return figure, axes


def _finished(figure: Any, axes: Any, labels: Sequence[str], axis: str, language: str) -> Any:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    # a dollar sign in a label would begin a formula
    plain = [label.replace("$", r"\$") for label in labels]
    axes.set_yticks(range(len(plain)), ["\n".join(textwrap.wrap(label, 42)) for label in plain])
    axes.invert_yaxis()
    axes.set_xlabel(axis, loc="left")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number_text(v, 0, language) + "%"))
    axes.grid(axis="x", color=_GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure
