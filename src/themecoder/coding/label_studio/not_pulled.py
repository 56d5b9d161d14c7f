"""What coders made on a server and is not here: it exists once."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from themecoder.coding.history import read_history
from themecoder.coding.label_studio.postgresql import Postgres
from themecoder.coding.label_studio.results import read_result
from themecoder.coding.model import Coding
from themecoder.coding.read import coding_by_coder
from themecoder.errors import InputError, Problem
from themecoder.workspace.folder import StudyFolder

_ANNOTATIONS = """
    SELECT made.id, made.result, made.was_cancelled, task.data
    FROM task_completion AS made
    JOIN task ON task.id = made.task_id
    JOIN project ON project.id = task.project_id
    WHERE instr(project.description, ?) AND project.deleted_at IS NULL
"""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a server has of one answer: the items of its result, and the text they are of."""

    id: int
    result: list[Mapping[str, Any]]
    skipped: bool
    text: str


def not_pulled(study: StudyFolder, question: str, made: Iterable[Annotation]) -> int:
    """How many of the annotations ``made`` are not here, or say something else here."""
    lines = [one for codings in coding_by_coder(study, question).values() for one in codings]
    here = {one.source.get("annotation"): one for one in lines}
    earlier: set[Any] = set()
    for file in study.paths.coding_histories(question):
        earlier |= {one.source.get("annotation") for one in read_history(file)}
    unread = study.paths.unread_coding(question)
    if unread.is_file():
        texts = unread.read_text(encoding="utf-8").splitlines()
        earlier |= {json.loads(line)["annotation"]["id"] for line in texts if line}
    found = 0
    for one in made:
        line = here.get(one.id)
        if line is None:
            found += one.id not in earlier
        else:
            found += not _says(line, one)
    return found


def _says(line: Coding, made: Annotation) -> bool:
    """Whether the coding here says what the annotation does."""
    if made.skipped or line.state == "skipped":
        return made.skipped and line.state == "skipped"
    result = read_result(made.result, made.text, line.codes)
    return (set(result.codes), result.values, result.uncertain, result.remark) == (
        set(line.codes),
        line.values,
        line.uncertain,
        line.comment,
    ) and Counter(span.code for span in result.spans) == Counter(q.code for q in line.quotes)


def read_annotations(database: Path | Postgres, mark: str) -> Iterator[Annotation]:
    """The annotations of the project with the mark in the database of a server of ours.

    Raises InputError where it can't be read.
    """
    described = f"[themecoder:{mark}]"
    if isinstance(database, Postgres):
        yield from map(_annotation, database.annotations(described))
        return
    try:
        with contextlib.closing(sqlite3.connect(database, timeout=10)) as store:
            yield from map(_annotation, store.execute(_ANNOTATIONS, (described,)))
    except (sqlite3.Error, ValueError) as error:
        raise InputError(
            Problem("server.not_copied", {"reason": str(error)}, file=database)
        ) from error


def _annotation(row: tuple[Any, Any, Any, Any]) -> Annotation:
    number, result, skipped, data = row
    text = str(json.loads(data).get("text", ""))
    return Annotation(int(number), json.loads(result or "[]"), bool(skipped), text)
