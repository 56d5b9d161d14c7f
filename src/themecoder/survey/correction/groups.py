"""The groups of an attribute that a person asks for, whatever a proposal would have thought."""

from __future__ import annotations

import numpy as np

from themecoder.errors import InputError, Problem
from themecoder.survey.export import Export
from themecoder.survey.proposal.ids import new_id, wording
from themecoder.survey.proposal.profile import CLOSED_VALUES, profiles, sorted_values
from themecoder.survey.proposal.propose import AGE_BANDS, ProposedAttribute, are_ages


def attribute_of(column: str, export: Export, taken: set[str]) -> ProposedAttribute:
    """An attribute by the values of a column, or by bands of its numbers: of ages the usual ones,
    of others quarters of the respondents. Raises InputError where it has too many values."""
    profile = next(one for one in profiles(export) if one.name == column)
    label = wording(profile) or column
    cells = [str(cell).strip() for cell in export.frame[column][profile.filled].tolist()]
    name = new_id(profile, taken)
    if profile.kind == "number":
        if are_ages(label, cells):
            return ProposedAttribute(name, column, label, {}, AGE_BANDS)
        numbers = [float(cell) for cell in cells if _is_number(cell)]
        cuts = np.quantile(numbers, (0.25, 0.5, 0.75)).tolist() if numbers else []
        bands = tuple(sorted({round(cut) for cut in cuts if cut > min(numbers)}))
        if bands:
            return ProposedAttribute(name, column, label, {}, bands)
    values = sorted_values(set(cells), profile.column)
    if not 2 <= len(values) <= CLOSED_VALUES:
        params = {"column": column, "n": len(values), "most": CLOSED_VALUES}
        raise InputError(Problem("correct.no_groups", params))
    labels = {value: profile.column.values.get(value, value) for value in values}
    return ProposedAttribute(name, column, label, labels)


def _is_number(cell: str) -> bool:
    try:
        return bool(np.isfinite(float(cell)))
    except ValueError:
        return False
