"""Kinds of details that no list has, names masked whole, and the strict level."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

import pytest

from themecoder.masking.masker import Masker
from themecoder.masking.public import named_machines
from themecoder.masking.store import build_masker
from themecoder.masking.tokens import View

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))


@lru_cache(maxsize=2)
def masker(level: str = "normal") -> Masker:
    return build_masker(level=level)


def masked(text: str, level: str = "normal") -> str:
    return masker(level).mask(text).masked


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ik praat met joris dijkveld", "ik praat met [NAAM]"),
        ("psychiater Op de Hoek schreef pillen", "psychiater [NAAM] schreef pillen"),
        ("Van der Meulen heeft me ontslagen", "[NAAM] heeft me ontslagen"),
        ("MIJN DOKTER DE VRIES WIL NIET", "MIJN DOKTER [NAAM] WIL NIET"),
        ("Mees (8) vroeg waarom", "[NAAM] (8) vroeg waarom"),
        ("Storm (12) zit op voetbal", "[NAAM] (12) zit op voetbal"),
        ("Wil van de inloop is lief", "[NAAM] van de inloop is lief"),
        ("Mijn ex, Danique Verstappen, is weg", "Mijn ex, [NAAM], is weg"),
        ("mijn fysio Rob van Hal helpt", "mijn fysio [NAAM] helpt"),
        ("mijn dochter Elke heeft dat gezegd", "mijn dochter [NAAM] heeft dat gezegd"),
        ("ik sta er als P0093312 in", "ik sta er als [NUMMER] in"),
        ("Ayşe abla kookt voor ons", "[NAAM] kookt voor ons"),
        ("ik lag in het Wilhelmina Ziekenhuis", "ik lag in [INSTELLING]"),
        ("Bij GGZ Westerschelde lachten ze", "Bij [INSTELLING] lachten ze"),
        ("Mijn zoon zit bij vv Heerjansdam.", "Mijn zoon zit bij [INSTELLING]."),
        ("ik zing bij koor vivace", "ik zing bij [INSTELLING]"),
        ("I was at Riverside Clinic for a year", "I was at [INSTELLING] for a year"),
        ("ons huis op de vinkenslag 3 is oud", "ons huis op [ADRES] is oud"),
        ("Als J. belt schiet ik in de stress", "Als [NAAM] belt schiet ik in de stress"),
        ("Ik praat met M. over vroeger", "Ik praat met [NAAM] over vroeger"),
        ("Stuur maar naar Postbus 3170, 7900 DD Hoogeveen", "Stuur maar naar [ADRES]"),
        ("ik woon in kolderveen", "ik woon in [PLAATS]"),
    ],
)
def test_a_detail_is_masked_whole(text: str, expected: str) -> None:
    assert masked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "De Sint komt en ik ween.",
        "Faith in humanity, dat mist hier.",
        "De film met de stem van Scarlett Johansson.",
        "Hij heet bij mij Gerrit, die chatbot.",
        "Mijn paard Luna luistert beter.",
        "I named my plant Kevin.",
        "Annie M.G. Schmidt wist het al, en J.K. Rowling ook.",
        "Grey's Anatomy is geen opleiding.",
        "Max Verstappen reed hard.",
        "Alleen dát telt.",
        "Joost mag weten waarom.",
        "de kliniek zelf was prima",
        "mijn man koffie aan het zetten",
        "in week 12 van de therapie",
        "Als A. niet lukt dan B. proberen",
        "dat ik iemand opzadel met mijn problemen zodra ik mijn mond opendoe",
        "Cognitive Behavioural Therapy works on paper",
        "We draaien SAP en Salesforce, en ik zat te appen met een npc",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert masked(text) == text


def test_what_a_beast_or_a_machine_is_called_is_no_person() -> None:
    """Who stands beside a beast is one."""
    for text, named in (
        ("Onze hond, Boris, slaapt", "boris"),
        ("Die bot van mij, ik zeg Bep", "bep"),
        ("I call my plant Kevin", "kevin"),
    ):
        assert named in named_machines(View(text))
    assert "cees" not in named_machines(View("De man met de hond, Cees, zegt gedag"))


def test_the_strict_level_masks_unknown_words_with_a_capital() -> None:
    text = "Ik zag Xyloria bij ChatGPT in Nederland."
    assert masked(text) == text
    assert masked(text, "strict") == "Ik zag [VERBORGEN] bij ChatGPT in Nederland."


def test_the_parts_of_the_generated_set_share_nothing() -> None:
    """Otherwise what is measured as unseen was seen; and the same answers come on every run."""
    import tomllib

    from masking import generated  # type: ignore[import-not-found]

    parts = tomllib.loads((ROOT / "benchmarks" / "masking_parts.toml").read_text("utf-8"))
    for name in parts["tuning"]:
        tuning, unseen = (
            set(part[name].split() if isinstance(part[name], str) else part[name])
            for part in (parts["tuning"], parts["unseen"])
        )
        assert not tuning & unseen, name
    assert generated("unseen") == generated("unseen")
