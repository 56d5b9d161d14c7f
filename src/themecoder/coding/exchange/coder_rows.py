"""The answers that the plan gives a coder, as she may see them: with her own coding, and with
suggestions where the answer is not coded blind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from themecoder.codebook.model import Codebook
from themecoder.coding.exchange.beside import Beside
from themecoder.coding.exchange.sheet_rows import SheetRow, coding_mark
from themecoder.coding.exchange.study_outgoing import on_masked
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coding_by_coder
from themecoder.coding.suggestions.shown import shown_suggestions
from themecoder.coding.suggestions.study_suggestions import kept_suggestions
from themecoder.errors import InputError, Problem
from themecoder.workspace.folder import StudyFolder


@dataclass(frozen=True, slots=True)
class CoderRows:
    """A coder's planned answers in her order, and the version of the codebook that she codes by."""

    book: Codebook
    rows: tuple[SheetRow, ...]


def last_rounds(
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


def coder_rows(
    study: StudyFolder, coder: str, planned: Sequence[Planned], columns: Sequence[Beside] = ()
) -> CoderRows:
    """The rows of what is ``planned`` for a coder, with ``columns`` beside the answers. Raises
    InputError where nothing is released, where planned answers are gone, and where her coding is of
    an older version of the codebook."""
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
    return CoderRows(book, tuple(rows))
