"""What ``themecoder mine`` prints of themes that hardly come back."""

from __future__ import annotations

import pytest

from themecoder.masking.model import MaskedText
from themecoder.themes.command import print_themes
from themecoder.themes.model import Assignment, QuestionThemes, Theme
from themecoder.themes.store import StoredThemes
from themecoder.themes.tables import build_tables


@pytest.mark.parametrize(("language", "heading"), [("nl", "nauwelijks"), ("en", "hardly")])
def test_they_are_printed_under_a_heading_of_their_own(
    capsys: pytest.CaptureFixture[str], language: str, heading: str
) -> None:
    assert "nauwelijks" not in printed(capsys, language, (0.9, 0.3, 0.5))
    told = printed(capsys, language, (0.29, 0.9, 0.1))
    steady, said, loose = told.partition(heading)
    assert said
    assert "Groep twee" in steady and "Groep een" not in steady and "Groep drie" not in steady
    assert "Groep twee" not in loose and "Groep een" in loose and "Groep drie" in loose


def printed(
    capsys: pytest.CaptureFixture[str], language: str, stabilities: tuple[float, ...]
) -> str:
    themes = tuple(
        Theme(number, f"Groep {name}", (("woord", 0.5),), 1, stability, (f"r{number}:q1",), ())
        for number, (name, stability) in enumerate(
            zip(("een", "twee", "drie"), stabilities, strict=True), start=1
        )
    )
    parts = tuple(Assignment(f"r{number}:q1", number, 0.9, 0, 4) for number in (1, 2, 3))
    found = QuestionThemes("q1", themes, parts, (), {})
    stored = StoredThemes(found, (), 4, {"with_content": 3})
    texts = {part.answer_id: MaskedText("iets", (), "nl") for part in parts}
    print_themes(build_tables(stored, texts), language)
    return capsys.readouterr().out
