"""Where coders differ as a page: each one's codes side by side, without names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from themecoder.adjudication.shown_codes import ShownCode
from themecoder.codebook.model import Codebook
from themecoder.coding.cases import Case
from themecoder.output.html import content_hash, environment, resource


@dataclass(frozen=True, slots=True)
class ShownCase:
    """A case as it is shown: the masked text, and per coder the codes with value and words of
    each. The order of the coders is drawn, so that it does not reveal who they are."""

    case: Case
    text: str
    codes_by_coder: Sequence[Mapping[str, ShownCode]]


def render_disagreements(
    questions: Sequence[tuple[str, str, Sequence[ShownCase]]], book: Codebook, synthetic: str = ""
) -> str:
    """The page as HTML text. ``questions``: each with its id, wording and open cases;
    ``synthetic``: the notice that the answers are made up, where they are."""
    style = (
        resource("themecoder.codebook.html", "page.css") + resource(__package__, "page.css")
    ).strip()
    return (
        environment(book.language, "adjudication_page", __package__)
        .get_template("page.html.jinja")
        .render(
            questions=questions,
            book=book,
            synthetic=synthetic,
            labels={code.id: code.label for code in book.codes},
            definitions={code.id: code.definition for code in book.codes},
            style=Markup(style),
            style_hash=content_hash(style),
        )
        .strip()
        + "\n"
    )
