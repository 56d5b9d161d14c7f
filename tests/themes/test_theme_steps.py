"""Steps on candidate themes: what each does, that undo undoes, that a replay says what it can't."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands import done, snapshot, themecoder
from garden_study import CONFIG
from themecoder.errors import InputError
from themecoder.messages import LANGUAGES, render
from themecoder.study import Study
from themecoder.themes.lineage import became
from themecoder.themes.model import Assignment, QuestionThemes, Theme
from themecoder.themes.steps.apply import WorkedTheme, WorkedThemes, apply, apply_step
from themecoder.themes.steps.files.steps_file import NAME, KeptEntry, read_steps, steps_text
from themecoder.themes.steps.journal import counting
from themecoder.themes.steps.model import (
    AdoptTheme,
    DiscardTheme,
    Entry,
    KeepApart,
    MergeThemes,
    MoveAnswers,
    Redo,
    RenameTheme,
    SplitPart,
    SplitTheme,
    ThemeStep,
    Undo,
)
from themecoder.themes.steps.replay import replay
from themecoder.themes.steps.words import step_words
from themecoder.themes.store import StoredThemes, read_themes, write_themes

KNOWN = [f"{n}:q1" for n in range(12)]


@st.composite
def runs(draw: st.DrawFn) -> WorkedThemes:
    """The themes of a run: an answer may be in several, or in none."""
    members = draw(
        st.lists(st.frozensets(st.sampled_from(KNOWN), min_size=1), min_size=2, max_size=5)
    )
    themes = {n: WorkedTheme(n, f"thema {n}", own, (n,)) for n, own in enumerate(members, 1)}
    return WorkedThemes(themes, frozenset(KNOWN))


@st.composite
def steps(draw: st.DrawFn) -> ThemeStep:
    """Any step, whether it can be done or not."""
    number = st.integers(1, 7)
    answers = st.lists(st.sampled_from(KNOWN), unique=True, max_size=6).map(tuple)
    part = st.builds(SplitPart, st.integers(20, 24), st.just("deel"), answers)
    return draw(
        st.one_of(
            st.builds(RenameTheme, number, st.sampled_from(["Geld", "Tijd", " "])),
            st.builds(MergeThemes, st.lists(number, max_size=3).map(tuple), number),
            st.builds(SplitTheme, number, st.lists(part, max_size=2).map(tuple)),
            st.builds(MoveAnswers, answers, st.none() | number, st.none() | number),
            st.builds(KeepApart, st.tuples(number, number)),
            st.builds(DiscardTheme, number, st.just("te breed")),
            st.builds(AdoptTheme, number, st.sampled_from(["geld", "tijd"])),
        )
    )


def feasible(start: WorkedThemes, wanted: Sequence[ThemeStep]) -> list[ThemeStep]:
    """Those of ``wanted`` that can be done, one after the other."""
    kept = []
    for step in wanted:
        try:
            start = apply_step(start, step)
        except InputError as error:
            assert all(render(p, language) for p in error.problems for language in LANGUAGES)
            continue
        kept.append(step)
    return kept


@given(runs(), st.lists(steps(), max_size=12))
def test_no_answer_gets_lost_and_a_replay_on_the_same_run_does_the_same(
    start: WorkedThemes, wanted: list[ThemeStep]
) -> None:
    possible = feasible(start, wanted)
    now = start
    for step in possible:
        after = apply_step(now, step)
        if not isinstance(step, MoveAnswers):
            assert after.in_theme == now.in_theme
        elif step.into is not None:
            assert after.in_theme >= set(step.answers)
        assert not set(after.themes) & set(after.merged), "a number is a theme's or merged"
        assert list(after.themes) == sorted(after.themes)
        now = after
    again = replay(start, possible, {})
    assert again.themes == now == apply(start, possible)
    assert again.missed == ()


@given(st.lists(steps() | st.just(Undo()) | st.just(Redo()), max_size=15), steps())
def test_undo_takes_a_step_back_and_redo_does_it_again(
    before: list[Entry], step: ThemeStep
) -> None:
    was = counting(before)
    assert counting([*before, step, Undo()]).done == was.done
    assert counting([*before, step, Undo(), Redo()]) == counting([*before, step])
    if was.done:
        back = counting([*before, Undo()])
        assert (back.done, back.undone) == (was.done[:-1], (*was.undone, was.done[-1]))
        assert counting([*before, Undo(), Redo()]) == was


@given(st.lists(steps() | st.just(Undo()) | st.just(Redo()), max_size=8))
def test_what_is_kept_is_read_back_and_has_words(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]
) -> None:
    folder = tmp_path_factory.mktemp("stappen")
    kept = tuple(KeptEntry("q1", entry) for entry in entries)
    (folder / NAME).write_text(steps_text(kept), encoding="utf-8")
    assert read_steps(folder) == kept
    assert all(step_words(entry, language) for entry in entries for language in LANGUAGES)


@given(runs(), st.lists(steps(), max_size=8), st.dictionaries(st.integers(1, 4), st.none()))
def test_a_replay_on_another_run_never_fails_and_says_each_step_it_can_not_do(
    start: WorkedThemes, wanted: list[ThemeStep], gone: dict[int, None]
) -> None:
    possible = feasible(start, wanted)
    left = {n: theme for n, theme in start.themes.items() if n not in gone}
    later = replay(replace(start, themes=left), possible, gone)
    named = {missed.place for missed in later.missed}
    for place, step in enumerate(possible):
        about = [getattr(step, "theme", None), getattr(step, "into", None)]
        if any(number in gone for number in about) and not isinstance(step, MoveAnswers):
            assert place in named
    assert all(render(m.problem, language) for m in later.missed for language in LANGUAGES)


def test_a_later_run_that_merged_or_lost_themes() -> None:
    events = [
        {"event": "kept", "theme": 1},
        {"event": "merged_from", "theme": 1, "from": [2]},
        {"event": "gone", "theme": 3},
        {"event": "split_from", "theme": 6, "from": [1]},
    ]
    went = became({9: 3}, events)
    assert went == {9: 3, 2: 1, 3: None}
    themes = {n: WorkedTheme(n, f"t{n}", frozenset(own), (n,)) for n, own in
              {1: KNOWN[:6], 4: KNOWN[6:8], 5: KNOWN[8:9]}.items()}  # fmt: skip
    start = WorkedThemes(themes, frozenset(KNOWN[:10]))
    wanted: list[ThemeStep] = [
        MergeThemes((2,), 1),  # the run did it itself
        MergeThemes((2, 3), 4),  # 2 is 1 by now, 3 is gone
        RenameTheme(2, "Geld"),  # the theme that was named is part of another
        KeepApart((2, 4)),  # 1 went into 4 by the step above
        SplitTheme(4, (SplitPart(20, "deel", (KNOWN[0], KNOWN[11])),)),
        MoveAnswers((KNOWN[8], KNOWN[11]), 5, 9),
        DiscardTheme(5),
    ]
    found = replay(start, wanted, went)
    assert [(m.place, m.problem.key.partition(".")[2]) for m in found.missed] == [
        (1, "run_gone"),
        (2, "run_merged"),
        (3, "is_merged"),
        (4, "run_answers_elsewhere"),
        (5, "run_gone"),
        (5, "run_answers_gone"),
    ]
    now = found.themes.themes
    assert set(now) == {4, 5, 20}
    assert (now[20].answers, now[5].decision) == (frozenset(KNOWN[:1]), "discarded")
    assert now[4].answers == frozenset(KNOWN[1:8])


def test_themes_that_stay_apart_are_not_merged_in_any_way() -> None:
    themes = {n: WorkedTheme(n, f"t{n}", frozenset([KNOWN[n]]), (n,)) for n in (1, 2, 3)}
    start = WorkedThemes(themes, frozenset(KNOWN))
    apart = apply(start, [KeepApart((2, 1)), MergeThemes((1,), 3)])
    with pytest.raises(InputError) as refused:
        apply_step(apart, MergeThemes((2,), 3))
    assert refused.value.problems[0].key == "theme_steps.kept_apart"


# A study: files, codebook, commands.


def garden(folder: Path) -> Path:
    """A study with a run of three themes, as if mined."""
    folder.mkdir()
    config = CONFIG + '\n[codebook]\nid = "tuin"\n'
    (folder / "study.toml").write_text(config, encoding="utf-8")
    rows = [f"{n},wat er groeit is boom {n}" for n in range(12)]
    (folder / "enquete.csv").write_text("\n".join(["nr,q1", *rows]) + "\n", encoding="utf-8")
    keep_run(folder, {1: range(5), 2: range(5, 8), 3: range(8, 11)})
    return folder


def keep_run(
    folder: Path, members: dict[int, Any], went: dict[int, int | None] | None = None
) -> None:
    assignments = [
        Assignment(KNOWN[a], theme, round(0.9 - a / 100, 2), 0, 6)
        for theme, own in members.items()
        for a in own
    ]
    placed = {a.answer_id for a in assignments}
    assignments += [Assignment(a, None, 0.0, 0, 6) for a in KNOWN if a not in placed]
    themes = tuple(
        Theme(n, f"thema {n}", ((f"woord{n}", 1.0),), len(own), 0.8, (KNOWN[own[0]],), ())
        for n, own in members.items()
    )
    result = QuestionThemes("q1", themes, tuple(assignments), (), dict.fromkeys(KNOWN, (0.0, 0.0)))
    made_with = {"with_content": 12, "guided_by": None}
    highest = max(members) + 1
    stored = StoredThemes(result, (), highest, made_with, became=went or {})
    write_themes(folder / "themes" / "q1", stored)
    assert read_themes(folder / "themes" / "q1") == stored


def codebook(folder: Path) -> dict[str, bytes]:
    return {k: v for k, v in snapshot(folder / "codebooks").items() if not k.endswith(NAME)}


def test_each_step_of_a_study_is_kept_and_undone_byte_for_byte(tmp_path: Path) -> None:
    folder = garden(tmp_path / "tuin")
    work = Study.open(folder).theme_work
    work.adopt("q1", 3, new="Bomen", group="buiten", group_label="Buiten", why="w")
    work.undo("q1")
    start, states = codebook(folder), []
    doing = [
        lambda: work.rename("q1", 1, "Groen"),
        lambda: work.split("q1", 1, [("", KNOWN[:2])]),
        lambda: work.merge("q1", [2], 1),
        lambda: work.move("q1", [KNOWN[11]], None, 1),
        lambda: work.adopt("q1", 1, new="", group="buiten", group_label="Buiten", why="w"),
        lambda: work.adopt("q1", 4, code="groen", why="w"),
        lambda: work.discard("q1", 3, why="te breed"),
    ]
    for do in doing:
        states.append((codebook(folder), work.themes("q1").themes))
        do()  # type: ignore[no-untyped-call]
    end = (codebook(folder), work.themes("q1").themes)
    assert start == states[0][0]
    book = Study.open(folder).codebooks.draft()[1].book
    assert [(code.id, code.group) for code in book.codes] == [("groen", "buiten")]
    assert "woord1, woord2" in book.codes[0].memo
    assert end[1].themes[4].label == "Groen (4)"
    assert end[1].settled == end[1].in_theme
    for was in reversed(states):
        assert work.undo("q1").stays == ""
        assert (codebook(folder), work.themes("q1").themes) == was
    with pytest.raises(InputError) as refused:
        work.undo("q1")
    assert refused.value.problems[0].key == "theme_steps.nothing_to_undo"
    for _ in doing:
        work.redo("q1")
    assert (codebook(folder), work.themes("q1").themes) == end
    text = (folder / "codebooks" / "tuin" / NAME).read_text(encoding="utf-8")
    assert "boom" not in text, "answers stand there by id"


def test_a_code_that_somebody_worked_on_survives_the_undo(tmp_path: Path) -> None:
    folder = garden(tmp_path / "tuin")
    work = Study.open(folder).theme_work
    work.adopt("q1", 1, new="Bomen", why="w")
    done(folder, "codebook", "redefine", "bomen", "--definition", "Wat hoog is.", "--why", "w")
    assert work.undo("q1").stays == "bomen"
    assert work.themes("q1").themes.themes[1].decision == ""
    work.redo("q1")
    (code,) = Study.open(folder).codebooks.draft()[1].book.codes
    assert code.definition == "Wat hoog is."
    assert work.themes("q1").themes.themes[1].codes == ("bomen",)


def test_commands_take_the_worked_themes_and_steps_carry_over_to_the_next_run(
    tmp_path: Path,
) -> None:
    folder = garden(tmp_path / "tuin")
    work = Study.open(folder).theme_work
    seen = work.version("q1")
    work.merge("q1", [2], 1, seen=seen)
    with pytest.raises(InputError) as stale:
        work.rename("q1", 3, "Te laat", seen=seen)
    assert "thema 2 samengevoegd met thema 1" in render(stale.value.problems[0])
    (new,) = work.split("q1", 3, [("Apart", KNOWN[8:9])])
    done(folder, "codebook", "adopt", "q1", "1", "--new", "--label", "Groen")
    done(folder, "codebook", "discard", "q1", str(new), "--why", "te klein")
    found = themecoder(folder, "codebook", "adopt", "q1", "2", "--as", "groen")
    assert found.returncode == 2 and "thema 1" in found.stderr
    listed = json.loads(done(folder, "themes", "--json"))["questions"][0]
    assert [(t["id"], t["size"], t["decision"]) for t in listed["themes"]] == [
        (1, 8, "adopted"), (3, 2, ""), (4, 1, "discarded"),
    ]  # fmt: skip
    # the next run: theme 3 went into a new one, and an answer is gone from theme 1
    keep_run(folder, {1: range(1, 5), 2: range(5, 8), 5: range(8, 12)}, {3: 5})
    shown = done(folder, "themes")
    assert "Groen" not in shown, "the label of a theme is its own"
    assert "thema 3" in shown
    now = work.themes("q1")
    assert {n: len(t.answers) for n, t in now.themes.themes.items()} == {1: 7, 4: 1, 5: 3}
    assert (now.themes.themes[1].codes, now.missed) == (("groen",), ())
    done(folder, "themes", "undo", "q1")
    assert work.themes("q1").themes.themes[4].decision == ""
    done(folder, "themes", "redo", "q1")
    assert work.themes("q1").themes.themes[4].decision == "discarded"


def test_lines_that_are_no_step_are_all_named(tmp_path: Path) -> None:
    folder = garden(tmp_path / "tuin")
    Study.open(folder).theme_work.rename("q1", 1, "Groen")
    file = folder / "codebooks" / "tuin" / NAME
    text = file.read_text(encoding="utf-8")
    file.write_text(text + '{"question": "q1", "step": "merge"}\n<<<<<<<\n', encoding="utf-8")
    found = themecoder(folder, "themes")
    assert found.returncode == 2
    assert "regel 3" in found.stderr and "regel 4" in found.stderr
    file.write_text(text.replace('"format": 1', '"format": 9'), encoding="utf-8")
    assert "indeling 9" in themecoder(folder, "themes").stderr
