"""What a reader sees for the ids in a study's counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from themecoder.codebook.model import Codebook
from themecoder.counts.closed_questions import closed_questions
from themecoder.counts.layout import ALL, Columns, Table
from themecoder.counts.result import POOLED
from themecoder.counts.tables import ANY, NET
from themecoder.messages import message
from themecoder.settings.model import Closed
from themecoder.study import Study
from themecoder.survey.groups import Groups


def question_labels(study: Study) -> dict[str, str]:
    """question -> its short name; of the pooled one what it stands for."""
    labels = {one.id: one.label for one in study.config.questions}
    labels[POOLED] = message("counts.label.pooled", study.config.language)
    return labels | {one.id: one.label for one in closed_questions(study)}


def code_labels(
    study: Study, book: Codebook, tables: Sequence[Table]
) -> Mapping[tuple[str, str], str]:
    """(question, row) -> what a reader sees."""
    language = study.config.language
    closed = {one.id: one for one in closed_questions(study)}
    nets = {
        NET + group.id: message("counts.label.net", language, label=group.label)
        for group in book.groups
    }
    codes = {code.id: code.label for code in book.codes}
    found: dict[tuple[str, str], str] = {}
    for table in tables:
        question = table.coded.question
        config = closed.get(question)
        if config is None:
            labels = codes | nets | {ANY: message("counts.label.any_code", language)}
        else:
            labels = _closed_labels(study, config)
            labels[ANY] = message("counts.label.answered", language)
        found |= {(question, row): labels.get(row, row) for row in table.rows}
    return found


def _closed_labels(study: Study, config: Closed) -> dict[str, str]:
    if config.kind == "multiple":
        return dict(config.options)
    column = study.survey.columns.get(config.columns[0])
    values = {**(column.values if column else {}), **config.values}
    if config.kind != "matrix":
        return values
    of_values = {
        f"{item}={value}": f"{label}: {text}"
        for item, label in config.items.items()
        for value, text in values.items()
    }
    return dict(config.items) | of_values


def subgroup_labels(
    attributes: Iterable[Groups], columns: Columns, language: str
) -> dict[str, str]:
    """subgroup -> what a reader sees, all first."""
    found = {ALL: message("counts.label.all", language)}
    unknown = message("counts.label.unknown", language)
    for one in attributes:
        texts = {**one.labels, "": unknown}
        found |= {f"{one.attribute}={g}": f"{one.label}: {text}" for g, text in texts.items()}
    return {name: found[name] for name in (ALL, *columns.members)}
