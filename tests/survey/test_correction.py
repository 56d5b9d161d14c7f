"""A study.toml corrected by typed values: what they say is read back, all else stays as typed."""

from __future__ import annotations

import json
import random
import tomllib
from pathlib import Path

import pytest

from commands import called, done, themecoder
from themecoder.errors import InputError
from themecoder.settings.inside import ALLOW_OUTSIDE
from themecoder.survey.correction.model import (
    Asked,
    Attribute,
    Bands,
    Coders,
    IdColumn,
    Include,
    Masking,
    Options,
    TakeAs,
    Title,
    Wording,
)
from themecoder.workspace.corrections import (
    add_questionnaire,
    correct_study,
    cut_attributes,
    settings_version,
    study_columns,
)
from themecoder.workspace.folder import StudyFolder

SCALE = ("Helemaal oneens", "Oneens", "Neutraal", "Eens", "Helemaal eens")
WHY = "Waarom geeft u dit cijfer? Licht toe."
OPINIONS = (
    "Ik moest te lang wachten voordat iemand mij hielp",
    "Goede uitleg gekregen van mevrouw Jansen uit Zwolle",
    "De brief was moeilijk te lezen en veel te lang voor mij",
)
MARK = "# met de hand geschreven\n"


def raw_export(file: Path) -> Path:
    """An export with long headings, semicolons and decimal commas, as a municipality would have."""
    chance = random.Random(3)
    lines = [f"Nummer;Wat is uw leeftijd?;Regio;Cijfer;Geholpen;{WHY};Balie;Telefoon;Start"]
    for n in range(60):
        row = [str(1000 + n), str(chance.randint(18, 80)), chance.choice(["Noord", "Zuid"])]
        row += [chance.choice(["4", "5", "6", "8,5"]), chance.choice(SCALE)]
        row += [f"{chance.choice(OPINIONS)} {chance.choice(['echt', 'heel'])}"]
        row += [chance.choice(["ja", ""]), chance.choice(["ja", ""]), f"2024-05-{n % 28 + 1:02d}"]
        lines.append(";".join(row))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


@pytest.fixture
def study(tmp_path: Path) -> StudyFolder:
    folder = tmp_path / "study"
    finished = called("init", str(raw_export(tmp_path / "enquete.csv")), "--study", str(folder))
    assert finished.returncode == 0, finished.stderr
    file = folder / "study.toml"
    file.write_text(file.read_text("utf-8").replace("[coding]", f"{MARK}[coding]"), "utf-8")
    return StudyFolder.open(folder)


def test_a_study_is_put_right_without_typing_in_its_file(study: StudyFolder) -> None:
    now = correct_study(
        study,
        [
            Title("Dienstverlening"),
            Coders(("anna", "bram"), adjudicator="els"),
            TakeAs(("Cijfer",), "single"),
            TakeAs(("Start",), "nothing"),
            TakeAs(("Balie", "Telefoon"), "option"),
            Attribute("Wat is uw leeftijd?", False),
            Attribute("Cijfer"),
            Include('Regio = "Noord"'),
        ],
    )
    ids = {column: question.id for question in now.config.closed for column in question.columns}
    now = correct_study(
        now,
        [
            Options(ids["Geholpen"], {value: value.lower() for value in SCALE}),
            Wording(ids["Balie"], "Waar kwam u?"),
            Asked(ids["Balie"], 'Geholpen != "Eens"'),
        ],
    )
    text = now.paths.config.read_text("utf-8")
    assert MARK in text
    before = [line for line in study.paths.config.read_text("utf-8").splitlines() if "#" in line]
    assert all(line in text for line in before)
    config = StudyFolder.open(now.paths.root).config
    assert config == now.config
    assert (config.title, config.coding.coders) == ("Dienstverlening", ("anna", "bram"))
    assert config.coding.adjudicator == "els"
    closed = {question.id: question for question in config.closed}
    assert list(closed[ids["Geholpen"]].values) == list(SCALE)
    assert closed[ids["Cijfer"]].kind == "single"
    assert set(closed[ids["Balie"]].options) == {"Balie", "Telefoon"}
    assert closed[ids["Balie"]].text == "Waar kwam u?"
    assert "Start" not in ids
    attributes = {attribute.column: attribute for attribute in config.attributes}
    assert "Wat is uw leeftijd?" not in attributes
    assert list(attributes["Cijfer"].values) == ["4", "5", "6", "8.5"]
    assert list(attributes["Geholpen"].values.values()) == [value.lower() for value in SCALE]
    assert now.survey.screened_out + len(now.survey.respondents) == 60
    assert 0 < now.survey.screened_out < 60


def test_what_a_column_is_can_be_changed_there_and_back(study: StudyFolder) -> None:
    before = study.config
    (question,) = before.questions
    without = correct_study(study, [TakeAs((WHY,), "nothing")])
    assert not without.config.questions
    again = correct_study(without, [TakeAs((WHY,), "open")])
    assert again.config.questions == before.questions
    assert again.survey.answers(question.id) == study.survey.answers(question.id)


def test_bands_masking_and_a_questionnaire_write_their_own_lines_only(
    study: StudyFolder, tmp_path: Path
) -> None:
    (age,) = cut_attributes(study)
    assert age.bounds == (18, 25, 35, 50, 65)
    before = study.paths.config.read_text("utf-8").splitlines()
    now = correct_study(
        study,
        [Bands(age.id, (30.0, 60.5)), Masking(level="strict"), Masking(forbid=('\'t "Hof"',))],
    )
    after = study.paths.config.read_text("utf-8").splitlines()
    assert {line for line in after if line not in before} >= {"bands = [30, 60.5]"}
    gone = [line.partition(" ")[0] for line in before if line not in after]
    assert set(gone) <= {"bands", "level", "forbid"}
    assert (now.config.masking.level, now.config.masking.forbid) == ("strict", ('\'t "Hof"',))
    assert cut_attributes(now)[0].groups == ("<30", "30-<60.5", "60.5+")
    assert cut_attributes(correct_study(now, [Bands(age.id, ())]))[0].bounds == ()
    with pytest.raises(InputError):
        correct_study(now, [Bands(age.id, (60.0, 30.0))])

    names = ["Variable / Field Name,Field Type,Field Label,Choices", "Regio,radio,Waar woont u?,"]
    form = tmp_path / "vragen.csv"
    form.write_text("\n".join(names) + "\n", encoding="utf-8")
    study = StudyFolder.open(study.paths.root)
    with pytest.raises(InputError):
        add_questionnaire(study, form, "an older version")
    assert not (study.paths.data / "vragen.csv").exists()
    named = add_questionnaire(study, form)
    assert named.config.survey.questionnaire == "data/vragen.csv"
    assert any(one.label == "Waar woont u?" for one in named.export.columns)


def test_columns_are_shown_with_examples_and_nobody_is_named_in_them(study: StudyFolder) -> None:
    found = {column.name: column for column in study_columns(study)}
    assert found["Nummer"].taken == (("id", "Nummer"),)
    assert found["Regio"].distinct == 2
    assert sum(n for _, n in found["Regio"].examples) == found["Regio"].filled == 60
    assert [role for role, _ in found["Geholpen"].taken] == ["closed", "attribute"]
    assert found["Start"].taken == ()
    shown = json.dumps([column.examples for column in found.values()])
    assert "[NAAM]" in shown
    assert "Jansen" not in shown
    assert "Jansen" not in done(study.paths.root, "correct")


@pytest.mark.parametrize(
    ("correction", "key"),
    [
        (TakeAs(("Geen kolom",), "open"), "proposal.answer_column"),
        (TakeAs(("Regio",), "raar"), "correct.kind"),
        (Asked("geen", "all"), "correct.unknown_id"),
        (Include("Regio ="), "expression"),
        (Include('Bestaatniet = "1"'), ""),
        (Attribute(WHY), "correct.no_groups"),
        (Coders(("anna", "Anna")), "study.coder_twice"),
        (IdColumn("Regio"), ""),
    ],
)
def test_a_correction_that_does_not_fit_is_refused_and_nothing_is_written(
    study: StudyFolder, correction: object, key: str
) -> None:
    before = study.paths.config.read_bytes()
    if correction == Attribute(WHY):
        data = study.export.frame
        data[WHY] = [f"{cell} {n}" for n, cell in enumerate(data[WHY])]
    with pytest.raises(InputError) as refused:
        correct_study(study, [Title("Anders"), correction])  # type: ignore[list-item]
    assert any(problem.key.startswith(key) for problem in refused.value.problems)
    assert study.paths.config.read_bytes() == before


def test_two_who_correct_at_once_lose_nothing(study: StudyFolder) -> None:
    seen = settings_version(study)
    correct_study(study, [Title("Van de een")], seen)
    with pytest.raises(InputError) as refused:
        correct_study(study, [Title("Van de ander")], seen)
    assert [problem.key for problem in refused.value.problems] == ["correct.changed"]
    assert tomllib.loads(study.paths.config.read_text("utf-8"))["title"] == "Van de een"


def test_a_question_that_is_coded_keeps_its_column(study: StudyFolder) -> None:
    file = study.paths.coding(study.questions[0], "anna")
    file.parent.mkdir(parents=True)
    file.write_text("", encoding="utf-8")
    with pytest.raises(InputError) as refused:
        correct_study(study, [TakeAs((WHY,), "nothing")])
    assert [problem.key for problem in refused.value.problems] == ["correct.coded"]


def test_the_command_takes_names_and_numbers_of_columns(study: StudyFolder) -> None:
    root = study.paths.root
    words = ["4=single", f"{WHY}=open", "--title", "T", "--coder", "anna", "--coder", "bram"]
    done(root, "correct", *words, "--attribute", "4", "--asked", "regio=all")
    config = StudyFolder.open(root).config
    assert config.title == "T"
    assert "Cijfer" in [attribute.column for attribute in config.attributes]
    refused = themecoder(root, "correct", "--asked", "zomaar")
    assert refused.returncode == 2
    assert "ID=EXPR" in refused.stderr


def test_no_path_of_this_machine_is_written_even_where_files_outside_may_be_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(ALLOW_OUTSIDE, "1")
    export = raw_export(tmp_path / "enquete.csv")
    finished = called("init", str(export), "--study", str(tmp_path / "study"))
    assert finished.returncode == 0, finished.stderr
    text = (tmp_path / "study/study.toml").read_text("utf-8")
    assert tomllib.loads(text)["survey"]["file"] == "data/enquete.csv"
    assert str(tmp_path) not in text
