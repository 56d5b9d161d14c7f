"""Coding in the study itself: as on the server, for whom the plan names, and nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from coding_study import make_study
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.desk.desk import Marked, Said
from themecoder.coding.desk.study_desk import Desk, code_answers, open_desk, take_back
from themecoder.coding.history import read_history
from themecoder.coding.label_studio.newer_here import newer_here
from themecoder.coding.label_studio.project import Project
from themecoder.coding.label_studio.pull import write_found
from themecoder.coding.label_studio.read_project import Found
from themecoder.coding.model import Coding
from themecoder.coding.plan import Planned
from themecoder.coding.plan_file import read_plan, write_plan
from themecoder.coding.suggestions.files import write_suggestions
from themecoder.errors import InputError
from themecoder.workspace.folder import StudyFolder

NOON, LATER = "2026-01-01T12:00:00.000000Z", "2026-01-01T12:05:00.000000Z"
BLIND, SHOWN, BRAMS = "101:q1", "102:q1", "103:q1"


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    """Anna has four answers, of which one blind; Bram one, and one of hers."""
    root = make_study(tmp_path / "study")
    rows = [
        Planned("q1", BLIND, "anna", blind=True, place=1),
        Planned("q1", SHOWN, "anna", place=2),
        Planned("q1", "104:q1", "anna", place=3),
        Planned("q1", "107:q1", "anna", place=4),
        Planned("q1", SHOWN, "bram", place=1),
        Planned("q1", BRAMS, "bram", place=2),
    ]
    suggested = {answer: [("echo", 0.9), ("tijd", 0.2)] for answer in (BLIND, SHOWN)}
    study = StudyFolder.open(root)
    write_plan(study.paths.plan, rows)
    write_suggestions(study.paths.suggestions("q1"), suggested)
    return study


def said(desk: Desk, answer: str, *codes: str, **more: object) -> Said:
    seen = {row.row.answer_id: row.seen for row in desk.rows}.get(answer, "")
    state = "coded" if codes else "no_code"
    return Said(answer, seen, **{"state": state, "codes": codes, **more})  # type: ignore[arg-type]


def keys_of(error: pytest.ExceptionInfo[InputError]) -> list[tuple[str, str]]:
    return [(p.key.removeprefix("desk."), p.params["answer"]) for p in error.value.problems]


def lines(study: StudyFolder, coder: str = "anna") -> dict[str, Coding]:
    return {one.answer_id: one for one in read_codings(study.paths.coding("q1", coder))}


def test_a_coder_is_shown_her_own_tasks_and_suggestions_where_she_is_not_blind(
    study: StudyFolder,
) -> None:
    code_answers(study, "bram", [said(open_desk(study, "bram"), SHOWN, "echo")])
    rows = {one.row.answer_id: one.row for one in open_desk(study, "anna").rows}
    assert list(rows) == [BLIND, SHOWN, "104:q1", "107:q1"]
    assert (rows[BLIND].shown, rows[SHOWN].shown) == (None, ("echo",))
    assert rows[SHOWN].coding is None, "of what Bram said of the same answer she sees nothing"


def test_what_is_coded_stands_as_a_pull_would_write_it(study: StudyFolder) -> None:
    desk = open_desk(study, "anna")
    text = next(one.row.text for one in desk.rows if one.row.answer_id == SHOWN)
    start = text.index("echokamer")
    quote = Marked(start, start + len("echokamer"), "echo")
    done = code_answers(
        study,
        "anna",
        [
            said(desk, BLIND, "privacy", seconds=4.5),
            said(desk, SHOWN, "echo", quotes=(quote,), uncertain=True, comment="?"),
            said(desk, "104:q1", "geen_inhoud"),
            said(desk, "107:q1", state="skipped"),
        ],
        NOON,
    )
    assert len(done.written) == 4
    made = lines(study)
    assert (made[BLIND].shown, made[SHOWN].shown) == (None, ("echo",))
    assert made[BLIND].seconds == 4.5
    assert [q.text for q in made[SHOWN].quotes] == ["echokamer"]
    assert made["107:q1"].state == "skipped"
    for one in made.values():
        assert (one.codebook, one.round, one.created_at) == ("1.0.0", 1, NOON)
        assert one.source == {"kind": "workbench", "before": None}
    again = code_answers(study, "anna", [said(open_desk(study, "anna"), BLIND, "privacy")], LATER)
    assert (again.written, again.same) == ((), 1)
    assert lines(study) == made, "the same once more changes no byte"


def test_all_that_can_not_be_taken_is_told_and_nothing_is_written(study: StudyFolder) -> None:
    desk = open_desk(study, "anna")
    with pytest.raises(InputError) as error:
        code_answers(
            study,
            "anna",
            [
                said(desk, BRAMS, "tijd"),
                said(desk, SHOWN, "geen_inhoud", "echo"),
                said(desk, BLIND, "straat"),
                said(desk, "104:q1", state="coded"),
                said(desk, "107:q1", "tijd", quotes=(Marked(3, 400, "tijd"),)),
            ],
        )
    assert keys_of(error) == [
        ("not_hers", BRAMS),
        ("exclusive", SHOWN),
        ("unknown_code", BLIND),
        ("state", "104:q1"),
        ("quote_place", "107:q1"),
    ]
    assert not study.paths.coding("q1", "anna").exists()


def test_who_codes_what_has_changed_since_is_told(study: StudyFolder) -> None:
    first, second = open_desk(study, "anna"), open_desk(study, "anna")
    code_answers(study, "anna", [said(first, SHOWN, "echo")], NOON)
    with pytest.raises(InputError) as error:
        code_answers(study, "anna", [said(second, BLIND, "tijd"), said(second, SHOWN, "tijd")])
    assert keys_of(error) == [("changed", SHOWN)]
    assert list(lines(study)) == [SHOWN], "all of it or nothing"
    rows = [row for row in read_plan(study.paths.plan) if row.key != (BLIND, "anna", 1)]
    write_plan(study.paths.plan, [*rows, Planned("q1", BLIND, "anna", 2, True, 1)])
    with pytest.raises(InputError) as error:
        code_answers(study, "anna", [said(first, BLIND, "tijd")])
    assert keys_of(error) == [("changed", BLIND)], "another round than she was shown"


def test_each_step_can_be_taken_back_to_what_was_there(study: StudyFolder) -> None:
    pulled = Coding(
        BLIND,
        "anna",
        "1.0.0",
        "coded",
        ("tijd",),
        created_at=NOON,
        updated_at=NOON,
        source={"kind": "labelstudio", "project": "p", "task": 1, "annotation": 7},
    )
    file = study.paths.coding("q1", "anna")
    code_answers(study, "anna", [said(open_desk(study, "anna"), SHOWN, "echo")], NOON)
    write_codings(file, [pulled, *lines(study).values()])
    states = [file.read_bytes()]
    for codes in (("privacy",), ("privacy", "tijd"), ("privacy",)):
        code_answers(study, "anna", [said(open_desk(study, "anna"), BLIND, *codes)], LATER)
        states.append(file.read_bytes())
    while states:
        assert file.read_bytes() == states.pop()
        row = next(one for one in open_desk(study, "anna").rows if one.row.answer_id == BLIND)
        if states:
            take_back(study, "anna", {BLIND: row.seen})
    with pytest.raises(InputError) as error:
        take_back(study, "anna", {BLIND: row.seen})
    assert keys_of(error) == [("nothing_to_take_back", BLIND)], "that came from the server"
    with pytest.raises(InputError) as error:
        code_answers(study, "anna", [said(open_desk(study, "anna"), BLIND, state="")])
    assert keys_of(error) == [("nothing_to_take_back", BLIND)]
    code_answers(study, "anna", [said(open_desk(study, "anna"), "104:q1", "tijd")], NOON)
    code_answers(study, "anna", [said(open_desk(study, "anna"), "104:q1", state="")], NOON)
    assert set(lines(study)) == {BLIND, SHOWN}
    row = next(one for one in open_desk(study, "anna").rows if one.row.answer_id == SHOWN)
    take_back(study, "anna", {SHOWN: row.seen})
    assert list(lines(study)) == [BLIND], "the first coding of an answer: it is not seen again"
    kept = read_history(study.paths.coding_history("q1", "anna"))
    assert SHOWN in {one.answer_id for one in kept}


def test_coding_of_an_older_codebook_is_to_be_migrated_first(study: StudyFolder) -> None:
    desk = open_desk(study, "anna")
    code_answers(study, "anna", [said(desk, BLIND, "tijd")])
    file = study.paths.coding("q1", "anna")
    record = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**record, "codebook": "0.9.0"}) + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        code_answers(study, "anna", [said(desk, SHOWN, "tijd")])
    assert [problem.key for problem in error.value.problems] == ["sheet.migrate"]


def test_the_later_of_two_codings_stays() -> None:
    def made(kind: str, at: str | None, number: int = 1) -> Coding:
        source = {"kind": kind}
        return Coding(BLIND, "anna", "1.0.0", "no_code", round=number, updated_at=at, source=source)

    there = made("labelstudio", "2026-01-01T12:01:00Z")
    assert newer_here(made("workbench", LATER), there)
    assert not newer_here(made("workbench", NOON), there)
    assert not newer_here(made("labelstudio", LATER), there), "the server says what stands there"
    assert newer_here(made("labelstudio", NOON, 2), there)
    assert not newer_here(made("workbench", LATER), made("labelstudio", NOON, 2))
    assert newer_here(made("workbench", NOON), made("labelstudio", None))


def test_a_pull_keeps_what_was_coded_here_later_and_loses_neither(study: StudyFolder) -> None:
    def there(answer: str, at: str) -> Coding:
        source = {"kind": "labelstudio", "project": "p", "task": 1, "annotation": 7}
        return Coding(answer, "anna", "1.0.0", "coded", ("tijd",), updated_at=at, source=source)

    desk = open_desk(study, "anna")
    both = [said(desk, BLIND, "privacy"), said(desk, SHOWN, "privacy")]
    code_answers(study, "anna", both, "2026-01-01T12:02:00.000000Z")
    older, newer = there(BLIND, NOON), there(SHOWN, LATER)
    found = Found(
        codings={(one.answer_id, "anna"): [one] for one in (older, newer)},
        there={(one.answer_id, "anna") for one in (older, newer)},
    )
    project = Project(1, "p", "q1", "", "mens", "1.0.0")
    for _ in range(2):
        write_found(study, "q1", project, found, accept=True, whole=True)
        made = lines(study)
        assert made[BLIND].codes == ("privacy",)
        assert made[SHOWN] == newer
        kept = read_history(study.paths.coding_history("q1", "anna"))
        assert [(one.answer_id, one.codes) for one in kept] == [
            (BLIND, ("tijd",)),
            (SHOWN, ("privacy",)),
        ]
