"""From candidate themes to codes: a theme is adopted into the codebook, or discarded."""

from __future__ import annotations

from dataclasses import replace

from themecoder.codebook.edits import Draft, add, add_group
from themecoder.codebook.files.document import CodebookDocument
from themecoder.codebook.files.origins import NAME, origins_text, read_origins
from themecoder.codebook.model import Code, Example, Group
from themecoder.codebook.origins import ADOPTED, DISCARDED, NEW, Origin, decide_origin, fresh_id
from themecoder.codebook.theme_keywords import keywords_note
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.themes.model import Theme
from themecoder.themes.store import StoredThemes, required_themes
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
    group_label: str = "",
    definition: str = "",
    why: str = "",
    again: bool = False,
) -> Origin:
    """Take over a candidate theme: into ``code``, or as a new code with the label ``new``.

    A new code has the theme's quotes as examples and its keywords in its memo; what coders go by is
    for a person to write, or with ``definition`` to take over from a proposal. Raises InputError
    where theme or code is not there, and where a new code has no label of a person's: the theme's
    own is put together from words of answers. ``group_label`` makes ``group``, where it is not
    there.
    """
    folder = study.codebooks
    document, draft = folder.draft()
    if group and group_label:
        draft = add_group(draft, Group(group, group_label))
    if code is None:
        label = " ".join((new or "").split())
        if not label:
            _, candidate = _theme(study, question, theme)
            params = {"question": question, "theme": theme, "label": candidate.label}
            raise InputError(Problem("codebook.origin.no_label", params))
        new_code = replace(
            _new_code(study, question, theme, label, group, draft), definition=definition
        )
        draft = add(draft, new_code, why or _reason(study, question, theme))
        code, decision = new_code.id, NEW
    else:
        entry = draft.book.find(code)
        if entry is None or entry.retired:
            ids = [usable_code.id for usable_code in draft.book.usable]
            raise InputError(
                Problem("codebook.edit.no_such_code", {"id": code, "near": did_you_mean(code, ids)})
            )
        decision = ADOPTED
    origin = _origin(study, question, theme, code, decision, why)
    return _save_decision(study, document, draft, origin, again)


def discard(
    study: StudyFolder, question: str, theme: int, *, why: str = "", again: bool = False
) -> Origin:
    """Record that a candidate theme does not become a code, and why."""
    document, draft = study.codebooks.draft()
    origin = _origin(study, question, theme, "", DISCARDED, why)
    return _save_decision(study, document, draft, origin, again)


def _save_decision(
    study: StudyFolder, document: CodebookDocument, draft: Draft, origin: Origin, again: bool
) -> Origin:
    folder = study.codebooks
    origins = decide_origin(read_origins(folder.folder), origin, again)
    folder.save(document, draft, {NAME: origins_text(origins)})
    return origin


def _origin(
    study: StudyFolder, question: str, theme: int, code: str, decision: str, why: str
) -> Origin:
    stored, candidate = _theme(study, question, theme)
    return Origin(
        question,
        theme,
        code,
        decision,
        candidate.label,
        candidate.size,
        int(stored.made_with["with_content"]),
        round(candidate.stability, 4),
        str(stored.made_with.get("guided_by") or ""),
        why,
    )


def _theme(study: StudyFolder, question: str, theme: int) -> tuple[StoredThemes, Theme]:
    stored = required_themes(study, question)
    for candidate in stored.themes.themes:
        if candidate.id == theme:
            return stored, candidate
    known = ", ".join(str(candidate.id) for candidate in stored.themes.themes)
    raise InputError(
        Problem("codebook.origin.no_theme", {"question": question, "theme": theme, "known": known})
    )


def _new_code(
    study: StudyFolder, question: str, theme: int, label: str, group: str, draft: Draft
) -> Code:
    """A new code as a theme suggests it."""
    stored, candidate = _theme(study, question, theme)
    masked = study.masked_texts()
    parts = {a.answer_id: (a.start, a.end) for a in stored.themes.assignments if a.theme == theme}
    quotes = []
    for answer_id in candidate.representatives[:_EXAMPLES]:
        start, end = masked[answer_id].to_masked(*parts[answer_id])
        quotes.append(Example(" ".join(masked[answer_id].masked[start:end].split())))
    return Code(
        id=fresh_id(label, [entry.id for entry in draft.book.codes]),
        label=label,
        group=group,
        examples=tuple(quotes),
        questions=(question,),
        memo=keywords_note(
            question,
            theme,
            [word for word, _ in candidate.keywords[:_KEYWORDS]],
            study.config.interface_language,
        ),
    )


def _reason(study: StudyFolder, question: str, theme: int) -> str:
    _, candidate = _theme(study, question, theme)
    return message(
        "codebook.origin.reason",
        study.config.interface_language,
        question=question,
        theme=theme,
        label=candidate.label,
    )
