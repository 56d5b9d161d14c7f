"""What kind of file an export is, by what is in it: names are often wrong."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from themecoder.errors import InputError, Problem

Kind = Literal["text", "xlsx", "ods", "parquet", "sav", "dta"]

_OLE = b"\xd0\xcf\x11\xe0"
_LARGEST = 2 << 30  # bytes of all sheets together, unpacked
# beginnings of files that people take for an export, and the message that says what they are
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (_OLE, "old_excel"),
    (b"<?xml", "html"),
    (b"<html", "html"),
    (b"<!DOC", "html"),
    (b"RDX", "r_data"),
)


def kind_of(file: Path) -> Kind:  # noqa: PLR0912  a kind a branch
    """The kind of ``file``. Raises InputError where it can't be an export, saying what it is."""
    try:
        if file.is_dir():
            raise InputError(Problem("readers.folder", file=file))
        if not file.is_file() and file.exists():
            raise InputError(Problem("readers.no_file", file=file))
        size = file.stat().st_size
        with file.open("rb") as handle:
            start = handle.read(64)
            handle.seek(max(size - 4, 0))
            end = handle.read()
    except FileNotFoundError:
        raise InputError(Problem("readers.missing", file=file)) from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem("readers.unreadable", {"reason": reason}, file=file)) from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00\r\n\t "):
        raise InputError(Problem("readers.empty", file=file))
    if start.startswith(b"PK"):
        return _kind_of_zip(file)
    if start.startswith(b"PAR1"):
        if size < 12 or end != b"PAR1":
            raise InputError(Problem("readers.truncated", {"kind": "parquet"}, file=file))
        return "parquet"
    if start.startswith((b"$FL2", b"$FL3")):
        return "sav"
    if start.startswith(b"<stata_dta>") or _is_old_stata(start):
        return "dta"
    if start.startswith(_OLE) and _is_encrypted(file):
        raise InputError(Problem("readers.other.encrypted", file=file))
    for beginning, name in _OTHERS:
        if start.lstrip(b"\xef\xbb\xbf \r\n").upper().startswith(beginning.upper()):
            raise InputError(Problem(f"readers.other.{name}", file=file))
    return "text"


def _kind_of_zip(file: Path) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except zipfile.BadZipFile:
        raise InputError(Problem("readers.truncated", {"kind": "zip/xlsx"}, file=file)) from None
    if "xl/workbook.bin" in names:
        raise InputError(Problem("readers.other.binary_excel", file=file))
    if any(name.startswith("xl/") for name in names):
        # shared text is read whole: a small file can unpack to more than the memory
        packed = file.stat().st_size
        if unpacked > _LARGEST or (unpacked > 100 << 20 and unpacked > 200 * packed):
            gb = f"{unpacked / 1e9:.1f}"
            raise InputError(Problem("readers.too_large", {"gb": gb}, file=file))
        return "xlsx"
    if "content.xml" in names:
        with zipfile.ZipFile(file) as archive:
            kind = archive.read("mimetype") if "mimetype" in names else b""
        if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
        raise InputError(Problem("readers.other.opendocument", file=file))
    inside = ", ".join(sorted(names)[:3])
    raise InputError(Problem("readers.other.zip", {"inside": inside}, file=file))


def _is_old_stata(start: bytes) -> bool:
    """Whether a file begins as Stata wrote before release 13: release, byte order, 1, 0."""
    return (
        len(start) > 3
        and start[0] in (104, 105, 108, 110, 111, 113, 114, 115)
        and (start[1] in (1, 2) and start[2] == 1 and start[3] == 0)
    )


def _is_encrypted(file: Path) -> bool:
    """Whether an OLE file holds an encrypted workbook; the stream's name stands in its folder."""
    stream_name = "EncryptedPackage".encode("utf-16-le")
    with file.open("rb") as handle:
        before = b""
        while chunk := handle.read(1 << 20):
            if stream_name in before + chunk:
                return True
            before = chunk[-len(stream_name) :]
    return False
