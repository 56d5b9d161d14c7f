"""A small study to bring coding into: two questions, three coders, a codebook of two versions."""

from __future__ import annotations

from pathlib import Path

CODERS = ("anna", "bram", "cor")
CODES = ("privacy", "echo", "tijd", "geen_inhoud")
ANSWERS = {
    "q1": {
        "101": "Mijn data ligt overal op straat",
        "102": "het praat je naar de mond, een échte echokamer 🙂",
        "103": "Scheelt tijd en wachten",
        "104": "Weet niet",
        "105": "privacy vooral; en het kost tijd",
        "106": "Ik vertrouw  het niet\nmet mijn gegevens",
        "107": "Weet niet",
        "108": "Sneller dan een afspraak",
    },
    "q2": {
        "101": "Niets",
        "102": "Dat het altijd gelijk geeft",
        "103": "Meer mensen, minder machine",
        "104": "Weet niet",
    },
}
BOOK = """\
id: mens
version: 1.0.0
language: nl
title: Mens en machine
released: '2026-01-01'
groups: []
codes:
- id: privacy
  label: Privacy en data
  definition: Over gegevens.
- id: echo
  label: Echokamer, meepraten
  definition: Het praat mee.
- id: tijd
  label: Tijd en gemak
  definition: Sneller of makkelijker.
- id: geen_inhoud
  label: Geen inhoud
  definition: Zegt niets.
  exclusive: true
changes: []
"""
CONFIG = """\
id = "mens"
title = "Mens en machine"
language = "nl"

[survey]
file = "data/enquete.csv"
id = "respid"

[[questions]]
id = "q1"
column = "V1"
text = "Wat vindt u ervan?"

[[questions]]
id = "q2"
column = "V2"
text = "Wat moet er anders?"

[codebook]
id = "mens"

[coding]
coders = ["anna", "bram", "cor"]
"""


def make_study(folder: Path) -> Path:
    """The study in ``folder``, with its codebook as files of other people are: without hashes."""
    (folder / "data").mkdir(parents=True)
    (folder / "codebooks" / "mens").mkdir(parents=True)
    (folder / "study.toml").write_text(CONFIG, encoding="utf-8")
    (folder / "codebooks" / "mens" / "1.0.0.yaml").write_text(BOOK, encoding="utf-8")
    rows = ["respid;V1;V2;leeftijd;privacy"]
    for n, respondent in enumerate(ANSWERS["q1"]):
        cells = [ANSWERS[q].get(respondent, "").replace('"', '""') for q in ANSWERS]
        rows.append(";".join([respondent, *(f'"{cell}"' for cell in cells), str(30 + n), "1"]))
    (folder / "data" / "enquete.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder
