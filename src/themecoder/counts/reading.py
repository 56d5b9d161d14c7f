"""How the closed questions of an export were read: their counts beside the cells, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from themecoder.counts.breakdowns import code_labels
from themecoder.counts.study_tables import closed_question_table
from themecoder.counts.tables import ANY
from themecoder.expressions.cells import is_empty, number
from themecoder.settings.closed import ClosedSettings
from themecoder.survey.closed import tick_columns
from themecoder.workspace.folder import StudyFolder

_SHOWN = 4


@dataclass(frozen=True, slots=True)
class ReadRow:
    """An answer to a closed question, or all answers (``code`` "any"), as it was read.

    ``n`` of the ``base_n`` respondents who were asked; ``cells``: what stands in the file, the most
    frequent first, each with how often it does; None stands for an empty cell.
    """

    question: str
    kind: str
    code: str
    label: str
    n: int
    base_n: int
    cells: tuple[tuple[str | None, int], ...]


def closed_as_read(study: StudyFolder) -> list[ReadRow]:
    """Every answer to every closed question, in the order of study.toml."""
    return [row for question in study.survey.closed for row in _rows(study, question)]


def _rows(study: StudyFolder, config: ClosedSettings) -> Iterable[ReadRow]:
    asked = study.survey.members(config.asked)
    if config.kind == "number":
        cells = _cells(study, config.column, asked, typed=False)
        n = sum(count for cell, count in cells.items() if cell and number(cell) is not None)
        typed = _cells(study, config.column, asked)
        yield ReadRow(config.id, config.kind, ANY, config.label, n, len(asked), _most(typed))
        return
    table = closed_question_table(study, config)
    labels = code_labels(study, None, [table])
    having = Counter(code for codes in table.coded.codes.values() for code in codes)
    for code, members in table.rows.items():
        n = (
            having[code]
            if members == (code,)
            else sum(not codes.isdisjoint(members) for codes in table.coded.codes.values())
        )
        column = _column_of(config, code)
        shown = _most(_cells(study, column, asked)) if column else ()
        yield ReadRow(
            config.id,
            config.kind,
            code,
            labels[config.id, code],
            n,
            len(asked),
            shown,
        )


def _column_of(config: ClosedSettings, code: str) -> str | None:
    """The column of the file in which a code is to be seen by itself."""
    if config.shape == "options":
        return code if code in tick_columns(config) else None
    if config.shape == "matrix":
        return code if code in config.items else None
    return config.column if code == ANY and config.shape in ("joined", "single") else None


def _cells(
    study: StudyFolder, column: str, asked: Iterable[str], *, typed: bool = True
) -> Counter[str | None]:
    frame = study.survey.typed if typed else study.survey.frame
    assert frame is not None
    own = frame[column]
    cells = own.loc[list(asked)].tolist()
    return Counter(None if is_empty(cell) else str(cell) for cell in cells)


def _most(cells: Counter[str | None]) -> tuple[tuple[str | None, int], ...]:
    """The cells that stand there most often; of the same often, in order of text."""
    ordered = sorted(cells.items(), key=lambda pair: (-pair[1], pair[0] is None, pair[0] or ""))
    return tuple(ordered[:_SHOWN])
