"""The codebook's draft: its tree, its texts with their checks, its release and its history."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from themecoder.codebook import edits
from themecoder.codebook.diff import diff
from themecoder.codebook.draft import Draft
from themecoder.codebook.edit import (
    CodeTexts,
    check_code_seen,
    edit_codebook,
    history,
    with_texts,
)
from themecoder.codebook.files.folder import DRAFT, code_hash
from themecoder.codebook.html.page import write_codebook_page
from themecoder.codebook.model import Code, Codebook, Example, Group
from themecoder.codebook.origins import fresh_id
from themecoder.codebook.wording import difference_in_words, in_words
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.storage.atomic import sha256
from themecoder.themes.store import stored_themes
from themecoder.themes.study_steps import ThemeWork
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, trimmed
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
        "differences": [
            (one.code or one.group or "-", difference_in_words(one, language)) for one in changed
        ],
        "new_codes": len(usable) if draft.base is None else 0,
        "past": _past(study, code, book) if code else [],
        "answers": _answers(study, code) if code else [],
        "versions": folder.versions,
        "done": done,
    }


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
        past.append(("", words))
    for version, released, differences, changes in found.versions:
        words = [in_words(change, book, language) for change in changes]
        words += [difference_in_words(one, language) for one in differences]
        past.append((f"{version} ({released})" if released else "", words))
    return past


def _answers(study: StudyFolder, code: Code) -> list[Said]:
    """Answers of the themes that were adopted as the code, to take examples from."""
    found: list[Said] = []
    masked = study.masked_texts()
    for question in study.questions:
        if stored_themes(study, question) is None:
            continue
        worked = ThemeWork(study).themes(question)
        for theme in worked.themes.themes.values():
            if code.id in theme.codes:
                answers = answers_of(worked, theme.id)[: _ANSWERS - len(found)]
                found += said(worked, theme.id, answers, masked)
    return found


def _edit(request: Request, form: FormData) -> Response:
    """One change of the draft, and the page as it is then."""
    site = Site.of(request)
    study = site.texts()
    language = study.config.interface_language
    kind, code = trimmed(form, "do"), trimmed(form, "code")
    if kind not in _EDITS:
        raise InputError(Problem(f"{_AREA}.no_choice"))
    before: tuple[Any, ...] = ()

    def change(draft: Draft) -> Draft:
        nonlocal before
        before = draft.book.changes
        if seen := trimmed(form, "seen"):
            if seen != sha256(study.codebooks.draft()[0].text):
                raise InputError(Problem(f"{_AREA}.changed_since"))
        else:
            check_code_seen(draft, code, trimmed(form, "code_seen"))
        return _EDITS[kind](draft, code, form, language)

    saved = edit_codebook(study.codebooks, change)
    told = [in_words(c, saved.book, language) for c in saved.book.changes if c not in before]
    made = trimmed(form, "label") if kind == "add" else ""
    shown = next((one.id for one in saved.book.codes if made and one.label == made), code)
    done = "; ".join(told) or message(f"{_AREA}.saved", language)
    return site.page(request, "codebook_work.html.jinja", _AREA, **_shown(study, shown, done))


def _add(draft: Draft, _: str, form: FormData, language: str) -> Draft:
    label = trimmed(form, "label")
    new = Code(fresh_id(label, [one.id for one in draft.book.codes]), label, trimmed(form, "group"))
    return edits.add(draft, new, trimmed(form, "why") or message(f"{_AREA}.added", language))


def _add_group(draft: Draft, _: str, form: FormData, language: str) -> Draft:
    label = trimmed(form, "label")
    return edits.add_group(draft, Group(fresh_id(label, [g.id for g in draft.book.groups]), label))


def _move(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    """``to``: ``group:<id>`` or ``code:<id>``."""
    kind, _, to = trimmed(form, "to").partition(":")
    group, parent = (to, "") if kind == "group" else ("", to)
    why = trimmed(form, "why") or message(f"{_AREA}.moved", language)
    return edits.move(draft, code, group, why, again=True, parent=parent)


def _merge(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    why = _why(draft, code, form, language)
    return edits.merge(draft, [code], trimmed(form, "into"), why)


def _retire(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    return edits.retire(draft, code, _why(draft, code, form, language))


def _save(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    return with_texts(draft, code, _texts(form), message(f"{_AREA}.first", language))


def _why(draft: Draft, code: str, form: FormData, language: str) -> str:
    """The why of a change; of a code that no version has none is kept, and none is asked."""
    return trimmed(form, "why") if draft.released(code) else message(f"{_AREA}.first", language)


def _texts(form: FormData) -> CodeTexts:
    examples = [Example(line, False) for line in _lines(form, "examples")]
    examples += [Example(line, True) for line in _lines(form, "borderline")]
    return CodeTexts(
        trimmed(form, "label"),
        trimmed(form, "definition"),
        trimmed(form, "include"),
        trimmed(form, "exclude"),
        trimmed(form, "memo").replace("\r\n", "\n"),
        tuple(examples),
        trimmed(form, "why"),
        bool(trimmed(form, "wording")),
    )


def _lines(form: FormData, name: str) -> list[str]:
    return [line.strip() for line in trimmed(form, name).splitlines() if line.strip()]


_EDITS: dict[str, Callable[[Draft, str, FormData, str], Draft]] = {
    "add": _add,
    "add_group": _add_group,
    "move": _move,
    "merge": _merge,
    "retire": _retire,
    "save": _save,
}


def _check(request: Request, form: FormData) -> Response:
    """What would be wrong with a code if it were saved as it is typed; nothing is kept."""
    site = Site.of(request)
    study = site.texts()
    folder, code = study.codebooks, trimmed(form, "code")
    document, draft = folder.draft()
    try:
        # the missing why is said when it is saved, not at each key
        typed = with_texts(draft, code, _texts(form), "-")
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


def _print(request: Request, form: FormData) -> Response:
    """Write the draft as the page that coders print."""
    site = Site.of(request)
    study = site.texts()
    folder = study.codebooks
    book = folder.draft()[1].book if trimmed(form, "version") == DRAFT else study.codebook
    file = write_codebook_page(folder, book or folder.draft()[1].book, study.paths)
    done = message("cli.codebook.page", study.config.interface_language, file=file.name)
    shown = _shown(study, trimmed(form, "code"), done)
    return site.page(request, "codebook_work.html.jinja", _AREA, **shown)


AREA = Area(
    "codebook",
    "/codebook",
    [
        Route("/codebook", _codebook),
        Route("/codebook/edit", posted(_edit), methods=["POST"]),
        Route("/codebook/check", posted(_check), methods=["POST"]),
        Route("/codebook/release", posted(_release), methods=["POST"]),
        Route("/codebook/print", posted(_print), methods=["POST"]),
    ],
    steps=frozenset({"release"}),
)
