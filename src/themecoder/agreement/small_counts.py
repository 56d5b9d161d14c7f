"""What of the agreement gives a small count away is not shown, as in the tables of counts.

A code's prevalence times the answers is how many it was given. Coefficients of agreement are not
hidden: they are what coders need, and are about coders.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from math import ceil

from themecoder.agreement.confusion import Confusion
from themecoder.agreement.evidence import FEWEST
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.measures.result import HIDDEN_COUNT, TOO_FEW
from themecoder.agreement.parts import Part
from themecoder.agreement.rows import ALL, AgreementRow
from themecoder.agreement.tendencies import Tendency
from themecoder.agreement.values import OF_VALUES

HIDDEN = "x"
"""Stands for a number that is not shown, as in the tables of counts."""
COUNTING = ("prevalence_index", "bias_index")
"""Times the answers these are differences of counts, from which a code's own count follows."""


def without_small_counts(found: AgreementFindings, smallest: int) -> AgreementFindings:
    """The findings without the numbers from which a count of answers with a code below ``smallest``
    follows: those are None. Everything where ``smallest`` is 0 or 1.

    Of questions, rounds, versions and periods that add up to a whole, a second is hidden where the
    whole less the others would give the first; so is the whole where there is no second.
    """
    if smallest <= 1:
        return found
    hidden = _hidden(
        [(ALL, "", row) for row in (*found.rows, *found.machine)]
        + [(part.kind, part.name, row) for part, row in found.parts],
        smallest,
    )
    rare = {
        row.code
        for row in found.rows
        if (row.question, row.coder_pair) == (ALL, ALL) and _is_small(row, smallest)
    }

    def shown(row: AgreementRow, part: Part | None = None) -> AgreementRow:
        kind, name = (part.kind, part.name) if part else (ALL, "")
        place = (kind, name, row.question, row.coder_pair, row.code)
        if row.coefficient in OF_VALUES:
            row = _row_of_values(row, bool({place, _values(place)} & hidden))
        return _row(row, place in hidden, smallest)

    return replace(
        found,
        rows=tuple(map(shown, found.rows)),
        machine=tuple(map(shown, found.machine)),
        parts=tuple((part, shown(row, part)) for part, row in found.parts),
        confused=tuple(_confusion(pair, rare, smallest) for pair in found.confused),
        tendencies=tuple(_tendency(one, smallest) for one in found.tendencies),
        needed=tuple(
            replace(
                one,
                prevalence=None if (ALL, "", ALL, ALL, one.code) in hidden else one.prevalence,
                first=_more(one.first, one.answers_now, one.undefined_because, smallest),
            )
            for one in found.needed
        ),
        left_out=replace(
            found.left_out,
            unknown={
                code: None if times is None or times < smallest else times
                for code, times in found.left_out.unknown.items()
            },
        ),
    )


_Place = tuple[str, str, str, str, str]
"""Kind and name of the part, question, pair of coders, code."""


def _values(place: _Place) -> _Place:
    """The place of the answers of which two coders said a value of the code."""
    return (*place[:4], f"{place[4]}=")


def _hidden(rows: Iterable[tuple[str, str, AgreementRow]], smallest: int) -> set[_Place]:
    count_of: dict[_Place, int] = {}
    for kind, name, row in rows:
        if row.given is not None:
            place = (kind, name, row.question, row.coder_pair, row.code)
            count_of[place] = row.given
            if row.coefficient in OF_VALUES and row.n_answers is not None:
                count_of[_values(place)] = row.n_answers
    hidden = {place for place, count in count_of.items() if count < smallest}
    sums: dict[Hashable, list[_Place]] = {}
    for place in count_of:
        kind, _, question, pair, code = place
        if kind != ALL or question != ALL:
            sums.setdefault((kind, pair, code), []).append(place)
    for places in sums.values():
        whole = (ALL, "", ALL, *places[0][3:])
        hidden |= _guarded(places, whole, count_of, hidden, smallest)
    return hidden


def _guarded(
    places: Sequence[_Place],
    whole: _Place,
    count_of: dict[_Place, int],
    hidden: set[_Place],
    smallest: int,
) -> set[_Place]:
    """The parts that are hidden too, smallest first, until what is hidden is two parts or more that
    are ``smallest`` together; the whole where there are not so many."""
    own = [place for place in places if place in hidden]
    rest = sorted(set(places) - set(own), key=lambda place: (count_of[place], place))
    while own and (len(own) < 2 or sum(count_of[place] for place in own) < smallest):
        own.append(rest.pop(0) if rest else whole)
        if own[-1] == whole:
            break
    return set(own)


def _is_small(row: AgreementRow, smallest: int) -> bool:
    return row.given is not None and row.given < smallest


def _row(row: AgreementRow, hidden: bool, smallest: int) -> AgreementRow:
    more = row.more_answers
    if row.n_answers is not None:
        more = _more(more, row.n_answers, row.no_interval_because, smallest)
    row = replace(row, more_answers=more)
    if not hidden:
        return row
    row = replace(row, prevalence=None, given=None, se_degrees=None)
    if row.coefficient in COUNTING and row.value is not None:
        return replace(
            row,
            value=None,
            undefined_because=HIDDEN_COUNT,
            no_interval_because=None,
            more_answers=None,
        )
    return row


def _row_of_values(row: AgreementRow, hidden: bool) -> AgreementRow:
    """Without what tells how many respondents said another value than most do; ``hidden``: and
    without the number of answers with values."""
    n_answers = None if hidden else row.n_answers
    return replace(row, n_answers=n_answers, se_degrees=None, more_answers=None)


def _more(more: int | None, answers: int, because: str | None, smallest: int) -> int | None:
    """How many more answers it takes where it can be told without telling how many have the code;
    else how many it takes at least, from the largest count that is hidden."""
    if because != TOO_FEW:
        return more
    found = min(smallest - 1, FEWEST - 1)
    at_least = ceil((FEWEST - found) * answers / found)
    return at_least if more is None else min(more, at_least)


def _confusion(pair: Confusion, rare: set[str], smallest: int) -> Confusion:
    counts = (pair.answers, pair.either)
    if {pair.first, pair.second} & rare or any(n is None or n < smallest for n in counts):
        return replace(pair, answers=None, either=None, by_chance=None, examples=())
    return pair


def _tendency(one: Tendency, smallest: int) -> Tendency:
    """Either share gives the other by their ratio."""
    shares = (one.mine, one.others)
    if any(share is None or round(share * one.answers, 6) < smallest for share in shares):
        return replace(one, mine=None, others=None)
    return one
