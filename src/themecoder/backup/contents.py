"""Which files of a study's folder are the study: all but caches, programs and other archives."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from themecoder.settings.paths import StudyPaths

_MADE_ANEW = ("__pycache__", "node_modules")
_UNDER_WAY = (".part", ".new")


@dataclass(frozen=True, slots=True)
class Contents:
    """Paths from the study's folder, with slashes, sorted. ``links`` lead to somewhere else and are
    not followed."""

    files: tuple[str, ...]
    links: tuple[str, ...]


def study_contents(paths: StudyPaths) -> Contents:
    """The files of the study.

    Left out are hidden folders at the top (git's, caches), environments of Python, archives of the
    study and what a restore put aside, what is only true while a server runs, and the password of
    its database.
    """
    files: list[str] = []
    links: list[str] = []
    left_out = {
        paths.archives,
        paths.put_aside,
        paths.database_password,
        *paths.while_server_runs,
    }
    for folder, folders, names in os.walk(paths.root):
        here = Path(folder)
        top = here == paths.root
        for name in [*folders, *names]:
            if (here / name).is_symlink():
                links.append((here / name).relative_to(paths.root).as_posix())
        folders[:] = [
            name
            for name in folders
            if name not in _MADE_ANEW
            and here / name not in left_out
            and not (top and name.startswith("."))
            and not _is_under_way(name)
            and not (here / name / "pyvenv.cfg").exists()
        ]
        files += [
            (here / name).relative_to(paths.root).as_posix()
            for name in names
            if here / name not in left_out
            and not _is_under_way(name)
            and not (here / name).is_symlink()
        ]
    return Contents(tuple(sorted(files)), tuple(sorted(links)))


def _is_under_way(name: str) -> bool:
    return name.startswith(".") and name.endswith(_UNDER_WAY)
