"""A tracker that grows by a wave: what was there stays, and shares are those of the coding."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from waves import Tracker


@pytest.mark.slow
def test_themes_and_coding_stay_and_shares_are_true(tmp_path: Path) -> None:
    tracker = Tracker(tmp_path / "tracker", 80, guided=False, encoders=("lexical-tfidf-svd",))
    first, second = tracker.grow(1), tracker.grow(2)
    assert (first.answers, second.answers) == (80, 160)
    # the suggestions for a wave rest on those before it, but for answers without content
    assert first.learned == 0 and 70 < second.learned <= 80
    assert (first.lost, second.lost) == (0, 0)
    assert second.kept > 0 and second.strayed == 0
    wrong, compared, hidden = tracker.differing()
    assert (wrong, compared > 10, hidden > 0) == (0, True, True)
