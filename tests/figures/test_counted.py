"""A draft is checked against the study's own counts where nobody listed its figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from coding_study import make_study
from themecoder.coding.annotations import write_codings
from themecoder.coding.model import Coding
from themecoder.figures.counted import check_any_draft
from themecoder.figures.drafts.model import Verdict
from themecoder.workspace.folder import StudyFolder

DRAFT = """# Resultaten

Bij de vraag wat men ervan vindt noemt 37,5% privacy en data (n = 3).

Tijd en gemak wordt genoemd door 61% van de respondenten.
"""


@pytest.mark.parametrize("smallest", [1, 5])
def test_numbers_are_tied_to_counts_unless_those_are_hidden(tmp_path: Path, smallest: int) -> None:
    root = make_study(tmp_path / "study")
    config = root / "study.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(f"{text}\n[report]\nsmallest_cell = {smallest}\n", encoding="utf-8")
    study = StudyFolder.open(root)
    codes = {"101": ("privacy",), "105": ("privacy", "tijd"), "106": ("privacy",), "103": ("tijd",)}
    codings = [
        Coding(f"{n}:q1", "anna", "1.0.0", "coded" if n in codes else "no_code", codes.get(n, ()))
        for n in map(str, range(101, 109))
    ]
    write_codings(study.paths.coding("q1", "anna"), codings)
    draft = tmp_path / "draft.md"
    draft.write_text(DRAFT, encoding="utf-8")
    found = {one.text: one for one in check_any_draft(study, draft)}
    if smallest == 1:
        assert found["37,5%"].verdict == Verdict.TIED
        assert found["37,5%"].ids == ("q1:privacy",)
        assert found["61%"].verdict != Verdict.TIED
    else:
        assert "25" not in found["61%"].expected, "what is hidden is not told"
