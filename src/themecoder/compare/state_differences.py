"""What differs between two states of a study in git: its counts, and what is behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from themecoder.codebook.model import Codebook
from themecoder.codebook.versions import ordered
from themecoder.coding.migration import Step, steps
from themecoder.compare.count_changes import CountChanges, count_changes
from themecoder.compare.read_states import read_states
from themecoder.compare.revisions import AtRevision, at_revision
from themecoder.compare.states import State
from themecoder.errors import InputError, Problem
from themecoder.workspace.folder import StudyFolder

Note = tuple[str, Mapping[str, Any]]
HEAD = "HEAD"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two states. ``revision``: as the user named it, empty for the folder as it is
    now; ``commit`` and ``date`` are then empty too. ``codebook``: its version, empty for none."""

    revision: str
    commit: str
    date: str
    source: str
    base: str
    codebook: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The answers to a question that are new, gone, or of another text: their ids, sorted."""

    question: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateDifferences:
    """What differs between two states.

    ``answers``: of the questions where answers differ. ``changes``: the typed changes of the
    codebook that lie between, with their versions; ``book`` the later codebook, which has their
    names. ``notes``: (key below diff., what to fill in).
    """

    before: Side
    after: Side
    count_changes: CountChanges
    answers: tuple[Answers, ...]
    changes: tuple[Step, ...]
    book: Codebook
    notes: tuple[Note, ...]


def state_differences(
    study: StudyFolder,
    before: str = HEAD,
    after: str | None = None,
    source: str | None = None,
    questions: Sequence[str] = (),
) -> StateDifferences:
    """See ``Study.diff``."""
    with ExitStack() as stack:
        sides = [
            stack.enter_context(at_revision(study, name)) if name else None
            for name in (before, after)
        ]
        studies = [side.study if side else study for side in sides]
        chosen = _chosen(studies, questions)
        one, other = read_states(studies, source)
    changes, book = _changes(one, other)
    return StateDifferences(
        _side(sides[0], one),
        _side(sides[1], other),
        count_changes(one, other, chosen),
        tuple(_answers(one, other, chosen)),
        changes,
        book,
        (
            *_source_note(one, other),
            *(note for side in sides if side for note in _export_notes(side)),
            *_left_out(one, sides[0]),
            *_left_out(other, sides[1]),
        ),
    )


def _chosen(studies: Sequence[StudyFolder], questions: Sequence[str]) -> list[str]:
    """The questions asked for, in the order of study.toml; all that either state has."""
    known = list(dict.fromkeys(one for study in reversed(studies) for one in study.questions))
    unknown = [one for one in questions if one not in known]
    if unknown:
        params = {"known": ", ".join(known)}
        raise InputError(
            [Problem("cli.question_unknown", {"found": one, **params}) for one in unknown]
        )
    return [one for one in known if not questions or one in questions]


def _side(at: AtRevision | None, state: State) -> Side:
    git = at.revision if at else None
    return Side(
        git.name if git else "",
        git.commit if git else "",
        git.date if git else "",
        str(state.source),
        state.base,
        state.book.version,
    )


def _changes(one: State, other: State) -> tuple[tuple[Step, ...], Codebook]:
    books = {book.version: book for book in (*one.releases, *other.releases)}
    versions = ordered(list(books))
    found = [state.book.version for state in (one, other)]
    if found[0] == found[1] or not set(found) <= set(versions):
        return (), other.book
    early, late = sorted(found, key=versions.index)
    return steps([books[version] for version in versions], early, late), books[late]


def _answers(one: State, other: State, questions: Sequence[str]) -> list[Answers]:
    found = []
    for question in questions:
        before, after = one.question(question).answers, other.question(question).answers
        both = before.keys() & after.keys()
        made = Answers(
            question,
            tuple(sorted(after.keys() - before.keys())),
            tuple(sorted(before.keys() - after.keys())),
            tuple(sorted(answer for answer in both if before[answer] != after[answer])),
        )
        if made.new or made.gone or made.changed:
            found.append(made)
    return found


def _source_note(one: State, other: State) -> list[Note]:
    differ = one.source != other.source
    return [("sources", {"source": str(one.source)})] if differ else []


def _export_notes(at: AtRevision) -> list[Note]:
    params = {"revision": at.revision.name, "file": at.export}
    return [("export_here", params)] if at.export_here else []


def _left_out(state: State, at: AtRevision | None) -> list[Note]:
    """Coding that is in no count: of an earlier codebook, or of answers that are not there."""
    where = at.revision.name if at else ""
    late = sum(
        one.codebook != state.book.version
        for question in state.questions.values()
        for rows in (*question.votes.values(), question.decisions)
        for one in rows
    )
    found: list[Note] = []
    if late:
        params = {"n": late, "version": state.book.version, "revision": where}
        found.append(("unmigrated_then" if at else "unmigrated", params))
    if state.unknown:
        found.append(("unknown_answers", {"n": state.unknown, "revision": where}))
    return found
