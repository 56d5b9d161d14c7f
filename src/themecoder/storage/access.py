"""Who may read what a study holds: its owner, and the group where study.toml says so; never others.

Every file and folder that is made here is so from its first byte. A mode that is there already is
never widened, only taken back to what is allowed. On Windows the rights of the folder hold.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

WORK = ".themecoder"
NOT_SHARED = (WORK, "server", "backups")
"""Folders of a study with caches, secrets and copies: they are for their owner only."""
IGNORE_ALL = "*\n"
_shared: set[Path] = set()


def share_with_group(root: Path, shared: bool) -> None:
    """Whether the group may read the study in ``root``, from now on in this process."""
    (_shared.add if shared else _shared.discard)(root.resolve())


def file_mode(path: Path) -> int:
    """The mode that a file gets when it is written: that of the old one, where it is stricter."""
    allowed = 0o640 if _for_group(path) else 0o600
    with contextlib.suppress(OSError):
        return path.stat().st_mode & allowed
    return allowed


def make_folder(path: Path) -> None:
    """Make ``path`` and what is missing above it. The work folder says itself that it is not for
    git."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for folder in reversed(missing):
        with contextlib.suppress(FileExistsError):  # another process was first
            folder.mkdir(mode=0o700)
            folder.chmod(0o750 if _for_group(folder) else 0o700)
    if not path.is_dir():
        raise NotADirectoryError(f"{path} is no folder")
    for folder in (path, *path.parents):
        ignore = folder / ".gitignore"
        if folder.name == WORK and not ignore.exists():
            with contextlib.suppress(FileExistsError):
                os.close(os.open(ignore, os.O_CREAT | os.O_EXCL, 0o600))
            ignore.write_text(IGNORE_ALL, encoding="utf-8")


def make_private(path: Path) -> None:
    """Make ``path`` where it is not there, empty; or take its mode back to what is allowed: for a
    file that somebody else's code opens to write in."""
    make_folder(path.parent)
    os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
    close_to_others(path)


@contextlib.contextmanager
def private_files() -> Iterator[None]:
    """What somebody else's code writes in the block is its owner's only, from its first byte."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def close_to_others(path: Path, deep: bool = True) -> None:
    """Take the mode of a file, or of a folder and (``deep``) all in it, back to what is allowed.
    What is another user's stays as it is."""
    for one in (path, *(path.rglob("*") if deep and path.is_dir() else ())):
        if one.is_symlink():
            continue
        mode = one.stat().st_mode & 0o777
        group = 0o750 if _for_group(one) else 0o700
        if mode & ~group:
            with contextlib.suppress(PermissionError):
                one.chmod(mode & group)


def _for_group(path: Path) -> bool:
    """Whether ``path`` lies in a study that the group may read, outside its closed folders."""
    real = path.resolve()
    for root in _shared:
        if real.is_relative_to(root):
            parts = real.relative_to(root).parts
            return not (parts and parts[0] in NOT_SHARED)
    return False
