"""Which commit files are of, where their folder is kept in git."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Commit:
    """The last commit that changed one of the files. ``clean``: they are as they were in it."""

    name: str
    clean: bool


def commit_of(root: Path, files: Sequence[Path]) -> Commit | None:
    """The commit of ``files`` below ``root``; None where git or a repository is not there.

    Of these files only: a commit of the report that rests on them changes nothing here.
    """
    names = [str(file.resolve()) for file in files]
    name = _git(root, "log", "-1", "--format=%H", "--", *names)
    if not name:
        return None
    status = _git(root, "status", "--porcelain", "--untracked-files=all", "--", *names)
    return Commit(name, status == "")


def _git(root: Path, *arguments: str) -> str | None:
    command = ["git", "-C", str(root), "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip()
