"""The main job on the shipped study, through the command line, as a new user runs it."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest

from commands import themecoder

QUESTIONS = ("q7", "q15", "q18", "q19")
pytestmark = [pytest.mark.slow, pytest.mark.long(90)]


@pytest.fixture(scope="module")
def mined(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """A copy of the shipped study, mined once by the command in a process of its own."""
    study = tmp_path_factory.mktemp("study") / "mind-genai"
    shutil.copytree(mined_once, study)
    return study


def answers(study: Path) -> dict[str, str]:
    with (study / "data" / "survey.csv").open(encoding="utf-8-sig", newline="") as handle:
        return {
            f"{row['respondent_id']}:{question}": row[question]
            for row in csv.DictReader(handle, delimiter=";")
            for question in QUESTIONS
            if row[question].strip() and row["q1"] in "ab"
        }


def result_files(study: Path) -> dict[str, bytes]:
    files = [*(study / "themes").rglob("*"), *(study / "reports").rglob("*")]
    return {str(f.relative_to(study)): f.read_bytes() for f in files if f.is_file()}


def caches(study: Path) -> dict[str, bytes]:
    found = {file.name: file.read_bytes() for file in (study / ".themecoder").glob("*.sqlite")}
    assert {"masks.sqlite", "vectors.sqlite"} <= set(found)
    return found


def test_every_answer_with_content_is_accounted_for(mined: Path) -> None:
    """In themes, in no theme or set apart as contentless: no answer is lost or counted twice."""
    for question in QUESTIONS:
        document = json.loads((mined / "themes" / question / "themes.json").read_text("utf-8"))
        with (mined / "themes" / question / "assignments.csv").open(encoding="utf-8") as handle:
            rows = list(csv.DictReader(handle))
        placed = {row["answer_id"] for row in rows}
        expected = {one for one in answers(mined) if one.endswith(f":{question}")}
        assert placed | set(document["contentless"]) == expected
        assert not placed & set(document["contentless"])
        assert document["made_with"]["with_content"] == len(placed)
        for theme in document["themes"]:
            holds = {row["answer_id"] for row in rows if row["theme"] == str(theme["id"])}
            assert theme["size"] == len(holds)
            assert 0 <= theme["stability"] <= 1
            assert theme["label"]
            assert set(theme["representatives"]) <= holds


def test_offsets_are_those_of_the_text_as_typed(mined: Path) -> None:
    texts = answers(mined)
    for question in QUESTIONS:
        with (mined / "themes" / question / "assignments.csv").open(encoding="utf-8") as handle:
            for row in csv.DictReader(handle):
                start, end = int(row["segment_start"]), int(row["segment_end"])
                text = texts[row["answer_id"]]
                assert 0 <= start < end <= len(text)
                assert text[start:end].strip() == text[start:end]


def test_some_answers_are_in_several_themes(mined: Path) -> None:
    with (mined / "themes" / "q18" / "assignments.csv").open(encoding="utf-8") as handle:
        pairs = {(row["answer_id"], row["theme"]) for row in csv.DictReader(handle)}
    assert len(pairs) > len({answer for answer, _ in pairs})


def test_a_second_run_changes_no_byte_and_makes_nothing_anew(mined: Path) -> None:
    before, kept = result_files(mined), caches(mined)
    done = themecoder(mined, "mine", "--json")
    assert done.returncode == 0, done.stderr
    assert caches(mined) == kept, "what was masked and embedded is found, and nothing is added"
    assert result_files(mined) == before
    assert {q["question"] for q in json.loads(done.stdout)["questions"]} == set(QUESTIONS)


def test_the_result_is_the_same_from_nothing(mined: Path, tmp_path: Path) -> None:
    """Same input, same bytes: without the caches and the run before."""
    study = tmp_path / "again"
    shutil.copytree(mined, study, ignore=shutil.ignore_patterns(".themecoder", "themes", "reports"))
    assert themecoder(study, "mine", "--question", "q15").returncode == 0
    fresh, first = result_files(study), result_files(mined)
    assert {k for k in fresh if k.startswith("themes")} == {
        k for k in first if k.startswith("themes/q15/")
    }
    assert all(first[name] == data for name, data in fresh.items() if name.startswith("themes"))


def test_no_typed_detail_that_is_masked_is_on_the_page(mined: Path) -> None:
    from themecoder import Study

    page = (mined / "reports" / "themes.html").read_text(encoding="utf-8")
    masks = [m for text in Study.open(mined).masked_texts().values() for m in text.masks]
    assert len(masks) > 20
    numbers = [m.text for m in masks if m.kind in ("email", "phone", "account", "citizen_number")]
    assert numbers
    assert [text for text in numbers if text in page] == []


def test_the_page_says_that_the_answers_are_synthetic(mined: Path) -> None:
    page = (mined / "reports" / "themes.html").read_text(encoding="utf-8")
    assert "synthetisch" in page
    assert "synthetisch" in themecoder(mined, "import").stdout


def test_the_python_way_gives_the_same_as_tables(mined: Path) -> None:
    from themecoder import Study

    study = Study.open(mined)
    tables = study.mine("q18")
    assert list(tables.themes.index) == [theme.id for theme in tables.result.themes]
    placed = tables.assignments.dropna(subset="theme").groupby("theme")["answer_id"].nunique()
    assert placed.to_dict() == tables.themes["size"].to_dict()
    assert tables.assignments["masked"].notna().all()


def test_unguided_themes_stand_on_the_answers_alone(mined: Path, tmp_path: Path) -> None:
    study = tmp_path / "unguided"
    shutil.copytree(mined, study)
    shutil.rmtree(study / "codebooks")
    settings = (study / "study.toml").read_text("utf-8").replace('id = "mind-genai"  ', 'id = "x" ')
    (study / "study.toml").write_text(settings, encoding="utf-8")
    assert themecoder(study, "mine", "-q", "q19", "--unguided").returncode == 0
    document = json.loads((study / "themes" / "q19" / "themes.json").read_text("utf-8"))
    assert document["made_with"]["guided_by"] is None
    assert len(document["themes"]) >= 3


def test_a_later_wave_keeps_the_ids_of_the_same_themes(mined: Path, tmp_path: Path) -> None:
    """A tenth of the respondents is not yet in: when they come, themes keep ids and labels."""
    study = tmp_path / "waves"
    shutil.copytree(mined, study, ignore=shutil.ignore_patterns("themes", "reports"))
    export = study / "data" / "survey.csv"
    whole = export.read_bytes()
    with export.open(encoding="utf-8-sig", newline="") as handle:
        rows = list(csv.reader(handle, delimiter=";"))
    first = [rows[0], *(row for i, row in enumerate(rows[1:]) if i % 10)]
    with export.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, delimiter=";").writerows(first)
    assert themecoder(study, "mine", "-q", "q18").returncode == 0
    before = {t["id"]: t["label"] for t in _themes(study)}
    export.write_bytes(whole)
    assert themecoder(study, "mine", "-q", "q18").returncode == 0
    after = {t["id"]: t["label"] for t in _themes(study)}
    kept = set(before) & set(after)
    assert len(kept) >= 0.8 * len(before)
    assert all(before[one] == after[one] for one in kept)


def _themes(study: Path) -> list[dict[str, object]]:
    document = json.loads((study / "themes" / "q18" / "themes.json").read_text("utf-8"))
    themes: list[dict[str, object]] = document["themes"]
    return themes


def test_asking_for_a_number_of_themes_gives_no_more(mined: Path, tmp_path: Path) -> None:
    study = tmp_path / "few"
    shutil.copytree(mined, study)
    assert themecoder(study, "mine", "-q", "q18", "--themes", "6").returncode == 0
    assert len(_themes(study)) == 6


def test_bertopic_has_the_themes(mined: Path) -> None:
    from themecoder import Study

    model = Study.open(mined).bertopic("q18")
    assert len(model.get_topic_info()) >= 5
