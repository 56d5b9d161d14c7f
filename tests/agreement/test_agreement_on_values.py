"""Agreement on the values of codes: what coders said who gave an answer the same code."""

from __future__ import annotations

import json
from dataclasses import asdict

import krippendorff
import numpy as np
import pytest

from sample_coding import CODES, TEXT, VERSION, coding, random_coding, tabled
from themecoder.agreement import measure
from themecoder.agreement.findings import AgreementFindings, findings
from themecoder.agreement.formats.files import agreement_files
from themecoder.agreement.html.page import render_agreement
from themecoder.agreement.measures.coincidence_alpha import coincidence_alpha
from themecoder.agreement.rows import AgreementRow, agreement_rows
from themecoder.agreement.small_counts import without_small_counts
from themecoder.agreement.table import CodingTable, table
from themecoder.codebook.model import Code, Codebook, Value
from themecoder.coding.model import Coding

STEPS = tuple(Value(str(n), f"stap {n}") for n in range(1, 6))
SCALE = Code("a", "Schaal", values=STEPS, scale="ordinal")
STANCE = Code(
    "b", "Houding", values=(Value("for", "voor"), Value("against", "tegen")), scale="nominal"
)
VALUED = (SCALE, STANCE)
BOOK = Codebook("boek", VERSION, (SCALE, STANCE, Code("c", "Zonder")))


def valued_table(codings: dict[str, list[Coding]]) -> CodingTable:
    lengths = {c.answer_id: len(TEXT) for rows in codings.values() for c in rows}
    return table(codings, CODES, VERSION, lengths, CODES, VALUED)


def drawn(seed: int, coders: int, answers: int) -> dict[str, list[Coding]]:
    """Coding with values of which some are not said, and which are wrong now and then."""
    random = np.random.default_rng(seed)
    truth = {code.id: random.integers(0, len(code.values), answers) for code in VALUED}
    result: dict[str, list[Coding]] = {}
    for name, rows in random_coding(seed, coders, answers).items():
        for one in rows:
            values = {}
            for code in VALUED:
                if code.id in one.codes and random.random() < 0.85:
                    place = int(truth[code.id][int(one.answer_id[1:4])])
                    if random.random() < 0.3:
                        place = int(random.integers(0, len(code.values)))
                    values[code.id] = code.values[place].id
            result.setdefault(name, []).append(
                Coding(one.answer_id, name, VERSION, one.state, one.codes, values=values)
            )
    return result


def of_values(rows: list[AgreementRow], code: str, pair: str = "all") -> AgreementRow:
    (found,) = [
        row
        for row in rows
        if (row.code, row.coder_pair) == (code, pair) and row.coefficient.startswith("value_")
    ]
    return found


def matrix(codings: dict[str, list[Coding]], code: Code) -> list[list[float]]:
    """A row per coder, NaN without a value, for other programs."""
    answers = sorted({one.answer_id for rows in codings.values() for one in rows})
    places = {value.id: float(n) for n, value in enumerate(code.values)}
    rows = []
    for name in sorted(codings):
        said = {one.answer_id: one.values.get(code.id) for one in codings[name]}
        rows.append([places.get(said.get(answer) or "", np.nan) for answer in answers])
    return rows


@pytest.mark.parametrize("seed", range(12))
def test_alpha_is_that_of_another_library_and_of_measure(seed: int) -> None:
    codings = drawn(seed, 2 + seed % 4, 40)
    rows = agreement_rows(valued_table(codings), "all", pairs=False)
    for code in VALUED:
        cells = np.array(matrix(codings, code))
        row = of_values(rows, code.id)
        assert row.coefficient == f"value_alpha_{code.scale}"
        twice = (~np.isnan(cells)).sum(axis=0) >= 2
        assert row.n_answers == twice.sum()
        assert row.n_coders == (~np.isnan(cells[:, twice])).any(axis=1).sum()
        if len(np.unique(cells[:, twice][~np.isnan(cells[:, twice])])) < 2:
            assert (row.value, row.undefined_because) in (
                (None, "no_variation"),
                (None, "no_values"),
            )
            continue
        theirs = krippendorff.alpha(
            reliability_data=cells,
            level_of_measurement=code.scale,
            value_domain=list(range(len(code.values))),
        )
        assert row.value == pytest.approx(theirs, abs=1e-9)
        places = [[None if np.isnan(v) else int(v) for v in line] for line in cells]
        data = {"matrix": places}
        ours = measure("krippendorff_alpha", data, level=code.scale).value
        assert row.value == pytest.approx(ours, abs=1e-12)


def test_the_published_case_of_krippendorff() -> None:
    """Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section E: four observers,
    twelve units, values 1 to 5; nominal .743, ordinal .815."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    codings = {
        f"k{n}": [
            coding(place, f"k{n}", "a", values={"a": str(value)})
            for place, value in enumerate(line)
            if value is not None
        ]
        for n, line in enumerate(rows)
    }
    row = of_values(agreement_rows(valued_table(codings), "all"), "a")
    assert (row.n_answers, row.n_coders) == (11, 4)
    assert row.value == pytest.approx(0.815, abs=5e-4)
    counts = np.zeros((12, 5))
    for line in rows:
        for place, value in enumerate(line):
            if value is not None:
                counts[place, value - 1] += 1
    twice = counts[counts.sum(axis=1) >= 2]
    nominal = coincidence_alpha(twice, np.ones((1, len(twice))), "nominal")
    assert nominal[0] == pytest.approx(0.743, abs=5e-4)


def test_the_error_is_that_of_leaving_out_each_respondent() -> None:
    codings = drawn(3, 3, 160)
    row = of_values(agreement_rows(valued_table(codings), "all"), "a")
    cells = np.array(matrix(codings, SCALE))
    cells = cells[:, (~np.isnan(cells)).sum(axis=0) >= 2]
    without = [
        krippendorff.alpha(
            reliability_data=np.delete(cells, n, axis=1),
            level_of_measurement="ordinal",
            value_domain=list(range(5)),
        )
        for n in range(cells.shape[1])
    ]
    m = len(without)
    error = np.sqrt((m - 1) / m * ((without - np.mean(without)) ** 2).sum())
    assert row.se == pytest.approx(error, rel=1e-9)
    assert row.value is not None and row.ci_low is not None and row.ci_high is not None
    assert row.ci_low < row.value < row.ci_high <= 1


def test_an_order_makes_a_step_less_than_two() -> None:
    def alpha(second: list[str]) -> float:
        first = ["1", "2", "3", "4", "5"] * 4
        codings = {
            name: [coding(n, name, "a", values={"a": v}) for n, v in enumerate(said)]
            for name, said in (("anna", first), ("bert", second * 4))
        }
        return of_values(agreement_rows(valued_table(codings), "all"), "a").value or 0.0

    assert alpha(["2", "1", "3", "4", "5"]) > alpha(["5", "2", "3", "4", "1"])


@pytest.mark.parametrize(
    ("anna", "bert", "reason"),
    [
        ([{}], [{}], "not_used"),
        ([{"a": "1"}], [{"a": ""}], "no_values"),
        ([{"a": "1"}, {}], [{}, {"a": "1"}], "no_values"),
        ([{"a": "1"}, {"a": "1"}], [{"a": "1"}, {"a": "1"}], "no_variation"),
        ([{"a": "1"}], [], "one_coder"),
    ],
)
def test_why_there_is_no_value(
    anna: list[dict[str, str]], bert: list[dict[str, str]], reason: str
) -> None:
    codings = {
        name: [
            coding(n, name, "".join(said), values={c: v for c, v in said.items() if v})
            for n, said in enumerate(rows)
        ]
        for name, rows in (("anna", anna), ("bert", bert))
        if rows
    }
    row = of_values(agreement_rows(valued_table(codings), "all"), "a")
    assert (row.value, row.undefined_because) == (None, reason)
    assert (row.ci_low, row.no_interval_because) == (None, None)


def test_few_respondents_give_no_interval_and_a_reason() -> None:
    codings = drawn(5, 2, 16)
    row = of_values(agreement_rows(valued_table(codings), "all"), "a")
    assert row.value is not None
    assert (row.ci_low, row.no_interval_because) == (None, "too_few")


def test_a_value_that_the_codebook_does_not_have_is_told() -> None:
    codings = {
        name: [coding(0, name, "ab", values={"a": value, "b": "for"})]
        for name, value in (("anna", "9"), ("bert", "1"))
    }
    found = valued_table(codings)
    assert found.left_out.unknown == {"a=9": 1}
    assert of_values(agreement_rows(found, "all"), "a").n_answers == 0


def test_a_study_without_values_has_the_rows_it_had() -> None:
    rows = agreement_rows(tabled(random_coding(1, 3, 40)), "all")
    assert not [row for row in rows if row.coefficient.startswith("value_")]


def found(codings: dict[str, list[Coding]]) -> AgreementFindings:
    return findings(valued_table(codings), VERSION, resamples=100)


def test_it_is_in_the_files_and_on_the_page() -> None:
    whole = found(drawn(3, 3, 80))
    row = of_values([row for row in whole.rows if row.question == "all"], "a")
    files = agreement_files(whole, "en")
    (line,) = [
        line
        for line in str(files["agreement.csv"]).splitlines()
        if line.startswith("all,all,a,value_alpha_ordinal,")
    ]
    assert line.split(",")[4] == f"{row.value:.6f}"
    assert line.split(",")[7] == str(row.n_answers)
    assert (
        any(row.coefficient == "value_alpha_nominal" for _, row in whole.parts) or not whole.parts
    )
    page = render_agreement(whole, BOOK, title="Proef", language="en")
    assert 'id="values"' in page
    assert "stap 1, stap 2" in page
    assert "ordinal alpha" in page  # of the methods paragraph
    plain = findings(tabled(random_coding(1, 3, 40)), VERSION, resamples=100)
    assert 'id="values"' not in render_agreement(plain, BOOK, title="Proef", language="en")


def test_a_small_number_of_answers_with_values_is_not_shown() -> None:
    anna = [
        coding(n, "anna", "a", values={"a": str(n % 5 + 1)} if n < 3 else {}) for n in range(30)
    ]
    bert = [coding(n, "bert", "a", values={"a": str(n % 5 + 1)}) for n in range(30)]
    whole = found({"anna": anna, "bert": bert})
    shown = without_small_counts(whole, 5)
    before = of_values([row for row in whole.rows if row.question == "all"], "a")
    after = of_values([row for row in shown.rows if row.question == "all"], "a")
    assert (before.n_answers, after.n_answers) == (3, None)
    assert after.value == before.value == 1.0
    assert after.given == before.given == 30  # the code itself is given often
    assert after.more_answers is None
    assert "x" in render_agreement(shown, BOOK, title="Proef", language="nl")
    assert json.dumps([asdict(row) for row in shown.rows])


def test_the_number_of_answers_does_not_follow_from_the_questions() -> None:
    """Two questions, of which one has few answers with values: the other is hidden too."""
    codings = {
        name: [
            Coding(
                f"r{n:03}:{question}", name, VERSION, "coded", ("a",), values={"a": str(n % 5 + 1)}
            )
            for question, much in (("q1", 30), ("q2", 2))
            for n in range(much)
        ]
        for name in ("anna", "bert")
    }
    shown = without_small_counts(found(codings), 5)
    numbers = {
        row.question: row.n_answers
        for row in shown.rows
        if row.coefficient == "value_alpha_ordinal" and row.coder_pair == "all"
    }
    assert numbers == {"q1": None, "q2": None, "all": 32}
