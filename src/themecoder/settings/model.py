"""What a study.toml says. Every key is explained in docs/study-file.md."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    Field,
    PlainValidator,
    PositiveInt,
    StringConstraints,
    model_validator,
)

from themecoder.errors import InputError, Problem
from themecoder.settings.closed import ClosedSettings, MultipleSettings
from themecoder.settings.database import SQLITE, PostgresAddress, parse_address
from themecoder.settings.tables import (
    EVERYBODY,
    RESERVED_IDS,
    Condition,
    Id,
    Name,
    OfColumn,
    Table,
    Text,
    Texts,
)
from themecoder.storage.validation import refusal


def _themes(value: Any) -> str | int:
    if value in ("auto", "few", "many") and isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
        return value
    raise refusal(Problem("study.themes", {"value": value}))


def _database(value: str) -> str:
    if value != SQLITE:
        try:
            parse_address(value)
        except InputError as error:
            raise refusal(*error.problems) from None
    return value


Themes = Annotated[
    str | int,
    PlainValidator(_themes, json_schema_input_type=Literal["auto", "few", "many"] | PositiveInt),
]
Language = Literal["nl", "en", "de", "fr"]

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
PluginName = Annotated[str, StringConstraints(pattern=r"^plugin:\S+$")]
"""What another package adds."""
ROW_ID = "@row"
"""What stands for the id of a respondent where no column has one: the number of the row."""


class SurveySettings(Table):
    """``[survey]``: the export, how to read it, who is in the target group.

    ``heading`` is the row with the names of the columns, where it is not found by itself.
    ``clean_text`` takes what a web page adds out of the answers to open questions. ``sha256`` is
    that of the file, for a study whose ``id`` is ``@row``: in another file the same
    row is another person.
    """

    file: Text
    id: Name
    include: Condition = EVERYBODY
    format: Format | PluginName | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    encoding: Text | None = None
    sheet: Text | None = None
    heading: Annotated[int, Field(ge=1)] | None = None
    decimal: Literal[",", "."] | None = None
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    clean_text: bool = False
    questionnaire: Text | None = None
    weight: Name | None = None
    strata: Name | None = None
    cluster: Name | None = None


class QuestionSettings(OfColumn):
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


class AttributeSettings(OfColumn):
    """``[[attributes]]``: a property of respondents to break results down by.

    The groups are a column's values (``values`` gives labels and order), a number column cut at
    ``bands``, or ``groups`` of an expression each.
    """

    id: Id
    column: Name = ""
    label: str = ""
    values: dict[str, str] = Field(default_factory=dict)
    bands: Annotated[tuple[float, ...], Field(strict=False)] = ()
    groups: dict[str, Condition] = Field(default_factory=dict)

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


class CodebookSettings(Table):
    """``[codebook]``: the folder below codebooks/, and which version where it is not the last."""

    id: Id
    version: Text | None = None


class MiningSettings(Table):
    """``[mining]``: how candidate themes are found.

    Up to ``exact_up_to`` answers each is compared with all others, which takes two minutes; four
    times as many would take sixteen times as long. Up to ``sample`` answers are grouped together,
    what memory of a few GiB allows; above it the themes are found in so many and the others placed.
    """

    encoders: Annotated[tuple[Text, ...], Field(strict=False, min_length=1)] = (
        "e5-small-q4",
        "use-multilingual-v3",
    )
    themes: Themes = "auto"
    guided: bool = True
    exact_up_to: Annotated[int, Field(ge=0)] = 50_000
    sample: Annotated[int, Field(ge=1000)] = 200_000


class MaskingSettings(Table):
    """``[masking]``: how much is masked, texts that never are, and texts that always are."""

    level: Literal["normal", "strict"] = "normal"
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


class CodingSettings(Table):
    """``[coding]``: who codes, who decides where coders differ, the share coded blind. ``beside``:
    the attributes and closed questions that coders may know of a respondent; ``all``: every
    attribute. ``suggester``: the plugin that suggests codes to coders in our place."""

    coders: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    blind_share: Annotated[float, Field(ge=0, le=1)] = 0.2
    accounts: Annotated[dict[Id, Text], Field(strict=False)] = Field(default_factory=dict)
    adjudicator: Text | None = None
    beside: Texts = ()
    suggester: PluginName | None = None

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


class LabelStudioSettings(Table):
    """``[label_studio]``: the server that the coders work on. Its key is never kept here.

    ``database``: what the study's own server keeps its work in: ``sqlite``, a file of the study, or
    the address of a PostgreSQL database without its password.
    """

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] = "http://localhost:8080"
    project: Text | None = None
    database: Annotated[Text, AfterValidator(_database)] = SQLITE

    @property
    def postgresql(self) -> PostgresAddress | None:
        """The address of the database; None where it is a file of the study."""
        return None if self.database == SQLITE else parse_address(self.database)


class AssistantSettings(Table):
    """``[assistant]``: a language model that the researcher runs; without ``url`` there is none.

    ``url``: where it speaks the OpenAI protocol. ``host``: the machine that masked answers may go
    to, where it is not this one. ``model``: needed where the server has several. ``most_requests``
    and ``most_seconds``: what one command may take.
    """

    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None
    host: Text | None = None
    model: Text | None = None
    most_requests: Annotated[int, Field(ge=1)] = 5000
    most_seconds: Annotated[int, Field(ge=1)] = 3600


class ClusterSettings(Table):
    """``[cluster]``: workers that ``--cluster`` names.

    ``workers``: how many are started on this machine, as many as cores by default. ``wait``:
    seconds in which workers that went away may come back. ``ca``, ``cert``, ``key``: files for TLS
    with a scheduler elsewhere; by default those that dask's own configuration names.
    """

    workers: Annotated[int, Field(ge=1)] | None = None
    wait: Annotated[int, Field(ge=1)] = 300
    ca: Text | None = None
    cert: Text | None = None
    key: Text | None = None


class CountsSettings(Table):
    """``[counts]``: whose coding is counted, of which base, how sure.

    ``source``: one of ``coding.source.FORMS``. ``accept_partial``: a report may be made of a source
    that leaves coded answers out. ``base``: everyone who was asked, or those who gave an answer
    with content. ``level`` of the intervals; ``decimals`` of percents.
    """

    source: Text | None = None
    accept_partial: bool = False
    base: Literal["asked", "content"] = "asked"
    level: Annotated[float, Field(gt=0.5, lt=1)] = 0.95
    decimals: Annotated[int, Field(ge=0, le=4)] = 1


class QuotesSettings(Table):
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


class ReportSettings(Table):
    """``[report]``: what may be shown, and the template of the report where it is not the shipped
    one."""

    smallest_cell: Annotated[int, Field(ge=0)] = 5
    template: Text | None = None
    template_docx: Text | None = None


class StudyConfig(Table):
    """A whole study.toml."""

    id: Id
    title: Text
    language: Language = "nl"
    interface: Literal["nl", "en"] | None = None
    seed: Annotated[int, Field(ge=0, lt=2**32)] = 0
    synthetic: Text | None = None
    group_readable: bool = False
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
    assistant: AssistantSettings = AssistantSettings()
    cluster: ClusterSettings = ClusterSettings()
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
