"""Masks by hand on all answers, as steps that can be taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import done, themecoder
from garden_study import CONFIG
from themecoder.errors import InputError
from themecoder.masking.decisions import Decision, decide_all
from themecoder.masking.model import Mask, MaskedText
from themecoder.masking.steps import MaskStep, accept_masks, mask_span, mask_words, undo_mask
from themecoder.workspace.folder import StudyFolder
from themecoder.workspace.masks import (
    answers_to_check,
    missed_words,
    take_back_mask_step,
    take_mask_step,
)

TEXTS = {
    "1:q1": "mevrouw Jansen hielp en fatima ook",
    "2:q1": "Fatima en Jansen waren er",
    "3:q1": "fatimazahra is een ander woord, Jansen niet",
}


def rules(text: str) -> MaskedText:
    """What rules would mask: the name Jansen."""
    places = [n for n in range(len(text)) if text.startswith("Jansen", n)]
    return MaskedText(text, tuple(Mask(n, n + 6, "name", "Jansen", "names.lower") for n in places))


FOUND = {answer: rules(text) for answer, text in TEXTS.items()}


def after(decisions: list[Decision], step: MaskStep) -> tuple[list[Decision], dict[str, str]]:
    now = step.applied(decisions)
    texts, stale = decide_all(FOUND, now)
    assert not stale
    return now, {answer: text.masked for answer, text in texts.items()}


def test_words_are_masked_wherever_they_stand_whole_and_undone_wherever_they_are() -> None:
    step = mask_span(FOUND, [], ("1:q1", 24, 30), "name", everywhere=True)
    decisions, shown = after([], step)
    assert shown["1:q1"] == "mevrouw [NAAM] hielp en [NAAM] ook"
    assert shown["2:q1"] == "[NAAM] en [NAAM] waren er"
    assert shown["3:q1"].startswith("fatimazahra")
    texts, _ = decide_all(FOUND, decisions)
    back = undo_mask(texts, decisions, ("2:q1", 0, 6), everywhere=True)
    assert after(decisions, back)[0] == []  # what a person added is forgotten, not undone
    gone = undo_mask(texts, decisions, ("1:q1", 8, 14), everywhere=True)
    decisions, shown = after(decisions, gone)
    assert all("Jansen" in text for text in shown.values())
    assert shown["2:q1"].startswith("[NAAM]")


def test_a_mask_gets_another_kind_and_only_what_is_meant_changes() -> None:
    step = mask_span(FOUND, [], ("1:q1", 8, 14), "place", everywhere=False)
    _, shown = after([], step)
    assert shown["1:q1"].startswith("mevrouw [PLAATS]")
    assert "[NAAM]" in shown["2:q1"]
    _, shown = after([], mask_span(FOUND, [], ("1:q1", 8, 14), "place", everywhere=True))
    assert "[NAAM]" not in "".join(shown.values())


def test_words_are_found_whatever_their_capitals() -> None:
    said = ("İbrahim hielp", "en ıbrahım ook", "IBRAHIM", "het ibrahimmen")
    texts = {f"{n}:q1": MaskedText(text) for n, text in enumerate(said)}
    step = mask_words(texts, [], "ibrahim", "name")
    assert [one.answer_id for one in step.put] == ["0:q1", "1:q1", "2:q1"]


def test_what_can_not_be_done_is_refused() -> None:
    for place in (("1:q1", 7, 8), ("1:q1", 5, 500), ("9:q1", 0, 3)):
        with pytest.raises(InputError):
            mask_span(FOUND, [], place, "name", everywhere=False)
    with pytest.raises(InputError):
        mask_span(FOUND, [], ("1:q1", 0, 7), "persoon", everywhere=False)
    with pytest.raises(InputError):
        undo_mask(FOUND, [], ("1:q1", 0, 7), everywhere=False)
    with pytest.raises(InputError):
        mask_words(FOUND, [], "Jansen", "name")  # it is masked everywhere
    _, shown = after([], mask_words(FOUND, [], "Jansen", "place"))
    assert sum("[PLAATS]" in text for text in shown.values()) == 3


PLACES = st.tuples(st.sampled_from(sorted(TEXTS)), st.integers(0, 20), st.integers(1, 9))
ACTS = st.lists(st.tuples(st.sampled_from(("mask", "undo", "accept")), PLACES, st.booleans()))


@given(ACTS)
def test_every_row_of_steps_can_be_taken_back(acts: list[tuple[str, tuple, bool]]) -> None:  # type: ignore[type-arg]
    decisions: list[Decision] = []
    states, steps = [decisions], []
    for what, (answer, start, length), everywhere in acts:
        texts, _ = decide_all(FOUND, decisions)
        try:
            if what == "mask":
                place = (answer, start, start + length)
                step = mask_span(texts, decisions, place, "name", everywhere)
            elif what == "accept":
                step = accept_masks(texts, decisions, [answer])
            else:
                mask = texts[answer].masks[start % max(len(texts[answer].masks), 1)]
                place = (answer, mask.start, mask.end)
                step = undo_mask(texts, decisions, place, everywhere)
        except (InputError, IndexError):
            continue
        decisions = step.applied(decisions)
        states.append(decisions)
        steps.append(step)
        if what == "mask":  # whoever masks something sees it masked, whatever was decided before
            text = decide_all(FOUND, decisions)[0][answer]
            assert any(m.start <= start and start + length <= m.end for m in text.masks)
    for step, before in zip(reversed(steps), reversed(states[:-1]), strict=True):
        decisions = step.reverse.applied(decisions)
        assert decisions == before


@pytest.fixture
def study(tmp_path: Path) -> Path:
    (tmp_path / "study.toml").write_text(CONFIG, encoding="utf-8")
    rows = ["nr,q1", "1,ik gebruik Qwibbel vaak", "2,dat is qwibbel zeker niet", "3,alles goed"]
    (tmp_path / "enquete.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return tmp_path


def test_a_name_that_no_rule_knows_is_found_masked_and_taken_back(study: Path) -> None:
    opened = StudyFolder.open(study)
    first = answers_to_check(opened)[0]
    assert [word.text for word in first.missed] == ["Qwibbel"]  # most to doubt, though not masked

    def leave(now: StudyFolder) -> MaskStep:
        texts, decisions = now.masked_texts(), now.mask_decisions()
        return accept_masks(texts, decisions, [first.answer_id], missed_words(now))

    looked_at, _ = take_mask_step(opened, leave)
    assert not any(one.open for one in answers_to_check(looked_at))
    assert not looked_at.stale_decisions()
    assert looked_at.masked_texts() == opened.masked_texts()
    done(study, "mask", "--back")
    assert "2" in done(study, "mask", "--add", "Qwibbel")
    opened = StudyFolder.open(study)
    assert "qwibbel" not in "".join(t.masked for t in opened.masked_texts().values()).lower()
    assert not answers_to_check(opened)[0].missed
    done(study, "mask", "--back")
    assert opened.mask_decisions() == []
    assert themecoder(study, "mask", "--add", "nergens").returncode == 2
    assert themecoder(study, "mask", "--undo", "Qwibbel").returncode == 2


def test_a_step_on_what_another_decided_meanwhile_is_refused(study: Path) -> None:
    opened = StudyFolder.open(study)

    def by_hand(now: StudyFolder) -> MaskStep:
        return mask_words(now.masked_texts(), now.mask_decisions(), "Qwibbel", "name")

    now, _ = take_mask_step(opened, by_hand)
    assert len(now.mask_decisions()) == 2
    lines = opened.paths.mask_decisions.read_text().splitlines()
    opened.paths.mask_decisions.write_text("\n".join(lines[:-1]) + "\n")
    with pytest.raises(InputError):
        take_back_mask_step(opened)
    assert len(opened.mask_decisions()) == 1
