"""The page: one HTML file that holds everything and asks nothing of a network; no scripts."""

from __future__ import annotations

from collections.abc import Mapping

from markupsafe import Markup

from themecoder.output.html import clean, content_hash, environment, resource, texts
from themecoder.output.numbers import NO_NUMBER, decimal_text, integer_text
from themecoder.suggestion_quality.html import plots
from themecoder.suggestion_quality.scores import Estimate
from themecoder.suggestion_quality.study_quality import Quality

AREA = "quality"


def render_quality(
    found: Quality, labels: Mapping[str, str], *, title: str, language: str, synthetic: str = ""
) -> str:
    """The page as HTML text: the same findings, the same bytes. ``labels``: of the codes;
    ``synthetic``: a sentence that says that the data are not real."""

    def number(value: float | None) -> str:
        return NO_NUMBER if value is None else decimal_text(value, 2, language)

    def interval(one: Estimate) -> str:
        if one.ci_low is None or one.ci_high is None:
            return ""
        return f"{number(one.ci_low)}–{number(one.ci_high)}"

    pages = environment(language, AREA, __package__)
    pages.filters.update(clean=clean, number=number, interval=interval)
    pages.filters["whole"] = lambda n: integer_text(n, language)
    style = resource(__package__, "page.css").strip()
    said = texts(language, AREA)
    curve = plots.curve_plot(found.curve, said("curve.coded"), said("f1"), language)
    reliable = plots.reliability_plot(
        found.reliability.bins, said("reliability.probability"), said("reliability.right"), language
    )
    codes = sorted(found.scores.codes, key=lambda one: labels[one.code].casefold())
    page = pages.get_template("page.html.jinja").render(
        found=found,
        title=title,
        language=language,
        synthetic=synthetic,
        labels=labels,
        codes=[one for one in codes if one.recall.value is not None],
        hidden=sum(one.recall.value is None for one in codes),
        curve=curve,
        reliable=reliable,
        # ours, and free of "</": the only text on the page that is not escaped
        style=Markup(style),
        style_hash=content_hash(style),
    )
    return page.strip() + "\n"
