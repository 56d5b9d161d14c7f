"""The codebook as a page that coders print: one HTML file that asks nothing of a network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from markupsafe import Markup

from themecoder.codebook.files.folder import DRAFT, CodebookFolder
from themecoder.codebook.model import Codebook
from themecoder.codebook.theme_keywords import words_of_people
from themecoder.output.html import content_hash, environment, resource
from themecoder.settings.paths import StudyPaths
from themecoder.storage.atomic import write_text


def write_codebook_page(folder: CodebookFolder, book: Codebook, paths: StudyPaths) -> Path:
    """Write ``reports/codebook.html``: ``book`` as a page for coders to print."""
    source = folder.file(book.version if book.released else DRAFT)
    file = paths.reports / "codebook.html"
    write_text(file, render_codebook(book, source.relative_to(paths.root).as_posix()))
    return file


def style_hash() -> str:
    """What a policy names to allow the style of the page, and no other."""
    return content_hash(_style())


def _style() -> str:
    return resource(__package__, "page.css").strip()


def render_codebook(book: Codebook, file: str) -> str:
    """The page as HTML text: the same codebook, the same bytes. ``file`` is named at its foot.

    What a machine noted in memos is left out: coders go by the words of people only.
    """
    book = replace(
        book, codes=tuple(replace(code, memo=words_of_people(code.memo)) for code in book.codes)
    )
    style = _style()
    tree = book.tree
    labels = {code.id: code.label for code in book.codes}
    groups = [
        (group, [code for code in codes if not code.retired]) for group, codes in book.by_group
    ]
    return (
        environment(book.language, "codebook", __package__)
        .get_template("page.html.jinja")
        .render(
            book=book,
            file=file,
            groups=[(group, codes) for group, codes in groups if codes],
            retired=[code for code in book.codes if code.retired],
            labels=labels,
            above={code.id: [labels[one] for one in tree.above(code.id)] for code in book.codes},
            style=Markup(style),
            style_hash=style_hash(),
        )
        .strip()
        + "\n"
    )
