"""Whether suggestions were learned from the coding and the codebook as they are now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from themecoder.assistant.opinion_files import opinion_files
from themecoder.codebook.files.origins import NAME as ORIGINS
from themecoder.coding.suggestions.of_plugin import model_of_plugin, suggester_of
from themecoder.storage.atomic import write_json
from themecoder.workspace.folder import StudyFolder

_NOTES = "learned_from.json"


def stale_suggestions(study: StudyFolder) -> list[str]:
    """The questions whose file of suggestions was made from other coding or another codebook, or
    by a version of themecoder that did not say from what."""
    there = [q for q in study.questions if study.paths.suggestions(q).is_file()]
    if not there or study.codebook is None:
        return []
    now, notes = _learned_from(study), _notes(study)
    return [question for question in there if notes.get(question) != now]


def note_suggestions(study: StudyFolder, questions: Iterable[str]) -> None:
    """Keep from what the suggestions for ``questions`` were made just now."""
    now = _learned_from(study)
    notes = _notes(study) | dict.fromkeys(questions, now)
    write_json(study.paths.suggestions_folder / _NOTES, dict(sorted(notes.items())))


def _learned_from(study: StudyFolder) -> str:
    """A digest of all that is learned from, at all questions: each teaches the others."""
    book, folder = study.required_codebook(), study.codebooks
    settings = study.config.codebook
    version = (settings.version if settings else None) or folder.newest or ""
    files = [folder.file(version), folder.folder / ORIGINS]
    for question in study.questions:
        files += [*study.paths.coding_files(question), study.paths.adjudicated(question)]
    # where there are none, a study's suggestions stay as fresh as they were
    files += opinion_files(study.paths, study.questions)
    plugin = suggester_of(study)
    # of ours nothing is said, so that they stay as fresh as they were
    by = "" if plugin is None else f" {model_of_plugin(plugin)}"
    digest = hashlib.sha256(f"{book.id} {version}{by}".encode())
    for file in files:
        data = file.read_bytes() if file.is_file() else b""
        name = file.relative_to(study.paths.root).as_posix()
        digest.update(f"{name} {file.is_file()} {len(data)} ".encode())
        digest.update(data)
    return digest.hexdigest()


def _notes(study: StudyFolder) -> dict[str, str]:
    """Question -> digest; nothing where the file is not there or can't be read: it is made anew."""
    file = study.paths.suggestions_folder / _NOTES
    try:
        notes = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in notes.items()} if isinstance(notes, dict) else {}
