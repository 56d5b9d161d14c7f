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
MASKS, CHECKS = "mask", "checks"


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


def masking(request: Request) -> Response | None:
    """None where all answers are masked, or are within moments; else the page of the job."""
    site = Site.of(request)
    return preparing(request, MASKS, lambda progress: sharing(site, progress).found_masks())


def checking(request: Request, question: str) -> Response | None:
    """None where the answers to ``question`` are masked and what may be missed in them is looked
    for, or are within moments; else the page of the job. The other questions come after it."""
    site = Site.of(request)

    def check(progress: Progress) -> None:
        study, all_masked = sharing(site, progress), site.prepare(MASKS)
        for one in sorted(study.questions, key=lambda one: one != question):
            done = site.prepare(checks_of(one))
            answers_to_check(study, [one])
            done()
        all_masked()

    return preparing(request, CHECKS, check, checks_of(question) if question else CHECKS)


def checks_of(question: str) -> str:
    """What is prepared where the masks of the answers to a question can be checked."""
    return f"{CHECKS} {question}"


def questions_to_check(site: Site) -> Sequence[str] | None:
    """The questions whose masks can be checked, where others are still prepared; None where all
    can."""
    if site.is_prepared(CHECKS):
        return None
    return [one for one in site.study().questions if site.is_prepared(checks_of(one))]


def sharing(site: Site, progress: Progress) -> StudyFolder:
    """The study for a job, which shares with the pages what it reads and finds of the answers."""
    shared = site.study()
    study = StudyFolder(site.root, shared.config, progress)
    study.take_answers_of(shared)
    return study


def _here(request: Request) -> str:
    """The page that is asked for, without the name of the machine."""
    return str(request.url.replace(scheme="", netloc=""))
