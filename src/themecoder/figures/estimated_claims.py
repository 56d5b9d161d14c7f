"""Claims on codes held against estimates: what holds whatever in the interval is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

from themecoder.counts.count_rows import CONTENT
from themecoder.counts.ppi.estimator import EstimatedShare, PpiEstimator
from themecoder.figures.quoted.claims import CheckedClaim, Claim, judge, of_each
from themecoder.figures.quoted.figures import IN_INTERVAL, MATCH, NO_ESTIMATE, UNDEFINED
from themecoder.figures.quoted.possible import possible_verdicts, settled_verdict
from themecoder.workspace.folder import StudyFolder


class EstimatedClaims:
    """Judges claims on the codes of a study by its estimates."""

    def __init__(self, study: StudyFolder, estimator: PpiEstimator) -> None:
        self._study, self._estimator = study, estimator
        book = study.required_codebook()
        self._themes = [code.id for code in book.usable if not code.exclusive]
        self._of_themes: dict[_Scope, dict[str, EstimatedShare]] = {}

    def judge(self, claim: Claim, parts: Sequence[tuple[str, Claim]]) -> CheckedClaim:
        """The verdict on a claim, of each of its ``parts`` where it is about each.

        A word is held against every number in the interval: where some of them bear it out and
        others don't, nothing is known. A number that the report prints is held against the estimate
        itself; where it is another one of the interval, nothing is known either.
        """
        scope = self._scope(claim)
        if scope is None:
            return replace(_unknown(claim, None), base_n=None)
        if not scope.base:
            return judge(claim, 0, 0, {}, frozenset())
        if claim.rule.reach != "each" or len(parts) < 2:
            return _one([self._possible(claim, scope)])
        possible = [self._possible(part, scope) for _, part in parts]
        named = [
            [replace(one, claim=claim, part=name) for one in verdicts]
            for (name, _), verdicts in zip(parts, possible, strict=True)
        ]
        return _one(named)

    def _scope(self, claim: Claim) -> _Scope | None:
        """The questions that are coded, on which base: as counts have it, see ``ClaimChecker``."""
        study, coded = self._study, self._estimator.parts
        asked = [q for q in claim.questions or study.questions if q in study.questions]
        questions = tuple(question for question in asked if question in coded)
        if not questions or (claim.questions and len(questions) < len(asked)):
            return None
        content = study.config.counts.base == CONTENT or not claim.rule.has_number
        part = self._estimator.together(questions, content)
        base = part.content if content else frozenset(part.asked)
        if claim.group:
            base &= frozenset(study.survey.members(claim.group))
        return _Scope(questions, content, base)

    def _possible(self, claim: Claim, scope: _Scope) -> list[CheckedClaim]:
        """The claim with its estimate for each verdict that is possible, the likeliest first."""
        found = self._share(scope, claim.codes)
        counts, likely = self._counts(scope), _counted(found)
        rivals = {code: one for code, one in counts.items() if code not in claim.codes}
        if likely is None or found.found is None:
            return [_unknown(claim, found)]
        own, base = frozenset(claim.codes), len(scope.base)

        def judged(n: int, others: Mapping[str, int]) -> CheckedClaim:
            return judge(claim, n, base, others, own, share=Fraction(n, base))

        at = judge(
            claim,
            likely.n,
            base,
            {code: one.n for code, one in rivals.items()},
            own,
            share=Fraction(found.found.share),
        )
        ranked = rivals if claim.rule.ranks is not None else {}
        possible = possible_verdicts(judged, likely, ranked, base)
        if claim.rule.has_number and at.verdict == MATCH:
            possible = possible[:1]
            verdicts = [(at.verdict, at.cause)]
        else:
            verdicts = [(one.verdict, one.cause) for one in possible]
        # there is no number of those who have the codes
        return [
            replace(at, n=None, verdict=verdict, cause=cause, estimate=found)
            for verdict, cause in verdicts
        ]

    def _share(self, scope: _Scope, codes: Sequence[str]) -> EstimatedShare:
        return self._estimator.of_codes(scope.questions, codes, scope.base, scope.content)

    def _counts(self, scope: _Scope) -> dict[str, _Counted]:
        """The themes among which a claim has its place, with their numbers."""
        if scope not in self._of_themes:
            self._of_themes[scope] = {code: self._share(scope, [code]) for code in self._themes}
        counted = {code: _counted(share) for code, share in self._of_themes[scope].items()}
        return {code: one for code, one in counted.items() if one is not None}


@dataclass(frozen=True, slots=True)
class _Scope:
    """Of which questions as one a claim is, and of whom; ``content``: those who said something."""

    questions: tuple[str, ...]
    content: bool
    base: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Counted:
    """About how many of the study's respondents have something: ``n``, ``low`` to ``high``."""

    n: int
    low: int
    high: int


def _counted(share: EstimatedShare) -> _Counted | None:
    """The interval in respondents, outwards to whole ones; None where there is none."""
    found, base = share.found, share.base_n
    if found is None or found.low is None or found.high is None:
        return None
    low, high = floor(found.low * base), ceil(found.high * base)
    return _Counted(round(found.share * base), max(low, 0), min(high, base))


def _unknown(claim: Claim, share: EstimatedShare | None) -> CheckedClaim:
    base = share.base_n if share else None
    return CheckedClaim(claim, None, base, None, UNDEFINED, NO_ESTIMATE, estimate=share)


def _one(parts: Sequence[Sequence[CheckedClaim]]) -> CheckedClaim:
    """The verdict on all parts; where some are open, one of these with that as its cause."""
    certain = [verdicts[0] for verdicts in parts if len(verdicts) == 1]
    if settled_verdict(parts) is not None:
        return of_each(certain)
    open_part = next(verdicts[0] for verdicts in parts if len(verdicts) > 1)
    return replace(open_part, verdict=UNDEFINED, cause=IN_INTERVAL)
