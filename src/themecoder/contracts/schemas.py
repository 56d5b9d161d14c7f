"""A JSON Schema of every file of a study that other tools rely on.

Each is made of what the file's own reader or writer declares, so that it can't say another thing. A
row of a table is an object of its cells: numbers and yes and no as such, an empty cell of a number
as null, any other as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, get_type_hints

from pydantic import BaseModel, TypeAdapter

from themecoder.agreement.formats.files import HEADER as AGREEMENT
from themecoder.agreement.formats.files import MORE_HEADER
from themecoder.agreement.rows import AgreementRow
from themecoder.codebook import parse as codebook
from themecoder.coding.annotations import QUEUE, CodingLine
from themecoder.coding.plan_file import PlanRow
from themecoder.coding.suggestions.files import SuggestionRow
from themecoder.counts.count_rows import Count
from themecoder.counts.formats.files import HEADER as COUNTS
from themecoder.counts.formats.view import HIDDEN
from themecoder.figures.quoted.rows import CLAIMS, FIGURES
from themecoder.figures.study_check import HEADER as CHECK
from themecoder.masking.store import MaskDecisionRow
from themecoder.quotes.formats.files import HEADER as QUOTES
from themecoder.settings.model import StudyConfig
from themecoder.themes.document import ThemesDocument
from themecoder.themes.store import AssignmentRow, MapRow

Schema = dict[str, Any]
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TEXT: Schema = {"type": "string"}
_WHOLE: Schema = {"type": "integer"}
_OR_NOTHING: Schema = {"anyOf": [_WHOLE, {"type": "null"}]}
_OR_HIDDEN: Schema = {"anyOf": [_WHOLE, {"const": HIDDEN}, {"type": "null"}]}
_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


@dataclass(frozen=True, slots=True)
class Contract:
    """``file``: where in a study. ``of``: of what the schema is, the whole file, a line, a row."""

    file: str
    of: Literal["file", "line", "row"]
    make: Callable[[], Schema]


def _table(header: Iterable[str], needed: Sequence[str] = (), /, **cells: Schema) -> Schema:
    """A row with the columns of ``header``, of which ``needed`` are never empty; others may stand
    beside them. Cells are texts but where ``cells`` says what they are."""
    columns = {name: cells.get(name, _TEXT) for name in header}
    columns |= {name: {**columns[name], "minLength": 1} for name in needed}
    return {"type": "object", "properties": columns, "required": list(columns)}


def _of_fields(header: Iterable[str], row: type, /, **cells: Schema) -> Schema:
    """A row with a column for each field of ``row`` that ``header`` names."""
    names, hints = list(header), get_type_hints(row)
    of_fields = {name: _cell(hints[name]) for name in names}
    return _table(names, **(of_fields | cells))


def _cell(hint: Any) -> Schema:
    # what has no text is an empty cell, which is a text
    found = TypeAdapter(hint).json_schema()
    kinds = {part.get("type") for part in found.get("anyOf", ())}
    return _TEXT if kinds == {"string", "null"} else found


def _model(model: type[BaseModel]) -> Schema:
    return model.model_json_schema()


def _codebook() -> Schema:
    text: Schema = {"type": ["string", "null"]}
    number: Schema = {"type": ["string", "integer", "null"]}
    flag: Schema = {"type": ["boolean", "null"]}
    texts: Schema = {"type": ["array", "null"], "items": _TEXT}

    def table(keys: Iterable[str], needed: Iterable[str], /, **others: Schema) -> Schema:
        columns = {key: others.get(key, text) for key in keys}
        columns |= {key: {"type": "string"} for key in needed if columns[key] is text}
        return {
            "type": "object",
            "properties": columns,
            "required": list(needed),
            "additionalProperties": False,
        }

    def listed(entry: Schema) -> Schema:
        return {"type": ["array", "null"], "items": entry}

    examples = [
        _TEXT,
        *(table((kind,), (kind,)) for kind in codebook.EXAMPLE),
    ]
    code = table(
        codebook.CODE,
        ("id", "label"),
        number=number,
        exclusive=flag,
        retired=flag,
        questions=texts,
        examples=listed({"anyOf": examples}),
        values=listed(table(codebook.VALUE, codebook.VALUE, id=number, label=number)),
    )
    return table(
        codebook.TOP,
        ("id", "version", "title", "codes"),
        released={"type": ["string", "null"], "format": "date"},
        groups=listed(table(codebook.GROUP, codebook.GROUP)),
        codes={"type": "array", "items": code},
        changes=listed({"anyOf": [way for kind in codebook.CHANGE for way in _change(kind)]}),
    )


def _change(kind: str) -> tuple[Schema, Schema]:
    """``{type: merge, from, into, why}``, and ``{merge: {from, into}, why}`` for the same."""
    keys = codebook.CHANGE[kind]
    value: Schema = {"type": ["string", "array", "boolean", "null"], "items": _TEXT}
    columns: Schema = dict.fromkeys(keys, value)
    needed = [key for key in keys if key not in codebook.NOT_NEEDED_OF_A_CHANGE]
    why: Schema = {"why": {"type": "string", "minLength": 1}}
    inner: Schema = {"type": ["string", "object"], "properties": columns}
    inner |= {"additionalProperties": False}
    return (
        {
            "type": "object",
            "properties": {"type": {"const": kind}, **columns, **why},
            "required": ["type", *needed, "why"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {kind: inner, **columns, **why},
            "required": [kind, "why"],
            "additionalProperties": False,
        },
    )


CONTRACTS: Mapping[str, Contract] = {
    "study": Contract("study.toml", "file", partial(_model, StudyConfig)),
    "codebook": Contract("codebooks/<codebook>/<version>.yaml", "file", _codebook),
    "annotations": Contract(
        "annotations/<question>/<coder>.jsonl", "line", partial(_model, CodingLine)
    ),
    "plan": Contract("annotations/plan.csv", "row", partial(_model, PlanRow)),
    "queue": Contract("annotations/queue.csv", "row", partial(_table, QUEUE, QUEUE[:3])),
    "masking": Contract("masking.csv", "row", partial(_model, MaskDecisionRow)),
    "themes": Contract("themes/<question>/themes.json", "file", partial(_model, ThemesDocument)),
    "assignments": Contract(
        "themes/<question>/assignments.csv", "row", partial(_model, AssignmentRow)
    ),
    "map": Contract("themes/<question>/map.csv", "row", partial(_model, MapRow)),
    "suggestions": Contract("suggestions/<question>.csv", "row", partial(_model, SuggestionRow)),
    "agreement": Contract(
        "reports/agreement.csv",
        "row",
        partial(_of_fields, (*AGREEMENT, *MORE_HEADER), AgreementRow),
    ),
    "counts": Contract(
        "reports/counts.csv",
        "row",
        partial(_of_fields, COUNTS, Count, suppressed={"type": "boolean"}),
    ),
    "quotes": Contract(
        "reports/quotes.csv",
        "row",
        partial(_table, QUOTES, ("answer_id",), rank=_WHOLE, start=_WHOLE, end=_WHOLE),
    ),
    "quoted_figures": Contract(
        "reports/quoted_figures.csv", "row", partial(_table, FIGURES, ("id",), decimals=_OR_NOTHING)
    ),
    "claims": Contract("reports/claims.csv", "row", partial(_table, CLAIMS, ("id",))),
    "check": Contract(
        "reports/check.csv",
        "row",
        partial(_table, CHECK, ("id", "verdict"), n=_OR_HIDDEN, base_n=_OR_HIDDEN),
    ),
}
"""The name of each contract, and what it is of; in the order of work."""


def schema(name: str) -> Schema:
    """The schema of the contract ``name``, which must be one of ``CONTRACTS``."""
    contract = CONTRACTS[name]
    made: Schema = _standard(contract.make())
    what = {"file": "", "line": "A line of ", "row": "A row of "}[contract.of]
    description = {"title": name, "description": what + contract.file}
    return {"$schema": _DIALECT, **made, **description}


def _standard(node: Any) -> Any:
    """Without what is about our code, and with the bounds that pydantic leaves under its own names
    where a validator stands before them."""
    if isinstance(node, list):
        return [_standard(one) for one in node]
    if not isinstance(node, dict):
        return node
    names = {key for key in ("title", "description") if isinstance(node.get(key), str)}
    return {_BOUNDS.get(key, key): _standard(one) for key, one in node.items() if key not in names}
