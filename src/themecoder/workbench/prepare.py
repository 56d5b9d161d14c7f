"""What a page needs and takes long the first time is worked out as a job; later it is there."""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from themecoder.progress import Progress
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

_PATIENCE = 1.5
"""Seconds that a page waits for it; who waits longer is shown where it is."""


def preparing(
    request: Request, name: str, work: Callable[[Progress], object], back: str
) -> Response | None:
    """None where ``work`` was done before, or is done within moments; else the page of the job.

    ``name``: of the job, in the catalogue; ``back``: the page that needs it.
    """
    site = Site.of(request)
    if name in site.prepared:
        return None
    if site.jobs.running:
        return site.go(request, "/job")

    def work_and_tell(progress: Progress) -> str:
        work(progress)
        site.prepared.add(name)
        return ""

    job = site.jobs.start(name, work_and_tell, back)
    until = time.monotonic() + _PATIENCE
    while not job.over and time.monotonic() < until:
        time.sleep(0.02)
    return None if name in site.prepared else site.go(request, "/job")


def masking(request: Request) -> Response | None:
    """None where the answers are masked, or are within moments; else the page of the job, which
    leads back to what was asked for."""
    site = Site.of(request)
    back = str(request.url.replace(scheme="", netloc=""))

    def mask(progress: Progress) -> None:
        StudyFolder.open(site.root, progress).masked_texts()

    return preparing(request, "mask", mask, back)
