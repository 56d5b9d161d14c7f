"""Random surveys in the shape of every survey tool, read back: counts, checks, and told bases."""

from __future__ import annotations

from pathlib import Path

import pytest
from platform_results import read_back
from platform_writers import PLATFORMS

from themecoder.counts.tables import ANY
from themecoder.expressions import Expression
from themecoder.expressions.nodes import OneOf, Ticked
from themecoder.study import Study

SURVEYS = 200
SHARE = {
    name: [n for n in range(SURVEYS) if n % len(PLATFORMS) == i] for i, name in enumerate(PLATFORMS)
}
"""Two hundred surveys dealt out among the platforms; platform_table.py tries all in each."""


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_count_of_a_random_survey_is_the_true_one(platform: str, tmp_path: Path) -> None:
    wrong, right, told, bases = [], 0, 0, 0
    for seed in SHARE[platform]:
        folder = tmp_path / str(seed)
        folder.mkdir()
        result, study = read_back(platform, seed, folder)
        wrong += [(seed, text) for text in result.wrong]
        right, told, bases = right + result.right, told + result.told, bases + result.bases
        counts_are_those_of_expressions(study)
    assert wrong == []
    assert right > 30
    assert told <= 0.05 * right
    assert bases <= 0.06 * right


def counts_are_those_of_expressions(study: Study) -> None:
    """Each count is that of the expression which ``check`` would use, among the same base."""
    survey = study.survey
    closed = {question.id: question for question in survey.closed}
    for row in study.counts().rows:
        if row.subgroup != "all" or row.code == ANY or row.question not in closed:
            continue
        question = closed[row.question]
        asked = set(survey.members(question.asked))
        assert row.base_n == len(asked)
        if question.kind == "multiple":
            condition: OneOf | Ticked = Ticked(survey.ticks[question.id][row.code])
        elif question.kind == "matrix":
            item, _, value = row.code.partition("=")
            if item == row.code:
                continue
            condition = OneOf(item, (value,))
        else:
            condition = OneOf(question.column, (row.code,))
        assert row.n == len(asked & set(survey.members(Expression(condition)))), row
