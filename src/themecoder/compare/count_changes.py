"""Which counts differ between two states of a study, which answers moved them, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from themecoder.codebook.model import Codebook
from themecoder.codebook.versions import ordered
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.compare.items import GROUP, Item, items
from themecoder.compare.reasons import REASONS, Compared
from themecoder.compare.states import State
from themecoder.counts.count_rows import CONTENT
from themecoder.counts.result import ALL_QUESTIONS


@dataclass(frozen=True, slots=True)
class MembershipChange:
    """A respondent who is in a count (or a base) in one of the states only.

    ``answers``: the answer_ids that did it. ``reasons``: one or more of ``REASONS``, in that order.
    ``by``: coders and deciders, sorted, where it was coding or adjudication.
    """

    respondent: str
    answers: tuple[str, ...]
    joined: bool
    reasons: tuple[str, ...]
    by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    """What movers do to a number: so many joined, so many left; each is in one tally by all its
    reasons, so that tallies add up to the difference."""

    reasons: tuple[str, ...]
    joined: int
    left: int


@dataclass(frozen=True, slots=True)
class CountChange:
    """A count in two states: ``n`` of ``base`` respondents, before and after.

    ``question``: all for the questions together. ``kind``: code or group. ``was``: the id of
    ``code`` before, mostly the same. ``movers`` sorted by respondent; none where only the base is
    another.
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
    """The counts that differ, those that differ most first, and the bases that differ."""

    rows: tuple[CountChange, ...]
    bases: tuple[BaseChange, ...]

    @property
    def anything(self) -> bool:
        return bool(self.rows or self.bases)


def count_changes(before: State, after: State, questions: Sequence[str] = ()) -> CountChanges:
    """What moved between two states, of ``questions`` (all that either has).

    n after − n before = joined − left, for every row. Both ways round the same is told, mirrored.
    """
    books = {book.version: book for book in (*before.releases, *after.releases)}
    versions = ordered(list(books))
    releases = [books[version] for version in versions]
    if _later(before.book, after.book, versions):
        # typed changes go forward only: an old state is compared with what came of it
        return _mirrored(_moved(after, before, questions, releases))
    return _moved(before, after, questions, releases)


def by_reason(movers: Iterable[MembershipChange]) -> tuple[ReasonTotal, ...]:
    """Movers by their reasons, the most first."""
    found: dict[tuple[str, ...], list[int]] = {}
    for mover in movers:
        found.setdefault(mover.reasons, [0, 0])[not mover.joined] += 1
    made = [ReasonTotal(reasons, joined, left) for reasons, (joined, left) in found.items()]
    return tuple(sorted(made, key=lambda t: (-t.joined - t.left, t.reasons)))


def _later(one: Codebook, other: Codebook, versions: Sequence[str]) -> bool:
    known = one.version in versions and other.version in versions
    return known and versions.index(one.version) > versions.index(other.version)


def _moved(
    before: State, after: State, questions: Sequence[str], releases: Sequence[Codebook]
) -> CountChanges:
    wanted = list(questions or dict.fromkeys((*after.questions, *before.questions)))
    parts = [Compared(before, after, question, releases) for question in wanted]
    counted = items(before.book, after.book, releases)
    sides = [([part], part.question) for part in parts]
    if len(parts) > 1:
        sides.append((parts, ALL_QUESTIONS))
    rows: list[CountChange] = []
    bases: list[BaseChange] = []
    for some, name in sides:
        view = _View(some, name, before.base, after.base)
        base = view.base_row()
        bases += [base] if base.movers else []
        rows += (row for row in map(view.row, counted) if _differs(row))
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


class _View:
    """One question, or several as one, in two states."""

    def __init__(self, parts: Sequence[Compared], name: str, *bases: str) -> None:
        self._parts, self._name = parts, name
        self._first = _together([part.first for part in parts], name, bases[0])
        self._last = _together([part.last for part in parts], name, bases[1])
        self._base = _members(self._first, bases[0]), _members(self._last, bases[1])

    def base_row(self) -> BaseChange:
        before, after = self._base
        movers = [
            self._mover(who, who in after, self._why_base(who), set(), ())
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
            tuple(self._moved(who, who in has, item) for who in sorted(had ^ has)),
        )

    def _moved(self, who: str, joined: bool, item: Item) -> MembershipChange:
        reasons: set[str] = set()
        by: set[str] = set()
        # of several questions those that moved it: another may have moved too, without effect
        did = [part for part in self._parts if part.count_changes(who, item)]
        for part in did:
            why, names = part.why(who, item)
            reasons |= why
            by |= names
            if (who in part.bases[0]) != (who in part.bases[1]):
                reasons |= part.why_base(who)
        if (who in self._base[0]) != (who in self._base[1]):
            reasons |= self._why_base(who)
        questions = [part.question for part in did or self._parts]
        return self._mover(who, joined, reasons, by, questions)

    def _why_base(self, who: str) -> set[str]:
        reasons: set[str] = set()
        for part in self._parts:
            before, after = part.bases
            if (who in before) != (who in after):
                reasons |= part.why_base(who)
        return reasons

    def _mover(
        self,
        who: str,
        joined: bool,
        reasons: set[str],
        by: set[str],
        questions: Sequence[str],
    ) -> MembershipChange:
        told = tuple(reason for reason in REASONS if reason in reasons)
        answers = tuple(f"{who}:{question}" for question in questions)
        return MembershipChange(who, answers, joined, told, tuple(sorted(by)))


def _together(parts: Sequence[CodedQuestion], name: str, base: str) -> CodedQuestion:
    return pool(parts, name, of_content=base == CONTENT)


def _members(coded: CodedQuestion, base: str) -> frozenset[str]:
    return coded.content if base == CONTENT else frozenset(coded.asked)


def _differs(row: CountChange) -> bool:
    """Whether respondents moved, or the share is of another base."""
    return bool(row.movers) or (row.n != (0, 0) and row.base[0] != row.base[1])


def _mirrored(found: CountChanges) -> CountChanges:
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
        for row in found.rows
    )
    bases = tuple(replace(b, n=b.n[::-1], movers=back(b.movers)) for b in found.bases)
    return CountChanges(rows, bases)
