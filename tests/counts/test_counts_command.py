"""``themecoder counts`` on the shipped study: every file as other programs read it, and errors."""

from __future__ import annotations

import csv
import json
import re
import shutil
import subprocess
from pathlib import Path

import docx
import openpyxl
import pandas
import pyreadstat
import pytest

from commands import in_own_process, themecoder
from shipped import ROOT, copy_shipped
from themecoder import Study
from themecoder.survey.readers.spss_sets import response_sets

pytestmark = [pytest.mark.slow, pytest.mark.long(40)]
CODER_A = ("--source", "coder:coder_a")
EVERY_FORM = tuple(
    word for form in ("csv", "xlsx", "docx", "tex", "matrix", "sav") for word in ("--format", form)
)


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped study with all files of its counts."""
    folder = copy_shipped(tmp_path_factory.mktemp("counts") / "studie")
    done = themecoder(folder, "counts", *CODER_A, *EVERY_FORM)
    assert done.returncode == 0, done.stderr
    assert "Voorkeur voor menselijk contact" in done.stdout
    return folder


def written(reports: Path) -> dict[str, bytes]:
    """The files below a folder, as paths in it, and what they hold."""
    return {
        str(file.relative_to(reports)): file.read_bytes()
        for file in sorted(reports.rglob("*"))
        if file.is_file()
    }


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def codings() -> dict[str, set[str]]:
    """answer_id -> codes of coder_a, of every answer that was not skipped."""
    lines = [
        json.loads(line)
        for file in sorted((ROOT / "annotations").glob("q*/coder_a.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return {one["answer_id"]: set(one["codes"]) for one in lines if one["state"] != "skipped"}


def test_the_csv_has_the_coders_codes(study: Path, codings: dict[str, set[str]]) -> None:
    table = rows(study / "reports" / "counts.csv")
    shown = {(one["question"], one["code"]): one for one in table if one["subgroup"] == "all"}
    bases = {"q7": 294, "q15": 294, "q18": 477, "q19": 477, "all": 771}
    codes = {code for mine in codings.values() for code in mine}
    opened = Study.open(study)
    content = {
        answer.answer_id
        for question in opened.questions
        for answer in opened.answers(question)
        if not opened.contentless(answer.text)
    }
    for question, base in bases.items():
        spoken = {answer for answer in content if answer.endswith(f":{question}")}
        seen = spoken & codings.keys()
        for code in codes:
            who = {
                answer.partition(":")[0]
                for answer, mine in codings.items()
                if code in mine and question in ("all", answer.partition(":")[2])
            }
            row = shown[question, code]
            assert row["base_n"] == str(base)
            if row["suppressed"] == "true":
                assert (row["n"], row["percent"], row["ci_low"], row["ci_high"]) == ("",) * 4
            else:
                assert row["n"] == str(len(who))
                # coder_a skipped 5 answers: those whom coder_a coded stand for them
                if question == "all":
                    assert 0 <= float(row["percent"]) - 100 * len(who) / base < 0.6
                    continue
                assert (row["coded_n"], row["uncoded_n"]) == (
                    *(str(len(seen)), str(len(spoken) - len(seen))),
                )
                having = sum(code in codings[answer] for answer in seen)
                share = len(who) - having + len(spoken) * having / len(seen)
                assert row["percent"] == f"{100 * share / base:.4f}"
    hidden = sum(one["suppressed"] == "true" for one in shown.values() if one["question"] in bases)
    assert 0 < hidden < 100


def test_the_same_coding_gives_the_same_bytes(study: Path, tmp_path: Path) -> None:
    other = copy_shipped(tmp_path / "elders")
    assert in_own_process(other, "counts", *CODER_A, *EVERY_FORM).returncode == 0
    files = written(other / "reports")
    assert list(files) == [
        "counts.csv",
        "counts.docx",
        "counts.tex",
        "counts.xlsx",
        "counts_coder_error.csv",
        "counts_differences.csv",
        "counts_numbers.csv",
        "counts_pairs.csv",
        "internal/LEESMIJ.txt",
        "internal/counts.sav",
        "internal/counts_matrix.csv",
    ]
    before = written(study / "reports")
    assert [name for name in files if files[name] != before[name]] == []


def test_the_workbook_has_a_sheet_a_question_with_numbers_as_numbers(study: Path) -> None:
    book = openpyxl.load_workbook(study / "reports" / "counts.xlsx")
    assert book.sheetnames[0] == "Basis"
    assert {"q7", "q15", "q18", "q19", "all", "q3", "q14", "Getallen", "Verschillen"} <= set(
        book.sheetnames
    )
    page = book["q18"]
    header = [cell.value for cell in page[1]]
    assert header[:5] == ["Thema of antwoord", "Allen\nn", "Allen\n%", "Allen\nvan", "Allen\ntot"]
    assert [cell.value for cell in page[2]][:2] == ["n =", 477]
    found = {row[0].value: row for row in page.iter_rows(min_row=3)}
    privacy = found["Privacy en veiligheid van gegevens"]
    assert (privacy[1].value, round(privacy[2].value, 1)) == (35, 7.4)
    assert privacy[2].number_format == "0.0"
    assert header[5:7] == ["Allen\nvan, met codeurs", "Allen\ntot, met codeurs"]
    bounds = [cell.value for cell in privacy[5:7]]
    assert bounds == pytest.approx(coder_bounds(study), abs=1e-4)
    table = {
        (r["question"], r["code"], r["subgroup"]): r for r in rows(study / "reports" / "counts.csv")
    }
    hidden = sum(r["suppressed"] == "true" for (q, *_), r in table.items() if q == "q18")
    assert sum(cell.value == "x" for row in page.iter_rows(min_row=3) for cell in row) == hidden
    text = " ".join(str(row[0].value) for row in book["Basis"].iter_rows())
    assert "Geteld is de codering van coder_a." in text


def coder_bounds(study: Path) -> list[float]:
    """The interval of privacy with coders, as the file has it."""
    errors = rows(study / "reports" / "counts_coder_error.csv")
    (privacy,) = (r for r in errors if (r["question"], r["code"]) == ("q18", "privacy"))
    assert float(privacy["low"]) < 5.3
    assert float(privacy["high"]) > 10
    return [float(privacy["low"]), float(privacy["high"])]


def shown(percent: float) -> str:
    return f"{percent:.1f}".replace(".", ",")


def test_the_word_tables_have_what_the_csv_has(study: Path) -> None:
    document = docx.Document(str(study / "reports" / "counts.docx"))
    whole = [t for t in document.tables if t.rows[0].cells[1].text == "n"]
    titles = [p.text for p in document.paragraphs if re.search(r"\(n = \d+\)$", p.text)]
    place = titles.index("Zou AI je kunnen helpen? Toelichting van niet-gebruikers (n = 477)")
    cells = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in whole[place].rows}
    assert cells["Thema of antwoord"] == ["n", "%", "95%-interval", "Met codeurs"]
    span = "–".join(shown(bound) for bound in coder_bounds(study))
    assert cells["Privacy en veiligheid van gegevens"] == ["35", "7,4%", "5,3–10,1%", f"{span}%"]
    by_group = [t for t in document.tables if t.rows[0].cells[-1].text == "Cramérs V"]
    assert by_group and by_group[0].rows[0].cells[-2].text == "p (Holm)"


def test_the_latex_can_be_set(study: Path, tmp_path: Path) -> None:
    text = (study / "reports" / "counts.tex").read_text(encoding="utf-8")
    span = "--".join(shown(bound) for bound in coder_bounds(study))
    privacy = r"Privacy en veiligheid van gegevens & 35 & 7,4\% & 5,3--10,1\%"
    assert rf"{privacy} & {span}\% \\" in text
    assert text.count(r"\begin{longtable}") == text.count(r"\end{longtable}") > 50
    # nothing that LaTeX would take for its own stands in a cell
    cells = [line for line in text.splitlines() if line.endswith(r" \\")]
    own = re.compile(r"n~=~|\$[<>-]\$|\\(?:textbf\{|[%&_#$]|\\$)|^Thema of antwoord & \\rotate.*")
    plain = [own.sub("", line) for line in cells]
    assert not [line for line in plain if re.search(r"[%_#$^~]", line)]
    engine = next((one for one in ("lualatex", "xelatex", "pdflatex") if shutil.which(one)), None)
    if engine is None:
        return  # the rest needs a LaTeX: sudo apt-get install texlive-latex-recommended
    head = r"\documentclass{article}\usepackage{booktabs,longtable,array,graphicx}\begin{document}"
    (tmp_path / "t.tex").write_text(f"{head}\n{text}\n\\end{{document}}\n", encoding="utf-8")
    done = subprocess.run(
        [engine, "-interaction=nonstopmode", "-halt-on-error", "t.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:]
    # no table runs off the page, nor a word into the next column by more than a letter's width
    too_wide = re.findall(r"Overfull \\hbox \((\d+\.\d+)pt too wide\) in (\w+)", done.stdout)
    assert [p for p, where in too_wide if where == "alignment" and float(p) > 1] == []
    assert [points for points, _ in too_wide if float(points) > 6] == []


def test_the_matrix_has_a_row_for_every_answer(study: Path, codings: dict[str, set[str]]) -> None:
    table = rows(study / "reports" / "internal" / "counts_matrix.csv")
    assert len(table) == 893
    codes = [name for name in table[0] if name not in ("answer_id", "state")]
    assert len(codes) == 31
    for row in table:
        mine = codings.get(row["answer_id"])
        if mine is None:
            assert row["state"] == "skipped"
            assert {row[code] for code in codes} == {""}
        else:
            assert row["state"] == ("coded" if mine else "no_code")
            assert {code for code in codes if row[code] == "1"} == mine
            assert {row[code] for code in codes} <= {"0", "1"}


def test_spss_reads_labels_values_and_response_sets(
    study: Path, codings: dict[str, set[str]]
) -> None:
    file = study / "reports" / "internal" / "counts.sav"
    frame, meta = pyreadstat.read_sav(str(file))
    assert len(frame) == 771
    label = "Zou AI je kunnen helpen? Toelichting van niet-gebruikers: "
    assert (
        meta.column_names_to_labels["q18_privacy"] == f"{label}Privacy en veiligheid van gegevens"
    )
    assert meta.variable_value_labels["q18_privacy"] == {1.0: "Genoemd", 0.0: "Niet genoemd"}
    assert meta.variable_value_labels["q3"] == {"a": "Ja", "b": "Nee"}
    assert meta.variable_value_labels["q14_1"][1.0] == "Helemaal eens"
    privacy = frame.set_index("respondent_id")["q18_privacy"]
    expected = {
        answer.partition(":")[0]: float("privacy" in mine)
        for answer, mine in codings.items()
        if answer.endswith(":q18")
    }
    assert {str(who): value for who, value in privacy.dropna().items()} == expected
    sets = {one.name: one.columns for one in response_sets(file, "utf-8")}
    assert len(sets["q18"]) == 31 and "q18_privacy" in sets["q18"]
    assert sets["q4"][:2] == ("q4_a", "q4_b")
    assert frame["q4_b"].sum() == 247  # 84,0% of 294
    # the sets come back as this tool reads any export
    survey = study.parent / "als-export"
    survey.mkdir(exist_ok=True)
    shutil.copy(file, survey / "export.sav")
    done = themecoder(survey, "init", str(survey / "export.sav"))
    assert done.returncode == 0, done.stderr


def test_of_suggestions_every_file_says_that_nobody_confirmed_them(tmp_path: Path) -> None:
    folder = copy_shipped(tmp_path / "studie")
    shutil.rmtree(folder / "annotations")
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace('source = "coder:coder_a"', "#")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    (folder / "suggestions").mkdir()
    for question in ("q7", "q15", "q18", "q19"):
        first, second = sorted(one.answer_id for one in Study.open(folder).answers(question))[:2]
        (folder / "suggestions" / f"{question}.csv").write_text(
            f"answer_id,code,score\n{first},privacy,0.9\n{second},voorkeur_mens,0.8\n",
            encoding="utf-8",
        )
    given = ("counts", "--question", "q18", "--source", "suggestions", *EVERY_FORM)
    done = themecoder(folder, *given)
    assert done.returncode == 0, done.stderr
    assert "NIET BEVESTIGD" in done.stdout
    reports = folder / "reports"
    names = {Path(name).name for name in written(reports)} - {"LEESMIJ.txt"}
    assert names and all(name.startswith("counts_unconfirmed") for name in names)
    assert "NIET BEVESTIGD" in (reports / "counts_unconfirmed.tex").read_text(encoding="utf-8")
    document = docx.Document(str(reports / "counts_unconfirmed.docx"))
    assert any("NIET BEVESTIGD" in p.text for p in document.paragraphs)
    book = openpyxl.load_workbook(reports / "counts_unconfirmed.xlsx")
    assert any("NIET BEVESTIGD" in str(row[0].value) for row in book["Basis"].iter_rows())
    _, meta = pyreadstat.read_sav(str(reports / "internal" / "counts_unconfirmed.sav"))
    assert meta.number_rows == 771


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--question", "q99"), "q99"),
        (("--source", "iedereen"), "onbekende bron 'iedereen'"),
        (("--source", "coder:niemand"), "niemand"),
        (("--format", "pdf"), "bestandsformaat 'pdf' is onbekend"),
        (("--base", "iets"), "iets is geen basis van percentages"),
        (("--by", "q3=="), "q3"),
        (("--source", "adjudicated", "--question", "q18"), "q18"),
    ],
)
def test_what_cannot_be_counted_is_told(study: Path, words: tuple[str, ...], said: str) -> None:
    before = written(study / "reports")
    done = themecoder(study, "counts", *words)
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert written(study / "reports") == before


def test_broken_and_strange_coding_is_told_with_file_and_line(tmp_path: Path) -> None:
    folder = copy_shipped(tmp_path / "studie")
    file = folder / "annotations" / "q18" / "coder_a.jsonl"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join([*lines[:6], lines[6][:30] + "\n", *lines[7:]]), encoding="utf-8")
    done = themecoder(folder, "counts")
    assert done.returncode == 2
    assert "coder_a.jsonl" in done.stderr and "regel 7" in done.stderr
    strange = json.loads(lines[6]) | {"answer_id": "99999999:q18"}
    file.write_text("".join([*lines, json.dumps(strange) + "\n"]), encoding="utf-8")
    done = themecoder(folder, "counts")
    assert done.returncode == 2
    assert "99999999:q18" in done.stderr and f"regel {len(lines) + 1}" in done.stderr
    assert not (folder / "reports").exists()
    assert "Traceback" not in done.stderr


def test_a_weighted_study_has_weighted_percentages_beside_the_others(tmp_path: Path) -> None:
    folder = copy_shipped(tmp_path / "studie")
    survey = folder / "data" / "survey.csv"
    frame = pandas.read_csv(survey, sep=";", dtype=str, keep_default_na=False)
    frame["weging"] = [f"{0.5 + n % 4 / 2:.1f}".replace(".", ",") for n in range(len(frame))]
    frame.to_csv(survey, sep=";", index=False, encoding="utf-8-sig")
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = text.replace("[survey]\n", '[survey]\nweight = "weging"\n')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    done = themecoder(
        folder,
        "counts",
        "--question",
        "q3",
        "--format",
        "csv",
        "--format",
        "xlsx",
        "--format",
        "docx",
    )
    assert done.returncode == 0, done.stderr
    inside = frame[frame["q1"].isin(["a", "b"])]
    mass = inside["weging"].str.replace(",", ".").astype(float)
    expected = 100 * mass[inside["q3"] == "a"].sum() / mass.sum()
    reports = folder / "reports"
    (row,) = (
        one
        for one in rows(reports / "counts_weighted.csv")
        if (one["code"], one["subgroup"]) == ("a", "all")
    )
    assert float(row["percent"]) == pytest.approx(expected, abs=1e-4)
    (plain,) = (
        one
        for one in rows(reports / "counts.csv")
        if (one["code"], one["subgroup"]) == ("a", "all")
    )
    assert (plain["n"], plain["percent"]) == ("294", "38.1323")
    page = openpyxl.load_workbook(reports / "counts.xlsx")["q3"]
    assert page["F1"].value == "Allen\nGewogen %"
    yes = next(row for row in page.iter_rows(min_row=3) if row[0].value == "Ja")
    assert yes[5].value == pytest.approx(expected)
    table = docx.Document(str(reports / "counts.docx")).tables[0]
    assert table.rows[0].cells[-1].text == "Gewogen %"
    frame.loc[inside.index[5], "weging"] = "veel"
    frame.to_csv(survey, sep=";", index=False, encoding="utf-8-sig")
    done = themecoder(folder, "counts", "--question", "q3")
    assert done.returncode == 2
    assert "'veel'" in done.stderr and "weging" in done.stderr


def test_a_sample_of_strata_and_clusters(tmp_path: Path) -> None:
    """What cannot be told is refused, all at once; else every file says what is weighted."""
    folder = copy_shipped(tmp_path / "studie")
    survey = folder / "data" / "survey.csv"
    frame = pandas.read_csv(survey, sep=";", dtype=str, keep_default_na=False)
    frame["stratum"] = [f"s{n % 3}" for n in range(len(frame))]
    frame["school"] = [f"k{n % 40}" for n in range(len(frame))]
    text = (folder / "study.toml").read_text(encoding="utf-8")
    design = '[survey]\nstrata = "stratum"\ncluster = "school"\n'
    number = '[[closed]]\nid = "leeftijd"\nkind = "number"\ncolumn = "q23"\n'
    text = text.replace("[survey]\n", design) + number
    (folder / "study.toml").write_text(text, encoding="utf-8")
    without = themecoder(folder, "import")
    assert without.returncode == 2
    assert all(name in without.stderr for name in ("survey.strata", "survey.cluster"))
    inside = frame.index[frame["q1"].isin(["a", "b"])]
    broken = frame.copy()
    broken.loc[inside[[0, 1]], "stratum"] = ["", " "]
    broken.loc[inside[2], "school"] = ""
    broken.to_csv(survey, sep=";", index=False, encoding="utf-8-sig")
    refused = themecoder(folder, "counts", "--question", "leeftijd")
    assert refused.returncode == 2
    assert refused.stderr.count("geen stratum of cluster") == 3
    alone = frame.copy()
    alone.loc[inside[0], "stratum"] = "apart"
    alone.to_csv(survey, sep=";", index=False, encoding="utf-8-sig")
    refused = themecoder(folder, "counts", "--question", "leeftijd")
    assert refused.returncode == 2 and "stratum apart" in refused.stderr
    frame.to_csv(survey, sep=";", index=False, encoding="utf-8-sig")
    done = themecoder(folder, "counts", "--question", "q3", "--question", "leeftijd")
    assert done.returncode == 0, done.stderr
    reports = folder / "reports"
    tests = [one for one in rows(reports / "counts_differences.csv") if one["p"]]
    assert {one["test"] for one in tests} == {"rao_scott"} and all(one["tested"] for one in tests)
    mean = rows(reports / "counts_numbers.csv")[0]
    # every weight is 1, so only the intervals differ
    assert mean["weighted_mean"] == mean["mean"] and mean["weighted_median"] == mean["median"]
    assert mean["weighted_ci_low"] != mean["ci_low"]
    book = openpyxl.load_workbook(reports / "counts.xlsx")
    header = [cell.value for cell in book["Getallen"][1]]
    assert header[-5:-3] == ["Gewogen gemiddelde", "Standaardfout"]
    notes = [cell.value for cell in book["Verschillen"]["A"] if cell.value]
    assert any("Rao en Scott" in note for note in notes)
    assert any(
        note.startswith("Toetsen op verschillen tussen groepen in totaal:") for note in notes
    )
