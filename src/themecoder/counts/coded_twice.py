"""What the counts of an open question owe to coders: from answers that were coded twice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from themecoder.coding.cases import Case, decided_by_person
from themecoder.counts.coder_error import CodedTwice, CoderInterval, coder_interval
from themecoder.counts.count_rows import Count, base_members
from themecoder.counts.layout import ALL_RESPONDENTS, CodeTable
from themecoder.survey.answer_id import AnswerId


@dataclass(frozen=True, slots=True)
class CoderError:
    """A count of all respondents with the interval that also holds how coders err.

    ``low`` and ``high`` in percent of ``base_n``, None without an interval. ``double_coded``: the
    answers of the base that were coded twice. ``method``: see ``coder_error.CoderInterval``.
    """

    question: str
    code: str
    n: int
    base_n: int
    percent: float
    low: float | None
    high: float | None
    double_coded: int
    method: str


@dataclass(frozen=True, slots=True)
class _Coders:
    """The codes that each coder gave to an answer, and those that a person decided on."""

    given: tuple[frozenset[str], ...]
    decided: frozenset[str] | None

    def share(self, codes: Collection[str]) -> float:
        return sum(not own.isdisjoint(codes) for own in self.given) / len(self.given)

    def twice(self, codes: Collection[str]) -> CodedTwice:
        given = sum(not own.isdisjoint(codes) for own in self.given)
        decided = None if self.decided is None else not self.decided.isdisjoint(codes)
        return CodedTwice(len(self.given), given, decided)


def coder_errors(
    table: CodeTable,
    cases: Iterable[Case],
    rows: Sequence[Count],
    base: str,
    version: str,
    level: float,
    seed: int,
) -> list[CoderError]:
    """One for each shown count of all respondents in ``rows`` that is of the question of ``table``,
    but for the values of codes, on which coders may agree while they differ on the code.

    ``cases``: the coders' codings of the question, and what is decided; decisions by rule repeat
    what coders say, and tell nothing of who was right. Coded are the respondents whose coding is
    counted; where no coder's coding is left of one, the counted codes stand for it.
    """
    coded = table.coded
    counted = coded.codes.keys() & base_members(coded, base)
    coders: dict[str, _Coders] = {}
    for case in cases:
        respondent = AnswerId.parse(case.answer_id).respondent
        if respondent in counted:
            decided = _decided(case, version)
            coders[respondent] = _Coders(tuple(vote.codes for vote in case.votes), decided)
    for respondent in counted - coders.keys():
        coders[respondent] = _Coders((coded.codes[respondent],), None)
    answers = [coders[respondent] for respondent in sorted(coders)]
    twice = [answer for answer in answers if len(answer.given) > 1]
    found, value_rows = [], table.value_rows
    for row in rows:
        if (row.question, row.subgroup) != (coded.question, ALL_RESPONDENTS):
            continue
        if row.n is None or row.percent is None or row.code in value_rows:
            continue
        codes = table.rows[row.code]
        interval = coder_interval(
            row.n,
            row.base_n,
            len(answers),
            sum(answer.share(codes) for answer in answers),
            [answer.twice(codes) for answer in twice],
            level,
            seed,
        )
        low, high = _of_the_printed_share(row, interval)
        found.append(
            CoderError(
                row.question,
                row.code,
                row.n,
                row.base_n,
                row.percent,
                low,
                high,
                len(twice),
                interval.method,
            )
        )
    return found


def _of_the_printed_share(row: Count, interval: CoderInterval) -> tuple[float | None, float | None]:
    """The bounds for the percent that is printed, which where answers are not coded is more than n
    of the base; never inside the sampling interval that stands beside them."""
    if interval.low is None or interval.high is None or row.n is None or row.percent is None:
        return None, None
    scale = row.percent * row.base_n / (100 * row.n) if row.n else 1.0
    low, high = scale * interval.low, min(scale * interval.high, 100.0)
    if row.ci_low is not None and row.ci_high is not None:
        low, high = min(low, row.ci_low), max(high, row.ci_high)
    return low, high


def _decided(case: Case, version: str) -> frozenset[str] | None:
    decision = case.decision
    if decision is None or decision.stale or decision.codebook != version:
        return None
    return frozenset(decision.codes) if decided_by_person(decision) else None
