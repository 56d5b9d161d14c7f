"""Quotes, and a small study with coded answers, made up for tests."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding, Quote
from themecoder.quotes.context import Passage
from themecoder.quotes.model import QuoteCandidate

TOML = """
id = "klein"
title = "Klein"
language = "nl"
[survey]
file = "survey.csv"
id = "nr"
[[questions]]
id = "q1"
label = "Waarom?"
[[questions]]
id = "q2"
label = "Verder nog iets?"
[[attributes]]
id = "leeftijd"
label = "Leeftijd"
bands = [25, 50]
[[attributes]]
id = "plaats"
label = "Woonplaats"
[codebook]
id = "boek"
[coding]
coders = ["an", "bo"]
[quotes]
consent = "mag=ja"
attributes = ["leeftijd", "plaats"]
diversity = "words"
per_code = 3
[report]
smallest_cell = 2
"""
BOOK = """
id: boek
version: 1.0.0
language: nl
title: Boek
released: null
groups:
- {id: g, label: Groep}
codes:
- {id: hulp, label: Hulp, group: g, definition: Het helpt.}
- {id: zorg, label: Zorg, group: g, definition: Zorgen.}
- {id: niets, label: Niets, group: g, definition: Geen inhoud., exclusive: true}
- {id: oud, label: Oud, group: g, definition: Vroeger., retired: true}
changes: []
"""
# nr -> mag, leeftijd, plaats, q1, q2
PEOPLE: Mapping[str, tuple[str, str, str, str, str]] = {
    "r1": ("ja", "20", "Ede", "=2+3 het helpt mij elke dag bij slapen", "de zorg is mij te duur"),
    "r2": ("ja", "22", "Ede", "ik vind het een grote hulp bij verdriet", "slaap er beter door"),
    "r3": ("ja", "23", "Wijk", "- het helpt soms, maar niet altijd even goed", ""),
    "r4": ("nee", "60", "Ede", "het helpt mij elke avond om te praten", ""),
    "r5": ("ja", "61", "Urk", "praten met een machine helpt mij toch ook", "nee"),
    "r6": ("ja", "62", "Urk", "+1: hulp is hulp, zo simpel is dat", ""),
    "r7": ("ja", "30", "Urk", "geen zin in zorg met computer", "wel hulp gehad *echt* <b>"),
}


def candidate(
    respondent: str,
    text: str,
    *,
    question: str = "q1",
    start: int = 0,
    code: str = "hulp",
    marked: bool = True,
    favourite: bool = False,
    traits: Sequence[str] = (),
) -> QuoteCandidate:
    passage = Passage(start, start + len(text), "", text, "")
    return QuoteCandidate(
        code,
        f"{respondent}:{question}",
        respondent,
        question,
        passage,
        marked,
        favourite,
        frozenset(traits),
    )


def coding(answer_id: str, code: str, *words: str, comment: str = "") -> Coding:
    """``words``: what is marked; none: the answer as a whole has the code."""
    nr, _, question = answer_id.partition(":")
    text = PEOPLE[nr][3 if question == "q1" else 4]
    quotes = tuple(
        sorted(Quote(text.index(one), text.index(one) + len(one), code, one) for one in words)
    )
    return Coding(answer_id, "an", "1.0.0", "coded", (code,), quotes, comment=comment)


CODINGS = (
    coding("r1:q1", "hulp", "=2+3 het helpt mij elke dag"),
    coding("r1:q2", "zorg"),
    coding("r2:q1", "hulp", "een grote hulp bij verdriet", "ik vind het"),
    coding("r2:q2", "hulp", "slaap er beter door"),
    coding("r3:q1", "hulp", "- het helpt soms", comment="mooi, #citaat!"),
    coding("r4:q1", "hulp", "het helpt mij elke avond"),
    coding("r5:q1", "hulp"),
    coding("r5:q2", "hulp"),
    coding("r6:q1", "hulp", "+1: hulp is hulp"),
    coding("r7:q1", "zorg", "geen zin in zorg"),
    coding("r7:q2", "hulp", "hulp gehad *echt* <b>"),
)


def make_study(folder: Path, codings: Sequence[Coding] = CODINGS) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "study.toml").write_text(TOML, encoding="utf-8")
    with (folder / "survey.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.writer(handle)
        writer.writerow(["nr", "mag", "leeftijd", "plaats", "q1", "q2"])
        writer.writerows([nr, *cells] for nr, cells in PEOPLE.items())
    (folder / "codebooks" / "boek").mkdir(parents=True)
    (folder / "codebooks" / "boek" / "draft.yaml").write_text(BOOK, encoding="utf-8")
    write_coding(folder, codings)
    return folder


def write_coding(folder: Path, codings: Sequence[Coding]) -> None:
    shutil.rmtree(folder / "annotations", ignore_errors=True)
    for question in ("q1", "q2"):
        rows = [one for one in codings if one.question == question]
        file = folder / "annotations" / question / "an.jsonl"
        file.parent.mkdir(parents=True)
        write_codings(file, rows)
