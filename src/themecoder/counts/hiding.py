"""Which counts of a question's tables are not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.suppression import Hidden, Relation, bridges, suppress, total

Key = tuple[str, str, str]
"""(question, row, subgroup)."""


def hidden_counts(
    tables: Sequence[CodeTable],
    pooled: CodeTable | None,
    columns: Breakdown,
    counts: Mapping[Key, int],
    bases: Mapping[tuple[str, str], int],
    smallest: int,
) -> dict[Key, Hidden]:
    """Which ``counts`` are not shown: small ones, and those that would give a small one away.

    ``bases``: (question, subgroup) -> number of respondents; a subgroup without any has no key.
    These add up: the subgroups of an attribute to all respondents, the codes of a net to the net,
    the questions to the pooled one.
    """
    everything = [*tables, pooled] if pooled else list(tables)
    unions: list[Relation[Key]] = []
    for table in everything:
        question = table.coded.question
        subgroups = [column for q, column in bases if q == question]
        for row in table.rows:
            for attribute in columns.attributes:
                parts = [(question, row, column) for column in attribute if column in subgroups]
                unions.append(total((question, row, ALL_RESPONDENTS), parts))
        for relation in table.relations:
            for column in subgroups:
                unions.append(
                    Relation(
                        (question, relation.whole, column),
                        tuple(
                            tuple((question, row, column) for row in group)
                            for group in relation.groups
                        ),
                    )
                )
    if pooled:
        unions += _pooled_relations(tables, pooled, bases)
    most = {key: bases[key[0], key[2]] for key in counts}
    nets = {(table.coded.question, r.whole) for table in everything for r in table.relations}
    known = {(table.coded.question, row) for table in tables for row in table.open}
    shown = [key for key in counts if key[:2] in known]

    def rank(key: Key) -> tuple[bool, bool]:
        # a subgroup's cell is hidden rather than a total, and a net rather than a code
        return key[2] == ALL_RESPONDENTS, key[:2] not in nets

    overlaps = _revealing_nets(everything, bases, counts, smallest)
    hidden = suppress(counts, most, unions, smallest, rank, overlaps, shown)
    for table in tables:
        if table.additive:
            _break_bridges(table, columns, counts, hidden)
    return hidden


def _revealing_nets(
    tables: Sequence[CodeTable],
    bases: Mapping[tuple[str, str], int],
    counts: Mapping[Key, int],
    smallest: int,
) -> list[Key]:
    """The nets of two codes that reveal how few respondents have both: the counts of the two codes
    less the count of the net."""
    telling = []
    for table in tables:
        for relation in table.relations:
            for group in relation.groups:
                if len(group) != 2 or len(relation.groups) != 1:
                    continue
                for question, column in bases:
                    if question == table.coded.question:
                        net = (question, relation.whole, column)
                        a, b = ((question, row, column) for row in group)
                        if 0 < counts[a] + counts[b] - counts[net] < smallest:
                            telling.append(net)
    return telling


def _pooled_relations(
    tables: Sequence[CodeTable], pooled: CodeTable, bases: Mapping[tuple[str, str], int]
) -> list[Relation[Key]]:
    """The pooled question's rows as unions of the questions' rows; questions without a respondent
    in common are in groups of their own, so that their counts add up."""
    groups: list[tuple[set[str], list[str]]] = []  # respondents, questions
    for table in tables:
        asked = set(table.coded.asked)
        together = [group for group in groups if group[0] & asked]
        questions = [q for group in together for q in group[1]] + [table.coded.question]
        everyone = asked.union(*(group[0] for group in together))
        groups = [group for group in groups if group not in together] + [(everyone, questions)]
    return [
        Relation(
            (pooled.coded.question, row, column),
            tuple(
                tuple((q, row, column) for q in questions if (q, column) in bases)
                for _, questions in groups
            ),
        )
        for row in pooled.rows
        for question, column in bases
        if question == pooled.coded.question
    ]


def _break_bridges(
    table: CodeTable,
    columns: Breakdown,
    counts: Mapping[Key, int],
    hidden: dict[Key, Hidden],
) -> None:
    """Hide more of a table that adds up both ways until no hidden cell can be computed."""
    question = table.coded.question
    for relation in table.relations:
        rows = [row for group in relation.groups for row in group]
        for attribute in columns.attributes:
            names = (ALL_RESPONDENTS, *attribute)
            while True:
                cells = [
                    (row, column)
                    for row in (relation.whole, *rows)
                    for column in names
                    if (question, row, column) in hidden
                ]
                computable = {
                    cell for cell in bridges(cells) if counts[question, str(cell[0]), str(cell[1])]
                }
                if not computable:
                    break
                lines = {cell[0] for cell in computable}
                shown = [
                    (question, row, column)
                    for row in rows
                    for column in attribute
                    if counts.get((question, row, column), 0) > 0
                    and (question, row, column) not in hidden
                ]
                if not shown:
                    break
                # in the row of a cell that can be computed, if there is another to hide in it
                best = min(shown, key=lambda key: (key[1] not in lines, counts[key], key))
                hidden[best] = "guard"
