"""Make the Word template that ships with themecoder: python tools/make_report_template.py

A person may just as well edit the file in Word; this script is how it came to be.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_COLOR_INDEX, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from themecoder.output.zip import strip_timestamps

FILE = Path(__file__).parents[1] / "src/themecoder/report/formats/report.docx"
ACCENT, SOFT, WARNING = (RGBColor.from_string(one) for one in ("22496B", "5A636D", "A3270F"))
FONT = "Arial"  # in Word, and with the same widths in LibreOffice, on every system
WIDTH = 16.2  # centimetres of text
TABLE = "Report Table"


def main() -> None:
    document = Document()
    page(document)
    styles(document)
    document.add_paragraph("{{ words.kicker }}", style="Subtitle")
    document.add_paragraph("{{ report.title }}", style="Title")
    when(document, "report.unconfirmed", "{{ report.unconfirmed }}", "Warning")
    when(document, "report.synthetic", "{{ report.synthetic }}", "Notice")
    contents(document)
    method(document)
    heading(document, "{{ words.overview }}", "2")
    picture(document, "report.overview")
    document.add_paragraph("{{ report.themes_note }}", style="Caption")
    counted(document, "{{ words.theme }}", "for row in report.themes")
    loop(document, "for section in report.sections", section)
    closed(document)
    agreement(document)
    codebook(document)
    heading(document, "{{ words.manifest }}", "report.contents|length")
    document.add_paragraph("{{ words.manifest_lead }}")
    table(
        document,
        ["{{ words.made_from }}", "{{ words.value }}"],
        "for name, value in report.manifest",
        ["{{ name }}", "{{ value }}"],
        [8.2, 8],
    )
    properties = document.core_properties
    properties.title, properties.author, properties.comments = "themecoder", "", ""
    stream = io.BytesIO()
    document.save(stream)
    FILE.write_bytes(strip_timestamps(stream.getvalue()))


def heading(document: Any, text: str, place: str) -> None:
    """A heading that the contents find the page of: ``place`` is its number among them."""
    found = document.add_heading(text, 1)
    for kind in ("bookmarkStart", "bookmarkEnd"):
        part = OxmlElement(f"w:{kind}")
        part.set(qn("w:id"), f"{{{{ {place} }}}}")
        if kind == "bookmarkStart":
            part.set(qn("w:name"), f"_Toc{{{{ {place} }}}}")
            found.runs[0]._r.addprevious(part)
        else:
            found.runs[-1]._r.addnext(part)


def method(document: Any) -> None:
    heading(document, "{{ words.method }}", "1")

    def paragraph() -> None:
        line = document.add_paragraph("{% for part in paragraph %}{% if part.open %}")
        line.add_run("{{ part.text }}").font.highlight_color = WD_COLOR_INDEX.YELLOW
        line.add_run("{% else %}{{ part.text }}{% endif %}{% endfor %}")

    loop(document, "for paragraph in report.method", paragraph)
    table(
        document,
        ["{{ words.question }}", "{{ words.asked }}", "{{ words.content }}", "{{ words.coded }}"],
        "for row in report.bases",
        ["{{ row.label }}", "{{ row.asked }}", "{{ row.content }}", "{{ row.coded }}"],
        [8.7, 2.5, 2.5, 2.5],
        numbers=True,
        together=True,
        strong="loop.last",
    )

    def note() -> None:
        document.add_paragraph("{{ note }}", style="Caption")

    loop(document, "for note in report.notes", note)


def section(document: Any) -> None:
    heading(document, "{{ section.label }}", "loop.index + 2")
    when(document, "report.unconfirmed", "{{ report.unconfirmed }}", "Warning")
    loop(document, "for figure in section.figures", lambda: picture(document, "figure"))
    document.add_paragraph("{{ section.questions }}", style="Caption")
    when(document, "section.note", "{{ section.note }}", "Caption")

    def theme() -> None:
        document.add_heading("{{ theme.label }}", 2)
        when(document, "theme.definition", "{{ theme.definition }}", "Definition")
        header = ["{{ words.question }}", "n", "%", "{{ words.interval }}"]
        cells = ["{{ row.label }}", "{{ row.n }}", "{{ row.percent }}", "{{ row.interval }}"]
        coders = ["{{ words.with_coders }}"], ["{{ row.with_coders }}"], [2.9]
        weighted = ["{{ words.weighted }}"], ["{{ row.weighted }}"], [2.0]
        both = coders[0] + weighted[0], coders[1] + weighted[1], coders[2] + weighted[2]
        # a table of Word has its columns from the start: one for each set of them
        sets = {
            "report.with_coders and report.weighted": both,
            "report.with_coders": coders,
            "report.weighted": weighted,
        }
        for n, (condition, (names, more, widths)) in enumerate(sets.items()):
            document.add_paragraph(f"{{%p {'el' if n else ''}if {condition} %}}")
            themes(
                document,
                header + names,
                cells + more,
                [WIDTH - 6.2 - sum(widths), 1.4, 1.9, 2.9, *widths],
            )
        document.add_paragraph("{%p else %}")
        themes(document, header, cells, [WIDTH - 6.2, 1.4, 1.9, 2.9])
        document.add_paragraph("{%p endif %}")

        def said() -> None:
            quote = document.add_paragraph(style="Quote")
            quote.add_run("{{ said.before }}{% if said.bold %}")
            quote.add_run("{{ said.quote }}").bold = True
            quote.add_run("{% else %}{{ said.quote }}{% endif %}{{ said.after }}")
            document.add_paragraph("— {{ said.who }}", style="Quote Source")

        loop(document, "for said in theme.quotes", said)

    loop(document, "for theme in section.themes", theme)


def themes(document: Any, header: list[str], cells: list[str], widths: list[float]) -> None:
    table(
        document,
        header,
        "for row in theme.rows",
        cells,
        widths,
        numbers=True,
        together=True,
        strong="loop.last",
    )


def counted(document: Any, name: str, head: str) -> None:
    cells = ["{{ row.label }}", "{{ row.n }}", "{{ row.percent }}", "{{ row.interval }}"]
    header = [name, "n", "%", "{{ words.interval }}"]
    table(document, header, head, cells, [WIDTH - 6.2, 1.4, 1.9, 2.9], numbers=True)


def closed(document: Any) -> None:
    """One table: a row for each question, below it its answers, of a matrix by item."""
    document.add_paragraph("{%p if report.closed %}")
    heading(document, "{{ words.closed }}", "report.contents|length - 3")
    answer = ["{{ row.label }}", "{{ row.n }}", "{{ row.percent }}", "{{ row.interval }}"]
    of_item = list(answer)
    item = ["{{ item.label }}", *(text.replace("row", "item.answered") for text in answer[1:])]
    rows: list[str | list[str]] = [
        *("for closed in report.closed", ["{{ closed.label }}", "", "", ""]),
        *("if closed.mean", ["{{ closed.mean }}", "", "", ""], "endif", "if closed.items"),
        *("for item in closed.items", item, "for row in item.answers", of_item, "endfor", "endfor"),
        *("else", "for row in closed.rows", answer, "endfor", "endif", "endfor"),
    ]
    header = ["{{ words.answer }}", "n", "%", "{{ words.interval }}"]
    found = document.add_table(rows=1 + len(rows), cols=4, style=TABLE)
    found.autofit = False
    for column, width in zip(found.columns, [WIDTH - 6.2, 1.4, 1.9, 2.9], strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    fill(found.rows[0], header, True, True)
    found.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row, texts in zip(found.rows[1:], rows, strict=True):
        if isinstance(texts, str):
            row.cells[0].paragraphs[0].add_run(f"{{%tr {texts} %}}")
            continue
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        if "closed" in texts[0]:
            wide = row.cells[0].merge(row.cells[3])
            question = texts[0] == "{{ closed.label }}"
            format_small(wide.paragraphs[0])
            wide.paragraphs[0].paragraph_format.keep_with_next = True
            wide.paragraphs[0].paragraph_format.space_before = Pt(8 if question else 0)
            run = wide.paragraphs[0].add_run(texts[0])
            run.font.size, run.bold = Pt(9), question
        else:
            fill(row, texts, True, texts is item)
            if texts is of_item:
                row.cells[0].paragraphs[0].paragraph_format.left_indent = Cm(0.4)
    document.add_paragraph("{%p endif %}")


def agreement(document: Any) -> None:
    heading(document, "{{ words.agreement }}", "report.contents|length - 2")
    document.add_paragraph("{{ report.agreement_note }}")
    document.add_paragraph("{%p if report.agreement %}")
    table(
        document,
        [
            "{{ words.theme }}",
            "{{ words.alpha }}",
            "{{ words.interval }}",
            "{{ words.answers }}",
            "{{ words.prevalence }}",
        ],
        "for row in report.agreement",
        [
            "{{ row.label }}",
            "{{ row.alpha }}",
            "{{ row.interval }}",
            "{{ row.answers }}",
            "{{ row.prevalence }}",
        ],
        [6.8, 1.6, 2.6, 2.6, 2.6],
        numbers=True,
        strong="loop.first",
    )
    document.add_paragraph("{%p endif %}")


def codebook(document: Any) -> None:
    heading(document, "{{ words.codebook }}", "report.contents|length - 1")
    document.add_paragraph("{{ report.codebook_note }}")

    def group() -> None:
        document.add_heading("{{ group }}", 2)
        found = table(
            document,
            ["{{ words.theme }}", "{{ words.definition }}"],
            "for code in codes",
            ["{{ code.label }}", "{{ code.definition }}"],
            [5.2, 11],
        )
        name, text = found.rows[2].cells
        small(name, "{{ code.id }}", SOFT)
        for kind in ("include", "exclude"):
            small(text, f"{{%p if code.{kind} %}}")
            line = small(text, f"{{{{ words.{kind} }}}}: ")
            line.runs[0].bold = True
            line.add_run(f"{{{{ code.{kind} }}}}.").font.size = Pt(9)
            small(text, "{%p endif %}")

    loop(document, "for group, codes in report.codebook", group)


def page(document: Any) -> None:
    sheet = document.sections[0]
    sheet.page_width, sheet.page_height = Cm(21), Cm(29.7)
    sheet.left_margin = sheet.right_margin = Cm(2.4)
    sheet.top_margin, sheet.bottom_margin = Cm(2.4), Cm(2.2)
    head = sheet.header.paragraphs[0]
    head.add_run("{{ report.unconfirmed }}")
    head.runs[0].bold, head.runs[0].font.color.rgb = True, WARNING
    foot = sheet.footer.paragraphs[0]
    foot.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    foot.add_run("{{ report.title }}")
    foot.add_run().add_tab()
    foot.add_run("{{ words.page }} ")
    field(foot, "PAGE", "1")


def styles(document: Any) -> None:
    known = document.styles
    normal = known["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(6), 1.2
    for tongue in known.element.iter(qn("w:lang")):
        tongue.set(qn("w:val"), "nl-NL")
    for name, size, before, after in (
        ("Title", 23, 0, 16),
        ("Heading 1", 16, 0, 8),
        ("Heading 2", 12, 18, 2),
        ("TOC Heading", 12, 14, 4),
    ):
        style = known[name]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(size), ACCENT
        style.font.bold = True
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        plain_font(style)
    for border in known["Title"].element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break
    known["Heading 1"].paragraph_format.page_break_before = True
    known["TOC Heading"].paragraph_format.page_break_before = False  # it is a kind of Heading 1
    paragraph_style(known, "Subtitle", 10, SOFT, after=2)
    paragraph_style(known, "Caption", 8.5, SOFT, after=8)
    definition = paragraph_style(known, "Definition", 10, None, after=6, italic=True)
    definition.paragraph_format.keep_with_next = True
    paragraph_style(known, "Warning", 9.5, WARNING, after=8).font.bold = True
    line(paragraph_style(known, "Notice", 9.5, None, after=10), "D9A520", fill="FFF7E3")
    quote = paragraph_style(known, "Quote", 10, None, after=0)
    quote.paragraph_format.keep_with_next = True
    line(quote, "B9C8D6")
    line(paragraph_style(known, "Quote Source", 8.5, SOFT, after=9), "B9C8D6")
    entry = paragraph_style(known, "TOC 1", 10, None, after=3)
    entry.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    # Word's own, as it is when Word fills the contents
    entry.element.attrib.pop(qn("w:customStyle"))
    entry.element.find(qn("w:name")).set(qn("w:val"), "toc 1")
    for name in ("Header", "Footer"):
        style = paragraph_style(known, name, 8.5, SOFT, after=0)
        style.paragraph_format.tab_stops.clear_all()
    known.element.append(parse_xml(TABLE_STYLE))


def paragraph_style(
    known: Any, name: str, size: float, colour: Any, after: float, italic: bool = False
) -> Any:
    if name not in known:
        known.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = known["Normal"]
    style = known[name]
    style.font.name, style.font.size = FONT, Pt(size)
    style.font.bold, style.font.italic = False, italic
    style.font.color.rgb = colour or RGBColor(0x1B, 0x1F, 0x24)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(0), Pt(after)
    plain_font(style)
    return style


def plain_font(style: Any) -> None:
    """The font by its name: the theme's own goes before it otherwise."""
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for spacing in list(style.element.rPr.iter(qn("w:spacing"), qn("w:kern"))):
        style.element.rPr.remove(spacing)


def line(style: Any, colour: str, fill: str = "") -> None:
    """A line to the left of a paragraph, as beside a quote."""
    style.paragraph_format.left_indent = Cm(0.5)
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    border = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="18" w:space="8"'
        f' w:color="{colour}"/></w:pBdr>'
    )
    properties.insert_element_before(
        border, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )
    if fill:
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{fill}"/>')
        properties.insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def contents(document: Any) -> None:
    """A table of contents as Word writes it, with a reference to the page of each heading: Word
    fills in the numbers when it opens the file, until then it has the headings."""
    document.add_paragraph("{{ words.contents }}", style="TOC Heading")
    document.add_paragraph("{%p for heading in report.contents %}")
    entry = document.add_paragraph(style="toc 1")
    entry.add_run("{% if loop.first %}")
    mark(entry.add_run(), "begin", dirty=True)
    instruction(entry.add_run(), 'TOC \\o "1-1" \\h \\z \\u')
    mark(entry.add_run(), "separate")
    entry.add_run("{% endif %}{{ heading }}")
    entry.add_run().add_tab()
    field(entry, "PAGEREF _Toc{{ loop.index }} \\h", "")
    entry.add_run("{% if loop.last %}")
    mark(entry.add_run(), "end")
    entry.add_run("{% endif %}")
    document.add_paragraph("{%p endfor %}")


def field(paragraph: Any, code: str, shown: str) -> None:
    mark(paragraph.add_run(), "begin")
    instruction(paragraph.add_run(), code)
    mark(paragraph.add_run(), "separate")
    paragraph.add_run(shown)
    mark(paragraph.add_run(), "end")


def mark(run: Any, kind: str, dirty: bool = False) -> None:
    part = OxmlElement("w:fldChar")
    part.set(qn("w:fldCharType"), kind)
    if dirty:
        part.set(qn("w:dirty"), "true")
    run._r.append(part)


def instruction(run: Any, code: str) -> None:
    part = OxmlElement("w:instrText")
    part.set(qn("xml:space"), "preserve")
    part.text = f" {code} "
    run._r.append(part)


def picture(document: Any, figure: str) -> None:
    shown = document.add_paragraph(f"{{{{ picture({figure}) }}}}")
    shown.paragraph_format.keep_with_next = True
    shown.paragraph_format.line_spacing = 1.0
    document.add_paragraph(f"{{{{ {figure}.caption }}}}", style="Caption")


def when(document: Any, condition: str, text: str, style: str) -> None:
    document.add_paragraph(f"{{%p if {condition} %}}")
    document.add_paragraph(text, style=style)
    document.add_paragraph("{%p endif %}")


def loop(document: Any, head: str, make: Any) -> None:
    document.add_paragraph(f"{{%p {head} %}}")
    make(document) if make is section else make()
    document.add_paragraph("{%p endfor %}")


def table(
    document: Any,
    header: list[str],
    head: str,
    cells: list[str],
    widths: list[float],
    *,
    numbers: bool = False,
    together: bool = False,
    strong: str = "",
) -> Any:
    """A table with a row per turn of the loop ``head``; its header is repeated on each page.

    ``numbers``: all columns but the first are numbers; ``together``: it is never broken;
    ``strong``: when a row is the one of all together, in bold.
    """
    found = document.add_table(rows=4, cols=len(header), style=TABLE)
    found.autofit = False
    for column, width in zip(found.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
    rows = found.rows
    fill(rows[0], header, numbers, True)
    rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    rows[1].cells[0].paragraphs[0].add_run(f"{{%tr {head} %}}")
    fill(rows[2], cells, numbers, together, strong)
    rows[2]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    rows[3].cells[0].paragraphs[0].add_run("{%tr endfor %}")
    after = document.add_paragraph()
    after.paragraph_format.space_after = Pt(0)
    after.paragraph_format.line_spacing = Pt(8)
    return found


def fill(row: Any, texts: list[str], numbers: bool, together: bool, strong: str = "") -> None:
    for place, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        paragraph = cell.paragraphs[0]
        format_small(paragraph)
        paragraph.paragraph_format.keep_with_next = together or None
        if place and numbers:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if strong and not text.startswith("{%"):
            paragraph.add_run(f"{{% if {strong} %}}")
            bold = paragraph.add_run(text)
            bold.font.size, bold.bold = Pt(9), True
            paragraph.add_run("{% else %}")
        paragraph.add_run(text).font.size = Pt(9)
        if strong and not text.startswith("{%"):
            paragraph.add_run("{% endif %}")


def small(cell: Any, text: str, colour: Any = None) -> Any:
    paragraph = cell.add_paragraph()
    format_small(paragraph)
    run = paragraph.add_run(text)
    run.font.size = Pt(8) if colour else Pt(9)
    if colour:
        run.font.color.rgb = colour
    return paragraph


def format_small(paragraph: Any) -> None:
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.paragraph_format.line_spacing = 1.1


def rule(name: str, size: int, colour: str) -> str:
    return f'<w:{name} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'


TABLE_STYLE = (
    f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="ReportTable">'
    f'<w:name w:val="{TABLE}"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
    f"<w:tblPr><w:tblBorders>{rule('bottom', 10, '22496B')}{rule('insideH', 4, 'D9DDE1')}"
    '</w:tblBorders><w:tblCellMar><w:top w:w="40" w:type="dxa"/><w:left w:w="0" w:type="dxa"/>'
    '<w:bottom w:w="40" w:type="dxa"/><w:right w:w="110" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/><w:color w:val="22496B"/></w:rPr>'
    f"<w:tcPr><w:tcBorders>{rule('bottom', 10, '22496B')}</w:tcBorders></w:tcPr></w:tblStylePr>"
    "</w:style>"
)


if __name__ == "__main__":
    main()
