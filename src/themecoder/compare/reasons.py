"""Why an answer counts in one state of a study and not in another.

With regard to a code an answer is not coded, coded without it, or coded with it. The way from one
state to the other has several steps, each with its own reason; the reasons of an answer are the
steps at which it changes:

    as it was -- codebook --> carried to the later codebook -- source, coding --> as it is, carried
    -- codebook (coding that was not migrated) --> as it is

Where the source differs too, there are two ways through the middle, and both are looked at. An
answer that moved changes on either way, so that it has at least one reason.
"""

from __future__ import annotations

from collections.abc import Sequence

from themecoder.codebook.model import Codebook
from themecoder.coding.coded import CodedQuestion
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.coding.source import CODER, MAJORITY, SUGGESTIONS, CodingSource
from themecoder.compare.items import Item
from themecoder.compare.states import State
from themecoder.survey.answer_id import AnswerId

DATA, BASE, CODEBOOK, SOURCE = "data", "base", "codebook", "source"
CODING, ADJUDICATION = "coding", "adjudication"
REASONS = (DATA, BASE, CODEBOOK, SOURCE, CODING, ADJUDICATION)
"""data: the answer, or a cell that decides who was asked, is new, gone or changed. base: study.toml
has another rule for who is counted. codebook: a code was changed, or coding was not migrated.
source: the coding of another source is counted. coding: a coder coded the answer or changed its
coding. adjudication: a decision was made, changed or withdrawn."""


class Compared:
    """One question in two states; the codebook of ``after`` is the same or later.

    ``bases``: the respondents in the base, before and after; ``first`` and ``last``: their codes.
    """

    def __init__(
        self, before: State, after: State, question: str, releases: Sequence[Codebook]
    ) -> None:
        book = after.book
        self.question = question
        self._rows = before.rows, after.rows
        self._old, self._new = before.question(question), after.question(question)
        self.bases = self._old.members(before.base), self._new.members(after.base)
        self._rules = (self._old.rule, before.base), (self._new.rule, after.base)
        old = self._old.carried(releases, book.version)
        new = self._new.carried(releases, book.version)
        self.first = self._old.coded(before.source, before.book)
        self.last = self._new.coded(after.source, book)
        self._sources = before.source, after.source
        self._middle = {s: (old.coded(s, book), new.coded(s, book)) for s in set(self._sources)}
        nothing = CodedQuestion(question, (), frozenset(), {})
        votes = old.votes_of(book), new.votes_of(book)
        self._coders = {
            coder: (votes[0].get(coder, nothing), votes[1].get(coder, nothing))
            for coder in sorted({*votes[0], *votes[1]})
        }
        self._decisions = [{d.answer_id: d for d in state.decisions} for state in (old, new)]

    def count_changes(self, who: str, item: Item) -> bool:
        """Whether the respondent counts as having ``item`` in only one of the states."""
        before = who in self.bases[0] and _has_code(self.first, who, item.before) is True
        return before != (who in self.bases[1] and _has_code(self.last, who, item.after) is True)

    def why(self, who: str, item: Item) -> tuple[set[str], set[str]]:
        """The reasons why a respondent's coding has ``item`` in only one of the states, and who
        coded or decided."""
        answer = str(AnswerId(who, self.question))
        if answer not in self._old.answers or answer not in self._new.answers:
            return self.why_base(who), set()
        reasons, by = self._by_coding(who, answer, item)
        if reasons and self._old.answers[answer] != self._new.answers[answer]:
            reasons.add(DATA)
        return reasons, by

    def why_base(self, who: str) -> set[str]:
        """Why a respondent is in only one of the bases: data, base, or both."""
        before, after = self._rows
        reasons = set()
        if before.get(who) != after.get(who):
            reasons.add(DATA)
        if self._rules[0] != self._rules[1]:
            reasons.add(BASE)
        return reasons or {DATA}

    def _by_coding(self, who: str, answer: str, item: Item) -> tuple[set[str], set[str]]:
        reasons: set[str] = set()
        by: set[str] = set()
        # source -> whether it has the code before and after, both under the later codebook
        middle = {
            source: tuple(_has_code(coded, who, item.after) for coded in both)
            for source, both in self._middle.items()
        }
        first, second = middle[self._sources[0]], middle[self._sources[1]]
        start, end = _has_code(self.first, who, item.before), _has_code(self.last, who, item.after)
        if start != first[0] or end != second[1]:
            reasons.add(CODEBOOK)
        if first != second:
            reasons.add(SOURCE)
        for source, (before, after) in middle.items():
            if before == after:
                continue
            coders = self._changed(who, item, source)
            decided = self._decided(answer, source)
            if decided:
                reasons.add(ADJUDICATION)
                by |= {decision.decided_by or "" for decision in decided}
            if coders or not decided:
                reasons.add(CODING)
            by |= coders
        return reasons, by

    def _decided(self, answer: str, source: CodingSource) -> list[Coding]:
        """The decisions on an answer, where they differ between the states and the source looks at
        decisions; of decisions only they are told in any case."""
        if source.kind in (CODER, MAJORITY, SUGGESTIONS):
            return []
        both = [decisions.get(answer) for decisions in self._decisions]
        told = [(d.state, d.codes, d.stale, d.codebook, d.decided_by) if d else None for d in both]
        if source.kind != ADJUDICATED and told[0] == told[1]:
            return []
        return [decision for decision in both if decision]

    def _changed(self, who: str, item: Item, source: CodingSource) -> set[str]:
        """The coders whose coding of the answer differs between the states."""
        if source.kind == SUGGESTIONS:
            return {SUGGESTIONS}
        return {
            coder
            for coder, (before, after) in self._coders.items()
            if source.kind != CODER or coder == source.coder
            if _has_code(before, who, item.after) != _has_code(after, who, item.after)
        }


def _has_code(coded: CodedQuestion, who: str, codes: frozenset[str]) -> bool | None:
    """Whether a respondent has one of ``codes``; None where the answer is not coded."""
    own = coded.codes.get(who)
    return None if own is None else bool(own & codes)
