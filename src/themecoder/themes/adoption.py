"""From candidate themes to codes: a theme is taken over into the codebook, or put aside."""

from __future__ import annotations

from themecoder.codebook.edits import Draft, add
from themecoder.codebook.files.document import CodebookDocument
from themecoder.codebook.files.origins import NAME, origins_text, read_origins
from themecoder.codebook.model import Code, Example
from themecoder.codebook.origins import ADOPTED, DISCARDED, NEW, Origin, decide_origin, fresh_id
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.themes.model import Theme
from themecoder.themes.store import StoredThemes, stored_themes
from themecoder.workspace.folder import StudyFolder

_KEYWORDS, _EXAMPLES = 8, 2


def adopt(
    study: StudyFolder,
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
    document, draft = folder.draft()
    if code is None:
        made = _code_of(study, question, theme, new or "", group, draft)
        draft = add(draft, made, why or _reason(study, question, theme))
        code, decision = made.id, NEW
    else:
        found = draft.book.find(code)
        if found is None or found.retired:
            ids = [one.id for one in draft.book.usable]
            raise InputError(
                Problem("codebook.edit.no_such_code", {"id": code, "near": did_you_mean(code, ids)})
            )
        decision = ADOPTED
    origin = _origin(study, question, theme, code, decision, why)
    return _keep(study, document, draft, origin, again)


def discard(
    study: StudyFolder, question: str, theme: int, *, why: str = "", again: bool = False
) -> Origin:
    """Put down that a candidate theme becomes no code, and why."""
    document, draft = study.codebooks.draft()
    origin = _origin(study, question, theme, "", DISCARDED, why)
    return _keep(study, document, draft, origin, again)


def _keep(
    study: StudyFolder, document: CodebookDocument, draft: Draft, origin: Origin, again: bool
) -> Origin:
    folder = study.codebooks
    origins = decide_origin(read_origins(folder.folder), origin, again)
    folder.save(document, draft, {NAME: origins_text(origins)})
    return origin


def _origin(
    study: StudyFolder, question: str, theme: int, code: str, decision: str, why: str
) -> Origin:
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


def _theme(study: StudyFolder, question: str, theme: int) -> tuple[StoredThemes, Theme]:
    stored = stored_themes(study, question)
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


def _code_of(
    study: StudyFolder, question: str, theme: int, label: str, group: str, draft: Draft
) -> Code:
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


def _reason(study: StudyFolder, question: str, theme: int) -> str:
    _, found = _theme(study, question, theme)
    return message(
        "codebook.origin.reason",
        study.config.language,
        question=question,
        theme=theme,
        label=found.label,
    )
