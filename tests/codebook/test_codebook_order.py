"""Codes in another order, split into new parts, and changes of a draft taken back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from themecoder.codebook import edits
from themecoder.codebook.changes import Add, Move, Split
from themecoder.codebook.checks import check
from themecoder.codebook.draft import Draft
from themecoder.codebook.files.document import CodebookDocument
from themecoder.codebook.model import Code, Codebook, Group
from themecoder.codebook.order import place_beside, step
from themecoder.codebook.parts import split_into
from themecoder.codebook.taking_back import last_change, take_back
from themecoder.errors import InputError

BASE = Codebook(
    "wonen",
    "1.2.0",
    (
        Code("geluid", "Geluid", "buiten", "Last van geluid.", questions=("q1",)),
        Code("verkeer", "Verkeer", "buiten", "Auto's.", parent="geluid"),
        Code("trein", "Trein", "buiten", "Treinen.", parent="verkeer"),
        Code("groen", "Groen", "buiten", "Bomen."),
        Code("lucht", "Lucht", "buiten", "Stank."),
        Code("buren", "Buren", "mensen", "Wie er woont."),
    ),
    (Group("buiten", "Buiten"), Group("mensen", "Mensen")),
    "Wonen",
    "nl",
    "2026-03-01",
)
START = Draft(BASE, replace(BASE, version="1.2.1", released=""))


def ids(draft: Draft) -> list[str]:
    return [code.id for code in draft.book.codes]


def test_a_code_takes_its_family_along_and_stands_behind_that_of_the_other() -> None:
    last = place_beside(START, "geluid", "lucht", "", after=True)
    assert ids(last) == ["groen", "lucht", "geluid", "verkeer", "trein", "buren"]
    assert last.book.changes == ()
    behind = place_beside(START, "lucht", "geluid", "", after=True)
    assert ids(behind) == ["geluid", "verkeer", "trein", "lucht", "groen", "buren"]
    first = place_beside(START, "lucht", "geluid", "", after=False)
    assert ids(first)[0] == "lucht"
    assert check(last.book, [BASE]) == []


def test_beside_a_code_of_elsewhere_it_is_moved_there() -> None:
    made = place_beside(START, "geluid", "buren", "bij mensen", after=False)
    assert ids(made) == ["groen", "lucht", "geluid", "verkeer", "trein", "buren"]
    assert {made.book.find(one).group for one in ("geluid", "trein")} == {"mensen"}  # type: ignore[union-attr]
    assert made.book.changes == (Move("geluid", "buiten", "mensen", "bij mensen"),)
    with pytest.raises(InputError):
        place_beside(START, "geluid", "buren", "", after=False)
    with pytest.raises(InputError):
        place_beside(START, "geluid", "trein", "w", after=False)


def test_up_and_down_among_those_beside_it_and_no_further() -> None:
    down = step(START, "geluid", 1)
    assert ids(down) == ["groen", "geluid", "verkeer", "trein", "lucht", "buren"]
    assert step(down, "geluid", -1).book == START.book
    assert step(START, "geluid", -1).book == START.book
    assert step(START, "buren", 1).book == START.book
    assert step(START, "trein", 1).book == START.book
    retired = edits.retire(START, "groen", "weg")
    assert ids(step(retired, "lucht", -1))[0] == "lucht"


def test_a_split_makes_the_parts_that_are_not_there() -> None:
    made = split_into(START, "groen", ["Bomen", "Gras & park"], ["lucht"], "twee dingen")
    assert ids(made)[3:6] == ["groen", "bomen", "gras_park"]
    assert made.book.changes == (
        Add("bomen", "twee dingen"),
        Add("gras_park", "twee dingen"),
        Split("groen", ("lucht", "bomen", "gras_park"), "twee dingen"),
    )
    of_a_part = split_into(START, "trein", ["Goederen", "Reizigers"], [], "w").book
    assert {of_a_part.find(one).parent for one in ("goederen", "reizigers")} == {"verkeer"}  # type: ignore[union-attr]
    first = Draft(None, replace(BASE, released=""))
    assert split_into(first, "groen", ["Bomen", "Gras"], [], "w").book.find("groen") is None
    with pytest.raises(InputError):
        split_into(START, "groen", ["Lucht", "Gras"], [], "w")


@pytest.mark.parametrize(
    "edit",
    [
        lambda d: edits.add(d, Code("vocht", "Vocht", "buiten"), "w"),
        lambda d: edits.rename(d, "groen", "Park", "w"),
        lambda d: edits.move(d, "groen", "mensen", "w"),
        lambda d: edits.move(d, "verkeer", "mensen", "w"),
        lambda d: edits.redefine(d, "groen", "w", definition="Alles.", include="gras"),
        lambda d: edits.merge(d, ["groen", "lucht"], "buren", "w"),
        lambda d: edits.split(d, "groen", ["lucht", "buren"], "w"),
        lambda d: edits.retire(d, "trein", "w"),
    ],
)
def test_what_is_taken_back_is_as_it_was_released(edit: Callable[[Draft], Draft]) -> None:
    other = edits.rename(START, "buren", "De buren", "anders")
    made = edit(other)
    (change,) = [one for one in made.book.changes if one not in other.book.changes]
    assert take_back(made, change).book == other.book


def test_what_stands_in_the_way_is_taken_back_first() -> None:
    made = split_into(START, "groen", ["Bomen", "Gras"], [], "w")
    with pytest.raises(InputError, match="bomen"):
        take_back(made, made.book.changes[0])
    taken = edits.rename(edits.retire(START, "groen", "w"), "lucht", "Groen", "w")
    with pytest.raises(InputError, match="Groen"):
        take_back(taken, taken.book.changes[0])
    below = edits.retire(edits.retire(START, "trein", "w"), "verkeer", "w")
    with pytest.raises(InputError, match="verkeer"):
        take_back(below, below.book.changes[0])


def test_the_last_change_of_a_code_is_found_also_where_it_was_one_of_several() -> None:
    renamed = edits.rename(START, "groen", "Gras", "w")
    merged = edits.merge(renamed, ["lucht", "groen"], "buren", "w")
    assert last_change(renamed, "groen") == renamed.book.changes[0]
    assert last_change(merged, "groen") == merged.book.changes[-1]
    for code in ("buren", "nergens"):
        with pytest.raises(InputError, match=code):
            last_change(merged, code)


TYPED = """\
# Codeboek van de wijk
id: wonen
version: 1.2.1
language: nl
title: Wonen
released: null
groups:
- {id: buiten, label: Buiten}
codes:
# eerst wat te horen is
- id: geluid   # overlegd met de gemeente
  label: 'Geluid'
  group: buiten
  definition: >-
    Last van
    geluid.

# Bomen horen hier ook bij
- id: groen
  label: Groen
  group: buiten
  definition: "Bomen."  # niet: de tuin

- id: lucht
  label: Lucht
  group: buiten
  definition: Stank.
changes: []
"""


def test_in_the_file_codes_move_with_their_comments() -> None:
    document = CodebookDocument(TYPED, Path("draft.yaml"))
    assert document.findings == []
    draft = Draft(None, document.codebook)
    moved = document.changed(place_beside(draft, "groen", "lucht", "", after=True).book)
    assert moved == TYPED.replace(
        "# Bomen horen hier ook bij\n- id: groen\n  label: Groen\n  group: buiten\n"
        '  definition: "Bomen."  # niet: de tuin\n\n- id: lucht\n  label: Lucht\n'
        "  group: buiten\n  definition: Stank.\n",
        "- id: lucht\n  label: Lucht\n  group: buiten\n  definition: Stank.\n\n"
        "# Bomen horen hier ook bij\n- id: groen\n  label: Groen\n  group: buiten\n"
        '  definition: "Bomen."  # niet: de tuin\n',
    )
    # moved, renamed, added and taken out in one change
    book = edits.rename(place_beside(draft, "lucht", "geluid", "", after=False), "lucht", "L", "w")
    book = edits.retire(edits.add(book, Code("stoep", "Stoep", "buiten"), "w"), "groen", "w")
    both = document.changed(book.book)
    assert both.index("id: lucht") < both.index("id: geluid   # overlegd") < both.index("id: stoep")
    assert "# eerst wat te horen is" in both and "label: L\n" in both and "groen" not in both
