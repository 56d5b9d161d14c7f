"""The report's files, read back: what they hold, in which language, made from what."""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import io
import json
import os
import re
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path
from typing import Any

import docx
import pytest
from typer.testing import CliRunner

from sample_report import change, copied, make_reported, with_templates
from themecoder.cli import app
from themecoder.coding.source import CodingSource
from themecoder.errors import InputError
from themecoder.messages import message
from themecoder.output.numbers import percent_text
from themecoder.output.zip import strip_timestamps
from themecoder.study import Study

ROOT = Path(__file__).parents[2]
BOOK = "codebooks/boek/draft.yaml"
SUGGESTED = CodingSource("suggestions")
OF_THE_STUDY = {"Groep", "waarom", "Inhoud", "Niet", "goed"}  # also in the catalogue


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_reported(tmp_path_factory.mktemp("files") / "klein")
    Study.open(folder).masked_texts()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "klein")


def report(folder: Path, **more: Any) -> dict[str, Path]:
    """Suffix -> file."""
    files = Study.open(folder).report(resamples=100, **more)
    return {file.suffix: file for file in files}


class Visible(HTMLParser):
    """The texts of a page that a person reads or hears, and the pictures in it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.pictures: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        self.texts += [v or "" for name, v in attrs if name in ("alt", "aria-label", "title")]
        self.pictures += [v or "" for name, v in attrs if name == "src"]

    def handle_data(self, data: str) -> None:
        if not self._style:
            self.texts.append(data)


def texts_of_page(page: Path) -> str:
    visible = Visible()
    visible.feed(page.read_text(encoding="utf-8"))
    for picture in visible.pictures:
        drawing = base64.b64decode(picture.partition("base64,")[2]).decode("utf-8")
        # letters are drawn; matplotlib says in a remark beside them which
        visible.texts += re.findall(r"<!--(.*?)-->", drawing)
    return " ".join(" ".join(visible.texts).split())


def texts_of_word(file: Path) -> str:
    """All that is in the document, its pictures' descriptions, header, footer and properties."""
    document = docx.Document(str(file))
    section = document.sections[0]
    roots = [document.element, section.header._element, section.footer._element]
    found = []
    for root in roots:
        for node in root.iter():
            if node.tag.endswith("}p"):
                found.append(" ")
            if node.tag.endswith("}t"):
                found.append(node.text or "")
            if node.tag.endswith("}docPr"):
                found += [" ", node.get("name"), " ", node.get("descr")]
    properties = document.core_properties
    own = [s.name for s in document.styles if s.element.get(f"{{{W}}}customStyle") and s.name]
    own = [name for name in own if not name.endswith("Char")]
    return " ".join(
        " ".join([*("".join(found).split()), properties.title, properties.comments, *own]).split()
    )


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
AREAS = ("report", "counts", "quotes", "agreement_page", "agreement_words", "common")


def phrases(language: str, other: str) -> set[str]:
    """What the catalogue says in ``language`` and not in ``other``, cut at placeholders."""

    def leaves(node: Any) -> Iterator[str]:
        for value in node.values():
            yield from leaves(value) if isinstance(value, dict) else [str(value)]

    def of(one: str) -> set[str]:
        found = set()
        for area in AREAS:
            file = resources.files("themecoder.messages") / one / f"{area}.toml"
            for text in leaves(tomllib.loads(file.read_text(encoding="utf-8"))):
                for literal, *_ in string.Formatter().parse(text):
                    found |= {piece.strip(" .,;:()[]%") for piece in literal.split("|")}
        return {piece for piece in found if len(piece) > 3}

    there = {piece.casefold() for piece in of(other)}
    return {piece for piece in of(language) if piece.casefold() not in there}


def found_in(text: str, wanted: set[str]) -> list[str]:
    """Which of ``wanted`` are in a text, names of files and what the study itself says apart."""
    words = re.sub(r"\S+[/.]\w\S*", " ", text)
    return [
        one
        for one in sorted(wanted - OF_THE_STUDY)
        if re.search(rf"(?<!\w){re.escape(one)}(?!\w)", words, re.I)
    ]


@pytest.mark.parametrize("source", [None, SUGGESTED], ids=["coder", "suggestions"])
@pytest.mark.parametrize(("language", "other"), [("nl", "en"), ("en", "nl")])
def test_a_report_is_in_one_language(
    folder: Path, language: str, other: str, source: CodingSource | None
) -> None:
    files = report(folder, language=language, source=source)
    page, word = texts_of_page(files[".html"]), texts_of_word(files[".docx"])
    for text in (page, word):
        assert found_in(text, phrases(other, language)) == []
        assert len(found_in(text, phrases(language, other))) > 10  # it does look
    assert f'<html lang="{language}">' in files[".html"].read_text(encoding="utf-8")
    document = docx.Document(str(files[".docx"]))
    region = {"nl": "nl-NL", "en": "en-GB"}[language]
    assert document.core_properties.language == region
    spoken = {node.get(f"{{{W}}}val") for node in document.styles.element.iter(f"{{{W}}}lang")}
    assert spoken == {region}


def test_the_same_bytes_in_another_process(folder: Path, tmp_path: Path) -> None:
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    found = []
    for seed in ("1", "2"):
        place = copied(folder, tmp_path / f"copy{seed}" / "klein")
        command = [
            str(Path(sys.executable).with_name("themecoder")),
            "report",
            "--resamples",
            "100",
        ]
        environment = {**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC{seed}"}
        environment["PYTHONPATH"] = str(ROOT / "src")
        done = subprocess.run(
            [*command, "--resamples", "100", "--study", str(place)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        found.append({file.name: file.read_bytes() for file in (place / "reports").iterdir()})
    assert sorted(found[0]) == ["manifest.json", "report.docx", "report.html"]
    assert found[0] == found[1]


def heads(table: Any) -> list[str]:
    return [cell.text for cell in table.rows[0].cells[:2]]


def test_the_word_file_read_back(folder: Path) -> None:
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    document = docx.Document(str(report(folder)[".docx"]))
    headings = [
        (p.style.name, p.text)
        for p in document.paragraphs
        if p.style and p.style.name and p.style.name.startswith("Heading")
    ]
    assert headings == [
        ("Heading 1", "Werkwijze"),
        ("Heading 1", "Thema's in één oogopslag"),
        ("Heading 1", "Groep"),
        ("Heading 2", "Hulp"),
        ("Heading 2", "Zorg"),
        ("Heading 1", "Gesloten vragen"),
        ("Heading 1", "Overeenstemming tussen codeurs"),
        ("Heading 1", "Bijlage: codeboek"),
        ("Heading 2", "Groep"),
        ("Heading 1", "Bijlage: verantwoording"),
    ]
    (hulp, _) = (t for t in document.tables if heads(t) == ["Vraag", "n"])
    cells = [[cell.text for cell in row.cells] for row in hulp.rows]
    ((question, code), error) = next(iter(Study.open(folder).counts().coder_intervals().items()))
    assert (question, code) == ("q1", "hulp")
    with_coders = f"{error.low:.1f}–{error.high:.1f}%".replace(".", ",")
    assert cells == [
        ["Vraag", "n", "%", "Interval", "Met codeurs"],
        ["q1 (n = 7)", "6", "85,7%", "48,7–97,4%", with_coders],
        ["q2 (n = 7)", "3", "42,9%", "15,8–75,0%", ""],
        ["Alle open vragen samen (n = 7)", "7", "100,0%", "64,6–100,0%", ""],
    ]
    sentence = message("counts.note.with_coders", "nl")
    assert any(sentence in p.text for p in document.paragraphs)
    assert len(document.inline_shapes) == 3  # all themes, the group, and it by age
    assert document.core_properties.title == "Klein"
    contents = [
        p.text.removesuffix("\t")
        for p in document.paragraphs
        if p.style and p.style.name == "toc 1"
    ]
    assert contents == [text for style, text in headings if style == "Heading 1"]


def test_hidden_counts_are_nowhere(folder: Path) -> None:
    files = report(folder)
    counts = Study.open(folder).counts()
    row = counts.find("zorg", "q1")
    assert row is not None and row.n is None
    note = message("counts.note.hidden", "nl", mark="x", smallest=2)
    for text in (texts_of_page(files[".html"]), texts_of_word(files[".docx"])):
        assert note in text
        assert "Hulp: niet getoond" in text
    document = docx.Document(str(files[".docx"]))
    zorg, hulp = (
        [[cell.text for cell in row.cells][1:3] for row in table.rows][1:]
        for table in document.tables
        if heads(table) == ["Vraag", "n"]
    )
    assert zorg == [["x", "x"], ["x", "x"], ["2", "28,6%"]]
    assert hulp == [["6", "85,7%"], ["x", "x"], ["x", "x"]]


def test_texts_of_people_stay_text(folder: Path) -> None:
    text = (folder / "survey.csv").read_text(encoding="utf-8")
    old = "slaap er beter door"
    new = '<script>alert(1)</script> {{ n(""x"") }} {% raw %} &amp; hulp'
    (folder / "survey.csv").write_text(text.replace(old, f'"{new}"'), encoding="utf-8")
    change(folder, "[codebook]", '[codebook]\n# {{ n("x") }}')
    for question in ("q1", "q2"):
        for file in (folder / "annotations" / question).iterdir():
            lines = file.read_text(encoding="utf-8").splitlines()
            kept = [line for line in lines if "r2:q2" not in line]
            if len(kept) < len(lines):
                mine = json.loads(next(line for line in lines if "r2:q2" in line))
                mine["quotes"] = []
                kept.append(json.dumps(mine))
            file.write_text("\n".join(sorted(kept)) + "\n", encoding="utf-8")
    change(folder, 'title = "Klein"', "title = 'Klein <b> {{ n(\"x\") }} & co'")
    (folder / "quotes.yaml").write_text("hulp:\n  choose: [r2:q2]\n", encoding="utf-8")
    files = report(folder)
    page = files[".html"].read_text(encoding="utf-8")
    assert "<script" not in page
    shown = '<script>alert(1)</script> {{ n("x") }} {% raw %} &amp; hulp'
    for text in (texts_of_page(files[".html"]), texts_of_word(files[".docx"])):
        assert shown in text
        assert 'Klein <b> {{ n("x") }} & co' in text


def test_the_page_asks_for_nothing_outside_it(folder: Path) -> None:
    page = report(folder)[".html"].read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert re.findall(r'(?:src|href|url)\s*=?\s*[("]\s*["\']?(https?:|//)', page) == []
    assert {src[:10] for src in re.findall(r'src="([^"]*)"', page)} == {"data:image"}


def test_unconfirmed_suggestions_say_so_everywhere(folder: Path) -> None:
    files = report(folder, source=SUGGESTED)
    assert sorted(file.name for file in files.values()) == [
        "manifest.json",
        "report_unconfirmed.docx",
        "report_unconfirmed.html",
    ]
    warning = message("counts.note.unconfirmed", "nl")
    page = files[".html"].read_text(encoding="utf-8")
    before_title, *sections = re.split(r"<h1>|<h2 id=\"section-", page)
    assert warning in before_title
    assert len(sections) == 2
    assert warning in sections[1].partition("<h3")[0]
    drawn = base64.b64decode(re.findall(r'src="[^"]*base64,([^"]*)"', page)[0]).decode()
    assert warning in drawn
    document = docx.Document(str(files[".docx"]))
    assert message("report.no_coders", "nl") in page
    assert warning in document.sections[0].header.paragraphs[0].text  # on every page
    texts = [p.text for p in document.paragraphs]
    assert texts[texts.index("Groep", texts.index("Werkwijze", 5)) + 1] == warning


def test_a_report_that_was_changed_by_hand_is_kept(folder: Path) -> None:
    page = report(folder)[".html"]
    page.write_text("met de hand", encoding="utf-8")
    opened = Study.open(folder)
    assert [(one.name, one.how) for one in opened.changed_since_report()] == [
        ("report.html", "edited")
    ]
    report(folder)
    page.write_text("nog eens", encoding="utf-8")
    report(folder)
    kept = [folder / "reports" / f"report_edited_{number}.html" for number in (1, 2)]
    assert [file.read_text(encoding="utf-8") for file in kept] == ["met de hand", "nog eens"]
    assert opened.changed_since_report() == []


def test_verify_names_what_changed(folder: Path) -> None:
    def verify(*words: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["report", "--verify", "--study", str(folder), *words])
        return done.exit_code, done.output

    code, output = verify()
    assert (code, "er is nog geen verslag" in output) == (2, True)
    report(folder)
    report(folder, language="en")  # of the same: both are right
    report(folder, formats=["html"])
    assert verify() == (0, "Alles is zoals toen het verslag is gemaakt.\n")
    change(folder, "Ede", "Eden", "survey.csv")
    (folder / "annotations" / "q2" / "bo.jsonl").unlink()
    (folder / "quotes.yaml").write_text("hulp:\n  never: [r1:q1]\n", encoding="utf-8")
    (folder / "reports" / "report.docx").unlink()
    code, output = verify()
    assert code == 1
    assert output.splitlines()[1:] == [
        "  survey.csv: gewijzigd",
        "  annotations/q2/bo.jsonl: weg, of telt niet meer mee",
        "  report.docx: weg, of telt niet meer mee",
        "  quotes.yaml: nieuw",
    ]
    report(folder, formats=["html"])
    code, output = verify("--json")
    assert (code, json.loads(output)["changed"]) == (
        1,
        [
            {"name": "report.en.docx", "how": "older"},
            {"name": "report.en.html", "how": "older"},
        ],
    )
    for wrong in ("{", "[]", '{"reports": {}}', '{"files": {}, "reports": {"a": 1}}'):
        (folder / "reports" / "manifest.json").write_text(wrong, encoding="utf-8")
        assert verify()[0] == 2


def test_the_manifest_says_what_the_report_rests_on(folder: Path) -> None:
    git = ("git", "-C", str(folder), "-c", "user.name=a", "-c", "user.email=a@b")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-q", "-m", "begin")):
        subprocess.run([*git, *words], check=True)
    files = report(folder)
    listed = json.loads(files[".json"].read_text(encoding="utf-8"))
    head = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    assert listed["commit"] == {"name": head.stdout.strip(), "clean": True}
    assert listed["source"] == "coder:an"
    for name in (
        "study.toml",
        "survey.csv",
        BOOK,
    ):
        digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        assert listed["files"][name] == digest
        assert digest[:16] not in files[".html"].read_text(encoding="utf-8"), "only in the file"
    for name, of in listed["reports"].items():
        assert of["sha256"] == hashlib.sha256((folder / "reports" / name).read_bytes()).hexdigest()
    # a commit of the report itself changes nothing
    for words in (("add", "-A"), ("commit", "-q", "-m", "verslag")):
        subprocess.run([*git, *words], check=True)
    before = {file: file.read_bytes() for file in files.values()}
    assert {file: file.read_bytes() for file in report(folder).values()} == before


def test_new_templates_are_the_shipped_ones_and_never_go_over_another(folder: Path) -> None:
    plain = {file.name: file.read_bytes() for file in report(folder).values()}
    done = CliRunner().invoke(app, ["report", "--new-template", "--study", str(folder)])
    assert done.exit_code == 0, done.output
    assert "template_docx" in done.output
    keys = 'template = "templates/report.html.jinja"\ntemplate_docx = "templates/report.docx"\n'
    change(folder, "[report]\n", "[report]\n" + keys)
    again = {file.name: file.read_bytes() for file in report(folder).values()}
    for name in ("report.html", "report.docx"):
        assert again[name] == plain[name]
    mine = folder / "templates" / "report.html.jinja"
    mine.write_text("van mij", encoding="utf-8")
    with pytest.raises(InputError) as failed:
        Study.open(folder).new_templates()
    assert [p.key for p in failed.value.problems] == ["report.template_there"] * 2
    assert mine.read_text(encoding="utf-8") == "van mij"


def test_a_study_of_one_question_without_groups_or_attributes(folder: Path) -> None:
    text = (folder / "study.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[\[(attributes|closed)\]\]\n(?:[^\[\n].*\n+)*", "", text)
    text = text.replace('[[questions]]\nid = "q2"\nlabel = "Verder nog iets?"\n', "")
    text = text.replace('attributes = ["leeftijd", "plaats"]\n', "")
    (folder / "study.toml").write_text(text, encoding="utf-8")
    change(folder, "group: g, ", "", BOOK)
    change(folder, "group: g, ", "", BOOK)
    change(folder, "- {id: g, label: Groep}", "", BOOK)
    change(folder, "groups:\n", "groups: []\n", BOOK)
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    template = '{{ n("hulp") }} {{ base() }} {{ report.sections|map(attribute="label")|join }}'
    files = report(folder)
    assert "Er was één open vraag." in texts_of_page(files[".html"])
    document = docx.Document(str(files[".docx"]))
    assert len(document.inline_shapes) == 2
    with_templates(folder, template)
    page = report(folder, formats=["html"])[".html"]
    assert page.read_text(encoding="utf-8").strip() == "6 7 Overige thema&#39;s"


def test_codes_below_codes_stand_in_their_order_with_their_net(folder: Path) -> None:
    change(
        folder, "{id: zorg, label: Zorg, group: g,", "{id: zorg, label: Zorg, parent: hulp,", BOOK
    )
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    files = report(folder)
    counts = Study.open(folder).counts()
    question = "q1 (n = 7)"
    for text in (texts_of_page(files[".html"]), texts_of_word(files[".docx"])):
        assert "Hulp › Zorg" in text
        assert message("counts.label.net", "nl", label=question) in text
    net, hulp, zorg = (counts.find(row, "q1") for row in ("net:hulp", "hulp", "zorg"))
    assert net and hulp and zorg and net.n is not None and hulp.n is not None
    assert hulp.n <= net.n <= hulp.n + (zorg.n or 0)
    assert [counts.row_label("q1", row) for row in ("net:hulp", "hulp", "zorg")] == [
        message("counts.label.net", "nl", label="Hulp"),
        "\u2003Hulp",
        "\u2003Zorg",
    ]
    template = '{{ n("net:hulp", "q1") }}'
    with_templates(folder, template)
    page = report(folder, formats=["html"])[".html"]
    assert page.read_text(encoding="utf-8").strip() == str(net.n)


def test_one_coder_has_nobody_to_agree_with(folder: Path) -> None:
    for question in ("q1", "q2"):
        (folder / "annotations" / question / "bo.jsonl").unlink()
    files = report(folder)
    for text in (texts_of_page(files[".html"]), texts_of_word(files[".docx"])):
        assert message("report.no_agreement", "nl") in text
        assert "Alfa" not in text


def test_a_weighted_study_has_a_column_more(folder: Path) -> None:
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    change(folder, 'id = "nr"\n', 'id = "nr"\nweight = "gewicht"\n')
    lines = (folder / "survey.csv").read_text(encoding="utf-8").splitlines()
    weights = ["gewicht", "1", "1", "1", "1", "1", "3", "1"]
    rows = [f"{line},{weight}" for line, weight in zip(lines, weights, strict=True)]
    (folder / "survey.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    files = report(folder)
    document = docx.Document(str(files[".docx"]))
    (hulp, _) = (t for t in document.tables if heads(t) == ["Vraag", "n"])
    assert hulp.rows[0].cells[4].text == "Met codeurs"
    assert [row.cells[5].text for row in hulp.rows][:2] == ["Gewogen", "88,9%"]
    assert "gewogen tellen de respondenten als" in texts_of_page(files[".html"])


def test_answers_without_coding_are_told(folder: Path) -> None:
    for coder in ("an", "bo"):
        file = folder / "annotations" / "q1" / f"{coder}.jsonl"
        lines = file.read_text(encoding="utf-8").splitlines()
        file.write_text("\n".join(line for line in lines if "r4:q1" not in line) + "\n", "utf-8")
    whole = Study.open(folder).counts().bases[2]
    assert (whole.question, whole.uncoded) == ("all", 1)
    share = percent_text(1, whole.content, 1, "nl")
    uncoded = message("counts.note.uncoded", "nl", n=1, content=whole.content, share=share)
    files = report(folder)
    assert uncoded in texts_of_page(files[".html"])
    assert uncoded in texts_of_word(files[".docx"])


def test_a_question_that_nobody_coded_is_not_counted_as_none(folder: Path) -> None:
    for coder in ("an", "bo"):
        (folder / "annotations" / "q2" / f"{coder}.jsonl").unlink()
    files = report(folder)
    for text in (texts_of_page(files[".html"]), texts_of_word(files[".docx"])):
        assert message("counts.note.not_coded", "nl", questions="q2") in text
        assert "Verder nog iets? (n = 7)" not in text
    for coder in ("an", "bo"):
        (folder / "annotations" / "q1" / f"{coder}.jsonl").unlink()
    with pytest.raises(InputError) as error:
        report(folder)
    assert {problem.key for problem in error.value.problems} <= {
        "counts.no_coding",
        "agreement.no_coder",
    }


def test_whose_consent_was_looked_at_is_said(folder: Path) -> None:
    assert message("report.consent", "nl") in texts_of_page(report(folder)[".html"])
    change(folder, 'consent = "mag=ja"\n', "")
    assert message("report.no_consent", "nl") in texts_of_page(report(folder)[".html"])


def test_the_shipped_word_template_is_what_its_script_makes(tmp_path: Path) -> None:
    place = importlib.util.spec_from_file_location(
        "make_report_template", ROOT / "tools" / "make_report_template.py"
    )
    assert place is not None and place.loader is not None
    script = importlib.util.module_from_spec(place)
    place.loader.exec_module(script)
    committed = script.FILE.read_bytes()
    script.FILE = tmp_path / "report.docx"
    script.main()
    assert script.FILE.read_bytes() == committed
    assert strip_timestamps(committed) == committed
    assert docx.Document(io.BytesIO(committed)).core_properties.author == ""
