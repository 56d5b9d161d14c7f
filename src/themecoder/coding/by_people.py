"""What people coded of a study, as it stands in its files."""

from __future__ import annotations

from themecoder.coding.annotations import read_coding_files, read_codings
from themecoder.coding.model import Coding
from themecoder.workspace.folder import StudyFolder


def coding_of_all_questions(study: StudyFolder) -> dict[str, tuple[Coding, ...]]:
    """Question and coder -> coding. Raises InputError with every line that can't be read."""
    return read_coding_files(
        {
            f"{question} {file.stem}": file
            for question in study.questions
            for file in study.paths.coding_files(question)
        }
    )


def adjudicated_codings(study: StudyFolder, question: str) -> tuple[Coding, ...]:
    """The decisions on the answers to a question; empty where there are none."""
    file = study.paths.adjudicated(question)
    return read_codings(file) if file.is_file() else ()


def all_adjudicated_codings(study: StudyFolder) -> list[Coding]:
    """The decisions on the answers to all questions."""
    return [one for question in study.questions for one in adjudicated_codings(study, question)]
