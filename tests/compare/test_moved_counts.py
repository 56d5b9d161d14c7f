"""What moved between two states of a study, and why: on random studies, and case by case."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codebook_histories import codings, releases
from study_states import PEOPLE, QUESTIONS, SOURCES, state, states
from themecoder.codebook.changes import Add, Merge, Move, Redefine, Retire
from themecoder.codebook.model import Code, Codebook, Group
from themecoder.coding.coded import pool
from themecoder.coding.migration import migrate
from themecoder.coding.model import Coding
from themecoder.coding.source import CodingSource
from themecoder.compare.count_changes import CountChanges, MembershipChange, count_changes
from themecoder.compare.items import CODE, items
from themecoder.compare.reasons import REASONS
from themecoder.compare.states import State
from themecoder.counts.count_rows import count_rows
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.result import ALL_QUESTIONS

MAJORITY, ADJUDICATED = CodingSource("majority"), CodingSource("adjudicated")


@st.composite
def pairs(draw: st.DrawFn) -> tuple[State, State]:
    books = draw(releases())
    return draw(states(books)), draw(states(books))


def numbers(one: State, question: str, codes: frozenset[str]) -> tuple[int, int]:
    """n and base_n by the engine that makes the counts of a report."""
    parts = [one.question(name).coded(one.source, one.book) for name in QUESTIONS]
    pooled = question == ALL_QUESTIONS
    whole = pool(parts, ALL_QUESTIONS, of_content=one.base == "content")
    coded = whole if pooled else parts[QUESTIONS.index(question)]
    table = CodeTable(coded, {"x": sorted(codes)})
    (count,), _ = count_rows([table], Breakdown({}, ()), base=one.base, smallest=0)
    assert count.n is not None
    return count.n, count.base_n


@given(pairs())
def test_every_count_is_told_and_its_movers_add_up(pair: tuple[State, State]) -> None:
    before, after = pair
    found = count_changes(before, after)
    rows = {(row.question, row.kind, row.was, row.code): row for row in found.rows}
    assert len(rows) == len(found.rows)
    books = after.releases if len(after.releases) > len(before.releases) else before.releases
    forward = len(after.releases) >= len(before.releases)
    counted = items(*((before.book, after.book) if forward else (after.book, before.book)), books)
    for item in counted:
        ends = (item.before, item.after) if forward else (item.after, item.before)
        names = (item.was, item.code) if forward else (item.code, item.was)
        for question in (*QUESTIONS, ALL_QUESTIONS):
            expected = numbers(before, question, ends[0]), numbers(after, question, ends[1])
            row = rows.get((question, item.kind, *names))
            if row is None:
                assert expected[0][0] == expected[1][0]
                continue
            assert expected == tuple(zip(row.n, row.base, strict=True))
            joined = sum(mover.joined for mover in row.movers)
            assert row.n[1] - row.n[0] == joined - (len(row.movers) - joined)
            assert joined == sum(one.joined for one in row.why)
            assert len(row.movers) == sum(one.joined + one.left for one in row.why)
    for row in found.rows:
        for mover in row.movers:
            assert mover.reasons and set(mover.reasons) <= set(REASONS)
            assert mover.answers
    for base in found.bases:
        assert base.n[1] - base.n[0] == sum(1 if m.joined else -1 for m in base.movers)
        assert all(mover.reasons for mover in base.movers)


@given(pairs())
def test_the_other_way_round_the_same_is_told(pair: tuple[State, State]) -> None:
    def plain(found: CountChanges, way: int) -> set[object]:
        return {
            (
                row.question,
                row.kind,
                (row.was, row.code)[::way],
                row.n[::way],
                row.base[::way],
                frozenset(
                    (m.respondent, m.joined == (way == 1), m.reasons, m.by) for m in row.movers
                ),
            )
            for row in found.rows
        } | {
            (
                base.question,
                base.n[::way],
                frozenset((m.respondent, m.joined == (way == 1), m.reasons) for m in base.movers),
            )
            for base in found.bases
        }

    before, after = pair
    assert plain(count_changes(before, after), 1) == plain(count_changes(after, before), -1)


@given(releases().flatmap(states))
def test_nothing_moves_between_a_state_and_itself(one: State) -> None:
    assert not count_changes(one, one).anything


@given(st.data(), st.sampled_from(SOURCES[:3]))
def test_a_migration_moves_by_the_codebook_alone(data: st.DataObject, source: CodingSource) -> None:
    books = data.draw(releases(least=2))
    at = data.draw(st.integers(0, len(books) - 1))
    made = data.draw(codings(books[: at + 1]))
    carried = migrate(made, books, books[-1].version).codings
    # coding that waits to be migrated counts nowhere: with it the codebook moves some too
    before = state(books[at], books[: at + 1], made, source)
    after = state(books[-1], books, carried, source)
    assert {m.reasons for row in count_changes(before, after).rows for m in row.movers} <= {
        ("codebook",)
    }


@given(st.data())
def test_one_thing_that_differs_is_the_only_reason(data: st.DataObject) -> None:
    books = data.draw(releases(most=1))
    made = data.draw(codings(books))
    others = data.draw(codings(books))
    source = data.draw(st.sampled_from(SOURCES[:3]))
    before = state(books[0], books, made, source)

    def reasons(after: State) -> set[str]:
        rows = count_changes(before, after).rows
        return {reason for row in rows for m in row.movers for reason in m.reasons}

    by_people = [one for one in others if one.coder != "adjudicated"]
    decided = [one for one in made if one.coder == "adjudicated"]
    assert reasons(state(books[0], books, [*by_people, *decided], source)) <= {"coding"}
    voted = [one for one in made if one.coder != "adjudicated"]
    anew = [one for one in others if one.coder == "adjudicated"]
    assert reasons(state(books[0], books, [*voted, *anew], source)) <= {"adjudication"}
    asked = data.draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    assert reasons(state(books[0], books, made, source, asked=asked)) <= {"data"}
    other = data.draw(st.sampled_from(SOURCES[:3]))
    assert reasons(replace(before, source=other)) <= {"source"}


CODES = (Code("a", "A", "g"), Code("b", "B", "g"), Code("c", "C"))
FIRST = Codebook("b", "1.0.0", CODES, (Group("g", "G"), Group("h", "H")), released="2026-01-01")


def later(change: object, *codes: Code) -> Codebook:
    kept = {code.id: code for code in CODES} | {code.id: code for code in codes}
    made = change if isinstance(change, tuple) else (change,)
    return replace(FIRST, version="2.0.0", codes=tuple(kept.values()), changes=made)


def coding(
    who: int, coder: str, codes: str, version: str = "1.0.0", question: str = "q7"
) -> Coding:
    made = "coded" if codes else "no_code"
    by = "Ada" if coder == "adjudicated" else None
    return Coding(
        f"R{who:03d}:{question}", coder, version, made, tuple(sorted(codes)), decided_by=by
    )


def told(before: State, after: State, question: str = "q7") -> dict[str, list[str]]:
    """code -> its movers: "+0 coding anna" for R000 who joined."""
    found: dict[str, list[str]] = {}
    for row in count_changes(before, after).rows:
        if row.kind == CODE and row.question == question and row.movers:
            name = row.code if row.was == row.code else f"{row.was}>{row.code}"
            found[name] = [line(mover) for mover in row.movers]
    return found


def line(mover: MembershipChange) -> str:
    sign = "+" if mover.joined else "-"
    return " ".join([f"{sign}{int(mover.respondent[1:])}", *mover.reasons, *mover.by])


def of(
    *made: Coding, book: Codebook = FIRST, source: CodingSource = MAJORITY, **more: object
) -> State:
    books = (FIRST,) if book is FIRST else (FIRST, book)
    return state(book, books, made, source, **more)  # type: ignore[arg-type]


def test_a_coder_who_changes_a_coding_is_named() -> None:
    before = of(coding(0, "anna", "a"), coding(0, "bert", "a"), coding(1, "anna", "c"))
    after = of(coding(0, "anna", "b"), coding(0, "bert", "a"), coding(1, "anna", "c"))
    assert told(before, after) == {"a": ["-0 coding anna"]}


def test_a_second_coder_who_sees_nothing_takes_a_majority_away() -> None:
    before = of(coding(0, "anna", "a"))
    after = of(coding(0, "anna", "a"), coding(0, "bert", ""))
    assert told(before, after) == {"a": ["-0 coding bert"]}


def test_a_decision_and_the_coding_that_it_follows() -> None:
    votes = coding(0, "anna", "a"), coding(0, "bert", "b")
    before = of(*votes, coding(0, "adjudicated", "a"), source=ADJUDICATED)
    after = of(*votes, coding(0, "adjudicated", "b"), source=ADJUDICATED)
    assert told(before, after) == {
        "a": ["-0 adjudication Ada"],
        "b": ["+0 adjudication Ada"],
    }
    changed = coding(0, "anna", "b"), votes[1], coding(0, "adjudicated", "b")
    assert told(before, of(*changed, source=ADJUDICATED))["b"] == [
        "+0 coding adjudication Ada anna"
    ]


def test_another_source_is_told_apart_from_decisions() -> None:
    votes = [coding(n, name, "a") for n in (0, 1) for name in ("anna", "bert")]
    after = of(*votes, coding(0, "adjudicated", ""), source=ADJUDICATED)
    assert told(of(*votes), after) == {"a": ["-0 source adjudication Ada", "-1 source"]}


def test_a_source_that_matters_in_the_later_state_only() -> None:
    after = of(coding(0, "anna", "b"), coding(0, "bert", "b"), coding(0, "adjudicated", "a"))
    assert told(of(), replace(after, source=ADJUDICATED)) == {
        "a": ["+0 source coding adjudication Ada anna bert"]
    }


def test_of_one_coder_no_other_is_named() -> None:
    anna = CodingSource("coder", "anna")
    before = of(coding(0, "anna", "a"), coding(0, "bert", "a"), source=anna)
    after = of(coding(0, "anna", "b"), coding(0, "bert", "b"), source=anna)
    assert told(before, after) == {"a": ["-0 coding anna"], "b": ["+0 coding anna"]}


def test_a_merge_moves_to_the_code_that_takes_over() -> None:
    book = later(Merge(("a",), "b", "dubbel"), replace(CODES[0], retired=True))
    before = of(coding(0, "anna", "a"), coding(1, "anna", "ab"))
    after = of(coding(0, "anna", "b", "2.0.0"), coding(1, "anna", "b", "2.0.0"), book=book)
    assert told(before, after) == {"b": ["+0 codebook"], "a": ["-0 codebook", "-1 codebook"]}
    assert told(after, before) == {"b": ["-0 codebook"], "a": ["+0 codebook", "+1 codebook"]}
    # the net of both is the same people
    assert not [row for row in count_changes(before, after).rows if row.code == "g" and row.movers]


def test_a_code_under_a_new_id_is_one_row() -> None:
    new = Code("a2", "A", "g")
    changes = (Add("a2", "id"), Merge(("a",), "a2", "andere id"))
    book = later(changes, replace(CODES[0], retired=True), new)
    before = of(coding(0, "anna", "a"))
    same = Coding("R000:q7", "anna", "2.0.0", "coded", ("a2",))
    more = Coding("R001:q7", "anna", "2.0.0", "coded", ("a2",))
    assert not count_changes(before, of(same, book=book)).anything
    assert told(before, of(same, more, book=book)) == {"a>a2": ["+1 coding anna"]}
    assert told(of(same, more, book=book), before) == {"a2>a": ["-1 coding anna"]}


def test_two_codes_under_a_new_id_are_a_loss_and_a_gain() -> None:
    new = Code("ab", "AB", "g")
    changes = (Add("ab", "samen"), Merge(("a", "b"), "ab", "samen"))
    gone = [replace(code, retired=True) for code in CODES[:2]]
    before = of(coding(0, "anna", "a"))
    after = of(
        Coding("R000:q7", "anna", "2.0.0", "coded", ("ab",)), book=later(changes, *gone, new)
    )
    assert told(before, after) == {"ab": ["+0 codebook"], "a": ["-0 codebook"]}


def test_a_retired_code_and_one_in_another_group() -> None:
    book = later(
        (Retire("c", "weg"), Move("a", "g", "h", "past daar")),
        replace(CODES[2], retired=True),
        replace(CODES[0], group="h"),
    )
    before = of(coding(0, "anna", "ac"))
    after = of(coding(0, "anna", "ac", "2.0.0"), book=book)
    assert told(before, after) == {"c": ["-0 codebook"]}
    nets = {
        row.code: [line(m) for m in row.movers]
        for row in count_changes(before, after).rows
        if row.kind != CODE and row.question == "q7"
    }
    assert nets == {"g": ["-0 codebook"], "h": ["+0 codebook"]}


def test_what_waits_to_be_recoded_leaves_and_comes_back_by_its_coder() -> None:
    book = later(Redefine("a", "ruimer"))
    one = coding(0, "anna", "ab")
    stale = migrate([one], [FIRST, book], "2.0.0").codings
    waiting = of(*stale, book=book)
    assert told(of(one), waiting) == {"a": ["-0 codebook"], "b": ["-0 codebook"]}
    again = of(coding(0, "anna", "bc", "2.0.0"), book=book)
    assert told(waiting, again) == {"b": ["+0 coding anna"], "c": ["+0 coding anna"]}
    assert told(of(one), again) == {
        "a": ["-0 codebook coding anna"],
        "c": ["+0 codebook coding anna"],
    }


def test_a_release_that_was_not_migrated_is_the_codebook_not_the_coder() -> None:
    book = later(Add("d", "nieuw"), Code("d", "D"))
    one = coding(0, "anna", "a")
    assert told(of(one), of(one, book=book)) == {"a": ["-0 codebook"]}


def test_new_gone_and_changed_answers_are_data() -> None:
    ones = coding(0, "anna", "a"), coding(1, "anna", "a")
    before, after = of(*ones, asked=("R000",)), of(*ones, asked=("R001",))
    assert told(before, after) == {"a": ["-0 data", "+1 data"]}
    (base,) = [base for base in count_changes(before, after).bases if base.question == "q7"]
    assert base.n == (1, 1)
    assert [line(mover) for mover in base.movers] == ["-0 data", "+1 data"]
    recoded = of(coding(0, "anna", "b"), asked=("R000",), text="anders")
    assert told(of(ones[0], asked=("R000",)), recoded) == {
        "a": ["-0 data coding anna"],
        "b": ["+0 data coding anna"],
    }


def test_who_is_counted_by_study_toml_is_no_data() -> None:
    ones = coding(0, "anna", "a"), coding(1, "anna", "a")
    before, after = of(*ones), of(*ones, asked=("R000",))
    rows = before.rows
    questions = {n: replace(q, rule="q3=a") for n, q in after.questions.items()}
    assert told(before, replace(after, rows=rows, questions=questions)) == {"a": ["-1 base"]}


def test_who_has_content_is_a_base_too() -> None:
    ones = coding(0, "anna", "a"), coding(1, "anna", "a")
    before = of(*ones, base="content")
    questions = {
        n: replace(q, content=q.content - {"R001"}, answers={**q.answers, f"R001:{n}": "nvt"})
        for n, q in before.questions.items()
    }
    rows = {**before.rows, "R001": ("a", "nvt")}
    assert told(before, replace(before, questions=questions, rows=rows)) == {"a": ["-1 data"]}
    assert told(before, replace(before, questions=questions, base="asked")) == {}
    two = {n: replace(q, content=q.content - {"R001"}) for n, q in before.questions.items()}
    asked = replace(before, questions=two, base="asked")
    assert told(replace(before, questions=two), asked) == {"a": ["+1 base"]}


def test_of_several_questions_a_respondent_counts_once() -> None:
    before = of(coding(0, "anna", "a"))
    after = of(
        coding(0, "anna", "a"),
        coding(0, "anna", "a", question="q18"),
        coding(1, "bert", "a", question="q18"),
    )
    assert told(before, after, ALL_QUESTIONS) == {"a": ["+1 coding bert"]}
    (mover,) = next(
        r.movers for r in count_changes(before, after).rows if r.question == ALL_QUESTIONS
    )
    assert mover.answers == ("R001:q18",)
    assert {row.question for row in count_changes(before, after, ["q18"]).rows} == {"q18"}


def test_a_base_that_changes_moves_the_share_of_every_code() -> None:
    ones = [coding(0, "anna", "a")]
    found = count_changes(of(*ones), of(*ones, asked=("R000", "R001")))
    (row,) = [row for row in found.rows if row.question == "q7" and row.kind == CODE]
    assert (row.n, row.base, row.movers) == ((1, 1), (5, 2), ())


@pytest.mark.parametrize("source", SOURCES)
def test_nothing_coded_is_nothing_moved(source: CodingSource) -> None:
    assert not count_changes(of(source=source), of(source=source)).anything
