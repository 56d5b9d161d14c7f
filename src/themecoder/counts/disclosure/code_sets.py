"""The sets of codes that somebody may have, of which all counts of a small codebook are sums."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence

from themecoder.counts.disclosure.system import Statement, System, equal

MOST_SETS = 64
"""With more sets than this, unions are told by their parts and pairs instead: sets of codes are
then so many that they hardly narrow anything, and the programs to solve grow long."""

CodeSet = tuple[str, ...]


def possible_sets(codes: Sequence[str], pairs: Collection[tuple[str, str]]) -> list[CodeSet] | None:
    """The sets of ``codes`` of which any two stand in ``pairs`` (codes in their order), the empty
    set first; None where there are more than ``MOST_SETS``."""
    together = frozenset(pairs)
    found: list[CodeSet] = [()]
    for code in codes:
        found += [(*one, code) for one in found if all((other, code) in together for other in one)]
        if len(found) > MOST_SETS:
            return None
    return found


def set_key(question: str, codes: CodeSet, subgroup: str) -> Hashable:
    """The variable of the respondents with just these codes."""
    return (" set", question, codes, subgroup)


def say_sets(
    system: System,
    question: str,
    rows: Mapping[str, Collection[str]],
    sets: Sequence[CodeSet],
    pairs: Mapping[tuple[str, str], Hashable],
    subgroup: str,
    having: Mapping[str, frozenset[str]],
    everyone: int,
) -> None:
    """Each of ``everyone`` in a subgroup has one of the ``sets``: every row and pair is a sum.

    ``rows``: row -> its codes; ``pairs``: pair -> its variable; ``having``: code -> who has it.
    """
    own: dict[str, CodeSet] = {}
    for code, who in having.items():
        own |= {one: (*own.get(one, ()), code) for one in who}
    sizes = dict.fromkeys(sets, 0)
    for one_set in own.values():
        sizes[one_set] += 1
    sizes[()] = everyone - len(own)
    key = {one: set_key(question, one, subgroup) for one in sets}
    for one, size in sizes.items():
        system.add(key[one], subgroup, size, everyone)
    system.say([Statement(dict.fromkeys(key.values(), 1.0), everyone, everyone)])
    for row, codes in rows.items():
        parts = [key[one] for one in sets if not frozenset(codes).isdisjoint(one)]
        system.say([equal((question, row, subgroup), parts)])
    for pair, name in pairs.items():
        system.say([equal(name, [key[one] for one in sets if set(pair) <= set(one)])])
