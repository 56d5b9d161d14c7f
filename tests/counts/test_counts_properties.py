"""Counts of random studies are those of plain pandas."""

from __future__ import annotations

from collections.abc import Iterable

import pandas
import pytest
from hypothesis import assume, given, settings

from random_studies import RandomStudy, by_engine, by_pandas, on_disk, random_studies
from themecoder import Study
from themecoder.counts.count_rows import Count
from themecoder.counts.intervals import wilson


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
        assert (one.coded_n, one.uncoded_n) == (row.coded_n, row.uncoded_n)
        if one.suppressed:
            assert (one.n, one.percent, one.ci_low, one.ci_high, one.weighted) == (None,) * 5
            continue
        assert one.n == row.n
        assert one.n == 0 or one.n >= study.smallest
        if pandas.isna(row.percent):
            assert (one.percent, one.ci_low, one.ci_high, one.weighted) == (None,) * 4
            assert one.uncoded_n and not one.coded_n
            continue
        assert one.percent == pytest.approx(row.percent)
        if not one.uncoded_n:
            assert one.percent == 100 * one.n / one.base_n
            assert (one.ci_low, one.ci_high) == tuple(
                100 * bound for bound in wilson(one.n, one.base_n)
            )
        assert one.percent >= 100 * one.n / one.base_n - 1e-9
        assert one.ci_low is not None and one.ci_high is not None
        assert 0 <= one.ci_low <= one.percent <= one.ci_high <= 100
        if study.weighted and row.mass > 0 and not pandas.isna(row.weighted):
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


def check_all(study: RandomStudy) -> None:
    counts, *_ = by_engine(study)
    check(study, counts)
    check_nets(study, counts)


@settings(max_examples=25)
@given(random_studies())
def test_counts_are_those_of_plain_pandas(study: RandomStudy) -> None:
    check_all(study)


@pytest.mark.slow
@settings(max_examples=80)
@given(random_studies())
def test_counts_of_many_studies_are_those_of_plain_pandas(study: RandomStudy) -> None:
    check_all(study)


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
        "coded_n",
        "uncoded_n",
    ]
    assert len(table) == len(found.rows)
    for row, one in zip(table.itertuples(), found.rows, strict=True):
        assert (row.question, row.code, row.subgroup) == (one.question, one.code, one.subgroup)
        assert row.base_n == one.base_n
        assert row.suppressed == ("true" if one.suppressed else "false")
        for read, exact in ((row.n, one.n), (row.percent, one.percent), (row.ci_low, one.ci_low)):
            assert pandas.isna(read) if exact is None else read == pytest.approx(exact, abs=5.1e-5)
    assert (folder / "reports" / "counts_weighted.csv").is_file() == study.weighted
