"""A person's decisions: applied, reported when they no longer fit, kept without text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.errors import InputError
from themecoder.masking.decisions import Decision, apply_decisions, decide_all, text_check
from themecoder.masking.doubt import doubt
from themecoder.masking.model import Mask, MaskedText
from themecoder.masking.review import (
    MaskInContext,
    Reply,
    WholeAnswer,
    contexts,
    look_through,
    review,
)
from themecoder.masking.store import read_mask_decisions, write_mask_decisions

TEXT = "Mijn psych Marieke en Best lief"
MASKED = MaskedText(
    TEXT,
    (Mask(11, 18, "name", "Marieke", "names.role"), Mask(22, 26, "place", "Best", "places.listed")),
)


def decision(start: int, end: int, choice: str, kind: str = "name", text: str = TEXT) -> Decision:
    return Decision("1:q7", start, end, kind, choice, text_check("1:q7", text))


def test_an_undone_mask_is_gone_and_the_others_stay() -> None:
    """Undo takes away what lies within its span only."""
    result, stale = apply_decisions("1:q7", MASKED, [decision(22, 26, "undo", "place")])
    assert result.masked == "Mijn psych [NAAM] en Best lief"
    assert stale == []


def test_an_undo_does_not_open_a_mask_that_reaches_further() -> None:
    """A later rule that sees more of a name than the person judged is not undone."""
    wider = MaskedText(TEXT, (Mask(11, 26, "name", TEXT[11:26], "x"),))
    result, stale = apply_decisions("1:q7", wider, [decision(22, 26, "undo", "place")])
    assert result.masks == wider.masks
    assert [s.reason for s in stale] == ["moot"]


def test_an_added_stretch_is_masked_together_with_what_it_touches() -> None:
    """Masks never overlap, and an added one never leaves a half."""
    result, _ = apply_decisions("1:q7", MASKED, [decision(5, 14, "add")])
    assert result.masked == "Mijn [NAAM] en [PLAATS] lief"


def test_an_accepted_mask_stays_when_the_rules_no_longer_find_it() -> None:
    """What a person called identifying does not depend on the version of the rules."""
    result, _ = apply_decisions("1:q7", MaskedText(TEXT), [decision(11, 18, "accept")])
    assert result.masked == "Mijn psych [NAAM] en Best lief"


def test_a_decision_on_a_text_that_changed_is_reported_and_not_applied() -> None:
    """Positions mean nothing in another text."""
    old = decision(0, 4, "add", text="Jaap was hier")
    result, stale = apply_decisions("1:q7", MASKED, [old])
    assert result == MASKED
    assert [s.reason for s in stale] == ["changed"]


def test_decisions_on_answers_that_are_gone_are_reported() -> None:
    """A second wave without that respondent is no error, but it is said."""
    _, stale = decide_all({"2:q7": MaskedText("niets")}, [decision(0, 4, "add")])
    assert [(s.decision.answer_id, s.reason) for s in stale] == [("1:q7", "gone")]


def test_the_file_of_decisions_holds_no_text(tmp_path: Path) -> None:
    """It may go to git: positions, kinds and four digits that fit 65,536 texts."""
    file = tmp_path / "masking.csv"
    write_mask_decisions(file, [decision(11, 18, "accept"), decision(22, 26, "undo", "place")])
    content = file.read_text()
    assert "Marieke" not in content and "Best" not in content
    assert content.splitlines()[0] == "answer_id,start,end,kind,decision,check"
    assert read_mask_decisions(file) == [
        decision(11, 18, "accept"),
        decision(22, 26, "undo", "place"),
    ]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=6))
def test_decisions_survive_being_written_and_read(spans: list[tuple[int, int]]) -> None:
    """Written sorted; what was read is written as the same bytes."""
    import tempfile

    decisions = sorted(
        {decision(s, s + n, "add") for s, n in dict(spans).items()},
        key=lambda d: (d.answer_id, d.start, d.end),
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "masking.csv"
        write_mask_decisions(file, reversed(decisions))
        assert read_mask_decisions(file) == decisions


def test_every_bad_row_of_the_file_is_reported(tmp_path: Path) -> None:
    """All problems at once, each with its row and column."""
    file = tmp_path / "masking.csv"
    file.write_text(
        "answer_id,start,end,kind,decision,check\n"
        "1:q7,5,2,name,undo,abcd\n"
        "1:q7,1,2,nam,undo,abcd\n"
        "1:q7,1,2,name,maybe,abcd\n"
        "1:q7,1,2,name,undo,abcd\n"
        "1:q7,1,2,name,accept,abcd\n"
        "1:q7,1\n"
    )
    with pytest.raises(InputError) as caught:
        read_mask_decisions(file)
    assert [(p.row, p.column, p.key) for p in caught.value.problems] == [
        (2, "end", "masking.decision.damaged"),
        (3, "kind", "masking.decision.damaged"),
        (4, "decision", "masking.decision.damaged"),
        (6, None, "masking.decision.twice"),
        (7, None, "tables.width"),
    ]


def test_a_review_keeps_what_was_decided_and_asks_nothing_twice() -> None:
    """Accept, undo, add, stop; a second review starts where the first stopped."""
    replies = iter([Reply("add", "psych", "other"), Reply("accept"), Reply("stop")])
    asked = []

    def ask(item: object) -> Reply:
        asked.append(item)
        return next(replies)

    masked = {"1:q7": MASKED}
    first = list(review(masked, [], ask))
    assert [(d.start, d.end, d.decision) for d in first] == [(5, 10, "add"), (22, 26, "accept")]
    replies = iter([Reply("undo")])
    second = list(review(masked, first, ask))
    assert [(d.start, d.decision) for d in second] == [(11, "undo")]
    assert len(asked) == 4


def test_a_mask_is_shown_in_its_context() -> None:
    """Before and after are original text, cut to the width."""
    first, second = contexts({"1:q7": MASKED}, width=6)
    assert (first.before, first.mask.text, first.after) == ("psych ", "Marieke", " en Be")
    assert second.before == "ke en "


def test_equal_strings_are_asked_about_once_and_doubtful_ones_first() -> None:
    """200 masks are far fewer questions; one that differs is looked at by itself."""
    texts = {
        f"{n}:q1": MaskedText(
            "Marieke uit Doorn",
            (
                Mask(0, 7, "name", "Marieke", "names.role"),
                Mask(12, 17, "place", "Doorn", "lower_case.place"),
            ),
        )
        for n in range(3)
    }
    asked: list[tuple[str, int]] = []
    replies = iter([Reply("undo"), Reply("back"), Reply("each"), *[Reply("accept")] * 3])

    def ask(item: MaskInContext) -> Reply:
        asked.append((item.mask.text, item.equals))
        return next(replies, Reply("stop"))

    decided = list(review(texts, [], ask))
    assert asked[:3] == [("Doorn", 3), ("Marieke", 3), ("Doorn", 3)]
    assert asked[3:] == [("Doorn", 1)] * 3 + [("Marieke", 3)]
    last = {d.answer_id: d.decision for d in decided}
    assert [d.decision for d in decided] == ["undo"] * 3 + ["accept"] * 3
    assert last == dict.fromkeys(texts, "accept")


def test_doubt_goes_by_the_rule() -> None:
    """A form of its own is sure, a capital is not, the strict level asks about everything."""
    rules = ("contact.email", "names.role", "names.capital", "lower_case.name", "strict.capital")
    assert [doubt(Mask(0, 1, "name", "x", rule)) for rule in rules] == [0, 1, 2, 3, 4]


def test_a_word_that_may_have_been_missed_is_asked_about_and_masked_wherever_it_stands() -> None:
    """The doubtful ones first; left alone it needs no mask, which is kept too."""
    marieke = Mask(13, 20, "name", "Marieke", "names.role")
    texts = {
        "1:q1": MaskedText("Ik ken Qwibbel en Xylotron", ()),
        "2:q1": MaskedText("qwibbel kent Marieke", (marieke,)),
    }
    qwibbel = Mask(7, 14, "other", "Qwibbel", "strict.capital")
    xylotron = Mask(18, 26, "other", "Xylotron", "strict.capital")
    asked: list[tuple[str, bool]] = []
    replies = iter([Reply("mask", kind="name"), Reply("accept"), Reply("accept")])

    def ask(item: MaskInContext) -> Reply:
        asked.append((item.mask.text, item.missed))
        return next(replies)

    decided = list(review(texts, [], ask, missed={"1:q1": (qwibbel, xylotron)}))
    assert asked == [("Qwibbel", True), ("Xylotron", True), ("Marieke", False)]
    assert [(d.answer_id, d.start, d.kind, d.decision) for d in decided] == [
        ("1:q1", 7, "name", "add"),
        ("2:q1", 0, "name", "add"),
        ("1:q1", 18, "other", "leave"),
        ("2:q1", 13, "name", "accept"),
    ]
    with pytest.raises(ValueError, match="undo"):
        list(review(texts, [], lambda _: Reply("undo"), missed={"1:q1": (qwibbel,)}))


def test_whole_answers_are_looked_at_once_each() -> None:
    texts = {f"{n}:q1": MaskedText("die van hiernaast helpt", ()) for n in range(3)}
    texts["9:q1"] = MaskedText("alles goed", ())
    replies = iter(
        [Reply("accept"), Reply("back"), Reply("add", "hiernaast"), *[Reply("accept")] * 2]
    )
    shown: list[tuple[str, int]] = []

    def look(answer: WholeAnswer) -> Reply:
        shown.append((answer.answer_id, answer.equals))
        return next(replies)

    decided = list(look_through(texts, look))
    assert [(d.answer_id, d.start, d.decision) for d in decided] == [
        (f"{n}:q1", 8, "add") for n in range(3)
    ]
    assert shown == [("0:q1", 3), ("9:q1", 1), ("0:q1", 3), ("0:q1", 3), ("9:q1", 1)]
