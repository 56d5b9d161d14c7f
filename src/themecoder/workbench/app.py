"""The workbench as a web application, without a server around it."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from themecoder.errors import Problem
from themecoder.storage.atomic import sha256
from themecoder.workbench.failures import Failures
from themecoder.workbench.pages import AREAS
from themecoder.workbench.safety import Safety
from themecoder.workbench.site import Site


def workbench(root: Path, token: str, port: int) -> Starlette:
    """The application for the study in ``root``, for who knows ``token``, at ``port``."""
    routes = [
        *(route for area in AREAS for route in area.routes),
        Route("/job", _job),
        Route("/changes", _changes),
        Mount("/static", StaticFiles(packages=[("themecoder.workbench", "static")])),
    ]
    large = frozenset(path for area in AREAS for path in area.large)
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(Safety, token=token, port=port, large=large),
            Middleware(Failures),
        ],
        exception_handlers={HTTPException: _no_page},
    )
    app.state.site = Site(root, AREAS)
    return app


def _job(request: Request) -> Response:
    """Where the job is; asked again by the page until it is over. A page that waits for what it
    ``needs`` is gone ``back`` to as soon as that is there, though the job may go on."""
    site = Site.of(request)
    needs, back = (request.query_params.get(name, "") for name in ("needs", "back"))
    job = site.jobs.last
    # two strokes would name another machine
    if needs and back.startswith("/") and not back.startswith(("//", "/\\")):
        failed = job is not None and site.jobs.failed(job.name)
        if site.is_prepared(needs) or not (site.jobs.running or failed):
            return site.go(request, back)
    part = bool(request.headers.get("hx-request"))
    template = "job_state.html.jinja" if part else "job.html.jinja"
    return site.page(request, template, job=job, again=f"/job?{request.url.query}")


def _changes(request: Request) -> Response:
    """A name of the state in which the study is: pages ask whether it is still theirs."""
    return JSONResponse({"state": sha256(repr(Site.of(request).stamp()))})


def _no_page(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    problem = Problem("workbench.no_page", {"path": request.url.path})
    return Site.of(request).problems_page(request, [problem], status)
