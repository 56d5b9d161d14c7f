"""What would come of a change of the codebook: counts, agreement, single answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from themecoder.codebook.changes import Merge, Redefine, Split

ALL = "all"
"""All questions together."""
Tried = Merge | Split | Redefine
"""The kinds of change that move codings."""


@dataclass(frozen=True, slots=True)
class Span:
    """A prediction: the middle and the ends of its 95 % interval; all the same where computed."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class CountMove:
    """Respondents with a code at a question (or ``ALL``): ``now``, of the codings there are, and
    ``then``, of the same codings after the change. ``uncoded``: of the respondents whose answers
    nobody coded, ``open``, how many would have it. None where the code is not there then or now.
    """

    question: str
    code: str
    base: int
    coded: int
    now: int | None
    then: Span | None
    open: int = 0
    uncoded: Span | None = None


@dataclass(frozen=True, slots=True)
class AgreementMove:
    """A coefficient of all coders on a code, ``now`` and ``then``; ``answers`` that two or more
    coded. ``then`` has None for ends where it is not settled what they are."""

    code: str
    coefficient: str
    answers: int
    coders: int
    now: float | None
    then: Span | None


@dataclass(frozen=True, slots=True)
class LikelyMove:
    """An answer that would leave the code or join it (``move``: leave or join), and how likely."""

    answer_id: str
    code: str
    move: str
    chance: float


@dataclass(frozen=True, slots=True)
class Note:
    """What to know of a result: a key of the messages ``whatif.note``."""

    key: str
    params: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What would come of one ``change``. ``exact``: counts and agreement of what is coded are
    computed, not predicted. ``moving``: of a redefinition, the share of the codings of the code
    that would leave it."""

    change: Tried
    exact: bool
    counts: tuple[CountMove, ...]
    agreement: tuple[AgreementMove, ...]
    notes: tuple[Note, ...]
    moving: Span | None = None
    answers: tuple[LikelyMove, ...] = ()


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The outcomes of changes of a draft, each by itself; ``source``: whose coding is counted;
    ``base``: the release that the coding is of."""

    base: str
    source: str
    outcomes: tuple[Outcome, ...]
