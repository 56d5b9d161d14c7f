"""Which counts differ between two states of a study, which answers moved them, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from themecoder.codebook.model import Codebook
from themecoder.codebook.versions import ordered
from themecoder.coding.coded import pool
from themecoder.compare.items import GROUP, Item, items
from themecoder.compare.reasons import REASONS, Compared
from themecoder.compare.states import State
from themecoder.counts.count_rows import CONTENT, base_members
from themecoder.counts.result import ALL_QUESTIONS
from themecoder.survey.answer_id import AnswerId


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """A respondent who is in a count (or a base) in only one of the states.

    ``answers``: the ids of the answers that caused it. ``reasons``: one or more of ``REASONS``, in
    that order. ``by``: the coders and deciders, sorted, where coding or adjudication changed.
    """

    respondent: str
    answers: tuple[str, ...]
    joined: bool
    reasons: tuple[str, ...]
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    """How many respondents joined and left for the same ``reasons``. Each respondent is in one
    total, that of all their reasons together, so that the totals add up to the difference."""

    reasons: tuple[str, ...]
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class CountChange:
    """A count in two states: ``n`` of ``base`` respondents, before and after.

    ``question`` is ``ALL_QUESTIONS`` for the questions together. ``kind``: code or group. ``was``:
    the id of ``code`` before, mostly the same. ``movers`` are sorted by respondent; there are none
    where only the base differs.
    """

    question: str
    kind: str
    was: str
    code: str
    n: tuple[int, int]
    base: tuple[int, int]
    movers: tuple[MembershipChange, ...]

    @property
    def why(self) -> tuple[ReasonTotal, ...]:
        return by_reason(self.movers)


@dataclass(frozen=True, slots=True)
class BaseChange:
    """The base of a question in two states, where it differs."""

    question: str
    n: tuple[int, int]
    movers: tuple[MembershipChange, ...]

    @property
    def why(self) -> tuple[ReasonTotal, ...]:
        return by_reason(self.movers)


@dataclass(frozen=True, slots=True)
class CountChanges:
    """The counts that differ, the largest differences first, and the bases that differ."""

    rows: tuple[CountChange, ...]
    bases: tuple[BaseChange, ...]

    @property
    def anything(self) -> bool:
        return bool(self.rows or self.bases)


def count_changes(before: State, after: State, questions: Sequence[str] = ()) -> CountChanges:
    """The counts of ``questions`` that moved between two states; by default of all questions.

    For every row, n after − n before = joined − left. Exchanging the two states gives the same
    changes, mirrored.
    """
    books = {book.version: book for book in (*before.releases, *after.releases)}
    versions = ordered(list(books))
    releases = [books[version] for version in versions]
    if _is_later(before.book, after.book, versions):
        # typed changes of the codebook can only be followed forward
        return _mirrored(_changes_between(after, before, questions, releases))
    return _changes_between(before, after, questions, releases)


def by_reason(movers: Iterable[MembershipChange]) -> tuple[ReasonTotal, ...]:
    """The movers added up by their reasons, the largest total first."""
    joined_and_left: dict[tuple[str, ...], list[int]] = {}
    for mover in movers:
        joined_and_left.setdefault(mover.reasons, [0, 0])[not mover.joined] += 1
    totals = [
        ReasonTotal(reasons, joined, left) for reasons, (joined, left) in joined_and_left.items()
    ]
    return tuple(sorted(totals, key=lambda t: (-t.joined - t.left, t.reasons)))


def _is_later(first: Codebook, second: Codebook, versions: Sequence[str]) -> bool:
    known = first.version in versions and second.version in versions
    return known and versions.index(first.version) > versions.index(second.version)


def _changes_between(
    before: State, after: State, questions: Sequence[str], releases: Sequence[Codebook]
) -> CountChanges:
    asked = list(questions or dict.fromkeys((*after.questions, *before.questions)))
    parts = [Compared(before, after, question, releases) for question in asked]
    counted = items(before.book, after.book, releases)
    sides = [([part], part.question) for part in parts]
    if len(parts) > 1:
        sides.append((parts, ALL_QUESTIONS))
    rows: list[CountChange] = []
    bases: list[BaseChange] = []
    for group, name in sides:
        changes = _QuestionChanges(group, name, before.base, after.base)
        base = changes.base_row()
        bases += [base] if base.movers else []
        rows += (row for row in map(changes.row, counted) if _differs(row))
    place = {name: n for n, (_, name) in enumerate(sides)}
    order = {(item.kind, item.code): n for n, item in enumerate(counted)}
    rows.sort(
        key=lambda row: (
            -abs(row.n[1] - row.n[0]),
            -len(row.movers),
            row.kind == GROUP,
            place[row.question],
            order[row.kind, row.code],
        )
    )
    return CountChanges(tuple(rows), tuple(bases))


class _QuestionChanges:
    """One question, or several as one, in two states."""

    def __init__(
        self, parts: Sequence[Compared], name: str, base_before: str, base_after: str
    ) -> None:
        first = [part.first for part in parts]
        last = [part.last for part in parts]
        self._parts, self._name = parts, name
        self._first = pool(first, name, of_content=base_before == CONTENT)
        self._last = pool(last, name, of_content=base_after == CONTENT)
        self._base = base_members(self._first, base_before), base_members(self._last, base_after)

    def base_row(self) -> BaseChange:
        before, after = self._base
        movers = [
            self._membership_change(who, who in after, self._reasons_for_base(who), set(), ())
            for who in sorted(before ^ after)
        ]
        return BaseChange(self._name, (len(before), len(after)), tuple(movers))

    def row(self, item: Item) -> CountChange:
        had = self._first.having(item.before) & self._base[0]
        has = self._last.having(item.after) & self._base[1]
        return CountChange(
            self._name,
            item.kind,
            item.was,
            item.code,
            (len(had), len(has)),
            (len(self._base[0]), len(self._base[1])),
            tuple(self._change(who, who in has, item) for who in sorted(had ^ has)),
        )

    def _change(self, who: str, joined: bool, item: Item) -> MembershipChange:
        reasons: set[str] = set()
        by: set[str] = set()
        # only the questions that moved the respondent: another may have changed without effect
        moving = [part for part in self._parts if part.count_changes(who, item)]
        for part in moving:
            why, names = part.why(who, item)
            reasons |= why
            by |= names
            if (who in part.bases[0]) != (who in part.bases[1]):
                reasons |= part.why_base(who)
        if (who in self._base[0]) != (who in self._base[1]):
            reasons |= self._reasons_for_base(who)
        questions = [part.question for part in moving or self._parts]
        return self._membership_change(who, joined, reasons, by, questions)

    def _reasons_for_base(self, who: str) -> set[str]:
        reasons: set[str] = set()
        for part in self._parts:
            before, after = part.bases
            if (who in before) != (who in after):
                reasons |= part.why_base(who)
        return reasons

    def _membership_change(
        self,
        who: str,
        joined: bool,
        reasons: set[str],
        by: set[str],
        questions: Sequence[str],
    ) -> MembershipChange:
        in_order = tuple(reason for reason in REASONS if reason in reasons)
        answers = tuple(str(AnswerId(who, question)) for question in questions)
        return MembershipChange(who, answers, joined, in_order, tuple(sorted(by)))


def _differs(row: CountChange) -> bool:
    """Whether respondents moved, or the count is a share of another base."""
    return bool(row.movers) or (row.n != (0, 0) and row.base[0] != row.base[1])


def _mirrored(changes: CountChanges) -> CountChanges:
    def back(movers: Iterable[MembershipChange]) -> tuple[MembershipChange, ...]:
        return tuple(replace(mover, joined=not mover.joined) for mover in movers)

    rows = tuple(
        replace(
            row,
            was=row.code,
            code=row.was,
            n=row.n[::-1],
            base=row.base[::-1],
            movers=back(row.movers),
        )
        for row in changes.rows
    )
    bases = tuple(replace(b, n=b.n[::-1], movers=back(b.movers)) for b in changes.bases)
    return CountChanges(rows, bases)
