"""The end of the way: each number of a draft, tied or not, and the report by a button."""

from __future__ import annotations

import tempfile
from pathlib import Path

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from themecoder.coding.read import source_for
from themecoder.errors import InputError, Problem
from themecoder.figures.counted import check_any_draft
from themecoder.figures.drafts import table
from themecoder.figures.study_check import CLAIMS_FILE, FIGURES_FILE
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.report.write import write_report
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

WORDS = "workbench_check"
_FILES = (
    "report.docx",
    "report.html",
    "counts.xlsx",
    "counts.docx",
    "agreement.html",
    "agreement.xlsx",
)
"""What may be had of the folder with reports: nothing that tells of single respondents."""
_DRAFTS = (".docx", ".md", ".txt")


def _page(request: Request) -> Response:
    site = Site.of(request)
    reports = site.study().paths.reports
    return site.page(
        request,
        "check.html.jinja",
        WORDS,
        listed=any((reports / one).is_file() for one in (FIGURES_FILE, CLAIMS_FILE)),
        files=[one for one in _FILES if (reports / one).is_file()],
    )


def _draft(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    sent = form.get("draft")
    if not isinstance(sent, UploadFile) or not sent.filename:
        raise InputError(Problem("drafts.no_file"))
    name = Path(sent.filename.replace("\\", "/")).name
    if Path(name).suffix.lower() not in _DRAFTS:
        raise InputError(Problem("drafts.no_draft", {"name": name[:80]}))
    # a draft is nobody else's: what was sent is gone when its numbers are told
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"draft{Path(name).suffix.lower()}"
        file.write_bytes(sent.file.read())
        try:
            numbers = check_any_draft(site.study(), file)
        except InputError as error:
            raise InputError(
                [
                    Problem(p.key, p.params, name if p.file == file else p.file, p.row, p.column)
                    for p in error.problems
                ]
            ) from None
    rows = [
        (number.verdict.value, cells)
        for number, cells in zip(numbers, table.rows(numbers, site.language), strict=True)
    ]
    return site.page(
        request,
        "check_rows.html.jinja",
        WORDS,
        header=table.header(site.language),
        rows=rows,
        summary=table.summary(numbers, site.language),
        name=name,
    )


def _report(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    partial = form.get("partial") == "1"

    def work(progress: Progress) -> str:
        study = StudyFolder.open(site.root, progress)
        files = write_report(study, source_for(study), accept_partial=partial)
        return message(f"{WORDS}.written", site.language, files=", ".join(f.name for f in files))

    return site.start_job(request, "report", work, "/check")


def _file(request: Request) -> Response:
    site, name = Site.of(request), request.query_params.get("name", "")
    file = site.root / "reports" / name
    if name not in _FILES or not file.is_file():
        raise HTTPException(404)
    return FileResponse(file, filename=name)


AREA = Area(
    "check",
    "/check",
    [
        Route("/check", _page),
        Route("/check/draft", posted(_draft), methods=["POST"]),
        Route("/check/report", posted(_report), methods=["POST"]),
        Route("/check/file", _file),
    ],
    large=frozenset({"/check/draft"}),
    steps=frozenset({"check", "report", "run"}),
)
