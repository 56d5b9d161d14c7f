"""From candidate themes to codes: a theme is adopted into the codebook, or discarded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from themecoder.codebook.draft import Draft
from themecoder.codebook.edits import add, add_group, remove_group, retire
from themecoder.codebook.files.document import CodebookDocument
from themecoder.codebook.files.folder import code_hash
from themecoder.codebook.files.origins import NAME, origins_text, read_origins
from themecoder.codebook.model import Code, Example, Group
from themecoder.codebook.origins import ADOPTED, DISCARDED, NEW, Origin, decide_origin, fresh_id
from themecoder.codebook.theme_keywords import keywords_note
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.output.did_you_mean import did_you_mean
from themecoder.themes.model import Theme
from themecoder.themes.steps.apply import apply_step, end_of, refused
from themecoder.themes.steps.files.steps_file import NAME as STEPS
from themecoder.themes.steps.files.steps_file import KeptEntry, steps_text
from themecoder.themes.steps.model import AdoptTheme, DiscardTheme, Entry, Redo, Undo
from themecoder.themes.steps.study_file import all_steps
from themecoder.themes.work_version import check_seen
from themecoder.themes.worked import Worked, worked_themes
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
    seen: str = "",
) -> Origin:
    """Take over a candidate theme: into ``code``, or as a new code with the label ``new``.

    A new code has the theme's quotes as examples and its keywords in its memo; what coders go by is
    for a person to write, or with ``definition`` to take over from a proposal. ``group_label``
    makes ``group``, where it is not there. ``seen``: the version of the work that the person saw
    (``work_version``). Raises InputError where theme or code is not there, and where a new code has
    no label of a person's: neither ``new`` nor one that the theme was given.
    """
    with study.locked():
        check_seen(study, question, seen)
        worked = worked_themes(study, question)
        document, draft = study.codebooks.draft()
        step = AdoptTheme(theme, code or "", code is None, new or "", group, definition=definition)
        step = replace(step, why=why)
        if group and group_label and Group(group, group_label) not in draft.book.groups:
            step = replace(step, group_label=group_label)
        draft, step = _with_code(study, worked, draft, step)
        return _save_decision(study, worked, document, draft, step, again)


def discard(
    study: StudyFolder,
    question: str,
    theme: int,
    *,
    why: str = "",
    again: bool = False,
    seen: str = "",
) -> Origin:
    """Record that a candidate theme does not become a code, and why."""
    with study.locked():
        check_seen(study, question, seen)
        worked = worked_themes(study, question)
        document, draft = study.codebooks.draft()
        return _save_decision(study, worked, document, draft, DiscardTheme(theme, why), again)


def take_back(study: StudyFolder, question: str, step: AdoptTheme | DiscardTheme) -> str:
    """Undo a decision, for a caller who holds the study's lock. The code that was made by it goes
    too, unless somebody has worked on it or it is released: then its id is returned."""
    document, draft = study.codebooks.draft()
    stays = ""
    if isinstance(step, AdoptTheme) and step.new:
        draft, stays = _without_made(draft, step)
    code = step.code if isinstance(step, AdoptTheme) else ""
    origins = [
        origin
        for origin in read_origins(study.codebooks.folder)
        if (origin.question, origin.theme, origin.code) != (question, step.theme, code)
    ]
    for origin in step.replaced:
        origins = list(decide_origin(origins, origin))
    _save(study, document, draft, question, origins, Undo())
    return stays


def decide_again(study: StudyFolder, worked: Worked, step: AdoptTheme | DiscardTheme) -> None:
    """Redo a decision, for a caller who holds the study's lock. A code of the draft that was made
    by it before and still is there is taken as it is."""
    document, draft = study.codebooks.draft()
    if isinstance(step, AdoptTheme) and not (step.new and _usable(draft, step.code)):
        draft, _ = _with_code(study, worked, draft, step)
    _save_decision(study, worked, document, draft, step, bool(step.replaced), Redo())


def _with_code(
    study: StudyFolder, worked: Worked, draft: Draft, step: AdoptTheme
) -> tuple[Draft, AdoptTheme]:
    """The draft with the code of ``step``, and the step with what was made."""
    if not step.new:
        if not _usable(draft, step.code):
            ids = [usable_code.id for usable_code in draft.book.usable]
            params = {"id": step.code, "near": did_you_mean(step.code, ids)}
            raise InputError(Problem("codebook.edit.no_such_code", params))
        return draft, step
    theme = _theme(worked, step.theme)
    if step.group_label:
        draft = add_group(draft, Group(step.group, step.group_label))
    code = _new_code(study, worked, theme, step, draft)
    draft = add(draft, code, step.why or _reason(study, worked.question, theme))
    made = draft.book.find(code.id)
    assert made is not None  # it was just added
    return draft, replace(step, code=made.id, label=made.label, made=code_hash(made))


def _without_made(draft: Draft, step: AdoptTheme) -> tuple[Draft, str]:
    """The draft without the code and the group that ``step`` made; the code's id where it stays."""
    code = draft.book.find(step.code)
    if code is None:
        return draft, ""
    if draft.released(step.code) or code_hash(code) != step.made:
        return draft, step.code
    try:
        draft = retire(draft, step.code, step.made)
    except InputError:
        return draft, step.code  # other codes or changes go by it
    if step.group_label and all(code.group != step.group for code in draft.book.codes):
        draft = remove_group(draft, step.group)
    return draft, ""


def _usable(draft: Draft, code: str) -> bool:
    found = draft.book.find(code)
    return found is not None and not found.retired


def _save_decision(
    study: StudyFolder,
    worked: Worked,
    document: CodebookDocument,
    draft: Draft,
    step: AdoptTheme | DiscardTheme,
    again: bool,
    entry: Redo | None = None,
) -> Origin:
    """Write draft, origins and steps as one; the same decision a second time is no step."""
    theme = _theme(worked, step.theme)
    origin = Origin(
        worked.question,
        step.theme,
        step.code if isinstance(step, AdoptTheme) else "",
        (NEW if step.new else ADOPTED) if isinstance(step, AdoptTheme) else DISCARDED,
        theme.label,
        theme.size,
        int(worked.stored.made_with["with_content"]),
        round(theme.stability, 4),
        str(worked.stored.made_with.get("guided_by") or ""),
        step.why,
    )
    known = read_origins(study.codebooks.folder)
    origins = decide_origin(known, origin, again)
    if origins == known:
        study.codebooks.save(document, draft)
        return origin
    step = replace(step, replaced=tuple(one for one in known if one not in origins))
    apply_step(worked.themes, step)
    _save(study, document, draft, worked.question, origins, entry or step)
    return origin


def _save(
    study: StudyFolder,
    document: CodebookDocument,
    draft: Draft,
    question: str,
    origins: Sequence[Origin],
    entry: Entry,
) -> None:
    steps = (*all_steps(study), KeptEntry(question, entry))
    also = {NAME: origins_text(origins), STEPS: steps_text(steps)}
    study.codebooks.save(document, draft, also)


def _theme(worked: Worked, number: int) -> Theme:
    if number in worked.themes.themes:
        return worked.as_theme(number)
    if number in worked.themes.merged:
        raise refused("is_merged", theme=number, into=end_of(worked.themes.merged, number))
    known = ", ".join(map(str, worked.themes.themes))
    params = {"question": worked.question, "theme": number, "known": known}
    raise InputError(Problem("codebook.origin.no_theme", params))


def _new_code(
    study: StudyFolder, worked: Worked, theme: Theme, step: AdoptTheme, draft: Draft
) -> Code:
    """A new code as a theme suggests it."""
    label = _persons_label(worked, theme, step)
    masked = study.masked_texts()
    quotes = []
    for answer_id in theme.representatives[:_EXAMPLES]:
        text = masked[answer_id]
        parts = worked.parts(worked.themes.themes[theme.id], answer_id)
        # of several the last, as ever; an answer that a person moved here is here as a whole
        start, end = text.to_masked(parts[-1].start, parts[-1].end) if parts else (0, None)
        quotes.append(Example(" ".join(text.masked[start:end].split())))
    return Code(
        id=step.code or fresh_id(label, [entry.id for entry in draft.book.codes]),
        label=label,
        group=step.group,
        definition=step.definition,
        examples=tuple(quotes),
        questions=(worked.question,),
        memo=keywords_note(
            worked.question,
            theme.id,
            [word for word, _ in theme.keywords[:_KEYWORDS]],
            study.config.interface_language,
        ),
    )


def _persons_label(worked: Worked, theme: Theme, step: AdoptTheme) -> str:
    """What a person calls the new code: coders go by it, and the label of a run is put together
    from words of answers. Raises InputError where nobody named it."""
    label = " ".join(step.label.split())
    if label:
        return label
    if worked.named(theme.id):
        return theme.label
    params = {"question": worked.question, "theme": theme.id, "label": theme.label}
    raise InputError(Problem("codebook.origin.no_label", params))


def _reason(study: StudyFolder, question: str, theme: Theme) -> str:
    return message(
        "codebook.origin.reason",
        study.config.interface_language,
        question=question,
        theme=theme.id,
        label=theme.label,
    )
