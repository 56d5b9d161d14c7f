"""Coding sheets of a study: per coder the answers that the plan gives her, in her order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from themecoder.coding.exchange.beside import Beside, beside
from themecoder.coding.exchange.formats.coding_sheet import is_untouched
from themecoder.coding.exchange.formats.coding_sheet_workbook import CodingSheet, sheet_workbook
from themecoder.coding.exchange.sheet_rows import SheetRow, coding_mark
from themecoder.coding.exchange.study_outgoing import on_masked
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.planning import plan_recoding
from themecoder.coding.read import coding_by_coder
from themecoder.coding.suggestions.shown import shown_suggestions
from themecoder.coding.suggestions.study_suggestions import kept_suggestions
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
        planned = _last_rounds(study, coders, questions)
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


def _last_rounds(
    study: StudyFolder, coders: Sequence[str], questions: Sequence[str]
) -> dict[str, list[Planned]]:
    """coder -> what is planned, the last round of each answer, in her order."""
    file = study.paths.plan
    rows = [row for row in read_plan(file) if not questions or row.question in questions]
    known = sorted({row.coder for row in rows})
    missing = [coder for coder in coders if coder not in known]
    if missing or not rows:
        wanted = ", ".join(questions or study.questions)
        none = Problem("plan.none", {"question": wanted}, file=file)
        params = {"known": ", ".join(known) or "-"}
        unknown = [Problem("sheet.coder", {"coder": coder, **params}) for coder in missing]
        raise InputError(unknown if rows else none)
    last: dict[tuple[str, str], Planned] = {}
    for row in sorted(rows, key=lambda row: row.round):
        last[row.coder, row.answer_id] = row
    order = {question: place for place, question in enumerate(study.questions)}
    found: dict[str, list[Planned]] = {coder: [] for coder in coders or known}
    for (coder, _), row in last.items():
        if coder in found:
            found[coder].append(row)
    return {
        coder: sorted(own, key=lambda r: (order.get(r.question, 0), r.round, r.place, r.answer_id))
        for coder, own in found.items()
    }


def _sheet(
    study: StudyFolder, coder: str, planned: Sequence[Planned], columns: Sequence[Beside]
) -> CodingSheet:
    folder = study.codebooks
    if not folder.versions:
        raise InputError(Problem("codebook.nothing_released", file=folder.folder))
    book = folder.read(folder.versions[-1])
    texts = study.masked_texts()
    gone = sorted({row.answer_id for row in planned} - set(texts))
    if gone:
        params = {"n": len(gone), "answers": ", ".join(gone[:5])}
        raise InputError(Problem("plan.gone", params, file=study.paths.plan))
    usable = {code.id for code in book.usable}
    questions = list(dict.fromkeys(row.question for row in planned))
    coded: dict[str, Coding] = {}
    suggested: dict[str, list[tuple[str, float]]] = {}
    for question in questions:
        own = coding_by_coder(study, question).get(coder, ())
        if any(coding.codebook != book.version for coding in own):
            raise InputError(Problem("sheet.migrate", {"version": book.version}))
        coded |= {coding.answer_id: coding for coding in own}
        if not all(row.blind for row in planned if row.question == question):
            suggested |= kept_suggestions(study, question)
    rows = []
    for row in planned:
        masked, coding = texts[row.answer_id], coded.get(row.answer_id)
        who = row.answer_id.rpartition(":")[0]
        shown = shown_suggestions(suggested.get(row.answer_id, ()), usable)
        again = coding is not None and coding.round < row.round
        rows.append(
            SheetRow(
                row.answer_id,
                row.question,
                row.round,
                masked.masked,
                row.note,
                tuple(column.of.get(who, "") for column in columns),
                None if row.blind or not shown else tuple(code for code, _ in shown),
                None if coding is None or again else on_masked(coding, masked)[0],
                None if coding is None else coding_mark(coding),
            )
        )
    wordings = {one.id: one.text or one.label for one in study.config.questions}
    return CodingSheet(
        study.config.id,
        coder,
        study.config.interface_language,
        book,
        {question: wordings[question] for question in questions},
        tuple(column.label for column in columns),
        tuple(rows),
    )
