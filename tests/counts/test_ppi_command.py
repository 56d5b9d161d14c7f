"""``themecoder counts --source ppi`` on the shipped study, coded in the order of a plan."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import docx
import openpyxl
import pytest

from coded_by_plan import code_by_plan, coded_in_part, coder_a_codings
from commands import done, snapshot, themecoder
from themecoder.coding.annotations import read_codings, write_codings
from themecoder.coding.plan_file import read_plan
from themecoder.coding.read import coding_by_coder
from themecoder.counts.ppi.study_ppi import study_ppi
from themecoder.counts.study_counts import study_counts
from themecoder.workspace.folder import StudyFolder

pytestmark = [pytest.mark.slow, pytest.mark.long(90)]
PLACES = 34
PPI = ("counts", "--source", "ppi")
ALL_FORMS = tuple(word for form in ("csv", "xlsx", "docx", "tex") for word in ("--format", form))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    """Three coders coded the first 34 answers of their rows; a fifth of the answers is for two."""
    folder = tmp_path_factory.mktemp("ppi") / "studie"
    coded_in_part(folder, mined_once, PLACES)
    done(folder, *PPI, *ALL_FORMS, "--by", "gender")
    return folder


@pytest.fixture
def study(planned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planned, tmp_path / "studie"))


def estimates(folder: Path) -> list[dict[str, str]]:
    with (folder / "reports" / "counts_ppi.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def find(folder: Path, question: str, code: str, unit: str = "respondents") -> dict[str, str]:
    return next(
        row
        for row in estimates(folder)
        if (row["question"], row["code"], row["unit"], row["subgroup"])
        == (question, code, unit, "all")
    )


def test_the_human_coded_part_is_what_was_reached_in_the_plan(planned: Path) -> None:
    codings = coder_a_codings(Path(__file__).parents[2])
    drawn = {
        row.answer_id
        for row in read_plan(planned / "annotations" / "plan.csv")
        if row.question == "q18" and row.place <= PLACES
    }
    row = find(planned, "q18", "privacy")
    assert int(row["human_n"]) == sum(codings[answer].state != "skipped" for answer in drawn)
    assert int(row["human_n"]) < int(row["machine_n"]) < int(row["base_n"])


def test_estimates_are_nearer_to_full_coding_than_their_intervals_say(planned: Path) -> None:
    """coder_a's coding is what a full count would come to: it is in 95 of 100 intervals."""
    codings = coder_a_codings(Path(__file__).parents[2])
    inside = checked = 0
    for row in estimates(planned):
        if row["percent"] and row["subgroup"] == "all" and row["unit"] == "respondents":
            if row["question"] == "all" or ":" in row["code"] or row["code"] == "any":
                continue
            n = sum(
                row["code"] in coding.codes
                for coding in codings.values()
                if coding.question == row["question"]
            )
            share = 100 * n / int(row["base_n"])
            inside += float(row["ci_low"]) - 1e-9 <= share <= float(row["ci_high"]) + 1e-9
            checked += 1
    assert checked >= 10 and inside >= checked - 1


def test_the_machine_makes_estimates_worth_more_codings(planned: Path) -> None:
    shown = [row for row in estimates(planned) if row["percent"] and row["subgroup"] == "all"]
    assert all(float(row["worth_n"]) >= int(row["human_n"]) - 0.001 for row in shown)
    assert sum(float(row["worth_n"]) > 1.05 * int(row["human_n"]) for row in shown) >= 5


def test_every_file_says_that_it_is_an_estimate_and_of_what(planned: Path) -> None:
    reports = planned / "reports"
    row = find(planned, "q18", "privacy")
    assert {one["source"] for one in estimates(planned)} == {"ppi"}
    said = f"{row['machine_n']} antwoorden met inhoud, rechtgezet met de {row['human_n']}"
    text = " ".join(p.text for p in docx.Document(str(reports / "counts_ppi.docx")).paragraphs)
    book = openpyxl.load_workbook(reports / "counts_ppi.xlsx")
    cells = {str(cell.value) for sheet in book for line in sheet for cell in line if cell.value}
    for found in (text, "\n".join(cells), (reports / "counts_ppi.tex").read_text("utf-8")):
        assert "SCHATTING, geen telling" in found and said in found
        assert "coderingen waard" in found
    assert isinstance(book.worksheets[0].cell(2, 2).value, (int, float))


def test_all_questions_together_are_of_respondents_and_of_answers(planned: Path) -> None:
    people, answers = find(planned, "all", "any"), find(planned, "all", "any", "answers")
    assert int(answers["machine_n"]) > int(people["machine_n"])
    assert answers["base_n"] == answers["machine_n"]
    assert float(answers["percent"]) > 0


def test_the_same_coding_gives_the_same_bytes(study: Path) -> None:
    before = snapshot(study / "reports")
    printed = json.loads(done(study, *PPI, *ALL_FORMS, "--by", "gender", "--json"))
    assert snapshot(study / "reports") == before
    assert printed["source"] == "ppi" and printed["human_source"] == "decided"
    assert len(printed["rows"]) == len(estimates(study))


def test_what_is_hidden_among_peoples_codes_is_hidden_here(planned: Path) -> None:
    """Somebody who takes the machine's part out of an estimate has the number that people coded: it
    must be one that may be shown."""
    folder = StudyFolder.open(planned)
    in_study = {
        (row.question, row.code)
        for row in study_counts(folder).rows
        if row.suppressed and row.subgroup == "all"
    }
    smallest = folder.config.report.smallest_cell
    coded = {c.answer_id: c for own in coding_by_coder(folder, "q18").values() for c in own}
    hidden = 0
    for row in study_ppi(folder, ["q18"]).rows:
        assert row.suppressed or (row.question, row.code) not in in_study
        if ":" in row.code or row.code == "any":
            continue
        given = sum(row.code in c.codes for c in coded.values())
        if row.suppressed:
            assert row.percent is row.human_percent is row.worth_n is row.weight is None
            hidden += 1
        else:
            assert given >= smallest
    assert hidden >= 5
    shown = [row for row in estimates(planned) if row["suppressed"] == "true"]
    assert shown and all(not row["percent"] + row["human_percent"] for row in shown)


def test_with_the_smallest_cell_at_zero_all_is_shown(study: Path) -> None:
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("smallest_cell = 5", "smallest_cell = 0"), encoding="utf-8")
    done(study, *PPI, "--question", "q18")
    assert all(row["percent"] for row in estimates(study))


def test_a_part_that_is_too_small_is_told_with_how_many_more(study: Path) -> None:
    code_by_plan(study, coder_a_codings(Path(__file__).parents[2]), 8)
    printed = done(study, *PPI, "--question", "q18")
    rows = [row for row in estimates(study) if row["suppressed"] == "false"]
    assert rows and all(not row["percent"] for row in rows)
    assert {int(row["human_n"]) + int(row["more_needed"]) for row in rows} == {30}
    assert f"nog {rows[0]['more_needed']} coderingen" in printed


def refused(study: Path, *words: str) -> str:
    before = snapshot(study / "reports")
    found = themecoder(study, *PPI, *words)
    assert found.returncode == 2 and "Traceback" not in found.stderr
    assert snapshot(study / "reports") == before
    return found.stderr


def test_coding_of_which_no_plan_tells_that_it_is_random_is_refused(study: Path) -> None:
    (study / "annotations" / "plan.csv").unlink()
    told = refused(study)
    for question in ("q7", "q18", "q19"):
        assert f"van {question} is een deel gecodeerd, en geen plan" in told
    # of this question everything is coded, which is random enough
    assert "van q15" not in told
    assert "themecoder plan" in told


def test_coding_in_another_order_than_the_plans_is_refused(study: Path) -> None:
    file = study / "annotations" / "plan.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    # by hand: the places of coder_b in the order of the ids
    places = iter(range(1, 10_000))
    changed = [
        ",".join([*line.split(",")[:5], str(next(places)), ""])
        if line.startswith("q18,") and ",coder_b," in line
        else line
        for line in lines
    ]
    file.write_text("\n".join(changed) + "\n", encoding="utf-8")
    assert "de volgorde waarin coder_b q18 codeert" in refused(study, "--question", "q18")


def test_what_was_coded_out_of_turn_does_not_count_and_is_told(study: Path) -> None:
    before = find(study, "q18", "privacy")
    file = study / "annotations" / "q18" / "coder_b.jsonl"
    coded = read_codings(file)
    rows = read_plan(study / "annotations" / "plan.csv")
    own = {r.place: r.answer_id for r in rows if (r.question, r.coder) == ("q18", "coder_b")}
    write_codings(file, [c for c in coded if c.answer_id != own[3]])
    done(study, *PPI, "--question", "q18")
    # one may be left for later
    assert int(find(study, "q18", "privacy")["human_n"]) == int(before["human_n"]) - 1
    write_codings(file, [c for c in coded if c.answer_id not in {own[n] for n in range(3, 9)}])
    printed = done(study, *PPI, "--question", "q18")
    after = find(study, "q18", "privacy")
    assert int(after["human_n"]) < int(before["human_n"]) - 20
    assert "gecodeerde antwoorden tellen niet mee" in printed


def test_answers_that_coders_differ_on_are_to_be_decided_first(study: Path) -> None:
    rows = read_plan(study / "annotations" / "plan.csv")
    twice = next(
        row
        for row in rows
        if (row.question, row.coder) == ("q18", "coder_b")
        and row.place <= PLACES
        and any(
            other.answer_id == row.answer_id and other.coder == "coder_c" and other.place <= PLACES
            for other in rows
        )
    )
    file = study / "annotations" / "q18" / "coder_b.jsonl"
    other = tuple(
        c.__class__(c.answer_id, c.coder, c.codebook, "coded", ("duurzaamheid",))
        if c.answer_id == twice.answer_id
        else c
        for c in read_codings(file)
    )
    write_codings(file, other)
    told = refused(study, "--question", "q18")
    assert "1 open omdat codeurs verschillen" in told and "disagreements" in told


def test_skipping_a_few_is_told_and_skipping_many_refused(study: Path) -> None:
    file = study / "annotations" / "q18" / "coder_a.jsonl"

    def skip(n: int) -> None:
        rows = read_codings(file)
        skipped = [c.__class__(c.answer_id, c.coder, c.codebook, "skipped") for c in rows[:n]]
        write_codings(file, [*skipped, *rows[n:]])

    skip(20)
    assert "geen codering die meetelt" in refused(study, "--question", "q18")


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("quotes", ("--source", "ppi")),
        ("coding export uit.csv", ("--source", "ppi")),
        ("counts", ("--source", "ppi", "--format", "sav")),
        ("counts", ("--source", "ppi", "--question", "q3")),
        ("counts", ("--source", "ppi", "--base", "allen")),
    ],
)
def test_where_an_estimate_can_not_stand_it_is_refused(
    study: Path, command: str, words: tuple[str, ...]
) -> None:
    before = snapshot(study)
    found = themecoder(study, *command.split(), *words)
    assert found.returncode == 2 and "Traceback" not in found.stderr
    assert command == "counts" or "ppi is een schatting van aandelen" in found.stderr
    after = snapshot(study)
    assert {name for name in after if after[name] != before.get(name)} <= {
        name for name in after if name.startswith(".themecoder")
    }


def test_weights_are_refused_and_not_forgotten(study: Path) -> None:
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    text = text.replace("[survey]\n", '[survey]\nweight = "q23"\n', 1)
    config.write_text(text, encoding="utf-8")
    assert "survey.weight" in refused(study, "--question", "q18")
