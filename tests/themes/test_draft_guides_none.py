"""A person works through the themes of a run: what is in a draft changes none of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commands import done, themecoder

ABOUT = (
    ("nacht", "wakker", "bereikbaar"),
    ("gegevens", "privacy", "lekken"),
    ("koud", "machine", "gevoel"),
    ("wachtlijst", "wachten", "maanden"),
    ("gratis", "kosten", "betalen"),
)
ENDS = ("vind ik", "zeg ik altijd", "denk ik dan", "en dat telt", "zo is het", "merk ik vaak")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = tmp_path / "studie"
    folder.mkdir()
    texts = [
        f"{a} {b} {c} {end}"
        for (a, b, c) in ABOUT
        for a, b, c in ((a, b, c), (b, c, a))
        for end in ENDS
    ]
    rows = [f"r{n:02};{text}" for n, text in enumerate(texts)]
    (folder / "survey.csv").write_text("\n".join(["id;q1", *rows, ""]), encoding="utf-8")
    (folder / "study.toml").write_text(
        'id = "klein"\ntitle = "Klein"\n[survey]\nfile = "survey.csv"\nid = "id"\n'
        '[mining]\nencoders = ["lexical-tfidf-svd"]\n[codebook]\nid = "klein"\n'
        '[[questions]]\nid = "q1"\ntext = "Wat telt?"\n',
        encoding="utf-8",
    )
    return folder


def themes(study: Path) -> dict[int, dict[str, Any]]:
    found = json.loads((study / "themes" / "q1" / "themes.json").read_text(encoding="utf-8"))
    return {theme["id"]: theme for theme in found["themes"]}


def test_the_other_themes_keep_their_numbers_while_some_are_adopted(study: Path) -> None:
    done(study, "mine")
    before = themes(study)
    assert len(before) >= 4
    for theme in sorted(before)[:3]:
        done(study, "codebook", "adopt", "q1", str(theme), "--new", "--label", f"Code {theme}")
        done(study, "mine")
        after = themes(study)
        # what a theme is likened to in the codebook is all that may differ
        assert {t: {**one, "nearest_codes": []} for t, one in after.items()} == {
            t: {**one, "nearest_codes": []} for t, one in before.items()
        }


def test_a_draft_guides_only_once_it_is_released(study: Path) -> None:
    done(study, "mine")
    theme = min(themes(study))
    done(study, "codebook", "adopt", "q1", str(theme), "--new", "--label", "Het nieuwe")
    refused = themecoder(study, "mine", "--guided")
    assert refused.returncode == 2 and "codebook release" in refused.stderr
    done(study, "codebook", "redefine", "het_nieuwe", "--definition", "Wat telt", "--why", "w")
    done(study, "codebook", "release")
    done(study, "mine", "--guided")
    assert "Het nieuwe" in [one["label"] for one in themes(study).values()]
