"""What a page needs and takes long the first time is worked out as a job; later it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from themecoder.progress import Progress
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import answers_to_check

_PATIENCE = 1.5
"""Seconds that a page waits for it; who waits longer is shown where it is."""
MASKS = "mask"


def preparing(
    request: Request,
    name: str,
    work: Callable[[Progress], object],
    needs: str = "",
) -> Response | None:
    """None where ``work`` was done before, or is done within moments; else the page of the job,
    which leads back here by itself.

    ``name``: of the job, in the catalogue; ``needs``: the part of it that is waited for, else all;
    the rest is gone on with while the page is looked at.
    """
    site = Site.of(request)
    needs = needs or name
    if site.is_prepared(needs) and (site.is_prepared(name) or site.jobs.failed(name)):
        return None
    if not site.jobs.running:
        done = site.prepare(name), site.prepare(needs)

        def work_and_tell(progress: Progress) -> str:
            work(progress)
            for prepared in done:
                prepared()
            return ""

        job = site.jobs.start(name, work_and_tell, _here(request))
        until = time.monotonic() + _PATIENCE
        while not (job.over or site.is_prepared(needs)) and time.monotonic() < until:
            time.sleep(0.02)
    if site.is_prepared(needs):
        return None
    return site.go(request, f"/job?{urlencode({'needs': needs, 'back': _here(request)})}")


def masking(request: Request, question: str = "") -> Response | None:
    """None where the answers (to ``question``) are masked, or are within moments; else the page of
    the job. Questions are masked one after another, ``question`` first."""
    site = Site.of(request)
    needs = masks_of(question) if question else MASKS
    return preparing(request, MASKS, _mask(site, question), needs)


def masks_of(question: str) -> str:
    """What is prepared where the answers to a question are masked and looked through."""
    return f"{MASKS} {question}"


def masked_questions(site: Site) -> Sequence[str] | None:
    """The questions whose answers are masked, where others are still to be; None where all are."""
    if site.is_prepared(MASKS):
        return None
    return [one for one in site.study().questions if site.is_prepared(masks_of(one))]


def _mask(site: Site, first: str) -> Callable[[Progress], None]:
    def mask(progress: Progress) -> None:
        shared = site.study()
        study = StudyFolder(site.root, shared.config, progress)
        study.take_answers_of(shared)  # what is found is there for the pages too
        for question in sorted(study.questions, key=lambda one: one != first):
            done = site.prepare(masks_of(question))
            answers_to_check(study, [question])
            done()

    return mask


def _here(request: Request) -> str:
    """The page that is asked for, without the name of the machine."""
    return str(request.url.replace(scheme="", netloc=""))
