"""Quotes in a cell: what is written is read back, and what a person types is understood."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.coding.exchange.model import ForeignQuote
from themecoder.coding.exchange.quote_cell import quotes_cell, read_quotes

TEXTS = st.text(st.sampled_from('ab "“”\n\t:;()1👩🏽‍⚕️e\u0301=-+'), min_size=1, max_size=30)


@st.composite
def quoted(draw: st.DrawFn) -> tuple[str, list[ForeignQuote]]:
    text = draw(TEXTS)
    quotes = []
    for code in draw(st.lists(st.sampled_from(("privacy", "echo", "a b")), max_size=4)):
        start = draw(st.integers(0, len(text) - 1))
        end = draw(st.integers(start + 1, len(text)))
        if text[start:end].strip():
            quotes.append(ForeignQuote(start, end, code, text[start:end]))
    return text, quotes


@given(quoted())
def test_written_quotes_are_read_back(case: tuple[str, list[ForeignQuote]]) -> None:
    text, quotes = case
    found = read_quotes(quotes_cell(quotes, text), text)
    assert found.quotes == tuple(sorted(set(quotes)))
    assert found.unread == found.missing == ()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("privacy: mijn data", "mijn data"),
        ('privacy: "mijn data"', "mijn data"),
        ("privacy:mijn data ", "mijn data"),
        ("Privacy: “Mijn  data”", "mijn data"),
        ('privacy: "mijn data" (2)', "mijn data"),
        ("privacy: «wie leest mee?»", "wie leest mee?"),
    ],
)
def test_what_a_person_types(typed: str, words: str) -> None:
    text = "Over mijn data: mijn data, en wie leest mee?"
    (quote,) = read_quotes(typed, text).quotes
    assert (text[quote.start : quote.end], quote.code.casefold()) == (words, "privacy")
    assert (quote.start > 10) is ("(2)" in typed or "wie" in typed)


def test_lines_that_name_no_quote_are_told() -> None:
    found = read_quotes('dit is niets\nprivacy: "andere woorden"\necho: "a" (3)\necho: b', "a b")
    assert found.unread == ("dit is niets",)
    assert found.missing == ('privacy: "andere woorden"', 'echo: "a" (3)')
    assert [quote.code for quote in found.quotes] == ["echo"]
