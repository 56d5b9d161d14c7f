"""Counts by any attribute as bars with base and interval, to go on to the answers and quotes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.coding.read import source_for
from themecoder.counts.count_rows import Count
from themecoder.counts.formats.view import percent, source_text, views
from themecoder.counts.layout import ALL_RESPONDENTS
from themecoder.counts.result import Counts
from themecoder.counts.study_counts import study_counts, write_counts
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.report.plots import unconfirmed
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

WORDS = "workbench_counts"


@dataclass(frozen=True, slots=True)
class Cell:
    """A count as it is drawn: ``text`` is its share; without ``percent`` there is no bar. ``to``:
    where its answers are, empty where the count is not shown or is of no single code."""

    text: str
    percent: float | None
    low: float | None
    high: float | None
    to: str


def _page(request: Request) -> Response:
    site = Site.of(request)
    study = site.study()
    asked = request.query_params
    closed = [(one.id, one.label or one.id) for one in study.survey.closed]
    open_questions = [(one.id, one.label or one.text or one.id) for one in study.config.questions]
    question = asked.get("question", "") or (study.questions[0] if study.questions else "")
    by = asked.get("by", "")
    counts = study_counts(
        study, [question], source_for(study, asked.get("source") or None), [by] if by else []
    )
    language, decimals = site.language, study.config.counts.decimals
    codes = list(dict.fromkeys(row.code for row in counts.rows if row.question == question))
    groups = [ALL_RESPONDENTS, *(one for one in counts.subgroup_labels if one != ALL_RESPONDENTS)]
    known = {(row.question, row.code, row.subgroup): row for row in counts.rows}
    groups = [one for one in groups if any((question, code, one) in known for code in codes)]
    single = {code.id for code in study.required_codebook().usable}
    table = []
    for code in codes:
        cells = []
        for group in groups:
            row = known.get((question, code, group))
            to = _answers(counts, row) if row is not None and code in single else ""
            cells.append(_cell(row, percent(row, decimals, language), to))
        quotes = f"/quotes?{urlencode({'code': code})}" if code in single else ""
        table.append((counts.row_label(question, code), quotes, cells))
    made = views(counts, language, decimals)
    source = source_text(counts, language)
    return site.page(
        request,
        "counts.html.jinja",
        WORDS,
        questions=[*open_questions, *closed],
        question=question,
        attributes=[(one.id, one.label or one.id) for one in study.config.attributes],
        by=by,
        source=source,
        warning=unconfirmed(counts, language),
        groups=[
            (_label(counts, one), next(r.base_n for r in counts.rows if r.subgroup == one))
            for one in groups
        ],
        table=table,
        notes=[note for note in (made[-1].notes if made else ()) if note != source],
        not_coded=counts.not_coded,
    )


def _label(counts: Counts, group: str) -> str:
    """A group by its own name, empty for all respondents."""
    if group == ALL_RESPONDENTS:
        return ""
    return counts.subgroup_labels[group].partition(": ")[2] or counts.subgroup_labels[group]


def _cell(row: Count | None, text: str, to: str) -> Cell:
    if row is None or row.n is None or row.percent is None:
        return Cell(text, None, None, None, "")
    return Cell(text, row.percent, row.ci_low, row.ci_high, to if row.n else "")


def _answers(counts: Counts, row: Count) -> str:
    """The address of the answers that a count is of."""
    asked = {"coder": "", "source": str(counts.source), "question": row.question, "code": row.code}
    if row.subgroup != ALL_RESPONDENTS:
        attribute = row.subgroup.partition("=")[0]
        asked[f"of.{attribute}"] = _label(counts, row.subgroup)
    return f"/answers?{urlencode(asked)}"


def _write(request: Request, form: FormData) -> Response:
    site = Site.of(request)

    def work(progress: Progress) -> str:
        study = StudyFolder.open(site.root, progress)
        files = write_counts(study, study_counts(study), ("csv", "xlsx", "docx"))
        return message(f"{WORDS}.written", site.language, files=", ".join(f.name for f in files))

    return site.start_job(request, "counts", work, "/counts")


AREA = Area(
    "counts",
    "/counts",
    [Route("/counts", _page), Route("/counts/write", posted(_write), methods=["POST"])],
    steps=frozenset({"counts"}),
)
