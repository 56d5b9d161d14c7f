"""Decisions on answers that coders coded differently."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.adjudication.decision_list import list_text, read_list
from themecoder.adjudication.decisions import (
    ProposedDecision,
    by_person,
    by_rules,
    quotes_of,
    same_decision,
)
from themecoder.adjudication.html.page import ShownCase, render_disagreements
from themecoder.adjudication.label_studio.config import votes_html
from themecoder.adjudication.shown_codes import ShownCode
from themecoder.codebook.model import Code, Codebook, Value
from themecoder.coding.cases import Case, cases
from themecoder.coding.model import Coding, Quote, StaleCode
from themecoder.coding.rules import RULES
from themecoder.errors import InputError

CODES = ("a", "b", "c", "leeg")
VERSION = "1.0.0"
TEXT = "Het oordeelt niet en het is er altijd."


def coding(coder: str, codes: str | None, number: int = 0, **more: object) -> Coding:
    names = {"a": "a", "b": "b", "c": "c", "-": "leeg"}
    chosen = tuple(sorted(names[c] for c in codes or ""))
    state = "skipped" if codes is None else "coded" if codes else "no_code"
    made = Coding(f"r{number}:q1", coder, VERSION, state, chosen)
    return replace(made, **more)  # type: ignore[arg-type]


def found(*votes: str | None, decisions: Sequence[Coding] = ()) -> Case:
    """The case of one answer; a vote is the codes of a coder."""
    codings = {f"k{n}": [coding(f"k{n}", codes)] for n, codes in enumerate(votes)}
    (case,) = cases(codings, decisions, CODES, VERSION)
    return case


def ruled(case: Case, *rules: str) -> tuple[str, ...] | None:
    """What rules decide, None where they can't."""
    made = by_rules([case], rules or RULES, {case.answer_id: TEXT}, {"leeg"}, VERSION)
    return made[0].codes if made else None


@pytest.mark.parametrize(
    ("votes", "rules", "codes"),
    [
        (("ab", "ab"), ("unanimous",), ("a", "b")),
        (("", ""), ("unanimous",), ()),
        (("a", "ab"), ("unanimous", "majority"), None),
        (("a", "ab", "abc"), ("majority",), ("a", "b")),
        (("a", "b", "c"), ("majority",), None),
        (("", "", "c"), ("majority",), ()),
        (("", "b", "c"), ("majority",), None),
        (("a-", "a-", "b"), ("majority",), None),
        (("-", "-", "b"), ("majority",), ("leeg",)),
        (("a", "a", "b", "b"), ("majority",), None),
        (("a",), ("unanimous", "majority"), None),
        (("a",), ("single",), ("a",)),
    ],
)
def test_what_rules_decide(
    votes: tuple[str, ...], rules: tuple[str, ...], codes: tuple[str, ...] | None
) -> None:
    assert ruled(found(*votes), *rules) == codes


def test_a_decision_says_who_why_and_on_what() -> None:
    case = found("a", "a")
    (made,) = by_rules([case], ["unanimous"], {"r0:q1": TEXT}, (), VERSION)
    assert (made.coder, made.decided_by) == ("adjudicated", "unanimous")
    assert (made.source["kind"], made.source["by"]) == ("rule", "unanimous")
    assert set(made.source["of"]) == {"k0", "k1"}


def test_what_is_no_vote() -> None:
    mark = {
        "carried": {
            "from": "0.9.0",
            "stale": [{"code": "a", "was": "a", "since": VERSION, "reason": "redefine"}],
        }
    }
    assert coding("x", "a", source=mark).stale == (StaleCode("a", "a", VERSION, "redefine"),)
    codings = {
        "k0": [coding("k0", "a")],
        "k1": [coding("k1", None)],
        "k2": [coding("k2", "b", codebook="0.9.0")],
        "k3": [coding("k3", "b", source=mark)],
    }
    (case,) = cases(codings, (), CODES, VERSION)
    assert [vote.coder for vote in case.votes] == ["k0"]
    assert case.kind == "single"


def test_a_retired_code_divides_nobody() -> None:
    codings = {"k0": [coding("k0", "ab")], "k1": [coding("k1", "a")]}
    (case,) = cases(codings, (), ["a"], VERSION)
    assert (case.kind, case.agreed) == ("unanimous", ("a",))


def test_what_divides_coders_most_comes_first() -> None:
    codings = {
        "k0": [coding("k0", c, n) for n, c in enumerate(["a", "a", "a", "c", "c", "b"])],
        "k1": [coding("k1", c, n) for n, c in enumerate(["b", "b", "a", "c", "", "b"])],
    }
    ordered = [c.answer_id for c in cases(codings, (), CODES, VERSION) if c.open]
    assert ordered == ["r0:q1", "r1:q1", "r4:q1"]


def quoted(coder: str, *parts: tuple[int, int]) -> Coding:
    return coding(coder, "a", quotes=tuple(Quote(s, e, "a", TEXT[s:e]) for s, e in parts))


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([[(0, 15)], [(4, 19)]], ["Het oordeelt niet en"[:19].strip()]),
        ([[(0, 15)], [(4, 19)], [(4, 30)]], [TEXT[4:19].strip()]),
        ([[(0, 3)], []], ["Het"]),
        ([[(0, 3)], [(21, 24)]], ["Het", "het"]),
        ([[(3, 4)], [(3, 4)]], []),
    ],
)
def test_quotes_are_what_half_of_those_who_marked_marked(
    parts: list[list[tuple[int, int]]], expected: list[str]
) -> None:
    codings = {f"k{n}": [quoted(f"k{n}", *some)] for n, some in enumerate(parts)}
    (case,) = cases(codings, (), CODES, VERSION)
    quotes = quotes_of(case, ["a"], {"r0:q1": TEXT})
    assert [quote.text for quote in quotes] == expected
    assert all(TEXT[q.start : q.end] == q.text for q in quotes)


def decided(case: Case, codes: str = "a", seen: str | None = None) -> Coding:
    proposal = ProposedDecision(
        case.answer_id, tuple(codes), "omdat", "Ada", case.seen if seen is None else seen
    )
    return by_person(case, proposal, {case.answer_id: TEXT}, VERSION)


def test_a_persons_decision_is_never_replaced_by_a_rule() -> None:
    first = found("a", "b")
    decision = decided(first)
    later = found("b", "b", decisions=[decision])
    assert later.reopened == ("k0",)
    assert later.open
    assert ruled(later) is None


def test_a_rules_decision_follows_the_coders() -> None:
    (decision,) = by_rules([found("a", "a")], RULES, {"r0:q1": TEXT}, (), VERSION)
    assert ruled(found("a", "a", decisions=[decision])) is None
    later = found("b", "b", decisions=[decision])
    (again,) = by_rules([later], RULES, {"r0:q1": TEXT}, (), VERSION)
    assert (again.codes, again.round) == (("b",), 2)


def test_a_coder_who_comes_later_opens_the_answer() -> None:
    decision = decided(found("a", "b"))
    assert found("a", "b", decisions=[decision]).reopened == ()
    assert found("a", "b", "c", decisions=[decision]).reopened == ("k2",)
    assert found("a", decisions=[decision]).reopened == ("k1",)


def test_what_was_seen_is_not_there_any_more() -> None:
    """Decided on a list of before the change: the decision stands, the answer stays open."""
    old, now = found("a", "b"), found("a", "c")
    decision = decided(now, seen=old.seen)
    assert found("a", "c", decisions=[decision]).open
    assert not found("a", "c", decisions=[decided(now)]).open


def test_a_migration_opens_nothing_that_it_only_renames() -> None:
    codings = {"k0": [coding("k0", "a")], "k1": [coding("k1", "b")]}
    (case,) = cases(codings, (), CODES, VERSION)
    decision = decided(case)
    onward = {
        coder: [row.carried("1.1.0", tuple("x" if c == "a" else c for c in row.codes), (), (), {})]
        for coder, (row,) in codings.items()
    }
    moved = decision.carried("1.1.0", ("x",), (), (), {})
    (later,) = cases(onward, [moved], ["x", "b"], "1.1.0")
    assert later.reopened == ()


votes = st.lists(st.sampled_from(["", "a", "b", "ab", "c", "-"]), min_size=1, max_size=4)


@given(st.lists(votes, min_size=1, max_size=5), st.data())
def test_only_the_answer_that_changed_is_opened(
    answers: list[list[str]], data: st.DataObject
) -> None:
    """Rules are idempotent; a later change by one coder opens that answer and no other."""
    codings: dict[str, list[Coding]] = {}
    for number, some in enumerate(answers):
        for n, codes in enumerate(some):
            codings.setdefault(f"k{n}", []).append(coding(f"k{n}", codes, number))
    texts = {f"r{n}:q1": TEXT for n in range(len(answers))}
    first = cases(codings, (), CODES, VERSION)
    made = by_rules(first, RULES, texts, {"leeg"}, VERSION)
    made += [decided(c) for c in first if c.answer_id not in {m.answer_id for m in made}]
    settled = cases(codings, made, CODES, VERSION)
    assert [case for case in settled if case.open] == []
    assert by_rules(settled, RULES, texts, {"leeg"}, VERSION) == []
    coder = data.draw(st.sampled_from(sorted(codings)))
    place = data.draw(st.integers(0, len(codings[coder]) - 1))
    old = codings[coder][place]
    new = "b" if old.codes == ("a", "c") else "ac"
    number = int(old.answer_id[1:].partition(":")[0])
    codings[coder][place] = coding(coder, new, number)
    opened = [case.answer_id for case in cases(codings, made, CODES, VERSION) if case.open]
    assert opened == [old.answer_id]


@given(st.lists(votes, min_size=1, max_size=6), st.permutations(["k0", "k1", "k2", "k3"]))
def test_the_order_asks_no_names(answers: list[list[str]], names: list[str]) -> None:
    def ordered(names: Sequence[str]) -> list[str]:
        codings: dict[str, list[Coding]] = {}
        for number, some in enumerate(answers):
            for n, codes in enumerate(some):
                codings.setdefault(names[n], []).append(coding(names[n], codes, number))
        return [case.answer_id for case in cases(codings, (), CODES, VERSION)]

    assert ordered(names) == ordered(["k0", "k1", "k2", "k3"])


def filled(file: Path, *changes: dict[str, str]) -> Path:
    """The list of one open answer, filled in; each change is a row."""
    case = found("a", "b")
    text = list_text([case], {case.answer_id: TEXT}, {case.answer_id: ["k1", "k0"]})
    (row,) = csv.DictReader(io.StringIO(text))
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(row))
        writer.writeheader()
        writer.writerows({**row, **change} for change in changes)
    return file


VALUES = {"a": ["for", "against"]}


def read(file: Path) -> list[ProposedDecision]:
    return read_list(file, {"r0:q1"}, CODES, {"leeg"}, "Ada", VALUES)


def test_a_list_that_is_filled_in_comes_back(tmp_path: Path) -> None:
    filled_in = {"decision": "a; b", "why": "allebei", "definition_of": "a", "definition": "ruimer"}
    (proposal,) = read(filled(tmp_path / "lijst.csv", filled_in))
    case = found("a", "b")
    assert (proposal.codes, proposal.why, proposal.by) == (("a", "b"), "allebei", "Ada")
    assert proposal.definition == ("a", "ruimer")
    decision = by_person(case, proposal, {"r0:q1": TEXT}, VERSION)
    assert not found("a", "b", decisions=[decision]).open
    assert same_decision(decision, by_person(case, proposal, {"r0:q1": TEXT}, VERSION))
    assert read(filled(tmp_path / "leeg.csv", {})) == []
    (nothing,) = read(filled(tmp_path / "niets.csv", {"decision": "-", "why": "niets"}))
    assert nothing.codes == ()


def test_a_list_shows_values_and_takes_one(tmp_path: Path) -> None:
    codings = {
        "k0": [replace(coding("k0", "ab", 0), values={"a": "for"})],
        "k1": [replace(coding("k1", "a", 0), values={"a": "against"})],
    }
    (case,) = cases(codings, (), CODES, VERSION)
    text = list_text([case], {case.answer_id: TEXT}, {case.answer_id: ["k1", "k0"]})
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["A"], row["B"]) == ("a=against", "a=for;b")
    file = tmp_path / "lijst.csv"
    with file.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(row))
        writer.writeheader()
        writer.writerow({**row, "decision": "a=for; b", "why": "zo staat het er"})
    (proposal,) = read(file)
    assert (proposal.codes, proposal.values) == (("a", "b"), {"a": "for"})
    decision = by_person(case, proposal, {"r0:q1": TEXT}, VERSION)
    assert decision.values == {"a": "for"}
    decided = replace(case, decision=decision)
    again = list_text([decided], {case.answer_id: TEXT}, {case.answer_id: ["k1", "k0"]})
    assert next(csv.DictReader(io.StringIO(again)))["standing"] == "a=for;b"


def test_the_page_shows_the_values_of_coders_and_stresses_those_that_differ() -> None:
    values = (Value("for", "Voor"), Value("against", "Tegen <b>"))
    book = Codebook("b", VERSION, (Code("a", "A", values=values, scale="nominal"), Code("b", "B")))
    shown = [{"a": ShownCode(["woord"], "for")}, {"a": ShownCode([], "against"), "b": ShownCode()}]
    differing = votes_html(shown, ["a"], book)
    assert "A: Voor" in differing
    assert "A: Tegen &lt;b&gt;" in differing
    assert "font-weight:400" not in differing
    alike = votes_html([shown[0], {"a": ShownCode([], "for")}], ["a"], book)
    assert "font-weight:600" not in alike
    (case,) = cases({"k0": [coding("k0", "a", 0)], "k1": [coding("k1", "b", 0)]}, (), "ab", VERSION)
    page = render_disagreements([("q1", "Wat?", [ShownCase(case, TEXT, shown)])], book)
    assert "A: Voor" in page
    assert "A: Tegen &lt;b&gt;" in page


def test_a_spreadsheet_with_semicolons_is_read_too(tmp_path: Path) -> None:
    file = filled(tmp_path / "lijst.csv", {"decision": "a", "why": "ja"})
    rows = list(csv.reader(file.open(encoding="utf-8", newline="")))
    with file.open("w", encoding="utf-8-sig", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows(rows)
    assert [p.codes for p in read(file)] == [("a",)]


GOOD = {"decision": "a", "why": "ja"}


@pytest.mark.parametrize(
    ("rows", "key", "column"),
    [
        ([{"decision": "x", "why": "ja"}], "no_code", "decision"),
        ([{"decision": "a=misschien", "why": "ja"}], "no_value", "decision"),
        ([{"decision": "b=for", "why": "ja"}], "no_value", "decision"),
        ([{"decision": "a=for;a=against", "why": "ja"}], "two_values", "decision"),
        ([{"decision": "a"}], "no_why", "why"),
        ([{"why": "ja"}], "no_decision", "decision"),
        ([{"decision": "a;leeg", "why": "ja"}], "exclusive", "decision"),
        ([{**GOOD, "answer_id": "r9:q1"}], "no_answer", "answer_id"),
        ([GOOD, GOOD], "twice", "answer_id"),
        ([{**GOOD, "definition_of": "a"}], "half_definition", "definition"),
        ([{**GOOD, "definition": "ruimer"}], "half_definition", "definition_of"),
        ([{**GOOD, "definition_of": "x", "definition": "t"}], "no_code", "definition_of"),
    ],
)
def test_a_wrong_row_is_named(
    tmp_path: Path, rows: list[dict[str, str]], key: str, column: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(filled(tmp_path / "lijst.csv", *rows))
    (problem,) = caught.value.problems
    assert problem.key == f"adjudication.{key}"
    assert (problem.row, problem.column) == (1 + len(rows), column)


def test_all_wrong_rows_are_named_at_once(tmp_path: Path) -> None:
    rows = [{"decision": "x"}, {"why": "ja"}, {**GOOD, "answer_id": "r7:q1"}]
    with pytest.raises(InputError) as caught:
        read(filled(tmp_path / "lijst.csv", *rows))
    assert [p.row for p in caught.value.problems] == [2, 2, 3, 4]


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"answer_id,why\nr0:q1,ja\n", "columns"),
        (b"answer_id,decision,why,seen\nr0:q1,a\n", "width"),
        (b"answer_id,decision,why,seen\nr0:q1,a,ja,x,y\n", "width"),
        ("answer_id,decision,why,seen\nr0:q1,a,één,x\n".encode() + b"\xe9", "broken_utf8"),
        (None, "no_file"),
    ],
)
def test_a_file_that_is_no_list_is_refused(tmp_path: Path, content: bytes | None, key: str) -> None:
    file = tmp_path / "lijst.csv"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read(file)
    assert [p.key for p in caught.value.problems] == [f"tables.{key}"]


def test_a_list_holds_no_names_and_runs_nothing() -> None:
    case = found("a", "b")
    text = list_text([case], {case.answer_id: "=1+1"}, {case.answer_id: ["k1", "k0"]})
    assert "k0" not in text
    assert ",'=1+1,b,a," in text
