"""The content of the page of themes, gathered from the study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from themecoder.embeddings.encoders.lexical import LEXICAL
from themecoder.errors import InputError, Problem
from themecoder.masking.model import MaskedText
from themecoder.messages import message
from themecoder.progress import running
from themecoder.storage.atomic import write_text
from themecoder.survey.answer_id import AnswerId
from themecoder.themes.html.page import render_themes
from themecoder.themes.page_model import QuestionPage, Subgroup, ThemesPage
from themecoder.themes.said import said
from themecoder.themes.shortcuts import shortcut_notes
from themecoder.themes.store import StoredThemes, stored_themes
from themecoder.version import __version__
from themecoder.workspace.folder import StudyFolder


def write_themes_page(study: StudyFolder) -> Path:
    """Write ``reports/themes.html`` from the themes of all questions that have been mined."""
    with running(study.progress, "page"):
        file = study.paths.reports / "themes.html"
        write_text(file, render_themes(themes_page(study)))
    return file


def themes_page(study: StudyFolder) -> ThemesPage:
    """The page of all questions that have been mined. Raises InputError where none has."""
    stored = {question: stored_themes(study, question) for question in study.questions}
    mined = {question: themes for question, themes in stored.items() if themes is not None}
    if not mined:
        raise InputError(
            Problem("themes.none", {"question": ", ".join(stored)}, file=study.paths.root)
        )
    codebook = study.codebook
    config = study.config
    return ThemesPage(
        study_title=config.title,
        questions=[_question(study, question, themes) for question, themes in mined.items()],
        language=config.interface_language,
        notice=config.synthetic or "",
        provenance=_provenance(list(mined.values()), config.interface_language),
        code_labels={code.id: code.label for code in codebook.codes} if codebook else {},
        smallest_cell=config.report.smallest_cell,
    )


def _question(study: StudyFolder, question: str, stored: StoredThemes) -> QuestionPage:
    config = study.config.question(question)
    masked = {a.answer_id: study.masked_texts()[a.answer_id] for a in study.answers(question)}
    known = {a.answer_id for a in stored.themes.assignments} | set(stored.contentless)
    if known != set(masked):
        raise InputError(
            Problem("themes.outdated", {"question": question}, file=study.paths.themes(question))
        )
    return QuestionPage(
        question_id=question,
        wording=config.label,
        asked=len(study.survey.asked(question)),
        answered=len(masked),
        themes=stored.themes,
        texts={answer_id: text.masked for answer_id, text in masked.items()},
        contentless=stored.contentless,
        subgroups=_subgroups(study, question),
        parts=_parts(stored, masked),
        said={theme.id: said(theme, masked) for theme in stored.themes.themes},
        asked_of="" if str(config.asked) == "all" else str(config.asked),
    )


def _subgroups(study: StudyFolder, question: str) -> list[Subgroup]:
    subgroups = []
    for attribute in study.config.attributes:
        groups = study.survey.attribute(attribute.id)
        values = {
            label: {str(AnswerId(respondent, question)) for respondent in groups.members(group)}
            for group, label in groups.labels.items()
        }
        subgroups.append(Subgroup(groups.label, values))
    return subgroups


def _parts(
    stored: StoredThemes, masked: dict[str, MaskedText]
) -> dict[tuple[str, int], Sequence[tuple[int, int]]]:
    parts: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for a in stored.themes.assignments:
        if a.theme is not None:
            place = masked[a.answer_id].to_masked(a.start, a.end)
            parts.setdefault((a.answer_id, a.theme), []).append(place)
    return dict(parts)


def _encoders(made_with: Mapping[str, Any], language: str) -> str:
    """What made the vectors, what was missing for it, and that words alone are a last resort."""
    names = [encoder["name"] for encoder in made_with["encoders"]]
    text = " + ".join(names)
    if LEXICAL in names:
        text += f" ({message('encoders.last_resort', language)})"
    missing = made_with.get("encoders_missing")
    if missing:
        text += f" ({message('encoders.left_out', language, names=', '.join(missing))})"
    return text


def _provenance(mined: Sequence[StoredThemes], language: str) -> dict[str, str]:
    """How the themes came about; where questions differ, every way is named."""

    def named(values: Sequence[str]) -> str:
        return "; ".join(dict.fromkeys(values))

    made_with = [stored.made_with for stored in mined]
    provenance = {
        "encoder": named([_encoders(made, language) for made in made_with]),
        "seed": named([str(made["seed"]) for made in made_with]),
        "granularity": named([str(made["themes"]) for made in made_with]),
        "guided_by": named([str(made["guided_by"] or "") for made in made_with]).strip("; "),
        "shortcuts": " ".join(
            f"{stored.themes.question}: {note}"
            for stored in mined
            for note in shortcut_notes(stored.made_with, language)
        ),
        "version": f"themecoder {__version__}",
    }
    return {key: value for key, value in provenance.items() if value}
