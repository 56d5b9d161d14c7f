"""What a study.toml says. Every key is explained in docs/study-file.md."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
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


def _themes(value: Any) -> str | int:
    if value in ("auto", "few", "many") and isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise refusal(Problem("study.themes", {"value": value}))


Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=80)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Name = Annotated[str, StringConstraints(min_length=1)]  # of a column: spaces are part of it
Condition = Annotated[Expression, PlainValidator(_expression), PlainSerializer(str)]
Themes = Annotated[str | int, PlainValidator(_themes)]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]

EVERYBODY = parse("all")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class SurveySettings(_Table):
    """``[survey]``: the export, how to read it, who is in the target group."""

    file: Text
    id: Name
    include: Condition = EVERYBODY
    format: Literal["csv", "xlsx", "parquet", "sav", "limesurvey", "qualtrics"] | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    encoding: Text | None = None
    sheet: Text | None = None
    decimal: Literal[",", "."] | None = None
    questionnaire: Text | None = None
    weight: Name | None = None


class _IdTable(_Table):
    """A table with an ``id``, which is its column and its label where these are not given."""

    id: Id
    column: Name = ""
    label: str = ""

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, given: Any) -> Any:
        if not (isinstance(given, dict) and isinstance(given.get("id"), str) and given["id"]):
            return given
        return {"column": given["id"], "label": given.get("text") or given["id"], **given}


class QuestionSettings(_IdTable):
    """``[[questions]]``: an open question to find themes in and to code."""

    text: str = ""
    asked: Condition = EVERYBODY

    @model_validator(mode="after")
    def _not_reserved(self) -> QuestionSettings:
        if self.id.casefold() in RESERVED_IDS:
            raise refusal(Problem("study.reserved", {"name": self.id}))
        return self


class AttributeSettings(_IdTable):
    """``[[attributes]]``: a property of respondents to break results down by.

    The groups are a column's values (``values`` gives labels and order), a number column cut at
    ``bands``, or ``groups`` of an expression each.
    """

    values: dict[str, str] = {}
    bands: Annotated[tuple[float, ...], Field(strict=False)] = ()
    groups: dict[str, Condition] = {}

    @model_validator(mode="after")
    def _one_way(self) -> AttributeSettings:
        problems = []
        ways = [name for name in ("values", "bands", "groups") if getattr(self, name)]
        if len(ways) > 1:
            problems.append(Problem("study.several_ways", {"id": self.id, "ways": ", ".join(ways)}))
        if any(low >= high for low, high in pairwise(self.bands)):
            problems.append(Problem("study.bands_order", {"id": self.id}))
        if problems:
            raise refusal(*problems)
        return self


class MultipleSettings(_Table):
    """``[[multiple]]``: a multiple-response question, one column per option."""

    id: Id
    columns: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    label: str = ""


class ClosedSettings(_IdTable):
    """``[[closed]]``: a closed question, counted as the open ones are.

    single: one of ``values`` in ``column``; multiple: ``options``, a column each; matrix:
    ``items``, a column each with one of ``values``; number: a number in ``column``.
    """

    kind: Literal["single", "multiple", "matrix", "number"]
    text: str = ""
    asked: Condition = EVERYBODY
    values: dict[str, str] = {}
    options: dict[Name, str] = {}
    items: dict[Name, str] = {}

    @model_validator(mode="after")
    def _parts_of_its_kind(self) -> ClosedSettings:
        needs = {"multiple": "options", "matrix": "items"}.get(self.kind)
        has = {name for name in ("values", "options", "items") if getattr(self, name)}
        fits = {"single": {"values"}, "multiple": {"options"}, "matrix": {"items", "values"}}
        problems = [
            Problem("study.closed_part", {"id": self.id, "kind": self.kind, "part": part})
            for part in sorted(has - fits.get(self.kind, set()))
        ]
        if needs and needs not in has:
            params = {"id": self.id, "kind": self.kind, "part": needs}
            problems.append(Problem("study.closed_without", params))
        if problems:
            raise refusal(*problems)
        return self

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the export that hold its answers."""
        return tuple(self.options or self.items) or (self.column,)


class CodebookSettings(_Table):
    """``[codebook]``: the folder below codebooks/, and which version where it is not the last."""

    id: Id
    version: Text | None = None


class MiningSettings(_Table):
    """``[mining]``: how candidate themes are found."""

    encoders: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = (
        "e5-small-q4",
        "use-multilingual-v3",
    )
    themes: Themes = "auto"
    guided: bool = True


class MaskingSettings(_Table):
    """``[masking]``: texts that are never masked, and texts that always are."""

    allow: Texts = ()
    forbid: Texts = ()

    @model_validator(mode="after")
    def _not_both(self) -> MaskingSettings:
        both = sorted(
            {text.casefold() for text in self.allow} & {text.casefold() for text in self.forbid}
        )
        if both:
            raise refusal(Problem("study.allowed_and_forbidden", {"texts": ", ".join(both)}))
        return self


class CodingSettings(_Table):
    """``[coding]``: who codes, who decides where coders differ, the share coded blind."""

    coders: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    blind_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    accounts: Annotated[dict[Id, Text], Field(strict=False)] = Field(default_factory=dict)
    adjudicator: Text | None = None

    @model_validator(mode="after")
    def _names(self) -> CodingSettings:
        folded = [name.casefold() for name in self.coders]
        twice = sorted({name for name in folded if folded.count(name) > 1})
        problems = [Problem("study.coder_twice", {"name": name}) for name in twice]
        problems += [
            Problem("study.reserved", {"name": name})
            for name in self.coders
            if name.casefold() in RESERVED_IDS
        ]
        if problems:
            raise refusal(*problems)
        return self


class LabelStudioSettings(_Table):
    """``[label_studio]``: the server that the coders work on. Its key is never kept here."""

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] = "http://localhost:8080"
    project: Text | None = None


class CountsSettings(_Table):
    """``[counts]``: whose coding is counted, of which base, how sure.

    ``source``: adjudicated, majority, coder:<id> or suggestions. ``base``: everyone who was asked,
    or those who gave an answer with content. ``level`` of the intervals; ``decimals`` of percents.
    """

    source: Text | None = None
    base: Literal["asked", "content"] = "asked"
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    decimals: Annotated[int, Field(ge=0, le=4)] = 1


class QuotesSettings(_Table):
    """``[quotes]``: which quotes may be shown, and how many of a code.

    ``consent``: who may be quoted, an expression. ``favourite``: what a coder types in the remark
    to say that this is one to quote. ``attributes``: what is said of the respondent. ``context``:
    characters around a quote; answers of up to ``whole`` are shown whole. ``diversity``: by what
    quotes are told apart, meaning (as candidate themes are found) or words.
    """

    consent: Condition | None = None
    per_code: Annotated[int, Field(ge=1)] = 5
    favourite: Text = "#citaat"
    attributes: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    context: Annotated[int, Field(ge=0)] = 80
    whole: Annotated[int, Field(ge=1)] = 240
    diversity: Literal["meaning", "words"] = "meaning"


class ReportSettings(_Table):
    """``[report]``: what may be shown, and the template of the report where it is not the shipped
    one."""

    smallest_cell: Annotated[int, Field(ge=0)] = 5
    template: Text | None = None
    template_docx: Text | None = None


class StudyConfig(_Table):
    """A whole study.toml."""

    id: Id
    title: Text
    language: Literal["nl", "en"] = "nl"
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    synthetic: Text | None = None
    survey: SurveySettings
    questions: Annotated[tuple[QuestionSettings, ...], Field(strict=False, min_length=1)]
    attributes: Annotated[tuple[AttributeSettings, ...], Field(strict=False)] = ()
    multiple: Annotated[tuple[MultipleSettings, ...], Field(strict=False)] = ()
    closed: Annotated[tuple[ClosedSettings, ...], Field(strict=False)] = ()
    codebook: CodebookSettings | None = None
    mining: MiningSettings = MiningSettings()
    masking: MaskingSettings = MaskingSettings()
    coding: CodingSettings = CodingSettings()
    label_studio: LabelStudioSettings = LabelStudioSettings()
    counts: CountsSettings = CountsSettings()
    quotes: QuotesSettings = QuotesSettings()
    quantifiers: Annotated[dict[Text, Text], Field(strict=False)] = Field(default_factory=dict)
    report: ReportSettings = ReportSettings()

    def question(self, question: str) -> QuestionSettings:
        """The question with this id. Raises InputError that names the ones there are."""
        for one in self.questions:
            if one.id == question:
                return one
        ids = ", ".join(one.id for one in self.questions)
        raise InputError(Problem("study.no_such_question", {"id": question, "ids": ids}))
