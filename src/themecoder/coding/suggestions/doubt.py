"""How much the machine doubts which codes an answer has, by the probabilities of suggestions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from themecoder.classifier.model import FloatArray
from themecoder.coding.suggestions.study_suggestions import learned_codes
from themecoder.workspace.folder import StudyFolder

_SURE = 1e-6
_UNSURE = (0.25, 0.75)
"""Between these probabilities the machine can't say whether an answer has a code."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """``much``: the doubt over all codes together; ``unsure``: of a code the machine can't say
    whether the answer has it."""

    much: float
    unsure: bool


def doubt_of(probabilities: FloatArray) -> FloatArray:
    """How little is known of each code in each answer: the entropy of its probability."""
    chance = np.clip(probabilities, _SURE, 1 - _SURE)
    return np.asarray(-(chance * np.log(chance) + (1 - chance) * np.log1p(-chance)))


def machine_doubt(study: StudyFolder) -> Mapping[str, Doubt]:
    """answer_id -> the doubt about it, of all answers with content; none without a codebook. What
    people coded of an answer has no part in the doubt about it."""
    learned = learned_codes(study)
    if learned is None:
        return {}
    low, high = _UNSURE
    chance = learned.probabilities
    unsure = np.any((chance > low) & (chance < high), axis=1)
    much = np.round(doubt_of(chance).sum(axis=1), 6)
    return {
        answer: Doubt(value, own)
        for answer, value, own in zip(learned.answers, much.tolist(), unsure.tolist(), strict=True)
    }
