"""A study as it is in an archive: what is there now and differs is put aside, never written over.

The archive is checked whole before anything is written. Then its files are written elsewhere,
and a journal says what goes where. From that moment the study is the restored one: a restore that
was cut short is finished by the next, and other commands ask for it.
"""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from themecoder.backup.contents import study_contents
from themecoder.backup.formats.archive import Archive, Entry, open_archive
from themecoder.coding.label_studio.local_server import LocalServer
from themecoder.errors import InputError, Problem
from themecoder.settings.paths import StudyPaths
from themecoder.storage import atomic as files
from themecoder.storage.access import make_folder, private_files
from themecoder.workspace.lock import study_lock
from themecoder.workspace.out_of_cache import move_server

_EMPTY = {".themecoder", "backups"}
"""What a restore itself makes in a new folder before the study is there."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many ``files`` the archive has, and how many of them were ``written``: the others were
    so already. ``aside``: how many of the study's files were moved to the folder ``copy``."""

    files: int
    written: int
    aside: int
    copy: Path | None


def restore_study(file: Path, root: Path, password: str | None = None) -> Restored:
    """Make the study in ``root`` what it is in the archive ``file``; a new folder is made.

    Raises InputError where the archive is not whole, where a server of the study runs, or where
    ``root`` holds something else than a study.
    """
    paths = StudyPaths(root)
    with open_archive(file, password) as archive, private_files():
        there = {one.name for one in root.iterdir()} if root.is_dir() else set()
        if there - _EMPTY and not paths.config.exists() and not paths.restore_journal.exists():
            raise InputError(Problem("backup.no_study", file=root))
        for folder in (paths.server, paths.label_studio):
            if LocalServer(folder).alive():
                raise InputError(Problem("backup.server_runs", file=folder))
        with study_lock(paths):
            _finish(paths)
            move_server(paths)
            return _restore(archive, file, paths)


def _restore(archive: Archive, file: Path, paths: StudyPaths) -> Restored:
    contents = study_contents(paths)
    listed = {entry.path for entry in archive.entries}
    parents = {str(one) for path in listed for one in PurePosixPath(path).parents}
    links = [path for path in contents.links if path in listed | parents]
    kept = {path for path in contents.files if not _below(path, links)}
    new = [one for one in archive.entries if one.path not in kept or not _is(paths.root, one)]
    # copies of before are nobody's rivals: those that the archive does not know stay; so does the
    # archive itself, which is needed again where this is cut short
    other = [
        path
        for path in kept - listed
        if not _below(path, ["backups"]) and not (paths.root / path).samefile(file)
    ]
    aside = sorted([*other, *links, *(one.path for one in new if one.path in kept)])
    if not new and not aside:
        return Restored(len(listed), 0, 0, None)
    try:
        make_folder(paths.backups)
        make_folder(paths.put_aside)
        for entry in new:
            target = paths.restored_files / entry.path
            target.parent.mkdir(parents=True, exist_ok=True)
            archive.extract(entry, target)
    except OSError as error:
        shutil.rmtree(paths.restored_files.parent, ignore_errors=True)
        raise _not_written(error, paths) from error
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H-%M-%SZ")
    while (paths.put_aside / stamp).exists():
        stamp += "-2"
    plan = {"to": stamp, "aside": aside, "put": sorted(one.path for one in new)}
    files.write_json(paths.restore_journal, plan)
    _finish(paths)
    copy = paths.put_aside / stamp if aside else None
    return Restored(len(listed), len(new), len(aside), copy)


def _finish(paths: StudyPaths) -> None:
    """Do what the journal says, as far as it is not done; each step is one rename."""
    under_way = paths.restored_files.parent
    try:
        if paths.restore_journal.is_file():
            plan = json.loads(paths.restore_journal.read_text(encoding="utf-8"))
            waiting = {path for path in plan["put"] if (paths.restored_files / path).is_file()}
            placed = {*plan["put"]} - waiting
            for path in plan["aside"]:
                # a file that was placed is the new one; the old one went aside before
                if path not in placed:
                    _put_aside(paths.root / path, paths.put_aside / plan["to"] / path)
            for path in plan["aside"]:
                _remove_empty(paths.root / path, paths.root)
            for path in sorted(waiting):
                target = paths.root / path
                target.parent.mkdir(parents=True, exist_ok=True)
                (paths.restored_files / path).replace(target)
            paths.restore_journal.unlink()
        if under_way.exists():
            shutil.rmtree(under_way)
    except OSError as error:
        raise _not_written(error, paths) from error


def _put_aside(file: Path, copy: Path) -> None:
    if file.is_symlink() or (file.exists() and not file.is_dir()):
        copy.parent.mkdir(parents=True, exist_ok=True)
        file.rename(copy)


def _remove_empty(file: Path, root: Path) -> None:
    for folder in file.parents:
        if folder == root or not folder.is_dir() or any(folder.iterdir()):
            return
        folder.rmdir()


def _is(root: Path, entry: Entry) -> bool:
    file = root / entry.path
    if file.stat().st_size != entry.size:
        return False
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest() == entry.sha256


def _below(path: str, folders: Iterable[str]) -> bool:
    return any(path == one or path.startswith(f"{one}/") for one in folders)


def _not_written(error: OSError, paths: StudyPaths) -> InputError:
    params = {"reason": error.strerror or str(error)}
    return InputError(Problem("backup.not_written", params, file=error.filename or paths.root))
