"""The sources of the coding that is counted, by name, and suggestions as codings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.errors import InputError, Problem

DECIDED, MAJORITY, UNION, INTERSECTION = "decided", "majority", "union", "intersection"
LEAD, CODER, SUGGESTIONS = "lead", "coder", "suggestions"
_OF_A_CODER = (LEAD, CODER)
_KINDS = (DECIDED, MAJORITY, UNION, INTERSECTION, LEAD, ADJUDICATED, CODER, SUGGESTIONS)
FORMS = tuple(f"{kind}:<coder>" if kind in _OF_A_CODER else kind for kind in _KINDS)
"""The sources as they are written."""
PPI = "ppi"
"""No source of coding but an estimate from two; see ``counts.ppi``."""
WITH_MACHINE = "+machine"
"""Behind a source of people's coding: and where no person coded an answer, the machine's."""
COUNTED_FROM = 0.5
"""The lowest score of a suggestion that is counted, where suggestions are counted."""


@dataclass(frozen=True, slots=True)
class CodingSource:
    """Where the codes come from; ``settled.settle`` says how each kind settles an answer.

    ``kind``: decided (decisions, and where there is none what the coders' codings come to by rule),
    majority (the same without decisions), union, intersection and lead (decisions, and a stated
    rule where coders differ), adjudicated (decisions only), coder (those of ``coder`` only) or
    suggestions (those of a machine, which nobody has confirmed). ``machine``: answers that no
    person coded have the codes that ``themecoder autocode`` gave them. ``ppi``: no coding but the
    estimate of ``counts.ppi``, from the machine's codes and this coding of ``people``.
    """

    kind: str
    coder: str = ""
    machine: bool = False
    ppi: bool = False

    @property
    def confirmed(self) -> bool:
        """Whether people coded, and not a machine."""
        return self.kind != SUGGESTIONS

    @property
    def people(self) -> CodingSource:
        """The coding itself, where it is what an estimate is put right by."""
        return replace(self, ppi=False)

    def __str__(self) -> str:
        if self.ppi:
            return PPI
        people = f"{self.kind}:{self.coder}" if self.kind in _OF_A_CODER else self.kind
        return people + WITH_MACHINE if self.machine else people


def source_of(text: str) -> CodingSource:
    """The source that ``text`` names: one of ``FORMS``, of people's coding with ``WITH_MACHINE``
    behind it or without. Raises InputError for any other text."""
    machine = text.endswith(WITH_MACHINE)
    kind, _, coder = text.removesuffix(WITH_MACHINE).partition(":")
    people = kind in _KINDS and not (machine and kind == SUGGESTIONS)
    if people and (kind in _OF_A_CODER) == bool(coder):
        return CodingSource(kind, coder, machine)
    if text == PPI:
        raise InputError(no_estimate_here())
    known = ", ".join((*FORMS, DECIDED + WITH_MACHINE))
    raise InputError(Problem("counts.source", {"found": text, "known": known}))


def no_estimate_here() -> Problem:
    """That an estimate stands where answers with codes are needed."""
    return Problem("ppi.not_here", {"known": ", ".join(FORMS)})


def people_only(source: CodingSource) -> CodingSource:
    """``source``. Raises InputError where it takes in what the machine coded: for what can't tell
    that apart from people's coding."""
    if source.machine:
        raise InputError(Problem("autocode.not_here", {"source": str(source)}))
    return source


def as_codings(
    suggested: Mapping[str, Iterable[tuple[str, float]]],
    version: str,
    at_least: float = COUNTED_FROM,
) -> list[Coding]:
    """Suggestions with a score of ``at_least`` as codings, without quotes."""
    codings = []
    for answer_id, scored in sorted(suggested.items()):
        codes = tuple(sorted({code for code, score in scored if score >= at_least}))
        state = "coded" if codes else "no_code"
        codings.append(
            Coding(answer_id, SUGGESTIONS, version, state, codes, source={"kind": SUGGESTIONS})
        )
    return codings
