"""A study's quoted figures and claims, held against its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from themecoder.coding.source import PPI, CodingSource
from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.figures.claims import ClaimChecker
from themecoder.figures.coded_columns import (
    coded_columns,
    codes_of_columns,
    estimate_of,
    respondents_of,
    with_codes,
    with_pool,
)
from themecoder.figures.drafts.check import check_draft
from themecoder.figures.drafts.files import read_draft
from themecoder.figures.drafts.model import KnownClaim, KnownFigure, MatchedNumber
from themecoder.figures.estimated_figures import EstimatedFigures
from themecoder.figures.quoted.claims import CheckedClaim, Claim
from themecoder.figures.quoted.figures import (
    DIFFERS,
    MATCH,
    CheckedFigure,
    QuotedFigure,
    check_figure,
    not_coded,
)
from themecoder.figures.quoted.rows import (
    CLAIMS,
    FIGURES,
    Rows,
    quantifier_scales,
    read_claims,
    read_figures,
)
from themecoder.figures.shown import (
    ESTIMATE,
    claim_text,
    detail_shown,
    estimate_cells,
    is_small,
    n_shown,
    rebuilt_shown,
)
from themecoder.storage.atomic import write_csv
from themecoder.storage.tables import read_table
from themecoder.survey.export import Export
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from themecoder.figures.quoted.figures import Estimate

FIGURES_FILE, CLAIMS_FILE = "quoted_figures.csv", "claims.csv"
_QUOTED = ("kind", "id", "text", "quoted", "rebuilt")
HEADER = (*_QUOTED, "n", "base_n", "verdict", "cause", "detail")


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """The checked figures and claims. ``source`` is the coding that claims on codes were checked
    against, None where no claim needed it; ``problems`` are the reasons why it can't be read."""

    figures: tuple[CheckedFigure, ...]
    claims: tuple[CheckedClaim, ...]
    source: CodingSource | None
    problems: tuple[Problem, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether nothing that could be rebuilt differs."""
        verdicts = [f.verdict for f in self.figures] + [c.verdict for c in self.claims]
        return DIFFERS not in verdicts


def check_study(
    study: StudyFolder,
    figures: Path | None = None,
    claims: Path | None = None,
    source: CodingSource | None = None,
) -> CheckedReport:
    """See ``Study.check``."""
    files = {
        FIGURES_FILE: figures or study.paths.reports / FIGURES_FILE,
        CLAIMS_FILE: claims or study.paths.reports / CLAIMS_FILE,
    }
    given = {FIGURES_FILE: figures, CLAIMS_FILE: claims}
    present = {name: file for name, file in files.items() if given[name] or file.is_file()}
    if not present:
        params = {"figures": files[FIGURES_FILE], "claims": files[CLAIMS_FILE]}
        raise InputError(Problem("checking.nothing", params))
    export, language = _export_with_listed_answers(study), study.config.interface_language
    problems: list[Problem] = []
    quoted, claims_read = [], []
    checker, whole, of_codes = ClaimChecker(study, source), export, frozenset[str]()
    # both files are read before either is checked, so that all mistakes are reported at once
    if FIGURES_FILE in present:
        try:
            rows = read_table(present[FIGURES_FILE], FIGURES)
            whole, of_codes = _with_codes(study, export, rows, checker)
            quoted = read_figures(rows, whole, language, present[FIGURES_FILE])
        except InputError as error:
            problems += error.problems
    if CLAIMS_FILE in present:
        try:
            claims_read = _read_claims(study, export, present[CLAIMS_FILE])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    used = [figure.base for figure in quoted if figure.base is not None]
    bases = _other_bases(study, used, whole)
    unread = of_codes if checker.problems else frozenset()
    estimated = _estimated(study, whole, export, checker) if of_codes else None
    estimates = _estimates(study, export, checker) if of_codes and estimated is None else {}
    checked = tuple(
        not_coded(figure)
        if unread.intersection(figure.columns)
        else estimated.check(figure, language)
        if estimated is not None and of_codes.intersection(figure.columns)
        else check_figure(
            figure, whole.frame, bases, language, estimates.get(_question_of(figure, of_codes))
        )
        for figure in quoted
    )
    judged = tuple(checker.judge(claim) for claim in claims_read)
    by_estimates = source is not None and source.ppi
    source = checker.source if checker.parts or by_estimates else None
    return CheckedReport(checked, judged, source, tuple(checker.problems))


def claims_of(study: StudyFolder) -> list[Claim]:
    """The claims in ``reports/claims.csv``; none where it is not there. Raises InputError with
    every mistake in it."""
    file = study.paths.reports / CLAIMS_FILE
    if not file.is_file():
        return []
    return _read_claims(study, _export_with_listed_answers(study), file)


def check_draft_of(study: StudyFolder, draft: Path, report: CheckedReport) -> list[MatchedNumber]:
    """See ``Study.check_draft``."""
    if report.source and report.source.ppi:
        raise InputError(Problem("ppi.no_draft"))
    smallest = study.config.report.smallest_cell
    labels = {q.id: f"{q.text} {q.label}" for q in study.config.questions}
    labels |= {q.id: f"{q.text} {q.label}" for q in study.config.closed}
    figures = []
    for checked in report.figures:
        figure, formula = checked.figure, checked.figure.formula
        question = figure.text.partition(" / ")[0].partition("_")[0]
        condition = formula is not None and formula.condition is not None
        whole = formula is not None and formula.kind == "rows"
        counted = checked.n is not None and (condition or whole)
        mean = figure.read.value if checked.rebuilt and not counted else None
        figures.append(
            KnownFigure(
                id=figure.id,
                text=figure.text,
                printed=figure.printed,
                n=checked.n if counted else None,
                base_n=checked.base_n if condition else None,
                value=Fraction(mean) if mean is not None else None,
                question=labels.get(question, ""),
                source=f"{formula} | {figure.base}",
                hidden=is_small(checked.n, checked.base_n, smallest),
            )
        )
    language = study.config.interface_language
    verdicts = {MATCH: True, DIFFERS: False}
    claims = [
        KnownClaim(
            judged.claim.id,
            judged.claim.text,
            judged.claim.quantifier,
            verdicts.get(judged.verdict),
            claim_text(judged, language, smallest),
        )
        for judged in report.claims
    ]
    scales = quantifier_scales(language, study.config.quantifiers).values()
    words = {word: None for scale in scales for word, rule in scale.items() if rule.countable}
    return list(check_draft(read_draft(draft), figures, claims, language, words))


def write_check(study: StudyFolder, report: CheckedReport) -> Path:
    """Write ``reports/check.csv``: every figure and claim with what the data give. What was held
    against estimates goes into ``check_ppi.csv``, with their intervals."""
    by_estimates = report.source is not None and report.source.ppi
    file = study.paths.reports / (f"check_{PPI}.csv" if by_estimates else "check.csv")
    smallest = study.config.report.smallest_cell
    rows: list[tuple[object, ...]] = []
    for checked in report.figures:
        figure = checked.figure
        rebuilt = rebuilt_shown(checked, smallest)
        quoted = ("figure", figure.id, figure.text, figure.printed, rebuilt)
        row = (*quoted, *_outcome(checked, smallest), detail_shown(checked, smallest))
        rows.append((*row, *estimate_cells(checked)) if by_estimates else row)
    for judged in report.claims:
        claim = judged.claim
        rebuilt = claim_text(judged, study.config.interface_language, smallest)
        quoted = ("claim", claim.id, claim.text, claim.quantifier, rebuilt)
        row = (*quoted, *_outcome(judged, smallest), claim.rule.text)
        rows.append((*row, *estimate_cells(judged)) if by_estimates else row)
    write_csv(file, (*HEADER, *ESTIMATE) if by_estimates else HEADER, rows)
    return file


def _outcome(checked: CheckedFigure | CheckedClaim, smallest: int) -> tuple[object, ...]:
    return n_shown(checked, smallest), checked.base_n, checked.verdict, checked.cause or ""


def _export_with_listed_answers(study: StudyFolder) -> Export:
    """The export with the answers that study.toml lists, so that an expression may name an answer
    that nobody gives."""
    listed: dict[str, Mapping[str, str]] = {}
    for question in study.survey.closed:
        listed |= dict.fromkeys(question.items or [question.column], question.values)
    export = study.survey.export
    columns = (replace(c, values={**listed.get(c.name, {}), **c.values}) for c in export.columns)
    return replace(export, columns=tuple(columns))


def _read_claims(study: StudyFolder, export: Export, file: Path) -> list[Claim]:
    language, problems = study.config.interface_language, []
    book = study.codebook
    questions = dict.fromkeys(study.questions, True)
    questions |= {question.id: False for question in study.survey.closed}
    try:
        scales = quantifier_scales(language, study.config.quantifiers)
    except InputError as error:
        problems, scales = list(error.problems), quantifier_scales(language, {})
    rows = read_table(file, CLAIMS)
    try:
        codes = [code.id for code in book.usable] if book else []
        claims = read_claims(rows, export, codes, questions, scales, language, file)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return claims


def _with_codes(
    study: StudyFolder, export: Export, rows: Rows, judge: ClaimChecker
) -> tuple[Export, frozenset[str]]:
    """The export with codes as columns, and their names; the coding is read only where ``rows`` of
    figures mention a code."""
    book = study.codebook
    names = coded_columns(study, book)
    texts = " ".join(row["expr"] + " " + row["base_expr"] for _, row in rows)
    if book is None or not any(f"{name.partition(':')[0]}:" in texts for name in names):
        return export, frozenset()
    if judge.estimator is not None:
        parts = [one.part for one in judge.estimator.parts.values()]
    else:
        parts = judge.coded(study.questions)
    return with_codes(study, export, book, names, parts), frozenset(names)


def _estimated(
    study: StudyFolder, whole: Export, export: Export, checker: ClaimChecker
) -> EstimatedFigures | None:
    """What figures on codes are held against where the source is an estimate."""
    if checker.estimator is None:
        return None
    book = study.required_codebook()
    coding = [one.whole for one in checker.estimator.parts.values()]
    names = coded_columns(study, book)
    return EstimatedFigures(
        study,
        checker.estimator,
        whole.frame,
        with_codes(study, export, book, names, coding).frame,
        respondents_of(study, export),
        codes_of_columns(study, book),
    )


def _estimates(study: StudyFolder, export: Export, checker: ClaimChecker) -> Mapping[str, Estimate]:
    """Question -> the share of respondents where not every answer to it is coded."""
    parts = with_pool(study, checker.coded(study.questions))
    ids, level = respondents_of(study, export), study.config.counts.level
    return {part.question: estimate_of(part, ids, level) for part in parts}


def _question_of(figure: QuotedFigure, of_codes: frozenset[str]) -> str:
    """The question whose codes a figure is about, empty where that is none or several: what is
    known of the one says little about who has the code of the other."""
    questions = {name.partition(":")[0] for name in figure.columns & of_codes}
    return questions.pop() if len(questions) == 1 else ""


def _other_bases(
    study: StudyFolder, used: Sequence[Expression], export: Export
) -> dict[str, npt.NDArray[np.bool_]]:
    """Other bases that a figure may have been computed on: the target group, everybody in the
    export, the respondents asked each question, the bases of the other figures."""
    config = study.config
    conditions: list[Expression] = [config.survey.include]
    conditions += [question.asked for question in config.questions]
    conditions += [closed.asked for closed in study.survey.closed]
    conditions += used
    conditions.append(parse("all"))
    return {str(condition): condition.evaluate(export.frame) for condition in conditions}
