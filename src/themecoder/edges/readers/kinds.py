"""What kind of file an export is, by what is in it: names are often wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from themecoder.errors import InputError, Problem

Kind = Literal["text", "xlsx", "parquet", "sav"]

# beginnings of files that people take for an export, and the message that says what they are
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\xd0\xcf\x11\xe0", "old_excel"),
    (b"<?xml", "html"),
    (b"<html", "html"),
    (b"<!DOC", "html"),
    (b"RDX", "r_data"),
)


def kind_of(file: Path) -> Kind:
    """The kind of ``file``. Raises InputError where it can't be an export, saying what it is."""
    try:
        if file.is_dir():
            raise InputError(Problem("readers.folder", file=file))
        size = file.stat().st_size
        with file.open("rb") as handle:
            start = handle.read(64)
            handle.seek(max(size - 4, 0))
            end = handle.read()
    except FileNotFoundError:
        raise InputError(Problem("readers.missing", file=file)) from None
    except OSError as error:
        raise InputError(
            Problem("readers.unreadable", {"reason": error.strerror or str(error)}, file=file)
        ) from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t "):
        raise InputError(Problem("readers.empty", file=file))
    if start.startswith(b"PK"):
        return _zip(file)
    if start.startswith(b"PAR1"):
        if size < 12 or end != b"PAR1":
            raise InputError(Problem("readers.truncated", {"kind": "parquet"}, file=file))
        return "parquet"
    if start.startswith((b"$FL2", b"$FL3")):
        return "sav"
    for beginning, name in _OTHERS:
        if start.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(beginning.upper()):
            raise InputError(Problem(f"readers.other.{name}", file=file))
    return "text"


def _zip(file: Path) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        raise InputError(Problem("readers.truncated", {"kind": "zip/xlsx"}, file=file)) from None
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        raise InputError(Problem("readers.other.opendocument", file=file))
    inside = ", ".join(sorted(names)[:3])
    raise InputError(Problem("readers.other.zip", {"inside": inside}, file=file))
