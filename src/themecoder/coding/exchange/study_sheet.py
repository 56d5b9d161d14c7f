"""Coding sheets of a study: per coder the answers that the plan gives her, in her order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themecoder.coding.exchange.beside import Beside, beside
from themecoder.coding.exchange.coder_rows import coder_rows, last_rounds
from themecoder.coding.exchange.formats.coding_sheet import is_untouched
from themecoder.coding.exchange.formats.coding_sheet_workbook import CodingSheet, sheet_workbook
from themecoder.coding.plan import Planned
from themecoder.coding.planning import plan_recoding
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import write_together
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice


@dataclass(frozen=True, slots=True)
class WrittenSheet:
    """A coder's sheet: how many ``answers``, how many of them she has coded (``filled``), and how
    many are planned to be coded ``blind``."""

    coder: str
    file: Path
    answers: int
    filled: int
    blind: int


def write_sheets(
    study: StudyFolder,
    coders: Sequence[str] = (),
    questions: Sequence[str] = (),
    with_columns: Sequence[str] = (),
    ticks: bool = False,
    folder: Path | None = None,
) -> list[WrittenSheet]:
    """Write a workbook for each of ``coders`` (all of the plan) into ``folder``, by default
    ``reports/internal/``.

    What she has coded is filled in. Raises InputError where nothing is planned, where coding is to
    be migrated first, and where a sheet is in the way in which somebody has worked.
    """
    with study.locked():
        for question in [study.question(one) for one in questions] or study.questions:
            plan_recoding(study, question)
        planned = last_rounds(study, coders, questions)
        columns = beside(study, with_columns)
        target = folder or study.paths.internal
        sheets = {coder: _sheet(study, coder, rows, columns) for coder, rows in planned.items()}
        files = {coder: target / _name(study, coder) for coder in sheets}
        worked_in = [file for file in files.values() if file.exists() and not is_untouched(file)]
        if worked_in:
            raise InputError([Problem("sheet.worked_in", file=file) for file in worked_in])
        contents: dict[str, str | bytes] = {
            files[coder].name: sheet_workbook(sheet, ticks) for coder, sheet in sheets.items()
        }
        language = study.config.interface_language
        if folder is None:
            contents[INTERNAL_NOTICE] = internal_notice(language)
        write_together(target, contents)
    return [
        WrittenSheet(
            coder,
            files[coder],
            len(sheet.rows),
            sum(row.coding is not None for row in sheet.rows),
            sum(row.blind for row in planned[coder]),
        )
        for coder, sheet in sheets.items()
    ]


def _name(study: StudyFolder, coder: str) -> str:
    return f"coding_{study.config.id}_{coder}.xlsx"


def _sheet(
    study: StudyFolder, coder: str, planned: Sequence[Planned], columns: Sequence[Beside]
) -> CodingSheet:
    made = coder_rows(study, coder, planned, columns)
    questions = list(dict.fromkeys(row.question for row in planned))
    wordings = {one.id: one.text or one.label for one in study.config.questions}
    return CodingSheet(
        study.config.id,
        coder,
        study.config.interface_language,
        made.book,
        {question: wordings[question] for question in questions},
        tuple(column.label for column in columns),
        made.rows,
    )
