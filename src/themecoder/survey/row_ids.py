"""Respondents without an id of their own: the row of the file is who they are."""

from __future__ import annotations

import hashlib
from pathlib import Path

from themecoder.errors import InputError, Problem


def file_hash(file: Path) -> str:
    """The SHA-256 of a file, as ``sha256sum`` prints it."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def check_same_file(file: Path, known: str | None, config: Path) -> None:
    """Raises InputError where the file is not the one that rows were made ids of.

    In a new export the same row may be another person, and all coding would be of somebody else.
    """
    if not file.is_file():
        return  # reading it says so
    found = file_hash(file)
    if known is None:
        raise InputError(Problem("survey.rows_unsealed", {"found": found}, file=config))
    if known != found:
        params = {"file": file.name, "found": found, "expected": known}
        raise InputError(Problem("survey.rows_moved", params, file=config))
