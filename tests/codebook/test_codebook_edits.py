"""Typed edits of a draft: what each does, and what is refused with a remedy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from themecoder.codebook import edits
from themecoder.codebook.changes import Add, Merge, Move, Redefine, Rename, Retire, Split
from themecoder.codebook.checks import check
from themecoder.codebook.diff import diff
from themecoder.codebook.draft import Draft
from themecoder.codebook.model import Code, Codebook, Group
from themecoder.codebook.wording import changelog, difference_in_words, in_words
from themecoder.errors import InputError
from themecoder.messages import LANGUAGES, message

BASE = Codebook(
    "wonen",
    "1.2.0",
    (
        Code("geluid", "Geluid", "buiten", "Last van geluid."),
        Code("groen", "Groen", "buiten", "Bomen en planten."),
        Code("buren", "Buren", "mensen", "Wie er woont."),
        Code("oud", "Oud", retired=True, definition="Was er."),
        Code("niets", "Geen inhoud", definition="Zegt niets.", exclusive=True),
    ),
    (Group("buiten", "Buiten"), Group("mensen", "Mensen")),
    "Wonen",
    "nl",
    "2026-03-01",
)
Edit = Callable[[Draft], Draft]


@pytest.fixture
def draft() -> Draft:
    return Draft(BASE, replace(BASE, version="1.2.1", released=""))


def with_new(draft: Draft) -> Draft:
    return edits.add(draft, Code("vocht", "Vocht", "buiten", "Nat."), "gemist")


def test_add_stands_last_in_its_group(draft: Draft) -> None:
    made = with_new(draft)
    ids = [code.id for code in made.book.codes]
    assert ids == ["geluid", "groen", "vocht", "buren", "oud", "niets"]
    assert made.book.changes == (Add("vocht", "gemist"),)
    assert made.book.version == "1.3.0"


def test_each_edit_is_recorded_as_its_kind(draft: Draft) -> None:
    made = edits.rename(draft, "geluid", "Lawaai", "zo heet het")
    made = edits.move(made, "geluid", "mensen", "hoort daar")
    made = edits.redefine(made, "groen", "ruimer", definition="Alles wat groeit.")
    assert made.book.version == "2.0.0"
    made = edits.merge(made, ["buren"], "geluid", "vaak samen")
    assert made.book.changes == (
        Rename("geluid", "Geluid", "Lawaai", "zo heet het"),
        Move("geluid", "buiten", "mensen", "hoort daar"),
        Redefine("groen", "ruimer"),
        Merge(("buren",), "geluid", "vaak samen"),
    )
    made = edits.retire(
        edits.split(with_new(draft), "groen", ["vocht", "buren"], "te breed"), "geluid", "weg"
    )
    assert made.book.changes[1:] == (
        Split("groen", ("vocht", "buren"), "te breed"),
        Retire("geluid", "weg"),
    )
    assert [code.id for code in made.book.usable] == ["vocht", "buren", "niets"]


def test_better_words_are_no_other_meaning(draft: Draft) -> None:
    made = edits.redefine(draft, "groen", "taal", include="park, tuin", recode=False)
    assert made.book.changes == (Redefine("groen", "taal", recode=False),)
    assert made.book.version == "1.2.1"
    again = edits.redefine(made, "groen", "toch ruimer", definition="Alles.", again=True)
    assert again.book.changes == (Redefine("groen", "toch ruimer"),)
    wording = edits.redefine(
        again, "groen", "taal", definition="Al het groen.", recode=False, again=True
    )
    assert wording.book.changes == (Redefine("groen", "taal"),), "the meaning did change before"


def test_back_to_what_was_released_leaves_no_change(draft: Draft) -> None:
    for there, back in (
        (
            lambda d: edits.rename(d, "groen", "Park", "w"),
            lambda d: edits.rename(d, "groen", "Groen", "w", again=True),
        ),
        (
            lambda d: edits.move(d, "groen", "mensen", "w"),
            lambda d: edits.move(d, "groen", "buiten", "w", again=True),
        ),
        (
            lambda d: edits.redefine(d, "groen", "w", definition="x"),
            lambda d: edits.redefine(d, "groen", "w", definition="Bomen en planten.", again=True),
        ),
        (with_new, lambda d: edits.retire(d, "vocht", "w")),
        (with_new, lambda d: edits.merge(d, ["vocht"], "groen", "w")),
        (with_new, lambda d: edits.split(d, "vocht", ["groen", "buren"], "w")),
    ):
        assert back(there(draft)).book == draft.book


def test_a_second_edit_of_the_kind_keeps_where_it_began(draft: Draft) -> None:
    once = edits.rename(draft, "groen", "Park", "a")
    twice = edits.rename(once, "groen", "Planten", "b", again=True)
    assert twice.book.changes == (Rename("groen", "Groen", "Planten", "b"),)


def test_the_same_edit_twice_changes_nothing(draft: Draft) -> None:
    assert edits.rename(draft, "groen", "Groen", "") is draft
    assert edits.move(draft, "groen", "buiten", "") is draft
    assert edits.redefine(draft, "groen", "", definition="Bomen en planten.") is draft
    grouped = edits.add_group(draft, Group("binnen", "Binnen"))
    assert edits.add_group(grouped, Group("binnen", "Binnen")) is grouped


def test_before_the_first_release_all_is_free() -> None:
    free = Draft(None, replace(BASE, version="1.0.0", released=""))
    made = edits.rename(free, "groen", "Park", "w")
    made = edits.merge(made, ["geluid"], "buren", "w")
    made = edits.add(made, Code("vocht", "Vocht", definition="Nat."), "w")
    assert made.book.changes == ()
    assert made.book.version == "1.0.0"
    assert made.book.find("geluid") is None


@pytest.mark.parametrize(
    ("key", "edit"),
    [
        ("no_such_code", lambda d: edits.rename(d, "gruen", "Park", "w")),
        ("is_retired", lambda d: edits.rename(d, "oud", "Park", "w")),
        ("id_used", lambda d: edits.add(d, Code("oud", "Nieuw"), "w")),
        ("id_used", lambda d: edits.add(d, Code("groen", "Nieuw"), "w")),
        ("bad_id", lambda d: edits.add(d, Code("Groen en zo", "Nieuw"), "w")),
        ("no_label", lambda d: edits.add(d, Code("nieuw", " "), "w")),
        ("label_used", lambda d: edits.add(d, Code("nieuw", "GROEN"), "w")),
        ("label_used", lambda d: edits.rename(d, "groen", "buren", "w")),
        ("no_label", lambda d: edits.rename(d, "groen", "", "w")),
        ("no_such_group", lambda d: edits.move(d, "groen", "mens", "w")),
        ("no_such_group", lambda d: edits.add(d, Code("nieuw", "Nieuw", "mens"), "w")),
        ("group_used", lambda d: edits.add_group(d, Group("mensen", "Anderen"))),
        ("group_used", lambda d: edits.add_group(d, Group("volk", "mensen"))),
        ("bad_id", lambda d: edits.add_group(d, Group("Wie?", "Wie"))),
        ("needs_why", lambda d: edits.retire(d, "groen", " ")),
        ("needs_why", lambda d: edits.add(d, Code("nieuw", "Nieuw"), "")),
        ("needs_why", lambda d: edits.redefine(d, "groen", "", definition="x")),
        ("merge_itself", lambda d: edits.merge(d, ["groen", "buren"], "groen", "w")),
        ("merge_itself", lambda d: edits.merge(d, ["buren", "buren"], "groen", "w")),
        ("merge_itself", lambda d: edits.merge(d, [], "groen", "w")),
        ("merge_exclusive", lambda d: edits.merge(d, ["groen"], "niets", "w")),
        ("is_retired", lambda d: edits.merge(d, ["groen"], "oud", "w")),
        ("split_few", lambda d: edits.split(d, "groen", ["buren"], "w")),
        ("split_few", lambda d: edits.split(d, "groen", ["buren", "buren"], "w")),
        ("split_few", lambda d: edits.split(d, "groen", ["groen", "buren"], "w")),
        ("no_such_code", lambda d: edits.split(d, "groen", ["buren", "x"], "w")),
        ("already", lambda d: edits.rename(edits.rename(d, "groen", "A", "w"), "groen", "B", "w")),
        ("already", lambda d: edits.move(edits.move(d, "groen", "", "w"), "groen", "mensen", "w")),
        (
            "in_use",
            lambda d: edits.retire(edits.merge(with_new(d), ["groen"], "vocht", "w"), "vocht", "w"),
        ),
    ],
)
def test_refused_with_what_to_do(draft: Draft, key: str, edit: Edit) -> None:
    with pytest.raises(InputError) as caught:
        edit(draft)
    (problem,) = caught.value.problems
    assert problem.key == f"codebook.edit.{key}"
    for language in LANGUAGES:
        assert message(problem.key, language, **problem.params)
        assert message(f"{problem.key}.remedy", language, **problem.params)


def test_differences_and_changes_in_words(draft: Draft) -> None:
    made = edits.split(with_new(draft), "groen", ["vocht", "buren"], "te breed")
    made = edits.merge(made, ["geluid"], "buren", "vaak samen")
    made = edits.rename(made, "buren", "Buurt", "ruimer")
    found = diff(BASE, made.book, made.book.changes)
    assert [(one.code, one.what) for one in found] == [
        ("geluid", "merged"),
        ("groen", "split"),
        ("vocht", "added"),
        ("buren", "label"),
    ]
    assert [difference_in_words(one, "nl") for one in found] == [
        "samengevoegd in buren (vaak samen)",
        "gesplitst in vocht, buren (te breed)",
        "nieuw: Vocht (gemist)",
        "label: 'Buren' werd 'Buurt' (ruimer)",
    ]
    for language in LANGUAGES:
        for change in made.book.changes:
            assert change.why in in_words(change, made.book, language)
    text = changelog(made.book, BASE)
    assert [text.count(why) for why in ("gemist", "te breed", "vaak samen", "ruimer")] == [1] * 4


# Codes below codes.

LOUD = replace(
    BASE,
    codes=(
        *BASE.codes,
        Code("verkeer", "Verkeer", "buiten", "Van auto's.", parent="geluid"),
        Code("motoren", "Motoren", "buiten", "Van motoren.", parent="verkeer"),
    ),
)


@pytest.fixture
def loud() -> Draft:
    return Draft(LOUD, replace(LOUD, version="1.2.1", released=""))


def test_a_code_moves_below_another_with_all_below_it(loud: Draft) -> None:
    made = edits.move(loud, "verkeer", "", "hoort bij mensen", parent="buren")
    assert made.book.changes == (
        Move("verkeer", "buiten", "mensen", "hoort bij mensen", "geluid", "buren"),
    )
    assert {c.id: (c.parent, c.group) for c in made.book.codes if c.parent} == {
        "verkeer": ("buren", "mensen"),
        "motoren": ("verkeer", "mensen"),
    }
    assert [(d.code, d.what) for d in diff(LOUD, made.book)] == [("verkeer", "parent")]
    assert check(made.book, [LOUD]) == []
    back = edits.move(made, "verkeer", "", "toch niet", again=True, parent="geluid")
    assert (back.book.codes, back.book.changes) == (LOUD.codes, ())


def test_the_group_of_the_top_goes_for_all_below_it(loud: Draft) -> None:
    made = edits.move(loud, "geluid", "mensen", "van buren")
    assert {c.group for c in made.book.codes if c.id in ("geluid", "verkeer", "motoren")} == {
        "mensen"
    }
    assert made.book.changes == (Move("geluid", "buiten", "mensen", "van buren"),)
    assert check(made.book, [LOUD]) == []
    top = edits.move(made, "motoren", "buiten", "los")
    assert top.book.changes[-1] == Move("motoren", "mensen", "buiten", "los", "verkeer", "")
    assert check(top.book, [LOUD]) == []


def test_a_new_code_stands_after_those_of_its_parent(draft: Draft) -> None:
    made = edits.add(draft, Code("nacht", "Nacht", "", "'s Nachts.", parent="geluid"), "erbij")
    made = edits.add(made, Code("dag", "Dag", "buiten", "Overdag.", parent="geluid"), "erbij")
    assert [code.id for code in made.book.codes][:4] == ["geluid", "nacht", "dag", "groen"]
    assert {code.group for code in made.book.codes[:3]} == {"buiten"}


@pytest.mark.parametrize(
    ("key", "edit"),
    [
        ("parent_ring", lambda d: edits.move(d, "geluid", "", "w", parent="motoren")),
        ("parent_ring", lambda d: edits.move(d, "geluid", "", "w", parent="geluid")),
        ("no_such_code", lambda d: edits.move(d, "geluid", "", "w", parent="lawaai")),
        ("is_retired", lambda d: edits.move(d, "geluid", "", "w", parent="oud")),
        ("parent_group", lambda d: edits.move(d, "groen", "buiten", "w", parent="buren")),
        ("has_below", lambda d: edits.retire(d, "geluid", "w")),
        ("has_below", lambda d: edits.merge(d, ["geluid", "motoren"], "groen", "w")),
        ("has_below", lambda d: edits.split(d, "geluid", ["groen", "buren"], "w")),
    ],
)
def test_a_code_with_others_below_it_does_not_leave_them_behind(
    loud: Draft, key: str, edit: Edit
) -> None:
    with pytest.raises(InputError) as caught:
        edit(loud)
    assert [one.key for one in caught.value.problems] == [f"codebook.edit.{key}"]


def test_a_family_merges_as_a_whole(loud: Draft) -> None:
    made = edits.merge(loud, ["geluid", "verkeer", "motoren"], "groen", "weinig gebruikt")
    assert [code.id for code in made.book.usable] == ["groen", "buren", "niets"]
    assert check(made.book, [LOUD]) == []
    with_new = edits.add(loud, Code("trein", "Trein", "", "Spoor.", parent="motoren"), "erbij")
    assert "trein" not in {c.id for c in edits.merge(with_new, ["trein"], "groen", "w").book.codes}
