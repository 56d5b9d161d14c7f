"""The codebook's draft: its tree, its texts with their checks, its release and its history."""

from __future__ import annotations

import datetime
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from themecoder.codebook.changes import Merge, Split
from themecoder.codebook.diff import CodeDifference, diff
from themecoder.codebook.draft import Draft
from themecoder.codebook.edit import (
    check_code_seen,
    edit_codebook,
    history,
    with_texts,
)
from themecoder.codebook.files.folder import DRAFT, code_hash
from themecoder.codebook.html.page import render_codebook, style_hash
from themecoder.codebook.model import Code, Codebook
from themecoder.codebook.wording import difference_in_words, in_words
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.storage.atomic import sha256
from themecoder.themes.store import stored_themes
from themecoder.themes.study_steps import ThemeWork
from themecoder.whatif.study_whatif import tried_changes
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, trimmed
from themecoder.workbench.pages import codebook_whatif
from themecoder.workbench.pages.codebook_forms import EDITS, texts_of
from themecoder.workbench.pages.theme_view import Said, answers_of, said
from themecoder.workbench.prepare import masking
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

_AREA = "workbench_codebook"
_ANSWERS = 60


def _codebook(request: Request) -> Response:
    site = Site.of(request)
    if waits := masking(request):
        return waits
    study = site.texts()
    part = bool(request.headers.get("hx-request"))
    template = "codebook_work.html.jinja" if part else "codebook.html.jinja"
    wanted = request.query_params.get("code", "")
    return site.page(request, template, _AREA, **_shown(study, wanted))


def _shown(study: StudyFolder, wanted: str, done: str = "") -> dict[str, Any]:
    folder, language = study.codebooks, study.config.interface_language
    document, draft = folder.draft()
    book = draft.book
    usable = [code for code in book.in_order if not code.retired]
    code = book.find(wanted) or (usable[0] if usable else None)
    problems = folder.problems_with(document, draft, study.questions) if book.codes else []
    changed = diff(draft.base, book, book.changes) if draft.base else ()
    return {
        "study": study,
        "book": book,
        "draft": draft,
        "seen": sha256(document.text),
        "tree": book.tree,
        "code": code,
        "code_seen": code_hash(code) if code else "",
        "released": bool(code and draft.released(code.id)),
        "why": _earlier_why(book, code),
        "problems": problems,
        "own": _of_code(problems, code.id if code else ""),
        "wrong": {one.params.get("code", "").removesuffix(": ") for one in problems},
        "changes": [(n, in_words(one, book, language)) for n, one in enumerate(book.changes)],
        "predictable": draft.base is not None and bool(tried_changes(draft)),
        "differences": [
            (_name_of(one, draft), difference_in_words(one, language)) for one in changed
        ],
        "new_codes": len(usable) if draft.base is None else 0,
        "past": _past(study, code, book) if code else [],
        "answers": _answers(study, _kin(code, book)) if code else [],
        "versions": folder.versions,
        "done": done,
    }


def _name_of(differing: CodeDifference, draft: Draft) -> str:
    """What a difference is of: the label of a code or a group."""
    groups = {group.id: group.label for group in draft.book.groups}
    code = draft.book.find(differing.code)
    return code.label if code else groups.get(differing.group, differing.group)


def _kin(code: Code, book: Codebook) -> set[str]:
    """The code, and those of this draft that it is a part of or that became it."""
    found = {code.id}
    for change in book.changes:
        if isinstance(change, Split) and code.id in change.into:
            found.add(change.code)
        if isinstance(change, Merge) and code.id == change.into:
            found |= set(change.codes)
    return found


def _earlier_why(book: Codebook, code: Code | None) -> str:
    """Why this code was changed in this draft, where it was."""
    if code is None:
        return ""
    whys = [
        change.why
        for change in book.changes
        if change.kind in ("rename", "redefine") and getattr(change, "code", "") == code.id
    ]
    return whys[-1] if whys else ""


def _of_code(problems: list[Problem], code: str) -> list[Problem]:
    return [one for one in problems if one.params.get("code") == f"{code}: "]


def _past(study: StudyFolder, code: Code, book: Codebook) -> list[tuple[str, list[str]]]:
    """The history of a code: per version what was changed; first the themes that it came from."""
    language = study.config.interface_language
    found = history(study.codebooks, code.id)
    past = []
    if found.origins:
        words = [
            message(
                f"{_AREA}.origin",
                language,
                question=one.question,
                theme=one.theme,
                label=one.label,
                size=one.size,
                base=one.base,
            )
            for one in found.origins
        ]
        past.append((message(f"{_AREA}.themes", language), words))
    for version, released, differences, changes in found.versions:
        words = [in_words(change, book, language) for change in changes]
        words += [difference_in_words(one, language) for one in differences]
        name = f"{version} ({released})" if released else message(f"{_AREA}.draft", language)
        past.append((name, words))
    return past


def _answers(study: StudyFolder, codes: set[str]) -> list[Said]:
    """Answers of the themes that were adopted as one of ``codes``, to take examples from."""
    found: list[Said] = []
    masked = study.masked_texts()
    for question in study.questions:
        if stored_themes(study, question) is None:
            continue
        worked = ThemeWork(study).themes(question)
        for theme in worked.themes.themes.values():
            if codes & set(theme.codes):
                answers = answers_of(worked, theme.id)[: _ANSWERS - len(found)]
                found += said(worked, theme.id, answers, masked)
    return found


def _edit(request: Request, form: FormData) -> Response:
    """One change of the draft, and the page as it is then."""
    site = Site.of(request)
    study = site.texts()
    language = study.config.interface_language
    kind, code = trimmed(form, "do"), trimmed(form, "code")
    if kind not in EDITS:
        raise InputError(Problem(f"{_AREA}.no_choice"))
    before: Codebook | None = None

    def change(draft: Draft) -> Draft:
        nonlocal before
        before = draft.book
        if seen := trimmed(form, "seen"):
            if seen != sha256(study.codebooks.draft()[0].text):
                raise InputError(Problem(f"{_AREA}.changed_since"))
        else:
            check_code_seen(draft, code, trimmed(form, "code_seen"))
        return EDITS[kind](draft, code, form, language)

    saved = edit_codebook(study.codebooks, change)
    assert before is not None  # ``change`` was called
    told = [c for c in saved.book.changes if c not in before.changes]
    made = [one.id for one in saved.book.codes if before.find(one.id) is None]
    shown = made[0] if made else trimmed(form, "into") if kind == "merge" else code
    words = "; ".join(in_words(c, saved.book, language) for c in told)
    done = words or message(f"{_AREA}.saved", language)
    return site.page(request, "codebook_work.html.jinja", _AREA, **_shown(study, shown, done))


def _check(request: Request, form: FormData) -> Response:
    """What would be wrong with a code if it were saved as it is typed; nothing is kept."""
    site = Site.of(request)
    study = site.texts()
    folder, code = study.codebooks, trimmed(form, "code")
    document, draft = folder.draft()
    try:
        # the missing why is said when it is saved, not at each key
        typed = with_texts(draft, code, texts_of(form), "-")
        problems = _of_code(folder.problems_with(document, typed, study.questions), code)
    except InputError as error:
        problems = [one for one in error.problems if one.key != "codebook.edit.needs_why"]
    return site.page(request, "codebook_checks.html.jinja", _AREA, own=problems)


def _release(request: Request, form: FormData) -> Response:
    """Make the draft a version, as it was shown."""
    site = Site.of(request)
    study = site.texts()
    language = study.config.interface_language
    if trimmed(form, "seen") != sha256(study.codebooks.draft()[0].text):
        raise InputError(Problem(f"{_AREA}.changed_since"))
    book = study.codebooks.release(datetime.date.today().isoformat(), study.questions)
    file = study.codebooks.file(book.version).name
    done = message("cli.codebook.released", language, version=book.version, file=file)
    return site.page(request, "codebook_work.html.jinja", _AREA, **_shown(study, "", done))


def _printed(request: Request) -> Response:
    """A version, or the draft, as the page that coders print. It has a style of its own."""
    study = Site.of(request).study()
    version = request.query_params.get("version") or DRAFT
    folder = study.codebooks
    known = (*folder.versions, DRAFT)
    if version not in known:  # nor is it the name of a file elsewhere
        params = {"version": version[:20], "known": ", ".join(known)}
        raise InputError(Problem("codebook.no_version", params, file=folder.folder))
    book = folder.draft()[1].book if version == DRAFT else folder.read(version)
    file = folder.file(version).relative_to(study.paths.root).as_posix()
    policy = (
        f"default-src 'none'; style-src '{style_hash()}'; img-src data:; frame-ancestors 'none'"
    )
    return HTMLResponse(render_codebook(book, file), headers={"Content-Security-Policy": policy})


AREA = Area(
    "codebook",
    "/codebook",
    [
        Route("/codebook", _codebook),
        Route("/codebook/edit", posted(_edit), methods=["POST"]),
        Route("/codebook/check", posted(_check), methods=["POST"]),
        Route("/codebook/release", posted(_release), methods=["POST"]),
        Route("/codebook/print", _printed),
        *codebook_whatif.ROUTES,
    ],
    steps=frozenset({"release"}),
)
