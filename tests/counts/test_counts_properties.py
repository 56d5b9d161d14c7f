"""Counts of random studies: equal to plain pandas, and what they promise."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import pandas
import pytest
from hypothesis import assume, given, settings

from count_attacker import Attacker
from random_studies import RandomStudy, by_engine, by_pandas, on_disk, random_studies
from themecoder import Study
from themecoder.counts.count_rows import Count


def check(study: RandomStudy, counts: Iterable[Count]) -> None:
    """``counts`` are those of pandas; what is hidden is so in all its numbers."""
    expected = by_pandas(study)
    found = {(one.question, one.code, one.subgroup): one for one in counts}
    empty = {key for key, one in found.items() if not one.base_n}
    assert all(key[2] == "all" for key in empty)
    assert set(found) - empty == set(expected.index)
    for row in expected.itertuples():
        one = found[row.Index]
        assert one.base_n == row.base_n
        if one.suppressed:
            assert (one.n, one.percent, one.ci_low, one.ci_high, one.weighted) == (None,) * 5
            continue
        assert one.n == row.n
        assert one.n == 0 or one.n >= study.smallest
        assert one.percent == pytest.approx(row.percent)
        assert one.percent * one.base_n / 100 == pytest.approx(one.n)
        assert one.ci_low is not None and one.ci_high is not None
        assert 0 <= one.ci_low <= one.percent <= one.ci_high <= 100
        if study.weighted and row.mass > 0:
            assert one.weighted is not None
            assert one.weighted.percent == pytest.approx(row.weighted)
        else:
            assert one.weighted is None


def check_nets(study: RandomStudy, counts: Iterable[Count]) -> None:
    """A net is no less than any of its parts and no more than their sum; respondents are no more
    than mentions."""
    shown = {(one.question, one.code, one.subgroup): one.n for one in counts}
    usable = study.book.usable
    nets = {"any": [code.id for code in usable if not code.exclusive]}
    nets |= {
        f"net:{g.id}": [code.id for code in usable if code.group == g.id] for g in study.book.groups
    }
    for (question, row, column), n in shown.items():
        if n is None or row not in nets:
            continue
        parts = [shown[question, code, column] for code in nets[row]]
        known = [part for part in parts if part is not None]
        assert max(known, default=0) <= n
        if len(known) == len(parts):
            assert n <= sum(known)
    mentions = by_pandas(study)["mentions"]
    for key, times in mentions.items():
        n = shown[key]  # type: ignore[index]
        assert n is None or n <= times


@settings(max_examples=200, deadline=None)
@given(random_studies())
def test_counts_are_those_of_plain_pandas(study: RandomStudy) -> None:
    counts, *_ = by_engine(study)
    check(study, counts)
    check_nets(study, counts)


def attack(study: RandomStudy) -> list[tuple[object, ...]]:  # noqa: PLR0912
    """What someone computes who sees the rows of counts.csv and the codebook and study.toml."""
    counts, parts, columns = by_engine(study)
    truth = by_pandas(study)["n"].astype(int).to_dict()
    attacker = Attacker()
    hidden = []
    for one in counts:
        key = (one.question, one.code, one.subgroup)
        if one.n is not None:
            attacker.knows(key, one.n, one.n)
        elif one.base_n:
            hidden.append(key)
            # the files don't tell which of the hidden ones are small
            attacker.knows(key, 0, one.base_n)
    there = {key[::2] for key in attacker.least}
    usable = study.book.usable
    codes = {code.id: [code.id] for code in usable}
    nets = {"any": [code.id for code in usable if not code.exclusive]}
    nets |= {f"net:{g.id}": [c.id for c in usable if c.group == g.id] for g in study.book.groups}
    nets = {row: members for row, members in nets.items() if members or row == "any"}
    for question, column in there:
        for row, members in nets.items():
            attacker.union((question, row, column), [(question, c, column) for c in members])
    for question in {question for question, _ in there}:
        for row, attribute in itertools.product([*codes, *nets], columns.attributes):
            mine = [(question, row, name) for name in attribute if (question, name) in there]
            attacker.total((question, row, "all"), mine)
    if len(study.questions) > 1:
        users = [q for q in study.questions if q in ("q7", "q15")]
        sides = [users, [q for q in study.questions if q == "q18"]]
        if "q19" in study.questions:
            sides = [list(study.questions)]
        asked = {part.question: set(part.asked) for part in parts}
        for row in [*codes, *nets]:
            for column in {column for question, column in there if question == "all"}:
                wholes: list[tuple[object, ...]] = []
                for place, side in enumerate(sides):
                    mine = [(q, row, column) for q in side if (q, column) in there]
                    if mine:
                        wholes.append((place, row, column))
                        attacker.knows(wholes[-1], 0, len(asked["all"]))
                        attacker.union(wholes[-1], mine)
                attacker.total(("all", row, column), wholes)
    small = {key for key in hidden if 0 < truth[key] < study.smallest}
    return [key for key in attacker.pinned(truth, hidden) if key in small]


@settings(max_examples=200, deadline=None)
@given(random_studies())
def test_no_hidden_count_can_be_subtracted_from_the_shown(study: RandomStudy) -> None:
    assert attack(study) == []


@settings(max_examples=20, deadline=None)
@given(random_studies())
def test_the_file_of_a_study_on_disk_has_the_same(
    tmp_path_factory: pytest.TempPathFactory, study: RandomStudy
) -> None:
    """The contract's columns, read as any program reads them."""
    folder = on_disk(study, tmp_path_factory.mktemp("studies") / "s")
    opened = Study.open(folder)
    found = opened.counts(source=opened.source("coder:anna"))
    assume(not found.not_coded)  # such a question is not counted
    check(study, found.rows)
    (file, *_) = opened.write_counts(found, ["csv"])
    assert file == folder / "reports" / "counts.csv"
    table = pandas.read_csv(file, dtype={"suppressed": str})
    assert list(table.columns) == [
        "question",
        "code",
        "subgroup",
        "n",
        "base_n",
        "percent",
        "ci_low",
        "ci_high",
        "suppressed",
    ]
    assert len(table) == len(found.rows)
    for row, one in zip(table.itertuples(), found.rows, strict=True):
        assert (row.question, row.code, row.subgroup) == (one.question, one.code, one.subgroup)
        assert row.base_n == one.base_n
        assert row.suppressed == ("true" if one.suppressed else "false")
        for read, exact in ((row.n, one.n), (row.percent, one.percent), (row.ci_low, one.ci_low)):
            assert pandas.isna(read) if exact is None else read == pytest.approx(exact, abs=5e-5)
    assert (folder / "reports" / "counts_weighted.csv").is_file() == study.weighted
