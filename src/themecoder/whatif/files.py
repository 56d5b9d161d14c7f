"""Outcomes as files: tables and JSON. They are about single respondents and small counts too, so
that they lie among the files that are for those who work on the study."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from themecoder.codebook.changes import concerned, record
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import csv_text, write_together
from themecoder.survey.answer_id import AnswerId
from themecoder.whatif.model import Outcome, Span, WhatIf
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.internal import INTERNAL_NOTICE, internal_notice

HEADER = (
    "change",
    "codes",
    "what",
    "question",
    "code",
    "base_n",
    "coded_n",
    "now",
    "then",
    "ci_low",
    "ci_high",
    "computed",
    "uncoded_n",
    "uncoded_then",
    "uncoded_ci_low",
    "uncoded_ci_high",
)
ANSWERS_HEADER = ("respondent", "question", "code", "move", "chance")
RESPONDENTS = "respondents"


def write_whatif(study: StudyFolder, found: WhatIf) -> list[Path]:
    """``whatif.csv``, ``whatif_answers.csv`` and ``whatif.json`` in ``reports/internal/``."""
    contents: dict[str, str | bytes] = {
        "whatif.csv": csv_text(HEADER, (row for one in found.outcomes for row in _rows(one))),
        "whatif_answers.csv": csv_text(
            ANSWERS_HEADER, (row for one in found.outcomes for row in _answers(one))
        ),
        "whatif.json": json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n",
    }
    folder = study.paths.internal
    make_folder(folder)
    notice = {INTERNAL_NOTICE: internal_notice(study.config.interface_language)}
    write_together(folder, contents | notice)
    return [folder / name for name in contents]


def as_data(found: WhatIf) -> dict[str, Any]:
    """For JSON; numbers with four decimals, as in the tables."""
    return {
        "codebook": found.base,
        "source": found.source,
        "outcomes": [
            {
                "change": record(one.change),
                "computed": one.exact,
                "counts": [_rounded(asdict(row)) for row in one.counts],
                "agreement": [_rounded(asdict(row)) for row in one.agreement],
                "leaving": _rounded(asdict(one.moving)) if one.moving else None,
                "answers": [_rounded(asdict(row)) for row in one.answers],
                "notes": [{"note": note.key, **note.params} for note in one.notes],
            }
            for one in found.outcomes
        ],
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def _rows(one: Outcome) -> Iterator[list[Any]]:
    change = [one.change.kind, " ".join(concerned(one.change))]
    computed = "true" if one.exact else "false"
    for row in one.counts:
        yield [
            *change,
            RESPONDENTS,
            row.question,
            row.code,
            row.base,
            row.coded,
            row.now,
            *_span(row.then),
            computed,
            row.open,
            *_span(row.uncoded),
        ]
    for value in one.agreement:
        yield [
            *change,
            value.coefficient,
            "all",
            value.code,
            value.answers,
            None,
            _number(value.now),
            *_span(value.then),
            computed,
            *[None] * 4,
        ]


def _answers(one: Outcome) -> Iterator[list[Any]]:
    for row in one.answers:
        answer = AnswerId.parse(row.answer_id)
        yield [answer.respondent, answer.question, row.code, row.move, _number(row.chance)]


def _span(span: Span | None) -> list[str | None]:
    if span is None:
        return [None] * 3
    return [_number(span.value), _number(span.low), _number(span.high)]


def _number(value: float | None) -> str | None:
    return None if value is None else f"{value:.4f}"
