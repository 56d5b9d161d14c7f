"""Codes below codes in the counts: a net at each level, in the order of the tree, that tells no
small count."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from themecoder.codebook.model import Code, Codebook, Group
from themecoder.coding.coded import CodedQuestion
from themecoder.counts.count_rows import count_rows, members_of_cells
from themecoder.counts.disclosure.code_sets import MOST_SETS, possible_sets
from themecoder.counts.disclosure.hiding import listed_pairs
from themecoder.counts.disclosure.nets import OVERLAP
from themecoder.counts.disclosure.relations import known_relations
from themecoder.counts.formats.latex import escaped
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.tables import levels_of, open_table
from themecoder.survey.groups import Groups

TREE = Codebook(
    "b",
    "1.0.0",
    (
        Code("steun", "Steun", "g"),
        Code("geld", "Geld"),
        Code("nacht", "'s Nachts", "g", parent="luisteren"),
        Code("luisteren", "Luisteren", "g", parent="steun"),
        Code("oud", "Oud", "g", parent="steun", retired=True),
        Code("niets", "Geen inhoud", exclusive=True),
        Code("leeg", "Leeg", parent="niets", exclusive=True),
    ),
    (Group("g", "Gevoel"),),
)


def question_of(codes: dict[str, frozenset[str]]) -> CodedQuestion:
    return CodedQuestion("q", tuple(codes), frozenset(codes), codes)


def test_a_net_stands_before_each_code_that_has_others_below_it() -> None:
    table = open_table(question_of({}), TREE)
    assert {row: set(codes) for row, codes in table.rows.items()} == {
        "any": {"steun", "geld", "luisteren", "nacht"},
        "net:g": {"steun", "luisteren", "nacht"},
        "net:steun": {"steun", "luisteren", "nacht"},
        "steun": {"steun"},
        "net:luisteren": {"luisteren", "nacht"},
        "luisteren": {"luisteren"},
        "nacht": {"nacht"},
        "geld": {"geld"},
        "net:niets": {"niets", "leeg"},
        "niets": {"niets"},
        "leeg": {"leeg"},
    }
    assert list(table.rows)[1:7] == [
        "net:g",
        "net:steun",
        "steun",
        "net:luisteren",
        "luisteren",
        "nacht",
    ]
    levels = levels_of(TREE)
    assert [levels[row] for row in ("net:steun", "steun", "net:luisteren", "luisteren")] == [
        0,
        1,
        1,
        2,
    ]
    assert (levels["nacht"], levels["geld"]) == (2, 0)


def test_a_respondent_with_a_code_and_one_below_it_counts_once_in_the_net() -> None:
    own = ["steun"] * 6 + ["nacht"] * 7 + ["steun nacht"] * 5 + ["geld"] * 9
    codes = {f"r{n}": frozenset(one.split()) for n, one in enumerate(own)}
    counts, _ = count_rows([open_table(question_of(codes), TREE)], Breakdown({}, ()))
    n = {one.code: one.n for one in counts}
    assert (n["steun"], n["nacht"], n["net:steun"], n["net:luisteren"]) == (11, 12, 18, 12)


def test_a_net_of_nets_gives_no_small_code_away() -> None:
    """20 in the net of which 17 are in the net below it: the code that is left would be 3."""
    own = ["nacht"] * 9 + ["luisteren"] * 8 + ["steun"] * 3 + ["geld"] * 30 + [""] * 50
    codes = {f"r{n}": frozenset(one.split()) for n, one in enumerate(own)}
    counts, _ = count_rows([open_table(question_of(codes), TREE)], Breakdown({}, ()), smallest=5)
    n = {one.code: one.n for one in counts}
    assert n["steun"] is None
    assert None in (n["net:steun"], n["net:luisteren"])
    assert None in (n["net:g"], n["net:luisteren"])


def test_latex_keeps_how_far_a_row_stands_in() -> None:
    assert escaped("\u2003\u2003Steun & zo") == r"\quad \quad Steun \& zo"


def large_table(seed: int) -> tuple[CodeTable, Breakdown]:
    """Eight codes and an exclusive one in a random tree, so often given together that their sets
    are too many to be looked at one by one."""
    chance = Random(seed)
    codes = [Code(f"c{n}", f"C{n}", chance.choice(["", "g", "h"])) for n in range(8)]
    codes.append(Code("leeg", "Leeg", chance.choice(["", "g"]), exclusive=True))
    for n in range(1, len(codes)):
        above = chance.choice([None, *codes[:n]])
        if above:
            one = codes[n]
            codes[n] = Code(
                one.id, one.label, above.group, exclusive=one.exclusive, parent=above.id
            )
    book = Codebook("b", "1.0.0", tuple(codes), (Group("g", "G"), Group("h", "H")))
    often = [chance.choice([0.1, 0.3, 0.5]) for _ in codes]
    own = {}
    for n in range(90):
        given = [c.id for c, p in zip(codes[:-1], often, strict=False) if chance.random() < p]
        own[f"{'ab'[n % 2]}{n}"] = frozenset(given or (["leeg"] if n % 3 else []))
    groups = Groups("s", "S", {"a": "a", "b": "b"}, {one: one[0] for one in own})
    return open_table(question_of(own), book), Breakdown.of([groups], own)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_known_of_nets_within_nets_is_true(seed: int) -> None:
    table, columns = large_table(seed)
    having, most = members_of_cells([table], columns, "asked")
    pairs = listed_pairs(table, having)
    codes = [row for row, members in table.rows.items() if tuple(members) == (row,)]
    assert possible_sets(codes, pairs) is None, MOST_SETS
    for known in ({"q": pairs}, {}):
        system = known_relations([table], None, columns, most, having, known)
        matrix, low, high = system.matrix()
        sums = matrix @ np.array(system.truth, dtype=float)
        assert (sums >= low - 1e-9).all()
        assert (sums <= high + 1e-9).all()
        has_overlaps = any(isinstance(key, tuple) and key[0] == OVERLAP for key in system.keys)
        assert has_overlaps == bool(known)
