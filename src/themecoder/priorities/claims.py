"""Which sentences of a report are settled by what is coded so far, and what settles the others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from themecoder.classifier.model import FloatArray, IntArray
from themecoder.figures.quoted.claims import CheckedClaim, Claim, judge
from themecoder.figures.quoted.possible import possible_verdicts, settled_verdict
from themecoder.priorities.totals import TaskRow, Total, total

BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class CodedSoFar:
    """What is known of n answers with content and C codes.

    ``given`` (n, C): the codes of what is ``coded`` (n,), 0 elsewhere; ``machine`` (n, C): how
    probable each code is, learned without the same respondent; ``rows``: the coders' tasks.
    """

    given: FloatArray
    machine: FloatArray
    coded: BoolArray
    rows: Sequence[TaskRow]


@dataclass(frozen=True, slots=True)
class ClaimScope:
    """A claim on codes, and whom it is about.

    ``answers`` (a,): the rows of the answers that count, those of a respondent in the order of the
    questions; ``respondents`` (a,): whose they are. ``parts``: the columns of the codes, together
    or each alone. ``themes``: code -> column of all among which the claim has its place. ``base``:
    how many respondents it is about, and ``without`` of them have the codes without content.
    """

    claim: Claim
    answers: IntArray
    respondents: IntArray
    parts: Sequence[tuple[str, Sequence[int]]]
    themes: Mapping[str, int]
    base: int
    without: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claim stands. ``low`` to ``high`` of the base have the codes, about ``likely``; of a
    claim on each of several codes those of ``part``, which decides. ``verdict``: what it comes to
    whatever the answers say that are not coded, None as long as that is open. ``needed``: about how
    many codings settle it; ``value`` (n,): what coding an answer is worth for it; ``drawn``:
    whether chance drew enough for an interval."""

    claim: Claim
    part: str
    low: int
    high: int
    likely: float
    base: int
    open: int
    verdict: str | None
    needed: int
    value: FloatArray
    drawn: bool

    @property
    def settled(self) -> bool:
        return self.verdict is not None


def standing(scope: ClaimScope, so_far: CodedSoFar, level: float) -> Standing:
    """How a claim stands by what is coded so far."""
    n = len(so_far.coded)
    inside = np.zeros(n, dtype=bool)
    inside[scope.answers] = True
    ranked = scope.claim.rule.ranks is not None
    others = _others(scope, so_far, inside, level) if ranked else {}
    parts = []
    for name, columns in scope.parts:
        given, machine = _added(scope, so_far, columns)
        found = total(given, machine, so_far.coded, inside, so_far.rows, level)
        verdicts = _verdicts(scope, name, found, others)
        parts.append((name, found, verdicts, machine))
    verdict = settled_verdict([verdicts for _, _, verdicts, _ in parts])
    # of several parts the one that is least sure
    name, found, verdicts, machine = max(
        parts, key=lambda part: (len(part[2]), part[1].high - part[1].low)
    )
    value: FloatArray = np.zeros(n)
    needed = 0
    if verdict is None:
        for _, one, open_verdicts, likely in parts:
            if len(open_verdicts) > 1:
                value = np.maximum(value, _value(one, likely, scope, others, so_far, inside))
        needed = _needed(scope, name, found, machine, others, so_far, inside)
    base = scope.base
    low, high = max(found.low + scope.without, 0), min(found.high + scope.without, base)
    return Standing(
        scope.claim,
        name if len(scope.parts) > 1 else "",
        low,
        max(high, low),
        found.likely + scope.without,
        base,
        found.open,
        verdict,
        needed,
        value,
        all(one.drawn for _, one, _, _ in parts),
    )


def worth_of_open(standings: Sequence[Standing]) -> tuple[list[FloatArray], list[int]]:
    """What coding an answer is worth for each claim that is open, and how many codings each needs.

    Nothing as long as chance drew too little for an interval of any of them: until then it tells
    more than a choice, and a choice would keep it waiting.
    """
    left = [one for one in standings if not one.settled]
    if not all(one.drawn for one in left):
        return [], []
    return [one.value for one in left], [one.needed for one in left]


def where_open(scopes: Sequence[ClaimScope], standings: Sequence[Standing]) -> IntArray:
    """The rows of the answers that open claims are about, ascending: coding others settles none.

    As long as chance drew too little for some of them, those that these are about.
    """
    left = [(scope, one) for scope, one in zip(scopes, standings, strict=True) if not one.settled]
    waiting = [scope for scope, one in left if not one.drawn] or [scope for scope, _ in left]
    rows = [scope.answers for scope in waiting]
    return np.unique(np.concatenate(rows)) if rows else np.zeros(0, dtype=np.int64)


def _added(
    scope: ClaimScope, so_far: CodedSoFar, columns: Sequence[int]
) -> tuple[FloatArray, FloatArray]:
    """(n,) what each answer adds to the respondents with any of the codes, as far as it is coded,
    and (n,) what it may add. Who has them at one question counts once: what another answer of the
    same respondent adds is held back by how probable that is."""
    own = list(columns)
    given = np.asarray(so_far.given[:, own].max(axis=1, initial=0.0))
    machine = -np.expm1(np.log1p(-np.minimum(so_far.machine[:, own], 1 - 1e-9)).sum(axis=1))
    chance = np.where(so_far.coded, given, machine)
    free = np.ones(len(given))
    rest: dict[int, float] = {}
    for answer, who in zip(scope.answers.tolist(), scope.respondents.tolist(), strict=True):
        free[answer] = rest.get(who, 1.0)
        rest[who] = free[answer] * (1 - float(chance[answer]))
    return given * free, machine * free


def _others(
    scope: ClaimScope, so_far: CodedSoFar, inside: BoolArray, level: float
) -> dict[str, Total]:
    found = {}
    for code, column in scope.themes.items():
        given, machine = _added(scope, so_far, [column])
        found[code] = total(given, machine, so_far.coded, inside, so_far.rows, level)
    return found


def _verdicts(
    scope: ClaimScope, part: str, found: Total, others: Mapping[str, Total]
) -> list[CheckedClaim]:
    """One claim checked for each verdict that is possible."""
    own = {part} if len(scope.parts) > 1 else set(scope.claim.codes)
    rivals = {code: one for code, one in others.items() if code not in own}

    def judged_at(n: int, counts: Mapping[str, int]) -> CheckedClaim:
        return judged(scope, part, n + scope.without, counts)

    return possible_verdicts(judged_at, found, rivals, scope.base)


def judged(scope: ClaimScope, part: str, n: int, counts: Mapping[str, int]) -> CheckedClaim:
    """The verdict if ``n`` respondents have the codes of a ``part``, and so many each theme."""
    codes = (part,) if len(scope.parts) > 1 else scope.claim.codes
    n = min(max(n, 0), scope.base)
    share = Fraction(n, scope.base) if scope.base else None
    return judge(scope.claim, n, scope.base, counts, frozenset(codes), share=share)


def _value(
    found: Total,
    machine: FloatArray,
    scope: ClaimScope,
    others: Mapping[str, Total],
    so_far: CodedSoFar,
    inside: BoolArray,
) -> FloatArray:
    """(n,) how probable the codes are in each answer that is not coded: what has them raises what
    is certain, and what remains has the less. Where a claim is on its place, those of the themes it
    contests that with count as well."""
    value = np.where(inside & ~so_far.coded, machine, 0.0)
    contested = [
        scope.themes[code]
        for code, one in sorted(others.items())
        if one.low <= found.high and one.high >= found.low
    ]
    if contested:
        rival = so_far.machine[:, contested].max(axis=1)
        value = np.maximum(value, np.where(inside & ~so_far.coded, rival, 0.0))
    return value


def _needed(
    scope: ClaimScope,
    part: str,
    found: Total,
    machine: FloatArray,
    others: Mapping[str, Total],
    so_far: CodedSoFar,
    inside: BoolArray,
) -> int:
    """About how many codings settle it, the likeliest answers first, if the machine is right.

    With so many coded what is certain has grown by what they are expected to have, and the interval
    of the rest has shrunk with what is expected to be left in it.
    """
    left = np.flatnonzero(inside & ~so_far.coded)
    order = left[np.argsort(-machine[left], kind="stable")]
    gain = np.cumsum(machine[order])
    whole = max(float(gain[-1]), 1e-9) if len(gain) else 1e-9
    # what the machine expects of all is scaled to what the coding so far says of it
    scale = max(found.likely - found.known, 0.0) / whole
    numbers = np.unique(np.linspace(1, len(order), min(len(order), 60)).astype(int))
    for number in map(int, numbers):
        certain = found.known + scale * float(gain[number - 1])
        rest = max(found.likely - certain, 0.0)
        reach = (found.high - found.low) / 2 * np.sqrt(max(1 - float(gain[number - 1]) / whole, 0))
        then = Total(
            certain,
            round(max(certain, found.likely - reach)),
            round(min(certain + rest + reach, certain + len(order) - number)),
            found.likely,
            len(order) - number,
        )
        if len(_verdicts(scope, part, then, others)) == 1:
            return number
    return len(order)
