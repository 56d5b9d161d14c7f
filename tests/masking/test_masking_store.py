"""Masks kept between runs, and the detectors that need files or packages."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from themecoder.masking import store as mask_store
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.masker import Masker
from themecoder.masking.store import mask_all, masking_fingerprint


@dataclass(frozen=True)
class Answer:
    answer_id: str
    text: str


ANSWERS = [
    Answer("1:q7", "mijn psych marieke zegt van niet"),
    Answer("2:q7", "mijn psych marieke zegt van niet"),
    Answer("3:q7", "Bel 06-12345678 👍 of niet"),
    Answer("4:q7", ""),
    Answer("5:q7", "niets bijzonders"),
]


@pytest.mark.slow
def test_a_second_run_reads_the_same_masks_without_loading_anything(tmp_path: Path) -> None:
    """The same result, and neither lists nor deduce are touched."""
    cache = tmp_path / ".themecoder" / "masks.sqlite"
    loads: list[str] = []
    first = mask_all(ANSWERS, cache=cache, loading=lambda: loads.append("first"))
    assert first["1:q7"].masked == "mijn psych [NAAM] zegt van niet"
    assert first["3:q7"].masked == "Bel [TELEFOON] 👍 of niet"
    assert list(first) == [a.answer_id for a in ANSWERS]
    second = mask_all(ANSWERS, cache=cache, loading=lambda: loads.append("second"))
    assert second == first
    assert loads == ["first"]
    # positions only: no text of an answer lies in the cache
    assert b"marieke" not in cache.read_bytes()
    script = (
        "import sys, pathlib; sys.path.insert(0, 'tests/masking')\n"
        "from test_masking_store import ANSWERS\n"
        "from themecoder.masking.store import mask_all\n"
        f"mask_all(ANSWERS, cache=pathlib.Path({str(cache)!r}))\n"
        "assert not {'deduce', 'docdeid', 'spacy', 'torch', 'pandas'} & set(sys.modules)"
    )
    root = Path(__file__).parents[2]
    subprocess.run([sys.executable, "-c", script], check=True, cwd=root)


@pytest.mark.slow
def test_a_damaged_cache_is_made_anew_and_an_unwritable_one_does_without(tmp_path: Path) -> None:
    """A cache is never a reason to fail, nor to give another result."""
    expected = mask_all(ANSWERS)
    damaged = tmp_path / "masks.sqlite"
    damaged.write_bytes(b"SQLite format 3\x00" + os.urandom(5000))
    assert mask_all(ANSWERS, cache=damaged) == expected
    assert mask_all(ANSWERS, cache=damaged, loading=pytest.fail) == expected
    nowhere = tmp_path / "file" / "masks.sqlite"
    nowhere.parent.write_text("a file, not a folder")
    assert mask_all(ANSWERS, cache=nowhere) == expected


def test_the_key_changes_with_all_that_a_mask_depends_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Language, lists, installed versions, rules."""
    base = masking_fingerprint("nl", [], {})
    assert masking_fingerprint("nl", [], {}) == base
    assert masking_fingerprint("en", [], {}) != base
    assert masking_fingerprint("nl", ["Rust"], {}) != base
    assert masking_fingerprint("nl", [], {"Rust": "name"}) != base
    monkeypatch.setattr(mask_store, "installed_version", lambda package: "0")
    assert masking_fingerprint("nl", [], {}) != base


@pytest.mark.slow
def test_deduce_is_built_in_seconds_and_leaves_logging_as_it_was(tmp_path: Path) -> None:
    """Its import sets up root logging and warnings; a detector's must not."""
    script = (
        "import logging, sys, time, warnings\n"
        "def state():\n"
        "    root = logging.getLogger()\n"
        "    return list(root.handlers), root.level, list(warnings.filters)\n"
        "before = state()\n"
        "from themecoder.masking.detectors.deduce_nl import DeduceDetector\n"
        "found = DeduceDetector()('Ik sprak met Marieke de Vries op 12 maart 2024, 33 jaar')\n"
        "assert before == state()\n"
        "print([(m.kind, m.text) for m in found])"
    )
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=tmp_path
    )
    assert done.stdout.strip() == "[('name', 'Marieke de Vries')]"
    assert time.monotonic() - began < 30
    assert list(tmp_path.iterdir()) == []
    assert logging.getLogger("deduce").level == logging.NOTSET


@pytest.mark.slow
def test_the_entities_of_a_spacy_pipeline_strengthen_the_rules(tmp_path: Path) -> None:
    """A pipeline on disk is loaded for its people and places; products are weighed out."""
    import spacy

    from themecoder.masking.detectors.spacy_entities import SpacyDetector, load_entity_pipeline
    from themecoder.masking.lists import load_lexicon

    nlp = spacy.blank("nl")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns(  # type: ignore[attr-defined]
        [
            {"label": "PERSON", "pattern": "Qwendolijn"},
            {"label": "PERSON", "pattern": "ChatGPT"},
            {"label": "ORG", "pattern": "Zorgbel"},
        ]
    )
    nlp.to_disk(tmp_path / "pipeline")
    text = "De app van Zorgbel is van Qwendolijn, niet van ChatGPT."
    lexicon = load_lexicon()
    assert Masker(lexicon, learned=False).mask(text).masked == text
    detector = SpacyDetector(load_entity_pipeline(str(tmp_path / "pipeline")))
    masked = Masker(lexicon, [detector], learned=False).mask(text)
    assert masked.masked == "De app van Zorgbel is van [NAAM], niet van ChatGPT."


def test_lists_of_a_study_allow_and_forbid() -> None:
    """Allowed strings stay whatever the rules say; forbidden ones go, as whole words."""
    masker = Masker(
        NameLexicon(), allow=["06-12345678"], forbid={"De  Zon": "institution", "boom": "other"}
    )
    masked = masker.mask("Bij de zon: 06-12345678, en 06-87654321. Bomen, BOOM.")
    assert masked.masked == "Bij [INSTELLING]: 06-12345678, en [TELEFOON]. Bomen, [VERBORGEN]."


def test_a_forbidden_string_of_an_unknown_kind_is_refused() -> None:
    """A typing error in a kind is not found out by a hole in a report."""
    with pytest.raises(ValueError, match="naam"):
        Masker(NameLexicon(), forbid={"Jan": "naam"})


def test_a_text_longer_than_any_answer_is_masked_piece_by_piece() -> None:
    """Time grows with the length, and every piece's masks are where they are in the whole."""
    text = "Bel 06-12345678 vandaag. " * 800 + "0" * 5000
    masked = Masker(NameLexicon()).mask(text)
    assert len(masked.masks) == 800
    assert {m.text for m in masked.masks} == {"06-12345678"}
