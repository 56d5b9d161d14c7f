"""Annotations of a Label Studio project that may be none of ours, as foreign codings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import mean
from typing import Any

from themecoder.coding.exchange.headings import HeadingReader, Meaning, stated
from themecoder.coding.exchange.label_studio_items import PATH, Item, fits, quotes_and_codes
from themecoder.coding.exchange.model import (
    ForeignCode,
    ForeignCoding,
    ForeignFile,
    ForeignNote,
    Place,
)
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.label_studio.config import UNCERTAIN, VALUE, YES
from themecoder.coding.label_studio.tasks import key_of
from themecoder.errors import InputError, Problem
from themecoder.survey.answer_id import AnswerId

KIND = "label_studio"
_ROLES = ("answer_id", "respondent", "question", "text", "codebook")


@dataclass(frozen=True, slots=True)
class Annotation:
    """What one person made of a task. ``row``: the place of the task in the file, from 1; ``data``:
    the fields of the task. ``coder``: the account, as an address or a number."""

    row: int
    data: Mapping[str, Any]
    items: tuple[Item, ...]
    coder: str = ""
    skipped: bool = False
    shown: tuple[str, ...] | None = None
    created_at: str | None = None
    updated_at: str | None = None
    seconds: float | None = None
    ids: Mapping[str, str] = field(default_factory=dict)


def foreign_codings(
    annotations: Sequence[Annotation],
    options: ReadingOptions,
    known: KnownNames,
    codes: Sequence[ForeignCode] = (),
    text_field: str = "",
) -> ForeignFile:
    """The annotations as codings. ``codes``: those of the page, where it is known; ``text_field``:
    the field that it shows.

    Raises InputError where nothing says which field is the text or which answers are meant.
    """
    if not annotations:
        raise InputError(Problem("exchange.ls_nothing"))
    meanings = _meanings(annotations, options, known)
    text = _text_field(annotations, meanings, text_field)
    meanings = {name: one for name, one in meanings.items() if one.role != "text" or name == text}
    identity = {one.role for one in meanings.values()} & {"answer_id", "respondent"}
    if not text and not identity:
        fields = ", ".join(sorted({name for one in annotations for name in one.data}))
        raise InputError(Problem("exchange.ls_no_text", {"fields": fields or "-"}))
    if text and text not in meanings:
        meanings = {**meanings, text: Meaning("text")}
    codings = tuple(_coding(one, meanings, options.question) for one in annotations)
    params = {name: {"role": one.role, "field": name} for name, one in meanings.items()}
    notes = [ForeignNote("ls_field", Place(), params[name]) for name in sorted(params)]
    others = Counter(
        item.control for one in annotations for item in one.items if item.kind == "other"
    )
    notes += [
        ForeignNote("ls_control", Place(), {"control": control or "-", "n": n})
        for control, n in sorted(others.items())
    ]
    return ForeignFile(KIND, codings, (*codes, *_paths(codings, codes)), tuple(notes))


def _coding(one: Annotation, meanings: Mapping[str, Meaning], question: str) -> ForeignCoding:
    cells = {"answer_id": "", "respondent": "", "question": "", "text": "", "codebook": ""}
    for name, meaning in meanings.items():
        value = one.data.get(name)
        if meaning.role in cells and value is not None and not cells[meaning.role]:
            cells[meaning.role] = str(value)
            if meaning.question and meaning.role == "text":
                cells["question"] = meaning.question
    if cells["answer_id"]:
        # only this names the question for sure: in a project of ours the field has its wording
        answer = AnswerId.parse(cells["answer_id"])
        cells |= {"respondent": answer.respondent, "question": answer.question}
    ours = key_of(one.data)
    items = [i for i in one.items if i.control != UNCERTAIN and not _is_value(one, i)]
    quotes, codes = quotes_and_codes(() if one.skipped else items, cells["text"])
    typed = (words.strip() for item in items if item.kind == "words" for words in item.names)
    return ForeignCoding(
        Place(row=one.row),
        # who imports annotations becomes their account: of a task of ours the task tells
        coder=ours[1] if ours else one.coder,
        respondent=cells["respondent"],
        question=cells["question"] or question,
        text=cells["text"],
        codes=codes,
        quotes=quotes,
        skipped=one.skipped,
        uncertain=any(YES in i.names for i in one.items if i.control == UNCERTAIN),
        comment="\n".join(words for words in typed if words),
        codebook=cells["codebook"],
        shown=one.shown,
        created_at=one.created_at,
        updated_at=one.updated_at,
        seconds=one.seconds,
        round=ours[2] if ours else None,
        values=_values(one) if ours else None,
        ids=one.ids,
    )


def _is_value(one: Annotation, item: Item) -> bool:
    """Whether a part of a result of ours is the value of a code."""
    return key_of(one.data) is not None and item.control.startswith(VALUE)


def _values(one: Annotation) -> dict[str, str]:
    """The values of codes in an annotation of ours; a skipped one says none."""
    items = () if one.skipped else one.items
    return {
        item.control.removeprefix(VALUE): name
        for item in items
        if _is_value(one, item)
        for name in item.names
    }


def _meanings(
    annotations: Iterable[Annotation], options: ReadingOptions, known: KnownNames
) -> dict[str, Meaning]:
    """What each field of the tasks is: as somebody says, else by its name."""
    reader = HeadingReader(known)
    found: dict[str, Meaning] = {}
    for name in dict.fromkeys(name for one in annotations for name in one.data):
        wished = options.columns.get(name)
        meaning = stated(name, wished) if wished else reader.read(name)
        if meaning is not None and meaning.role in _ROLES:
            found[name] = meaning
    return found


def _text_field(
    annotations: Sequence[Annotation], meanings: Mapping[str, Meaning], shown: str
) -> str:
    """The field that holds the answer: the one that is shown, the one that marked parts are of, the
    one that is called so; else the one with the longest texts. Raises InputError where several
    are called so and nothing tells which."""
    named = [name for name, one in meanings.items() if one.role == "text"]
    if shown or len(named) == 1:
        return shown or named[0]
    texts: dict[str, list[str]] = {}
    hits: dict[str, int] = {}
    for one in annotations:
        spans = [item.span for item in one.items if item.span is not None]
        for name, value in one.data.items():
            if isinstance(value, str) and value.strip() and (not named or name in named):
                texts.setdefault(name, []).append(value)
                hits[name] = hits.get(name, 0) + sum(fits(span, value) for span in spans)
    if any(hits.values()):
        return max(sorted(hits), key=lambda name: hits[name])
    if named:
        raise InputError(Problem("exchange.ls_which_text", {"fields": ", ".join(named)}))
    if any(one.role == "answer_id" for one in meanings.values()):
        return ""
    free = {name: cells for name, cells in texts.items() if name not in meanings}
    return max(sorted(free), key=lambda n: mean(map(len, free[n])), default="")


def _paths(
    codings: Iterable[ForeignCoding], known: Iterable[ForeignCode]
) -> tuple[ForeignCode, ...]:
    """The codes of a taxonomy with those above them, where the page has not told them."""
    told = {code.name for code in known}
    found: dict[str, ForeignCode] = {}
    for name in sorted({code for coding in codings for code in coding.codes}):
        levels = name.split(PATH)
        for n in range(1, len(levels) + 1) if len(levels) > 1 else ():
            path, parent = PATH.join(levels[:n]), PATH.join(levels[: n - 1])
            if path not in told:
                found[path] = ForeignCode(path, levels[n - 1], parent=parent)
    return tuple(found.values())
