"""The page of candidate themes: one HTML file that holds everything and asks nothing of a network.

Works without JavaScript but for pointing, filtering, sorting and searching. The style and the
script are our own files beside the template; the page names their hashes in its content security
policy, so that nothing else runs, whatever an answer says.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import partial
from importlib import resources
from typing import Any

from themecoder.edges.pages.view import clean, question_view
from themecoder.messages import lookup, message
from themecoder.themes.page_model import FAIR, STRONG, ThemesPage

_RESOURCES = "themecoder.edges.pages"


def render(page: ThemesPage) -> str:
    """The page as HTML text: the same page, the same bytes."""
    import jinja2
    from markupsafe import Markup

    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(_resource),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    text = _texts(page.language)
    environment.globals.update(
        t=text,
        integer=partial(integer, page.language),
        decimal=partial(decimal, page.language),
        percent=percent,
        term=lambda key: lookup(f"page.provenance.{key}", page.language) or key,
    )
    style, script = _resource("themes.css").strip(), _resource("themes.js").strip()
    return (
        environment.get_template("themes.html.jinja")
        .render(
            page=page,
            questions=[question_view(q, page, text("subgroup.unknown")) for q in page.questions],
            strong=STRONG,
            fair=FAIR,
            # ours, and free of "</": the only texts on the page that are not escaped
            style=Markup(style),
            script=Markup(script),
            style_hash=_content_hash(style),
            script_hash=_content_hash(script),
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


def _texts(language: str) -> Callable[..., str]:
    """The page's own words: ``t("head.kicker")`` is the catalogue's ``page.head.kicker``."""

    def text(key: str, **params: Any) -> str:
        return message(f"page.{key}", language, **params)

    return text


def _resource(name: str) -> str:
    return resources.files(_RESOURCES).joinpath("resources", name).read_text(encoding="utf-8")


def _content_hash(content: str) -> str:
    """A content security policy's name for an inline style or script."""
    digest = hashlib.sha256(content.encode("utf-8")).digest()
    return "sha256-" + base64.b64encode(digest).decode("ascii")
