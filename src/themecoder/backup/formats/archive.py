"""One archive of a study: a zip with a manifest of hashes, or that zip encrypted with a password.

The plain archive is a zip that any program opens. The encrypted one is that zip in the age format
(age-encryption.org/v1), which other programs open too: names and sizes of files are hidden as well,
and a changed byte is found. It is made and opened in memory, so that nothing of it lies about in
the clear.
"""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.version import __version__

MANIFEST = "themecoder-backup.json"
FORMAT = 1
_AGE = b"age-encryption.org/v1"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # no moment: the same study gives the same archive
_BLOCK = 1 << 20
# what zipfile raises for bytes that were changed, beside its own error
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of the study as it was: its path from the study's folder, with slashes."""

    path: str
    size: int
    sha256: str


def write_archive(
    target: Path, study: str, sources: Mapping[str, Path], password: str | None
) -> tuple[Entry, ...]:
    """Write the files ``sources`` (path in the study -> file) to ``target``, whole or not at all.

    Encrypted where there is a ``password``. Raises InputError where a file can't be read, or the
    archive not written.
    """
    unfit = [path for path in sources if path.encode("utf-8", "replace").decode() != path]
    if unfit:
        raise InputError([Problem("backup.bad_file", file=sources[path]) for path in unfit])
    with files.atomic_path(target) as unfinished:
        if password is None:
            with unfinished.open("wb") as handle:
                return _write_zip(handle, study, sources)
        from pyrage import passphrase

        with _in_memory(target):
            plain = io.BytesIO()
            entries = _write_zip(plain, study, sources)
            unfinished.write_bytes(passphrase.encrypt(plain.getvalue(), password))
            return entries


def _write_zip(handle: IO[bytes], study: str, sources: Mapping[str, Path]) -> tuple[Entry, ...]:
    entries = []
    with zipfile.ZipFile(handle, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, source in sorted(sources.items()):
            digest, size = hashlib.sha256(), 0
            with source.open("rb") as data, archive.open(_info(path), "w", force_zip64=True) as to:
                while block := data.read(_BLOCK):
                    digest.update(block)
                    size += len(block)
                    to.write(block)
            entries.append(Entry(path, size, digest.hexdigest()))
        manifest = {
            "format": FORMAT,
            "study": study,
            "themecoder": __version__,
            "files": {one.path: {"size": one.size, "sha256": one.sha256} for one in entries},
        }
        text = json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"
        archive.writestr(_info(MANIFEST), text)
    return tuple(entries)


def _info(path: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(path, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o100600 << 16
    return info


def is_encrypted(file: Path) -> bool:
    """Whether the archive asks for a password. Raises InputError where it can't be read."""
    try:
        with file.open("rb") as handle:
            return handle.read(len(_AGE)) == _AGE
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem("backup.not_readable", params, file=file)) from None


class Archive:
    """An archive that was checked whole: every file is what the manifest says it is."""

    def __init__(self, archive: zipfile.ZipFile, entries: tuple[Entry, ...]) -> None:
        self._zip = archive
        self.entries = entries

    def extract(self, entry: Entry, target: Path) -> None:
        """Write a file of the archive to ``target``, whose folder is there."""
        with self._zip.open(entry.path) as source, target.open("wb") as to:
            shutil.copyfileobj(source, to, _BLOCK)


@contextmanager
def open_archive(file: Path, password: str | None) -> Iterator[Archive]:
    """The archive in ``file``, checked. Raises InputError with all that is wrong with it."""
    with _opened(file, password) as handle, ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(handle))
            entries = _checked(archive, file)
        except _DAMAGED as error:
            params = {"reason": str(error)}
            raise InputError(Problem("backup.damaged", params, file=file)) from error
        yield Archive(archive, entries)


def _opened(file: Path, password: str | None) -> IO[bytes]:
    if password is None:
        return file.open("rb")
    from pyrage import DecryptError, passphrase

    try:
        with _in_memory(file):
            return io.BytesIO(passphrase.decrypt(file.read_bytes(), password))
    except DecryptError as error:
        # a password is made slow to guess: by so much as was a second on the machine that wrote it
        too_slow = "excessive work" in str(error).lower()
        key = "backup.slow" if too_slow else "backup.password"
        raise InputError(Problem(key, file=file)) from None


@contextmanager
def _in_memory(file: Path) -> Iterator[None]:
    """Raises InputError where the memory is too small for what is encrypted or opened: pyrage takes
    passwords for whole texts only, no streams."""
    try:
        yield
    except BaseException as error:
        if _is_of_memory(error):
            raise InputError(Problem("backup.memory", file=file)) from error
        raise


def _is_of_memory(error: BaseException | None) -> bool:
    """Whether memory was lacking, also where an error of zipfile, which can't end then, came after
    it. Rust below pyrage raises a class that can't be imported."""
    while error is not None:
        if isinstance(error, MemoryError) or type(error).__name__ == "PanicException":
            return True
        error = error.__context__
    return False


def _checked(archive: zipfile.ZipFile, file: Path) -> tuple[Entry, ...]:
    entries = _manifest(archive, file)
    listed = {one.path for one in entries}
    names = archive.namelist()
    problems = [
        Problem("backup.bad_name", {"name": path}, file=file)
        for path in sorted({*listed, *names} - {MANIFEST})
        if not _is_plain(path)
    ]
    problems += [
        Problem("backup.not_listed", {"name": name}, file=file)
        for name in sorted({*names} - listed - {MANIFEST})
    ]
    problems += [
        Problem("backup.twice", {"name": name}, file=file)
        for name in sorted({name for name in names if names.count(name) > 1})
    ]
    for one in entries:
        if one.path not in names:
            problems.append(Problem("backup.missing", {"name": one.path}, file=file))
        elif not _holds(archive, one):
            problems.append(Problem("backup.changed", {"name": one.path}, file=file))
    if problems:
        raise InputError(problems)
    return entries


def _manifest(archive: zipfile.ZipFile, file: Path) -> tuple[Entry, ...]:
    try:
        manifest: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if manifest["format"] != FORMAT:
            params = {"found": str(manifest["format"]), "known": FORMAT}
            raise InputError(Problem("backup.format", params, file=file))
        return tuple(
            Entry(str(path), int(one["size"]), str(one["sha256"]))
            for path, one in manifest["files"].items()
        )
    except (KeyError, ValueError, TypeError, AttributeError):
        raise InputError(Problem("backup.no_manifest", {"name": MANIFEST}, file=file)) from None


def _is_plain(path: str) -> bool:
    """Whether a path stays below the study's folder, and out of the folders of git and caches."""
    parts = PurePosixPath(path).parts
    plain = path == "/".join(parts) and bool(parts) and not path.startswith("/")
    inside = ".." not in parts and (len(parts) == 1 or not parts[0].startswith("."))
    # a name with these is a file of that name elsewhere, and another place on Windows
    return plain and inside and not (sys.platform == "win32" and {"\\", ":"} & {*path})


def _holds(archive: zipfile.ZipFile, entry: Entry) -> bool:
    try:
        if archive.getinfo(entry.path).file_size != entry.size:
            return False
        digest = hashlib.sha256()
        with archive.open(entry.path) as data:
            while block := data.read(_BLOCK):
                digest.update(block)
    except _DAMAGED:
        return False
    return digest.hexdigest() == entry.sha256
