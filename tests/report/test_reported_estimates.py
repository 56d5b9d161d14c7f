"""``check``, ``report``, ``run`` and the audit of disclosure with ``--source ppi``: on the shipped
study, of which coders coded a part in the order of a plan."""

from __future__ import annotations

import csv
import json
import re
import shutil
from pathlib import Path

import docx
import numpy as np
import pytest

from coded_by_plan import coded_in_part
from commands import done, snapshot, themecoder
from themecoder.coding.read import coding_by_coder
from themecoder.coding.suggestions.study_suggestions import cross_fitted_probabilities
from themecoder.themes.known import known_study
from themecoder.workspace.folder import StudyFolder

pytestmark = [pytest.mark.slow, pytest.mark.long(120)]
PPI = ("--source", "ppi")
Row = dict[str, str]


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    folder = tmp_path_factory.mktemp("estimates") / "studie"
    coded_in_part(folder, mined_once, 34)
    done(folder, "counts", *PPI, "--by", "gender")
    return folder


@pytest.fixture
def study(planned: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(planned, tmp_path / "studie"))


def table(file: Path) -> list[Row]:
    with file.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def estimate(study: Path, question: str, code: str, subgroup: str = "all") -> Row:
    wanted = (question, code, subgroup, "respondents")
    rows = table(study / "reports" / "counts_ppi.csv")
    return next(
        row
        for row in rows
        if (row["question"], row["code"], row["subgroup"], row["unit"]) == wanted
    )


def shown_codes(study: Path, question: str, subgroup: str = "all") -> list[str]:
    """The codes with an estimate, the most mentioned first."""
    rows = [
        row
        for row in table(study / "reports" / "counts_ppi.csv")
        if (row["question"], row["subgroup"], row["unit"]) == (question, subgroup, "respondents")
        and row["percent"]
        and row["code"] != "any"
        and ":" not in row["code"]
    ]
    return [row["code"] for row in sorted(rows, key=lambda row: -float(row["percent"]))]


def asked_q18(study: Path) -> str:
    """Whom question q18 was asked, as an expression."""
    questions = StudyFolder.open(study).config.questions
    return next(str(question.asked) for question in questions if question.id == "q18")


def dutch(percent: float) -> str:
    return f"{percent:.1f}".replace(".", ",") + "%"


def quoted(study: Path, name: str, rows: list[tuple[str, ...]]) -> None:
    header = {
        "quoted_figures.csv": "id,text,expr,base_expr,decimals,printed",
        "claims.csv": "id,text,codes,question,group,quantifier",
    }
    with (study / "reports" / name).open("w", encoding="utf-8", newline="") as handle:
        handle.write(header[name] + "\n")
        csv.writer(handle).writerows(rows)


def checked(study: Path, code: int) -> dict[str, Row]:
    found = themecoder(study, "check", *PPI, "--all")
    assert found.returncode == code, found.stderr
    assert "SCHATTING, geen telling" in found.stdout
    return {row["id"]: row for row in table(study / "reports" / "check_ppi.csv")}


def test_figures_are_held_against_the_estimate_and_its_interval(study: Path) -> None:
    code = shown_codes(study, "q18")[0]
    own = estimate(study, "q18", code)
    share, high = (float(own[name]) for name in ("percent", "ci_high"))
    asked = asked_q18(study)
    figures = [
        ("same", "s", f"[q18:{code}]", asked, "", dutch(share)),
        ("inside", "s", f"[q18:{code}]", asked, "", dutch((share + high) / 2)),
        ("outside", "s", f"[q18:{code}]", asked, "", dutch(high + 9)),
        ("of_codes", "s", "q23 < 30", f"[q18:{code}]", "", dutch(share)),
    ]
    quoted(study, "quoted_figures.csv", figures)
    quoted(study, "claims.csv", [])
    before = snapshot(study / "reports")
    found = checked(study, 1)
    verdicts = {name: (row["verdict"], row["cause"]) for name, row in found.items()}
    assert verdicts == {
        "same": ("match", ""),
        "inside": ("undefined", "in interval"),
        "outside": ("differs", ""),
        "of_codes": ("undefined", "no estimate"),
    }
    for name in ("ci_low", "ci_high", "human_n", "worth_n"):
        assert float(found["same"][name]) == pytest.approx(float(own[name]), abs=1e-3)
    assert found["same"]["n"] == "" and found["same"]["base_n"] == own["base_n"]
    after = snapshot(study / "reports")
    assert {name for name in after if after[name] != before.get(name)} == {"check_ppi.csv"}


def test_a_figure_of_two_codes_and_a_group_is_what_the_formula_gives(study: Path) -> None:
    """The difference estimator by hand: w times what the machine says of all, plus the mean of what
    people say beyond that of the random part."""
    folder = StudyFolder.open(study)
    first, second = shown_codes(study, "q18")[:2]
    condition = f"[q18:{first}] or [q18:{second}]"
    row = ("two", "s", condition, asked_q18(study), "", "1,0%")
    quoted(study, "quoted_figures.csv", [row])
    quoted(study, "claims.csv", [])
    found = checked(study, 1)["two"]
    known = known_study(folder)
    assert known is not None
    said = cross_fitted_probabilities(folder, known)
    a, b = (known.codes.index(code) for code in (first, second))
    given: dict[str, bool] = {}
    for rows in coding_by_coder(folder, "q18").values():
        for coding in rows:
            if coding.state != "skipped":
                given[coding.answer_id] = bool({first, second} & {*coding.codes})
    answers = [one for one in known.answers if one.endswith(":q18")]
    f = np.array(
        [1 - (1 - said[known.places[x], a]) * (1 - said[known.places[x], b]) for x in answers]
    )
    drawn = np.array([x in given for x in answers])
    y = np.array([float(given.get(x, False)) for x in answers])
    centred_y, centred_f = y[drawn] - y[drawn].mean(), f[drawn] - f[drawn].mean()
    spread = f.var()
    weight = (centred_y @ centred_f + 10 * spread / 2) / (centred_f @ centred_f + 10 * spread)
    weight = min(max(weight, 0.0), 1.0)
    share = weight * f.mean() + (y[drawn] - weight * f[drawn]).mean()
    whole = share * len(answers) / int(found["base_n"])
    assert int(found["human_n"]) == int(drawn.sum())
    assert found["rebuilt"] == dutch(100 * whole)


def test_claims_are_settled_only_where_the_whole_interval_says_so(study: Path) -> None:
    most, *_, least = shown_codes(study, "q18")
    own = estimate(study, "q18", most)
    # words are of those who said something: the estimate in parts of those with content
    content = int(own["base_n"]) / int(own["machine_n"])
    low, high = (float(own[name]) * content for name in ("ci_low", "ci_high"))
    quoted(study, "quoted_figures.csv", [])
    config = study / "study.toml"
    words = {
        "zeker": f"> {max(int(low) - 3, 0)}%",
        "nooit": f"> {int(high) + 4}%",
        "misschien": f"> {(low + high) / 2:.1f}%",
        "vooraan": "rank 1-99",
    }
    text = config.read_text(encoding="utf-8")
    added = "".join(f'"{word}" = "{rule}"\n' for word, rule in words.items())
    config.write_text(text.replace("[quantifiers]\n", "[quantifiers]\n" + added), encoding="utf-8")
    quoted(
        study,
        "claims.csv",
        [
            *((word, "s", most, "q18", "", word) for word in words),
            ("elk", "s", f"{most};{least}", "q18", "", "elk: nooit"),
        ],
    )
    verdicts = {k: (row["verdict"], row["cause"]) for k, row in checked(study, 1).items()}
    assert verdicts == {
        "zeker": ("match", ""),
        "nooit": ("differs", ""),
        "misschien": ("undefined", "in interval"),
        "vooraan": ("match", ""),
        "elk": ("differs", ""),
    }


def test_the_report_says_everywhere_that_it_is_an_estimate(study: Path) -> None:
    code = shown_codes(study, "all")[0]
    template = study / "templates"
    done(study, "report", "--new-template")
    page = template / "report.html.jinja"
    said = (
        f'<p id="live">{{{{ pct("{code}") }}}} ({{{{ ci("{code}") }}}}), {{{{ coded_n() }}}} '
        f'{{{{ worth_n("{code}") }}}} {{{{ rank("{code}", hidden="-") }}}}</p></main>'
    )
    page.write_text(page.read_text("utf-8").replace("</main>", said), encoding="utf-8")
    config = study / "study.toml"
    text = config.read_text(encoding="utf-8")
    line = 'template = "templates/report.html.jinja"\n'
    config.write_text(text.replace("[report]\n", f"[report]\n{line}", 1), encoding="utf-8")
    done(study, "report", *PPI, "--resamples", "100")
    reports = study / "reports"
    html = (reports / "report_ppi.html").read_text(encoding="utf-8")
    assert not (reports / "report.html").exists()
    own = estimate(study, "all", code)
    live = re.search(r'<p id="live">(.*?)</p>', html)
    assert live is not None
    assert dutch(float(own["percent"])) in live[1]
    assert f"{float(own['ci_low']):.1f}".replace(".", ",") in live[1]
    assert f"{own['human_n']} {round(float(own['worth_n']))}" in live[1]
    warned = html.count("SCHATTING, geen telling")
    assert warned >= 3 + html.count('<h2 id="section-')
    shown = docx.Document(str(reports / "report_ppi.docx"))
    assert "SCHATTING, geen telling" in " ".join(p.text for p in shown.paragraphs)
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["source"], manifest["human_source"]) == ("ppi", "decided")
    # a template that asks for a number of respondents is refused with its line
    page.write_text(page.read_text("utf-8").replace('pct("', 'n("'), encoding="utf-8")
    kept = snapshot(reports)
    refused = themecoder(study, "report", *PPI)
    assert refused.returncode == 2 and "geen aantal respondenten" in refused.stderr
    assert snapshot(reports) == kept


def test_no_count_that_estimates_hide_stands_in_the_report(study: Path) -> None:
    hidden = [
        row
        for row in table(study / "reports" / "counts_ppi.csv")
        if (row["question"], row["subgroup"], row["suppressed"]) == ("q18", "all", "true")
    ]
    assert hidden
    done(study, "report", *PPI, "--format", "html", "--resamples", "100")
    page = (study / "reports" / "report_ppi.html").read_text(encoding="utf-8")
    for row in hidden:
        own = re.search(rf'<h3 id="{re.escape(row["code"])}">.*?</table>', page, re.DOTALL)
        if own is not None:
            line = next(one for one in own[0].split("<tr") if '<th scope="row">q18 (' in one)
            assert "%" not in re.sub(r"<th.*?</th>", "", line)


def test_the_audit_attacks_the_estimates(study: Path) -> None:
    words = ("counts", *PPI, "--by", "gender", "--audit-disclosure")
    assert themecoder(study, *words).returncode == 0
    file = study / "reports" / "counts_ppi.csv"
    text = file.read_text(encoding="utf-8")
    folder = StudyFolder.open(study)
    given: dict[str, int] = {}
    for rows in coding_by_coder(folder, "q18").values():
        for coding in {one.answer_id: one for one in rows}.values():
            for one in coding.codes:
                given[one] = given.get(one, 0) + 1
    lines = text.splitlines()
    place = next(
        n
        for n, line in enumerate(lines)
        if ",true," in line
        and line.split(",")[1] == "q18"
        and line.split(",")[3] == "all"
        and 0 < given.get(line.split(",")[2], 0) < 5
    )
    lines[place] = lines[place].replace(",true,", ",false,")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    told = themecoder(study, *words, "--json")
    assert told.returncode == 1
    codes = {row["code"] for row in json.loads(told.stdout)["told"]}
    assert lines[place].split(",")[2] in codes
    assert themecoder(study, "counts", *PPI, "--audit-disclosure").returncode == 2
    file.write_text(text.replace("q18,", "q19,", 1), encoding="utf-8")
    assert themecoder(study, *words).returncode == 2


def test_a_run_by_estimates_goes_to_the_report(study: Path) -> None:
    printed = done(study, "run", *PPI, "--resamples", "100")
    assert "report_ppi.html" in printed
    reports = study / "reports"
    assert (reports / "counts_ppi.csv").is_file() and (reports / "check_ppi.csv").is_file()
    assert not (reports / "counts.csv").exists()
    assert (reports / "internal" / "disclosure.csv").read_text("utf-8").count("\n") == 1


def test_a_draft_is_tied_to_counts_only(study: Path) -> None:
    draft = study / "draft.md"
    draft.write_text("Van de deelnemers noemt 37,1% privacy.\n", encoding="utf-8")
    refused = themecoder(study, "check", str(draft), *PPI)
    assert refused.returncode == 2 and "telt niet" in refused.stderr
