"""Proposed labels and definitions for a study's candidate themes: beside the themes, never in them.

``reports/internal/assistant/themes_<question>.json`` holds them until a person adopts one.
"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from themecoder.assistant.ask import Assistant, ask_all
from themecoder.assistant.model import Prompt, Proposal, Proposals
from themecoder.assistant.proposals import proposal_prompt, read_proposal
from themecoder.errors import InputError, Problem
from themecoder.progress import running
from themecoder.storage.atomic import sha256, write_json
from themecoder.themes.model import Theme
from themecoder.themes.store import StoredThemes, required_themes
from themecoder.workspace.folder import StudyFolder

_KEYWORDS, _PARTS = 8, 12
_CHECK = 16  # digits


class _File(BaseModel):
    model_config = ConfigDict(extra="ignore", strict=True)

    proposals: list[Proposal]


def propose(study: StudyFolder, question: str, assistant: Assistant) -> Proposals:
    """Ask for a label and a definition for each candidate theme of a question, and write them.

    Raises InputError where the question was not mined, ServiceError where the server can't go on;
    what it said until then is written first.
    """
    stored = required_themes(study, question)
    themes = stored.themes.themes
    asked = [_prompt(study, question, stored, theme) for theme in themes]
    prompts = [
        (prompt, read_proposal(theme.id, _check(prompt)))
        for theme, prompt in zip(themes, asked, strict=True)
    ]
    with running(study.progress, "assistant", question):
        came = ask_all(assistant, prompts, study.progress.advance)
    failed = tuple(themes[place].id for place in came.failed)
    proposals = tuple(came.values.values())
    made = Proposals(question, assistant.model, proposals, failed, came.left)
    document = {
        "question": question,
        "model": made.model.shown,
        "digest": made.model.digest,
        "of_weights": made.model.of_weights,
        "proposals": [asdict(one) for one in made.proposals],
    }
    if made.proposals or not made.left:
        with study.locked():
            write_json(_file(study, question), document)
    if came.stopped is not None:
        raise came.stopped
    return made


def required_proposal(study: StudyFolder, question: str, theme: int) -> Proposal:
    """The proposal for a candidate theme. Raises InputError where there is none, or where the theme
    has other answers since."""
    stored = required_themes(study, question)
    file = _file(study, question)
    found = {one.theme: one for one in _read(file)}
    candidate = next((one for one in stored.themes.themes if one.id == theme), None)
    params = {"question": question, "theme": theme}
    if candidate is None or theme not in found:
        raise InputError(Problem("assistant.no_proposal", params, file=file))
    if _check(_prompt(study, question, stored, candidate)) != found[theme].check:
        raise InputError(Problem("assistant.old_proposal", params, file=file))
    return found[theme]


def _read(file: Path) -> list[Proposal]:
    if not file.is_file():
        return []
    try:
        return _File.model_validate_json(file.read_text(encoding="utf-8")).proposals
    except (ValidationError, ValueError, OSError) as error:
        reason = type(error).__name__
        raise InputError(Problem("assistant.damaged_file", {"reason": reason}, file=file)) from None


def _prompt(study: StudyFolder, question: str, stored: StoredThemes, theme: Theme) -> Prompt:
    settings = study.config.question(question)
    masked = study.masked_texts()
    spans = {
        a.answer_id: (a.start, a.end) for a in stored.themes.assignments if a.theme == theme.id
    }
    parts = []
    for answer in theme.representatives[:_PARTS]:
        text = masked.get(answer)
        # an answer that is shorter since the themes were made has no such part any more
        if text and answer in spans and spans[answer][1] <= len(text.original):
            start, end = text.to_masked(*spans[answer])
            parts.append(" ".join(text.masked[start:end].split()))
    keywords = [word for word, _ in theme.keywords[:_KEYWORDS]]
    language = study.config.interface_language
    return proposal_prompt(settings.text or settings.label, keywords, parts, language)


def _check(prompt: Prompt) -> str:
    """What changes with the theme's texts."""
    return sha256(prompt.fixed, prompt.data)[:_CHECK]


def _file(study: StudyFolder, question: str) -> Path:
    return study.paths.assistant_texts / f"themes_{question}.json"
