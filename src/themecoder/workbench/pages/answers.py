"""The answers in a grid: to look through them, and to code them as the plan gives them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from themecoder.answers_search.find import MACHINE, SORTS, STATES, Query
from themecoder.coding.desk.desk import Marked, Said
from themecoder.coding.desk.study_desk import DeskRow, code_answers, take_back
from themecoder.coding.source import source_of
from themecoder.counts.formats.view import coding_source_text
from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import no_formula
from themecoder.workbench.area import Area
from themecoder.workbench.forms import posted, text_of
from themecoder.workbench.searches import Looked, Searches
from themecoder.workbench.site import Site
from themecoder.workspace.folder import StudyFolder

WORDS = "workbench_answers"
_OWN_KEYS = frozenset("0stzcjkl/ ")
"""Keys of the page itself, which no code can have."""
_MOST_ROWS = 5_000
"""Rows that are sent at once."""


def _page(request: Request) -> Response:
    site = Site.of(request)
    study = site.study()
    asked = request.query_params
    coder = asked.get("coder", "")
    if "coder" not in asked:
        return site.page(request, "answers_who.html.jinja", WORDS, coders=_coders(study))
    source = asked.get("source", "")
    looked = _looked(site, coder, source)
    book = looked.desk.book if looked.desk else study.codebook
    usable = [code for code in (book.in_order if book else ()) if not code.retired]
    keys = _keys([code.hotkey for code in usable])
    codes = [
        {
            "id": code.id,
            "label": code.label,
            "definition": code.definition,
            "exclusive": code.exclusive,
            "key": key,
            "values": [{"id": one.id, "label": one.label or one.id} for one in code.values],
        }
        for code, key in zip(usable, keys, strict=True)
    ]
    attributes = {
        name: sorted(set(np.unique(groups).tolist()) - {""})
        for name, groups in looked.search.answers.attributes.items()
    }
    labels = {one.id: one.label or one.id for one in study.config.attributes}
    # a coder who codes all of it blind is not told that the machine could be asked
    told = study.codebook is not None and bool(looked.search.told.any())
    labels |= {column.name: column.label for column in looked.columns}
    return site.page(
        request,
        "answers.html.jinja",
        WORDS,
        coder=coder,
        source=coding_source_text(source_of(source), site.language) if source else "",
        coders=sorted(looked.search.coded.coders),
        codes=codes,
        questions=[(one.id, one.label or one.text or one.id) for one in study.config.questions],
        attributes=attributes,
        labels=labels,
        sorts=[one for one in SORTS if told or one != MACHINE],
        told=told,
        states=STATES,
    )


def _keys(wished: Sequence[str]) -> list[str]:
    """The key of each code: the one in the codebook, else a digit; empty where none is left."""
    taken = {key for key in wished if key and key not in _OWN_KEYS}
    digits = [key for key in "123456789" if key not in taken]
    given: set[str] = set()
    keys = []
    for key in wished:
        if key in taken and key not in given:
            given.add(key)
            keys.append(key)
        else:
            keys.append(digits.pop(0) if digits else "")
    return keys


def _find(request: Request) -> Response:
    """The places of the answers that are asked for: rows of one or, of identical ones, several."""
    asked = request.query_params
    looked = _looked(Site.of(request), asked.get("coder", ""), asked.get("source", ""))
    found = looked.search.find(_query(request.query_params))
    rows = [row[0] if len(row) == 1 else list(row) for row in found.rows]
    return JSONResponse({"made": looked.made, "rows": rows, "answers": found.answers})


def _rows(request: Request, form: FormData) -> Response:
    """What is shown of the answers at some places."""
    looked = _looked(Site.of(request), text_of(form, "coder"), text_of(form, "source"))
    if text_of(form, "made") != looked.made:
        raise InputError(Problem("search.moved"))
    places = [
        int(one) for one in text_of(form, "places").split(",") if one.isascii() and one.isdigit()
    ]
    known = [place for place in places[:_MOST_ROWS] if place < len(looked.search.answers.ids)]
    return JSONResponse({"rows": _told(looked, known)})


def _code(request: Request, form: FormData) -> Response:
    """Write what a coder says, and give back the rows as they are now."""
    site, coder = Site.of(request), text_of(form, "coder")
    said = [_said(one) for one in _listed(form, "said")]
    code_answers(site.study(), coder, said)
    return _now(site, coder, [one.answer_id for one in said])


def _back(request: Request, form: FormData) -> Response:
    site, coder = Site.of(request), text_of(form, "coder")
    seen = {str(one["id"]): str(one["seen"]) for one in _listed(form, "said")}
    take_back(site.study(), coder, seen)
    return _now(site, coder, list(seen))


def _table(request: Request) -> Response:
    """What was found as a table that can be pasted into a spreadsheet."""
    asked = request.query_params
    looked = _looked(Site.of(request), asked.get("coder", ""), asked.get("source", ""))
    found = looked.search.find(_query(request.query_params))
    places = [place for row in found.rows for place in row]
    names = list(looked.search.answers.attributes)
    lines = [["answer_id", "question", "text", *names, "state", "codes"]]
    for one in _told(looked, places):
        cells = [one["id"], one["question"], " ".join(one["text"].split()), *one["told"]]
        lines.append([no_formula(cell) for cell in [*cells, one["state"], " ".join(one["codes"])]])
    return PlainTextResponse("".join("\t".join(cells) + "\n" for cells in lines))


def _now(site: Site, coder: str, ids: Sequence[str]) -> Response:
    looked = _looked(site, coder)
    places = [looked.search.place_of[one] for one in ids if one in looked.search.place_of]
    return JSONResponse({"rows": _told(looked, places)})


def _looked(site: Site, coder: str, source: str = "") -> Looked:
    study = site.study()
    if coder and coder not in _coders(study):
        known = ", ".join(_coders(study)) or "-"
        raise InputError(Problem("sheet.coder", {"coder": coder[:60], "known": known}))
    return study.once(Searches).of(coder, site.stamp(), source)


def _coders(study: StudyFolder) -> tuple[str, ...]:
    return study.config.coding.coders


def _told(looked: Looked, places: Sequence[int]) -> list[dict[str, Any]]:
    """What the page shows of some answers; to a coder no more than her desk has."""
    answers = looked.search.answers
    told = []
    for place in places:
        groups = [str(column[place]) for column in answers.attributes.values()]
        row = {
            "place": place,
            "id": answers.ids[place],
            "question": str(answers.questions[place]),
            "text": answers.texts[place],
            "told": groups,
        }
        row |= _of_desk(looked.desk.rows[place]) if looked.desk else _of_all(looked, place)
        told.append(row)
    return told


def _of_desk(one: DeskRow) -> Mapping[str, Any]:
    coding = one.row.coding
    return {
        "seen": one.seen,
        "note": one.row.note,
        "blind": one.planned.blind,
        "shown": one.row.shown,
        "state": coding.state if coding else "",
        "codes": list(coding.codes) if coding else [],
        "values": dict(coding.values) if coding else {},
        "uncertain": coding is not None and coding.uncertain,
        "comment": coding.comment if coding else "",
        "quotes": [[q.start, q.end, q.code] for q in coding.quotes] if coding else [],
    }


def _of_all(looked: Looked, place: int) -> Mapping[str, Any]:
    coded = looked.search.coded
    return {
        "state": str(coded.states[place]),
        "codes": [code for code, has in coded.codes.items() if has[place]],
        "uncertain": bool(coded.doubt[place]),
        "coders": [coder for coder, has in coded.coders.items() if has[place]],
    }


def _query(asked: QueryParams) -> Query:
    attributes = {
        name.removeprefix("of."): group
        for name, group in asked.multi_items()
        if name.startswith("of.") and group
    }
    return Query(
        words=asked.get("words", ""),
        any_form=asked.get("exact", "") != "1",
        question=asked.get("question", ""),
        attributes=attributes,
        codes=tuple(code for code in asked.getlist("code") if code),
        without=tuple(code for code in asked.getlist("without") if code),
        state=asked.get("state", ""),
        coder=asked.get("by", ""),
        doubt=asked.get("doubt", "") == "1",
        unsure=asked.get("unsure", "") == "1",
        like=asked.get("like", ""),
        identical=asked.get("identical", "") == "1",
        sort=asked.get("sort", "") or "plan",
    )


def _said(one: Mapping[str, Any]) -> Said:
    seconds = one.get("seconds")
    try:
        return Said(
            answer_id=str(one["id"]),
            seen=str(one["seen"]),
            state=str(one["state"]),
            codes=tuple(map(str, one.get("codes", ()))),
            quotes=tuple(
                Marked(int(start), int(end), str(code))
                for start, end, code in one.get("quotes", ())
            ),
            values={str(code): str(value) for code, value in one.get("values", {}).items()},
            uncertain=one.get("uncertain") is True,
            comment=str(one.get("comment", ""))[:10_000],
            seconds=round(float(seconds), 1) if isinstance(seconds, int | float) else None,
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise InputError(Problem("search.not_read")) from None


def _listed(form: FormData, name: str) -> list[Mapping[str, Any]]:
    try:
        found = json.loads(text_of(form, name))
    except ValueError:
        found = None
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise InputError(Problem("search.not_read"))
    if not all("id" in one and "seen" in one for one in found):
        raise InputError(Problem("search.not_read"))
    return found


AREA = Area(
    "answers",
    "/answers",
    [
        Route("/answers", _page),
        Route("/answers/find", _find),
        Route("/answers/rows", posted(_rows), methods=["POST"]),
        Route("/answers/code", posted(_code), methods=["POST"]),
        Route("/answers/back", posted(_back), methods=["POST"]),
        Route("/answers/table", _table),
    ],
)
