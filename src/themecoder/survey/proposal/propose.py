"""The proposal: id, target group, open questions with their bases, attributes, option sets."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from themecoder.expressions import Expression, nodes
from themecoder.expressions.cells import is_empty, number
from themecoder.survey.export import Export
from themecoder.survey.meaning.markup import has_markup
from themecoder.survey.proposal.bases import Bases, closed_candidate
from themecoder.survey.proposal.closed import ProposedClosed, propose_closed
from themecoder.survey.proposal.corrections import Corrections
from themecoder.survey.proposal.grouping import grouped
from themecoder.survey.proposal.ids import new_id, slug, wording
from themecoder.survey.proposal.languages import language_of_texts
from themecoder.survey.proposal.no_respondents import RowsToldOf, rows_told_of
from themecoder.survey.proposal.profile import Profile, profiles

Mask = npt.NDArray[np.bool_]

AGE_BANDS = (18, 25, 35, 50, 65)
_ID = re.compile(
    r"(^|[\W_])(id|nr|nummer|resp\w*|deelnemer\w*|participant\w*|record\w*|case\w*|volgnummer|key)"
    r"($|[\W_])",
    re.IGNORECASE,
)
_AGE = re.compile(r"leeftijd|\bage\b|hoe oud|how old", re.IGNORECASE)
_PERSON = re.compile(
    r"leeftijd|geslacht|gender|\bage\b|\bsex\b|opleiding|educat|provincie|regio|woonplaats"
    r"|inkomen|income|burgerlijke|werkzaam|beroep|occupation|\balter\b|geschlecht|bildung"
    r"|[âa]ge\b|sexe|dipl[oô]me|how old|hoe oud",
    re.IGNORECASE,
)
_CONTENT_KINDS = ("single", "option", "item", "number", "joined", "other", "short", "open")
_MOST_ATTRIBUTES = 10
_LARGEST_ATTRIBUTE = 10


@dataclass(frozen=True, slots=True)
class ProposedQuestion:
    """An open question; ``asked`` is None where nothing explains who was asked."""

    id: str
    column: str
    text: str
    asked: Expression | None
    n_asked: int
    n_answered: int
    language: str = ""  # of its answers, where it can be told and is not that of the study


@dataclass(frozen=True, slots=True)
class ProposedAttribute:
    id: str
    column: str
    label: str
    values: Mapping[str, str]
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StudyProposal:
    """What an export looks like. ``kinds`` gives each column's kind, as profile.py names them."""

    source: str
    format: str
    details: Mapping[str, str]
    id: str | None
    include: Expression
    n_rows: int
    n_included: int
    questions: tuple[ProposedQuestion, ...]
    attributes: tuple[ProposedAttribute, ...]
    closed: tuple[ProposedClosed, ...]
    kinds: Mapping[str, str]
    language: str
    rows_told: tuple[RowsToldOf, ...]
    unclear: Mapping[str, tuple[str, ...]]  # columns of numbers that can be read in two ways
    markup: int  # answers to open questions with tags of a web page in them
    columns: Mapping[str, str]  # column -> the id of what it was taken for; "" for nothing
    labels: Mapping[str, str]  # column -> its wording

    @property
    def study_id(self) -> str:
        return slug(PurePath(self.source).stem) or "study"

    @property
    def multiple(self) -> tuple[ProposedClosed, ...]:
        """The closed questions with several answers."""
        return tuple(question for question in self.closed if question.kind == "multiple")


def propose(
    export: Export, language: str = "nl", corrections: Corrections | None = None
) -> StudyProposal:
    """A proposal from an export alone. It finds what it can; a person corrects the rest.

    ``language`` is that of a study in whose answers no language can be told. ``corrections``: what
    a person said of it already.
    """
    corrected = corrections or Corrections()
    columns = corrected.applied(grouped(corrected.applied(profiles(export)), export))
    told = rows_told_of(columns, export)
    by_event = any(one.reason == "event" for one in told)
    id_column = columns[0].name if by_event else _find_id_column(columns, len(export.frame))
    id_column = corrected.id or id_column
    kinds = {p.name: ("id" if p.name == id_column else p.kind) for p in columns}
    content = [
        p
        for p in columns
        if kinds[p.name] in _CONTENT_KINDS or (p.group and p.kind in ("option", "item"))
    ]
    status = [p for p in columns if p.kind == "status"]
    include = _target_group(content, status, export)
    for one in told:
        if one.left_out is not None:
            include = (
                nodes.joined(nodes.And, (one.left_out, include))
                if not isinstance(include, nodes.All)
                else one.left_out
            )
    included = Expression(include).evaluate(export.frame)
    taken: set[str] = set()
    bases = Bases.of(content, included, export)
    questions = tuple(
        _propose_question(p, bases, export, taken, language) for p in content if p.kind == "open"
    )
    closed = tuple(propose_closed(content, bases, export, taken))
    attributes = tuple(_propose_attributes(content, included, export))
    spoken = Counter(q.language for q in questions for _ in range(q.n_answered) if q.language)
    main = corrected.language or (spoken.most_common(1)[0][0] if spoken else language)
    return StudyProposal(
        export.source,
        export.format,
        export.details,
        id_column,
        Expression(include),
        len(export.frame),
        int(included.sum()),
        tuple(replace(q, language="" if q.language == main else q.language) for q in questions),
        attributes,
        closed,
        kinds,
        main,
        told,
        export.unclear_numbers,
        sum(
            has_markup(text)
            for question in questions
            for text in export.frame[question.column].tolist()
            if not is_empty(text)
        ),
        _taken_for(columns, questions, closed, kinds),
        {p.name: wording(p) for p in columns},
    )


def _taken_for(
    columns: Sequence[Profile],
    questions: Sequence[ProposedQuestion],
    closed: Sequence[ProposedClosed],
    kinds: Mapping[str, str],
) -> dict[str, str]:
    """column -> the id of the question that it belongs to, and nothing where to none."""
    taken = dict.fromkeys((p.name for p in columns), "")
    taken |= {question.column: question.id for question in questions}
    taken |= {column: question.id for question in closed for column in question.columns}
    return taken


def _find_id_column(columns: list[Profile], rows: int) -> str | None:
    """The column with a value of its own in every row, by its name where there are several.

    Where no column has one, it is a column that is called like an id and is filled nearly
    everywhere: what is wrong with it is reported when the survey is read.
    """
    unique = [p for p in columns if p.unique]
    named = [p for p in unique if _ID.search(p.name)]
    kinds = ("number", "short", "single", "technical")
    plain = [p for p in unique if p.kind in kinds and _counts_rows(p, rows)]
    for choice in (named, plain):
        if choice:
            return choice[0].name
    called_id = (p for p in columns if _ID.search(p.name) and p.filled.sum() >= 0.9 * rows > 0)
    return next((p.name for p in called_id if p.kind in kinds and p.kind != "single"), None)


def _counts_rows(profile: Profile, rows: int) -> bool:
    """Whether a column without the name of one may hold ids: numbers that count up, or keys.

    Amounts may all differ, too; that makes them no ids.
    """
    if len(profile.name.split()) > 3 or "?" in profile.name:
        return False
    if profile.kind == "short":
        return profile.position == 0
    values = profile.numbers
    if not values:
        return False
    whole = all(value.is_integer() for value in values)
    return whole and (profile.position == 0 or max(values) - min(values) < 3 * rows)


def _target_group(content: list[Profile], status: list[Profile], export: Export) -> nodes.Node:
    """Who was not screened out: everybody but those after whose answer all else is always empty.

    Such answers are looked for in the first closed questions, then in columns in which the survey
    tool says how far someone came. A few rows are no evidence, and where most respondents would
    be left out nobody is.
    """
    rows = len(export.frame)
    for profile in [*[p for p in content if p.kind == "single"][:6], *status]:
        later = [p for p in content if p.position > profile.position]
        if len(later) < 3:
            continue
        reached = np.any([p.filled for p in later], axis=0)
        closed = closed_candidate(profile, export)
        stopped = [
            code
            for code in range(len(closed.values))
            if (closed.codes == code).sum() >= 3 and not reached[closed.codes == code].any()
        ]
        staying = [code for code in range(len(closed.values)) if code not in stopped]
        kept = closed.rows(staying)
        if stopped and staying and kept.sum() >= 0.3 * rows and reached[kept].mean() >= 0.9:
            return closed.condition(staying)
    return nodes.All()


def _propose_question(
    profile: Profile, bases: Bases, export: Export, taken: set[str], language: str
) -> ProposedQuestion:
    asked = bases.asked(profile)
    n_asked = int((asked.evaluate(export.frame) & bases.included).sum()) if asked else 0
    n_answered = int((profile.filled & bases.included).sum())
    texts = [text for text in export.frame[profile.name].tolist() if not is_empty(text)]
    return ProposedQuestion(
        new_id(profile, taken),
        profile.name,
        wording(profile),
        asked,
        n_asked,
        n_answered,
        language_of_texts(texts) or "",
    )


def _propose_attributes(
    content: list[Profile], included: Mask, export: Export
) -> Iterator[ProposedAttribute]:
    """Closed questions with few answers, and ages, that nearly the whole target group filled in.

    What describes a person (age, gender, education …) comes before what a person answered.
    """
    count = 0
    taken: set[str] = set()
    first = [p for p in content if _PERSON.search(f"{p.name} {p.column.label}")]
    for profile in [*first, *(p for p in content if p not in first)]:
        share = profile.filled[included].mean() if included.any() else 0
        if share < 0.95 or count == _MOST_ATTRIBUTES:
            continue
        label = wording(profile) or profile.name
        cells = [str(c).strip() for c in export.frame[profile.name][included] if not is_empty(c)]
        values = [value for value in profile.values if value in set(cells)]
        if profile.kind == "single" and 2 <= len(values) <= _LARGEST_ATTRIBUTE:
            labels = {value: profile.column.values.get(value, value) for value in values}
            yield ProposedAttribute(new_id(profile, taken), profile.name, label, labels)
            count += 1
        elif profile.kind == "number" and are_ages(label, cells):
            yield ProposedAttribute(new_id(profile, taken), profile.name, label, {}, AGE_BANDS)
            count += 1


def are_ages(label: str, cells: list[str]) -> bool:
    """Whether numbers are ages: between 5 and 110, and either whole and spread or called so."""
    ages = np.array([value for cell in cells if (value := number(cell)) is not None])
    plausible = bool(ages.size and np.percentile(ages, 1) >= 5 and np.percentile(ages, 99) <= 110)
    spread = bool(ages.size and (ages % 1 == 0).all() and np.ptp(ages) >= 10 and ages.mean() >= 15)
    return plausible and (spread or bool(_AGE.search(label)))
