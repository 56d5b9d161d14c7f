"""The report of the shipped study, through the command line."""

from __future__ import annotations

import re
from pathlib import Path

import docx
import pytest

from commands import themecoder
from shipped import ROOT, copy_shipped
from themecoder.coding.source import CodingSource
from themecoder.output.numbers import number_text
from themecoder.study import Study

pytestmark = [pytest.mark.slow, pytest.mark.long(40)]
QUICK = ("--resamples", "100")


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory, mined_once: Path) -> Path:
    return copy_shipped(tmp_path_factory.mktemp("report") / "studie", warm=mined_once)


def test_the_report_has_the_counts_of_the_study(study: Path) -> None:
    done = themecoder(study, "report", "--source", "coder:coder_a", *QUICK)
    assert done.returncode == 0, done.stderr
    reports = study / "reports"
    assert done.stdout.split() == [
        str(reports / name) for name in ("report.html", "report.docx", "manifest.json")
    ]
    opened = Study.open(study)
    counts = opened.counts(source=CodingSource("coder", "coder_a"))
    codes = {code.label: code.id for code in opened.codebook.usable if not code.exclusive}
    expected = {
        label: [
            ["x", "x"]
            if row.n is None
            else [number_text(row.n, 0, "nl"), number_text(row.percent, 1, "nl") + "%"]
            for question in (*opened.questions, "all")
            if (row := counts.find(code, question)) is not None
        ]
        for label, code in codes.items()
    }
    assert sum(cell[0] == "x" for rows in expected.values() for cell in rows) > 10

    document = docx.Document(str(reports / "report.docx"))
    found: dict[str, list[list[str]]] = {}
    label = ""
    for block in document.iter_inner_content():
        if isinstance(block, docx.table.Table):
            if block.rows[0].cells[1].text == "n":
                cells = [[cell.text for cell in row.cells] for row in block.rows[1:]]
                found[label] = [row[1:3] for row in cells]
        elif block.style is not None and block.style.name in ("Heading 1", "Heading 2"):
            label = block.text
    # beside these: one table of all themes, and the closed questions
    assert {label: found[label] for label in expected} == expected

    page = (reports / "report.html").read_text(encoding="utf-8")
    on_page = {
        title: [
            re.findall(r'<td class="number">([^<]*)</td>', row)[:2]
            for row in part.split("<tbody>")[1].split("</tbody>")[0].split("</tr>")[:-1]
        ]
        for title, part in re.findall(r'<h3 id="[^"]+">([^<]+)</h3>(.*?</table>)', page, re.S)
    }
    assert on_page == expected

    # a matrix is one table with a row per item on the page, and rows per item in Word
    items = next(one for one in opened.config.closed if one.id == "q14").items
    cells = {
        item: [
            [number_text(row.percent, 1, "nl") + "%", number_text(row.n, 0, "nl")]
            if (row := counts.find(code, "q14")) is not None and row.n is not None
            else ["x"]
            for code in (item, *(f"{item}={value}" for value in "123456"))
        ]
        for item in items
    }
    matrix = page.split('<section class="battery">')[1].split("</section>")[0]
    for item, row in zip(
        items, re.findall(r"<tr>(.*?)</tr>", matrix.split("<tbody>")[1]), strict=True
    ):
        assert f'<th scope="row">{items[item]}</th>' in row
        shown = re.findall(r'<td class="number">([^<(]+)(?: \(([^)]*)\))?', row)
        assert [[text for text in cell if text] for cell in shown] == cells[item]
    (closed,) = (
        table for table in document.tables if table.rows[1].cells[0].text.startswith("Heb je nu of")
    )
    rows = [[cell.text for cell in row.cells] for row in closed.rows]
    for item, label in items.items():
        start = next(place for place, row in enumerate(rows) if row[0] == label)
        told = [list(dict.fromkeys(row[2:0:-1])) for row in rows[start : start + 7]]
        assert told == cells[item]


def test_verify_and_an_own_template(study: Path) -> None:
    assert themecoder(study, "report", "--verify").returncode == 0
    made = themecoder(study, "report", "--new-template")
    assert made.returncode == 0, made.stderr
    template = study / "templates" / "kort.html.jinja"
    template.write_text('{{ n("privacy") }} {{ n("privacyy") }}', encoding="utf-8")
    settings = study / "study.toml"
    text = settings.read_text(encoding="utf-8")
    own = '[report]\ntemplate = "templates/kort.html.jinja"\n'
    settings.write_text(text.replace("[report]\n", own), encoding="utf-8")
    wrong = themecoder(study, "report", "--format", "html", *QUICK)
    assert wrong.returncode == 2
    assert "kort.html.jinja, regel 1: er is geen code privacyy" in wrong.stderr
    assert "  → Lijkt op: privacy" in wrong.stderr
    changed = themecoder(study, "report", "--verify")
    assert changed.returncode == 1
    assert changed.stdout.splitlines()[1:] == [
        "  study.toml: gewijzigd",
        "  templates/kort.html.jinja: nieuw",
    ]


def test_the_documentation_says_what_a_template_gives(study: Path) -> None:
    text = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+\(.*?\))` \| ([^|]*) \|", text, re.MULTILINE)
    rows = [(asked, gives.strip()) for asked, gives in rows if "…" not in asked and gives.strip()]
    assert len(rows) > 12
    (example,) = re.findall(r"^```jinja\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    template = study / "templates" / "voorbeeld.html.jinja"
    template.parent.mkdir(exist_ok=True)
    asks = [f"{{{{ {asked} }}}}" for asked, _ in rows]
    template.write_text("\n".join([*asks, example]), encoding="utf-8")
    settings = study / "study.toml"
    own = f'[report]\ntemplate = "templates/{template.name}"\n'
    text = re.sub(
        r"^\[report\]\n(template = .*\n)?", own, settings.read_text("utf-8"), flags=re.MULTILINE
    )
    settings.write_text(text, encoding="utf-8")
    done = themecoder(study, "report", "--format", "html")
    assert done.returncode == 0, done.stderr
    lines = (study / "reports" / "report.html").read_text(encoding="utf-8").splitlines()
    assert lines[: len(rows)] == [gives for _, gives in rows]
    assert "7,4% (n = 477) worries about privacy." in "\n".join(lines)
