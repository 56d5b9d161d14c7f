"""Excel workbooks as people read them: a header that stays, numbers as numbers, text as text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_THEN = datetime(2000, 1, 1)
"""A workbook holds when it was made: the same for all, so that the same input is the same bytes."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """``widths`` in characters, column by column; ``formats`` Excel's number format of a column."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[int] = ()
    formats: Sequence[str] = ()


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """The workbook's bytes. Text stays text, whatever it begins with: "=" makes no formula."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    book.properties.created = book.properties.modified = _THEN
    for sheet in sheets:
        _add(book, sheet)
    stream = io.BytesIO()
    book.save(stream)
    return _without_moments(stream.getvalue())


def _add(book: Any, sheet: Sheet) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    page = book.create_sheet(sheet.title)
    for row in (sheet.header, *sheet.rows):
        page.append(list(row))
    for line in page.iter_rows():
        for n, cell in enumerate(line):
            cell.alignment = Alignment(vertical="top", wrap_text=True)
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


def _without_moments(data: bytes) -> bytes:
    """The archive again, without when each file was put in and when the book was saved."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            content = old.read(name)
            if name == "docProps/core.xml":
                content = _same_moment(content)
            new.writestr(info, content)
    return stream.getvalue()


def _same_moment(properties: bytes) -> bytes:
    """openpyxl puts the moment of saving over the one that was set."""
    import re

    then = _THEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + then, properties)
