"""A page to print: where each coder works, with which account, and how she knows that it is us."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from themecoder.output.html import clean, content_hash, environment, resource


def render_invitations(
    title: str, url: str, fingerprint: str, coders: Sequence[tuple[str, str]], language: str
) -> str:
    """HTML text with one sheet for each of ``coders`` (account, password)."""
    pages = environment(language, "lan", __package__)
    pages.filters["clean"] = clean
    style = resource(__package__, "invitations.css").strip()
    page = pages.get_template("invitations.html.jinja").render(
        title=title,
        url=url,
        fingerprint=fingerprint,
        coders=coders,
        language=language,
        # ours, and free of "</": the only text on the page that is not escaped
        style=Markup(style),
        style_hash=content_hash(style),
    )
    return page.strip() + "\n"
