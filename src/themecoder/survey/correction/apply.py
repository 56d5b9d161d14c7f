"""Corrections carried out in the text of a study.toml; see ``settings.toml_text``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean
from themecoder.settings.model import ROW_ID
from themecoder.settings.toml_text import with_entry, with_table, with_value, without
from themecoder.survey.correction.groups import attribute_of
from themecoder.survey.correction.model import (
    KINDS,
    Asked,
    Attribute,
    Bands,
    Coders,
    Correction,
    IdColumn,
    Include,
    Masking,
    Options,
    Questionnaire,
    TakeAs,
    Title,
    Wording,
)
from themecoder.survey.export import Export
from themecoder.survey.proposal.corrections import Corrections
from themecoder.survey.proposal.propose import propose
from themecoder.survey.proposal.write import (
    Comments,
    attribute_lines,
    closed_lines,
    question_lines,
)

_QUESTIONS = ("questions", "closed", "multiple")
_ARRAYS = (*_QUESTIONS, "attributes")
_BEHIND = ("closed", "multiple", "attributes", "questions", "survey")
"""Where a first table of a kind comes: behind the last of what is there, from the left."""


def corrected(
    text: str, corrections: Iterable[Correction], export: Export, language: str = "nl"
) -> str:
    """``text`` with ``corrections``, comments of new tables in ``language``.

    Raises InputError for a column or an id that is not there, and where the file is written in a
    way that can't be changed line by line. What the corrections say is not checked here.
    """
    for correction in corrections:
        text = _corrected(text, correction, export, language)
    return text


def _corrected(  # noqa: PLR0911  a correction a line
    text: str, correction: Correction, export: Export, language: str
) -> str:
    match correction:
        case Title(title):
            return with_value(text, ("title",), title)
        case Include(expression):
            return with_value(text, ("survey", "include"), expression)
        case Coders():
            return _with_coders(text, correction)
        case Questionnaire(file):
            return with_value(text, ("survey", "questionnaire"), file)
        case Masking():
            return _with_masking(text, correction)
        case Bands():
            return _with_bands(text, correction)
        case IdColumn(column):
            _check_columns([column], export)
            before = tomllib.loads(text)["survey"]["id"]
            text = without(text, ("survey", "sha256")) if before == ROW_ID else text
            return with_value(text, ("survey", "id"), column)
        case Attribute(column, used):
            _check_columns([column], export)
            return _with_attribute(text, column, used, export)
        case TakeAs(columns, kind):
            _check_columns(columns, export)
            return _taken_as(text, columns, kind, export, language)
        case _:
            return _with_words(text, correction)


def _with_coders(text: str, coders: Coders) -> str:
    text = with_value(text, ("coding", "coders"), coders.names)
    place = ("coding", "adjudicator")
    if coders.adjudicator is None:
        return text
    return (
        with_value(text, place, coders.adjudicator) if coders.adjudicator else without(text, place)
    )


def _with_masking(text: str, masking: Masking) -> str:
    for key in ("level", "allow", "forbid"):
        value = getattr(masking, key)
        if value is not None:
            text = with_value(text, ("masking", key), value)
    return text


def _with_bands(text: str, bands: Bands) -> str:
    bounds = [int(one) if one.is_integer() else one for one in map(float, bands.bounds)]
    for array, place, table in _found(text, bands.id, ("attributes",)):
        for other in ("values", "groups", *(() if bounds else ("bands",))):
            # one way alone makes the groups
            text = without(text, (array, place, other)) if other in table else text
        text = with_value(text, (array, place, "bands"), bounds) if bounds else text
    return text


def _with_words(text: str, correction: Asked | Wording | Options) -> str:
    """Every table with the id: an attribute may have that of the closed question it is made of."""
    match correction:
        case Asked(name, expression):
            for array, place, _ in _found(text, name, _QUESTIONS):
                text = with_value(text, (array, place, "asked"), expression)
        case Wording(name, words):
            for array, place, _ in _found(text, name):
                key = "text" if array in ("questions", "closed") else "label"
                text = with_value(text, (array, place, key), words)
        case Options(name, labels, rows):
            for array, place, table in _found(text, name, ("closed", "attributes")):
                part = _part(array, table, rows)
                if array == "closed" or part in table:
                    text = with_table(text, (array, place, part), labels)
    return text


def _check_columns(columns: Iterable[str], export: Export) -> None:
    names = [column.name for column in export.columns]
    problems = [
        Problem("proposal.answer_column", {"name": name, "near": did_you_mean(name, names)})
        for name in columns
        if name not in names
    ]
    if problems:
        raise InputError(problems)


def _found(
    text: str, name: str, arrays: Sequence[str] = _ARRAYS
) -> list[tuple[str, int, Mapping[str, Any]]]:
    """Where the tables with an id are, and what they say."""
    data = tomllib.loads(text)
    tables = [
        (array, place, table) for array in arrays for place, table in enumerate(data.get(array, ()))
    ]
    found = [one for one in tables if one[2].get("id") == name]
    if not found:
        known = [str(table.get("id", "")) for _, _, table in tables]
        params = {"found": name, "known": did_you_mean(name, known)}
        raise InputError(Problem("correct.unknown_id", params))
    return found


def _part(array: str, table: Mapping[str, Any], rows: bool) -> str:
    if rows:
        return "items"
    several = table.get("kind") == "multiple" and "mentions" not in table
    return "options" if array == "closed" and several else "values"


def _with_attribute(text: str, column: str, used: bool, export: Export) -> str:
    data = tomllib.loads(text)
    there = [
        place
        for place, table in enumerate(data.get("attributes", ()))
        if table.get("column", table.get("id")) == column
    ]
    if used and not there:
        attribute = attribute_of(column, export, _ids(data, ("attributes",)))
        lines = list(attribute_lines(attribute))[:-1]
        return with_entry(text, "attributes", lines, ("questions", "survey"))
    if not used:
        for place in reversed(there):
            text = without(text, ("attributes", place))
    return text


def _taken_as(text: str, columns: Sequence[str], kind: str, export: Export, language: str) -> str:
    if kind not in KINDS:
        raise InputError(Problem("correct.kind", {"found": kind, "known": ", ".join(KINDS)}))
    for column in columns:
        text = _not_taken(text, column)
        if kind not in ("single", "number"):
            text = _with_attribute(text, column, False, export)
    if kind == "nothing":
        return text
    proposal = propose(export, language, Corrections(dict.fromkeys(columns, kind)))
    comment = Comments(language)
    taken = _ids(tomllib.loads(text), _QUESTIONS)
    for question in proposal.questions:
        if question.column in columns:
            lines = list(question_lines(replace(question, id=_free(question.id, taken)), comment))
            text = with_entry(text, "questions", lines[:-1], ("survey",))
    for closed in proposal.closed:
        if not set(closed.columns).isdisjoint(columns):
            lines = list(closed_lines(replace(closed, id=_free(closed.id, taken)), comment))
            text = with_entry(text, "closed", lines[:-1], _BEHIND)
    return text


def _ids(data: Mapping[str, Any], arrays: Sequence[str]) -> set[str]:
    return {str(table.get("id")) for array in arrays for table in data.get(array, ())}


def _free(name: str, taken: set[str]) -> str:
    found, count = name, 2
    while found in taken:
        found, count = f"{name}-{count}", count + 1
    taken.add(found)
    return found


def _not_taken(text: str, column: str) -> str:
    """``text`` without the questions of a column, and without it among the columns of others."""
    data = tomllib.loads(text)
    for array in _QUESTIONS:
        for place, table in reversed(list(enumerate(data.get(array, ())))):
            if array != "multiple" and table.get("column", table.get("id")) == column:
                text = without(text, (array, place))
                continue
            for part in ("options", "items", "columns", "mentions", "filled"):
                among = table.get(part, ())
                if column not in among:
                    continue
                if len(among) == 1 and part != "filled":
                    text = without(text, (array, place))
                    break
                if isinstance(among, Mapping):
                    text = without(text, (array, place, part, column))
                else:
                    left = [name for name in among if name != column]
                    text = with_value(text, (array, place, part), left)
    return text
