"""What a draft may quote without a list of figures: the study's own counts."""

from __future__ import annotations

from pathlib import Path

from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import ALL_QUESTIONS, Counts
from themecoder.counts.study_counts import study_counts
from themecoder.errors import InputError
from themecoder.figures.drafts.check import check_draft
from themecoder.figures.drafts.files import read_draft
from themecoder.figures.drafts.model import KnownFigure, MatchedNumber
from themecoder.figures.quoted.rows import quantifier_scales
from themecoder.figures.study_check import CLAIMS_FILE, FIGURES_FILE, check_draft_of, check_study
from themecoder.output.numbers import number_text
from themecoder.workspace.folder import StudyFolder


def check_any_draft(study: StudyFolder, draft: Path) -> list[MatchedNumber]:
    """The numbers in a draft, tied to the quoted figures and claims where the study has a list of
    them, else to its counts of all respondents."""
    listed = (study.paths.reports / name for name in (FIGURES_FILE, CLAIMS_FILE))
    if any(file.is_file() for file in listed):
        return check_draft_of(study, draft, check_study(study))
    language = study.config.interface_language
    blocks = read_draft(draft)
    figures = counted_figures(_counts(study), language, study.config.counts.decimals)
    scales = quantifier_scales(language, study.config.quantifiers).values()
    words = {word: None for scale in scales for word, rule in scale.items() if rule.countable}
    return list(check_draft(blocks, figures, [], language, words))


def counted_figures(counts: Counts, language: str, decimals: int) -> list[KnownFigure]:
    """The counts of all respondents as figures that may be quoted; of a count that is not shown it
    is not told what it comes to."""
    figures = []
    for row in counts.rows:
        if row.subgroup != ALL_RESPONDENTS or row.question == ALL_QUESTIONS:
            continue
        estimated = bool(row.uncoded_n)
        shown = row.n is not None and row.percent is not None and not estimated
        label = counts.code_labels[row.question, row.code]
        percent = row.percent if row.percent is not None else None
        figures.append(
            KnownFigure(
                id=f"{row.question}:{row.code}",
                text=label,
                printed="" if percent is None else number_text(percent, decimals, language) + "%",
                n=row.n if shown else None,
                base_n=row.base_n if shown else None,
                question=counts.question_labels[row.question],
                source=f"{row.question}:{row.code}",
                hidden=row.suppressed is not None,
            )
        )
    return figures


def _counts(study: StudyFolder) -> Counts:
    """The counts of all questions; where no coding can be read, of the closed ones."""
    try:
        return study_counts(study, by=[])
    except InputError:
        closed = [question.id for question in study.survey.closed]
        if not closed:
            raise
        return study_counts(study, closed, by=[])
