"""Numbers, addresses and dates by their shape and their check digits: no lists needed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.rules import contact, dates, numbers
from themecoder.masking.tokens import View

_EMPTY = NameLexicon()


def found(rule: object, text: str) -> list[tuple[str, str]]:
    return [(m.kind, m.text) for m in rule.find(View(text), _EMPTY)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "number",
    [
        "06-12345678",
        "06 12 34 56 78",
        "06 - 12 34 56 78",
        "+31 (0)6 12345678",
        "0031612345678",
        "(0528) 26 12 34",
        "010-1234567",
        "0474/12.34.56",
        "+32 474 12 34 56",
        "02 123 45 67",
        "+49 151 23456789",
    ],
)
def test_a_telephone_number_is_found_whole(number: str) -> None:
    """Dutch, Belgian and foreign, with the separators that people use."""
    assert ("phone", number) in found(numbers, f"bel {number} maar")


@pytest.mark.parametrize(
    "text",
    [
        "bel 112",
        "0800-0113",
        "0900 0767",
        "van 1-10",
        "24/7",
        "10.000.000 mensen",
        "0,5 tot 0,7",
        "2023-2024 was zwaar",
    ],
)
def test_public_numbers_and_amounts_stay(text: str) -> None:
    """Service numbers, scales, amounts and years identify nobody."""
    assert found(numbers, text) == []


@given(st.integers(10_000_000, 99_999_998))
def test_a_citizen_number_is_one_when_its_check_holds(body: int) -> None:
    """Of nine digits exactly those with a right last digit pass the eleven test."""
    total = sum(w * int(d) for w, d in zip(range(9, 1, -1), f"{body:08d}", strict=True))
    for last in range(10):
        assert numbers.elfproef(f"{body:08d}{last}") == ((total - last) % 11 == 0)


@given(st.integers(0, 10**10 - 1), st.sampled_from("ABNAINGBRABOSNSB"))
def test_an_iban_with_one_digit_changed_fails_its_check(number: int, _: str) -> None:
    """ISO 13616: every change of a single digit is seen."""
    bank = f"{number:010d}"
    check = 98 - int("".join(str(int(c, 36)) for c in f"ABNA{bank}NL00")) % 97
    iban = f"NL{check:02d}ABNA{bank}"
    assert numbers.iban_valid(iban)
    changed = iban[:-1] + str((int(iban[-1]) + 1) % 10)
    assert not numbers.iban_valid(changed)


def test_the_belgian_register_number_of_the_published_example() -> None:
    """85.07.30-033.28 is the example of the Belgian state; 00.01.25-567.77 one since 2000."""
    assert numbers.register_valid("85073003328")
    assert numbers.register_valid("00012556777")
    assert not numbers.register_valid("00012556778")
    assert ("citizen_number", "85.07.30-033.28") in found(numbers, "nr 85.07.30-033.28")


@pytest.mark.parametrize(
    "address",
    [
        "jan.devries@gmail.com",
        "naam at gmail punt com",
        "info (at) hof (punt) nl",
        "piet apenstaartje ziggo.nl",
        "j.b@zorg.example",
    ],
)
def test_an_e_mail_address_is_found_also_when_spoken(address: str) -> None:
    """Written, or with words for the signs."""
    assert ("email", address) in found(contact, f"mail {address}")


def test_a_page_that_anyone_could_name_stays() -> None:
    """A bare public domain is no trace; a page behind it is."""
    lexicon = NameLexicon(public_domains=frozenset({"bare:chatgpt.com", "mind.nl"}))
    assert contact.public_page("https://chatgpt.com", lexicon.public_domains)
    assert not contact.public_page("https://chatgpt.com/share/12", lexicon.public_domains)
    assert contact.public_page("www.mind.nl/hulp", lexicon.public_domains)
    assert not contact.public_page("mijnblog.nl", lexicon.public_domains)


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("geboren op 12 maart 1987", "12 maart 1987"),
        ("geb. 3-4-91", "3-4-91"),
        ("ik ben van 14.08.1979", "14.08.1979"),
        ("geboren in 1958", "1958"),
        ("23 okt 1990 geboren", "23 okt 1990"),
    ],
)
def test_a_date_of_birth_is_found(text: str, date: str) -> None:
    """After a cue in any form; without one when it is a whole date of long ago."""
    assert ("birth_date", date) in found(dates, text)


@pytest.mark.parametrize(
    "text",
    ["op 12 maart 2024 opgenomen", "sinds 1987", "11 september 2001", "5 mei", "om 12-1 gelopen"],
)
def test_a_date_of_an_event_stays(text: str) -> None:
    """Dates of what happened identify nobody by themselves."""
    assert found(dates, text) == []
