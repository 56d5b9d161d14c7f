"""Coding carried to a newer version of its codebook; nothing that a coder said is lost.

What each typed change between the two versions does, in their order:

- add, rename, move, a redefinition of the wording only: the coding is as it was;
- merge: the code becomes the one it was merged into, its quotes keep their offsets and its value
  stays; where the merged codes have different values the code has none and is marked stale;
- retire: the coding stays as the coder made it; the code is retired, so no count has it;
- redefine, split: the coding stays, marked stale, until its coder has looked at it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from themecoder.codebook.changes import Change, Merge, Redefine, Retire, Split
from themecoder.codebook.model import Codebook
from themecoder.codebook.versions import ordered
from themecoder.coding.model import Coding, StaleCode

Step = tuple[str, Change]
"""A typed change and the version that brought it."""


@dataclass(frozen=True, slots=True)
class CarriedCode:
    """What a change did to one coding: ``what`` is merge, redefine, split or retire.

    ``now`` is the code that the answer has instead; it is the same code where only a mark changed.
    """

    answer_id: str
    coder: str
    code: str
    now: str
    what: str
    version: str
    why: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A coding on the re-code queue: ``code`` was changed, ``now`` is what it has become since."""

    answer_id: str
    coder: str
    code: str
    now: str
    reason: str
    since: str
    made_under: str
    into: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Migration:
    """``codings`` after migration, in the order given; ``moved`` and ``queue`` sorted."""

    to: str
    codings: tuple[Coding, ...]
    moved: tuple[CarriedCode, ...]
    queue: tuple[Queued, ...]


def steps(releases: Sequence[Codebook], after: str, to: str) -> tuple[Step, ...]:
    """The typed changes of the ``releases`` later than ``after``, up to and including ``to``."""
    versions = ordered([book.version for book in releases])
    between = versions[versions.index(after) + 1 : versions.index(to) + 1]
    books = {book.version: book for book in releases}
    return tuple((version, change) for version in between for change in books[version].changes)


def migrate(codings: Iterable[Coding], releases: Sequence[Codebook], to: str) -> Migration:
    """Carry ``codings`` to version ``to`` of the codebook with these ``releases``.

    A coding that is at ``to`` or later already stays as it is, so that a second migration changes
    nothing. Every version that a coding names must be among the releases.
    """
    order = {version: place for place, version in enumerate(ordered([b.version for b in releases]))}
    paths: dict[str, tuple[Step, ...]] = {}
    result: list[Coding] = []
    moved: list[CarriedCode] = []
    for coding in codings:
        if order[coding.codebook] >= order[to]:
            result.append(coding)
            continue
        if coding.codebook not in paths:
            paths[coding.codebook] = steps(releases, coding.codebook, to)
        new, what = carry(coding, paths[coding.codebook], to)
        result.append(new)
        moved += what
    return Migration(
        to,
        tuple(result),
        tuple(sorted(moved, key=lambda m: (m.answer_id, m.coder, m.version, m.code, m.now))),
        queue(result, releases),
    )


def carry(coding: Coding, path: Sequence[Step], to: str) -> tuple[Coding, list[CarriedCode]]:
    """One coding after the changes on the ``path`` to version ``to``, and what they did to it."""
    codes, quotes, stale = set(coding.codes), list(coding.quotes), set(coding.stale)
    values = dict(coding.values)
    moved: list[CarriedCode] = []

    def note(code: str, now: str, change: Change, version: str) -> None:
        moved.append(
            CarriedCode(coding.answer_id, coding.coder, code, now, change.kind, version, change.why)
        )

    for version, change in path:
        match change:
            case Merge():
                sure = change.into in codes and not any(s.code == change.into for s in stale)
                merged = [code for code in change.codes if code in codes]
                sure |= any(not any(s.code == code for s in stale) for code in merged)
                for code in merged:
                    note(code, change.into, change, version)
                    codes = (codes - {code}) | {change.into}
                    quotes = [replace(q, code=change.into) if q.code == code else q for q in quotes]
                    stale = {replace(s, code=change.into) if s.code == code else s for s in stale}
                if merged and sure:
                    # one sure code of the merged ones is enough for the answer to have the new code
                    stale = {s for s in stale if s.code != change.into}
                said = {values.pop(code) for code in (*merged, change.into) if code in values}
                if len(said) == 1:
                    values[change.into] = said.pop()
                elif said:
                    stale.add(StaleCode(change.into, change.into, version, change.kind))
            case Split() | Redefine() if change.code in codes:
                if isinstance(change, Redefine) and not change.recode:
                    continue
                note(change.code, change.code, change, version)
                stale = {s for s in stale if s.code != change.code}
                stale.add(StaleCode(change.code, change.code, version, change.kind))
            case Retire() if change.code in codes:
                note(change.code, change.code, change, version)
                stale = {s for s in stale if s.code != change.code}
    return coding.carried(to, tuple(codes), tuple(quotes), tuple(stale), values), moved


def merged_into(releases: Sequence[Codebook], after: str, to: str) -> dict[str, str]:
    """code -> the code that it was merged into between two versions, for codes that were merged."""
    onward: dict[str, str] = {}
    for _, change in steps(releases, after, to):
        if isinstance(change, Merge):
            onward = {
                code: change.into if now in change.codes else now for code, now in onward.items()
            }
            onward |= dict.fromkeys(change.codes, change.into)
    return onward


def queue(codings: Iterable[Coding], releases: Sequence[Codebook]) -> tuple[Queued, ...]:
    """The re-code queue: every stale coding, with the change that made it so."""
    changes: dict[tuple[str, str, str], Change] = {}
    for book in releases:
        for change in book.changes:
            match change:
                case Split() | Redefine():
                    changes[book.version, change.kind, change.code] = change
                case Merge():
                    changes[book.version, change.kind, change.into] = change
    queued = []
    for coding in codings:
        for mark in coding.stale:
            cause = changes.get((mark.since, mark.reason, mark.was))
            queued.append(
                Queued(
                    coding.answer_id,
                    coding.coder,
                    mark.was,
                    mark.code,
                    mark.reason,
                    mark.since,
                    coding.made_under,
                    cause.into if isinstance(cause, Split) else (),
                    cause.why if cause else "",
                )
            )
    return tuple(sorted(queued, key=lambda q: (q.answer_id, q.coder, q.code, q.now)))


def codes_per_coder(codings: Iterable[Coding], book: Codebook) -> dict[tuple[str, str, str], int]:
    """(question, coder, code) -> the number of answers with the code; retired codes are left
    out."""
    usable = {code.id for code in book.usable}
    counts: dict[tuple[str, str, str], int] = {}
    for coding in codings:
        for code in set(coding.codes) & usable:
            key = (coding.question, coding.coder, code)
            counts[key] = counts.get(key, 0) + 1
    return counts
