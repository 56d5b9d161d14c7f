"""``init``: from an export alone to a study.toml that a person corrects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.progress import Progress, Silent, running
from themecoder.storage.atomic import write_text
from themecoder.survey.proposal.corrections import Corrections, check_corrections
from themecoder.survey.proposal.propose import StudyProposal, propose
from themecoder.survey.proposal.write import write_study_toml
from themecoder.survey.readers import ExportOptions, read_export
from themecoder.survey.readers.questionnaires import name_columns
from themecoder.survey.row_ids import file_hash


@dataclass(frozen=True, slots=True)
class StudyMade:
    """The study.toml that was written, and what it proposes."""

    file: Path
    proposal: StudyProposal


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
    """
    file = root / "study.toml"
    if file.exists() and not force:
        raise InputError(Problem("cli.init.exists", file=file))
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
    text = write_study_toml(
        proposal,
        language,
        file=_path_from_study(export, root),
        sha256="" if proposal.id else file_hash(export),
        questionnaire=_path_from_study(questionnaire, root) if questionnaire else "",
    )
    if file.is_file():
        _back_up(file)
    write_text(file, text)
    return StudyMade(file, proposal)


def _path_from_study(export: Path, root: Path) -> str:
    """The export's path as study.toml says it: relative to the study where it lies in it."""
    try:
        return export.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return export.resolve().as_posix()


def _back_up(file: Path) -> None:
    """Copy ``file`` to the first name with .bak behind it that is not taken."""
    target, number = file.with_name(file.name + ".bak"), 1
    while target.exists():
        number += 1
        target = file.with_name(f"{file.name}.bak{number}")
    write_text(target, file.read_text(encoding="utf-8"))
