"""A study's report: its data, its templates, and the files that it is written to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.study_agreement import study_agreement
from themecoder.coding.read import source_for
from themecoder.coding.source import PPI, CodingSource
from themecoder.counts.left_out import require_all_counted
from themecoder.counts.ppi.estimated_counts import estimated_counts
from themecoder.counts.study_counts import study_counts
from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.messages import LANGUAGES
from themecoder.quotes.study_quotes import study_quotes
from themecoder.report.content import content
from themecoder.report.data import ReportData
from themecoder.report.formats.files import WORD_FIRST_LINE, html, shipped, word
from themecoder.report.formats.template import line_finder, template_bytes
from themecoder.report.manifest import FILE, edited_reports, manifest, manifest_text
from themecoder.report.model import Report
from themecoder.report.template_errors import TemplateErrors
from themecoder.report.template_functions import TemplateFunctions
from themecoder.storage.access import make_folder
from themecoder.storage.atomic import write_together
from themecoder.survey.expression_check import check_expression
from themecoder.workspace.folder import StudyFolder

FORMATS = ("html", "docx")
_NAMES = {"html": "report.html.jinja", "docx": "report.docx"}  # of the shipped templates
_SHIPPED = "themecoder/"


def write_report(
    study: StudyFolder,
    source: CodingSource | None = None,
    formats: Sequence[str] = ("html", "docx"),
    resamples: int = 1000,
    language: str | None = None,
    accept_partial: bool = False,
) -> list[Path]:
    """See ``Study.report``."""
    tongue = _language(study, language)
    unknown = [kind for kind in formats if kind not in FORMATS]
    if unknown:
        params = {"known": ", ".join(FORMATS)}
        raise InputError([Problem("counts.format", {"found": kind, **params}) for kind in unknown])
    templates = _templates(study)
    source = source or source_for(study)
    counts = estimated_counts(study, source) if source.ppi else study_counts(study, source=source)
    book = study.required_codebook()
    if not counts.open_questions:
        params = {"source": str(source), "version": book.version}
        problems = [
            Problem("counts.no_coding", {"question": q, **params}) for q in counts.not_coded
        ]
        raise InputError(problems)
    if not (accept_partial or study.config.counts.accept_partial or source.ppi):
        require_all_counted(counts)
    report_data = ReportData(
        study.config,
        tongue,
        len(study.survey.respondents),
        study.survey.screened_out,
        book,
        counts,
        # quotes are of answers that people coded
        study_quotes(study, source=source.people),
        _findings(study, source, resamples),
    )
    shipped_templates = {
        _SHIPPED + _NAMES[kind]: data for kind, (file, data) in templates.items() if not file
    }
    facts = manifest(study, book, source, resamples, shipped_templates, tongue)
    name = "report" if source.confirmed else "report_unconfirmed"
    name += f"_{PPI}" if source.ppi else ""
    name += "" if tongue == study.config.interface_language else f".{tongue}"
    chosen = {kind: templates[kind] for kind in formats}
    filled = _fill_templates(study, report_data, content(report_data, facts), chosen)
    contents = {f"{name}.{kind}": data for kind, data in filled.items()}
    folder = study.paths.reports
    make_folder(folder)
    _keep_edited_reports(study, contents)
    manifest_file = manifest_text(study, facts.facts, contents)
    write_together(folder, {**contents, FILE: manifest_file})
    return [folder / file for file in (*contents, FILE)]


def _fill_templates(
    study: StudyFolder,
    report_data: ReportData,
    report: Report,
    templates: Mapping[str, tuple[Path | None, bytes]],
) -> dict[str, str | bytes]:
    """Format -> the filled-in template. Raises InputError with everything that the templates name
    and that does not exist."""
    filled: dict[str, str | bytes] = {}
    problems: list[Problem] = []
    rows = report_data.findings.rows if report_data.findings else ()
    for kind, (file, data) in templates.items():
        render, first = (word, WORD_FIRST_LINE) if kind == "docx" else (html, 0)
        template_errors = TemplateErrors(
            report_data.counts, file or _SHIPPED + _NAMES[kind], line_finder(first)
        )
        decimals = study.config.counts.decimals
        functions = TemplateFunctions(
            template_errors,
            report_data.quotes,
            rows,
            _figure_counter(study),
            report_data.language,
            decimals,
        )
        try:
            filled[kind] = render(report, functions, data, file is not None)
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return filled


def new_templates(study: StudyFolder) -> list[Path]:
    """See ``Study.new_templates``."""
    folder = study.paths.templates
    files = [folder / name for name in _NAMES.values()]
    present = [file for file in files if file.exists()]
    if present:
        raise InputError([Problem("report.template_there", file=file) for file in present])
    make_folder(folder)
    write_together(folder, {file.name: shipped(file.name) for file in files})
    return files


def _language(study: StudyFolder, language: str | None) -> str:
    if language is None:
        return study.config.interface_language
    if language not in LANGUAGES:
        params = {"found": language, "known": ", ".join(LANGUAGES)}
        raise InputError(Problem("report.language", params))
    return language


def _templates(study: StudyFolder) -> dict[str, tuple[Path | None, bytes]]:
    """Format -> the study's own template, None for the shipped one, and what is in it."""
    settings = study.config.report
    own = {"html": settings.template, "docx": settings.template_docx}
    templates: dict[str, tuple[Path | None, bytes]] = {}
    problems = []
    for kind in FORMATS:
        file = study.paths.root / named if (named := own[kind]) else None
        try:
            templates[kind] = file, template_bytes(file) if file else shipped(_NAMES[kind])
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return templates


def _keep_edited_reports(study: StudyFolder, contents: Mapping[str, str | bytes]) -> None:
    """A report that somebody changed by hand stays, under another name."""
    for file in edited_reports(study):
        if file.name not in contents:
            continue
        stem, number = file.name.partition(".")[0], 1
        while True:
            kept = file.with_name(file.name.replace(stem, f"{stem}_edited_{number}", 1))
            if not kept.exists():
                break
            number += 1
        file.rename(kept)
        study.notice("report.kept")


def _findings(study: StudyFolder, source: CodingSource, resamples: int) -> AgreementFindings | None:
    """The agreement, where two coders or more coded; suggestions are nobody's coding."""
    if not source.confirmed:
        return None
    try:
        findings = study_agreement(study, resamples=resamples)
    except InputError as error:
        if all(problem.key == "agreement.no_coding" for problem in error.problems):
            return None
        raise
    return findings if len(findings.coders) > 1 else None


def _figure_counter(study: StudyFolder) -> Callable[[str, str | None], tuple[int, int]]:
    """n and base of an expression: of the target group, or of a base in the whole export, as
    ``themecoder check`` has it."""

    def figure(expression: str, base: str | None) -> tuple[int, int]:
        export = study.survey.export
        expressions: list[Expression] = []
        problems: list[Problem] = []
        for text in (expression, study.config.survey.include if base is None else base):
            try:
                parsed = parse(text) if isinstance(text, str) else text
            except InputError as error:
                problems += error.problems
                continue
            problems += check_expression(parsed, export).problems
            expressions.append(parsed)
        if problems:
            raise InputError(problems)
        having, among = (text.evaluate(export.frame) for text in expressions)
        return int((having & among).sum()), int(among.sum())

    return figure
