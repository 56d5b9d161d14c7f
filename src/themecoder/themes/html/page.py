"""The page of candidate themes: one HTML file that holds everything and asks nothing of a network.

Works without JavaScript but for pointing, filtering, sorting and searching. The style and the
script are our own files beside the template; the page names their hashes in its content security
policy, so that nothing else runs, whatever an answer says.
"""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from themecoder.messages import lookup
from themecoder.output.html import clean, content_hash, environment, resource, texts
from themecoder.themes.html.view import question_view
from themecoder.themes.page_model import FAIR, STRONG, ThemesPage


def render(page: ThemesPage) -> str:
    """The page as HTML text: the same page, the same bytes."""
    pages = environment(page.language, "page", __package__)
    pages.filters["clean"] = clean
    text = texts(page.language, "page")
    pages.globals.update(
        integer=partial(integer, page.language),
        decimal=partial(decimal, page.language),
        percent=percent,
        term=lambda key: lookup(f"page.provenance.{key}", page.language) or key,
    )
    style, script = (
        resource(__package__, "page.css").strip(),
        resource(__package__, "page.js").strip(),
    )
    return (
        pages.get_template("page.html.jinja")
        .render(
            page=page,
            questions=[question_view(q, page, text("subgroup.unknown")) for q in page.questions],
            strong=STRONG,
            fair=FAIR,
            # ours, and free of "</": the only texts on the page that are not escaped
            style=Markup(style),
            script=Markup(script),
            style_hash=content_hash(style),
            script_hash=content_hash(script),
        )
        .strip()
        + "\n"
    )


def percent(n: int, base: int) -> str:
    """``n`` of ``base`` in whole percents, halves up; never 0 for some nor 100 for not all."""
    if base == 0:
        return "–"
    rounded = (200 * n + base) // (2 * base)
    if n and not rounded:
        return "<1%"
    if n < base and rounded == 100:
        return ">99%"
    return f"{rounded}%"


def integer(language: str, value: int) -> str:
    """``value`` with the language's thousands separator: 12.345 in Dutch, 12,345 in English."""
    return f"{value:,}".replace(",", "." if language == "nl" else ",")


def decimal(language: str, value: float, digits: int = 2) -> str:
    """``value`` with the language's decimal sign: 0,82 in Dutch, 0.82 in English."""
    return f"{value:.{digits}f}".replace(".", "," if language == "nl" else ".")
