"""What the tables of a study.toml are made of: kinds of values, and tables of a column."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from themecoder.errors import InputError, Problem
from themecoder.expressions import Expression, parse
from themecoder.output.file_names import is_device_name
from themecoder.storage.validation import refusal

# part of file names: no dot at the end, which Windows drops
ID_PATTERN = r"^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9_-])?$"
# a folder of annotations/ beside those of the questions, and a coder in the files that it holds
RESERVED_IDS = ("adjudicated",)


def _expression(value: Any) -> Expression:
    if isinstance(value, Expression):
        return value
    if not isinstance(value, str):
        raise PydanticCustomError("string_type", "text expected")
    try:
        return parse(value)
    except InputError as error:
        raise refusal(*error.problems) from None


def _file_name(value: str) -> str:
    if is_device_name(value):
        raise refusal(Problem("study.device_name", {"name": value}))
    return value


Id = Annotated[
    str, StringConstraints(pattern=ID_PATTERN, max_length=80), AfterValidator(_file_name)
]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(min_length=1)]  # of a column: spaces are part of it
Condition = Annotated[Expression, PlainValidator(_expression), PlainSerializer(str)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]

EVERYBODY = parse("all")


class Table(BaseModel):
    """A table in which nothing else stands than its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class OfColumn(Table):
    """A table of study.toml whose column is called as its id, where it names no other."""

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, given: Any) -> Any:
        if not (isinstance(given, dict) and isinstance(given.get("id"), str) and given["id"]):
            return given
        text = given.get("text") if "text" in cls.model_fields else None
        return {"column": given["id"], "label": text or given["id"], **given}
