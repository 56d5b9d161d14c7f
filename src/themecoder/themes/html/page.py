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
from themecoder.output.numbers import decimal_text, integer_text, whole_percent_text
from themecoder.themes.html.view import question_view
from themecoder.themes.page_model import FAIR, LOOSE, STRONG, ThemesPage


def render_themes(page: ThemesPage) -> str:
    """The page as HTML text: the same page, the same bytes."""
    pages = environment(page.language, "page", __package__)
    pages.filters["clean"] = clean
    text = texts(page.language, "page")
    pages.globals.update(
        integer=partial(integer_text, language=page.language),
        decimal=partial(decimal_text, language=page.language),
        percent=whole_percent_text,
        term=lambda key: lookup(f"page.provenance.{key}", page.language) or key,
        template=lambda key: lookup(f"page.{key}", page.language),
    )
    style, script = (resource(__package__, name).strip() for name in ("page.css", "page.js"))
    return (
        pages.get_template("page.html.jinja")
        .render(
            page=page,
            questions=[question_view(q, page, text("subgroup.unknown")) for q in page.questions],
            strong=STRONG,
            fair=FAIR,
            loose=LOOSE,
            # ours, and free of "</": the only texts on the page that are not escaped
            style=Markup(style),
            script=Markup(script),
            style_hash=content_hash(style),
            script_hash=content_hash(script),
        )
        .strip()
        + "\n"
    )
