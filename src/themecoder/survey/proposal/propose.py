"""The proposal: id, target group, open questions with their bases, attributes, option sets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt

from themecoder.expressions import Expression, nodes
from themecoder.expressions.cells import is_empty, number
from themecoder.survey.export import Export
from themecoder.survey.proposal.bases import Bases, closed_candidate
from themecoder.survey.proposal.profile import Profile, profiles

Mask = npt.NDArray[np.bool_]

AGE_BANDS = (18, 25, 35, 50, 65)
_ID = re.compile(
    r"(^|[\W_])(id|nr|nummer|resp\w*|deelnemer\w*|participant\w*|record\w*|case\w*|volgnummer|key)"
    r"($|[\W_])",
    re.IGNORECASE,
)
_AGE = re.compile(r"leeftijd|\bage\b|hoe oud|how old", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class ProposedAttribute:
    id: str
    column: str
    label: str
    values: Mapping[str, str]
    bands: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedMultiple:
    id: str
    columns: tuple[str, ...]
    label: str


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
    multiple: tuple[ProposedMultiple, ...]
    kinds: Mapping[str, str]

    @property
    def study_id(self) -> str:
        return slug(PurePath(self.source).stem) or "study"


def propose(export: Export) -> StudyProposal:
    """A proposal from an export alone. It finds what it can; a person corrects the rest."""
    columns = profiles(export)
    id_column = _find_id_column(columns, len(export.frame))
    kinds = {p.name: ("id" if p.name == id_column else p.kind) for p in columns}
    content = [p for p in columns if kinds[p.name] in _CONTENT_KINDS]
    status = [p for p in columns if p.kind == "status"]
    include = _target_group(content, status, export)
    included = Expression(include).evaluate(export.frame)
    taken: set[str] = set()
    bases = Bases.of(content, included, export)
    questions = tuple(
        _propose_question(p, bases, export, taken) for p in content if p.kind == "open"
    )
    attributes = tuple(_propose_attributes(content, included, export, taken))
    multiple = tuple(_propose_multiple(content, taken))
    return StudyProposal(
        export.source,
        export.format,
        export.details,
        id_column,
        Expression(include),
        len(export.frame),
        int(included.sum()),
        questions,
        attributes,
        multiple,
        kinds,
    )


def slug(text: str) -> str:
    """An id that study.toml takes: lower case ASCII letters, digits, hyphens and underscores."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9_.]+", "-", plain.lower()).strip("-._")[:40]


def _new_id(profile: Profile, taken: set[str]) -> str:
    """An id for a column: its name where that is short enough to be one, else its position."""
    name = slug(profile.group or profile.name)
    base = name if 0 < len(name) <= 24 else f"v{profile.position + 1}"
    new_id, count = base, 2
    while new_id in taken:
        new_id, count = f"{base}-{count}", count + 1
    taken.add(new_id)
    return new_id


def _wording(profile: Profile) -> str:
    """The question's wording: the file's label, else a name that is a sentence."""
    return profile.column.label or (profile.name if " " in profile.name.strip() else "")


def _find_id_column(columns: list[Profile], rows: int) -> str | None:
    """The column with a value of its own in every row, by its name where there are several.

    Where no column has one, it is a column that is called like an id and is filled nearly
    everywhere: what is wrong with it is reported when the survey is read.
    """
    unique = [p for p in columns if p.unique]
    named = [p for p in unique if _ID.search(p.name)]
    plain = [p for p in unique if p.kind in ("number", "short", "single")]
    for choice in (named, plain):
        if choice:
            return choice[0].name
    called_id = (p for p in columns if _ID.search(p.name) and p.filled.sum() >= 0.9 * rows > 0)
    kinds = ("number", "short", "technical")
    return next((p.name for p in called_id if p.kind in kinds), None)


def _target_group(content: list[Profile], status: list[Profile], export: Export) -> nodes.Node:
    """Who was not screened out: everybody but those after whose answer all else is always empty.

    Such answers are looked for in the first closed questions, then in columns in which the survey
    tool says how far someone came. A few rows are no evidence, and where most respondents would
    be left out nobody is.
    """
    rows = len(export.frame)
    for profile in [*[p for p in content if p.kind == "single"][:6], *status]:
        later = [p for p in content if p.position > profile.position and p.kind != "open"]
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
    profile: Profile, bases: Bases, export: Export, taken: set[str]
) -> ProposedQuestion:
    asked = bases.asked(profile)
    n_asked = int((asked.evaluate(export.frame) & bases.included).sum()) if asked else 0
    n_answered = int((profile.filled & bases.included).sum())
    new_id = _new_id(profile, taken)
    return ProposedQuestion(new_id, profile.name, _wording(profile), asked, n_asked, n_answered)


def _propose_attributes(
    content: list[Profile], included: Mask, export: Export, taken: set[str]
) -> Iterator[ProposedAttribute]:
    """Closed questions with few answers, and ages, that nearly the whole target group filled in."""
    count = 0
    for profile in content:
        share = profile.filled[included].mean() if included.any() else 0
        if share < 0.95 or count == _MOST_ATTRIBUTES:
            continue
        label = _wording(profile) or profile.name
        cells = [str(c).strip() for c in export.frame[profile.name][included] if not is_empty(c)]
        values = [value for value in profile.values if value in set(cells)]
        if profile.kind == "single" and 2 <= len(values) <= _LARGEST_ATTRIBUTE:
            labels = {value: profile.column.values.get(value, value) for value in values}
            yield ProposedAttribute(_new_id(profile, taken), profile.name, label, labels)
            count += 1
        elif profile.kind == "number" and _are_ages(label, cells):
            yield ProposedAttribute(_new_id(profile, taken), profile.name, label, {}, AGE_BANDS)
            count += 1


def _are_ages(label: str, cells: list[str]) -> bool:
    """Whether numbers are ages: between 5 and 110, and either whole and spread or called so."""
    ages = np.array([value for cell in cells if (value := number(cell)) is not None])
    plausible = bool(ages.size and np.percentile(ages, 1) >= 5 and np.percentile(ages, 99) <= 110)
    spread = bool(ages.size and (ages % 1 == 0).all() and np.ptp(ages) >= 10 and ages.mean() >= 15)
    return plausible and (spread or bool(_AGE.search(label)))


def _propose_multiple(content: list[Profile], taken: set[str]) -> Iterator[ProposedMultiple]:
    """The option columns of each multiple-response question."""
    groups: dict[str, list[Profile]] = {}
    for profile in content:
        if profile.kind == "option":
            groups.setdefault(profile.group, []).append(profile)
    for name, members in groups.items():
        label = members[0].column.label or name
        yield ProposedMultiple(_new_id(members[0], taken), tuple(p.name for p in members), label)
