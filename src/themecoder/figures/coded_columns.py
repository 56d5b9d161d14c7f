"""Codes as columns beside those of the export, so that an expression can be about what people said:
``[q18:privacy] and q23<30``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.counts.count_rows import CONTENT, respondents_by_row
from themecoder.counts.estimate import EstimatedShares
from themecoder.counts.layout import CodeTable
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.counts.tables import open_table
from themecoder.survey.export import Column, Export
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    from themecoder.figures.quoted.figures import Estimate, Flags


def coded_columns(study: StudyFolder, book: Codebook | None) -> tuple[str, ...]:
    """The names: ``<question>:<code>``, also of ``any``, ``net:<group>`` and values of codes
    (``<code>=<value>``), and of ``all`` questions together."""
    return () if book is None else tuple(codes_of_columns(study, book))


def codes_of_columns(study: StudyFolder, book: Codebook) -> dict[str, tuple[str, ...]]:
    """name -> the codes of which any makes a respondent count."""
    nothing = CodedQuestion("", (), frozenset(), {})
    rows = {question: open_table(nothing, book).rows for question in study.questions}
    rows[ALL_QUESTIONS] = open_table(nothing, book, with_values=False).rows
    return {
        f"{question}:{row}": tuple(codes)
        for question, own in rows.items()
        for row, codes in own.items()
    }


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

    tables = {part.question: open_table(part, book) for part in with_pool(study, parts)}
    ids = respondents_of(study, export)
    cells = {name: _cells(tables, name, ids) for name in names}
    frame = pandas.DataFrame(cells, index=export.frame.index, dtype=object)
    return replace(
        export,
        columns=(*export.columns, *(Column(name) for name in names)),
        frame=pandas.concat([export.frame, frame], axis=1),
    )


def with_pool(study: StudyFolder, parts: Sequence[CodedQuestion]) -> list[CodedQuestion]:
    """The questions, and all of them as one."""
    of_content = study.config.counts.base == CONTENT
    return [*parts, pool(parts, ALL_QUESTIONS, of_content=of_content)] if parts else []


def respondents_of(study: StudyFolder, export: Export) -> list[str]:
    """The respondent of each row of the export."""
    return [str(cell).strip() for cell in export.frame[study.config.survey.id].tolist()]


def estimate_of(part: CodedQuestion, ids: Sequence[str], level: float) -> Estimate:
    """A function of ``having`` and ``base``, (n,) bool each, to the share of the one in the other.

    It is what the counts estimate where answers of ``part`` are not coded, and None where none in
    the base is. ``ids`` (n,): the respondent of each row.
    """

    def share(having: Flags, base: Flags) -> Fraction | None:
        everyone = frozenset(who for who, here in zip(ids, base, strict=True) if here)
        own = frozenset(who for who, here in zip(ids, having & base, strict=True) if here)
        if not everyone & part.uncoded:
            return Fraction(len(own), len(everyone))
        shares = EstimatedShares.of(part, everyone)
        return None if shares is None else Fraction(shares.share(own, level).percent) / 100

    return share


def _cells(tables: Mapping[str, CodeTable], name: str, ids: Sequence[str]) -> list[str | None]:
    question, _, row = name.partition(":")
    table = tables.get(question)
    if table is None:
        return [None] * len(ids)
    coded = table.coded
    having = respondents_by_row(table)[row]
    known = frozenset(coded.asked) - coded.uncoded
    return [_cell(respondent, having, known) for respondent in ids]


def _cell(respondent: str, having: Collection[str], known: Collection[str]) -> str | None:
    return "1" if respondent in having else "0" if respondent in known else None
