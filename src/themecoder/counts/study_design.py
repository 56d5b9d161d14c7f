"""How a study's respondents were sampled, by the columns that study.toml names."""

from __future__ import annotations

from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.sampling import SamplingDesign, lonely_strata
from themecoder.errors import InputError, Problem
from themecoder.expressions.cells import is_empty, number
from themecoder.workspace.folder import StudyFolder


def study_design(study: StudyFolder) -> SamplingDesign | None:
    """The weights, strata and clusters of the target group; None where the study has none.

    Raises InputError with every cell that is not a weight (empty, not a number, or below zero),
    every empty cell of strata and clusters, and every stratum with one cluster: of that no variance
    can be told, and R refuses it too.
    """
    settings = study.config.survey
    if not (settings.weight or settings.strata or settings.cluster):
        return None
    problems: list[Problem] = []
    weights = dict.fromkeys(study.survey.respondents, 1.0)
    file = study.paths.root / settings.file
    if settings.weight:
        for respondent, cell in _cells(study, settings.weight).items():
            value = number(cell)
            if value is None or value < 0:
                params = {"respondent": respondent, "found": cell}
                problems.append(Problem("counts.weight", params, file=file, column=settings.weight))
            else:
                weights[respondent] = value
    strata, clusters = (
        _cells(study, column) if column else None for column in (settings.strata, settings.cluster)
    )
    for column, cells in ((settings.strata, strata), (settings.cluster, clusters)):
        problems += [
            Problem(
                "counts.no_stratum",
                {"respondent": respondent, "column": column},
                file=file,
                column=column,
            )
            for respondent, cell in (cells or {}).items()
            if not cell
        ]
    if problems:
        raise InputError(problems)
    if strata or clusters:
        column = settings.strata or settings.cluster
        lonely = lonely_strata(strata or dict.fromkeys(weights, ALL_RESPONDENTS), clusters)
        problems += [
            Problem("counts.lonely", {"stratum": name}, file=file, column=column) for name in lonely
        ]
    if problems:
        raise InputError(problems)
    return SamplingDesign.of(weights, strata, clusters)


def _cells(study: StudyFolder, column: str) -> dict[str, str]:
    """respondent -> what stands in ``column``, empty where nothing does."""
    cells = study.survey.frame[column].tolist()
    return {
        respondent: "" if is_empty(cell) else str(cell).strip()
        for respondent, cell in zip(study.survey.respondents, cells, strict=True)
    }
