"""``mine`` on more answers than are compared with all others, and than are grouped together."""

from __future__ import annotations

import csv
import json
from itertools import product
from pathlib import Path

import pytest

from commands import done

pytestmark = [pytest.mark.slow, pytest.mark.long(20)]

ABOUT = (
    ("nacht", "wakker", "bereikbaar", "altijd"),
    ("gegevens", "privacy", "lekken", "opslaan"),
    ("koud", "machine", "gevoel", "mens"),
    ("wachtlijst", "wachten", "maanden", "sneller"),
)
ENDS = ("vind ik", "zeg ik", "denk ik", "dat telt", "zo is het", "merk ik", "vaak", "telkens")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "studie"
    folder.mkdir()
    texts = [
        f"{words[i]} {words[j]} {words[(i + 1) % 4]} {begin} {end}"
        for words, i, j, begin, end in product(ABOUT, range(4), range(4), ENDS[:4], ENDS[4:])
    ]
    rows = [f"r{n:04};{text}" for n, text in enumerate(texts)]
    (folder / "survey.csv").write_text("\n".join(["id;q1", *rows, ""]), encoding="utf-8")
    (folder / "study.toml").write_text(
        'id = "veel"\ntitle = "Veel"\n[survey]\nfile = "survey.csv"\nid = "id"\n'
        '[mining]\nencoders = ["lexical-tfidf-svd"]\nexact_up_to = 500\nsample = 1000\n'
        '[[questions]]\nid = "q1"\ntext = "Wat telt?"\n',
        encoding="utf-8",
    )
    return folder


def test_what_was_not_done_with_all_answers_is_said_and_kept(study: Path) -> None:
    said = done(study, "mine")
    files = sorted((study / "themes" / "q1").iterdir())
    document = json.loads((study / "themes" / "q1" / "themes.json").read_text(encoding="utf-8"))
    made_with = document["made_with"]
    assert made_with["with_content"] == 1024
    assert made_with["neighbours"]["recall"] >= 0.98
    assert made_with["sample"]["answers"] == 1000
    assert made_with["sample"]["placed_alike"] > 0.8
    assert sum(theme["size"] for theme in document["themes"]) >= 1024
    page = (study / "reports" / "themes.html").read_text(encoding="utf-8")
    for text in (said, page):
        assert "een index zocht" in text
        assert "steekproef van 1.000 antwoorden" in text
    before = [file.read_bytes() for file in files]
    done(study, "mine")
    assert [file.read_bytes() for file in files] == before


def test_a_codebook_guides_in_a_sample_and_the_others_are_placed(study: Path) -> None:
    """The answers to one code's words are in one theme, in the sample or not."""
    config = (study / "study.toml").read_text(encoding="utf-8")
    config = config.replace("[mining]", '[codebook]\nid = "c"\n[mining]')
    (study / "study.toml").write_text(config, encoding="utf-8")
    head, *first = (study / "survey.csv").read_text(encoding="utf-8").splitlines()
    second = [f"s{line.removeprefix('r')} echt" for line in first]
    (study / "survey.csv").write_text("\n".join([head, *first, *second, ""]), encoding="utf-8")
    for words in ABOUT:
        definition = ("--definition", f"Over {' en '.join(words)}", "--why", "komt voor")
        done(study, "codebook", "add", words[0], "--label", words[0].title(), *definition)
    done(study, "codebook", "release")
    said = done(study, "mine")
    assert "steekproef van 1.000 antwoorden" in said
    folder = study / "themes" / "q1"
    document = json.loads((folder / "themes.json").read_text(encoding="utf-8"))
    assert document["made_with"]["guided_by"] == "c 1.0.0"
    assert document["made_with"]["sample"]["answers"] == 1000
    assert document["made_with"]["sample"]["placed_alike"] > 0.8
    by_label = {theme["label"]: theme["id"] for theme in document["themes"]}
    assert {words[0].title() for words in ABOUT} <= by_label.keys()
    with (folder / "assignments.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    answers = study.joinpath("survey.csv").read_text(encoding="utf-8").splitlines()[1:]
    texts = dict(line.split(";") for line in answers)
    assert {row["answer_id"].split(":")[0] for row in rows} == texts.keys()
    for words in ABOUT:
        inside = {
            row["answer_id"].split(":")[0]
            for row in rows
            if row["theme"] == str(by_label[words[0].title()])
        }
        about = {name for name, text in texts.items() if set(words) & set(text.split())}
        assert len(inside & about) > 0.9 * len(about)
        assert len(inside & about) > 0.9 * len(inside)
    before = [file.read_bytes() for file in sorted(folder.iterdir())]
    done(study, "mine")
    assert [file.read_bytes() for file in sorted(folder.iterdir())] == before
