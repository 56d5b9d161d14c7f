"""Copies of the shipped study, and what is made of it once in a run of the tests."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from filelock import FileLock

from commands import in_own_process

ROOT = Path(__file__).parents[1]
FOLDERS = ("data", "codebooks", "annotations")
QUOTED = ("quoted_figures.csv", "claims.csv")


def copy_shipped(
    folder: Path, folders: Sequence[str] = FOLDERS, quoted: bool = False, warm: Path | None = None
) -> Path:
    """The shipped study in ``folder``; with the figures and claims to check where ``quoted``.

    ``warm``: a study whose masks, vectors, lemmas and hidden counts are taken over, so that they
    are not made again. The caches only save time: a test that is about making them starts without.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "study.toml", folder)
    for name in folders:
        shutil.copytree(ROOT / name, folder / name)
    if quoted:
        (folder / "reports").mkdir()
        for name in QUOTED:
            shutil.copy(ROOT / "reports" / name, folder / "reports")
    if warm is not None:
        copy_caches(warm, folder)
    return folder


def copy_caches(study: Path, to: Path) -> None:
    """The masks, vectors, lemmas and hidden counts of ``study``; SQLite writes in place, so they
    are no links."""
    (to / ".themecoder").mkdir(exist_ok=True)
    for file in (study / ".themecoder").glob("*.sqlite"):
        shutil.copy(file, to / ".themecoder")


def mine_shipped(folder: Path) -> None:
    """The shipped study, mined by the command in a process of its own; and what its counts hide, so
    that no copy that counts the same searches for it."""
    copy_shipped(folder, ("data", "codebooks"))
    done = in_own_process(folder, "mine")
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    counted = copy_shipped(folder.with_name(f"{folder.name}.counted"))
    assert in_own_process(counted, "counts").returncode == 0
    shutil.copy(counted / ".themecoder" / "hiding.sqlite", folder / ".themecoder")


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """``folder``, made by the first process of this run that asks for it; the others wait.

    What was made halfway by a process that failed or was killed is thrown away and made anew.
    """
    ready = folder.with_name(f"{folder.name}.ready")
    with FileLock(folder.with_name(f"{folder.name}.lock")):
        if not ready.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            ready.touch()
    return folder
