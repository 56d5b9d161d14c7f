"""What a person does with a codebook: edit its draft, look up the history of a code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from themecoder.codebook.changes import Change, concerned
from themecoder.codebook.diff import CodeDifference, diff
from themecoder.codebook.draft import Draft
from themecoder.codebook.edits import annotate, illustrate, redefine, rename
from themecoder.codebook.files.folder import DRAFT, CodebookFolder, code_hash
from themecoder.codebook.files.origins import read_origins
from themecoder.codebook.model import Code, Codebook, Example
from themecoder.codebook.origins import Origin
from themecoder.errors import InputError, Problem
from themecoder.output.did_you_mean import did_you_mean


def edit_codebook(folder: CodebookFolder, change: Callable[[Draft], Draft]) -> Draft:
    """Apply ``change`` to the draft and save it.

    >>> edit_codebook(folder, lambda draft: edits.rename(draft, "privacy", "Privacy", why="kort"))
    """
    document, draft = folder.draft()
    changed = change(draft)
    folder.save(document, changed)
    return changed


@dataclass(frozen=True, slots=True)
class CodeTexts:
    """All that a person types of a code. ``why`` of a change of what was released, ``wording``:
    it is only better worded, so that what was coded stands."""

    label: str
    definition: str
    include: str
    exclude: str
    memo: str
    examples: tuple[Example, ...]
    why: str = ""
    wording: bool = False


def with_texts(draft: Draft, code: str, texts: CodeTexts, unreleased: str) -> Draft:
    """The draft in which ``code`` says ``texts``, with the typed changes that this takes; the
    reasons of earlier ones in this draft are replaced. ``unreleased`` is the why of changes of a
    code that no version has, of which no trace is kept."""
    why = texts.why if draft.released(code) else unreleased
    draft = rename(draft, code, texts.label, why, again=True)
    draft = redefine(
        draft,
        code,
        why,
        definition=texts.definition,
        include=texts.include,
        exclude=texts.exclude,
        recode=not texts.wording,
        again=True,
    )
    return illustrate(annotate(draft, code, texts.memo), code, texts.examples)


def check_code_seen(draft: Draft, code: str, seen: str) -> None:
    """Raises InputError where ``code`` is no longer what it was at ``seen``, its hash; "" is no
    hash and always right."""
    known = draft.book.find(code)
    if seen and (known is None or code_hash(known) != seen):
        raise InputError(Problem("codebook.conflict", {"codes": code}))


@dataclass(frozen=True, slots=True)
class CodeHistory:
    """A code through the versions: what each changed of it, and the themes it came from."""

    code: Code
    versions: tuple[tuple[str, str, tuple[CodeDifference, ...], tuple[Change, ...]], ...]
    origins: tuple[Origin, ...]


def history(folder: CodebookFolder, code: str) -> CodeHistory:
    """Version, date, differences and typed changes of ``code``, oldest first; the draft last.

    Raises InputError for a code that no version has.
    """
    folder.need_any()
    books = [*folder.releases()]
    if folder.file(DRAFT).is_file() or not books:
        books.append(folder.draft()[1].book)
    past, last = [], None
    before = Codebook(books[0].id, "", ())
    for book in books:
        last = book.find(code) or last
        changes = tuple(change for change in book.changes if code in concerned(change))
        differences = tuple(d for d in diff(before, book, changes) if d.code == code)
        if differences or changes:
            past.append((book.version, book.released, differences, changes))
        before = book
    if last is None:
        ids = [known.id for known in books[-1].codes]
        raise InputError(
            Problem("codebook.edit.no_such_code", {"id": code, "near": did_you_mean(code, ids)})
        )
    origins = tuple(origin for origin in read_origins(folder.folder) if origin.code == code)
    return CodeHistory(last, tuple(past), origins)
