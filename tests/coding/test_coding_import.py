"""Coding from spreadsheets, by the command alone: every shape, everything that can be wrong."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from spreadsheet_shapes import (
    ANNA,
    BRAM,
    SHAPES,
    Codings,
    Shape,
    book,
    of,
    sheet_per_coder,
    text,
)

from coding_study import make_study
from commands import snapshot, themecoder
from killed import killed_everywhere
from themecoder.coding.annotations import coding_files, read_codings, write_codings
from themecoder.coding.exchange.formats.refi_write import write_qdpx
from themecoder.coding.exchange.outgoing import Outgoing, OutgoingAnswer
from themecoder.coding.exchange.reading import ReadingOptions
from themecoder.coding.exchange.study_import import (
    ImportOptions,
    plan_coding_import,
    write_coding_import,
)
from themecoder.coding.model import Coding
from themecoder.coding.quote_texts import quote_of
from themecoder.workspace.folder import StudyFolder


def coded(study: Path) -> Codings:
    return {
        (coding.answer_id, coding.coder): coding.codes
        for file in coding_files(study / "annotations")
        for coding in read_codings(file)
    }


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return make_study(tmp_path / "studie")


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_every_shape_comes_in_by_the_command_alone(
    shape: Shape, study: Path, tmp_path: Path
) -> None:
    file = shape.write(tmp_path)
    before = snapshot(study / "codebooks") | snapshot(study / "data")
    dry = themecoder(study, "coding", "import", str(file), *shape.words)
    assert dry.returncode == 0, dry.stderr + dry.stdout
    assert not (study / "annotations").exists()
    assert snapshot(study / "codebooks") | snapshot(study / "data") == before
    done = themecoder(study, "coding", "import", str(file), *shape.words, "--apply")
    assert done.returncode == 0, done.stderr
    assert coded(study) == shape.codings
    first = snapshot(study / "annotations")
    again = themecoder(study, "coding", "import", str(file), *shape.words, "--apply", "--json")
    assert again.returncode == 0
    told = json.loads(again.stdout)
    assert (told["added"], told["same"]) == ([], len(shape.codings))
    assert snapshot(study / "annotations") == first


def kept(study: Path) -> dict[str, bytes]:
    """What a study keeps, without caches and locks."""
    return {name: data for name, data in snapshot(study).items() if name[:12] != ".themecoder/"}


def refused(study: Path, file: Path, *words: str) -> list[tuple[str, int | None]]:
    """The keys and rows of all problems, of a run that writes nothing."""
    before = kept(study)
    done = themecoder(study, "coding", "import", str(file), *words, "--apply", "--json")
    assert done.returncode == 2, done.stdout
    assert kept(study) == before
    problems = json.loads(done.stderr)["problems"]
    text = themecoder(study, "coding", "import", str(file), *words).stderr
    assert "Mijn data ligt" not in text + done.stderr + done.stdout
    return [(problem["key"].removeprefix("exchange."), problem["row"]) for problem in problems]


def sheet(folder: Path, rows: list[list[object]]) -> Path:
    return book(folder / "codering.xlsx", Anna=rows)


def test_everything_wrong_in_the_rows_is_told_at_once(study: Path, tmp_path: Path) -> None:
    file = sheet(
        tmp_path,
        [
            ["respid", "V1", "codes"],
            [101, text("101"), "privacy"],
            [999, "iets", "privacy"],
            [103, text("105"), "tijd"],
            [104, text("104"), "privaci; tijd"],
            [None, None, "tijd"],
            [108, text("108"), "nergens op"],
        ],
    )
    told = refused(study, file)
    assert ("row_without_answer", 6) in told
    assert ("no_respondent", 3) in told
    assert ("other_text", 4) in told
    assert {"code_like.one", "code_like.none"} < {key for key, _ in told}


def test_double_numbers(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "codes"], [101, "privacy"], [102, "echo"], [101, "tijd"]]
    assert refused(study, sheet(tmp_path, rows), "-q", "q1") == [("double", 4)]


def test_rows_that_can_be_read_are_taken_over_without_the_others(
    study: Path, tmp_path: Path
) -> None:
    file = sheet(
        tmp_path,
        [
            ["respid", "V1", "codes", "twijfel", "status"],
            [101, text("101"), "privacy", None, None],
            [102, text("102"), "echo", "misschien", None],
            [103, text("103"), None, None, "gecodeerd"],
            [104, text("104"), "tijd", "ja", None],
            [104, text("104"), "privacy", None, None],
            [None, None, "tijd", None, None],
            [105, text("105"), "tijd", None, None],
        ],
    )
    told = [("yes_no", 3), ("state_codes", 4), ("double", 6), ("row_without_answer", 7)]
    assert sorted(refused(study, file)) == sorted(told)
    done = themecoder(study, "coding", "import", str(file), "--apply", "--partial")
    assert done.returncode == 0, done.stderr
    assert {answer: codes for (answer, _), codes in coded(study).items()} == {
        "101:q1": ("privacy",),
        "105:q1": ("tijd",),
    }


def test_an_answer_of_which_one_row_can_not_be_read_is_not_taken_over_in_part(
    study: Path, tmp_path: Path
) -> None:
    rows: list[list[object]] = [["respid", "codes", "twijfel"]]
    for who in range(101, 107):
        rows += [[who, "privacy", None], [who, "tijd", "misschien" if who == 103 else None]]
    file = sheet(tmp_path, rows)
    assert refused(study, file, "-q", "q1") == [("yes_no", 7)]
    done = themecoder(study, "coding", "import", str(file), "-q", "q1", "--apply", "--partial")
    assert done.returncode == 0, done.stderr
    whole = {f"{who}:q1" for who in (101, 102, 104, 105, 106)}
    assert {answer: codes for (answer, _), codes in coded(study).items()} == dict.fromkeys(
        sorted(whole), ("privacy", "tijd")
    )


def test_merged_cells_are_told_with_their_range(study: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, [["respid", "codes"], [101, "privacy"], [None, "tijd"], [103, "tijd"]])
    made = openpyxl.load_workbook(file)
    made["Anna"].merge_cells("A2:A3")
    made.save(file)
    assert ("merged", None) in refused(study, file, "-q", "q1")
    assert "A2:A3" in themecoder(study, "coding", "import", str(file), "-q", "q1").stderr


def test_merged_titles_above_the_table_do_no_harm(study: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, [["Codering van Anna"], ["respid", "codes"], [101, "privacy"]])
    made = openpyxl.load_workbook(file)
    made["Anna"].merge_cells("A1:B1")
    made.save(file)
    done = themecoder(study, "coding", "import", str(file), "-q", "q1")
    assert done.returncode == 0, done.stderr


def test_a_title_and_a_row_of_totals_are_told(study: Path, tmp_path: Path) -> None:
    """They are no coding, and nobody has to wonder whether a row was lost."""
    own = [[who, text(who), codes[0]] for who, codes in ANNA.items() if codes]
    rows = [["Gecodeerd door Anna"], ["respid", "antwoord", "codes"], *own, ["", "Totaal", "3"]]
    file = sheet(tmp_path, rows)
    done = themecoder(study, "coding", "import", str(file), "-q", "q1", "--json")
    assert done.returncode == 0, done.stderr
    told = {note["key"]: (note["row"], note["text"]) for note in json.loads(done.stdout)["notes"]}
    assert told["row_title"][0] == 1 and "een titel ('Gecodeerd door Anna')" in told["row_title"][1]
    assert told["row_totals"][0] == len(rows) and "een optelling" in told["row_totals"][1]


def test_a_column_of_codes_that_holds_the_answer(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "V1", "codes"], *([int(r), text(r), text(r)] for r in ("101", "102"))]
    keys = refused(study, sheet(tmp_path, rows))
    assert keys == [("code_is_answer", 2), ("code_is_answer", 3)]


def test_two_columns_that_could_be_the_codes(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "codes", "thema"], [101, "privacy", "tijd"], [102, "privacy", "echo"]]
    file = sheet(tmp_path, rows)
    assert refused(study, file, "-q", "q1") == [("several_columns", None)]
    words = ("-q", "q1", "--column", "codes=thema", "--column", "ignore=codes", "--apply")
    assert themecoder(study, "coding", "import", str(file), *words).returncode == 0
    assert coded(study) == {("101:q1", "anna"): ("tijd",), ("102:q1", "anna"): ("echo",)}


def test_no_codes_no_answers_and_no_such_column(study: Path, tmp_path: Path) -> None:
    nothing = [["respid", "leeftijd"], [101, 30], [102, 31]]
    assert refused(study, sheet(tmp_path, nothing)) == [("no_codes", 1)]
    whose = [["codes", "x"], ["privacy", 1], ["tijd", 2]]
    assert refused(study, sheet(tmp_path, whose)) == [("no_answers", 1)]
    known = [["respid", "codes"], [101, "privacy"]]
    words = ("-q", "q1", "--column", "codes=Thema")
    assert refused(study, sheet(tmp_path, known), *words) == [("no_column", None)]


def test_who_coded_and_which_question_are_asked(study: Path, tmp_path: Path) -> None:
    file = book(tmp_path / "x.xlsx", Blad1=[["respid", "codes"], [101, "privacy"]])
    assert refused(study, file) == [("no_coder", None), ("no_question", 2)]
    assert refused(study, file, "-q", "q1", "--coder", "dora") == [("unknown_coder", None)]
    words = ("-q", "q1", "--coder", "bram", "--apply")
    assert themecoder(study, "coding", "import", str(file), *words).returncode == 0


def test_foreign_names_of_coders_are_mapped_or_left_out(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "coder", "codes"], [101, "Anna V.", "privacy"], [101, "Piet", "tijd"]]
    file = book(tmp_path / "x.xlsx", Blad1=rows)
    keys = [key for key, _ in refused(study, file, "-q", "q1")]
    assert keys == ["unknown_coder", "unknown_coder"]
    words = ("-q", "q1", "--coder", "anna v=anna", "--coder", "Piet=-", "--apply")
    done = themecoder(study, "coding", "import", str(file), *words)
    assert done.returncode == 0, done.stderr
    assert coded(study) == {("101:q1", "anna"): ("privacy",)}


def test_a_comma_that_may_be_part_of_a_label_is_asked(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "codes"], [101, "data, lekken"], [102, "bubbel, praat mee"]]
    file = sheet(tmp_path, rows)
    assert refused(study, file, "-q", "q1") == [("separator", None)]


def test_texts_of_several_answers_are_listed(study: Path, tmp_path: Path) -> None:
    one = [["antwoord", "codes"], ["weet niet", "geen_inhoud"]]
    assert refused(study, sheet(tmp_path, one), "-q", "q1") == [("text_several", 2)]
    differing = [*one, ["Weet niet", "tijd"]]
    keys = refused(study, sheet(tmp_path, differing), "-q", "q1")
    assert keys == [("text_several", 2), ("text_several", 3)]


def test_partial_takes_what_it_can(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "codes"], [101, "privacy"], [999, "privacy"]]
    file = sheet(tmp_path, rows)
    words = ("-q", "q1", "--partial", "--apply", "--json")
    done = themecoder(study, "coding", "import", str(file), *words)
    assert done.returncode == 0
    assert [one["key"] for one in json.loads(done.stdout)["not_taken"]] == ["no_respondent"]
    assert coded(study) == {("101:q1", "anna"): ("privacy",)}


def test_what_is_here_stays_and_conflicts_are_listed(study: Path, tmp_path: Path) -> None:
    first = sheet(tmp_path, [["respid", "codes"], [101, "privacy"], [102, "echo"]])
    assert themecoder(study, "coding", "import", str(first), "-q", "q1", "--apply").returncode == 0
    here = snapshot(study / "annotations")
    rows = [["respid", "codes"], [101, "tijd"], [102, "echo"], [103, "tijd"]]
    file = sheet(tmp_path, rows)
    words = ("-q", "q1", "--apply", "--json")
    told = json.loads(themecoder(study, "coding", "import", str(file), *words).stdout)
    assert [one["answer_id"] for one in told["conflicts"]] == ["101:q1"]
    assert [one["answer_id"] for one in told["added"]] == ["103:q1"]
    assert told["same"] == 1
    name = "q1/anna.jsonl"
    lines = (study / "annotations" / name).read_bytes().splitlines()
    assert lines[:2] == here[name].splitlines()


def test_where_a_coding_comes_from(study: Path, tmp_path: Path) -> None:
    file = book(
        tmp_path / "x.xlsx",
        Anna=[
            ["answer_id", "tekst", "codes", "citaten"],
            ["102:q1", text("102"), "echo", "echo: échte echokamer 🙂"],
        ],
    )
    assert themecoder(study, "coding", "import", str(file), "--apply").returncode == 0
    (coding,) = read_codings(study / "annotations" / "q1" / "anna.jsonl")
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    assert coding.source == {
        "kind": "spreadsheet",
        "file": "x.xlsx",
        "sha256": sha256,
        "sheet": "Anna",
        "row": 2,
    }
    (quote,) = coding.quotes
    assert text("102")[quote.start : quote.end] == quote.text == "échte echokamer 🙂"


def test_a_file_with_masked_answers_has_its_quotes_in_the_original(
    study: Path, tmp_path: Path
) -> None:
    answer = "Dokter Jansen uit Zwolle luisterde goed naar mij"
    survey = study / "data" / "enquete.csv"
    survey.write_text(survey.read_text("utf-8").replace(text("101"), answer), encoding="utf-8")
    masked = StudyFolder.open(study).masked_texts()["101:q1"].masked
    assert "Jansen" not in masked
    rows = [["respid", "V1", "codes", "citaten"], [101, masked, "echo", "echo: luisterde goed"]]
    file = sheet(tmp_path, rows)
    done = themecoder(study, "coding", "import", str(file), "--apply")
    assert done.returncode == 0, done.stderr
    (coding,) = read_codings(study / "annotations" / "q1" / "anna.jsonl")
    (quote,) = coding.quotes
    assert answer[quote.start : quote.end] == "luisterde goed"
    by_text = sheet(tmp_path, [["antwoord", "codes"], [masked, "echo"]])
    words = ("-q", "q1", "--json")
    told = json.loads(themecoder(study, "coding", "import", str(by_text), *words).stdout)
    assert told["same"] == 1


def test_a_quote_that_ends_within_a_mask_comes_back_as_it_went(study: Path) -> None:
    answer = "Ik word geholpen door Dokter Jansen uit Zwolle"
    survey = study / "data" / "enquete.csv"
    survey.write_text(survey.read_text("utf-8").replace(text("101"), answer), encoding="utf-8")
    masked = StudyFolder.open(study).masked_texts()["101:q1"]
    (mask,) = [one for one in masked.masks if "Jansen" in one.text]
    quote = quote_of(masked, 0, mask.end - 2, "echo")
    coding = Coding("101:q1", "anna", "1.0.0", "coded", ("echo",), (quote,))
    write_codings(study / "annotations" / "q1" / "anna.jsonl", [coding])
    out = study / "reports" / "internal" / "heen.csv"
    assert themecoder(study, "coding", "export", "heen.csv").returncode == 0
    told = json.loads(themecoder(study, "coding", "import", str(out), "--json").stdout)
    assert (told["same"], told["conflicts"]) == (1, [])


def test_unknown_codes_become_codes_of_the_draft(study: Path, tmp_path: Path) -> None:
    rows = [["respid", "codes"], [101, "Vertrouwen"], [102, "Echokamers"], [103, "tijd"]]
    file = sheet(tmp_path, rows)
    words = ("-q", "q1")
    keys = {key for key, _ in refused(study, file, *words)}
    assert keys == {"code_like.one", "code_like.none"}
    done = themecoder(study, "coding", "import", str(file), *words, "--new-codes")
    assert done.returncode == 0, done.stderr
    draft = StudyFolder.open(study).codebooks.draft()[1].book
    assert draft.find("vertrouwen") is not None
    assert draft.find("echokamers") is None
    mapping = study / "codebooks" / "mens" / "mappings" / "codering.csv"
    kept = {row["name"]: row for row in csv.DictReader(mapping.open(encoding="utf-8"))}
    assert kept["Vertrouwen"]["code"] == "vertrouwen"
    assert (kept["Echokamers"]["code"], kept["Echokamers"]["proposed"]) == ("", "echo")
    assert {key for key, _ in refused(study, file, *words)} == {"code_in_draft", "code_like.one"}
    mapping.write_text(
        mapping.read_text("utf-8").replace("Echokamers,,1,,", "Echokamers,,1,echo,"), "utf-8"
    )
    draft_file = study / "codebooks" / "mens" / "draft.yaml"
    draft_file.write_text(
        draft_file.read_text("utf-8").replace("definition: ''", "definition: Of je het gelooft."),
        "utf-8",
    )
    released = themecoder(study, "codebook", "release")
    assert released.returncode == 0, released.stderr
    done = themecoder(study, "coding", "import", str(file), *words, "--apply")
    assert done.returncode == 0, done.stderr
    assert coded(study) == {
        ("101:q1", "anna"): ("vertrouwen",),
        ("102:q1", "anna"): ("echo",),
        ("103:q1", "anna"): ("tijd",),
    }


def test_a_wrong_code_in_the_mapping_is_told_with_its_row(study: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, [["respid", "codes"], [101, "Vertrouwen"]])
    mapping = tmp_path / "koppeling.csv"
    mapping.write_text("name;label;code\nVertrouwen;;privaci\n", encoding="utf-8")
    words = ("-q", "q1", "--mapping", str(mapping))
    assert refused(study, file, *words) == [("mapping.unknown_code", 2)]
    mapping.write_text("name;label;code\nVertrouwen;;privacy\n", encoding="utf-8")
    done = themecoder(study, "coding", "import", str(file), *words)
    assert done.returncode == 0, done.stderr


def test_codes_that_a_person_leaves_out(study: Path, tmp_path: Path) -> None:
    file = sheet(tmp_path, [["respid", "codes"], [101, "privacy; Later"], [102, "Later"]])
    mapping = tmp_path / "koppeling.csv"
    mapping.write_text("name,code\nLater,-\n", encoding="utf-8")
    words = ("-q", "q1", "--mapping", str(mapping))
    assert refused(study, file, *words) == [("only_left_out", 3)]


def test_coding_of_an_older_version_is_carried_over(study: Path, tmp_path: Path) -> None:
    words = ("--why", "hoort bij elkaar")
    assert themecoder(study, "codebook", "merge", "echo", "--into", "tijd", *words).returncode == 0
    split = ("--why", "te breed", "--definition", "Alleen lekken.")
    assert themecoder(study, "codebook", "redefine", "privacy", *split).returncode == 0
    released = themecoder(study, "codebook", "release")
    assert released.returncode == 0, released.stderr
    file = sheet(tmp_path, [["respid", "codes"], [101, "privacy"], [102, "echo"]])
    done = themecoder(
        study, "coding", "import", str(file), "-q", "q1", "--codebook", "1.0.0", "--apply"
    )
    assert done.returncode == 0, done.stderr
    first, second = read_codings(study / "annotations" / "q1" / "anna.jsonl")
    assert (first.made_under, second.codes) == ("1.0.0", ("tijd",))
    assert [mark.code for mark in first.stale] == ["privacy"]
    queue = (study / "annotations" / "queue.csv").read_text("utf-8")
    assert "101:q1,anna,privacy" in queue
    before = snapshot(study / "annotations")
    assert themecoder(study, "migrate", "--apply").returncode == 0
    assert snapshot(study / "annotations") == before


def test_an_import_that_is_killed_is_whole_or_not_there(tmp_path: Path) -> None:
    study = tmp_path / "studie"
    file = sheet_per_coder(tmp_path)
    options = ImportOptions(ReadingOptions(question="q1"))

    def fresh() -> None:
        shutil.rmtree(study, ignore_errors=True)
        make_study(study)
        first = sheet(tmp_path, [["respid", "codes"], [108, "tijd"]])
        words = ("-q", "q1", "--apply")
        assert themecoder(study, "coding", "import", str(first), *words).returncode == 0

    def work() -> None:
        opened = StudyFolder.open(study)
        with opened.locked():
            write_coding_import(opened, plan_coding_import(opened, file, options))

    old = {("108:q1", "anna"): ("tijd",)}
    new = of(anna=ANNA, bram=BRAM) | old
    seen = set()
    for _ in killed_everywhere(fresh, work):
        StudyFolder.open(study)
        found = coded(study)
        assert found in (old, new)
        seen.add(len(found))
        work()
        assert coded(study) == new
        left = [one for one in (study / "annotations").rglob(".*") if one.is_file()]
        assert left == []
    assert seen == {len(old), len(new)}


def test_the_memo_of_a_project_goes_into_a_draft_that_has_none(study: Path, tmp_path: Path) -> None:
    folder = StudyFolder.open(study)
    noted = replace(folder.codebooks.draft()[1].book, memo="Gesprek met de opdrachtgever: kort.")
    answer = OutgoingAnswer("101:q1", "101", "q1", "Het praat mee.")
    coding = Coding("101:q1", "anna", "1.0.0", "coded", (noted.codes[0].id,))
    made = Outgoing("elders", "Elders", "nl", noted, {"q1": "?"}, (answer,), (coding,))
    file = tmp_path / "elders.qdpx"
    file.write_bytes(write_qdpx(made))
    for memo in (noted.memo, "Al iets."):
        done = themecoder(study, "coding", "import", str(file), "--new-codes")
        assert done.returncode == 0, done.stderr
        assert StudyFolder.open(study).codebooks.draft()[1].book.memo == memo
        draft = study / "codebooks" / "mens" / "draft.yaml"
        draft.write_text(draft.read_text("utf-8").replace(noted.memo, "Al iets."), "utf-8")
