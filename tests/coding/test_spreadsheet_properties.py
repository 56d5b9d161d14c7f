"""Random coding written in each shape of a spreadsheet is read as it was written."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from themecoder.coding.exchange.cells import folded
from themecoder.coding.exchange.formats import read_coding
from themecoder.coding.exchange.model import ForeignQuote
from themecoder.coding.exchange.quote_places import QuotePlace, place_quote
from themecoder.coding.exchange.reading import KnownNames, ReadingOptions
from themecoder.coding.exchange.same_text import align, bare
from themecoder.masking.model import MaskedText

Codes = dict[str, tuple[str, ...]]
LETTERS = st.characters(categories=("Ll", "Lu"), max_codepoint=0x24F)
# labels with the signs that people put between codes, in themselves
LABELS = st.from_regex(r"[a-z][a-z0-9]{1,6}([ ,/&-]{1,2}[a-z0-9]{1,6}){0,2}", fullmatch=True)


@st.composite
def codings(draw: st.DrawFn) -> tuple[list[str], dict[str, Codes]]:
    """The codes of a codebook, and coder -> respondent -> codes of those that were seen."""
    labels = draw(st.lists(LABELS, min_size=2, max_size=6, unique_by=folded))
    people = [f"r{n}" for n in range(draw(st.integers(2, 8)))]
    own = st.lists(st.sampled_from(labels), max_size=3, unique=True).map(tuple)
    coders = {
        coder: {who: draw(own) for who in people if draw(st.booleans()) or who == people[0]}
        for coder in ("anna", "bram")
    }
    return labels, coders


def read(rows: Sequence[Sequence[str]], labels: Sequence[str]) -> dict[str, Codes]:
    known = KnownNames(
        codes=frozenset(labels),
        coders=frozenset(("anna", "bram")),
        questions={"q1": "q1"},
        respondents=frozenset(f"r{n}" for n in range(8)),
        respondent="wie",
    )
    with TemporaryDirectory() as folder:
        file = Path(folder) / "codering.csv"
        with file.open("w", encoding="utf-8", newline="") as handle:
            csv.writer(handle).writerows(rows)
        found: dict[str, Codes] = {}
        for coding in read_coding(file, ReadingOptions(separator=";"), known).codings:
            found.setdefault(coding.coder, {})[coding.respondent] = coding.codes
        return found


def same(found: dict[str, Codes], made: dict[str, Codes]) -> bool:
    def plain(codes: Codes) -> dict[str, set[str]]:
        return {who: {" ".join(code.split()) for code in own} for who, own in codes.items()}

    return {c: plain(own) for c, own in found.items()} == {c: plain(own) for c, own in made.items()}


@settings(max_examples=60)
@given(codings())
def test_a_column_per_coder(made: tuple[list[str], dict[str, Codes]]) -> None:
    labels, coders = made
    rows = [["wie", "codes anna", "codes bram"]]
    for who in sorted({who for own in coders.values() for who in own}):
        cells = [
            "; ".join(own[who]) or "geen code" if who in own else "" for own in coders.values()
        ]
        rows.append([who, *cells])
    assert same(read(rows, labels), coders)


@settings(max_examples=60)
@given(codings())
def test_a_row_per_coder(made: tuple[list[str], dict[str, Codes]]) -> None:
    labels, coders = made
    rows = [["wie", "codeur", "codes"]]
    for coder, own in coders.items():
        rows += [[who, coder, ";".join(codes) or "-"] for who, codes in own.items()]
    assert same(read(rows, labels), coders)


@settings(max_examples=60)
@given(codings())
def test_zeros_and_ones_per_coder(made: tuple[list[str], dict[str, Codes]]) -> None:
    labels, coders = made
    rows = [["wie", "codeur", *(f"{label}" for label in labels)]]
    for coder, own in coders.items():
        rows += [
            [who, coder, *("1" if label in codes else "0" for label in labels)]
            for who, codes in own.items()
        ]
    assert same(read(rows, labels), coders)


@given(st.text(st.one_of(LETTERS, st.sampled_from(" \n🙂́é👩‍🔬")), min_size=1), st.data())
def test_a_quote_is_carried_to_a_text_with_other_white_space(
    text: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    there = data.draw(st.sampled_from(["{}", "  {}", "{} \n"])).format(text.replace(" ", "  "))
    alignment = align(text, there)
    assert alignment is not None
    assume(bare(text[start:end]))
    carried = alignment.carried(start, end)
    assert carried is not None
    place = place_quote(
        ForeignQuote(*carried, "a", there[slice(*carried)]), there, text, lambda: MaskedText(text)
    )
    assert isinstance(place, QuotePlace)
    assert bare(text[place.start : place.end]) == bare(there[slice(*carried)])
    assert place.start >= start
    assert place.end <= end
