"""From coding to agreement: what counts as seen, what is left out, what comes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_coding import CODES, TEXT, VERSION, coding, made, random_coding, tabled
from themecoder.agreement import measure
from themecoder.agreement.anchoring import agreement_gap, anchoring
from themecoder.agreement.confusion import confusions
from themecoder.agreement.findings import findings
from themecoder.agreement.machine import MACHINE, machine_codings, machine_rows
from themecoder.agreement.parts import parts
from themecoder.agreement.planning import answers_needed
from themecoder.agreement.rows import AgreementRow, agreement_rows
from themecoder.agreement.tendencies import habits, tendencies
from themecoder.coding.model import Coding, Quote, StaleCode


def row(rows: list[AgreementRow], code: str, coefficient: str, pair: str = "all") -> AgreementRow:
    (found,) = [
        r for r in rows if (r.code, r.coefficient, r.coder_pair) == (code, coefficient, pair)
    ]
    return found


def test_coded_seen_without_code_and_not_seen_are_three_things() -> None:
    codings = made(anna=["a", "", "b"], bert=["a", "c"])
    cells = tabled(codings).cells
    assert cells[0].tolist() == [[1, 0, 0], [0, 0, 0], [0, 1, 0]]
    assert cells[1].tolist() == [[1, 0, 0], [0, 0, 1], [-1, -1, -1]]


def test_what_is_left_out_is_counted() -> None:
    mark = {
        "carried": {
            "from": "0.9.0",
            "stale": [{"code": "a", "was": "a", "since": VERSION, "reason": "redefine"}],
        }
    }
    codings = {
        "anna": [
            coding(0, "anna", "a"),
            coding(1, "anna", None),
            coding(2, "anna", "a", source=mark),
            coding(3, "anna", "a", codebook="0.9.0"),
            replace(coding(4, "anna", "b"), codes=("b", "old", "nergens")),
        ]
    }
    assert codings["anna"][2].stale == (StaleCode("a", "a", VERSION, "redefine"),)
    found = tabled(codings)
    assert found.answers == ("r000:q1", "r004:q1")
    out = found.left_out
    assert (out.skipped, out.stale) == (1, 1)
    assert (out.other_version, out.unknown) == ({"0.9.0": 1}, {"nergens": 1})


@pytest.mark.parametrize("coders", [2, 3, 5])
def test_the_rows_are_what_measure_says_of_each_code(coders: int) -> None:
    found = tabled(random_coding(coders, coders, 60))
    rows = agreement_rows(found, "all")
    sets = [[None if s is None else sorted(s) for s in line] for line in found.sets()]
    for code in CODES:
        for name in (
            "percent_agreement",
            "fleiss_kappa",
            "conger_kappa",
            "gwet_ac1",
            "brennan_prediger",
            "krippendorff_alpha",
        ):
            expected = measure(name, {"matrix": sets, "codes": CODES}, code=code).value
            assert row(rows, code, name).value == pytest.approx(expected, abs=1e-12)
        for first, second in combinations(range(coders), 2):
            both = {"matrix": [sets[first], sets[second]], "codes": CODES}
            pair = f"{found.coders[first]}|{found.coders[second]}"
            one = row(rows, code, "cohen_kappa", pair)
            assert one.value == pytest.approx(
                measure("cohen_kappa", both, code=code).value, abs=1e-12
            )
    for level in ("jaccard", "masi"):
        expected = measure("krippendorff_alpha", {"matrix": sets}, level=level).value
        assert row(rows, "all", f"krippendorff_alpha_{level}").value == pytest.approx(expected)


def test_every_code_has_a_row_used_or_not_and_says_why_it_has_no_value() -> None:
    rows = agreement_rows(tabled(made(anna=["a", "b", ""], bert=["a", "", ""])), "q1")
    assert row(rows, "c", "krippendorff_alpha").undefined_because == "not_used"
    assert row(rows, "c", "percent_agreement").value == 1.0
    assert row(rows, "c", "gwet_ac1").value == 1.0
    assert row(rows, "a", "krippendorff_alpha").value == 1.0


@pytest.mark.parametrize(
    ("coders", "reason"),
    [
        ({"anna": ["a", "b"]}, "one_coder"),
        ({"anna": ["a"], "bert": [None, "b"]}, "no_overlap"),
        ({"anna": [None], "bert": [None]}, "no_units"),
    ],
)
def test_without_two_coders_on_an_answer_nothing_has_a_value(
    coders: dict[str, list[str | None]], reason: str
) -> None:
    rows = agreement_rows(tabled(made(**coders)), "q1")
    assert {(r.value, r.ci_low, r.undefined_because) for r in rows} == {(None, None, reason)}
    assert {r.n_answers for r in rows} == {0}


def test_perfect_agreement_has_no_interval_of_no_width() -> None:
    same = ["a", "", "b", "a", "c"] * 4
    rows = agreement_rows(tabled(made(anna=same, bert=same)), "q1")
    assert row(rows, "a", "krippendorff_alpha").value == 1.0
    assert row(rows, "a", "krippendorff_alpha").ci_low is None


def test_a_respondent_is_left_out_with_all_answers() -> None:
    """Answers of one respondent said twice: intervals as wide as of half as many answers."""
    codings = random_coding(7, 2, 80)
    twice = {
        name: [*rows, *(replace(c, answer_id=c.answer_id[:-1] + "2") for c in rows)]
        for name, rows in codings.items()
    }
    alone_, doubled = (agreement_rows(tabled(c), "all") for c in (codings, twice))
    first, second = (row(rows, "a", "gwet_ac1") for rows in (alone_, doubled))
    assert first.value == pytest.approx(second.value)
    assert first.ci_low == pytest.approx(second.ci_low)
    assert second.n_answers == 2 * first.n_answers


@given(st.integers(0, 10**6), st.permutations(["k0", "k1", "k2"]))
def test_names_of_coders_change_no_figure_of_all_together(seed: int, order: list[str]) -> None:
    codings = random_coding(seed, 3, 15)
    named = dict(zip(sorted(codings), order, strict=False))
    other = {
        named[name]: [replace(c, coder=named[name]) for c in rows] for name, rows in codings.items()
    }
    first, second = (agreement_rows(tabled(c), "all", pairs=False) for c in (codings, other))
    for one, two in zip(first, second, strict=True):
        assert (one.code, one.coefficient) == (two.code, two.coefficient)
        assert one.value == pytest.approx(two.value, abs=1e-12)


def quoted(answer: int, coder: str, *parts: tuple[int, int]) -> Coding:
    quotes = tuple(Quote(s, e, "a", TEXT[s:e]) for s, e in parts)
    return coding(answer, coder, "a", quotes=quotes)


def test_quotes_agree_where_they_have_the_same_bounds() -> None:
    codings = {
        "anna": [quoted(0, "anna", (0, 10)), quoted(1, "anna", (0, 10)), coding(2, "anna", "")],
        "bert": [quoted(0, "bert", (0, 10)), quoted(1, "bert", (5, 15)), coding(2, "bert", "b")],
    }
    rows = agreement_rows(tabled(codings), "q1")
    assert row(rows, "a", "quote_f1").value == pytest.approx(2 / 4)
    assert row(rows, "a", "quote_f1_characters").value == pytest.approx(2 * 15 / 40)
    documents = {
        c: {k: [[q.start, q.end, "a"] for q in rows[n].quotes] for k, rows in codings.items()}
        for n, c in enumerate(("d0", "d1", "d2"))
    }
    expected = measure("u_alpha", {"documents": documents}, length=len(TEXT)).value
    assert row(rows, "a", "quote_u_alpha").value == pytest.approx(expected)
    assert row(rows, "b", "quote_u_alpha").value is None


def test_a_code_without_a_quote_does_not_say_where() -> None:
    """Anna gave the code and marked nothing: no disagreement on where it is."""
    codings = {
        "anna": [quoted(0, "anna", (0, 10)), coding(1, "anna", "a")],
        "bert": [quoted(0, "bert", (0, 10)), quoted(1, "bert", (5, 15))],
    }
    assert row(agreement_rows(tabled(codings), "q1"), "a", "quote_f1").value == 1.0


def test_confusion_is_one_code_where_another_has_the_other() -> None:
    codings = made(anna=["a", "a", "ac", "b", "a"], bert=["b", "b", "bc", "b", "a"])
    (found,) = confusions(tabled(codings))
    assert (found.first, found.second, found.answers, found.either) == ("a", "b", 3, 5)
    assert found.examples == ("r000:q1", "r001:q1", "r002:q1")
    assert found.share == pytest.approx(0.6)


def test_a_coder_who_uses_a_code_twice_as_often() -> None:
    often, seldom = ["a", "a", "b", "b"] * 10, ["a", "b", "b", "b"] * 10
    found = {(t.coder, t.code): t for t in tendencies(tabled(made(anna=often, bert=seldom)))}
    assert found["anna", "a"].ratio == pytest.approx(2.0)
    assert found["bert", "a"].ratio == pytest.approx(0.5)
    low = found["anna", "a"].ci_low
    assert low is not None
    assert low > 1
    assert ("anna", "c") not in found


def test_only_answers_that_another_coded_too_show_a_tendency() -> None:
    codings = made(anna=["a"] * 30, bert=["a"] * 10)
    assert {t.ratio for t in tendencies(tabled(codings))} == {1.0}
    assert {t.answers for t in tendencies(tabled(codings))} == {10}


def test_habits_of_a_coder() -> None:
    codings = made(anna=["ab", "", "c"])
    codings["anna"][0] = replace(codings["anna"][0], uncertain=True, seconds=10.0)
    (found,) = habits(tabled(codings))
    assert (found.answers, found.codes_per_answer, found.no_code) == (3, 1.0, pytest.approx(1 / 3))
    assert (found.uncertain, found.seconds) == (pytest.approx(1 / 3), 10.0)


def test_the_planned_number_gives_the_width() -> None:
    """From 100 answers: coding as many as it says gives an interval of about that width."""
    few = agreement_rows(tabled(random_coding(1, 2, 150)), "all", pairs=False)
    (plan,) = [n for n in answers_needed(few, 0.15, 10_000, "krippendorff_alpha") if n.code == "a"]
    assert plan.answers is not None
    assert plan.answers > plan.answers_now
    share = plan.answers / plan.answers_now
    many = tabled(random_coding(2, 2, round(150 * share)))
    wide = row(agreement_rows(many, "all", pairs=False), "a", "krippendorff_alpha")
    assert wide.ci_high is not None
    assert wide.ci_low is not None
    assert wide.ci_high - wide.ci_low == pytest.approx(0.15, rel=0.25)


def test_a_plan_says_what_it_can_not() -> None:
    rows = agreement_rows(tabled(made(anna=["a", "b"] * 30, bert=["a", "a"] * 30)), "all")
    found = {n.code: n for n in answers_needed(rows, 0.1, 70, "krippendorff_alpha")}
    assert found["c"].answers is None
    assert found["c"].undefined_because == "not_used"
    assert found["a"].more_than_there_are
    assert found["a"].narrowest is not None
    assert found["a"].width_now is not None
    assert found["a"].narrowest < found["a"].width_now * 1.1


def test_parts_are_of_what_differs() -> None:
    plain = random_coding(3, 2, 50)
    assert parts(tabled(plain)) == []
    shown = {
        name: [
            replace(c, shown=("a",) if n % 2 else None, round=1 + n % 2) for n, c in enumerate(rows)
        ]
        for name, rows in plain.items()
    }
    found = parts(tabled(shown))
    assert [(p.kind, p.name) for p in found] == [
        ("round", "1"),
        ("round", "2"),
        ("suggestions", "blind"),
        ("suggestions", "shown"),
    ]
    assert all({c.round for c in p.table.codings.values()} == {int(p.name)} for p in found[:2])


def test_periods_are_in_the_order_of_coding() -> None:
    moments = [f"2026-05-{1 + n // 10:02}T10:{n % 10:02}:00Z" for n in range(100)]
    codings = made(anna=["a"] * 100, bert=["a"] * 100)
    timed = {
        name: [replace(c, created_at=moments[-1 - n]) for n, c in enumerate(rows)]
        for name, rows in codings.items()
    }
    found = parts(tabled(timed))
    assert [(p.kind, p.name, p.table.doubled) for p in found] == [
        ("period", str(n), 25) for n in (1, 2, 3, 4)
    ]
    assert (found[0].since, found[-1].until) == (moments[0], moments[-1])
    assert "r099:q1" in found[0].table.answers


def test_what_being_shown_adds() -> None:
    """Shown suggestions are held 3 times in 4, the same ones unseen once in 2."""
    suggested = {f"r{n:03}:q1": ["a"] for n in range(40)}
    codings = {
        "anna": [coding(n, "anna", "b" if n % 4 == 0 else "a", shown=("a",)) for n in range(20)]
        + [coding(n, "anna", "ac" if n % 2 else "") for n in range(20, 40)],
    }
    everyone, anna = anchoring(tabled(codings), suggested)
    rates = {rate.name: rate for rate in everyone.rates}
    assert rates["accepted"].value == pytest.approx(0.75)
    assert rates["chosen_blind"].value == pytest.approx(0.5)
    assert rates["difference"].value == pytest.approx(0.25)
    assert rates["added_shown"].value == pytest.approx(5 / 20)
    assert rates["added_blind"].value == pytest.approx(10 / 20)
    low, high = rates["difference"].ci_low, rates["difference"].ci_high
    assert low is not None
    assert high is not None
    assert low < 0.25 < high
    assert (everyone.coder, anna.coder) == ("all", "anna")


def test_agreement_where_shown_is_set_against_blind() -> None:
    same, apart = ["a", "b", "c", ""] * 5, ["b", "a", "c", ""] * 5
    codings = made(anna=same + same, bert=same + apart)
    half = {
        name: [replace(c, shown=("a",) if n < 20 else None) for n, c in enumerate(rows)]
        for name, rows in codings.items()
    }
    gaps = {rate.name: rate.value for rate in agreement_gap(tabled(half))}
    assert all(gap is not None and gap > 0.3 for gap in gaps.values())
    assert agreement_gap(tabled(codings)) == []


def test_the_machine_is_set_against_blind_coding_only() -> None:
    codings = made(anna=["a", "b", "a", "b"] * 5)
    codings["anna"] = [
        replace(c, shown=("a",) if n >= 10 else None) for n, c in enumerate(codings["anna"])
    ]
    people = tabled(codings)
    suggested = {a: [("a", 0.9), ("b", 0.4)] for a in people.answers}
    machine = machine_codings(suggested, people.answers, VERSION)
    assert {c.codes for c in machine} == {("a",)}
    rows = machine_rows(people, machine, "all")
    assert {r.coder_pair for r in rows} == {f"{MACHINE}|anna"}
    found = row(rows, "a", "percent_agreement", f"{MACHINE}|anna")
    assert (found.value, found.n_answers) == (0.5, 10)
    assert MACHINE not in people.coders


def test_the_machine_is_compared_per_question_and_over_all() -> None:
    codings = made(anna=["a", "b"] * 5, bert=["a", "b"] * 5)
    codings["anna"] += [replace(c, answer_id=c.answer_id[:-1] + "2") for c in codings["anna"]]
    people = tabled(codings)
    suggested = {answer: [("a", 0.9)] for answer in people.answers}
    rows = findings(people, VERSION, machine=suggested, resamples=100).machine
    found = {
        (r.question, r.coder_pair): (r.value, r.n_answers)
        for r in rows
        if (r.code, r.coefficient) == ("a", "percent_agreement")
    }
    assert found == {
        ("q1", "machine|anna"): (0.5, 10),
        ("q1", "machine|bert"): (0.5, 10),
        ("q2", "machine|anna"): (0.5, 10),
        ("all", "machine|anna"): (0.5, 20),
        ("all", "machine|bert"): (0.5, 10),
    }


def test_the_only_code_of_a_codebook_is_not_taken_for_all_codes() -> None:
    rows = agreement_rows(tabled(made(anna=["a", "", "a"], bert=["a", "a", ""]), ("a",)), "q1")
    assert row(rows, "a", "percent_agreement").value == pytest.approx(1 / 3)
    assert {r.code for r in rows if r.coefficient == "krippendorff_alpha"} == {"a"}
    assert {r.code for r in rows if r.coefficient == "krippendorff_alpha_masi"} == {"all"}
