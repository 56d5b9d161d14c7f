"""The report as HTML and as Word, from the shipped templates or the study's own."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from importlib import resources
from typing import Any

from lxml.etree import XMLSyntaxError
from markupsafe import Markup

from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.zip import strip_timestamps
from themecoder.report.formats.plots import png, svg
from themecoder.report.formats.template import environment, rendered, straight_quotes
from themecoder.report.model import Report
from themecoder.report.plots import PlotFigure
from themecoder.report.template_functions import TemplateFunctions

WORD_FIRST_LINE = 1
"""docxtpl puts each paragraph on a line of its own, after one with the head of the document."""
_WIDE = 162  # millimetres of a picture on a page
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLES = ("Definition", "Notice", "Warning", "QuoteSource", "ReportTable")
_REGIONS = {"nl": "nl-NL", "en": "en-GB"}


def shipped(name: str) -> bytes:
    """A template that comes with themecoder."""
    return resources.files(__package__).joinpath(name).read_bytes()


def html(report: Report, functions: TemplateFunctions, template: bytes, own: bool) -> str:
    """The page as HTML text.

    Raises InputError with everything that the template asks for and that does not exist.
    """
    try:
        text = template.decode("utf-8")
    except UnicodeDecodeError:
        raise InputError(Problem("report.no_text", file=functions.errors.template)) from None

    def picture(figure: PlotFigure | None) -> str:
        if figure is None:
            return ""
        data = base64.b64encode(svg(figure.plot, report.language)).decode("ascii")
        return f"data:image/svg+xml;base64,{data}"

    context = _context(report, functions, picture)
    jinja = environment(functions.errors, lambda: list(context))
    page: str = rendered(lambda: jinja.from_string(text).render(context), functions.errors, own)
    return page if page.endswith("\n") else page + "\n"


def word(report: Report, functions: TemplateFunctions, template: bytes, own: bool) -> bytes:
    """The Word file. Raises InputError as ``html`` does, and where the template is none."""
    from docx.opc.exceptions import PackageNotFoundError
    from docx.shared import Mm
    from docxtpl import DocxTemplate

    try:
        document = DocxTemplate(io.BytesIO(template))
        document.init_docx()
        _keep_line_numbers(document.docx.element.body)
    except (PackageNotFoundError, zipfile.BadZipFile, XMLSyntaxError, KeyError, ValueError):
        raise InputError(Problem("report.no_word", file=functions.errors.template)) from None

    def picture(figure: PlotFigure | None) -> Markup:
        # the template gets the drawing, not docxtpl's picture: that one can reach the whole file
        if figure is None:
            return Markup("")
        data = io.BytesIO(png(figure.plot, report.language))
        inline = document.current_rendering_part.new_pic_inline(data, width=Mm(_WIDE))
        inline.docPr.set("name", report.words["figure"])
        inline.docPr.set("descr", figure.alt)
        drawing = f"</w:t></w:r><w:r><w:drawing>{inline.xml}</w:drawing></w:r><w:r>"
        return Markup(drawing + '<w:t xml:space="preserve">')

    context = _context(report, functions, picture)
    jinja = environment(functions.errors, lambda: list(context))
    from_string = jinja.from_string
    jinja.from_string = (  # type: ignore[method-assign]
        lambda source, *rest, **named: from_string(straight_quotes(str(source)), *rest, **named)
    )
    rendered(
        lambda: document.render(context, jinja, autoescape=True),
        functions.errors,
        own,
        WORD_FIRST_LINE,
    )
    document.core_properties.title = report.title
    document.core_properties.language = _REGIONS[report.language]
    stream = io.BytesIO()
    document.save(stream)
    return strip_timestamps(_in_language(stream.getvalue(), report.language))


def _keep_line_numbers(body: Any) -> None:
    """Put a line into each tag for every paragraph that docxtpl removes with it, so that the lines
    of its errors count the paragraphs of the template."""
    for tag, part in (("{%p ", "p"), ("{%tr ", "tr")):
        for element in body.iter(f"{_W}{part}"):
            for text in element.iter(f"{_W}t"):
                if tag in (text.text or ""):
                    paragraphs = sum(1 for _ in element.iter(f"{_W}p"))
                    text.text = text.text.replace(tag, tag + "\n" * paragraphs, 1)
                    break


def _context(report: Report, functions: TemplateFunctions, picture: Any) -> dict[str, Any]:
    return {"report": report, "words": report.words, "picture": picture, **functions.functions()}


def _in_language(data: bytes, language: str) -> bytes:
    """The Word file with its styles in the language of the report: the language that its speller
    uses, and the names of the styles that Word itself has no name for."""
    stream = io.BytesIO()
    region = _REGIONS[language].encode()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "word/styles.xml":
                content = re.sub(rb'(<w:lang\b[^>]*\bw:val=")[^"]*', rb"\g<1>" + region, content)
                for style in _STYLES:
                    old_name = message(f"report.style.{style}", "en").encode()
                    new_name = message(f"report.style.{style}", language).encode()
                    content = content.replace(
                        b'w:name w:val="%s"' % old_name, b'w:name w:val="%s"' % new_name
                    )
            new.writestr(name, content)
    return stream.getvalue()
