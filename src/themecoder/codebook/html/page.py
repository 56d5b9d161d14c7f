"""The codebook as a page that coders print: one HTML file that asks nothing of a network."""

from __future__ import annotations

from themecoder.codebook.model import Codebook
from themecoder.output.html import content_hash, environment, resource


def render(book: Codebook, file: str) -> str:
    """The page as HTML text: the same codebook, the same bytes. ``file`` is named at its foot."""
    from markupsafe import Markup

    style = resource("codebook.css").strip()
    labels = {code.id: code.label for code in book.codes}
    groups = [
        (group, [code for code in codes if not code.retired]) for group, codes in book.by_group
    ]
    return (
        environment(book.language, "codebook")
        .get_template("codebook.html.jinja")
        .render(
            book=book,
            file=file,
            groups=[(group, codes) for group, codes in groups if codes],
            retired=[code for code in book.codes if code.retired],
            labels=labels,
            style=Markup(style),
            style_hash=content_hash(style),
        )
        .strip()
        + "\n"
    )
