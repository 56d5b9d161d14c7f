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

_FOLDERS = {"codebooks": ("", 0), "annotations": (".jsonl", 3), "suggestions": (".csv", 0)}
"""The folders that are read besides study.toml and the export, each with the ending of its files'
names and the number of names in their paths (0: any), which excludes annotations/history."""


@dataclass(frozen=True, slots=True)
class AtRevision:
    """A study at a revision. ``export``: the file that study.toml names there. ``export_here``:
    that file is not in the commit, so that the one in the folder is read instead."""

    study: StudyFolder
    revision: Revision
    export: str
    export_here: bool


@contextmanager
def at_revision(study: StudyFolder, name: str) -> Iterator[AtRevision]:
    """``study`` as it was at revision ``name``; its files are in a temporary folder, which is
    removed when the block ends.

    Coding, codebook, suggestions and study.toml are those of the commit. So is the export where it
    is in git; otherwise it is the one in the folder. Problems that are raised in the block name the
    revision. Raises InputError where the commit can't be read, or the export is in neither place.
    """
    commit = revision(study.paths.root, name)
    with tempfile.TemporaryDirectory(prefix="themecoder-") as temporary:
        folder = Path(temporary)
        file = StudyPaths(folder).config
        with _problems_located(folder, commit):
            commit.write(_needed_files(commit), folder)
            named = _survey_files(file)
            commit.write([path for path in named if commit.has(path)], folder)
            export = next(iter(named), "")
            here = not commit.has(export)
            if export and here and not (study.paths.root / export).is_file():
                params = {"name": export, "revision": name}
                raise InputError(Problem("diff.no_export", params, file=file))
            config = load_study(folder, also=[study.paths.root])
            if here:  # read in its own place, so that what is kept out of git is never copied
                absolute = str((study.paths.root / export).resolve())
                survey = config.survey.model_copy(update={"file": absolute})
                config = config.model_copy(update={"survey": survey})
            yield AtRevision(StudyFolder(folder, config, study.progress), commit, export, here)


def _needed_files(commit: Revision) -> list[str]:
    """The files of a commit that the study's counts rest on, study.toml and export apart."""
    needed = ["study.toml"]
    for path in commit.entries:
        folder, *rest = path.split("/")
        ending, names = _FOLDERS.get(folder, ("/", 0))
        # a link or a submodule with the name of a folder is needed too: reading it raises an error
        if (path.endswith(ending) and names in (0, 1 + len(rest))) or path in _FOLDERS:
            needed.append(path)
    return sorted(needed)


def _survey_files(file: Path) -> list[str]:
    """The export and the questionnaire that a study.toml names; none where it has mistakes, which
    are reported when it is read as a whole."""
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
        named = [raw["survey"][key] for key in ("file", "questionnaire") if key in raw["survey"]]
        return [posixpath.normpath(name) for name in named if name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return []


@contextmanager
def _problems_located(folder: Path, commit: Revision) -> Iterator[None]:
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
                    place = commit.place(Path(place).relative_to(root).as_posix())
            problems.append(replace(problem, file=place))
        raise type(error)(problems) from None
