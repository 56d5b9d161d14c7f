"""What is kept here of the projects on a server: their marks, and what was seen at the last sync.

The marks are part of the study (``annotations/label_studio.json``): without them a second clone
would make second projects. What was seen only saves time and may be thrown away.
"""

from __future__ import annotations

import json
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Any

from themecoder.coding.label_studio.project import Fingerprint
from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.workspace.folder import StudyFolder


def get_or_create_project_key(file: Path, question: str) -> str:
    """The mark of a question's project; a new one is drawn and kept before it is used."""
    marks = _read_marks(file)
    if question not in marks:
        marks[question] = str(uuid.uuid4())
        files.write_text(file, json.dumps(marks, indent=1, sort_keys=True) + "\n")
    return marks[question]


def project_key(file: Path, question: str) -> str | None:
    """The mark of a question's project; None where it was never pushed."""
    return _read_marks(file).get(question)


def _read_marks(file: Path) -> dict[str, str]:
    if not file.is_file():
        return {}
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
        return {str(question): str(uuid.UUID(mark)) for question, mark in found.items()}
    except (ValueError, AttributeError, TypeError) as error:
        params = {"reason": str(error)}
        raise InputError(Problem("server.marks_damaged", params, file=file)) from None


class SyncState:
    """``.themecoder/label_studio/<kind>-<question>.json``: the state that was found to be in step.

    ``of`` says what it is the state of (server, project, our own side); another one does not count.
    """

    def __init__(self, folder: Path, kind: str, question: str) -> None:
        self._file = folder / f"{kind}-{question}.json"

    def unchanged(self, now: Fingerprint, of: str) -> bool:
        """Whether nothing has changed since ``keep``, neither there nor here."""
        try:
            kept: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return False
        return kept == {"of": of, **asdict(now)}

    def save(self, now: Fingerprint, of: str) -> None:
        files.write_text(self._file, json.dumps({"of": of, **asdict(now)}, sort_keys=True) + "\n")


def project_question(study: StudyFolder, mark: str) -> str:
    """The question whose project has the mark."""
    file = study.paths.project_keys
    return next(one for one in study.questions if project_key(file, one) == mark)


def pushed_questions(study: StudyFolder) -> list[str]:
    """The questions that have a project on a server."""
    file = study.paths.project_keys
    found = [question for question in study.questions if project_key(file, question)]
    if not found:
        raise InputError(Problem("pull.no_project", {"question": ", ".join(study.questions)}))
    return found
