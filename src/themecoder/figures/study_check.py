"""A study's quoted figures and claims, held against its data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from themecoder.coding.source import CodingSource
from themecoder.counts.breakdowns import closed_questions
from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.figures.claims import ClaimChecker
from themecoder.figures.coded_columns import coded_columns, with_codes
from themecoder.figures.drafts.check import check_draft
from themecoder.figures.drafts.files import read_draft
from themecoder.figures.drafts.model import KnownClaim as Known
from themecoder.figures.drafts.model import KnownFigure, MatchedNumber
from themecoder.figures.quoted.claims import CheckedClaim, Claim
from themecoder.figures.quoted.figures import DIFFERS, MATCH, CheckedFigure, check_figure, not_coded
from themecoder.figures.quoted.rows import CLAIMS, FIGURES, Rows, claims_of, figures_of, scale_of
from themecoder.messages import message
from themecoder.output.numbers import percent_text
from themecoder.storage.atomic import write_csv
from themecoder.storage.tables import read_table
from themecoder.survey.export import Export
from themecoder.workspace.folder import StudyFolder

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


FIGURES_FILE, CLAIMS_FILE = "quoted_figures.csv", "claims.csv"


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """What was checked. ``source``: whose coding the claims on codes were held against; None where
    there were none. ``problems``: why they could not be, such as coding of other respondents."""

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
    there = {name: file for name, file in files.items() if given[name] or file.is_file()}
    if not there:
        params = {"figures": files[FIGURES_FILE], "claims": files[CLAIMS_FILE]}
        raise InputError(Problem("checking.nothing", params))
    export, language = _with_answers(study), study.config.language
    problems: list[Problem] = []
    found_figures, found_claims = [], []
    judge_of, whole, of_codes = ClaimChecker(study, source), export, frozenset[str]()
    # both are read whole before either is checked: every mistake at once
    if FIGURES_FILE in there:
        try:
            rows = read_table(there[FIGURES_FILE], FIGURES)
            whole, of_codes = _with_codes(study, export, rows, judge_of)
            found_figures = figures_of(rows, whole, language, there[FIGURES_FILE])
        except InputError as error:
            problems += error.problems
    if CLAIMS_FILE in there:
        try:
            found_claims = _claims(study, export, there[CLAIMS_FILE])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    used = [figure.base for figure in found_figures if figure.base is not None]
    bases = _bases(study, used, whole)
    unread = of_codes if judge_of.problems else frozenset()
    checked = tuple(
        not_coded(one)
        if unread.intersection(one.columns)
        else check_figure(one, whole.frame, bases, language)
        for one in found_figures
    )
    judged = tuple(judge_of.judge(one) for one in found_claims)
    source = judge_of.source if judge_of.parts else None
    return CheckedReport(checked, judged, source, tuple(judge_of.problems))


def check_draft_of(study: StudyFolder, draft: Path, found: CheckedReport) -> list[MatchedNumber]:
    """See ``Study.check_draft``."""
    labels = {one.id: f"{one.text} {one.label}" for one in study.config.questions}
    labels |= {one.id: f"{one.text} {one.label}" for one in study.config.closed}
    figures = []
    for one in found.figures:
        figure, formula = one.figure, one.figure.formula
        question = figure.text.partition(" / ")[0].partition("_")[0]
        condition = formula is not None and formula.condition is not None
        whole = formula is not None and formula.kind == "rows"
        counted = one.n is not None and (condition or whole)
        mean = figure.read.value if one.rebuilt and not counted else None
        figures.append(
            KnownFigure(
                id=figure.id,
                text=figure.text,
                printed=figure.printed,
                n=one.n if counted else None,
                base_n=one.base_n if condition else None,
                value=Fraction(mean) if mean is not None else None,
                question=labels.get(question, ""),
                source=f"{formula} | {figure.base}",
            )
        )
    language = study.config.language
    verdicts = {MATCH: True, DIFFERS: False}
    claims = [
        Known(
            one.claim.id,
            one.claim.text,
            one.claim.quantifier,
            verdicts.get(one.verdict),
            claim_text(one, language),
        )
        for one in found.claims
    ]
    scale = scale_of(language, study.config.quantifiers)
    words = [word for word, rule in scale.items() if rule.countable]
    return list(check_draft(read_draft(draft), figures, claims, language, words))


def write_check(study: StudyFolder, found: CheckedReport) -> Path:
    """Write ``reports/check.csv``: every figure and claim with what the data give."""
    file = study.paths.reports / "check.csv"
    header = (
        "kind", "id", "text", "quoted", "rebuilt", "n", "base_n", "verdict", "cause", "detail",
    )  # fmt: skip
    language = study.config.language
    rows: list[tuple[object, ...]] = [
        ("figure", one.figure.id, one.figure.text, one.figure.printed, one.rebuilt, one.n,
         one.base_n, one.verdict, one.cause or "", one.detail)
        for one in found.figures
    ]  # fmt: skip
    rows += [
        ("claim", one.claim.id, one.claim.text, one.claim.quantifier, claim_text(one, language),
         one.n, one.base_n, one.verdict, one.cause or "", one.claim.rule.text)
        for one in found.claims
    ]  # fmt: skip
    write_csv(file, header, rows)
    return file


def claim_text(one: CheckedClaim, language: str) -> str:
    """What the data give for a claim: share and rank."""
    if one.n is None or not one.base_n or one.rank is None:
        return ""
    share = percent_text(one.n, one.base_n, 1, language)
    return message("checking.share", language, share=share, rank=one.rank)


def _with_answers(study: StudyFolder) -> Export:
    """The export with the answers that study.toml lists: one that nobody gives (any more) is no
    mistake in an expression."""
    listed: dict[str, Mapping[str, str]] = {}
    for one in closed_questions(study):
        listed |= dict.fromkeys(one.items or [one.column], one.values)
    export = study.survey.export
    columns = (replace(c, values={**listed.get(c.name, {}), **c.values}) for c in export.columns)
    return replace(export, columns=tuple(columns))


def _claims(study: StudyFolder, export: Export, file: Path) -> list[Claim]:
    language, problems = study.config.language, []
    book = study.codebook
    questions = dict.fromkeys(study.questions, True)
    questions |= {one.id: False for one in closed_questions(study)}
    try:
        scale = scale_of(language, study.config.quantifiers)
    except InputError as error:
        problems, scale = list(error.problems), scale_of(language, {})
    rows = read_table(file, CLAIMS)
    try:
        codes = [code.id for code in book.usable] if book else []
        found = claims_of(rows, export, codes, questions, scale, language, file)
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError(problems)
    return found


def _with_codes(
    study: StudyFolder, export: Export, rows: Rows, judge: ClaimChecker
) -> tuple[Export, frozenset[str]]:
    """The export with the codes as columns where ``rows`` of figures speak of them, and the names
    of these. The coding is read for no other."""
    book = study.codebook
    names = coded_columns(study, book)
    texts = " ".join(row["expr"] + " " + row["base_expr"] for _, row in rows)
    if book is None or not any(f"{one.partition(':')[0]}:" in texts for one in names):
        return export, frozenset()
    return with_codes(study, export, book, names, judge.coded(study.questions)), frozenset(names)


def _bases(
    study: StudyFolder, used: Sequence[Expression], export: Export
) -> dict[str, npt.NDArray[np.bool_]]:
    """Other bases that a figure may have been computed on: the target group, everybody in the
    export, who was asked each question, the other figures' bases."""
    config = study.config
    wanted: list[Expression] = [config.survey.include]
    wanted += [question.asked for question in config.questions]
    wanted += [closed.asked for closed in config.closed]
    wanted += used
    wanted.append(parse("all"))
    return {str(one): one.evaluate(export.frame) for one in wanted}
