"""What may give a study's answers away: git, the rights on its folder, a service that copies it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from themecoder.errors import Problem
from themecoder.settings.paths import NOT_FOR_GIT, StudyPaths
from themecoder.storage.access import NOT_SHARED
from themecoder.storage.git import tracked

_SERVICES = {
    "Dropbox": re.compile(r"dropbox\d*\b.*", re.IGNORECASE),
    "OneDrive": re.compile(r"onedrive\b.*", re.IGNORECASE),
    "iCloud": re.compile(r"icloud ?drive|mobile documents|com~apple~clouddocs", re.IGNORECASE),
    "Google Drive": re.compile(r"google ?drive\b.*|my drive|mijn drive", re.IGNORECASE),
    "Nextcloud": re.compile(r"(nextcloud|owncloud)\d*\b.*", re.IGNORECASE),
}
_MARKS = {
    "Dropbox": (".dropbox", ".dropbox.cache"),
    "OneDrive": (".849C9593-D756-4E56-8D6E-42412F2A707B",),
    "Google Drive": (".tmp.drivedownload", ".tmp.driveupload"),
    "Nextcloud": (".sync_*.db", "._sync_*.db", ".nextcloudsync.log", ".owncloudsync.log"),
}
"""What such a service leaves in the folder that it copies."""
_SHOWN = 3


def protection_warnings(root: Path) -> list[Problem]:
    """What to look at in the study in ``root``; empty where it has no study.toml.

    A ``synthetic`` study has no answers to protect: of it only secrets and copies in git are told.
    """
    paths = StudyPaths(root)
    if not paths.config.is_file():
        return []
    settings = _settings(paths.config)
    if settings.get("synthetic"):
        return list(_in_git(root, list(NOT_SHARED)))
    folders = [pattern.strip("/") for pattern in NOT_FOR_GIT]
    survey = settings.get("survey")
    if isinstance(survey, dict) and isinstance(survey.get("file"), str):
        folders.append(survey["file"])
    return [*_in_git(root, folders), *_readable(root), *_synced(root)]


def _settings(file: Path) -> dict[str, Any]:
    """What study.toml says, also where it is not valid: a warning must not wait for that."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (OSError, ValueError):
        return {}


def _in_git(root: Path, paths: list[str]) -> Iterator[Problem]:
    inside = [path for path in paths if not Path(path).is_absolute() and "*" not in path]
    found = tracked(root, inside)
    if found:
        more = f" … (+{len(found) - _SHOWN})" if len(found) > _SHOWN else ""
        files = ", ".join(found[:_SHOWN]) + more
        folders = " ".join(sorted({_named(one, inside) for one in found}))
        yield Problem("protection.in_git", {"files": files, "folders": folders}, file=root)


def _named(file: str, paths: list[str]) -> str:
    """The one of ``paths`` that a file is, or lies in."""
    return next(path for path in paths if file == path or file.startswith(f"{path}/"))


def _readable(root: Path) -> Iterator[Problem]:
    if root.stat().st_mode & 0o007:
        yield Problem("protection.readable", {"folder": str(root.resolve())}, file=root)


def _synced(root: Path) -> Iterator[Problem]:
    for folder in (root.resolve(), *root.resolve().parents):
        for service, name in _SERVICES.items():
            marked = any(next(folder.glob(mark), None) for mark in _MARKS.get(service, ()))
            if marked or name.fullmatch(folder.name):
                yield Problem("protection.synced", {"service": service, "folder": str(folder)})
                return
