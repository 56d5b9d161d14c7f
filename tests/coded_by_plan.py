"""The shipped study, coded as far as somebody got in the order of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from commands import done
from shipped import copy_shipped
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.model import Coding
from themecoder.coding.plan_file import read_plan

STATED = 'source = "coder:coder_a"'


def source_is(study: Path, source: str) -> None:
    """Set whose coding study.toml counts."""
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    assert STATED in text
    config.write_text(text.replace(STATED, f'source = "{source}"'), encoding="utf-8")


def coder_a_codings(study: Path) -> dict[str, Coding]:
    """answer_id -> the coding of coder_a."""
    files = sorted((study / "annotations").glob("q*/coder_a.jsonl"))
    return {coding.answer_id: coding for file in files for coding in read_codings(file)}


def code_by_plan(study: Path, codings: Mapping[str, Coding], places: int) -> None:
    """Each coder codes the first ``places`` answers of their row of each question, all of them as
    in ``codings``; other coding is taken away."""
    for file in (study / "annotations").glob("q*/*.jsonl"):
        file.unlink()
    rows: dict[tuple[str, str], list[Coding]] = {}
    for row in read_plan(study / "annotations" / "plan.csv"):
        if row.place <= places and row.answer_id in codings:
            own = replace(codings[row.answer_id], coder=row.coder)
            rows.setdefault((row.question, row.coder), []).append(own)
    for (question, coder), own in rows.items():
        write_codings(study / "annotations" / question / f"{coder}.jsonl", own)


def coded_in_part(folder: Path, warm: Path | None, places: int) -> None:
    """Three coders coded the first ``places`` answers of their rows; a fifth is for two of them."""
    copy_shipped(folder, quoted=True, warm=warm)
    source_is(folder, "decided")
    only_gender(folder)
    codings = coder_a_codings(folder)
    done(folder, "plan", "--double", "20%")
    code_by_plan(folder, codings, places)


def only_gender(folder: Path) -> None:
    """One attribute: hiding with all of them takes most of the time, and is tested elsewhere."""
    config = folder / "study.toml"
    first, *parts = config.read_text(encoding="utf-8").split("[[attributes]]\n")
    kept = next(part for part in parts if part.startswith('id = "gender"'))
    after = parts[-1][parts[-1].index("\n# ") :]
    text = f"{first}[[attributes]]\n{kept}{after}"
    config.write_text(text.replace('["gender", "leeftijd"]', '["gender"]'), encoding="utf-8")
