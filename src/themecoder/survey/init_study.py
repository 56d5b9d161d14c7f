"""``init``: from an export alone to a study.toml that a person corrects."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.progress import Progress, Silent, running
from themecoder.settings.paths import NOT_FOR_GIT, StudyPaths
from themecoder.storage.access import close_to_others, make_folder
from themecoder.storage.atomic import atomic, write_text
from themecoder.storage.git_ignore import ignore_in_git, pattern_of
from themecoder.survey.proposal.corrections import Corrections, check_corrections
from themecoder.survey.proposal.propose import StudyProposal, propose
from themecoder.survey.proposal.write import write_study_toml
from themecoder.survey.readers import ExportOptions, read_export
from themecoder.survey.readers.questionnaires import name_columns
from themecoder.survey.row_ids import file_hash


@dataclass(frozen=True, slots=True)
class StudyMade:
    """The study.toml that was written, what it proposes, the files that were copied for it."""

    file: Path
    proposal: StudyProposal
    copied: tuple[Path, ...] = ()


def init_study(
    export: Path,
    root: Path,
    *,
    language: str = "nl",
    force: bool = False,
    options: ExportOptions | None = None,
    questionnaire: Path | None = None,
    corrections: Corrections | None = None,
    ask: Callable[[StudyProposal], Corrections | None] | None = None,
    progress: Progress | None = None,
) -> StudyMade:
    """Look at an export and write ``study.toml`` in folder ``root``.

    Raises InputError where the export can't be read, and where a study.toml is there and ``force``
    is not given; with ``force`` the old one is kept as ``study.toml.bak``. ``corrections`` are what
    a person knows better; ``ask`` is shown each proposal and says what is wrong in it, None where
    nothing is.

    An export that lies outside of the study's folder is copied into its ``data/``.
    """
    file = root / "study.toml"
    if file.exists() and not force:
        raise InputError(Problem("cli.init.exists", file=file))
    given = [given for given in (export, questionnaire) if given is not None]
    if missing := [one for one in given if not one.exists()]:
        raise InputError(
            Problem("cli.init.no_export", {"near": _near(one)}, file=one) for one in missing
        )
    with running(progress or Silent(), "read"):
        read = read_export(export, options)
        if questionnaire is not None:
            read = name_columns(read, questionnaire)
        corrections = corrections or Corrections()
        check_corrections(corrections, read, None)
        proposal = propose(read, language, corrections)
    while ask is not None and (said := ask(proposal)) is not None:
        check_corrections(said, read, None)
        corrections = replace(
            corrections,
            kinds={**corrections.kinds, **said.kinds},
            id=said.id or corrections.id,
            language=said.language or corrections.language,
        )
        proposal = propose(read, language, corrections)
    # also where files outside may be used: a path of this machine says nothing on another
    copies = {one: copy_for(one, root) for one in given if not _is_in(one, root)}
    text = write_study_toml(
        proposal,
        language,
        file=_path_from_study(copies.get(export, export), root),
        sha256="" if proposal.id else file_hash(export),
        questionnaire=_path_from_study(copies.get(questionnaire, questionnaire), root)
        if questionnaire
        else "",
    )
    make_folder(root)
    _protect(root, copies.get(export, export), language)
    if file.is_file():
        _back_up(file)
    new = {source: copy for source, copy in copies.items() if not copy.is_file()}
    for source, copy in new.items():
        copy_whole(source, copy)
    write_text(file, text)
    return StudyMade(file, proposal, tuple(new.values()))


def _near(file: Path) -> str:
    """The files in the folder where one was looked for: those with a like name, else a few."""
    names = sorted(one.name for one in file.parent.glob("*") if one.is_file())
    return did_you_mean(file.name, names, most=5)


def copy_for(export: Path, root: Path) -> Path:
    """Where a file from outside is copied to. Raises InputError where another file is there."""
    copy = StudyPaths(root).data / export.name
    if copy.exists() and (not copy.is_file() or copy.read_bytes() != export.read_bytes()):
        raise InputError(Problem("cli.init.other_data", {"export": str(export)}, file=copy))
    return copy


def copy_whole(source: Path, copy: Path) -> None:
    """Copy a file whole or not at all."""
    with atomic(copy, "wb") as handle:
        handle.write(source.read_bytes())


def _protect(root: Path, export: Path, language: str) -> None:
    """Before anything is written: what is not for git is ignored, others can't look into the study,
    and nobody else reads answers that lie in it."""
    with contextlib.suppress(PermissionError):  # another user's: doctor tells of it
        root.chmod(root.stat().st_mode & 0o770)
    patterns = list(NOT_FOR_GIT)
    inside = Path(_path_from_study(export, root))
    if inside.parts[0] != "data":
        patterns.append(pattern_of(inside.as_posix()))
    # a copy that is still to be made is closed from its first byte
    for path in (root / inside, root / inside.parts[0]):
        if path.exists():
            close_to_others(path, deep=False)
    ignore_in_git(root, patterns, message("cli.init.not_for_git", language))


def _is_in(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root.resolve())


def _path_from_study(export: Path, root: Path) -> str:
    """The export's path as study.toml says it: relative to the study, in which it lies."""
    return export.resolve().relative_to(root.resolve()).as_posix()


def _back_up(file: Path) -> None:
    """Copy ``file`` to the first name with .bak behind it that is not taken."""
    target, number = file.with_name(file.name + ".bak"), 1
    while target.exists():
        number += 1
        target = file.with_name(f"{file.name}.bak{number}")
    write_text(target, file.read_text(encoding="utf-8"))
