"""Published and computed cases: every coefficient gives what its source prints.

The files in ``data/agreement`` name the source of each case. A case whose expected value is null
is undefined: no value, and the reason why.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from themecoder.agreement import COEFFICIENTS, Measured, measure
from themecoder.errors import InputError

FOLDER = Path(__file__).parents[1] / "data" / "agreement"
ROUNDED = 5e-6
"""Errors are printed with five decimals more often than not."""


def cases(*files: str) -> list[Any]:
    found = [c for f in files for c in json.loads((FOLDER / f).read_text("utf-8"))["cases"]]
    return [pytest.param(case, id=case["id"]) for case in found]


def near(found: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, dict):
        return all(near(found[key], value, tolerance) for key, value in expected.items())
    if isinstance(expected, list):
        return len(found) == len(expected) and all(
            near(f, e, tolerance) for f, e in zip(found, expected, strict=True)
        )
    if isinstance(expected, str) or expected is None:
        return bool(found == expected)
    return found is not None and abs(found - expected) <= tolerance


def measured(case: dict[str, Any]) -> Measured:
    return measure(case["coefficient"], case["data"], **case["options"])


@pytest.mark.parametrize("case", cases("reference_cases.json"))
def test_a_published_case_comes_out(case: dict[str, Any]) -> None:
    found = measured(case)
    assert near(found.value, case["expected"], case["tolerance"])
    if case["expected"] is None:
        assert found.undefined_because
    if "se" in case:
        assert near(found.se, case["se"], max(case["tolerance"], ROUNDED))
    # SAS prints the normal interval, ours is Gwet's with t: the error behind both is the same
    if case.get("ci") and case["id"] != "sas_kappa":
        assert near(found.ci and list(found.ci), case["ci"], 0.001)
    if "coverage" in case:
        assert near(found.notes["coverage"], case["coverage"], case["tolerance"])


@pytest.mark.parametrize("case", cases("degenerate_cases.json"))
def test_a_degenerate_case_has_a_value_or_a_reason(case: dict[str, Any]) -> None:
    match case["behaviour"]:
        case "property":  # more of it in test_agreement_properties.py
            rows = [list(row)[::-1] for row in case["data"]["matrix"][::-1]]
            turned = measure(case["coefficient"], {"matrix": rows}).value
            assert turned == pytest.approx(measured(case).value, abs=case["tolerance"])
        case text if text.startswith("raise"):
            with pytest.raises(InputError) as caught:
                measured(case)
            assert [p.key for p in caught.value.problems] == ["agreement.overlap"]
        case _:
            found = measured(case)
            assert near(found.value, case["expected"], case["tolerance"] or 1e-12)
            assert (found.value is None) == bool(found.undefined_because)


def test_every_coefficient_is_tried_by_a_case() -> None:
    tried = {p.values[0]["coefficient"] for p in cases("reference_cases.json")}
    tried |= {p.values[0]["coefficient"] for p in cases("degenerate_cases.json")}
    assert set(COEFFICIENTS) - tried == {"mean_jaccard_similarity", "mean_masi_distance"}


@pytest.mark.parametrize(
    ("coefficient", "data", "options", "key"),
    [
        ("kappa", {"matrix": [[1], [1]]}, {}, "coefficient"),
        ("gwet_ac1", {"matrix": [[1], [1]]}, {"category": [1]}, "option"),
        ("gwet_ac1", {"rows": [[1], [1]]}, {}, "data"),
        ("gwet_ac1", {"matrix": [[1, 0], [1]]}, {}, "ragged"),
        ("gwet_ac1", {"matrix": [[1, 2], [1, 0]]}, {"categories": [0, 1]}, "category"),
        ("gwet_ac2", {"matrix": [[1, 2], [1, 0]]}, {}, "needs"),
        ("gwet_ac2", {"matrix": [[1, 2], [1, 0]]}, {"weights": "cubic"}, "weights"),
        (
            "krippendorff_alpha",
            {"matrix": [["a", "b"], ["a", "a"]]},
            {"level": "interval"},
            "not_numbers",
        ),
        ("krippendorff_alpha", {"matrix": [[1, 2], [1, 1]]}, {"level": "fuzzy"}, "level"),
        (
            "weighted_kappa",
            {"matrix": [[1, 2], [1, 3]]},
            {"disagreement": [[0, 1], [1, 0]]},
            "matrix",
        ),
        ("cohen_kappa", {"matrix": [[1, 2], [1, 3], [1, 1]]}, {}, "two_coders"),
        ("pabak", {"matrix": [[1, 2], [1, 3]]}, {}, "two_by_two"),
        ("u_alpha", {"spans": [["a", 0, 3, "x"], ["b", 0, 3, "x"]]}, {}, "needs"),
        (
            "benchmark_cumulative_probability",
            {"coefficient": 0.5, "se": 0.1},
            {"scale": "x"},
            "scale",
        ),
        ("bootstrap_ci", {"matrix": [[1, 0], [1, 1]]}, {"method": "bca"}, "method"),
    ],
)
def test_what_makes_no_sense_is_said(
    coefficient: str, data: dict[str, Any], options: dict[str, Any], key: str
) -> None:
    with pytest.raises(InputError) as caught:
        measure(coefficient, data, **options)
    assert [p.key for p in caught.value.problems] == [f"agreement.{key}"]


def test_sources_disagree_on_percent_agreement_with_missing_data() -> None:
    """Gwet's: each unit as heavy. By ratings, it is 1 - D_o of alpha; over all pairs, neither."""
    matrix = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = list(zip(*matrix, strict=True))
    pairs = [
        (a == b, len([v for v in unit if v is not None]))
        for unit in units
        for n, a in enumerate(unit)
        for b in unit[:n]
        if a is not None and b is not None
    ]
    pooled = sum(same for same, _ in pairs) / len(pairs)
    by_rating = measure("percent_agreement_rating_weighted", {"matrix": matrix}).value
    by_unit = measure("percent_agreement", {"matrix": matrix}).value
    assert by_unit == pytest.approx(0.8181818, abs=1e-7)
    assert by_rating == pytest.approx(0.8, abs=1e-9)
    assert round(pooled, 4) == 0.7818
    assert len({round(x, 6) for x in (by_unit, by_rating, pooled)}) == 3


def test_the_codebook_says_how_many_categories_there_are() -> None:
    """q of AC1 and Brennan-Prediger: a category that nobody used was there to be chosen."""
    matrix = [[1, 1, 2, 2, 1, 1], [1, 1, 2, 1, 1, 1]]
    used, offered = ({}, {"categories": [1, 2, 3, 4]})
    for name in ("gwet_ac1", "brennan_prediger"):
        few = measure(name, {"matrix": matrix}, **used).value
        many = measure(name, {"matrix": matrix}, **offered).value
        assert many > few
    for name in ("fleiss_kappa", "krippendorff_alpha", "conger_kappa"):
        assert measure(name, {"matrix": matrix}, **used).value == pytest.approx(
            measure(name, {"matrix": matrix}, **offered).value, abs=1e-12
        )


def test_u_alpha_and_alpha_u_of_1995_differ_on_a_part_marked_in_two_pieces() -> None:
    spans = [["a", 0, 3, "x"], ["a", 3, 5, "x"], ["b", 0, 5, "x"]]
    now = measure("u_alpha", {"spans": spans}, length=20).value
    then = measure("alpha_u_1995", {"spans": spans}, length=20).value
    assert now == pytest.approx(1.0)
    assert then == pytest.approx(0.52125)


@pytest.mark.parametrize(
    "statistic",
    [
        "percent_agreement",
        "gwet_ac1",
        "cohen_kappa",
        "scott_pi",
        "light_kappa",
        "krippendorff_alpha",
        "krippendorff_alpha ordinal",
        "krippendorff_alpha interval",
        "krippendorff_alpha masi",
    ],
)
def test_an_interval_is_around_what_it_is_of(statistic: str) -> None:
    name, _, level = statistic.partition(" ")
    first = [1, 2, 3, 2, 1, 3, 3, 2, 1, 2, 3, 1, 1, 2, 2, 3, 1, 2, 3, 3] * 2
    second = [v if n % 5 else v % 3 + 1 for n, v in enumerate(first)]
    data = {"matrix": [first, second]}
    value = measure(name, data, **({"level": level} if level else {})).value
    found = measure("bootstrap_ci", data, statistic=statistic, resamples=300)
    low, high = found.value
    assert low < value < high
    assert found == measure("bootstrap_ci", data, statistic=statistic, resamples=300)


def test_an_interval_of_what_is_no_statistic_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        measure("bootstrap_ci", {"matrix": [[1, 2], [1, 2]]}, statistic="kappa", method="bca")
    keys = [problem.key for problem in caught.value.problems]
    assert keys == ["agreement.coefficient", "agreement.method"]
