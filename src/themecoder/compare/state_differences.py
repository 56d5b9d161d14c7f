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
    """One of the two states. ``revision``: as the user named it; empty for the folder as it is now,
    and ``commit`` and ``date`` with it. ``codebook``: its version, empty where there is none."""

    revision: str
    commit: str
    date: str
    source: str
    base: str
    codebook: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The sorted ids of the answers to a question that are new, are gone, or have another text."""

    question: str
    new: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StateDifferences:
    """What differs between two states.

    ``answers``: only the questions whose answers differ. ``changes``: the typed changes of the
    codebook between the states, with their versions; ``book``: the later codebook, which has the
    names of all codes. ``notes``: (key below diff., parameters).
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
        chosen = _chosen_questions(studies, questions)
        first, second = read_states(studies, source)
    changes, book = _codebook_changes(first, second)
    return StateDifferences(
        _side(sides[0], first),
        _side(sides[1], second),
        count_changes(first, second, chosen),
        tuple(_answer_differences(first, second, chosen)),
        changes,
        book,
        (
            *_notes_on_source(first, second),
            *(note for side in sides if side for note in _notes_on_export(side)),
            *_notes_on_left_out(first, sides[0]),
            *_notes_on_left_out(second, sides[1]),
        ),
    )


def _chosen_questions(studies: Sequence[StudyFolder], questions: Sequence[str]) -> list[str]:
    """The questions asked for, in the order of study.toml; by default all of either state."""
    known = list(
        dict.fromkeys(question for study in reversed(studies) for question in study.questions)
    )
    unknown = [question for question in questions if question not in known]
    if unknown:
        params = {"known": ", ".join(known)}
        raise InputError(
            [Problem("cli.question_unknown", {"found": question, **params}) for question in unknown]
        )
    return [question for question in known if not questions or question in questions]


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


def _codebook_changes(before: State, after: State) -> tuple[tuple[Step, ...], Codebook]:
    books = {book.version: book for book in (*before.releases, *after.releases)}
    versions = ordered(list(books))
    ends = [state.book.version for state in (before, after)]
    if ends[0] == ends[1] or not set(ends) <= set(versions):
        return (), after.book
    early, late = sorted(ends, key=versions.index)
    return steps([books[version] for version in versions], early, late), books[late]


def _answer_differences(first: State, second: State, questions: Sequence[str]) -> list[Answers]:
    differences = []
    for question in questions:
        before, after = first.question(question).answers, second.question(question).answers
        both = before.keys() & after.keys()
        changed_answers = Answers(
            question,
            tuple(sorted(after.keys() - before.keys())),
            tuple(sorted(before.keys() - after.keys())),
            tuple(sorted(answer for answer in both if before[answer] != after[answer])),
        )
        if changed_answers.new or changed_answers.gone or changed_answers.changed:
            differences.append(changed_answers)
    return differences


def _notes_on_source(before: State, after: State) -> list[Note]:
    differ = before.source != after.source
    return [("sources", {"source": str(before.source)})] if differ else []


def _notes_on_export(at: AtRevision) -> list[Note]:
    params = {"revision": at.revision.name, "file": at.export}
    return [("export_here", params)] if at.export_here else []


def _notes_on_left_out(state: State, at: AtRevision | None) -> list[Note]:
    """Notes on coding that is in no count: under an earlier codebook, or of unknown answers."""
    where = at.revision.name if at else ""
    late = sum(
        coding.codebook != state.book.version
        for question in state.questions.values()
        for rows in (*question.votes.values(), question.decisions)
        for coding in rows
    )
    notes: list[Note] = []
    if late:
        params = {"n": late, "version": state.book.version, "revision": where}
        notes.append(("unmigrated_then" if at else "unmigrated", params))
    if state.unknown:
        notes.append(("unknown_answers", {"n": state.unknown, "revision": where}))
    return notes
