"""Intervals that hold how coders err, against shares and error rates that are known."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import done
from shipped import copy_shipped
from themecoder.coding.cases import cases
from themecoder.coding.coded import CodedQuestion
from themecoder.coding.model import ADJUDICATED, Coding
from themecoder.counts.coded_twice import CoderError, coder_errors
from themecoder.counts.coder_error import (
    BY_CHANCE,
    DECISIONS,
    FEWEST,
    PAIRS,
    TOO_FEW,
    CodedTwice,
    CoderInterval,
    coder_interval,
)
from themecoder.counts.count_rows import CONTENT, count_rows
from themecoder.counts.intervals import wilson
from themecoder.counts.layout import Breakdown, CodeTable

MANY = 400_000


def pairs(
    share: float, hit: float, alarm: float, *, decided: bool, coded: float = 1.0
) -> tuple[CoderInterval, float, float]:
    """The interval of very many answers that are as the error rates say they must be, and the
    shares of codings, and of pairs of codings, with the code."""
    both = share * hit**2 + (1 - share) * alarm**2
    missed, alarms = share * hit * (1 - hit), (1 - share) * alarm * (1 - alarm)
    p = share * hit + (1 - share) * alarm
    twice = [CodedTwice(2, 2)] * round(MANY * both)
    twice += [CodedTwice(2, 1, True if decided else None)] * round(2 * MANY * missed)
    twice += [CodedTwice(2, 1, False if decided else None)] * round(2 * MANY * alarms)
    twice += [CodedTwice(2, 0)] * (MANY - len(twice))
    n, base = round(100 * MANY * p), round(100 * MANY / coded)
    return coder_interval(n, base, 100 * MANY, n, twice), p, both


@pytest.mark.parametrize("coded", [1.0, 0.5])
@pytest.mark.parametrize(
    ("share", "hit", "alarm"),
    [(0.3, 0.8, 0.05), (0.1, 0.7, 0.02), (0.05, 0.9, 0.03), (0.6, 0.85, 0.1)],
)
def test_decisions_tell_the_true_share(
    share: float, hit: float, alarm: float, coded: float
) -> None:
    """The true share is at one end and the counted one, by Wilson's interval, at the other."""
    found, p, _ = pairs(share, hit, alarm, decided=True, coded=coded)
    assert found.method == DECISIONS
    assert found.low == pytest.approx(100 * coded * min(share, p), rel=0.02)
    assert found.high == pytest.approx(100 * coded * max(share, p), rel=0.02)


@pytest.mark.parametrize(("share", "hit", "alarm"), [(0.3, 0.8, 0.05), (0.1, 0.7, 0.02)])
def test_pairs_alone_leave_open_who_was_wrong(share: float, hit: float, alarm: float) -> None:
    """All that differs was a false alarm (hit rate 1), or all was missed (no false alarms)."""
    found, p, both = pairs(share, hit, alarm, decided=False)
    neither = 1 - 2 * p + both
    assert found.method == PAIRS
    assert found.low == pytest.approx(100 * (1 - (1 - p) ** 2 / neither), rel=0.02)
    assert found.high == pytest.approx(100 * p**2 / both, rel=0.02)


def test_coders_who_never_differ_add_next_to_nothing() -> None:
    twice = [CodedTwice(3, 3)] * 3000 + [CodedTwice(3, 0)] * 7000
    found = coder_interval(300, 1000, 1000, 300, twice)
    low, high = wilson(300, 1000)
    assert found.low == pytest.approx(100 * low, abs=0.2)
    assert found.high == pytest.approx(100 * high, abs=0.2)


def test_why_there_is_no_interval() -> None:
    agreed = [CodedTwice(2, 0)] * 100
    few = [CodedTwice(2, 2)] * (FEWEST - 1)
    assert coder_interval(9, 200, 150, 9, few + agreed).method == TOO_FEW
    assert coder_interval(9, 200, 150, 9, [*few, *few[:1], *agreed]).method == PAIRS
    by_chance = [CodedTwice(2, 1)] * 20 + agreed
    assert coder_interval(20, 200, 150, 20, by_chance) == CoderInterval(None, None, BY_CHANCE)


def test_what_can_not_be_is_refused() -> None:
    for n, base, coded, by_coders in (
        (3, 10, 2, 1),
        (1, 10, 11, 1),
        (1, 10, 5, 6.0),
        (-1, 9, 9, 0),
    ):
        with pytest.raises(ValueError, match="no share"):
            coder_interval(n, base, coded, by_coders, [])


answers = st.integers(2, 4).flatmap(
    lambda coders: st.builds(
        CodedTwice, st.just(coders), st.integers(0, coders), st.sampled_from([None, True, False])
    )
)


@settings(max_examples=50)
@given(st.lists(answers, min_size=10, max_size=60), st.integers(0, 40), st.integers(0, 99))
def test_never_inside_wilson_and_decisions_only_narrow(
    twice: list[CodedTwice], n: int, seed: int
) -> None:
    found = coder_interval(n, 80, 70, n, twice, seed=seed)
    assert found == coder_interval(n, 80, 70, n, twice, seed=seed)
    if found.low is None or found.high is None:
        return
    low, high = wilson(n, 80)
    assert 0 <= found.low <= 100 * low <= 100 * high <= found.high <= 100
    open_ones = [CodedTwice(one.coders, one.given) for one in twice]
    wider = coder_interval(n, 80, 70, n, open_ones, seed=seed)
    assert wider.low is not None and wider.high is not None
    assert wider.low <= found.low + 1e-6 and found.high <= wider.high + 1e-6


def coding(number: int, coder: str, codes: str, **more: object) -> Coding:
    state = "coded" if codes else "no_code"
    made = Coding(f"r{number}:q1", coder, "1", state, tuple(codes), **more)  # type: ignore[arg-type]
    return made


def of_study(
    kind: str, base: str = "asked", smallest: int = 0, speaking: int = 50
) -> dict[str, CoderError]:
    """100 asked, 60 coded by k, the first 30 of them by l too; on 8 they differ, and that is
    decided by ``kind``."""
    everyone = tuple(f"r{n}" for n in range(100))
    first = {n: "a" if n < 20 else "b" if n < 40 else "" for n in range(60)}
    second = {n: first[n] if n < 12 or n >= 20 else "" for n in range(30)}
    codings = {
        "k": [coding(n, "k", codes) for n, codes in first.items()],
        "l": [coding(n, "l", codes) for n, codes in second.items()],
    }
    decisions = [
        coding(n, ADJUDICATED, "a", decided_by="Ada", source={"kind": kind}) for n in range(12, 20)
    ]
    coded = {f"r{n}": frozenset(codes) for n, codes in first.items()}
    question = CodedQuestion("q1", everyone, frozenset(everyone[:speaking]), coded)
    table = CodeTable(question, {"any": ("a", "b"), "a": ("a",), "b": ("b",)})
    rows, _ = count_rows([table], Breakdown({}, ()), base=base, smallest=smallest)
    own = cases(codings, decisions, ("a", "b"), "1")
    found = coder_errors(table, own, rows, base, "1", 0.95, 7)
    return {error.code: error for error in found}


def test_rows_are_made_of_the_codings_of_the_base() -> None:
    found = of_study("person")["a"]
    assert (found.n, found.base_n, found.percent, found.double_coded) == (20, 100, 20, 30)
    twice = [CodedTwice(2, 2)] * 12 + [CodedTwice(2, 1, True)] * 8 + [CodedTwice(2, 0)] * 10
    expected = coder_interval(20, 100, 60, 16.0, twice, seed=7)
    assert (found.low, found.high, found.method) == (expected.low, expected.high, DECISIONS)
    together = of_study("person")["any"]
    assert (together.n, together.low, together.method) == (40, None, BY_CHANCE)
    content = of_study("person", CONTENT)["a"]
    assert (content.base_n, content.double_coded) == (50, 30)
    assert content.low == coder_interval(20, 50, 50, 16.0, twice, seed=7).low


def test_the_bounds_are_those_of_the_percent_where_answers_are_not_coded() -> None:
    """20 of the 60 who are coded, of 100 who all gave an answer with content."""
    whole, part = of_study("person")["a"], of_study("person", speaking=100)["a"]
    assert (part.n, part.percent) == (20, pytest.approx(100 / 3))
    assert whole.low is not None and whole.high is not None
    assert part.low is not None and part.high is not None
    assert part.low <= 5 / 3 * whole.low + 1e-9 and part.high >= 5 / 3 * whole.high - 1e-9


def test_a_decision_by_rule_tells_nothing_new() -> None:
    assert of_study("rule")["a"].method == PAIRS


def test_a_count_that_is_not_shown_has_no_interval() -> None:
    assert "a" in of_study("person")
    assert "a" not in of_study("person", smallest=30)


@pytest.mark.slow
def test_the_file_and_the_tables(tmp_path: Path) -> None:
    study = copy_shipped(tmp_path / "studie")
    shown = done(study, "counts", "--question", "q18", "--format", "csv", "--format", "tex")
    assert "counts_coder_error.csv" in shown
    with (study / "reports" / "counts_coder_error.csv").open(encoding="utf-8") as handle:
        errors = {row["code"]: row for row in csv.DictReader(handle)}
    with (study / "reports" / "counts.csv").open(encoding="utf-8") as handle:
        counts = [row for row in csv.DictReader(handle) if row["subgroup"] == "all"]
    assert list(errors) == [row["code"] for row in counts if row["n"]]
    known = [row for row in counts if row["n"] and errors[row["code"]]["low"]]
    assert len(known) > 10
    for row in known:
        error = errors[row["code"]]
        assert (row["n"], row["base_n"], row["percent"]) == (
            error["n"],
            error["base_n"],
            error["percent"],
        )
        assert float(error["low"]) <= float(row["ci_low"])
        assert float(row["ci_high"]) <= float(error["high"])
    privacy = errors["privacy"]
    span = [f"{float(privacy[end]):.1f}".replace(".", ",") for end in ("low", "high")]
    tables = (study / "reports" / "counts.tex").read_text(encoding="utf-8")
    assert f"{span[0]}--{span[1]}" in tables
    assert "aselect" in tables
