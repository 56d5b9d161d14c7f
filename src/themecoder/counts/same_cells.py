"""Counts that stand in two tables: the women who are on a waiting list, by gender and by care."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from themecoder.counts.count_rows import Count
from themecoder.counts.disclosure.relations import Key
from themecoder.workspace.folder import StudyFolder


def same_cells(study: StudyFolder) -> dict[tuple[str, str], tuple[str, str]]:
    """(question, attribute) -> (question, attribute) whose table is the same with rows and columns
    changed about: two closed questions with one answer each, asked of the same respondents, of
    which each is an attribute too."""
    questions = {
        (question.column, str(question.asked)): question.id
        for question in study.survey.closed
        if question.kind == "single"
    }
    attributes = {
        attribute.column: attribute.id
        for attribute in study.config.attributes
        if not attribute.bands and not attribute.groups
    }
    return {
        (own, attributes[other_column]): (other, attributes[column])
        for (column, asked), own in questions.items()
        for (other_column, other_asked), other in questions.items()
        if own != other
        and asked == other_asked
        and column in attributes
        and other_column in attributes
    }


def twin(key: Key, same: Mapping[tuple[str, str], tuple[str, str]]) -> Key | None:
    """The other place of a count, None where it has one only."""
    question, row, subgroup = key
    attribute, _, group = subgroup.partition("=")
    if not group or (question, attribute) not in same:
        return None
    other, other_attribute = same[question, attribute]
    return other, group, f"{other_attribute}={row}"


def hidden_in_both(
    rows: Iterable[Count], same: Mapping[tuple[str, str], tuple[str, str]]
) -> list[Count]:
    """The counts, of which those that are hidden in one of two places are hidden in the other."""
    counted = list(rows)
    hidden = {(row.question, row.code, row.subgroup) for row in counted if row.suppressed}
    return [
        _hidden(row)
        if not row.suppressed and twin((row.question, row.code, row.subgroup), same) in hidden
        else row
        for row in counted
    ]


def _hidden(row: Count) -> Count:
    nothing = replace(row, n=None, percent=None, ci_low=None, ci_high=None, weighted=None)
    return replace(nothing, suppressed="guard")
