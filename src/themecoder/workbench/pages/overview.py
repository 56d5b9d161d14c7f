"""The first page: the study, and how far it is."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.workbench.area import Area
from themecoder.workbench.site import Site


def _overview(request: Request) -> Response:
    site = Site.of(request)
    if not site.begun:
        return site.page(request, "overview.html.jinja", study=None)
    study = site.study()
    texts = {question.id: question.text for question in study.config.questions}
    questions = [(one, texts[one.question]) for one in study.overview()]
    return site.page(request, "overview.html.jinja", study=study, questions=questions)


AREA = Area("overview", "/", [Route("/", _overview)])
