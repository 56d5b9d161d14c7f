"""The closed questions that a study counts."""

from __future__ import annotations

from themecoder.settings.model import Closed
from themecoder.study import Study


def closed_questions(study: Study) -> list[Closed]:
    """The closed questions of study.toml: ``[[closed]]``, and ``[[multiple]]`` with the labels that
    the export gives its columns."""
    labels = {name: column.label for name, column in study.survey.columns.items()}
    found = list(study.config.closed)
    known = {one.id for one in found}
    for multiple in study.config.multiple:
        if multiple.id not in known:
            options = {column: labels.get(column) or column for column in multiple.columns}
            label = multiple.label or multiple.id
            found.append(Closed(id=multiple.id, kind="multiple", label=label, options=options))
    return found
