"""Where coders differ: decide, say why, next; and how far each coder is."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.adjudication.one_decision import case_mark, decide_one
from themecoder.adjudication.study_adjudication import (
    Adjudication,
    accept,
    adjudication_status,
    codes_by_coder,
    disagreements,
)
from themecoder.agreement.rows import ALL
from themecoder.agreement.study_agreement import study_agreement, write_agreement
from themecoder.coding.cases import Case
from themecoder.coding.label_studio.status import coder_progress
from themecoder.coding.rules import RULES
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.storage.tables import read_table
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, text_of
from themecoder.workbench.prepare import masking
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

WORDS = "workbench_disagreements"
SHOWN = "krippendorff_alpha_masi"


def _page(request: Request) -> Response:
    if waits := masking(request):
        return waits
    site = Site.of(request)
    study = site.study()
    found = disagreements(study) if study.codebook else []
    wanted = request.query_params.get("answer", "")
    later = request.query_params.get("later", "").split(",")
    case, where = _next(found, wanted, later)
    return site.page(
        request,
        "disagreements.html.jinja",
        WORDS,
        statuses=[adjudication_status(one) for one in found],
        progress=coder_progress(study),
        agreement=_agreement(study.paths.reports / "agreement.csv"),
        rules=RULES,
        case=case,
        of=where,
        codings=codes_by_coder(where, case) if where and case else [],
        mark=case_mark(case) if case else "",
        text=where.masked(case).masked if where and case else "",
        book=study.codebook,
        by=study.config.coding.adjudicator or "",
        later=",".join([*filter(None, later), *([case.answer_id] if case else [])]),
    )


def _next(
    found: list[Adjudication], wanted: str, later: list[str]
) -> tuple[Case | None, Adjudication | None]:
    """The answer that is asked for, else the open one that tells most and was not left for
    later."""
    for one in found:
        case = one.find(wanted)
        if case is not None:
            return case, one
    for one in found:
        for case in one.open:
            if case.answer_id not in later:
                return case, one
    return None, None


def _decide(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    decide_one(
        site.study(),
        text_of(form, "answer"),
        [code for code in form.getlist("code") if isinstance(code, str)],
        text_of(form, "why"),
        text_of(form, "by"),
        text_of(form, "mark"),
        (text_of(form, "about"), text_of(form, "definition")),
    )
    later = text_of(form, "later")
    return site.go(request, f"/disagreements?later={later}" if later else "/disagreements")


def _by_rule(request: Request, form: FormData) -> Response:
    site = Site.of(request)
    accept(site.study(), [rule for rule in form.getlist("rule") if isinstance(rule, str)])
    return site.go(request, "/disagreements")


def _measure(request: Request, form: FormData) -> Response:
    site = Site.of(request)

    def work(progress: Progress) -> str:
        study = StudyFolder.open(site.root, progress)
        files = write_agreement(study, study_agreement(study))
        return message(f"{WORDS}.measured", site.language, n=len(files))

    return site.start_job(request, "agreement", work, "/disagreements")


def _agreement(file: Path) -> list[dict[str, str]]:
    """How far all coders agree, per question and over all, as it was measured last."""
    if not file.is_file():
        return []
    return [
        dict(row)
        for _, row in read_table(file, ("question", "coder_pair", "code", "coefficient", "value"))
        if (row["coder_pair"], row["code"], row["coefficient"]) == (ALL, ALL, SHOWN)
    ]


AREA = Area(
    "disagreements",
    "/disagreements",
    [
        Route("/disagreements", _page),
        Route("/disagreements/decide", posted(_decide), methods=["POST"]),
        Route("/disagreements/rule", posted(_by_rule), methods=["POST"]),
        Route("/disagreements/agreement", posted(_measure), methods=["POST"]),
    ],
    steps=frozenset({"agreement", "disagreements"}),
)
