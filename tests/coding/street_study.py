"""A small study whose answers hold names, emoji and signs, with coding by three coders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import write_plan
from themecoder.coding.quote_texts import quote_of
from themecoder.storage.atomic import csv_text
from themecoder.study import Study

CONFIG = """\
id = "straat"
title = "De straat"
language = "nl"
seed = 7

[survey]
file = "enquete.csv"
id = "nr"

[[questions]]
id = "q1"
text = "Wat vindt u van uw straat?"
label = "De straat"

[[questions]]
id = "q2"
text = "Wat kan er beter?"

[[attributes]]
id = "leeftijd"
column = "leeftijd"
label = "Leeftijd"
bands = [30]

[codebook]
id = "straat"

[coding]
coders = ["anna", "bram", "carla"]
"""
ANSWERS = (
    "De buren zijn aardig 🙂 maar de weg is luid, heel luid.",
    "Veel groen, fijne mensen.",
    "Mijn buurvrouw Marieke de Vries let op de kinderen, en Marieke de Vries zingt.",
    "👩🏽‍⚕️ in de straat, x\u0301 op de hoek;\naltijd lawaai.",
    "=SUM(A1) staat er, en ook 's nachts geluid.",
    "Veel groen, fijne mensen.",
)
BOOK = """\
id: straat
version: 1.0.0
language: nl
title: Mijn straat
released: null
groups:
- id: omgeving
  label: Omgeving
codes:
- id: geluid
  label: Geluid
  group: omgeving
  definition: Last van geluid.
- id: groen
  label: Groen, bomen; planten
  group: omgeving
  definition: Bomen, planten of een park.
- id: buren
  label: Buren
  definition: Wie er woont.
- id: niets
  label: Geen inhoud
  definition: Zegt niets over de straat.
  exclusive: true
changes: []
"""


def make_street(folder: Path, answers: Sequence[str] = ANSWERS) -> Path:
    """The study, its codebook released, nothing coded."""
    folder.mkdir(parents=True)
    (folder / "study.toml").write_text(CONFIG, encoding="utf-8")
    rows = [(f"R{n}", str(20 + 7 * n), text, text) for n, text in enumerate(answers, 1)]
    header = ("nr", "leeftijd", "q1", "q2")
    (folder / "enquete.csv").write_text(csv_text(header, rows), encoding="utf-8", newline="")
    (folder / "codebooks" / "straat").mkdir(parents=True)
    (folder / "codebooks" / "straat" / "draft.yaml").write_text(BOOK, encoding="utf-8")
    study = Study.open(folder)
    study.codebooks.release("2026-01-31")
    for question in ("q1", "q2"):
        lines = [f"R{n}:{question},geluid,0.8000" for n in range(1, len(answers) + 1)]
        text = "\n".join(["answer_id,code,score", *lines, ""])
        file = study.paths.suggestions(question)
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return folder


def put_coding(folder: Path) -> None:
    """Coding by anna and bram: quotes, also on a mask, a doubt, a remark, a skip, and no code."""
    study = Study.open(folder)
    texts = study.masked_texts()

    def coded(coder: str, who: str, *parts: tuple[str, str], **more: object) -> Coding:
        answer = texts[f"{who}:q1"]
        quotes = []
        for code, words in parts:
            if words:
                start = answer.original.rindex(words)
                quotes.append(quote_of(answer, start, start + len(words), code))
        codes = tuple(sorted({code for code, _ in parts}))
        state = "coded" if codes else "no_code"
        made = Coding(f"{who}:q1", coder, "1.0.0", state, codes, tuple(sorted(quotes)))
        return replace(made, source={"kind": "test"}, **more)  # type: ignore[arg-type]

    anna = [
        coded("anna", "R1", ("buren", "buren"), ("geluid", "luid"), comment="navragen; =1+1"),
        coded("anna", "R2", ("groen", "groen"), ("buren", ""), uncertain=True),
        coded("anna", "R3", ("buren", "Marieke de Vries zingt")),
        coded("anna", "R4", ("geluid", "x\u0301 op de hoek;\naltijd"), seconds=4.5),
        coded("anna", "R6"),
    ]
    bram = [
        coded("bram", "R1", ("geluid", "heel luid"), shown=("geluid",)),
        coded("bram", "R5", state="skipped"),
    ]
    write_codings(study.paths.coding("q1", "anna"), anna)
    write_codings(study.paths.coding("q1", "bram"), bram)


def plan_for(folder: Path, coder: str) -> None:
    """All answers to both questions, in the order of the file; every second one blind."""
    study = Study.open(folder)
    write_plan(
        study.paths.plan,
        [
            Planned(answer.question, answer.answer_id, coder, blind=place % 2 == 0, place=place)
            for question in study.questions
            for place, answer in enumerate(study.answers(question), 1)
        ],
    )
