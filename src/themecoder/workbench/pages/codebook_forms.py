"""What the forms of the codebook's page ask for, as edits of the draft."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import FormData

from themecoder.codebook import edits
from themecoder.codebook.draft import Draft
from themecoder.codebook.edit import CodeTexts, with_texts
from themecoder.codebook.model import Code, Example, Group
from themecoder.codebook.order import place_beside, step
from themecoder.codebook.origins import fresh_id
from themecoder.codebook.parts import split_into
from themecoder.codebook.taking_back import take_back
from themecoder.errors import InputError, Problem
from themecoder.messages import message
from themecoder.workbench.forms import trimmed

_AREA = "workbench_codebook"


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


def _beside(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    """Before or ``after`` the code ``beside``, wherever that stands."""
    why = message(f"{_AREA}.moved", language)
    after = bool(trimmed(form, "after"))
    return place_beside(draft, code, trimmed(form, "beside"), why, after=after)


def _step(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    return step(draft, code, -1 if trimmed(form, "by") == "up" else 1)


def _split(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    """Into the codes that are ticked and those whose labels are typed."""
    into = [str(one) for one in form.getlist("into")]
    why = trimmed(form, "why") if draft.released(code) else message(f"{_AREA}.added", language)
    return split_into(draft, code, _lines(form, "new"), into, why)


def _take_back(draft: Draft, _: str, form: FormData, language: str) -> Draft:
    """``change``: its place among those of the draft as it was shown."""
    place = trimmed(form, "change")
    if not place.isdecimal() or int(place) >= len(draft.book.changes):
        raise InputError(Problem(f"{_AREA}.no_choice"))
    return take_back(draft, draft.book.changes[int(place)])


def _merge(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    why = _why(draft, code, form, language)
    return edits.merge(draft, [code], trimmed(form, "into"), why)


def _retire(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    return edits.retire(draft, code, _why(draft, code, form, language))


def _save(draft: Draft, code: str, form: FormData, language: str) -> Draft:
    return with_texts(draft, code, texts_of(form), message(f"{_AREA}.first", language))


def _why(draft: Draft, code: str, form: FormData, language: str) -> str:
    """The why of a change; of a code that no version has none is kept, and none is asked."""
    return trimmed(form, "why") if draft.released(code) else message(f"{_AREA}.first", language)


def texts_of(form: FormData) -> CodeTexts:
    """All that is typed of a code."""
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


EDITS: dict[str, Callable[[Draft, str, FormData, str], Draft]] = {
    "add": _add,
    "add_group": _add_group,
    "move": _move,
    "beside": _beside,
    "step": _step,
    "merge": _merge,
    "split": _split,
    "take_back": _take_back,
    "retire": _retire,
    "save": _save,
}
