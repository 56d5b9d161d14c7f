"""What is known of respondents beside their answers: attributes and closed questions, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import is_empty, ticked
from themecoder.settings.closed import ClosedSettings
from themecoder.survey.closed import tick_labels
from themecoder.workspace.folder import StudyFolder

ALL = "all"
"""In the place of names: all that is known of respondents."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A column beside the answers. ``of``: respondent -> what was answered, in words."""

    name: str
    label: str
    of: Mapping[str, str]


def beside(study: StudyFolder, names: Sequence[str]) -> tuple[Beside, ...]:
    """The columns of attributes and closed questions; ``ALL`` stands for all attributes. Raises
    InputError with every name that is of neither."""
    attributes = [attribute.id for attribute in study.config.attributes]
    names = [one for name in names for one in (attributes if name == ALL else (name,))]
    closed = {question.id: question for question in study.survey.closed}
    unknown = [name for name in names if name not in attributes and name not in closed]
    if unknown:
        known = ", ".join(sorted({*attributes, *closed})) or "-"
        raise InputError(
            [Problem("counts.no_attribute", {"found": name, "known": known}) for name in unknown]
        )
    found: list[Beside] = []
    for name in dict.fromkeys(names):
        if name in attributes:
            groups = study.survey.attribute(name)
            words = {who: groups.labels[group] for who, group in groups.of.items()}
            found.append(Beside(name, groups.label or name, words))
        else:
            found += _of_closed(study, closed[name])
    return tuple(found)


def _of_closed(study: StudyFolder, config: ClosedSettings) -> list[Beside]:
    if config.kind == "multiple":
        labels = tick_labels(config)
        chosen: dict[str, list[str]] = {}
        for code, column in study.survey.ticks[config.id].items():
            for who, cell in _cells(study, column).items():
                if ticked(cell):
                    chosen.setdefault(who, []).append(labels[code])
        words = {who: "; ".join(own) for who, own in chosen.items()}
        return [Beside(config.id, config.label or config.id, words)]
    columns = config.items or {config.column: config.label or config.id}
    return [
        Beside(
            column if config.items else config.id,
            label,
            {who: config.values.get(text, text) for who, text in _cells(study, column).items()},
        )
        for column, label in columns.items()
    ]


def _cells(study: StudyFolder, column: str) -> dict[str, str]:
    """respondent -> what stands in a column, where something does."""
    cells = study.survey.frame[column].tolist()
    return {
        who: str(cell).strip()
        for who, cell in zip(study.survey.respondents, cells, strict=True)
        if not is_empty(cell)
    }
