"""Files of coding of every format, as one: ``read_coding``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from themecoder.coding.exchange.formats.coding_csv import is_coding_csv, read_coding_csv
from themecoder.coding.exchange.formats.coding_sheet import is_coding_sheet, read_coding_sheet
from themecoder.coding.exchange.formats.label_studio_export import (
    is_label_studio,
    read_label_studio,
)
from themecoder.coding.exchange.formats.people_workbook import (
    is_people_workbook,
    read_people_workbook,
)
from themecoder.coding.exchange.formats.refi_archive import is_qdpx
from themecoder.coding.exchange.formats.refi_read import read_qdpx
from themecoder.coding.exchange.formats.spreadsheet import read_spreadsheet
from themecoder.coding.exchange.model import ForeignFile
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions

Reader = Callable[[Path, ReadingOptions, KnownNames], ForeignFile]

# Each reader with what says, by the content of a file, that it is one of its own. What nobody
# recognises is a spreadsheet, or is refused as one.
_READERS: tuple[tuple[Callable[[Path], bool], Reader], ...] = (
    (is_coding_sheet, read_coding_sheet),
    (is_people_workbook, read_people_workbook),
    (is_label_studio, read_label_studio),
    (is_coding_csv, read_coding_csv),
    (is_qdpx, read_qdpx),
)


def read_coding(
    file: Path, options: ReadingOptions | None = None, known: KnownNames | None = None
) -> ForeignFile:
    """All coding in ``file``, whose format is found by what is in it, not by its name.

    Raises InputError with every problem in the file.
    """
    options, known = options or ReadingOptions(), known or KnownNames()
    for recognises, read in _READERS:
        if recognises(file):
            return read(file, options, known)
    return read_spreadsheet(file, options, known)
