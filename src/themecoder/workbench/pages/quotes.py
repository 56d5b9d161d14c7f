"""Quotes per code: which are shown and which never, in context, and what may be said of whom."""

from __future__ import annotations

from urllib.parse import urlencode
from weakref import WeakKeyDictionary

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.coding.read import source_for
from themecoder.counts.disclosure.relations import Key
from themecoder.errors import InputError, Problem
from themecoder.progress import Progress
from themecoder.quotes.chosen import read_choices, revise_choices
from themecoder.quotes.study_quotes import study_quotes, unseen_counts
from themecoder.storage.atomic import sha256
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, text_of
from themecoder.workbench.prepare import preparing
from themecoder.workbench.site import Site, Stamp
from themecoder.workspace.folder import StudyFolder

WORDS = "workbench_quotes"
_MOST = 100
"""Quotes of a code that are listed below those that are shown."""


_UNSEEN: WeakKeyDictionary[Site, tuple[Stamp, frozenset[Key]]] = WeakKeyDictionary()
"""The counts that are not shown, of the study as it was then: to work them out takes minutes where
the study has many attributes, and what a person chooses changes none of them."""


def _unseen(site: Site) -> frozenset[Key] | None:
    found = _UNSEEN.get(site)
    return found[1] if found and found[0] == _counted(site) else None


def _counted(site: Site) -> Stamp:
    return tuple(one for one in site.stamp() if one[0] != "quotes.yaml")


def _waits(site: Site, request: Request) -> Response | None:
    """The page of the job that works them out, where they are not known yet."""
    if _unseen(site) is not None:
        return None

    def work(progress: Progress) -> None:
        stamp = _counted(site)
        study = StudyFolder.open(site.root, progress)
        _UNSEEN[site] = stamp, unseen_counts(study, source_for(study))

    return preparing(request, "unseen", work, f"unseen {sha256(repr(_counted(site)))}")


def _page(request: Request) -> Response:
    site = Site.of(request)
    if waits := _waits(site, request):
        return waits
    study = site.study()
    unseen = _unseen(site)
    book = study.required_codebook()
    codes = [code for code in book.in_order if not code.retired and not code.exclusive]
    code = request.query_params.get("code", "") or (codes[0].id if codes else "")
    question = request.query_params.get("question", "")
    questions = [question] if question else []
    found = study_quotes(study, [code] if code else [], questions, unseen=unseen)
    chosen = read_choices(study, book).get(code)
    return site.page(
        request,
        "quotes.html.jinja",
        WORDS,
        codes=codes,
        code=code,
        questions=[(one.id, one.label or one.text or one.id) for one in study.config.questions],
        question=question,
        found=found,
        section=found.sections[0] if found.sections else None,
        never=[one.answer_id for one in chosen.never] if chosen else [],
        most=_MOST,
        mark=_mark(study),
    )


def _choose(request: Request, form: FormData) -> Response:
    """Keep one choice; refused where others have been made since the page was shown."""
    site = Site.of(request)
    study = site.study()
    if text_of(form, "mark") != _mark(study):
        raise InputError(Problem("quotes.changed", file=study.paths.quotes))
    code, answer = text_of(form, "code"), text_of(form, "answer")
    pair = [(code, answer)]
    what = text_of(form, "what")
    revise_choices(
        study,
        choose=pair if what == "choose" else (),
        never=pair if what == "never" else (),
        forget=pair if what == "forget" else (),
    )
    asked = {"code": code, "question": text_of(form, "question")}
    return site.go(request, f"/quotes?{urlencode(asked)}")


def _mark(study: StudyFolder) -> str:
    file = study.paths.quotes
    return sha256(file.read_bytes())[:16] if file.is_file() else ""


AREA = Area(
    "quotes",
    "/quotes",
    [Route("/quotes", _page), Route("/quotes/choose", posted(_choose), methods=["POST"])],
)
