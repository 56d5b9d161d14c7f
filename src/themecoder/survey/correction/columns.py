"""What each column of an export is taken for, with examples of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from themecoder.expressions.cells import is_empty
from themecoder.settings.model import StudyConfig
from themecoder.survey.export import Export
from themecoder.survey.proposal.grouping import grouped
from themecoder.survey.proposal.ids import wording
from themecoder.survey.proposal.profile import profiles

_SHOWN = 5
_PUBLIC = frozenset(("single", "option", "item", "joined", "copy", "number", "date", "constant"))


@dataclass(frozen=True, slots=True)
class ColumnTaken:
    """One column: its wording, the ``kind`` that its cells have (``profile.Kind``), and what
    study.toml makes of it: (id, question, closed or attribute; the id of that). ``examples``: cells
    and how often they occur, the most frequent first; ``private`` where they may tell who somebody
    is and are to be masked before anybody sees them."""

    name: str
    label: str
    kind: str
    taken: tuple[tuple[str, str], ...]
    filled: int
    distinct: int
    examples: tuple[tuple[str, int], ...]
    private: bool


def columns_taken(export: Export, config: StudyConfig) -> tuple[ColumnTaken, ...]:
    """Every column, in the order of the export."""
    taken: dict[str, list[tuple[str, str]]] = {}
    for column, role, name in _roles(config):
        taken.setdefault(column, []).append((role, name))
    found = []
    for profile in grouped(profiles(export), export):
        cells = export.frame[profile.name].tolist()
        counts = Counter(str(cell).strip() for cell in cells if not is_empty(cell))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        found.append(
            ColumnTaken(
                profile.name,
                wording(profile),
                profile.kind,
                tuple(taken.get(profile.name, ())),
                counts.total(),
                len(counts),
                tuple(ranked[:_SHOWN]),
                profile.kind not in _PUBLIC,
            )
        )
    return tuple(found)


def _roles(config: StudyConfig) -> Iterator[tuple[str, str, str]]:
    yield config.survey.id, "id", config.survey.id
    for question in config.questions:
        yield question.column, "question", question.id
    for closed in config.closed:
        for column in closed.columns:
            yield column, "closed", closed.id
    for multiple in config.multiple:
        for column in multiple.columns:
            yield column, "closed", multiple.id
    for attribute in config.attributes:
        if attribute.column:
            yield attribute.column, "attribute", attribute.id
