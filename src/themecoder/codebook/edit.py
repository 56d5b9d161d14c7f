"""What a person does with a study's codebook: edit its draft, take over themes, look up a code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from themecoder.codebook.changes import Change, concerned
from themecoder.codebook.diff import Difference, diff
from themecoder.codebook.edits import Draft, add
from themecoder.codebook.files.document import Document
from themecoder.codebook.files.folder import DRAFT
from themecoder.codebook.files.origins import NAME, origins_text, read_origins
from themecoder.codebook.model import Code, Codebook, Example
from themecoder.codebook.origins import ADOPTED, DISCARDED, NEW, Origin, decide, fresh_id
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import near
from themecoder.study import Study
from themecoder.themes.model import Theme
from themecoder.themes.store import StoredThemes

_KEYWORDS, _EXAMPLES = 8, 2


def edit_codebook(study: Study, change: Callable[[Draft], Draft]) -> Draft:
    """Apply ``change`` to the study's draft and save it.

    >>> edit_codebook(study, lambda draft: edits.rename(draft, "privacy", "Privacy", why="korter"))
    """
    folder = study.codebooks
    document, draft = folder.draft(study.config.title, study.config.language)
    changed = change(draft)
    folder.save(document, changed)
    return changed


def adopt(
    study: Study,
    question: str,
    theme: int,
    *,
    code: str | None = None,
    new: str | None = None,
    group: str = "",
    why: str = "",
    again: bool = False,
) -> Origin:
    """Take over a candidate theme: into ``code``, or as a new code with the label ``new``.

    A new code's keywords and quotes are filled in (``new`` empty: the theme's own label); its
    definition is for a person to write. Raises InputError where theme or code is not there.
    """
    folder = study.codebooks
    document, draft = folder.draft(study.config.title, study.config.language)
    if code is None:
        made = _code_of(study, question, theme, new or "", group, draft)
        draft = add(draft, made, why or _reason(study, question, theme))
        code, decision = made.id, NEW
    else:
        found = draft.book.find(code)
        if found is None or found.retired:
            ids = [one.id for one in draft.book.usable]
            raise InputError(
                Problem("codebook.edit.no_such_code", {"id": code, "near": near(code, ids)})
            )
        decision = ADOPTED
    origin = _origin(study, question, theme, code, decision, why)
    return _keep(study, document, draft, origin, again)


def discard(
    study: Study, question: str, theme: int, *, why: str = "", again: bool = False
) -> Origin:
    """Put down that a candidate theme becomes no code, and why."""
    document, draft = study.codebooks.draft(study.config.title, study.config.language)
    origin = _origin(study, question, theme, "", DISCARDED, why)
    return _keep(study, document, draft, origin, again)


@dataclass(frozen=True, slots=True)
class CodeHistory:
    """A code through the versions: what each changed of it, and the themes it came from."""

    code: Code
    versions: tuple[tuple[str, str, tuple[Difference, ...], tuple[Change, ...]], ...]
    origins: tuple[Origin, ...]


def history(study: Study, code: str) -> CodeHistory:
    """Version, date, differences and typed changes of ``code``, oldest first; the draft last.

    Raises InputError for a code that no version has.
    """
    folder = study.codebooks
    folder.need_any()
    books = [*folder.releases()]
    if folder.file(DRAFT).is_file() or not books:
        books.append(folder.draft(study.config.title, study.config.language)[1].book)
    found, last = [], None
    before = Codebook(books[0].id, "", ())
    for book in books:
        last = book.find(code) or last
        changes = tuple(one for one in book.changes if code in concerned(one))
        differences = tuple(one for one in diff(before, book, changes) if one.code == code)
        if differences or changes:
            found.append((book.version, book.released, differences, changes))
        before = book
    if last is None:
        ids = [one.id for one in books[-1].codes]
        raise InputError(
            Problem("codebook.edit.no_such_code", {"id": code, "near": near(code, ids)})
        )
    origins = tuple(one for one in read_origins(folder.folder) if one.code == code)
    return CodeHistory(last, tuple(found), origins)


def _keep(study: Study, document: Document, draft: Draft, origin: Origin, again: bool) -> Origin:
    folder = study.codebooks
    origins = decide(read_origins(folder.folder), origin, again)
    folder.save(document, draft, {NAME: origins_text(origins)})
    return origin


def _origin(study: Study, question: str, theme: int, code: str, decision: str, why: str) -> Origin:
    stored, found = _theme(study, question, theme)
    return Origin(
        question,
        theme,
        code,
        decision,
        found.label,
        found.size,
        int(stored.made_with["with_content"]),
        round(found.stability, 4),
        str(stored.made_with.get("guided_by") or ""),
        why,
    )


def _theme(study: Study, question: str, theme: int) -> tuple[StoredThemes, Theme]:
    stored = study.stored(question)
    if stored is None:
        raise InputError(
            Problem("themes.none", {"question": question}, file=study.paths.themes(question))
        )
    for one in stored.themes.themes:
        if one.id == theme:
            return stored, one
    known = ", ".join(str(one.id) for one in stored.themes.themes)
    raise InputError(
        Problem("codebook.origin.no_theme", {"question": question, "theme": theme, "known": known})
    )


def _code_of(study: Study, question: str, theme: int, label: str, group: str, draft: Draft) -> Code:
    """A new code as a theme suggests it."""
    stored, found = _theme(study, question, theme)
    label = label or found.label
    masked = study.masked_texts()
    parts = {a.answer_id: (a.start, a.end) for a in stored.themes.assignments if a.theme == theme}
    quotes = []
    for answer_id in found.representatives[:_EXAMPLES]:
        start, end = masked[answer_id].to_masked(*parts[answer_id])
        quotes.append(Example(" ".join(masked[answer_id].masked[start:end].split())))
    return Code(
        id=fresh_id(label, [one.id for one in draft.book.codes]),
        label=label,
        group=group,
        include=", ".join(word for word, _ in found.keywords[:_KEYWORDS]),
        examples=tuple(quotes),
        questions=(question,),
    )


def _reason(study: Study, question: str, theme: int) -> str:
    _, found = _theme(study, question, theme)
    return message(
        "codebook.origin.reason",
        study.config.language,
        question=question,
        theme=theme,
        label=found.label,
    )
