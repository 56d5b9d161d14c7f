"""Word documents: headings, paragraphs of runs, tables; the same input is the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.output.zip import THEN, legal, without_moments

QUOTE, SOURCE, NOTE = "Quote", "Quote Source", "Note"
"""Styles besides Word's own: a quote, who said it, a remark on the document."""
_INK, _SOFT, _LINE = "1F2937", "5B6472", "9AA5B1"
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a paragraph."""

    text: str
    bold: bool = False
    italic: bool = False


class WordDocument:
    """A document in the making; ``data`` is the file as it stands."""

    def __init__(self, title: str, language: str) -> None:
        import docx

        self._document = docx.Document()
        properties = self._document.core_properties
        properties.title = legal(title)
        properties.author = properties.last_modified_by = ""
        properties.comments = properties.keywords = properties.subject = ""
        properties.language = _LANGUAGES[language]
        properties.created = properties.modified = THEN
        _style(self._document, _LANGUAGES[language])
        self._page_numbers()

    def heading(self, text: str, level: int) -> None:
        """A heading; level 0 is the document's title."""
        self._document.add_heading(legal(text), level)

    def paragraph(self, *runs: Run | str, style: str = "Normal", with_next: bool = False) -> None:
        """A paragraph; ``with_next``: on one page with the paragraph that follows."""
        paragraph = self._document.add_paragraph(style=style)
        for run in runs:
            piece = run if isinstance(run, Run) else Run(run)
            added = paragraph.add_run(legal(piece.text))
            added.bold, added.italic = piece.bold or None, piece.italic or None
        if with_next:
            paragraph.paragraph_format.keep_with_next = True

    def table(
        self, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float] = ()
    ) -> None:
        """A table with its header on every page; ``widths`` of the columns in centimetres."""
        from docx.oxml import OxmlElement
        from docx.shared import Cm

        table = self._document.add_table(1, len(header))
        _lines_between(table)
        for cell, text in zip(table.rows[0].cells, header, strict=True):
            cell.text = legal(text)
            for run in cell.paragraphs[0].runs:
                run.bold = True
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = legal(text)
        table.autofit = not widths
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=False):
                cell.width = Cm(width)

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        stream = io.BytesIO()
        self._document.save(stream)
        return without_moments(stream.getvalue())

    def _page_numbers(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)


def _style(document: Any, language: str) -> None:
    """Plain, dark on white, in the document's language, on A4."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.oxml.ns import qn
    from docx.shared import Cm, Pt

    styles = document.styles
    for element in styles.element.iter(qn("w:lang")):
        element.set(qn("w:val"), language)
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.5)
    page.top_margin = page.bottom_margin = Cm(2.2)
    normal = styles["Normal"]
    _font(normal, 10.5, _INK)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, before in (("Title", 22, 0), ("Heading 1", 15, 20), ("Heading 2", 12, 14)):
        _font(styles[name], size, _INK)
        styles[name].paragraph_format.space_before = Pt(before)
        styles[name].paragraph_format.space_after = Pt(6)
        styles[name].paragraph_format.keep_with_next = True
    quote = styles[QUOTE]
    _font(quote, 10.5, _INK)
    quote.font.italic = False
    quote.paragraph_format.left_indent = Cm(0.6)
    quote.paragraph_format.space_before = Pt(8)
    quote.paragraph_format.space_after = Pt(1)
    _line_on_the_left(quote)
    for name, indent in ((SOURCE, 0.6), (NOTE, 0.0)):
        small = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        small.base_style = normal
        _font(small, 9, _SOFT)
        small.paragraph_format.left_indent = Cm(indent)
        small.paragraph_format.space_after = Pt(4)
    _line_on_the_left(styles[SOURCE])
    for element in styles.element.iter(qn("w:color")):
        element.attrib.pop(qn("w:themeColor"), None)


def _font(style: Any, size: float, color: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = "Calibri", Pt(size)
    style.font.color.rgb = RGBColor.from_string(color)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


def _lines_between(table: Any) -> None:
    """Thin lines between the rows, none between the columns."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _line_on_the_left(style: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders, left = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "12"), ("space", "8"), ("color", _LINE)):
        left.set(qn(f"w:{name}"), value)
    borders.append(left)
    # the order of a paragraph's properties is fixed: borders come before spacing and indents
    properties = style.element.get_or_add_pPr()
    later = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl")
    first = next((n for n, one in enumerate(properties) if one.tag in map(qn, later)), None)
    properties.insert(len(properties) if first is None else first, borders)
