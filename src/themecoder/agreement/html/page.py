"""The page of agreement: one HTML file that holds everything and asks nothing of a network.

It reads from top to bottom without JavaScript; the script only chooses between panels and sorts
rows. Plots are parts of tables, so that every dot stands beside its number.
"""

from __future__ import annotations

from markupsafe import Markup

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html import coders as of_coders
from themecoder.agreement.html import codes as of_codes
from themecoder.agreement.html import plots
from themecoder.agreement.html import values as of_values
from themecoder.agreement.html.methods import methods
from themecoder.agreement.html.words import AREA, SHOWN_SCALES, PageWords
from themecoder.codebook.model import Codebook
from themecoder.output.html import clean, content_hash, environment, resource


def render_agreement(
    findings: AgreementFindings,
    book: Codebook,
    *,
    title: str,
    language: str,
    synthetic: str = "",
    software: str = "themecoder",
) -> str:
    """The page as HTML text: the same findings, the same bytes.

    ``synthetic`` is a sentence that says that the data are not real, shown at the top;
    ``software`` the name and version that the methods paragraph gives.
    """
    words = PageWords(language)
    pages = environment(language, AREA, __package__)
    pages.filters["clean"] = clean
    summary, summary_axis = of_codes.summary(findings, words)
    panels = of_codes.panels(findings, book, words)
    quotes, quotes_axis = of_codes.quotes(findings, book, words)
    values, values_axis = of_values.values(findings, book, words)
    machine = of_coders.machine(findings, book)
    axes = [summary_axis, quotes_axis, *(panel.axis for panel in panels)]
    axes += [machine.axis] if machine else []
    axes += [values_axis] if values else []
    style, script = (resource(__package__, name).strip() for name in ("page.css", "page.js"))
    return (
        pages.get_template("page.html.jinja")
        .render(
            found=findings,
            title=title,
            language=language,
            synthetic=synthetic,
            w=words,
            plots=plots,
            scales=SHOWN_SCALES,
            whole=summary[0],  # the line of all questions together
            summary=summary,
            summary_axis=summary_axis,
            panels=panels,
            tones=of_codes.tones(panels[0]),
            strip=plots.strip(list(of_codes.tones(panels[0]).items())),
            pairs=of_coders.pairs(findings),
            confused=of_codes.confused(findings, book),
            matrix=of_codes.matrix(findings, book),
            explained=of_codes.EXPLAINED,
            values=values,
            values_axis=values_axis,
            quotes=quotes,
            quotes_axis=quotes_axis,
            drifts=of_coders.drifts(findings, book, words),
            tendencies=of_coders.tendencies(findings, book),
            beside=of_coders.blind_and_shown(findings),
            rates=of_coders.rates,
            machine=machine,
            planned=of_coders.planned(findings, book, words),
            methods=methods(findings, language, software, synthetic),
            grids=[plots.grid(axis) for axis in sorted(set(axes), key=lambda axis: axis.id)],
            # ours, and free of "</": the only texts on the page that are not escaped
            style=Markup(style),
            script=Markup(script),
            style_hash=content_hash(style),
            script_hash=content_hash(script),
        )
        .strip()
        + "\n"
    )
