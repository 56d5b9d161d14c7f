"""No small count can be computed from all that is shown together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings

from coding_study import ANSWERS, make_study
from count_attacker import Attacker, Name, possible_sets
from random_studies import RandomStudy, by_engine, by_pandas, families, random_studies, values_of
from themecoder import Study
from themecoder.codebook.model import Code, Codebook, Group, Value
from themecoder.coding.annotations import write_codings
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.coding.model import Coding
from themecoder.counts.count_rows import Count, base_members, count_rows
from themecoder.counts.disclosure import hiding
from themecoder.counts.layout import Breakdown, CodeTable, Relation
from themecoder.counts.pairs import Pair
from themecoder.counts.tables import open_table
from themecoder.settings.paths import StudyPaths
from themecoder.survey.groups import Groups


def attack(study: RandomStudy) -> tuple[list[Name], int, int]:
    """What someone computes who sees counts.csv, counts_pairs.csv, the codebook and study.toml: the
    small counts and pairs that have one value, how many are small, and how many are hidden."""
    counts, pairs, parts, columns = by_engine(study)
    truth: dict[Name, int] = by_pandas(study)["n"].astype(int).to_dict()
    attacker = Attacker()
    for one in counts:
        # the files don't tell which of the hidden ones are small
        known = (0, one.base_n) if one.n is None else (one.n, one.n)
        attacker.knows((one.question, one.code, one.subgroup), *known)
    for part in parts:
        listed = [pair for pair in pairs if pair.question == part.question]
        members = base_members(part, study.base)
        for pair in listed:
            name = ("pair", part.question, frozenset([pair.code_a, pair.code_b]), "all")
            having = [part.having([code]) & members for code in (pair.code_a, pair.code_b)]
            truth[name] = len(having[0] & having[1])
            # of who is coded in part the pair is not counted
            most = len(members) if pair.n is None or part.partly else pair.n
            attacker.knows(name, pair.n or 1, most)
        # without any pair the list says nothing
        _who_has_what(study, attacker, part.question, counts, listed if pairs else None, columns)
        if part.question != "all":
            _which_value(study, attacker, part.question, counts, columns)
    _questions_as_one(study, attacker, parts)
    hidden = [
        *((one.question, one.code, one.subgroup) for one in counts if one.suppressed),
        *(
            ("pair", pair.question, frozenset([pair.code_a, pair.code_b]), "all")
            for pair in pairs
            if pair.suppressed
        ),
    ]
    small = [name for name in hidden if 0 < truth.get(name, 0) < study.smallest]
    return attacker.told(truth, small) if small else [], len(small), len(hidden)


def _who_has_what(
    study: RandomStudy,
    attacker: Attacker,
    question: str,
    counts: Sequence[Count],
    pairs: Sequence[Pair] | None,
    columns: Breakdown,
) -> None:
    """Who reads the codebook and the list of pairs knows which codes go together; the groups of an
    attribute are everybody, and whose answer is not coded has no code."""
    codes = [code.id for code in study.book.usable]
    together = {frozenset([pair.code_a, pair.code_b]) for pair in pairs or ()}
    there = {one.subgroup: one for one in counts if one.question == question}
    # of fewer respondents no pairs are listed
    uncoded = 0 if question == "all" else there["all"].uncoded_n or 0
    few = there["all"].base_n - uncoded < study.smallest
    sets = possible_sets(codes, None if few or pairs is None else together)
    for subgroup, one in there.items():
        attacker.sets(
            question,
            subgroup,
            one.base_n,
            rows_of(study),
            sets,
            together if subgroup == "all" else (),
            # with all questions as one, an answer that is coded may stand beside one that is not
            silent=0 if question == "all" else one.uncoded_n or 0,
        )
    for attribute in columns.attributes:
        groups = [name for name in attribute if name in there]
        for one_set in sets:
            parts = [(question, one_set, name) for name in groups]
            attacker.total((question, one_set, "all"), parts)


def _which_value(
    study: RandomStudy,
    attacker: Attacker,
    question: str,
    counts: Sequence[Count],
    columns: Breakdown,
) -> None:
    """Who has a code with values has one of them, or none is known; whatever else they have."""
    there = {one.subgroup for one in counts if one.question == question}
    for code in study.book.usable:
        rows = [f"{code.id}={value}" for value in values_of(code)] if code.values else []
        for subgroup in sorted(there) if rows else ():
            own: list[Name] = [(question, row, subgroup) for row in rows]
            attacker.total((question, code.id, subgroup), own)
        for attribute in columns.attributes:
            for row in rows:
                parts: list[Name] = [(question, row, name) for name in attribute if name in there]
                attacker.total((question, row, "all"), parts)


def rows_of(study: RandomStudy) -> dict[str, list[str]]:
    """row -> its codes."""
    usable = study.book.usable
    nets = {f"net:{g.id}": [c.id for c in usable if c.group == g.id] for g in study.book.groups}
    return {
        **{code.id: [code.id] for code in usable},
        "any": [code.id for code in usable if not code.exclusive],
        **{row: codes for row, codes in nets.items() if codes},
        **families(study.book),
    }


def _questions_as_one(
    study: RandomStudy, attacker: Attacker, parts: Sequence[CodedQuestion]
) -> None:
    """Whoever has a code at one of the questions; those of route a and b were asked different
    ones."""
    if len(study.questions) < 2:
        return
    sides = [[q for q in study.questions if q in own] for own in (("q7", "q15"), ("q18",))]
    if "q19" in study.questions:
        sides = [list(study.questions)]
    everyone = len(parts[-1].asked)
    there = {(name[0], name[2]) for name in attacker.least if name[0] != "pair"}
    for subgroup in sorted(str(column) for question, column in there if question == "all"):
        for row in rows_of(study):
            wholes: list[Name] = []
            for place, side in enumerate(sides):
                mine = [(q, row, subgroup) for q in side if (q, subgroup) in there]
                if mine:
                    wholes.append((place, row, subgroup))
                    attacker.knows(wholes[-1], 0, everyone)
                    attacker.union(wholes[-1], mine)
            attacker.total(("all", row, subgroup), wholes)


@settings(max_examples=25)
@given(random_studies())
def test_no_small_count_of_a_study_is_told(study: RandomStudy) -> None:
    assert attack(study)[0] == []


@settings(max_examples=12)
@given(random_studies(most=3, largest=90, values=True))
def test_no_small_count_of_a_value_is_told(study: RandomStudy) -> None:
    assert attack(study)[0] == []


@pytest.mark.slow
@pytest.mark.long(100)
@settings(max_examples=80)
@given(random_studies())
def test_no_small_count_of_many_studies_is_told(study: RandomStudy) -> None:
    assert attack(study)[0] == []


@pytest.mark.slow
@pytest.mark.long(100)
@settings(max_examples=30)
@given(random_studies(least=7, most=7))
def test_no_small_count_of_a_large_codebook_is_told(study: RandomStudy) -> None:
    """Seven codes have up to 128 sets, more than are looked at one by one."""
    assert attack(study)[0] == []


# Small tables made by hand.


def people(groups: Mapping[str, Mapping[str, int]]) -> tuple[dict[str, frozenset[str]], Groups]:
    """group -> codes, with a space between -> how many have just those; "-" is not coded."""
    codes = {
        f"{group}{number}": frozenset(own.split())
        for group, sizes in groups.items()
        for number, own in enumerate(own for own, n in sizes.items() for _ in range(n))
    }
    return codes, Groups("g", "G", {name: name for name in groups}, {one: one[0] for one in codes})


def hidden_of(
    groups: Mapping[str, Mapping[str, int]], rows: Mapping[str, str] | None = None
) -> dict[tuple[str, str], str]:
    """What is hidden of a question, with fewer than 5 as small; ``rows`` are unions of codes."""
    codes, attribute = people(groups)
    uncoded = {one for one, own in codes.items() if "-" in own}
    coded = {one: own for one, own in codes.items() if one not in uncoded}
    question = CodedQuestion("q", tuple(codes), frozenset(codes), coded)
    unions = {row: tuple(own.split()) for row, own in (rows or {}).items()}
    names = sorted(frozenset().union(*coded.values()))
    table = CodeTable(
        question,
        {**unions, **{name: (name,) for name in names}},
        tuple(Relation(row, (own,)) for row, own in unions.items()),
        codes_overlap=True,
    )
    counts, _ = count_rows([table], Breakdown.of([attribute], codes), smallest=5)
    return {
        (one.code, one.subgroup.removeprefix("g=")): one.suppressed
        for one in counts
        if one.suppressed
    }


def test_a_lone_small_count_takes_another_with_it() -> None:
    """42 in all: 3 = 42 - 20 - 19 would follow."""
    hidden = hidden_of({"a": {"k": 3, "": 30}, "b": {"k": 20, "": 30}, "c": {"k": 19, "": 30}})
    assert hidden.pop(("k", "a")) == "small"
    assert list(hidden.values()) == ["guard"]


def test_two_small_counts_guard_each_other() -> None:
    """No more is needed."""
    hidden = hidden_of({"a": {"k": 3, "": 30}, "b": {"k": 2, "": 30}, "c": {"k": 20, "": 30}})
    assert hidden == {("k", "a"): "small", ("k", "b"): "small"}


def test_small_counts_that_must_all_be_full_are_guarded() -> None:
    """8 of two groups of 4: each of them has it."""
    hidden = hidden_of({"a": {"k": 4}, "b": {"k": 4}, "c": {"k": 20, "": 30}})
    assert hidden.items() >= {("k", "a"): "small", ("k", "b"): "small"}.items()
    assert len(hidden) == 3


def test_answers_that_are_not_coded_make_a_group_full_too() -> None:
    """8 of two groups of 5, and of each the file says that one is not coded."""
    some = {"k": 4, "-": 1}
    hidden = hidden_of({"a": some, "b": some, "c": {"k": 20, "": 30}})
    assert hidden.items() >= {("k", "a"): "small", ("k", "b"): "small"}.items()
    assert len(hidden) == 3


def test_a_zero_that_follows_is_shown_and_tells_of_nobody() -> None:
    assert hidden_of({"a": {"": 30}, "b": {"k": 20, "": 30}, "c": {"k": 19, "": 30}}) == {}


def test_a_net_does_not_tell_its_small_code() -> None:
    """Nobody has both x and y, as the list of pairs says: 14 - 10 = 4. Where some may have both the
    net leaves it open. A net of one code says what the code says."""
    hidden = hidden_of({"a": {"x": 10, "y": 4, "": 30}}, {"net": "x y"})
    assert {("y", "a"), ("y", "all")} <= hidden.keys()
    assert {("x", "all"), ("net", "all")} & hidden.keys()
    hidden = hidden_of({"a": {"x": 8, "x y": 2, "y": 2, "": 30}}, {"net": "x y"})
    assert hidden == {("y", "all"): "small", ("y", "a"): "small"}
    hidden = hidden_of({"a": {"x": 3, "": 30}}, {"net": "x"})
    assert set(hidden) == {("x", "a"), ("x", "all"), ("net", "a"), ("net", "all")}


def test_a_lone_small_value_takes_another_with_it() -> None:
    """25 of whom 14 are for and 8 say nothing: 3 would be against. Two small ones guard each other,
    and a value that nobody has is as small as one that few have."""
    values = (Value("for", "Voor"), Value("against", "Tegen"))
    book = Codebook("b", "1.0.0", (Code("k", "K", values=values, scale="nominal"),))

    def shown(own: Sequence[str]) -> dict[str, int | None]:
        codes = {f"r{n}": frozenset(["k"]) for n in range(len(own))}
        codes |= {f"s{n}": frozenset[str]() for n in range(50)}
        said = {f"r{n}": {"k": value} for n, value in enumerate(own) if value}
        question = CodedQuestion("q", tuple(codes), frozenset(codes), codes, values=said)
        counts, _ = count_rows([open_table(question, book)], Breakdown({}, ()), smallest=5)
        return {one.code: one.n for one in counts}

    found = shown(["for"] * 14 + ["against"] * 3 + [""] * 8)
    assert (found["k"], found["k=against"]) == (25, None)
    assert [found["k=for"], found["k="]].count(None) == 1
    found = shown(["for"] * 14 + ["against"] * 3 + [""] * 2)
    assert [found[row] for row in ("k", "k=for", "k=against", "k=")] == [19, 14, None, None]
    found = shown(["for"] * 14 + ["against"] * 6)
    assert [found[row] for row in ("k", "k=for", "k=against", "k=")] == [20, 14, 6, 0]
    found = shown(["for"] * 14 + ["against"] * 6 + ["elsewhere"] * 5)
    assert [found[row] for row in ("k", "k=for", "k=against", "k=")] == [25, 14, 6, 5]


def test_an_exclusive_code_does_not_tell_the_other_code_of_its_net() -> None:
    """20 in a net of two codes of which one, with 17, goes with no other: the other would be 3."""
    book = Codebook(
        "b",
        "1.0.0",
        (
            Code("nut", "Nut"),
            Code("leeg", "Geen inhoud", "rest", exclusive=True),
            Code("overig", "Overig", "rest"),
        ),
        (Group("rest", "Rest"),),
    )
    own = ["leeg"] * 17 + ["overig nut"] * 3 + ["nut"] * 120 + [""] * 154
    codes = {f"r{n}": frozenset(one.split()) for n, one in enumerate(own)}
    question = CodedQuestion("q", tuple(codes), frozenset(codes), codes)
    counts, _ = count_rows([open_table(question, book)], Breakdown({}, ()), smallest=5)
    n = {one.code: one.n for one in counts}
    assert n["overig"] is None
    assert None in (n["net:rest"], n["leeg"])
    assert n["nut"] == 123


def test_questions_that_share_nobody_add_up() -> None:
    """24 in all, of whom 20 were asked another question than the 4."""
    parts = []
    for name, size in (("q7", 20), ("q18", 4)):
        asked = tuple(f"{name}-{n}" for n in range(50))
        codes = {who: frozenset(["k"] if n < size else []) for n, who in enumerate(asked)}
        parts.append(CodedQuestion(name, asked, frozenset(asked), codes))
    tables = [CodeTable(part, {"k": ("k",)}) for part in parts]
    whole = CodeTable(pool(parts, "all"), {"k": ("k",)})
    counts, _ = count_rows(tables, Breakdown({}, ()), smallest=5, pooled=whole)
    n = {one.question: one.n for one in counts}
    assert n["q18"] is None
    assert None in (n["q7"], n["all"])


def test_what_is_hidden_is_worked_out_once_for_the_same_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also by another process; a coding that changes is other counts."""
    folder = make_study(tmp_path / "study")
    codes = ("privacy", "echo", "tijd", "geen_inhoud", "privacy", "echo", "tijd", "tijd")
    write_coded(folder, codes)
    with (folder / "study.toml").open("a", encoding="utf-8") as file:
        file.write('\n[counts]\nsource = "coder:anna"\n\n[report]\nsmallest_cell = 2\n')
    first = Study.open(folder).counts()
    assert any(row.suppressed for row in first.rows)

    def anew(*_: object) -> object:
        raise AssertionError("worked out again")

    monkeypatch.setattr(hiding, "protect", anew)
    monkeypatch.setattr(hiding, "_FOUND", {})
    assert Study.open(folder).counts().rows == first.rows
    write_coded(folder, (*codes[:-1], "echo"))
    with pytest.raises(AssertionError, match="again"):
        Study.open(folder).counts()


def write_coded(folder: Path, codes: Sequence[str]) -> None:
    ids = [f"{respondent}:q1" for respondent in ANSWERS["q1"]]
    codings = [
        Coding(one, "anna", "1.0.0", "coded", (code,), updated_at="2026-01-02T09:00:00Z")
        for one, code in zip(ids, codes, strict=True)
    ]
    write_codings(StudyPaths(folder).coding("q1", "anna"), codings)
