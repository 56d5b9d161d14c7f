"""``themecoder demo``: the shipped study from its export to the report, on any system."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from themecoder.console import errors, language_of
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.run.command import run
from themecoder.settings.paths import NOT_FOR_GIT
from themecoder.storage.access import make_folder
from themecoder.storage.git_ignore import ignore_in_git

_PACKAGE = Path(__file__).parents[1]
_PLACES = (_PACKAGE / "demo_study", _PACKAGE.parents[1])
"""In an installed package; in a clone."""
_PARTS = (
    "study.toml",
    "data",
    "codebooks",
    "annotations",
    "reports/quoted_figures.csv",
    "reports/claims.csv",
    "notebooks/01_candidate_themes.ipynb",
    "notebooks/02_coding_and_agreement.ipynb",
    "notebooks/03_counts_and_report.ipynb",
)


def demo(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER")] = Path("themecoder-demo"),
) -> None:
    """Copy the shipped study into a folder and take it from its export to the report.

    What it shows is synthetic. A folder that is there from an earlier demo is gone on with.
    """
    with errors(folder):
        language = language_of(folder)
        if copy_shipped_study(folder, language):
            typer.echo(message("cli.demo.copied", language, folder=folder))
    run(study=folder)


def copy_shipped_study(folder: Path, language: str) -> bool:
    """Make ``folder`` the shipped study, and keep from git what no study gives it; whether it was
    not so before. Raises InputError where the folder holds something else."""
    source = next((place for place in _PLACES if (place / "study.toml").is_file()), None)
    if source is None:
        raise InputError(Problem("cli.demo.no_study"))
    under_way = folder / ".themecoder-demo"
    if not under_way.exists():
        if (folder / "study.toml").exists():
            return False
        if folder.exists() and any(folder.iterdir()):
            raise InputError(Problem("cli.demo.not_empty", file=folder))
    make_folder(folder)
    under_way.touch()  # a copy that is broken off is made anew
    ignore_in_git(folder, NOT_FOR_GIT, message("cli.init.not_for_git", language))
    for part, target in _copied(source, folder):
        make_folder(target.parent)
        shutil.copyfile(part, target)
    under_way.unlink()
    return True


def _copied(source: Path, folder: Path) -> Iterator[tuple[Path, Path]]:
    """What of the shipped study goes where; study.toml last, so that a copy that was broken off is
    none."""
    for name in reversed(_PARTS):
        part = source / name
        files = sorted(part.rglob("*")) if part.is_dir() else [part]
        for file in files:
            if file.is_file():
                yield file, folder / file.relative_to(source)
