"""Which counts of a question's tables are not shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from themecoder.counts.layout import ALL_RESPONDENTS, Breakdown, CodeTable
from themecoder.counts.suppression import Hidden, Relation, bridges, suppress, total

Key = tuple[str, str, str]
"""(question, row, subgroup)."""


def to_hide(
    tables: Sequence[CodeTable],
    pooled: CodeTable | None,
    columns: Breakdown,
    counts: Mapping[Key, int],
    bases: Mapping[tuple[str, str], int],
    smallest: int,
) -> dict[Key, Hidden]:
    """Which ``counts`` are not shown: small ones, and those that would give a small one away.

    ``bases``: (question, subgroup) -> respondents; a subgroup without any has no key. What adds up:
    the subgroups of an attribute to all, the parts of a net, the questions to the pooled one.
    """
    whole = [*tables, pooled] if pooled else list(tables)
    unions: list[Relation[Key]] = []
    for table in whole:
        question = table.coded.question
        mine = [column for q, column in bases if q == question]
        for row in table.rows:
            for attribute in columns.attributes:
                parts = [(question, row, column) for column in attribute if column in mine]
                unions.append(total((question, row, ALL_RESPONDENTS), parts))
        for relation in table.relations:
            for column in mine:
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
        unions += _over_questions(tables, pooled, bases)
    most = {key: bases[key[0], key[2]] for key in counts}
    nets = {(table.coded.question, r.whole) for table in whole for r in table.relations}
    known = {(table.coded.question, row) for table in tables for row in table.open}
    shown = [key for key in counts if key[:2] in known]

    def rank(key: Key) -> tuple[bool, bool]:
        # a subgroup's cell before a total, a net before a code
        return key[2] == ALL_RESPONDENTS, key[:2] not in nets

    overlaps = _nets_that_tell(whole, bases, counts, smallest)
    hidden = suppress(counts, most, unions, smallest, rank, overlaps, shown)
    for table in tables:
        if table.additive:
            _break_bridges(table, columns, counts, hidden)
    return hidden


def _nets_that_tell(
    tables: Sequence[CodeTable],
    bases: Mapping[tuple[str, str], int],
    counts: Mapping[Key, int],
    smallest: int,
) -> list[Key]:
    """The nets of two codes that tell how few have both: the codes' counts less the net's."""
    found = []
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
                            found.append(net)
    return found


def _over_questions(
    tables: Sequence[CodeTable], pooled: CodeTable, bases: Mapping[tuple[str, str], int]
) -> list[Relation[Key]]:
    """The pooled question's rows as unions of the questions'; without a shared respondent, sums."""
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
                told = {
                    cell for cell in bridges(cells) if counts[question, str(cell[0]), str(cell[1])]
                }
                if not told:
                    break
                lines = {cell[0] for cell in told}
                shown = [
                    (question, row, column)
                    for row in rows
                    for column in attribute
                    if counts.get((question, row, column), 0) > 0
                    and (question, row, column) not in hidden
                ]
                if not shown:
                    break
                # in the line of the cell that is told, if it has one to hide
                best = min(shown, key=lambda key: (key[1] not in lines, counts[key], key))
                hidden[best] = "guard"
