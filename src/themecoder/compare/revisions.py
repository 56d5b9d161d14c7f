"""A study opened as it was at a revision in git."""

from __future__ import annotations

import posixpath
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.errors import InputError, Problem, ThemecoderError
from themecoder.settings.load import load_study
from themecoder.settings.paths import StudyPaths
from themecoder.storage.git import Revision, revision
from themecoder.workspace.folder import StudyFolder

_FOLDERS = {"codebooks": ("", 0), "annotations": (".jsonl", 3), "suggestions": (".csv", 2)}
"""What is read of a study besides study.toml and its export: the ending of a file's name, and how
many names its path has (0: any), so that annotations/history is not among them."""


@dataclass(frozen=True, slots=True)
class AtRevision:
    """A study at a revision. ``export``: the file that study.toml names there. ``export_here``: it
    is not in that commit, and the one that is in the folder now is read instead."""

    study: StudyFolder
    revision: Revision
    export: str
    export_here: bool


@contextmanager
def at_revision(study: StudyFolder, name: str) -> Iterator[AtRevision]:
    """``study`` as it was at revision ``name``; its files are in a temporary folder, which is
    removed when the block ends.

    Coding, codebook, suggestions and study.toml are those of the commit. So is the export where it
    is in git; else it is the one that is here. Problems found in the block name the revision.
    Raises InputError where the commit can't be read, or the export is neither there nor here.
    """
    found = revision(study.paths.root, name)
    with tempfile.TemporaryDirectory(prefix="themecoder-") as temporary:
        folder = Path(temporary)
        file = StudyPaths(folder).config
        with _located(folder, found):
            found.write(_needed(found), folder)
            named = _named(file)
            found.write([one for one in named if found.has(one)], folder)
            export = next(iter(named), "")
            here = not found.has(export)
            if export and here and not (study.paths.root / export).is_file():
                params = {"name": export, "revision": name}
                raise InputError(Problem("diff.no_export", params, file=file))
            config = load_study(folder, also=[study.paths.root])
            if here:  # read where it is: a copy of what is kept out of git is made nowhere
                away = str((study.paths.root / export).resolve())
                survey = config.survey.model_copy(update={"file": away})
                config = config.model_copy(update={"survey": survey})
            yield AtRevision(StudyFolder(folder, config, study.progress), found, export, here)


def _needed(found: Revision) -> list[str]:
    """The files of a commit that the study's counts rest on, study.toml and export apart."""
    wanted = ["study.toml"]
    for path in found.entries:
        folder, *rest = path.split("/")
        ending, names = _FOLDERS.get(folder, ("/", 0))
        # a folder that is a link or a submodule has no files in the commit: reading it tells
        if (path.endswith(ending) and names in (0, 1 + len(rest))) or path in _FOLDERS:
            wanted.append(path)
    return sorted(wanted)


def _named(file: Path) -> list[str]:
    """The export and the questionnaire that a study.toml names; what is wrong in it is told when it
    is read as a whole."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        named = [raw["survey"][key] for key in ("file", "questionnaire") if key in raw["survey"]]
        return [posixpath.normpath(one) for one in named if one]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


@contextmanager
def _located(folder: Path, found: Revision) -> Iterator[None]:
    """Problems in files below ``folder`` name the file and the revision that it is of."""
    try:
        yield
    except ThemecoderError as error:
        roots = (folder, folder.resolve())
        problems = []
        for problem in error.problems:
            place = problem.file
            for root in roots:
                if place is not None and Path(place).is_relative_to(root):
                    place = found.place(Path(place).relative_to(root).as_posix())
            problems.append(replace(problem, file=place))
        raise type(error)(problems) from None
