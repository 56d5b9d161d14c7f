"""Codes as columns beside those of the export, so that an expression can be about what people said:
``[q18:privacy] and q23<30``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.counts.count_rows import CONTENT
from themecoder.counts.layout import CodeTable
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.tables import open_table
from themecoder.survey.export import Column, Export
from themecoder.workspace.folder import StudyFolder


def coded_columns(study: StudyFolder, book: Codebook | None) -> tuple[str, ...]:
    """The names: ``<question>:<code>``, also of ``any`` and ``net:<group>``, and of ``all``
    questions together."""
    if book is None:
        return ()
    rows = open_table(CodedQuestion("", (), frozenset(), {}), book).rows
    return tuple(
        f"{question}:{row}" for question in (*study.questions, ALL_QUESTIONS) for row in rows
    )


def with_codes(
    study: StudyFolder,
    export: Export,
    book: Codebook,
    names: Sequence[str],
    parts: Sequence[CodedQuestion],
) -> Export:
    """The export with a column for each of ``names``.

    A cell is 1 or 0 for a respondent who was asked, and empty for one who was not or whose answer
    has content and is not coded. ``parts`` is the coding of every question; without it all cells
    are empty.
    """
    import pandas

    whole = pool(parts, ALL_QUESTIONS, of_content=study.config.counts.base == CONTENT)
    tables = {part.question: open_table(part, book) for part in (*parts, whole)} if parts else {}
    ids = [str(cell).strip() for cell in export.frame[study.config.survey.id].tolist()]
    cells = {name: _cells(tables, name, ids) for name in names}
    frame = pandas.DataFrame(cells, index=export.frame.index, dtype=object)
    return replace(
        export,
        columns=(*export.columns, *(Column(name) for name in names)),
        frame=pandas.concat([export.frame, frame], axis=1),
    )


def _cells(tables: Mapping[str, CodeTable], name: str, ids: Sequence[str]) -> list[str | None]:
    question, _, row = name.partition(":")
    table = tables.get(question)
    if table is None:
        return [None] * len(ids)
    coded = table.coded
    having = coded.having(table.rows[row])
    known = frozenset(coded.asked) - (coded.content - frozenset(coded.codes))
    return [_cell(respondent, having, known) for respondent in ids]


def _cell(respondent: str, having: Collection[str], known: Collection[str]) -> str | None:
    return "1" if respondent in having else "0" if respondent in known else None
