"""Files that are whole or not there: atomic writes, hashes, locks, and the plain formats we keep.

A write goes to a temporary file beside its target, is flushed to disk, and takes the target's place
in one step; a crash, a full disk or a kill at any point leaves the old file as it was. Who may read
it is in ``access``.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from themecoder.errors import InputError, Problem
from themecoder.storage.access import file_mode, make_folder
from themecoder.storage.leftovers import JOURNAL, begin_file, end_file, remove_leftovers


@contextlib.contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """A new empty file that takes the place of ``path`` when the block ends well, else is removed.

    Raises InputError where the folder can't be written or the disk is full; ``path`` is then as it
    was.
    """
    temporary: Path | None = None
    held: int | None = None
    try:
        make_folder(path.parent)
        temporary, held = begin_file(path)
        yield temporary
        _finish(temporary, path)
        temporary.replace(path)
        temporary = None
    except OSError as error:
        raise InputError(
            Problem("files.not_writable", {"reason": error.strerror or str(error)}, file=path)
        ) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        end_file(held)


@contextlib.contextmanager
def atomic(path: Path, mode: str = "w") -> Iterator[IO[Any]]:
    """A file handle whose content replaces ``path`` when the block ends well, else is thrown away.

    ``mode`` is "w" (UTF-8, line ends as written) or "wb". Raises as ``atomic_path`` does.
    """
    text = {} if mode == "wb" else {"encoding": "utf-8", "newline": ""}
    with atomic_path(path) as temporary, temporary.open(mode, **text) as handle:  # type: ignore[call-overload]
        yield handle


def _finish(temporary: Path, path: Path) -> None:
    """Flush a file that takes the place of ``path`` to disk, for whom may read it."""
    with temporary.open("rb+") as handle:
        os.fsync(handle.fileno())
    temporary.chmod(file_mode(path))


def read_text(path: Path, area: str) -> str:
    """The text of a file in UTF-8, with or without a byte order mark.

    Raises InputError, as the messages ``<area>.not_utf8`` and ``<area>.not_readable``.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        raise InputError(Problem(f"{area}.not_utf8", file=path, row=row)) from None
    except OSError as error:
        params = {"reason": error.strerror or str(error)}
        raise InputError(Problem(f"{area}.not_readable", params, file=path)) from None


def write_text(path: Path, text: str) -> None:
    """Write ``text`` as UTF-8, whole or not at all; an unchanged file is not touched."""
    if path.is_file() and path.read_bytes() == text.encode("utf-8"):
        remove_leftovers(path.parent)
        return
    with atomic(path) as handle:
        handle.write(text)


def write_together(folder: Path, contents: Mapping[str, str | bytes]) -> None:
    """Write several files of one folder as one result: after a crash all are old or all are new.

    ``contents``: name -> content; a name may lead into a folder below (``q18/anna.jsonl``). The new
    files are written whole beside the old ones; a journal then names them, and from that
    moment the result is new: ``finish_pending_write`` finishes the renames if this process did not.
    """
    finish_pending_write(folder)
    encoded = {
        name: text.encode("utf-8") if isinstance(text, str) else text
        for name, text in contents.items()
    }
    changed = {
        name: data
        for name, data in sorted(encoded.items())
        if not (folder / name).is_file() or (folder / name).read_bytes() != data
    }
    if not changed:
        remove_leftovers(folder)
        return
    journal = folder / JOURNAL
    staged: dict[str, Path] = {}
    held: list[int | None] = []
    try:
        make_folder(folder)
        for name, data in changed.items():
            make_folder((folder / name).parent)
            staged[name], lock = begin_file(folder / name)
            held.append(lock)
            staged[name].write_bytes(data)
            _finish(staged[name], folder / name)
        with atomic(journal) as handle:
            # by their names: a temporary file's own path is absolute, also in a relative folder
            names = {n: Path(n).with_name(file.name).as_posix() for n, file in staged.items()}
            json.dump(names, handle, sort_keys=True)
        finish_pending_write(folder)
    except OSError as error:
        raise InputError(
            Problem("files.not_writable", {"reason": error.strerror or str(error)}, file=folder)
        ) from error
    finally:
        if not journal.exists():
            for file in staged.values():
                with contextlib.suppress(OSError):
                    file.unlink(missing_ok=True)
        for lock in held:
            end_file(lock)


def has_pending_write(folder: Path) -> bool:
    """Whether a ``write_together`` in ``folder`` is to be finished, or at work right now."""
    return (folder / JOURNAL).is_file()


def finish_pending_write(folder: Path) -> None:
    """Finish a ``write_together`` that was cut short after its result was complete."""
    journal = folder / JOURNAL
    if not journal.is_file():
        return
    try:
        for name, staged in json.loads(journal.read_text(encoding="utf-8")).items():
            if (folder / staged).is_file():
                (folder / staged).replace(folder / name)
        journal.unlink(missing_ok=True)
    except OSError as error:
        raise InputError(
            Problem("files.not_writable", {"reason": error.strerror or str(error)}, file=folder)
        ) from error


def write_json(path: Path, value: Any) -> None:
    """Write JSON that diffs well: two spaces, keys in the order given, a last line end."""
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2) + "\n")


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV (comma, UTF-8, LF) of ``rows`` below ``header``; None becomes an empty cell."""
    write_text(path, csv_text(header, rows))


def csv_text(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The text of a CSV, as ``write_csv`` writes it."""
    lines = []
    for row in (header, *rows):
        # the writer quotes only the line ends it writes itself: with "\n" a lone "\r" in an answer
        # would go out bare and be read as the end of its row
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow(row)
        lines.append(line.getvalue().removesuffix("\r\n") + "\n")
    return "".join(lines)


# what spreadsheets begin a formula with (OWASP, CSV Injection), also in full width
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def no_formula(text: str) -> str:
    """``text`` as a cell that no spreadsheet runs: behind an apostrophe where it could be one.

    The apostrophe is part of the cell: who reads the CSV by program takes it off where the text is
    ``guarded``, which gives the same text back.
    """
    return f"'{text}" if text.startswith(_FORMULA) or guarded(text) else text


def guarded(text: str) -> bool:
    """Whether ``no_formula`` put an apostrophe before this text."""
    return text.startswith("'") and text.lstrip("'").startswith(_FORMULA)


def sha256(*parts: bytes | str) -> str:
    """Hex digest over the parts; with their lengths, so that they can't run together."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


def canonical(value: Mapping[str, Any]) -> str:
    """One spelling of a mapping for hashing: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
