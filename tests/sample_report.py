"""A small study of which a report can be made: two coders, a closed question."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from sample_quotes import CODINGS, make_study
from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding
from themecoder.coding.suggestions.files import write_suggestions

CLOSED = """
[[closed]]
id = "mag"
kind = "single"
text = "Mogen wij u citeren?"
values = { ja = "Ja, dat mag", nee = "Nee" }
"""


def make_reported(folder: Path) -> Path:
    """The sample of quotes, coded by an and bo, and with what a machine suggests."""
    make_study(folder)
    change(folder, "[codebook]", CLOSED + "[codebook]")
    change(folder, 'coders = ["an", "bo"]', 'coders = ["an", "bo"]\n[counts]\nsource = "coder:an"')
    write_coder(folder, "bo", [one for one in CODINGS if one.answer_id != "r5:q1"])
    for question in ("q1", "q2"):
        mine = [one for one in CODINGS if one.question == question]
        write_suggestions(
            folder / "suggestions" / f"{question}.csv",
            {one.answer_id: [(code, 0.9) for code in one.codes] for one in mine},
        )
    return folder


def write_coder(folder: Path, coder: str, codings: Sequence[Coding]) -> None:
    for question in ("q1", "q2"):
        rows = [replace(one, coder=coder) for one in codings if one.question == question]
        write_codings(folder / "annotations" / question / f"{coder}.jsonl", rows)


def change(folder: Path, old: str, new: str, name: str = "study.toml") -> None:
    """Replace ``old`` in a file of the study, which must have it."""
    file = folder / name
    text = file.read_text(encoding="utf-8")
    assert old in text, old
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def with_templates(folder: Path, html: str, word: bytes | None = None) -> None:
    """The study with templates of its own."""
    (folder / "templates").mkdir(exist_ok=True)
    (folder / "templates" / "eigen.html.jinja").write_text(html, encoding="utf-8")
    keys = 'template = "templates/eigen.html.jinja"\n'
    if word is not None:
        (folder / "templates" / "eigen.docx").write_bytes(word)
        keys += 'template_docx = "templates/eigen.docx"\n'
    change(folder, "[report]\n", "[report]\n" + keys)


def copied(folder: Path, to: Path) -> Path:
    """A copy with its masks kept: masking loads its lists once."""
    shutil.copytree(folder, to)
    return to
