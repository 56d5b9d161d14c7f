"""What the changes of the draft would do to counts and agreement, asked for and shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.codebook.changes import Split
from themecoder.codebook.draft import Draft
from themecoder.codebook.wording import in_words
from themecoder.coding.source import CODER, DECIDED, INTERSECTION, MAJORITY, UNION, source_of
from themecoder.counts.formats.view import coding_source_text
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.progress import Progress
from themecoder.storage.atomic import sha256
from themecoder.whatif.files import write_whatif
from themecoder.whatif.model import WhatIf
from themecoder.whatif.study_whatif import answers_to_divide, tried_changes, what_if
from themecoder.whatif.told import told_outcome
from themecoder.workbench.forms import posted, trimmed
from themecoder.workbench.prepare import masking
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

_AREA = "workbench_codebook"
_PATH = "/codebook/whatif"
_ANSWERS = 40
"""Answers of a code to be split that are shown, to take examples from."""


@dataclass(slots=True)
class Asked:
    """What was asked last, so that it need not be chosen again: the answers named as examples, and
    whose coding is counted. ``found``: what came of it, ``draft`` as it was then."""

    examples: Sequence[str] = ()
    source: str = ""
    draft: Draft | None = None
    found: WhatIf | None = None
    files: Sequence[str] = ()


def _asked(study: StudyFolder) -> Asked:
    """Kept as long as answers and masks stay as they are, by ``study.once``."""
    del study
    return Asked()


def _page(request: Request) -> Response:
    site = Site.of(request)
    if waits := masking(request):
        return waits
    study = site.texts()
    document, draft = study.codebooks.draft()
    asked, language = study.once(_asked), site.language
    changes = tried_changes(draft) if draft.base else []
    masked = study.masked_texts()
    told = [
        {
            "words": in_words(change, draft.book, language),
            "parts": [
                (part, known.label)
                for part in (change.into if isinstance(change, Split) else ())
                if (known := draft.book.find(part))
            ],
            "answers": [
                (answer, masked[answer].masked)
                for answer in (
                    answers_to_divide(study, draft, change, _ANSWERS)
                    if isinstance(change, Split)
                    else ()
                )
            ],
        }
        for change in changes
    ]
    sources = [DECIDED, MAJORITY, UNION, INTERSECTION]
    sources += [f"{CODER}:{one}" for one in study.config.coding.coders]
    return site.page(
        request,
        "codebook_whatif.html.jinja",
        _AREA,
        changes=told,
        seen=sha256(document.text),
        sources=[(one, coding_source_text(source_of(one), language)) for one in sources],
        asked=asked,
        **_outcome(asked, draft, language),
    )


def _outcome(asked: Asked, draft: Draft, language: str) -> dict[str, Any]:
    found, then = asked.found, asked.draft
    if found is None or then is None:
        return {"outcomes": [], "of": "", "changed_since": False}
    of = message("whatif.of", language, version=found.base, source=found.source)
    return {
        "outcomes": [told_outcome(one, then.book, language) for one in found.outcomes],
        "of": of,
        "written": message("whatif.written", language, files=", ".join(asked.files)),
        "changed_since": then != draft,
    }


def _try(request: Request, form: FormData) -> Response:
    """Work out what the chosen changes would do: a job."""
    site = Site.of(request)
    study = site.texts()
    document, draft = study.codebooks.draft()
    if trimmed(form, "seen") != sha256(document.text):
        raise InputError(Problem(f"{_AREA}.changed_since"))
    wanted = [
        change for n, change in enumerate(tried_changes(draft)) if str(n) in form.getlist("change")
    ]
    if not wanted:
        raise InputError(Problem(f"{_AREA}.no_choice"))
    splits = any(isinstance(change, Split) for change in wanted)
    parts = {part for change in wanted if isinstance(change, Split) for part in change.into}
    asked = study.once(_asked)
    asked.examples = [str(one) for one in form.getlist("example")] if splits else asked.examples
    asked.source = trimmed(form, "source")
    examples = [one for one in asked.examples if splits and one.partition("=")[0] in parts]

    def work(progress: Progress) -> str:
        now = StudyFolder.open(site.root, progress=progress)
        found = what_if(now, draft, wanted, examples, asked.source or None)
        files = write_whatif(now, found)
        asked.found, asked.draft = found, draft
        asked.files = [file.relative_to(now.paths.root).as_posix() for file in files]
        return ""

    return site.start_job(request, "whatif", work, _PATH)


ROUTES = [
    Route(_PATH, _page),
    Route(_PATH, posted(_try), methods=["POST"]),
]
