"""Excel workbooks as people read them: a header that stays, numbers as numbers, text as text."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from themecoder.output.zip import EPOCH, strip_timestamps, xml_safe

_WRAPPED_STYLE = "themecoder"
_LONGEST_TITLE = 28
"""Excel takes titles of 31 characters; two that are alike get a number more."""
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What Excel would read as a control character where somebody typed it."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``widths`` in characters, column by column; ``formats`` Excel's number format of a column.
    ``hidden``: for programs, and not for people."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    formats: Sequence[str] = ()
    hidden: bool = False


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The workbook's bytes. Text stays text, whatever it begins with: "=" makes no formula."""
    return workbook_bytes(open_workbook(sheets))


def open_workbook(sheets: Sequence[Sheet]) -> Any:
    """The workbook with these sheets as openpyxl has it, for what is not the same in all."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, NamedStyle

    book = Workbook()
    # by name: a style of its own for each of a hundred thousand cells takes ten times as long
    wrapped = Alignment(vertical="top", wrap_text=True)
    book.add_named_style(NamedStyle(_WRAPPED_STYLE, alignment=wrapped))
    book.remove(book.active)
    book.properties.created = book.properties.modified = EPOCH
    for sheet in sheets:
        _add_sheet(book, sheet)
    return book


def workbook_bytes(book: Any) -> bytes:
    """The bytes of a workbook, the same whenever it is made."""
    stream = io.BytesIO()
    book.save(stream)
    return strip_timestamps(stream.getvalue())


def _add_sheet(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheet.title[:_LONGEST_TITLE])
    page.sheet_state = "veryHidden" if sheet.hidden else "visible"
    for row in (sheet.header, *sheet.rows):
        page.append([_safe(cell) if isinstance(cell, str) else cell for cell in row])
    for line in page.iter_rows():
        for n, cell in enumerate(line):
            cell.style = _WRAPPED_STYLE
            if isinstance(cell.value, str):
                cell.data_type = "s"
            elif n < len(sheet.formats) and sheet.formats[n]:
                cell.number_format = sheet.formats[n]
    for cell in page[1]:
        cell.font = Font(bold=True)
    for n, width in enumerate(sheet.widths, start=1):
        page.column_dimensions[get_column_letter(n)].width = width
    page.freeze_panes = "A2"
    if sheet.rows:
        page.auto_filter.ref = page.dimensions


def _safe(text: str) -> str:
    return _ESCAPE.sub("_x005F_", xml_safe(text))
