"""The alarm on a study: a tracker in which one code is used for something else in its last wave."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from random import Random

import pytest

from commands import done, snapshot, themecoder
from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding

SUBJECTS = {
    "geld": ("duur", "betalen", "kosten", "prijs", "rekening", "euro"),
    "tijd": ("wachten", "weken", "lang", "afspraak", "traag", "agenda"),
    "mens": ("gesprek", "luisteren", "aandacht", "warm", "persoonlijk", "begrip"),
    "zeldzaam": ("lift", "drempel", "rolstoel", "trap", "deur", "helling"),
}
PARKING = ("parkeren", "auto", "plek", "garage", "straat", "rijden")
FILLED = ("ik vind dat", "het gaat om", "volgens mij is er", "wat mij opvalt is", "eigenlijk toch")
STUDY = """id = "tracker"
title = "Peiling"
[survey]
file = "data.csv"
id = "id"
[[questions]]
id = "q1"
text = "Wat vindt u?"
[[attributes]]
id = "golf"
[codebook]
id = "boek"
[coding]
coders = ["anna"]
[mining]
encoders = ["lexical-tfidf-svd"]
"""
BOOK = """id: boek
version: 1.0.0
language: nl
title: Boek
released: 2026-01-01
codes:
  - {id: geld, label: Geld, definition: Wat het kost}
  - {id: tijd, label: Tijd, definition: Hoe lang het duurt}
  - {id: mens, label: Menselijkheid, definition: Hoe men met u omgaat}
  - {id: zeldzaam, label: Gebouw, definition: Het gebouw}
"""


def tracker(folder: Path, drifts: bool, blind: bool = True) -> Path:
    """Three waves of some 70 answers; two in the last have the rarest code. Where it ``drifts``,
    money is in the last wave given to what is said of parking. Time is named ever more often."""
    random = Random(1)
    rows, made = ["id,golf,q1"], []
    for wave in range(1, 4):
        codes = ["geld"] * 20 + ["tijd"] * (10 + 6 * wave) + ["mens"] * (34 - 6 * wave)
        codes += ["zeldzaam"] * (6 if wave < 3 else 2)
        for n, code in enumerate(codes):
            words = PARKING if drifts and (wave, code) == (3, "geld") else SUBJECTS[code]
            who = f"w{wave}n{n}"
            rows.append(f"{who},{wave},{random.choice(FILLED)} {' '.join(random.sample(words, 3))}")
            shown = None if blind else (code,)
            made.append(Coding(f"{who}:q1", "anna", "1.0.0", "coded", (code,), shown=shown))
    (folder / "data.csv").write_text("\n".join(rows), encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")
    (folder / "codebooks" / "boek").mkdir(parents=True)
    (folder / "codebooks" / "boek" / "1.0.0.yaml").write_text(BOOK, encoding="utf-8")
    write_codings(folder / "annotations" / "q1" / "anna.jsonl", made)
    return folder


def table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.mark.slow
def test_the_command_alarms_for_the_code_that_drifts_and_tells_no_text(tmp_path: Path) -> None:
    study = tracker(tmp_path, drifts=True)
    found = themecoder(study, "drift", "golf")
    assert found.returncode == 1, found.stderr
    rows = {row["code"]: row for row in table(study / "reports" / "drift.csv")}
    assert {code: row["verdict"] for code, row in rows.items()} == {
        **{"geld": "drifts", "tijd": "holds", "mens": "holds", "zeldzaam": "small"}
    }
    assert float(rows["geld"]["change"]) < 0 and float(rows["geld"]["p_holm"]) < 0.05
    assert (rows["geld"]["n_old"], rows["geld"]["n_new"]) == ("40", "20")
    assert set(rows["zeldzaam"].values()) == {"zeldzaam", "small", ""}
    (unlike,) = table(study / "reports" / "drift_unlike.csv")
    assert unlike["verdict"] == "drifts" and float(unlike["ci_low"]) > 0.1
    assert "verschuift" in found.stdout and "Geld" in found.stdout
    shared = b"".join(file for name, file in snapshot(study / "reports").items() if "/" not in name)
    assert b"w3n" not in shared and b"parkeren" not in shared

    to_read = table(study / "reports" / "internal" / "drift_answers.csv")
    new = {row["answer_id"] for row in to_read if row["why"] == "geld" and row["given"] == "1"}
    assert new == {f"w3n{n}:q1" for n in range(20)}

    # the wave before it is as those before were; the last has no part in it
    calm = json.loads(themecoder(study, "drift", "golf", "--new", "2", "--json").stdout)
    assert (calm["earlier"], calm["new"], calm["learned_from"]) == (["1"], "2", 70)
    assert {row["verdict"] for row in calm["codes"]} == {"holds", "too_few"}


@pytest.mark.slow
def test_what_has_no_waves_or_no_blind_coding_is_told(tmp_path: Path) -> None:
    study = tracker(tmp_path, drifts=False, blind=False)
    for words, said in (
        (("golf", "--new", "1"), "geen eerdere golf"),
        (("golf", "--new", "9"), "'9' is geen golf"),
        (("plaats",), "plaats is geen kenmerk"),
        (("golf",), "zonder suggesties gecodeerd"),
    ):
        found = themecoder(study, "drift", *words)
        assert (found.returncode, said in found.stderr) == (2, True), found.stderr
        assert not (study / "reports").exists()
    assert "met suggesties gecodeerd" in done(study, "drift", "golf", "--prompted")
