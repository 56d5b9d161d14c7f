"""The closed questions of a study, and in which columns of the survey their answers stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from themecoder.settings.closed import ClosedSettings, MultipleSettings
from themecoder.settings.model import StudyConfig
from themecoder.survey.export import Export, ResponseSet

OTHER = "other"
"""The code of what was typed beside the options of a cell with several answers."""


def closed_questions(config: StudyConfig, export: Export) -> list[ClosedSettings]:
    """The closed questions of study.toml: ``[[closed]]``, and ``[[multiple]]`` with the labels that
    the export gives its columns."""
    labels = {column.name: column.label or column.name for column in export.columns}
    known = {question.id for question in config.closed}
    return [
        *config.closed,
        *(
            _of_multiple(multiple, labels, export.sets)
            for multiple in config.multiple
            if multiple.id not in known
        ),
    ]


def _of_multiple(
    multiple: MultipleSettings, labels: Mapping[str, str], sets: Iterable[ResponseSet]
) -> ClosedSettings:
    of_file = next((one for one in sets if set(one.columns) == set(multiple.columns)), None)
    shared: dict[str, Any] = {
        "id": multiple.id,
        "kind": "multiple",
        "label": multiple.label or multiple.id,
    }
    if multiple.asked is not None:
        shared["asked"] = multiple.asked
    if of_file is not None and of_file.kind == "mentions":
        return ClosedSettings(**shared, mentions=of_file.columns)
    ticked = multiple.ticked or ((of_file.counted,) if of_file and of_file.counted else ())
    options = {column: labels.get(column, column) for column in multiple.columns}
    return ClosedSettings(**shared, options=options, ticked=ticked)


def tick_columns(config: ClosedSettings) -> dict[str, str]:
    """code -> the column of the survey that says whether the code was chosen, of a question with
    several answers.

    The code of an option with a column of its own is that column. Where several answers stand in
    one cell, and of first and second mentions, the code is what stands there, and the column is
    made: ``waarvoor:Werk``.
    """
    if config.kind != "multiple":
        return {}
    if config.shape == "options":
        return {
            column: f"{config.id}:{column}" if column in config.filled else column
            for column in config.options
        }
    codes = [*config.options, *([OTHER] if config.other else []), *config.values]
    return {code: f"{config.id}:{code}" for code in dict.fromkeys(codes)}


def tick_labels(config: ClosedSettings) -> dict[str, str]:
    """code -> its label, of a question with several answers."""
    labels = dict(config.options) | dict(config.values)
    return labels | ({OTHER: config.other} if config.other else {})
