"""A project of a Label Studio server as a file, to be imported like an export of it."""

from __future__ import annotations

from pathlib import Path

from themecoder.coding.label_studio.connect import connect
from themecoder.coding.label_studio.other_project import other_project
from themecoder.storage.atomic import write_json
from themecoder.workspace.folder import StudyFolder


def fetch_project(
    study: StudyFolder, number: int, url: str | None = None, insecure: bool = False
) -> Path:
    """Fetch project ``number`` from the server at ``url`` (see ``connect``); the file is in the
    study's working folder, for it holds answers as they are there, masked or not."""
    with connect(study, url, insecure) as client:
        found = other_project(client, number)
    file = study.paths.label_studio / f"project_{number}.json"
    write_json(file, found)
    return file
