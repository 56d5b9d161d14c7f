"""Small counts of a code are nowhere in what is told of agreement, nor follow from it."""

from __future__ import annotations

import io
import json
from dataclasses import asdict

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agreement_findings import BOOK
from agreement_findings import made as tabled_by_page
from sample_coding import VERSION, coding, made, random_coding, tabled
from themecoder.agreement.findings import AgreementFindings, findings
from themecoder.agreement.formats.files import agreement_files
from themecoder.agreement.html.page import render_agreement
from themecoder.agreement.small_counts import COUNTING, without_small_counts


def of(**coders: list[str | None]) -> AgreementFindings:
    return findings(tabled(made(**coders)), VERSION, resamples=100, width=0.2, available=100)


RARE = {
    "anna": ["a"] * 20 + ["b", "b", "c"] + [""] * 17,
    "bert": ["a"] * 18 + ["", "", "b", "c", "b"] + [""] * 17,
}


def test_a_code_with_few_answers_has_no_prevalence_and_keeps_its_coefficients() -> None:
    whole = of(**RARE)
    shown = without_small_counts(whole, 5)
    for before, after in zip(whole.rows, shown.rows, strict=True):
        if after.code in ("b", "c"):
            assert (after.prevalence, after.given) == (None, None)
            assert after.hidden
        else:
            assert (after.prevalence, after.given) == (before.prevalence, before.given)
        if after.code in ("b", "c") and after.coefficient in COUNTING:
            assert (after.value, after.undefined_because) == (None, "hidden")
        else:
            assert (after.value, after.ci_low) == (before.value, before.ci_low)
    assert without_small_counts(whole, 0) == without_small_counts(whole, 1) == whole


def test_how_many_more_are_needed_does_not_tell_how_many_there_are() -> None:
    shown = []
    for few in (1, 2, 3, 4):
        anna = ["b"] * few + ["a"] * 20 + [""] * (20 - few)
        found = without_small_counts(of(anna=anna, bert=["", *anna[1:]]), 5)
        shown.append(
            {row.more_answers for row in found.rows if row.code == "b" and row.value is not None}
            | {plan.first for plan in found.needed if plan.code == "b" and plan.value is not None}
        )
    # as of four, the most that is hidden: (6 - 4) / 4 of the forty answers
    assert all(numbers <= {None, 20} for numbers in shown)
    assert all(20 in numbers for numbers in shown)


def test_confusion_of_a_rare_code_and_few_confusions_are_not_told() -> None:
    shown = without_small_counts(of(**RARE), 5)
    assert shown.confused
    for pair in shown.confused:
        assert (pair.answers, pair.either, pair.share, pair.by_chance) == (None,) * 4
        assert pair.examples == ()
    assert all(
        one.mine is None and one.others is None for one in shown.tendencies if one.code == "b"
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 7))
def test_no_hidden_count_of_a_question_follows_from_the_whole(seed: int, smallest: int) -> None:
    own = random_coding(seed, 2, 30)
    whole = {
        name: [
            coding(n, name, "".join(c.codes))
            if n % 3
            else c.__class__(f"r{n:03}:q{2 + n % 2}", name, VERSION, c.state, c.codes)
            for n, c in enumerate(rows)
        ]
        for name, rows in own.items()
    }
    before = findings(tabled(whole), VERSION, resamples=100)
    after = without_small_counts(before, smallest)
    count = {
        (r.question, r.code): r.given
        for r in before.rows
        if r.coder_pair == "all" and r.given is not None
    }
    told = {(r.question, r.code): r.given for r in after.rows if r.coder_pair == "all"}
    assert all(n is None or n >= smallest for n in told.values())
    for code in before.codes:
        hidden = [q for (q, c), n in told.items() if c == code and n is None and q != "all"]
        if hidden and told["all", code] is not None:
            assert len(hidden) > 1
            assert sum(count[q, code] for q in hidden) >= smallest


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_writer_shows_an_x(language: str) -> None:
    renamed = {"a": "altijd", "b": "wachttijd", "c": "privacy"}
    codings = {
        name: [
            coding(n, name, "").__class__(
                f"{n:03}:q7", name, "1.0.0", c.state, tuple(sorted(renamed[x] for x in c.codes))
            )
            for n, c in enumerate(rows)
        ]
        for name, rows in made(**RARE).items()
    }
    found = findings(tabled_by_page(codings), "1.0.0", resamples=100, width=0.2, available=100)
    shown = without_small_counts(found, 5)
    assert json.dumps([asdict(row) for row in shown.rows]) != json.dumps(
        [asdict(row) for row in found.rows]
    )
    page = render_agreement(shown, BOOK, title="t", language=language)
    assert page.count('<td class="share">x</td>') > 0
    assert "<b>x</b>" in page
    files = agreement_files(shown, language)
    data = files["agreement.xlsx"]
    assert isinstance(data, bytes)
    book = openpyxl.load_workbook(io.BytesIO(data))
    for row in book.worksheets[0].iter_rows(min_row=2, values_only=True):
        if row[2] in ("wachttijd", "privacy"):
            assert row[9] == "x"
    for row in book.worksheets[2].iter_rows(min_row=2, values_only=True):
        assert row[2:6] == ("x",) * 4
        assert not row[6]
    table = str(files["agreement.csv"]).splitlines()
    assert all(line.split(",")[9] == "" for line in table if ",wachttijd," in line)
