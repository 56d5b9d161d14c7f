"""pydantic's errors as problems of ours: where it is, what was found, what was expected.

Every file that a person may have typed is checked by a pydantic model; its errors become faults
here, and the reader of the file says under which key of the messages, and on which line, they are
told. Models say in a field's ``description`` what is expected there, in signs that are of no
language: ``1, 2, …``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from themecoder.errors import Problem
from themecoder.output.did_you_mean import did_you_mean

Path = tuple[str | int, ...]
_SHOWN = 120  # characters of a wrong value that a message holds
# pydantic's names for its errors -> ours
_KINDS = {
    "json_invalid": "not_json",
    "missing": "missing",
    "string_type": "expected_text",
    "int_type": "expected_whole_number",
    "int_from_float": "expected_whole_number",
    "float_type": "expected_number",
    "finite_number": "expected_number",
    "tuple_type": "expected_list",
    "list_type": "expected_list",
    "dict_type": "expected_table",
    "model_type": "expected_table",
    "model_attributes_type": "expected_table",
    "string_too_short": "blank",
    "string_too_long": "too_long",
    "too_short": "empty_list",
    "extra_forbidden": "unknown_key",
    "invalid_key": "unknown_key",
    "literal_error": "not_one_of",
    "string_pattern_mismatch": "bad_pattern",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong: at ``path`` of what was read stands ``found``.

    ``kind`` is a short name such as missing, unknown_key or not_one_of. ``params`` fill messages.
    ``problem`` is set where a validator of ours says itself what to tell.
    """

    kind: str
    path: Path
    found: Any
    params: Mapping[str, Any]
    problem: Problem | None = None


def refusal(*problems: Problem) -> PydanticCustomError:
    """What a validator raises to report problems of ours among pydantic's."""
    return PydanticCustomError("problems", "see problems", {"problems": list(problems)})


def unfit(expected: str) -> PydanticCustomError:
    """What a validator raises where a value is not as ``expected``."""
    return PydanticCustomError("unfit", "not as expected", {"expected": expected})


def faults_of(error: ValidationError, model: type[BaseModel]) -> list[Fault]:
    """What pydantic found wrong with the data of a ``model``, in its order."""
    return [
        fault for details in error.errors(include_url=False) for fault in _faults_in(details, model)
    ]


def shown(value: Any) -> str:
    """A wrong value as a message shows it: as JSON, cut where it is long."""
    return json.dumps(value, ensure_ascii=False, default=str)[:_SHOWN]


def _faults_in(details: ErrorDetails, root: type[BaseModel]) -> list[Fault]:
    kind, context, path = details["type"], details.get("ctx", {}), details["loc"]
    value = details["input"]
    if kind == "problems":
        return [Fault(kind, path, value, {}, problem) for problem in context["problems"]]
    if kind == "too_short" and value:
        return []  # its entries are all amiss, and are told one by one
    model = _model_at(root, path[:-1])
    field = model.model_fields.get(str(path[-1])) if path else None
    params: dict[str, Any] = {
        "value": value if isinstance(value, str | int | float) else type(value).__name__,
        "expected": (field and field.description) or context.get("expected") or details["msg"],
        "reason": context.get("error", details["msg"]),
        "most": context.get("max_length", ""),
    }
    if kind == "extra_forbidden":
        name = str(path[-1])
        params |= {"name": name, "near": did_you_mean(name, list(model.model_fields))}
    elif kind == "literal_error":
        params["options"] = context["expected"].replace(" or ", ", ")
    elif _KINDS.get(kind) in ("too_small", "too_large"):
        params["bound"] = next(iter(context.values()))
    return [Fault(_KINDS.get(kind, "invalid"), path, value, params)]


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel]:
    """The model of the table at ``path``."""
    for part in path:
        if isinstance(part, int) or part not in model.model_fields:
            continue
        pending: list[Any] = [model.model_fields[part].annotation]
        while pending:
            kind = pending.pop(0)
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                model = kind
                break
            pending.extend(getattr(kind, "__args__", ()))
    return model
