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

Language = Literal["nl", "en", "de", "fr"]

EVERYBODY = parse("all")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Format = Literal[
    "csv",
    "xlsx",
    "ods",
    "parquet",
    "sav",
    "dta",
    "limesurvey",
    "qualtrics",
    "surveymonkey",
    "kobo",
    "redcap",
]
ROW_ID = "@row"
"""What stands for the id of a respondent where no column has one: the number of the row."""


class SurveySettings(_Table):
    """``[survey]``: the export, how to read it, who is in the target group.

    ``heading`` is the row with the names of the columns, where it is not found by itself.
    ``clean_text`` takes what a web page adds out of the answers to open questions. ``sha256`` is
    that of the file, for a study whose ``id`` is ``@row``: in another file the same
    row is another person.
    """

    file: Text
    id: Name
    include: Condition = EVERYBODY
    format: Format | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    encoding: Text | None = None
    sheet: Text | None = None
    heading: Annotated[int, Field(ge=1)] | None = None
    decimal: Literal[",", "."] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    clean_text: bool = False
    questionnaire: Text | None = None
    weight: Name | None = None


class _OfColumn(_Table):
    """A table of study.toml whose column is called as its id, where it names no other."""

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, given: Any) -> Any:
        if not (isinstance(given, dict) and isinstance(given.get("id"), str) and given["id"]):
            return given
        text = given.get("text") if "text" in cls.model_fields else None
        return {"column": given["id"], "label": text or given["id"], **given}


class QuestionSettings(_OfColumn):
    """``[[questions]]``: an open question to find themes in and to code."""

    id: Id
    column: Name = ""
    text: str = ""
    label: str = ""
    language: Language | None = None
    asked: Condition = EVERYBODY

    @model_validator(mode="after")
    def _check_reserved(self) -> QuestionSettings:
        if self.id.casefold() in RESERVED_IDS:
            raise refusal(Problem("study.reserved", {"name": self.id}))
        return self


class AttributeSettings(_OfColumn):
    """``[[attributes]]``: a property of respondents to break results down by.

    The groups are a column's values (``values`` gives labels and order), a number column cut at
    ``bands``, or ``groups`` of an expression each.
    """

    id: Id
    column: Name = ""
    label: str = ""
    values: dict[str, str] = {}
    bands: Annotated[tuple[float, ...], Field(strict=False)] = ()
    groups: dict[str, Condition] = {}

    @model_validator(mode="after")
    def _check_one_way(self) -> AttributeSettings:
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
    """``[[multiple]]``: a multiple-response question, one column per option.

    ``asked`` is left out: asked of those with a cell in any of its columns where the tool writes
    what was not chosen, else of everybody.
    """

    id: Id
    columns: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)]
    label: str = ""
    asked: Condition | None = None
    ticked: Texts = ()


class ClosedSettings(_OfColumn):
    """``[[closed]]``: a closed question, counted as the open ones are.

    single: one of ``values`` in ``column``; matrix: ``items``, a column each with one of
    ``values``; number: a number in ``column``; multiple, in one of three shapes: ``options``, a
    column each; ``separator``: several answers in one cell of ``column``, ``options`` being what
    stands there; ``mentions``: columns with a first answer, a second and so on, each one of
    ``values``.

    ``ticked``: the cells that say that an option was chosen, where they do not tell by themselves.
    ``filled``: the options whose column holds what somebody typed. ``other``: the name of the row
    for texts in a cell that are none of the options. ``missing``: cells that are no answer.
    """

    id: Id
    kind: Literal["single", "multiple", "matrix", "number"]
    column: Name = ""
    text: str = ""
    label: str = ""
    asked: Condition = EVERYBODY
    values: dict[str, str] = {}
    options: dict[Name, str] = {}
    items: dict[Name, str] = {}
    mentions: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    separator: Annotated[str, StringConstraints(min_length=1, max_length=5)] | None = None
    other: str = ""
    ticked: Texts = ()
    filled: Annotated[tuple[Name, ...], Field(strict=False)] = ()
    missing: Texts = ()

    @model_validator(mode="after")
    def _check_parts(self) -> ClosedSettings:
        shape = self.shape
        has = {name for name in _PARTS if getattr(self, name)}
        problems = [
            Problem("study.closed_part", {"id": self.id, "kind": self.kind, "part": part})
            for part in sorted(has - _FITS[shape])
        ]
        needs = _NEEDS.get(shape)
        if needs and needs not in has:
            params = {"id": self.id, "kind": self.kind, "part": needs}
            problems.append(Problem("study.closed_without", params))
        unknown = sorted(set(self.filled) - set(self.options))
        if unknown and "filled" in _FITS[shape]:
            params = {"id": self.id, "names": ", ".join(unknown)}
            problems.append(Problem("study.closed_filled", params))
        if problems:
            raise refusal(*problems)
        return self

    @property
    def shape(self) -> Shape:
        """How its answers stand in the export: the kind, and of multiple which of three."""
        if self.kind != "multiple":
            return self.kind
        return "joined" if self.separator else "mentions" if self.mentions else "options"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the export that hold its answers."""
        if self.shape in ("options", "matrix"):
            return tuple(self.options or self.items)
        return self.mentions or (self.column,)


Shape = Literal["single", "matrix", "number", "options", "joined", "mentions"]
_PARTS = ("values", "options", "items", "mentions", "separator", "other", "ticked", "filled")
_FITS: dict[str, set[str]] = {
    "single": {"values"},
    "matrix": {"items", "values"},
    "number": set(),
    "options": {"options", "ticked", "filled"},
    "joined": {"options", "separator", "other"},
    "mentions": {"mentions", "values"},
}
_NEEDS = {"matrix": "items", "options": "options", "joined": "options", "mentions": "mentions"}


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
    def _check_both(self) -> MaskingSettings:
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
    def _check_names(self) -> CodingSettings:
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
    language: Language = "nl"
    interface: Literal["nl", "en"] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    synthetic: Text | None = None
    survey: SurveySettings
    questions: Annotated[tuple[QuestionSettings, ...], Field(strict=False)] = ()
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

    @property
    def answer_languages(self) -> tuple[str, ...]:
        """The languages of the answers, that of the study first."""
        own = (question.language for question in self.questions if question.language)
        return tuple(dict.fromkeys((self.language, *own)))

    def language_of(self, question: str) -> str:
        """The language of the answers to an open question."""
        return self.question(question).language or self.language

    @property
    def interface_language(self) -> Literal["nl", "en"]:
        """The language of messages and reports: ``interface``, else that of the answers where it
        has a catalogue, else English."""
        if self.interface is not None:
            return self.interface
        return "nl" if self.language == "nl" else "en"

    def question(self, question: str) -> QuestionSettings:
        """The question with this id. Raises InputError that names the ones there are."""
        for known in self.questions:
            if known.id == question:
                return known
        ids = ", ".join(known.id for known in self.questions)
        raise InputError(Problem("study.no_such_question", {"id": question, "ids": ids}))
