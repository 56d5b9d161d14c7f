"""One open question of the shipped study as a study of its own: every step, and less time."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections import Counter
from pathlib import Path

from shipped import ROOT, copy_caches


def made(folder: Path, warm: Path | None = None) -> Path:
    """A study of the shipped answers to q18 and of its figures."""
    folder.mkdir()
    if warm is not None:
        copy_caches(warm, folder)
    for name in ("data", "codebooks"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copytree(ROOT / "annotations" / "q18", folder / "annotations" / "q18")
    settings = (ROOT / "study.toml").read_text(encoding="utf-8")
    blocks = re.split(r"(?m)^(?=\[)", settings)
    kept = [
        block for block in blocks if not block.startswith("[[questions]]") or 'id = "q18"' in block
    ]
    assert len(kept) == len(blocks) - 3
    (folder / "study.toml").write_text("".join(kept), encoding="utf-8")
    (folder / "reports").mkdir()
    shutil.copy(ROOT / "reports" / "quoted_figures.csv", folder / "reports")
    return folder


def made_small(folder: Path, warm: Path | None = None) -> Path:
    """The same with sixty answers, those that most coders coded, and fewer figures. Respondents
    who were not asked stay: the closed questions refer to what they answered."""
    made(folder, warm)
    coding = {
        file: file.read_text(encoding="utf-8").splitlines(keepends=True)
        for file in sorted((folder / "annotations" / "q18").glob("*.jsonl"))
    }
    coders = Counter(_respondent(line) for lines in coding.values() for line in lines)
    chosen = {one for one, _ in sorted(coders.items(), key=lambda one: (-one[1], one[0]))[:60]}
    for file, lines in coding.items():
        file.write_text("".join(one for one in lines if _respondent(one) in chosen), "utf-8")
    survey = folder / "data" / "survey.csv"
    with survey.open(encoding="utf-8-sig", newline="") as handle:
        head, *rows = csv.reader(handle, delimiter=";")
    who, asked = head.index("respondent_id"), head.index("q3")
    with survey.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows(
            [head, *(row for row in rows if row[asked] != "b" or row[who] in chosen)]
        )
    figures = folder / "reports" / "quoted_figures.csv"
    lines = figures.read_text(encoding="utf-8").splitlines(keepends=True)
    figures.write_text("".join(lines[:60]), encoding="utf-8")
    return folder


def _respondent(line: str) -> str:
    return str(json.loads(line)["answer_id"]).partition(":")[0]
