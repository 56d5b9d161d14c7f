"""A draft in Word: paragraphs, headings, tables, text boxes and notes as a reader sees them.

What was deleted or moved away with changes tracked is not there, what was put in is. Hidden text,
tables of contents, page headers and comments are left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import BadZipFile
from zlib import error as ZlibError

from lxml import etree
from lxml.etree import LxmlError

from themecoder.errors import InputError, Problem
from themecoder.figures.drafts.files.tables import row_text
from themecoder.figures.drafts.model import Block, Place, PlaceKind

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = (f"{_W}del", f"{_W}moveFrom", _FALLBACK)
_BOX = f"{_W}txbxContent"
_LETTERS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_HEADING = re.compile(r"(?:heading|kop|title|titel|subtitle|ondertitel)\b", re.IGNORECASE)
_CONTENTS = re.compile(r"(?:toc|inhopg|table of figures|lijst met afbeeldingen)\b", re.IGNORECASE)
_MARKER = re.compile(r"[\d*,\s]+")
_OFF = ("0", "false", "off", "none")


def word_blocks(file: Path) -> list[Block]:
    """The blocks of a Word document. Raises InputError where it is damaged."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    damage = (OpcError, LxmlError, BadZipFile, ZlibError, OSError, EOFError, LookupError)

    try:
        document = Document(str(file))
        return _Reader(document).blocks()
    # what a damaged archive or part gives depends on where it is damaged
    except (*damage, ValueError, AttributeError, TypeError) as error:
        raise InputError(Problem("drafts.damaged", file=file)) from error


class _Reader:
    """One document: what was read so far decides the place of what comes."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self._styles = {style.style_id: style for style in document.styles}
        self._heading = ""
        self._paragraph = self._table = self._box = 0
        self._blocks: list[Block] = []
        self._notes: dict[str, list[str]] = {"footnote": [], "endnote": []}

    def blocks(self) -> list[Block]:
        for child in _shown_blocks(self._document.element.body):
            if child.tag == f"{_W}p":
                self._add_paragraph(child)
            elif child.tag == f"{_W}tbl":
                self._add_table(child)
        self._heading = ""
        self._add_notes("footnote")
        self._add_notes("endnote")
        return self._blocks

    def _add(self, kind: PlaceKind, number: int, text: str, table: int | None = None) -> None:
        text = unicodedata.normalize("NFC", text).strip()
        if text:
            self._blocks.append(Block(Place(kind, number, self._heading, table), text))

    def _add_paragraph(self, paragraph: Any) -> None:
        name = self._style(paragraph)
        if _CONTENTS.match(name):
            return
        text = _text(paragraph)
        if text.strip() and _HEADING.match(name):
            self._heading = " ".join(text.split())
            self._paragraph = 0
            self._add("heading", 1, text)
        elif text.strip():
            self._paragraph += 1
            self._add("paragraph", self._paragraph, text)
        self._add_inside(paragraph)

    def _add_inside(self, element: Any) -> None:
        """The text boxes in an element, and the notes it refers to, by their order."""
        for box in _within(element, _BOX):
            self._box += 1
            self._add("box", self._box, "\n".join(map(_text, _paragraphs(box))))
        for kind, referred in self._notes.items():
            for reference in _within(element, f"{_W}{kind}Reference"):
                referred.append(reference.get(f"{_W}id", ""))

    def _add_table(self, table: Any) -> None:
        self._table += 1
        header: list[str] = []
        number = 0
        for row in _within(table, f"{_W}tr", nested=False):
            if row.find(f"{_W}trPr/{_W}del") is not None:
                continue
            number += 1
            cells: list[str] = []
            for cell in _within(row, f"{_W}tc", nested=False):
                cells.append(" ".join(_text(paragraph) for paragraph in _paragraphs(cell)))
                span = cell.find(f"{_W}tcPr/{_W}gridSpan")
                wide = int(span.get(f"{_W}val", "1")) if span is not None else 1
                cells += [""] * (wide - 1)
            self._add("row", number, row_text(cells, header), self._table)
            header = header or cells
            self._add_inside(row)

    def _add_notes(self, kind: PlaceKind) -> None:
        part = next(
            (
                relation.target_part
                for relation in self._document.part.rels.values()
                if relation.reltype.endswith(f"/{kind}s")
            ),
            None,
        )
        if part is None:
            return
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        texts = {
            note.get(f"{_W}id"): "\n".join(_text(paragraph) for paragraph in _paragraphs(note))
            for note in etree.fromstring(part.blob, parser).iter(f"{_W}{kind}")
        }
        for number, name in enumerate(self._notes[kind], start=1):
            self._add(kind, number, texts.get(name, ""))

    def _style(self, paragraph: Any) -> str:
        """The name of a paragraph's style, or of the one it is based on that is a heading's."""
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        if paragraph.find(f"{_W}pPr/{_W}outlineLvl") is not None:
            return "heading"
        named_style = self._styles.get(style.get(f"{_W}val")) if style is not None else None
        name = named_style.name or "" if named_style is not None else ""
        for _ in range(10):
            if named_style is None or _HEADING.match(named_style.name or ""):
                break
            named_style = getattr(named_style, "base_style", None)
        return named_style.name if named_style is not None and not _CONTENTS.match(name) else name


def _shown_blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables below an element, through containers such as content controls."""
    for child in element:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif child.tag not in _GONE:
            yield from _shown_blocks(child)


def _within(element: Any, tag: str, *, nested: bool = True) -> Iterator[Any]:
    """Elements of ``tag`` in an element that are shown; not in one another, nor (unless
    ``nested``) in a table inside."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in _GONE and (nested or child.tag != f"{_W}tbl"):
            yield from _within(child, tag, nested=nested)


def _paragraphs(element: Any) -> Iterator[Any]:
    return _within(element, f"{_W}p")


def _text(paragraph: Any) -> str:
    """The text of a paragraph, without that of the text boxes in it."""
    parts = []
    for child in paragraph:
        if child.tag == f"{_W}t":
            parts.append(child.text or "")
        elif child.tag in _LETTERS:
            parts.append(_LETTERS[child.tag])
        elif child.tag == f"{_W}r":
            parts.append("" if _hidden(child) else _without_note_number(child, _text(child)))
        elif child.tag not in (*_GONE, _BOX) and isinstance(child.tag, str):
            parts.append(_text(child))
    return "".join(parts)


def _hidden(run: Any) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val", "1") not in _OFF


def _without_note_number(run: Any, text: str) -> str:
    """``text`` unless it is the raised number of a note: "37,1%" and a raised 3 are not 37,1%3."""
    raised = run.find(f"{_W}rPr/{_W}vertAlign")
    is_raised = raised is not None and raised.get(f"{_W}val") == "superscript"
    return "" if is_raised and _MARKER.fullmatch(text) else text
