"""The rows of estimates: for each code and group the answers that count, and their share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from themecoder.coding.coded import CodedQuestion
from themecoder.counts.count_rows import Count, base_members, respondents_by_row
from themecoder.counts.estimates import ANSWERS, RESPONDENTS, PpiRow
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.ppi.machine import MachineCodes
from themecoder.counts.ppi.prediction_powered import (
    FEWEST,
    Answers,
    FloatArray,
    IntArray,
    PpiShare,
    ppi_share,
)
from themecoder.survey.answer_id import AnswerId

Waves = Mapping[str, Mapping[str, int]]
"""question -> respondent -> the wave in which the answer came in."""
Stratum = tuple[tuple[str, int], ...]
"""Which questions are answered, and in which wave each."""


@dataclass(frozen=True)
class Units:
    """What is counted, respondents or answers: ``who`` they are of, the ``answers`` of each, the
    ``strata`` within which chance drew them, and which are ``coded``."""

    kind: str
    who: Sequence[str]
    answers: Sequence[Sequence[str]]
    strata: Sequence[Stratum]
    coded: Sequence[bool]

    @cached_property
    def clusters(self) -> IntArray:
        return np.unique(self.who, return_inverse=True)[1]

    @cached_property
    def known(self) -> npt.NDArray[np.bool_]:
        return np.array(self.coded, dtype=bool)

    def inside(self, members: Collection[str]) -> IntArray:
        """The places of those of ``members``."""
        return np.flatnonzero([who in members for who in self.who])

    def strata_of(self, places: IntArray) -> IntArray:
        """The strata of some, numbered 0, 1, ..."""
        numbers: dict[Stratum, int] = {}
        found = [numbers.setdefault(self.strata[place], len(numbers)) for place in places]
        return np.array(found, dtype=np.int64)

    def not_coded_at_all(self) -> list[Stratum]:
        """The strata of which none is coded."""
        known = {s for s, coded in zip(self.strata, self.coded, strict=True) if coded}
        return [stratum for stratum in dict.fromkeys(self.strata) if stratum not in known]


def respondent_units(coded: CodedQuestion, waves: Waves) -> Units:
    """Those with content, of one question or of several as one: who answered the same questions are
    alike, for how many of them are coded at all of theirs differs."""
    who = [one for one in dict.fromkeys(coded.asked) if one in coded.content]
    questions = [coded.answered.get(one, (coded.question,)) for one in who]
    return Units(
        RESPONDENTS,
        who,
        [[str(AnswerId(one, q)) for q in own] for one, own in zip(who, questions, strict=True)],
        [
            tuple((q, waves[q].get(one, 0)) for q in own)
            for one, own in zip(who, questions, strict=True)
        ],
        [one not in coded.uncoded for one in who],
    )


def answer_units(parts: Sequence[CodedQuestion], waves: Waves) -> Units:
    """All answers with content to several questions."""
    own = [
        (part.question, who, who not in part.uncoded)
        for part in parts
        for who in part.asked
        if who in part.content
    ]
    return Units(
        ANSWERS,
        [who for _, who, _ in own],
        [[str(AnswerId(who, question))] for question, who, _ in own],
        [((question, waves[question].get(who, 0)),) for question, who, _ in own],
        [coded for *_, coded in own],
    )


def respondent_rows(
    table: CodeTable,
    units: Units,
    columns: Breakdown,
    counts: Sequence[Count],
    hidden: Collection[tuple[str, str, str]],
    machine: MachineCodes,
    base: str,
    level: float,
) -> list[PpiRow]:
    """An estimate for each of ``counts``, those of ``table`` where no more is coded than the random
    part; ``hidden``: question, code and subgroup of those that are not shown."""
    having = respondents_by_row(table)
    said = {row: machine.any_of(codes, units.answers) for row, codes in table.rows.items()}
    rows = []
    for count in counts:
        everyone = columns.members.get(count.subgroup, frozenset(table.coded.asked))
        inside = base_members(table.coded, base) & everyone
        without = inside - table.coded.content
        own = having[count.code]
        rows.append(
            _row(
                (count.question, count.code, count.subgroup),
                len(inside),
                units,
                units.inside(inside),
                said[count.code],
                np.array([who in own for who in units.who], dtype=float),
                (len(without), len(without & own)),
                (count.question, count.code, count.subgroup) in hidden,
                level,
            )
        )
    return rows


def answer_rows(
    table: CodeTable,
    parts: Sequence[CodedQuestion],
    waves: Waves,
    hidden: Collection[tuple[str, str, str]],
    machine: MachineCodes,
    level: float,
) -> list[PpiRow]:
    """An estimate for each row of ``table``, the questions as one: the share of all answers with
    content. With the shares of each question it tells their weighted sum, so that it is not shown
    where one of them is hidden."""
    units = answer_units(parts, waves)
    places = np.arange(len(units.who))
    rows = []
    for row, codes in table.rows.items():
        wanted = frozenset(codes)
        given = [
            float(bool(part.codes.get(who, frozenset()) & wanted))
            for part in parts
            for who in part.asked
            if who in part.content
        ]
        questions = (table.coded.question, *(part.question for part in parts))
        rows.append(
            _row(
                (table.coded.question, row, ALL_RESPONDENTS),
                len(places),
                units,
                places,
                machine.any_of(codes, units.answers),
                np.array(given),
                (0, 0),
                any((question, row, ALL_RESPONDENTS) in hidden for question in questions),
                level,
            )
        )
    return rows


def _row(
    key: tuple[str, str, str],
    base_n: int,
    units: Units,
    places: IntArray,
    said: FloatArray,
    given: FloatArray,
    without: tuple[int, int],
    hidden: bool,
    level: float,
) -> PpiRow:
    n = int(units.known[places].sum())
    row = PpiRow(*key, units.kind, base_n, n, len(places), suppressed=hidden)
    if hidden:
        return row
    needed = min(FEWEST, len(places)) - n
    share = share_of(units, places, said, given, without, level)
    if share is None:
        return replace(row, more_needed=needed) if needed > 0 else row
    return replace(
        row,
        worth_n=share.worth,
        percent=100 * share.share,
        ci_low=_percent(share.low),
        ci_high=_percent(share.high),
        human_percent=100 * share.human,
        human_ci_low=_percent(share.human_low),
        human_ci_high=_percent(share.human_high),
        weight=share.weight,
    )


def share_of(
    units: Units,
    places: IntArray,
    said: FloatArray,
    given: FloatArray,
    without: tuple[int, int],
    level: float,
) -> PpiShare | None:
    """The estimate for the units at some ``places``; None where too few of them are human-coded, or
    none of a stratum. ``said`` and ``given``: of all units what the machine says, and people."""
    known = units.known[places]
    if not len(places) or int(known.sum()) < min(FEWEST, len(places)):
        return None
    strata = units.strata_of(places)
    if len(np.unique(strata[known])) < len(np.unique(strata)):
        return None
    human = np.where(known, given[places], np.nan)
    answers = Answers(said[places], human, strata, units.clusters[places])
    return ppi_share(answers, *without, level)


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share
