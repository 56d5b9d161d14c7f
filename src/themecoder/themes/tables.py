"""Candidate themes as pandas tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from themecoder.masking.model import MaskedText
from themecoder.themes.model import QuestionThemes
from themecoder.themes.said import said
from themecoder.themes.store import StoredThemes, required_themes
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class ThemeTables:
    """The themes of one question.

    ``themes``: a row per theme (index: id): label, size, share of the answers with content,
    stability, keywords, the segments that say what it is about (``said``), nearest code, quote.
    ``assignments``: a row per part of an answer in a
    theme: answer_id, theme (missing: in no theme), strength, segment_start, segment_end, with the
    masked text of the whole answer. ``contentless``: the ids that were set apart.
    """

    question: str
    themes: pandas.DataFrame
    assignments: pandas.DataFrame
    contentless: tuple[str, ...]
    made_with: Mapping[str, Any]
    result: QuestionThemes

    def _repr_html_(self) -> str:
        return str(self.themes.to_html())


def build_tables(stored: StoredThemes, masked: Mapping[str, MaskedText]) -> ThemeTables:
    """The tables of stored themes; ``masked`` holds the text of every answer."""
    import pandas as pd

    result = stored.themes
    texts = {answer_id: text.masked for answer_id, text in masked.items()}
    base = int(stored.made_with["with_content"])
    themes = pd.DataFrame(
        [
            {
                "id": theme.id,
                "label": theme.label,
                "size": theme.size,
                "share": theme.size / base,
                "stability": theme.stability,
                "keywords": ", ".join(word for word, _ in theme.keywords),
                "said": " · ".join(said(theme, masked)),
                "nearest_code": theme.nearest_codes[0][0] if theme.nearest_codes else None,
                "quote": texts.get(theme.representatives[0]) if theme.representatives else None,
            }
            for theme in result.themes
        ],
        columns=[
            "id",
            "label",
            "size",
            "share",
            "stability",
            "keywords",
            "said",
            "nearest_code",
            "quote",
        ],
    ).set_index("id")
    assignments = pd.DataFrame(
        [
            (a.answer_id, a.theme, a.strength, a.start, a.end, texts.get(a.answer_id))
            for a in result.assignments
        ],
        columns=["answer_id", "theme", "strength", "segment_start", "segment_end", "masked"],
    ).astype({"theme": "Int64"})
    return ThemeTables(
        result.question, themes, assignments, stored.contentless, stored.made_with, result
    )


def theme_tables(study: StudyFolder, question: str) -> ThemeTables:
    """The candidate themes of the last run, as tables. Raises InputError before the first."""
    stored = required_themes(study, question)
    masked = study.masked_texts()
    own = {a.answer_id: masked[a.answer_id] for a in study.answers(question)}
    return build_tables(stored, own)
