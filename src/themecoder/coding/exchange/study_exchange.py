"""Coding from and to other tools, as a notebook asks for it: ``study.exchange``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.coding.exchange.coders import CoderNames
from themecoder.coding.exchange.reading import ReadingOptions
from themecoder.coding.exchange.study_export import Exported, export_coding
from themecoder.coding.exchange.study_import import (
    CodingImport,
    ImportOptions,
    plan_coding_import,
    require_taken,
    write_coding_import,
)
from themecoder.coding.exchange.study_sheet import WrittenSheet, write_sheets
from themecoder.workspace.folder import StudyFolder


class CodingExchange:
    """Export, import and workbooks of one study.

    >>> study.exchange.export("coding.qdpx", questions=["q18"])
    >>> study.exchange.take_over("pilot.xlsx", question="q18", coders=["anna"]).plan.added
    """

    def __init__(self, study: StudyFolder) -> None:
        self._study = study

    def export(
        self,
        file: str | Path,
        form: str | None = None,
        questions: Sequence[str] = (),
        source: str | None = None,
        with_columns: Sequence[str] = (),
    ) -> Exported:
        """Write the coding of ``questions`` (all), masked: each coder's own, or that of ``source``.

        A bare name is a file in ``reports/internal/``. ``form``: xlsx, csv, matrix, sav,
        label-studio or qdpx, by the file's ending where it is None. ``with_columns``: attributes
        and closed questions beside the answers, or ``all``.
        """
        return export_coding(self._study, str(file), form, questions, source, with_columns)

    def sheets(
        self,
        coders: Sequence[str] = (),
        questions: Sequence[str] = (),
        with_columns: Sequence[str] = (),
        ticks: bool = False,
        folder: Path | None = None,
    ) -> list[WrittenSheet]:
        """Write a workbook per coder of the plan to code in, into ``reports/internal/`` or
        ``folder``; ``ticks``: with a column per code."""
        return write_sheets(self._study, coders, questions, with_columns, ticks, folder)

    def take_over(
        self,
        file: str | Path,
        question: str = "",
        coders: Sequence[str] = (),
        *,
        reading: ReadingOptions | None = None,
        codebook: str = "",
        mapping: Path | None = None,
        apply: bool = False,
        partial: bool = False,
    ) -> CodingImport:
        """What coding in a file of another tool would add, and write it with ``apply``.

        ``question`` of answers that name none; ``coders``: ``anna``, or ``Anna V.=anna``;
        ``reading``: what is to be said of columns and cells; ``codebook``: the version that it was
        coded with; ``mapping``: a file that says which code is which. With ``apply`` InputError is
        raised for all that can't be taken over, unless ``partial``, which takes the rest.
        """
        said = reading or ReadingOptions()
        options = ImportOptions(
            replace(said, question=question or said.question),
            CoderNames.parse(coders),
            codebook,
            mapping,
        )
        with self._study.locked():
            planned = plan_coding_import(self._study, Path(file), options)
            if apply:
                require_taken(planned, partial)
                write_coding_import(self._study, planned)
        return planned
