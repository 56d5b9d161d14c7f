"""What everybody who reads a study's tables knows of their counts: which add up to which."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

from themecoder.counts.disclosure.code_sets import possible_sets, say_sets, set_key
from themecoder.counts.disclosure.nets import NestedNets, overlap_key
from themecoder.counts.disclosure.system import Statement, System, at_most, equal
from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable, Relation

Key = tuple[str, str, str]
"""(question, row, subgroup)."""
PAIR, TOGETHER = " pair", " together"
"""Of what no question can be called: an id has no space."""


def pair_key(question: str, pair: tuple[str, str], subgroup: str) -> Hashable:
    """The variable of the respondents with both codes of a pair."""
    return (PAIR, question, *pair, subgroup)


def known_relations(
    tables: Sequence[CodeTable],
    pooled: CodeTable | None,
    columns: Breakdown,
    most: Mapping[tuple[str, str], int],
    having: Mapping[Key, frozenset[str]],
    pairs: Mapping[str, Sequence[tuple[str, str]]],
) -> System:
    """The counts of ``tables`` as variables, and what is known of them.

    ``having``: who is counted in each row and subgroup. ``most``: (question, subgroup) ->
    respondents who can have a code; a subgroup without any respondents has no key. ``pairs``:
    question -> the pairs of codes that somebody has both of: a file lists them, so that it is known
    of all others that nobody has both. Of a question without a key nothing is known about pairs.
    """
    system = System()
    for table in [*tables, pooled] if pooled else tables:
        _say_table(system, table, columns, most, having, pairs.get(table.coded.question))
    if pooled:
        _say_pooled(system, tables, pooled, most, having)
    return system


def _say_table(
    system: System,
    table: CodeTable,
    columns: Breakdown,
    most: Mapping[tuple[str, str], int],
    having: Mapping[Key, frozenset[str]],
    pairs: Sequence[tuple[str, str]] | None,
) -> None:
    """The counts of one question, and what is known of them."""
    question = table.coded.question
    subgroups = [column for q, column in most if q == question]
    codes = [row for row, members in table.rows.items() if tuple(members) == (row,)]
    value_rows = table.value_rows
    rows = {row: own for row, own in table.rows.items() if row not in value_rows}
    sets = None if pairs is None else possible_sets(codes, pairs)
    nets = NestedNets(table, pairs) if sets is None else None
    for column in subgroups:
        everyone = most[question, column]
        for row in table.rows:
            key = (question, row, column)
            system.add(key, column, len(having[key]), everyone)
        for pair in pairs or ():
            _add_pair(system, question, pair, column, everyone, having)
        names = {pair: pair_key(question, pair, column) for pair in pairs or ()}
        if nets is not None:
            nets.add(system, column, everyone, having, names)
        if sets is None:
            for relation in table.relations:
                _say_union(system, relation, question, column, having, pairs)
        else:
            who = {code: having[question, code, column] for code in codes}
            say_sets(system, question, rows, sets, names, column, who, everyone)
        # who has a code has one value of it, or none is known
        system.say(
            equal((question, code, column), [(question, row, column) for row in own.values()])
            for code, own in table.values.items()
        )
        if table.disjoint:
            alone: list[Hashable] = [(question, row, column) for row in table.disjoint]
            system.say([Statement(dict.fromkeys(alone, 1.0), 0.0, float(everyone))])
    for attribute in columns.attributes:
        groups = [column for column in attribute if column in subgroups]
        whole = (ALL_RESPONDENTS, *groups)
        if groups:
            _say_sums(system, [[(question, row, column) for column in whole] for row in table.rows])
            of_pairs = [
                [pair_key(question, one, column) for column in whole] for one in pairs or ()
            ]
            _say_sums(system, of_pairs)
            of_overlaps = [
                [overlap_key(question, two, column) for column in whole]
                for two in (nets.overlaps if nets is not None else ())
            ]
            _say_sums(system, of_overlaps)
            of_sets = [[set_key(question, one, column) for column in whole] for one in sets or ()]
            _say_sums(system, of_sets)


def _add_pair(
    system: System,
    question: str,
    pair: tuple[str, str],
    column: str,
    most: int,
    having: Mapping[Key, frozenset[str]],
) -> None:
    """The respondents with both codes of a pair; a pair that is listed has at least one."""
    key = pair_key(question, pair, column)
    a, b = ((question, code, column) for code in pair)
    least = 1.0 if column == ALL_RESPONDENTS else 0.0
    both = len(having[a] & having[b])
    system.add(key, column, both, most, least)
    system.say(at_most([key], [code]) for code in (a, b))


def _say_union(
    system: System,
    relation: Relation[str],
    question: str,
    column: str,
    having: Mapping[Key, frozenset[str]],
    pairs: Sequence[tuple[str, str]] | None,
) -> None:
    """The statements about a row that is a union of others."""
    whole = (question, relation.whole, column)
    groups = [[(question, row, column) for row in group] for group in relation.groups if group]
    terms: list[Hashable] = []
    for number, parts in enumerate(groups):
        if len(parts) == 1:
            terms += parts
            continue
        term: Hashable = whole
        if len(groups) > 1:
            who = frozenset[str]().union(*(having[key] for key in parts))
            term = (TOGETHER, question, relation.whole, number, column)
            system.add(term, column, len(who), float("inf"))
        terms.append(term)
        _say_overlapping(system, term, parts)
        if pairs is None:
            continue
        codes = {code for _, code, _ in parts}
        both = [pair for pair in pairs if codes.issuperset(pair)]
        # nobody is counted more often than the pairs of codes that they have (Bonferroni)
        overlaps = [pair_key(question, pair, column) for pair in both]
        system.say([at_most(parts, [term, *overlaps])])
        for _, code, _ in parts:
            # the parts less what each of the others has in common with one of them
            own = [o for pair, o in zip(both, overlaps, strict=True) if code in pair]
            system.say([at_most([term, *own], parts)])
        for pair, overlap in zip(both, overlaps, strict=True):
            system.say([at_most([(question, code, column) for code in pair], [term, overlap])])
    if terms and terms != [whole]:
        system.say([equal(whole, terms)])


def _say_sums(system: System, sums: Iterable[Sequence[Hashable]]) -> None:
    """The first of each is the total of the others."""
    system.say(equal(keys[0], keys[1:]) for keys in sums)


def _say_overlapping(system: System, whole: Hashable, parts: Sequence[Hashable]) -> None:
    system.say(at_most([part], [whole]) for part in parts)
    system.say([at_most([whole], parts)])


def _say_pooled(
    system: System,
    tables: Sequence[CodeTable],
    pooled: CodeTable,
    most: Mapping[tuple[str, str], int],
    having: Mapping[Key, frozenset[str]],
) -> None:
    """The statements about the questions as one: a union of the questions, of which those without a
    respondent in common add up."""
    together = _questions_in_common(tables)
    name = pooled.coded.question
    for column in [column for question, column in most if question == name]:
        groups = [[q for q in group if (q, column) in most] for group in together]
        for row in pooled.rows:
            terms: list[Hashable] = []
            for group in groups:
                parts = [(q, row, column) for q in group]
                if len(parts) < 2:
                    terms += parts
                    continue
                who = frozenset[str]().union(*(having[key] for key in parts))
                term = (TOGETHER, row, *group, column)
                system.add(term, column, len(who), float("inf"))
                _say_overlapping(system, term, parts)
                terms.append(term)
            system.say([equal((name, row, column), terms)])


def _questions_in_common(tables: Sequence[CodeTable]) -> list[list[str]]:
    """The questions in groups: those of different groups have no respondent in common."""
    groups: list[tuple[set[str], list[str]]] = []
    for table in tables:
        asked = set(table.coded.asked)
        joined = [group for group in groups if group[0] & asked]
        questions = [q for group in joined for q in group[1]] + [table.coded.question]
        everyone = asked.union(*(group[0] for group in joined))
        groups = [group for group in groups if group not in joined] + [(everyone, questions)]
    return [questions for _, questions in groups]
