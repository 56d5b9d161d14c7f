"""A .qdpx as an archive: the project's XML and its plain texts, read without unpacking anything.

REFI-QDA standard 1.5, chapter 8: a zip with ``project.qde`` and a folder ``sources``. Others call
the XML and the folder differently (NVivo: ``Sources``), so they are found by their ending.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from themecoder.errors import InputError, Problem

INTERNAL = "internal://"
PROJECT = "project.qde"
_ENTRIES = 300_000
_LARGEST = 1 << 30
# packed so tightly, and this large, is nothing that people wrote
_SUSPECT, _RATIO = 100 << 20, 200
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


@dataclass(frozen=True, slots=True)
class QdpxContents:
    """``project``: its XML. ``texts``: the bytes of each plain text, by its name in the folder of
    sources, in small letters."""

    project: bytes
    texts: Mapping[str, bytes]

    def text(self, path: str) -> bytes | None:
        """The bytes that ``internal://…`` names, None where the archive has no such file."""
        if not path.startswith(INTERNAL):
            return None
        name = path.removeprefix(INTERNAL).lstrip("/").casefold()
        return self.texts.get(name, self.texts.get(unquote(name)))


def is_qdpx(file: Path) -> bool:
    """Whether a file is called a REFI-QDA project, or is an archive with one in it."""
    try:
        with zipfile.ZipFile(file) as archive:
            inside = any(_is_project(name) for name in archive.namelist())
    except (*_DAMAGED, OSError):
        inside = False
    return inside or file.suffix.lower() == ".qdpx"


def open_qdpx(file: Path) -> QdpxContents:
    """The project in ``file``. Raises InputError with all that is wrong with the archive."""
    try:
        with zipfile.ZipFile(file) as archive:
            problems = list(_problems(archive, file))
            if problems:
                raise InputError(problems)
            infos = archive.infolist()
            projects = sorted(
                (info for info in infos if _is_project(info.filename)),
                key=lambda info: (info.filename.casefold() != PROJECT, info.filename),
            )
            data = archive.read(projects[0])
            texts = {_name(info.filename): archive.read(info) for info in infos if _is_text(info)}
    except _DAMAGED as error:
        raise InputError(Problem("refi.damaged", {"reason": str(error)}, file=file)) from error
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("refi.not_readable", params, file=file)) from None
    return QdpxContents(data, texts)


def _problems(archive: zipfile.ZipFile, file: Path) -> Iterator[Problem]:
    infos = archive.infolist()
    if len(infos) > _ENTRIES:
        yield Problem("refi.many_files", {"n": len(infos), "most": _ENTRIES}, file=file)
        return
    seen: set[str] = set()
    for info in infos:
        name = info.filename
        if leaves(name):
            yield Problem("refi.path", {"path": name}, file=file)
        if name in seen:
            yield Problem("refi.file_twice", {"path": name}, file=file)
        if info.flag_bits & 1 and (_is_project(name) or _is_text(info)):
            yield Problem("refi.encrypted", {"path": name}, file=file)
        seen.add(name)
    if not any(map(_is_project, seen)):
        inside = ", ".join(sorted(seen)[:3]) or "-"
        yield Problem("refi.no_qde", {"inside": inside}, file=file)
    read = [info for info in infos if _is_project(info.filename) or _is_text(info)]
    unpacked = sum(info.file_size for info in read)
    packed = sum(info.compress_size for info in read)
    if unpacked > _LARGEST or (unpacked > _SUSPECT and unpacked > _RATIO * packed):
        yield Problem("refi.too_large", {"gb": f"{unpacked / 1e9:.1f}"}, file=file)


def leaves(path: str) -> bool:
    """Whether a path in an archive leads out of the folder that it would be unpacked into."""
    plain = path.replace("\\", "/")
    return plain.startswith("/") or plain[1:2] == ":" or ".." in plain.split("/")


def _is_project(name: str) -> bool:
    return "/" not in name and name.casefold().endswith(".qde")


def _is_text(info: zipfile.ZipInfo) -> bool:
    return info.filename.casefold().endswith(".txt")


def _name(path: str) -> str:
    """A file's name in the folder of sources, which is the first one, or the archive itself."""
    parts = PurePosixPath(path.casefold()).parts
    return "/".join(parts[1:] if parts[0] == "sources" and len(parts) > 1 else parts)
