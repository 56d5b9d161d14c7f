"""The steps of a study: where they are kept, and what was done with the themes of a question."""

from __future__ import annotations

from themecoder.themes.steps.files.steps_file import KeptEntry, read_steps
from themecoder.themes.steps.model import Entry
from themecoder.workspace.folder import StudyFolder


def all_steps(study: StudyFolder) -> tuple[KeptEntry, ...]:
    """The steps of all questions; none where the study names no codebook that they lead to."""
    if study.config.codebook is None:
        return ()
    return read_steps(study.codebooks.folder)


def kept_steps(study: StudyFolder, question: str) -> tuple[Entry, ...]:
    """All that was done with the themes of ``question``, undone or not, oldest first."""
    return tuple(kept.entry for kept in all_steps(study) if kept.question == question)
