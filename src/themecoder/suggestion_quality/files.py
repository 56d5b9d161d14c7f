"""``reports/suggestions.json`` and ``reports/suggestions.html``."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_together
from themecoder.suggestion_quality.html.page import render_quality
from themecoder.suggestion_quality.study_quality import Quality
from themecoder.workspace.folder import StudyFolder

_FORMAT = 1


def write_quality(study: StudyFolder, found: Quality) -> list[Path]:
    """Write the page and the file; returns both."""
    config = study.config
    page = render_quality(
        found,
        {code.id: code.label for code in study.required_codebook().codes},
        title=config.title,
        language=config.interface_language,
        synthetic=config.synthetic or "",
    )
    record = json.dumps(quality_record(found), ensure_ascii=False, indent=1)
    contents = {"suggestions.html": page, "suggestions.json": record + "\n"}
    folder = study.paths.reports
    make_folder(folder)
    write_together(folder, contents)
    return [folder / name for name in contents]


def quality_record(found: Quality) -> dict[str, Any]:
    """All measures, rounded to four digits; null for a code of too few respondents."""
    record = asdict(found)
    record["questions"] = [
        {"question": question, **_over_all(asdict(one))} for question, one in found.questions
    ]
    record["scores"]["whole"] = _over_all(record["scores"]["whole"])
    rounded: dict[str, Any] = _rounded({"format": _FORMAT, **record})
    return rounded


def _over_all(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "code"}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value
