"""Word documents: headings, paragraphs of runs, tables; the same input is the same bytes.

Every text goes through ``xml_safe``: no XML can hold a control character, and an export may.
"""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.output.zip import EPOCH, strip_timestamps, xml_safe

QUOTE, SOURCE, NOTE = "Quote", "Quote Source", "Note"
"""Styles besides Word's own: a quote, who said it, a remark on the document."""
_INK, _SOFT, _LINE = "1F2937", "5B6472", "9AA5B1"
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
_TABLE_WIDTH, _FIRST_COLUMN = 26.0, 8.0
"""Centimetres: of a table on a landscape page, and of its first column."""


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
        properties.title = xml_safe(title)
        properties.author = properties.last_modified_by = ""
        properties.comments = properties.keywords = properties.subject = ""
        properties.language = _LANGUAGES[language]
        properties.created = properties.modified = EPOCH
        _set_styles(self._document, _LANGUAGES[language])
        self._page_numbers()

    def heading(self, text: str, level: int) -> None:
        """A heading; level 0 is the document's title."""
        self._document.add_heading(xml_safe(text), level)

    def paragraph(self, *runs: Run | str, style: str = "Normal", with_next: bool = False) -> None:
        """A paragraph; ``with_next``: on one page with the paragraph that follows."""
        paragraph = self._document.add_paragraph(style=style)
        for run in runs:
            piece = run if isinstance(run, Run) else Run(run)
            added = paragraph.add_run(xml_safe(piece.text))
            added.bold, added.italic = piece.bold or None, piece.italic or None
        if with_next:
            paragraph.paragraph_format.keep_with_next = True

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return _file_bytes(self._document)

    def _page_numbers(self) -> None:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        paragraph._p.append(field)


def _set_styles(document: Any, language: str) -> None:
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
    _set_font(normal, 10.5, _INK)
    normal.paragraph_format.space_after = Pt(6)
    for name, size, before in (("Title", 22, 0), ("Heading 1", 15, 20), ("Heading 2", 12, 14)):
        _set_font(styles[name], size, _INK)
        styles[name].paragraph_format.space_before = Pt(before)
        styles[name].paragraph_format.space_after = Pt(6)
        styles[name].paragraph_format.keep_with_next = True
    quote = styles[QUOTE]
    _set_font(quote, 10.5, _INK)
    quote.font.italic = False
    quote.paragraph_format.left_indent = Cm(0.6)
    quote.paragraph_format.space_before = Pt(8)
    quote.paragraph_format.space_after = Pt(1)
    _line_on_the_left(quote)
    for name, indent in ((SOURCE, 0.6), (NOTE, 0.0)):
        small = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        small.base_style = normal
        _set_font(small, 9, _SOFT)
        small.paragraph_format.left_indent = Cm(indent)
        small.paragraph_format.space_after = Pt(4)
    _line_on_the_left(styles[SOURCE])
    for element in styles.element.iter(qn("w:color")):
        element.attrib.pop(qn("w:themeColor"), None)


def _set_font(style: Any, size: float, color: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name, style.font.size = "Calibri", Pt(size)
    style.font.color.rgb = RGBColor.from_string(color)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)


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
    first = next((n for n, element in enumerate(properties) if element.tag in map(qn, later)), None)
    properties.insert(len(properties) if first is None else first, borders)


class WordTables:
    """Tables to paste into a report, on landscape pages, as Word's own styles have them."""

    def __init__(self, language: str) -> None:
        import docx
        from docx.enum.section import WD_ORIENT
        from docx.oxml.ns import qn
        from docx.shared import Cm, Pt

        self._document = docx.Document()
        section = self._document.sections[0]
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Cm(29.7), Cm(21)
        section.left_margin = section.right_margin = Cm(1.8)
        section.top_margin = section.bottom_margin = Cm(1.6)
        style = self._document.styles["Normal"]
        style.font.name, style.font.size = "Calibri", Pt(9)
        properties = style.element.get_or_add_rPr()
        properties.append(properties.makeelement(qn("w:lang"), {qn("w:val"): _LANGUAGES[language]}))

    def table(
        self,
        caption: str,
        header: Sequence[str],
        rows: Sequence[Sequence[str]],
        strong: Collection[int] = (),
        note: str = "",
    ) -> None:
        """A table below its caption, its header on every page, a note below it. The first column
        stands left, the others right; ``strong`` are the rows in bold."""
        from docx.shared import Cm, Pt

        title = self._document.add_paragraph()
        title.paragraph_format.keep_with_next = True
        title.paragraph_format.space_before = Pt(12)
        title.add_run(xml_safe(caption)).bold = True
        table = self._document.add_table(rows=1, cols=len(header), style="Light List Accent 1")
        table.autofit = False
        others = len(header) - 1
        rest = (_TABLE_WIDTH - _FIRST_COLUMN) / max(others, 1)
        for column, width in zip(table.columns, [_FIRST_COLUMN, *[rest] * others], strict=True):
            column.width = Cm(width)
        _fill_cells(table.rows[0], header, bold=True)
        _row_property(table.rows[0], "w:tblHeader")
        for place, texts in enumerate(rows):
            row = table.add_row()
            _fill_cells(row, texts, bold=place in strong)
            _row_property(row, "w:cantSplit")
        self._document.add_paragraph().add_run(xml_safe(note)).italic = True

    @property
    def data(self) -> bytes:
        """The file's bytes."""
        return _file_bytes(self._document)


def _file_bytes(document: Any) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return strip_timestamps(stream.getvalue())


def _fill_cells(row: Any, texts: Sequence[str], bold: bool) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH

    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        paragraph.add_run(xml_safe(text)).bold = bold
        if place:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _row_property(row: Any, name: str) -> None:
    from docx.oxml.ns import qn

    properties = row._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn(name), {qn("w:val"): "true"}))
