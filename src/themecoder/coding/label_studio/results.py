"""Label Studio's results of one answer: read into codes and quotes, and written from them."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from themecoder.coding.label_studio.config import (
    CODES,
    QUOTES,
    REMARK,
    TEXT,
    UNCERTAIN,
    VALUE,
    YES,
)

_UNTOUCHED = "prediction"
"""What the page says of the origin of a marked part that came with a suggestion and was not
changed."""


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A marked part of the text that the coder saw, code points, ``end`` exclusive."""

    start: int
    end: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a coder ticked, marked and typed. ``values``: code -> the value that it has here.
    ``wrong`` are the parts that could not be read: (key below ``pull.`` in the catalogue, what to
    fill in)."""

    codes: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    uncertain: bool = False
    remark: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[tuple[str, Mapping[str, str]], ...] = ()


def read_result(items: Sequence[Mapping[str, Any]], text: str, known: Collection[str]) -> Result:
    """The result ``items`` of an annotation of ``text``, with the ``known`` codes.

    A quote's code is one of the answer's codes, ticked or not; but see ``without_rejected``. All
    else is in it.
    """
    codes: set[str] = set()
    spans: set[Span] = set()
    uncertain = False
    remarks: list[str] = []
    values: dict[str, str] = {}
    wrong: list[tuple[str, Mapping[str, str]]] = []
    for item in without_rejected(items):
        name, value = item.get("from_name"), item.get("value") or {}
        if name == CODES:
            codes |= {str(code) for code in value.get("choices", ())}
        elif name == UNCERTAIN:
            uncertain = YES in value.get("choices", ())
        elif name == REMARK:
            found = value.get("text", ())
            remarks += [found] if isinstance(found, str) else [str(one) for one in found]
        elif str(name).startswith(VALUE):
            for one in value.get("choices", ()):
                values[str(name).removeprefix(VALUE)] = str(one)
        elif name == QUOTES:
            place = _place(value, text)
            if place is None:
                wrong.append(("offsets", {k: str(value.get(k)) for k in ("start", "end", "text")}))
                continue
            start, end = place
            for code in value.get("labels", ()):
                spans.add(Span(start, end, str(code), text[start:end]))
        else:
            wrong.append(("control", {"name": str(name)}))
    codes |= {span.code for span in spans}
    wrong += [("label", {"label": code}) for code in sorted(codes - set(known))]
    wrong += [("value", {"label": c, "value": v}) for c, v in values.items() if c not in codes]
    return Result(
        tuple(sorted(codes)),
        tuple(sorted(spans)),
        uncertain,
        "\n".join(remark.strip() for remark in remarks if remark.strip()),
        values,
        tuple(wrong),
    )


def without_rejected(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """``items`` without the marks of rejected suggestions: those that came with one, were left as
    they were, and are of a code whose tick the coder took away."""
    ticked = {
        str(code)
        for item in items
        if item.get("from_name") == CODES
        for code in (item.get("value") or {}).get("choices", ())
    }
    return [
        item
        for item in items
        if item.get("from_name") != QUOTES
        or item.get("origin") != _UNTOUCHED
        or not ticked.isdisjoint((item.get("value") or {}).get("labels", ()))
    ]


def write_result(result: Result) -> list[dict[str, Any]]:
    """The result as the items of an annotation, as the labelling page would make them."""
    items = []
    if result.codes:
        items.append(_item(CODES, "choices", {"choices": sorted(result.codes)}))
    for code, one in sorted(result.values.items()):
        items.append(_item(f"{VALUE}{code}", "choices", {"choices": [one]}))
    for span in sorted(result.spans):
        value = {"start": span.start, "end": span.end, "text": span.text, "labels": [span.code]}
        items.append(_item(QUOTES, "labels", value))
    if result.uncertain:
        items.append(_item(UNCERTAIN, "choices", {"choices": [YES]}))
    if result.remark:
        items.append(_item(REMARK, "textarea", {"text": [result.remark]}))
    return items


def merged(
    items: Sequence[Mapping[str, Any]], onward: Mapping[str, str]
) -> list[dict[str, Any]] | None:
    """``items`` with each code that was merged as what it became; None where none was. Where codes
    with different values became one it has none, as in migration."""
    found = [dict(item) for item in items]
    for item in found:
        for name, key in ((CODES, "choices"), (QUOTES, "labels")):
            value = item.get("value") or {}
            if item.get("from_name") == name and key in value:
                now = [onward.get(code, code) for code in value[key]]
                item["value"] = {**value, key: list(dict.fromkeys(now))}
    found = _merged_values(found, onward)
    return found if found != [dict(item) for item in items] else None


def _merged_values(
    items: Sequence[dict[str, Any]], onward: Mapping[str, str]
) -> list[dict[str, Any]]:
    """``items`` with the values of merged codes at the control of what these became."""
    of = {}
    for item in items:
        name = str(item.get("from_name"))
        if name.startswith(VALUE):
            code = name.removeprefix(VALUE)
            of[id(item)] = f"{VALUE}{onward.get(code, code)}"
    said: dict[str, list[Any]] = {}
    for item in items:
        if id(item) in of:
            said.setdefault(of[id(item)], []).append((item.get("value") or {}).get("choices"))
    found = []
    for item in items:
        name = of.get(id(item), "")
        if not name:
            found.append(item)
        elif all(one == said[name][0] for one in said[name]) and said[name]:
            found.append({**item, "from_name": name})
            said[name] = []
    return found


def _place(value: Mapping[str, Any], text: str) -> tuple[int, int] | None:
    """Where a quote is in the text; None where it is not what it says it is."""
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= len(text):
        return None
    return (start, end) if value.get("text", text[start:end]) == text[start:end] else None


def _item(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    # an id is needed; it is made from what it names, so that the same result has the same text
    identity = hashlib.sha256(f"{name}{sorted(value.items())}".encode()).hexdigest()[:10]
    return {"id": identity, "from_name": name, "to_name": TEXT, "type": kind, "value": value}
