"""Values of codes in coding: in files, on the coding page, through migration and decisions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as xml

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook_histories import VALUES, codings, releases
from themecoder.adjudication.decisions import ProposedDecision, by_person
from themecoder.codebook.changes import Change, Merge
from themecoder.codebook.model import Code, Codebook, Value
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.cases import cases, values_of
from themecoder.coding.label_studio.config import CODES, label_config
from themecoder.coding.label_studio.results import Result, merged, read_result, write_result
from themecoder.coding.label_studio.validation import check_page
from themecoder.coding.migration import migrate, steps
from themecoder.coding.model import Coding
from themecoder.coding.settled import settle
from themecoder.coding.source import source_of
from themecoder.errors import InputError

RUST = (Value("1", "Onrustig"), Value("2", "Rustig"))
BOOK = Codebook(
    "tuin",
    "1.0.0",
    (
        Code("water", "Water, geven", definition="x", values=VALUES, scale="nominal"),
        Code("rust", "Rust", definition="x", values=RUST, scale="ordinal"),
        Code("gif", "Gif", definition="x"),
        Code("oud", "Oud", definition="x", values=VALUES, scale="nominal", retired=True),
    ),
    title="Tuin",
    released="2026-01-01",
)
histories = releases(least=2)
given_coding = histories.flatmap(lambda books: st.tuples(st.just(books), codings(books)))


def coded(coder: str, **values: str) -> Coding:
    return Coding("R1:q1", coder, "1.0.0", "coded", ("gif", "rust", "water"), values=values)


def test_values_make_a_line_of_format_3_and_lines_without_keep_their_bytes(tmp_path: Path) -> None:
    file = tmp_path / "q1" / "anna.jsonl"
    file.parent.mkdir()
    plain, valued = coded("anna"), coded("anna", water="voor")
    write_codings(file, [plain])
    line = json.loads(file.read_text(encoding="utf-8"))
    assert "values" not in line
    assert line["format"] == 2
    assert read_codings(file) == (plain,)
    write_codings(file, [valued])
    line = json.loads(file.read_text(encoding="utf-8"))
    assert list(line)[4:7] == ["codes", "quotes", "values"]
    assert (line["values"], line["format"]) == ({"water": "voor"}, 3)
    assert read_codings(file) == (valued,)
    before = file.read_bytes()
    write_codings(file, read_codings(file))
    assert file.read_bytes() == before


def said(
    codes: Sequence[str], values: dict[str, str], path: Sequence[tuple[str, Change]]
) -> dict[str, set[str]]:
    """code now -> all values of the codes that have become it, followed one by one."""
    found: dict[str, set[str]] = {}
    for code in codes:
        now = code
        for _, change in path:
            now = change.into if isinstance(change, Merge) and now in change.codes else now
        if code in values:
            found.setdefault(now, set()).add(values[code])
    return found


@given(given_coding)
def test_migration_loses_no_value_but_where_two_meet_and_asks_there(
    case: tuple[tuple[Codebook, ...], tuple[Coding, ...]],
) -> None:
    books, before = case
    to = books[-1].version
    for old, new in zip(before, migrate(before, books, to).codings, strict=True):
        path = steps(books, old.codebook, to)
        for code, values in said(old.codes, dict(old.values), path).items():
            if len(values) == 1:
                assert {new.values[code]} == values
            else:
                # the second of two that met at once, or one that joined after they had met
                retired = (known := books[-1].find(code)) is None or known.retired
                asked = {mark.code for mark in new.stale}
                assert code in asked or retired or code in new.values
        assert set(new.values) <= set(new.codes)


def test_two_values_that_meet_are_asked_about_and_equal_ones_stay() -> None:
    both = Codebook(
        "tuin",
        "2.0.0",
        BOOK.codes,
        title="Tuin",
        released="2026-02-01",
        changes=(Merge(("oud",), "water", "samen"),),
    )
    codes = ("oud", "water")
    for own, other, left in (("voor", "voor", {"water": "voor"}), ("voor", "tegen", {})):
        old = Coding("R1:q1", "a", "1.0.0", "coded", codes, values={"water": own, "oud": other})
        migration = migrate([old], (BOOK, both), "2.0.0")
        (new,) = migration.codings
        assert (new.codes, new.values) == (("water",), left)
        assert [(one.code, one.reason, one.why) for one in migration.queue] == (
            [] if left else [("water", "merge", "samen")]
        )
        items = merged(write_result(Result(codes, values=old.values)), {"oud": "water"})
        assert items is not None
        assert read_result(items, "tekst", {"water"}) == Result(("water",), values=left)


def test_the_page_asks_for_a_value_where_its_code_is_ticked() -> None:
    page = label_config(BOOK)
    check_page(page)
    controls = {one.get("name"): one for one in xml.fromstring(page).iter("Choices")}
    assert {"value_water", "value_rust", "value_oud"} <= set(controls)
    assert "value_gif" not in controls
    water = controls["value_water"]
    assert (water.get("whenTagName"), water.get("whenChoiceValue")) == (CODES, "water")
    assert [one.get("alias") for one in water] == ["voor", "tegen"]
    without = Codebook("tuin", "1.0.0", (BOOK.codes[2],), title="Tuin")
    assert "value_" not in label_config(without)


@given(st.dictionaries(st.sampled_from(["water", "rust"]), st.sampled_from(["voor", "1"])))
def test_values_read_back_as_they_were_written(values: dict[str, str]) -> None:
    result = Result(("gif", "rust", "water"), values=values)
    assert read_result(write_result(result), "tekst", {"gif", "rust", "water"}) == result


def test_a_value_of_a_code_that_is_not_ticked_is_told() -> None:
    items = write_result(Result(("gif",), values={"water": "voor"}))
    wrong = read_result(items, "tekst", {"gif", "water"}).wrong
    assert wrong == (("value", {"label": "water", "value": "voor"}),)


def test_what_coders_agree_on_has_its_value_and_a_person_may_say_another() -> None:
    by_coder = {
        "anna": [coded("anna", water="voor", rust="1")],
        "bram": [coded("bram", water="voor", rust="2")],
    }
    (case,) = cases(by_coder, (), ["gif", "rust", "water"], "1.0.0")
    assert case.disputed == ()
    assert values_of(case, ("gif", "rust", "water")) == {"water": "voor"}
    source = source_of("decided")
    settled = settle(source, by_coder, (), (), None, BOOK)
    assert settled.codings["R1:q1"].values == {"water": "voor"}
    decided = ProposedDecision(
        "R1:q1", ("rust", "water"), "nagelezen", "cor", case.seen, values={"rust": "2"}
    )
    decision = by_person(case, decided, {"R1:q1": "tekst"}, "1.0.0")
    assert decision.values == {"water": "voor", "rust": "2"}


def test_a_value_of_no_code_of_the_line_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "q1" / "anna.jsonl"
    file.parent.mkdir()
    write_codings(file, [coded("anna", water="voor")])
    file.write_text(file.read_text("utf-8").replace('{"water"', '{"zon"'), "utf-8")
    with pytest.raises(InputError) as refused:
        read_codings(file)
    assert [problem.key for problem in refused.value.problems] == ["annotations.value_code"]
