"""Candidate themes on disk: ``themes/<question>/``, written as one result, read back whole.

``themes.json`` holds the themes and what they were made with, ``assignments.csv`` which part of
which answer is in which theme, ``map.csv`` the place of every answer on the map, ``centroids.npy``
the themes' vectors, by which a later wave with other respondents finds the same themes again.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import ConfigDict

from themecoder.errors import InputError, Problem
from themecoder.storage import atomic as files
from themecoder.storage.tables import Number, TableRow, Whole, WholeOrNone, read_rows
from themecoder.themes.document import FORMAT, ThemesDocument
from themecoder.themes.model import AnswerPart, Array, Assignment, QuestionThemes, Theme
from themecoder.workspace.folder import StudyFolder

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class StoredThemes:
    """The themes of one question as a run left them.

    ``made_with`` says how (encoders, seed, base numbers …), ``lineage`` what became of the themes
    of the run before, ``next_id`` the first theme id that was never given out. ``centroids`` is
    (k, d), aligned with ``themes.themes``; None where the run before kept none. ``became``: of each
    theme that a run no longer had, the theme that its answers went into, None where they scattered.
    """

    themes: QuestionThemes
    contentless: tuple[str, ...]
    next_id: int
    made_with: Mapping[str, Any]
    lineage: tuple[Mapping[str, Any], ...] = ()
    centroids: Array | None = None
    became: Mapping[int, int | None] = field(default_factory=dict)


class AssignmentRow(TableRow):
    model_config = ConfigDict(extra="ignore")

    answer_id: str
    theme: WholeOrNone
    strength: Number
    segment_start: Whole
    segment_end: Whole


class MapRow(TableRow):
    model_config = ConfigDict(extra="ignore")

    answer_id: str
    x: Number
    y: Number


def write_themes(folder: Path, stored: StoredThemes) -> None:
    """Replace the result in ``folder`` as a whole; a second write of the same changes nothing."""
    result = stored.themes
    document = {
        "format": FORMAT,
        "question": result.question,
        "made_with": dict(stored.made_with),
        "next_id": stored.next_id,
        "themes": [
            {
                "id": theme.id,
                "label": theme.label,
                "size": theme.size,
                "stability": round(theme.stability, _DECIMALS),
                "keywords": [
                    {"keyword": word, "weight": round(weight, _DECIMALS)}
                    for word, weight in theme.keywords
                ],
                "representatives": list(theme.representatives),
                "nearest_codes": [
                    {"code": code, "similarity": round(similarity, _DECIMALS)}
                    for code, similarity in theme.nearest_codes
                ],
                # only where it is so: without, a study's files are as they were
                **({"uncovered": True} if theme.uncovered else {}),
                "segments": [
                    {"answer_id": part.answer_id, "start": part.start, "end": part.end}
                    for part in theme.segments
                ],
            }
            for theme in result.themes
        ],
        "hierarchy": [[a, b, round(distance, _DECIMALS)] for a, b, distance in result.merges],
        "lineage": [dict(event) for event in stored.lineage],
        # only where a run left any out: without, a study's files are as they were
        **({"became": sorted(stored.became.items())} if stored.became else {}),
        "contentless": list(stored.contentless),
    }
    assignments = files.csv_text(
        tuple(AssignmentRow.model_fields),
        (
            (a.answer_id, a.theme, f"{a.strength:.{_DECIMALS}f}", a.start, a.end)
            for a in result.assignments
        ),
    )
    places = files.csv_text(
        tuple(MapRow.model_fields),
        (
            (answer_id, f"{x:.{_DECIMALS}f}", f"{y:.{_DECIMALS}f}")
            for answer_id, (x, y) in sorted(result.xy.items())
        ),
    )
    contents: dict[str, str | bytes] = {
        "themes.json": json.dumps(document, ensure_ascii=False, indent=2) + "\n",
        "assignments.csv": assignments,
        "map.csv": places,
    }
    if stored.centroids is not None:
        buffer = io.BytesIO()
        np.save(buffer, np.asarray(stored.centroids, dtype=np.float16), allow_pickle=False)
        contents["centroids.npy"] = buffer.getvalue()
    files.write_together(folder, contents)


def stored_themes(study: StudyFolder, question: str) -> StoredThemes | None:
    """The candidate themes of a question's last run, as on disk; None before the first."""
    return read_themes(study.paths.themes(study.question(question)))


def required_themes(study: StudyFolder, question: str) -> StoredThemes:
    """The candidate themes of a question's last run. Raises InputError before the first."""
    stored = stored_themes(study, question)
    if stored is None:
        file = study.paths.themes(question)
        raise InputError(Problem("themes.none", {"question": question}, file=file))
    return stored


def read_themes(folder: Path) -> StoredThemes | None:
    """The result in ``folder``; None where there is none.

    Raises InputError where its files are damaged or of a format that this version does not read.
    """
    files.finish_pending_write(folder)
    main = folder / "themes.json"
    if not main.is_file():
        return None
    try:
        document = json.loads(main.read_text(encoding="utf-8"))
        if document["format"] != FORMAT:
            raise InputError(
                Problem(
                    "themes.format", {"found": document["format"], "expected": FORMAT}, file=main
                )
            )
        return _read_stored(ThemesDocument.model_validate(document), folder)
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise InputError(Problem("themes.damaged", {"reason": repr(error)}, file=main)) from error


def _read_stored(document: ThemesDocument, folder: Path) -> StoredThemes:
    assigned = read_rows(
        folder / "assignments.csv",
        AssignmentRow,
        # the columns in the order of an assignment's fields, under their own names
        lambda **cells: Assignment(*cells.values()),
        "themes.cell",
    )
    placed = read_rows(
        folder / "map.csv", MapRow, lambda answer_id, x, y: (answer_id, (x, y)), "themes.cell"
    )
    themes = tuple(
        Theme(
            id=entry.id,
            label=entry.label,
            keywords=tuple((word.keyword, word.weight) for word in entry.keywords),
            size=entry.size,
            stability=entry.stability,
            representatives=entry.representatives,
            nearest_codes=tuple((near.code, near.similarity) for near in entry.nearest_codes),
            uncovered=entry.uncovered,
            segments=tuple(
                AnswerPart(part.answer_id, part.start, part.end) for part in entry.segments
            ),
        )
        for entry in document.themes
    )
    vectors = folder / "centroids.npy"
    return StoredThemes(
        themes=QuestionThemes(
            question=document.question,
            themes=themes,
            assignments=tuple(assigned),
            merges=document.hierarchy,
            xy=dict(placed),
        ),
        contentless=document.contentless,
        next_id=document.next_id,
        made_with=document.made_with,
        lineage=document.lineage,
        centroids=np.load(vectors, allow_pickle=False).astype(np.float32)
        if vectors.is_file()
        else None,
        became=dict(document.became),
    )
