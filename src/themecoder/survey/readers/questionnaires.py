"""Questionnaires that name questions and options: XLSForms and REDCap data dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from themecoder.errors import InputError, Problem
from themecoder.survey.export import Column, Export
from themecoder.survey.grid import ExportOptions, Grid
from themecoder.survey.readers import delimited, tables
from themecoder.survey.readers.kinds import kind_of

_TAGS = re.compile(r"<[^<>]{1,200}>")
_YES_NO = {"1": "Yes", "0": "No"}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a questionnaire; ``choices``: code -> its words, of ``several`` if so."""

    label: str
    choices: Mapping[str, str] = field(default_factory=dict)
    several: bool = False


def is_questionnaire(file: Path) -> bool:
    """Whether a file is a questionnaire that can be read here: others are only for reference."""
    return file.suffix.lower() in (".xlsx", ".csv") and bool(_read(file))


def name_columns(export: Export, file: Path) -> Export:
    """The export with the wordings and labels of a questionnaire.

    Raises InputError where the file is neither an XLSForm nor a REDCap data dictionary.
    """
    questions = _read(file)
    if not questions:
        raise InputError(Problem("readers.no_questionnaire", file=file))
    return replace(export, columns=tuple(_named(column, questions) for column in export.columns))


def _read(file: Path) -> dict[str, Asked]:
    if kind_of(file) == "xlsx":
        try:
            return dict(_xlsform(file))
        except InputError:
            return {}
    grid, _ = delimited.read_delimited(file, ExportOptions())
    return dict(_redcap(grid))


def _named(column: Column, questions: Mapping[str, Asked]) -> Column:
    """A column with its wording: found by its name, by the last part of a path, or as an option of
    a question with several answers (``question/option``, ``question___1``)."""
    name = column.name
    asked = questions.get(name) or questions.get(name.rpartition("/")[2])
    if asked is not None:
        return replace(
            column, label=asked.label or column.label, values={**column.values, **asked.choices}
        )
    for mark in ("___", "/"):
        question, _, option = name.rpartition(mark)
        asked = questions.get(question) or questions.get(question.rpartition("/")[2])
        if question and asked is not None and asked.several:
            words = asked.choices.get(option, option)
            return replace(column, label=f"{asked.label} - {words}", group=question)
    return column


def _xlsform(file: Path) -> Iterator[tuple[str, Asked]]:
    """The questions of an XLSForm: https://xlsform.org, sheets survey and choices."""
    lists: dict[str, dict[str, str]] = {}
    for row in _records(tables.read_excel(file, ExportOptions(sheet="choices", heading=1))[0]):
        name = row.get("list_name") or row.get("list name") or ""
        lists.setdefault(name, {})[row.get("name", "")] = _label(row) or row.get("name", "")
    for row in _records(tables.read_excel(file, ExportOptions(sheet="survey", heading=1))[0]):
        kind, _, source = row.get("type", "").partition(" ")
        if not row.get("name") or kind.startswith(("begin", "end")):
            continue
        choices = lists.get(source.split(" ")[0], {}) if kind.startswith("select") else {}
        yield row["name"], Asked(_label(row), choices, kind == "select_multiple")


def _label(row: Mapping[str, str]) -> str:
    """The wording, in the first language that the form has."""
    found = next((row[key] for key in row if key.partition("::")[0] == "label" and row[key]), "")
    return _plain(found)


def _redcap(grid: Grid) -> Iterator[tuple[str, Asked]]:
    """The fields of a REDCap data dictionary; none where the table is something else."""
    for row in _records(grid):
        name = row.get("variable / field name") or row.get("field_name") or ""
        kind = row.get("field type") or row.get("field_type") or ""
        if not name or not kind:
            return
        listed = (
            row.get("choices, calculations, or slider labels")
            or row.get("select_choices_or_calculations")
            or ""
        )
        choices: dict[str, str] = {}
        if kind in ("radio", "dropdown", "checkbox"):
            for part in listed.split("|"):
                code, _, words = part.partition(",")
                if code.strip():
                    # a minus sign can stand in no name of a column
                    key = code.strip().replace("-", "_") if kind == "checkbox" else code.strip()
                    choices[key.lower() if kind == "checkbox" else key] = _plain(words)
        elif kind in ("yesno", "truefalse"):
            choices = dict(_YES_NO)
        label = row.get("field label") or row.get("field_label") or ""
        yield name, Asked(_plain(label), choices, kind == "checkbox")


def _records(grid: Grid) -> Iterator[dict[str, str]]:
    names = [name.strip().casefold() for name in grid.header]
    for row in grid.rows:
        yield {name: (cell or "").strip() for name, cell in zip(names, row, strict=True)}


def _plain(text: str) -> str:
    return " ".join(_TAGS.sub(" ", text).split())
