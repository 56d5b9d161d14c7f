"""Claims held against a study's coding and its closed answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.read import coded as coded_answers
from themecoder.coding.read import source_for
from themecoder.coding.source import CodingSource
from themecoder.counts.count_rows import CONTENT
from themecoder.counts.estimate import EstimatedShares
from themecoder.counts.ppi.estimator import PpiEstimator
from themecoder.counts.study_tables import closed_question_table
from themecoder.errors import InputError, Problem
from themecoder.figures.estimated_claims import EstimatedClaims
from themecoder.figures.quoted.claims import (
    CheckedClaim,
    Claim,
    judge,
    of_each,
    without_coding,
    without_source,
)
from themecoder.figures.quoted.parts import options
from themecoder.workspace.folder import StudyFolder


class ClaimChecker:
    """Checks claims against the coding of a source and the closed answers, which are read once.

    ``problems`` are the reasons why the coding can't be read, which does not stop the check of
    claims on closed questions. Where the source is an estimate, ``estimator`` makes it.
    """

    def __init__(self, study: StudyFolder, source: CodingSource | None) -> None:
        self.study, self.source = study, source
        self._estimated: EstimatedClaims | None = None
        self.parts: dict[str, CodedQuestion] = {}
        self.closed: dict[str, CodedQuestion] = {}
        self.problems: list[Problem] = []

    def judge(self, claim: Claim) -> CheckedClaim:
        if not claim.codes and claim.condition is None:
            return without_source(claim)
        parts = self._parts(claim)
        if self.estimator is not None and claim.condition is None:
            self._estimated = self._estimated or EstimatedClaims(self.study, self.estimator)
            return self._estimated.judge(claim, parts)
        if claim.rule.reach == "each" and len(parts) > 1:
            judged = [replace(self._judge(part), claim=claim, part=name) for name, part in parts]
            return of_each(judged)
        return self._judge(claim)

    @cached_property
    def estimator(self) -> PpiEstimator | None:
        """What makes estimates, where the source is one. Raises InputError where there is nothing
        to make them from."""
        if self.source is None or not self.source.ppi:
            return None
        return PpiEstimator(self.study, self.source.people)

    def _parts(self, claim: Claim) -> list[tuple[str, Claim]]:
        """The claim of each of its codes or options alone."""
        if claim.condition is None:
            return [(code, replace(claim, codes=(code,))) for code in claim.codes]
        return [(str(o), replace(claim, condition=o)) for o in options(claim.condition)]

    def _judge(self, claim: Claim) -> CheckedClaim:
        survey = self.study.survey
        within = frozenset(survey.members(claim.group)) if claim.group else None
        if claim.condition is None:
            return self._judge_codes(claim, within)
        matching = frozenset(survey.members(claim.condition))
        asked: frozenset[str] | None = None
        respondents_by_answer: Mapping[str, frozenset[str]] = {}
        for question in claim.questions:
            part = self._closed_question(question)
            asked = frozenset(part.asked) | (asked or frozenset())
            # of a matrix, only answers to the items that the condition is about are compared
            respondents_by_answer = {
                **respondents_by_answer,
                **{
                    name: who
                    for name, who in _respondents_by_code(part).items()
                    if "=" not in name or name.partition("=")[0] in claim.condition.columns
                },
            }
        base = asked if asked is not None else frozenset(survey.respondents)
        base = base & within if within is not None else base
        counts = {name: len(who & base) for name, who in respondents_by_answer.items()}
        # an answer that only the respondents of the claim gave is one that the claim is about
        own_answers = frozenset(
            name for name, who in respondents_by_answer.items() if who & base <= matching
        )
        # "the main reasons are X, Y and Z" holds where it does of the least mentioned of them
        smallest_option = min(
            len(frozenset(survey.members(option)) & base) for option in options(claim.condition)
        )
        return judge(claim, len(matching & base), len(base), counts, own_answers, smallest_option)

    def _judge_codes(self, claim: Claim, within: frozenset[str] | None) -> CheckedClaim:
        study = self.study
        questions = claim.questions or study.questions
        parts = self.coded([question for question in questions if question in study.questions])
        if not parts:
            return without_coding(claim)
        # a word is held to those who said something, a number to the base of the study's tables
        content = study.config.counts.base == CONTENT or not claim.rule.has_number
        part = pool(parts, "claim", of_content=content) if len(parts) > 1 else parts[0]
        base = part.content if content else frozenset(part.asked)
        base = base & within if within is not None else base
        themes = [code.id for code in study.required_codebook().usable if not code.exclusive]
        counts = {code: len(part.having([code]) & base) for code in themes}
        having = part.having(claim.codes) & base
        share = None
        if base & part.uncoded:
            shares = EstimatedShares.of(part, base)
            if shares is None:
                return without_coding(claim)
            share = Fraction(shares.share(having, study.config.counts.level).percent) / 100
        return judge(claim, len(having), len(base), counts, frozenset(claim.codes), share=share)

    def coded(self, questions: Sequence[str]) -> list[CodedQuestion]:
        """The coding of ``questions``; none of it where some can't be read."""
        try:
            for question in questions:
                if not self.problems and question not in self.parts:
                    self.source = self.source or source_for(self.study)
                    self.parts[question] = coded_answers(self.study, question, self.source)
        except InputError as error:
            count = Problem("checking.coding", {"n": len(error.problems)})
            self.problems = [*error.problems[:3], count]
        return [] if self.problems else [self.parts[question] for question in questions]

    def _closed_question(self, question: str) -> CodedQuestion:
        if question not in self.closed:
            config = next(closed for closed in self.study.survey.closed if closed.id == question)
            self.closed[question] = closed_question_table(self.study, config).coded
        return self.closed[question]


def _respondents_by_code(part: CodedQuestion) -> dict[str, frozenset[str]]:
    names = sorted({code for codes in part.codes.values() for code in codes})
    return {name: part.having([name]) for name in names}
