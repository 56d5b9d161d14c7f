"""What kind of file a draft is, by what is in it; its name tells markdown from plain text."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Literal

from themecoder.errors import InputError, Problem

Kind = Literal["docx", "markdown", "text"]

_MARKDOWN = (".md", ".markdown", ".qmd", ".rmd")
_TEXT = (".txt", ".text", "")
_WORD = (".docx", ".docm", ".dotx")
_OLE = b"\xd0\xcf\x11\xe0"
_OTHERS = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"<!DOCTYPE HTML", "html"),
    (b"<HTML", "html"),
    (b"<?XML", "xml"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
)
_LARGEST = 1 << 30  # bytes, unpacked


def kind_of(file: Path) -> Kind:
    """The kind of ``file``. Raises InputError where it is no draft that can be read."""
    try:
        if file.is_dir():
            raise InputError(Problem("drafts.folder", file=file))
        with file.open("rb") as handle:
            start = handle.read(4096)
    except FileNotFoundError:
        raise InputError(Problem("drafts.missing", file=file)) from None
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(Problem("drafts.unreadable", {"reason": reason}, file=file)) from error
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\r\n\t "):
        raise InputError(Problem("drafts.empty", file=file))
    if start.startswith(b"PK"):
        return _kind_of_zip(file)
    if start.startswith(_OLE):
        key = "locked" if _encrypted(file) else "old_word"
        raise InputError(Problem(f"drafts.{key}", file=file))
    begins = start.removeprefix(b"\xef\xbb\xbf").lstrip().upper()
    for beginning, name in _OTHERS:
        if begins.startswith(beginning.upper()):
            raise InputError(Problem("drafts.other", {"found": name.upper()}, file=file))
    suffix = file.suffix.lower()
    if suffix in _WORD:
        raise InputError(Problem("drafts.not_docx", file=file))
    if suffix in _MARKDOWN:
        return "markdown"
    if suffix in _TEXT:
        return "text"
    raise InputError(Problem("drafts.other", {"found": suffix}, file=file))


def _kind_of_zip(file: Path) -> Kind:
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            unpacked = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError):
        raise InputError(Problem("drafts.damaged", file=file)) from None
    if "word/document.xml" not in names:
        kinds = {"xl/": "Excel", "ppt/": "PowerPoint", "content.xml": "OpenDocument"}
        other_kinds = (
            kind for part, kind in kinds.items() if any(n.startswith(part) for n in names)
        )
        raise InputError(Problem("drafts.other", {"found": next(other_kinds, "ZIP")}, file=file))
    if unpacked > _LARGEST:
        raise InputError(Problem("drafts.too_large", {"gb": f"{unpacked / 1e9:.1f}"}, file=file))
    return "docx"


def _encrypted(file: Path) -> bool:
    """Whether an OLE file holds a document with a password, not an old Word document."""
    try:
        return "EncryptedPackage".encode("utf-16-le") in file.read_bytes()
    except OSError:
        return False
