"""Estimates of any share of respondents, from machine codes and a human-coded random part."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.source import CodingSource
from themecoder.counts.ppi.human_part import HumanPart
from themecoder.counts.ppi.machine import MachineCodes
from themecoder.counts.ppi.prediction_powered import FloatArray, PpiShare
from themecoder.counts.ppi.shares import Units, respondent_units, share_of
from themecoder.counts.ppi.study_ppi import machine_codes, ppi_parts
from themecoder.workspace.folder import StudyFolder

Said = Callable[[Units], FloatArray]
"""What the machine says of each unit: how probable it is that it has what is asked for."""


@dataclass(frozen=True, slots=True)
class EstimatedShare:
    """The share of ``base_n`` respondents, ``human_n`` of whom are in the human-coded random part;
    ``found`` is None where too few of them are. ``small``: whether fewer than may be shown, or all
    but fewer, have it in that part or in all coding there is: then nothing may tell it."""

    base_n: int
    human_n: int
    found: PpiShare | None
    small: bool


class PpiEstimator:
    """Estimates shares of one study by the coding of ``people``; everything is read once.

    Raises InputError where what people coded is no random part.
    """

    def __init__(self, study: StudyFolder, people: CodingSource) -> None:
        _, own, _ = ppi_parts(study, (), people)
        self.parts: dict[str, HumanPart] = {one.part.question: one for one in own}
        self.machine: MachineCodes = machine_codes(study)
        self.level, self.smallest = study.config.counts.level, study.config.report.smallest_cell
        self._waves: Mapping[str, Mapping[str, int]] = {q: p.waves for q, p in self.parts.items()}
        self._together: dict[tuple[Sequence[str], bool], _Together] = {}

    def together(self, questions: Sequence[str], of_content: bool) -> CodedQuestion:
        """The random part of several questions as one."""
        return self._of(questions, of_content).part

    def of_codes(
        self,
        questions: Sequence[str],
        codes: Collection[str],
        base: frozenset[str],
        of_content: bool,
    ) -> EstimatedShare:
        """The share of ``base`` with any of ``codes`` at any of ``questions``."""
        own = self._of(questions, of_content)
        said = self.machine.any_of(codes, own.units.answers)
        return self._share(own, own.part.having(codes), own.whole.having(codes), base, said)

    def of_people(
        self,
        questions: Sequence[str],
        of_content: bool,
        having: frozenset[str],
        in_whole: frozenset[str],
        base: frozenset[str],
        said: Said,
    ) -> EstimatedShare:
        """The share of ``base`` that is ``having`` by what people coded of the ``questions`` in the
        random part, and ``in_whole`` by all their coding."""
        own = self._of(questions, of_content)
        return self._share(own, having, in_whole, base, said(own.units))

    def _of(self, questions: Sequence[str], of_content: bool) -> _Together:
        key = tuple(questions), of_content
        if key not in self._together:
            part, whole = (
                pool(parts, "together", of_content=of_content) if len(parts) > 1 else parts[0]
                for parts in (
                    [self.parts[q].part for q in questions],
                    [self.parts[q].whole for q in questions],
                )
            )
            self._together[key] = _Together(part, whole, respondent_units(part, self._waves))
        return self._together[key]

    def _share(
        self,
        own: _Together,
        having: frozenset[str],
        in_whole: frozenset[str],
        base: frozenset[str],
        said: FloatArray,
    ) -> EstimatedShare:
        places = own.units.inside(base)
        without = base - own.part.content
        given = np.array([who in having for who in own.units.who], dtype=float)
        outside = len(without), len(without & having)
        found = share_of(own.units, places, said, given, outside, self.level)
        counted = base - own.part.uncoded
        of_all = base - own.whole.uncoded
        small = any(
            0 < n < self.smallest
            for some, known in ((having & counted, counted), (in_whole & of_all, of_all))
            for n in (len(some), len(known) - len(some))
        )
        return EstimatedShare(len(base), int(own.units.known[places].sum()), found, small)


@dataclass(frozen=True, slots=True)
class _Together:
    """Some questions as one: the random ``part``, the ``whole`` coding, and who is estimated."""

    part: CodedQuestion
    whole: CodedQuestion
    units: Units
