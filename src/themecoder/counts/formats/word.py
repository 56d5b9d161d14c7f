"""Counts as Word tables, to paste into a report."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from themecoder.counts.formats.view import TableView
from themecoder.output.zip import without_moments

_WIDE, _FIRST = 26.0, 8.0  # centimetres: of a table, and of its first column
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}


def word(tables: Sequence[TableView], language: str) -> bytes:
    """A document with every table below its caption, on landscape pages, notes below each."""
    from docx import Document
    from docx.enum.section import WD_ORIENT
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    document = Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.8)
    section.top_margin = section.bottom_margin = Cm(1.6)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Calibri", Pt(9)
    properties = style.element.get_or_add_rPr()
    tongue = properties.makeelement(qn("w:lang"), {qn("w:val"): _LANGUAGES[language]})
    properties.append(tongue)
    for table in tables:
        add_table(document, table)
    stream = io.BytesIO()
    document.save(stream)
    return without_moments(stream.getvalue())


def add_table(document: Any, view: TableView) -> None:
    """Append ``view`` to a python-docx document: caption, table with a header that is repeated on
    each page, notes."""
    from docx.shared import Cm, Pt

    caption = document.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(12)
    caption.add_run(view.title).bold = True
    table = document.add_table(rows=1, cols=len(view.header), style="Light List Accent 1")
    table.autofit = False
    rest = (_WIDE - _FIRST) / max(len(view.header) - 1, 1)
    widths = [_FIRST, *[rest] * (len(view.header) - 1)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    _fill(table.rows[0], view.header, bold=True)
    _repeat(table.rows[0])
    for place, row in enumerate(view.rows):
        added = table.add_row()
        _fill(added, row, bold=place in view.strong)
        _keep_whole(added)
    note = document.add_paragraph()
    note.add_run(" ".join(view.notes)).italic = True


def _fill(row: Any, texts: Sequence[str], bold: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        run = paragraph.add_run(text)
        run.bold = bold
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: Any) -> None:
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))


def _keep_whole(row: Any) -> None:
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:cantSplit"), {qn("w:val"): "true"}))
