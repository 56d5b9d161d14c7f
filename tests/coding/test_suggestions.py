"""What is learned from coding, and ``themecoder suggestions`` on a study of its own."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from commands import done, snapshot, themecoder
from night_study import answer, line, made_night_study
from themecoder.codebook.model import Code, Codebook
from themecoder.coding.model import Coding, Quote
from themecoder.coding.suggestions.files import read_suggestions
from themecoder.coding.suggestions.learning import Adopted, coded_answers
from themecoder.coding.suggestions.study_suggestions import likely_codes
from themecoder.masking.model import MaskedText
from themecoder.themes.code_texts import code_texts
from themecoder.themes.known import KnownStudy
from themecoder.themes.segments import Segment

TEXT = "Heel handig in de nacht. Wel koud."
FIRST, SECOND = (0, 24), (25, 34)
BOOK = Codebook(
    "boek", "1.0.0", (Code("a", "A"), Code("b", "B"), Code("leeg", "Leeg", exclusive=True))
)
KNOWN = KnownStudy(
    cast("Any", SimpleNamespace()),
    ("r1:q1", "r2:q1"),
    tuple(
        Segment(answer, start, end, TEXT[start:end])
        for answer in ("r1:q1", "r2:q1")
        for start, end in (FIRST, SECOND)
    ),
    ("a", "b"),
)
MASKED = {answer: MaskedText(TEXT, (), "nl") for answer in KNOWN.answers}


def coding(answer: str, codes: str, *quotes: tuple[str, int, int], **more: Any) -> Coding:
    made = tuple(Quote(start, end, code, TEXT[start:end]) for code, start, end in quotes)
    state = "coded" if codes else "no_code"
    return Coding(answer, "anna", "1.0.0", state, tuple(codes.split()), made, **more)


def learned(
    by_coder: dict[str, list[Coding]], decisions: Sequence[Coding] = (), adopted: Any = ()
) -> Any:
    return coded_answers(KNOWN, by_coder, decisions, MASKED, adopted, BOOK)


def test_a_quote_says_which_segment_carries_its_code() -> None:
    found = learned({"anna": [coding("r2:q1", "a b", ("a", 0, 23), ("b", 25, 34))]})
    assert found.answers.tolist() == [1]
    assert found.codes.tolist() == [[1, 1]]
    assert found.segments.tolist() == [2, 3]
    assert found.segment_codes.tolist() == [[1, 0], [0, 1]]


def test_codes_without_quotes_say_nothing_of_segments() -> None:
    found = learned({"anna": [coding("r1:q1", "a b", ("a", 0, 23))]})
    assert found.codes.tolist() == [[1, 1]] and not len(found.segments)


def test_no_code_is_learned_from_and_skipped_is_not() -> None:
    rows = [coding("r1:q1", ""), Coding("r2:q1", "anna", "1.0.0", "skipped")]
    found = learned({"anna": rows})
    assert found.answers.tolist() == [0] and found.codes.tolist() == [[0, 0]]
    # nothing applies to any of its segments either
    assert found.segments.tolist() == [0, 1] and not found.segment_codes.any()


def test_an_exclusive_code_is_no_code_of_content() -> None:
    assert learned({"anna": [coding("r1:q1", "leeg")]}).codes.tolist() == [[0, 0]]


def test_coders_share_an_answer_and_the_blind_one_weighs_more() -> None:
    blind, prompted = coding("r1:q1", "a"), coding("r1:q1", "b", shown=("b",))
    (share,) = learned({"anna": [blind], "bram": [prompted]}).codes
    assert share.sum() == pytest.approx(1) and share[0] > share[1]
    alone = learned({"bram": [prompted]})
    assert alone.weights[0] < learned({"anna": [blind]}).weights[0]


def test_what_a_person_decided_stands_alone() -> None:
    decision = coding("r1:q1", "b", source={"kind": "person"})
    found = learned({"anna": [coding("r1:q1", "a")]}, (decision,))
    assert found.codes.tolist() == [[0, 1]] and found.weights.tolist() == [1]


def test_another_version_and_what_waits_to_be_recoded_teach_nothing() -> None:
    old = Coding("r1:q1", "anna", "0.9.0", "coded", ("a",))
    mark = {
        "from": "0.9.0",
        "stale": [{"code": "a", "was": "a", "since": "1.0.0", "reason": "split"}],
    }
    stale = coding("r2:q1", "a", source={"carried": mark})
    assert not len(learned({"anna": [old, stale]}).answers)


def test_an_adopted_theme_speaks_for_its_segments_softly() -> None:
    found = learned({}, adopted=[Adopted(3, "b", 0.8)])
    assert found.segments.tolist() == [3] and found.segment_codes.tolist() == [[0, 1]]
    assert 0 < found.segment_weights[0] < 0.5 and not len(found.answers)


def test_the_likeliest_codes_come_first_and_unlikely_ones_not_at_all() -> None:
    found = likely_codes(np.array([0.2, 0.9, 0.04, 0.2]), ("d", "a", "b", "c"))
    assert found == [("a", 0.9), ("c", 0.2), ("d", 0.2)]


def test_a_codebooks_texts_are_taken_for_what_they_are() -> None:
    codes = (
        Code("a", "Nacht", definition="Altijd bereikbaar", exclude="Koud gevoel: b; lang wachten"),
        Code("b", "Kil"),
    )
    found = [(t.code, t.text, t.kind, t.instead) for t in code_texts(Codebook("x", "1.0.0", codes))]
    assert found == [
        ("a", "Nacht", 0, ""),
        ("a", "Altijd bereikbaar", 0, ""),
        ("a", "Koud gevoel", 2, "b"),
        ("a", "lang wachten", 2, ""),
        ("b", "Kil", 0, ""),
    ]


# --- a study of its own ---

N = 18
NIGHTS = [f"r{n:03}:q1" for n in range(N) if answer(n)[1] == "nacht"]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return made_night_study(tmp_path / "studie", N)


def test_suggestions_are_written_and_a_second_time_changes_nothing(study: Path) -> None:
    said = done(study, "suggestions")
    assert "0 gecodeerde antwoorden" in said
    found = read_suggestions(study / "suggestions" / "q1.csv")
    assert len(found) == N
    for n in range(N):
        assert found[f"r{n:03}:q1"][0][0] == answer(n)[1]
    before = snapshot(study / "suggestions")
    done(study, "suggestions")
    assert snapshot(study / "suggestions") == before


def test_an_example_of_the_codebook_is_learned_from(study: Path) -> None:
    """Nothing but the example says what zuinig is about."""
    file = study / "codebooks" / "klein" / "1.0.0.yaml"
    said = "bij de buren is het gezellig en we drinken koffie samen"
    survey = study / "survey.csv"
    survey.write_text(survey.read_text(encoding="utf-8") + f"r900;{said}, dus\n", encoding="utf-8")
    code = "- id: zuinig\n  label: zuinig\n  definition: anders dan de rest\n"
    plain = file.read_text(encoding="utf-8") + code
    file.write_text(plain, encoding="utf-8")
    done(study, "suggestions")
    before = dict(read_suggestions(study / "suggestions" / "q1.csv").get("r900:q1", []))
    file.write_text(plain + f"  examples:\n  - typical: {said}\n", encoding="utf-8")
    done(study, "suggestions")
    after = read_suggestions(study / "suggestions" / "q1.csv")["r900:q1"]
    assert after[0][0] == "zuinig" and after[0][1] > before.get("zuinig", 0) + 0.1


def test_that_suggestions_are_older_than_the_codebook_or_the_coding_is_said(study: Path) -> None:
    told = "themecoder suggestions"
    assert told not in themecoder(study, "status").stderr
    done(study, "suggestions")
    assert told not in themecoder(study, "status").stderr
    file = study / "codebooks" / "klein" / "1.0.0.yaml"
    before = file.read_bytes()
    file.write_bytes(before.replace(b"koude machine", b"koude robot", 1))
    assert told in themecoder(study, "status").stderr
    found = json.loads(done(study, "status", "--json"))
    assert found["stale_suggestions"] == ["q1"]
    file.write_bytes(before)
    assert told not in themecoder(study, "status").stderr
    folder = study / "annotations" / "q1"
    folder.mkdir(parents=True)
    (folder / "anna.jsonl").write_text("", encoding="utf-8")
    assert told in themecoder(study, "status").stderr
    done(study, "suggestions")
    assert told not in themecoder(study, "status").stderr
    # of a file that says nothing of what it was made from nobody knows that it is up to date
    (study / "suggestions" / "learned_from.json").unlink()
    assert told in themecoder(study, "status").stderr


def test_what_is_coded_is_learned_from(study: Path) -> None:
    """The coder calls everything about the night kil: so will the suggestions."""
    done(study, "suggestions")
    before = read_suggestions(study / "suggestions" / "q1.csv")
    folder = study / "annotations" / "q1"
    folder.mkdir(parents=True)
    *coded, left = NIGHTS
    lines = [
        line(f"r{n:03}:q1", ["kil" if answer(n)[1] == "nacht" else answer(n)[1]])
        for n in range(N)
        if f"r{n:03}:q1" != left
    ]
    (folder / "anna.jsonl").write_text("".join(lines), encoding="utf-8")
    found = json.loads(done(study, "suggestions", "--json"))
    assert found["learned_from"] == N - 1 and len(coded) > 2
    after = read_suggestions(study / "suggestions" / "q1.csv")
    assert before[left][0][0] == "nacht" and after[left][0][0] == "kil"


def test_without_a_codebook_there_is_nothing_to_suggest(study: Path) -> None:
    (study / "codebooks" / "klein" / "1.0.0.yaml").unlink()
    found = themecoder(study, "suggestions")
    assert found.returncode == 2 and not (study / "suggestions").exists()


def test_an_unknown_question_is_named(study: Path) -> None:
    found = themecoder(study, "suggestions", "-q", "q99")
    assert found.returncode == 2 and "q99" in found.stderr
