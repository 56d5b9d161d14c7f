"""What a template asks for: the numbers of the counts, and mistakes told all at once."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from typer.testing import CliRunner

from sample_report import change, copied, make_reported, with_templates
from themecoder.cli import app
from themecoder.counts.layout import Hidden
from themecoder.errors import InputError, Problem
from themecoder.messages import render
from themecoder.output.numbers import number_text, percent_text, span_text
from themecoder.report.formats.files import shipped
from themecoder.report.template_errors import TemplateErrors
from themecoder.report.template_functions import HIDDEN, TemplateFunctions
from themecoder.report.write import FORMATS
from themecoder.study import Study

Asks = Callable[[str], str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = make_reported(tmp_path_factory.mktemp("live") / "klein")
    Study.open(folder).masked_texts()
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return copied(made, tmp_path / "klein")


@pytest.fixture
def every_count(folder: Path) -> Path:
    """The study in which no count is hidden."""
    change(folder, "smallest_cell = 2", "smallest_cell = 1")
    return folder


def said(folder: Path, template: str, language: str | None = None) -> str:
    """What a template of the study makes."""
    with_templates(folder, template)
    page, _ = Study.open(folder).report(formats=["html"], resamples=100, language=language)
    return page.read_text(encoding="utf-8").strip()


def told(folder: Path, template: str, word: bytes | None = None) -> list[Problem]:
    """What is wrong with a template; nothing may be written."""
    with_templates(folder, template, word)
    before = sorted(folder.rglob("*"))
    formats = FORMATS if word else ("html",)
    with pytest.raises(InputError) as failed:
        Study.open(folder).report(formats=formats, resamples=100)
    assert [one for one in folder.rglob("*") if one not in before and "reports" in one.parts] == []
    return list(failed.value.problems)


def word_template(*paragraphs: str) -> bytes:
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_every_count_of_the_study_can_be_asked_for(every_count: Path) -> None:
    counts = Study.open(every_count).counts()
    rows = [row for row in counts.rows if row.n is not None]
    assert len(rows) == len(counts.rows) > 100
    asks, expected = [], []
    for row in rows:
        place = f'("{row.code}", "{row.question}", "{row.subgroup}")'
        asks.append(f"{{{{ n{place} }}}} {{{{ pct{place} }}}} {{{{ ci{place} }}}}")
        n, share = str(row.n), percent_text(row.n or 0, row.base_n, 1, "nl")
        assert row.ci_low is not None and row.ci_high is not None
        expected.append(f"{n} {share} {span_text(row.ci_low, row.ci_high, 1, 'nl')}%")
    # jinja ends a line with a tag's own newline only once
    assert said(every_count, "\n".join(asks)).splitlines() == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ('n("hulp")', "7"),
        ('n("hulp", "q1")', "6"),
        ('n("hulp", "q2", "plaats=Urk")', "2"),
        ('n("ja", "mag")', "6"),
        ('pct("hulp", "q1")', "85,7%"),
        ("base()", "7"),
        ('base("q1", "plaats=Ede")', "3"),
        ('base("q1", "plaats=Nergens") if false', ""),
        ('rank("hulp")', "1"),
        ('rank("zorg")', "2"),
        ('rank("nee", "mag")', "2"),
        ('rank("any")', "1"),
        ('label("hulp")', "Hulp"),
        ('label("ja", "mag")', "Ja, dat mag"),
        ('shown("hulp", "q1", "leeftijd=50+")', "True"),
        ('figure("plaats=Ede")', "42,9%"),
        ('figure("plaats=Ede", "mag=ja")', "33,3%"),
        ('figure("plaats=Ede", decimals=0)', "43%"),
        ('figure_n("plaats=Ede")', "3"),
        ('figure_n("plaats=Ede and mag=nee")', "1"),
        ('quotes("zorg")|length', "2"),
        ('quotes("hulp", 1)[0].quote', "- het helpt soms"),
        ('quotes("hulp", 1)[0].attributes', "Leeftijd &lt;25, Wijk"),
        ('pct("hulp", "q1") if shown("hulp", "q1") else "weinig"', "85,7%"),
        ("report.title ~ words.method", "KleinWerkwijze"),
    ],
)
def test_values(every_count: Path, asked: str, expected: str) -> None:
    assert said(every_count, f"{{{{ {asked} }}}}") == expected


def test_a_group_by_its_label_too(every_count: Path) -> None:
    change(every_count, 'label = "Woonplaats"\n', 'label = "Woonplaats"\nvalues = {Ede = "Stad"}\n')
    both = '{{ n("hulp", "q1", "plaats=Ede") }} {{ n("hulp", "q1", "plaats=Stad") }}'
    assert said(every_count, both) == "3 3"


def test_agreement(folder: Path) -> None:
    rows = Study.open(folder).agreement(resamples=100).rows
    (of_code,) = [
        r
        for r in rows
        if (r.question, r.coder_pair, r.code, r.coefficient)
        == ("q1", "all", "zorg", "krippendorff_alpha")
    ]
    value = number_text(of_code.value, 2, "nl")
    assert said(folder, '{{ alpha("zorg", "q1") }}|{{ alpha() }}|{{ alpha_ci("zorg", "q1") }}') == (
        f"{value}|1,00|{'–' if of_code.ci_low is None else ''}"
        + (span_text(of_code.ci_low, of_code.ci_high or 0, 2, "nl") if of_code.ci_low else "")
    )


def test_in_english_with_a_decimal_point(every_count: Path) -> None:
    assert said(every_count, '{{ pct("hulp", "q1") }} {{ words.method }}', "en") == "85.7% Method"


def test_plots_of_codes_that_are_named(every_count: Path) -> None:
    page = said(
        every_count,
        '{% set plot = bars(["hulp", "zorg"], "q1", caption="Twee") %}'
        "{{ plot.caption }}|{{ plot.alt }}|{{ picture(plot)[:26] }}|{{ picture(none) }}|"
        '{{ groups("plaats", "hulp").alt }}',
    )
    caption, alt, picture, nothing, by = page.split("|")
    assert (caption, nothing) == ("Twee", "")
    assert alt == "Twee Hulp: 85,7%; Zorg: 14,3%."
    assert picture == "data:image/svg+xml;base64,"
    assert "Ede (n = 3) 100,0%" in by


def test_weighted_shares_only_in_a_weighted_study(every_count: Path) -> None:
    change(every_count, 'id = "nr"\n', 'id = "nr"\nweight = "gewicht"\n')
    lines = (every_count / "survey.csv").read_text(encoding="utf-8").splitlines()
    weights = ["gewicht", "1", "1", "1", "1", "1", "3", "1"]
    rows = [f"{line},{weight}" for line, weight in zip(lines, weights, strict=True)]
    (every_count / "survey.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    # of nine by weight, all but r7 have it on q1
    assert (
        said(every_count, '{{ weighted("hulp", "q1") }} {{ pct("hulp", "q1") }}') == "88,9% 85,7%"
    )


def test_everything_wrong_with_both_templates_is_told_at_once(folder: Path) -> None:
    page = "\n".join(
        (
            '{{ n("hulpp") }}',
            '{{ n("hulp", "q9") }} {{ n("hulp", "q1", "plaats=Edde") }}',
            "",
            '{{ nn("hulp") }} {{ onzin }} {{ report.titel }}',
            '{{ n() }} {{ pct("hulp", "q1", "all", "te veel") }}',
            '{{ n("hulp") }}',
            '{{ figure("plaats=") }} {{ figure("plats=Ede") }}',
            '{{ alpha("nergens") }} {{ quotes("hulpp") }} {{ weighted("hulp", hidden="-") }}',
            '{{ groups("woonplaats", "hulp") }}',
        )
    )
    word = word_template("Een alinea.", 'In Word: {{ n("zorrg") }}', "{{ pct(“hulp”, „q8”) }}")
    found = told(folder, page, word)
    web, paper = (folder / "templates" / name for name in ("eigen.html.jinja", "eigen.docx"))
    of_page = [(p.row, p.key) for p in found if p.file == web]
    assert of_page == [
        (1, "report.code"),
        (2, "report.question"),
        (2, "report.subgroup"),
        (4, "report.name"),
        (4, "report.name"),
        (4, "report.name"),
        (5, "report.call"),
        (5, "report.call"),
        (6, "report.hidden"),
        (7, "expression.syntax_value"),
        (7, "expression.unknown_column"),
        (8, "report.alpha"),
        (8, "report.code"),
        (8, "report.no_weights"),
        (9, "report.attribute"),
    ]
    assert [(p.row, p.key) for p in found if p.file == paper] == [
        (2, "report.code"),
        (3, "report.question"),
    ]
    first = render(found[0], "nl")
    assert first.startswith(f"{web}, regel 1: er is geen code hulpp")
    assert "Lijkt op: hulp" in first
    assert "n(code, question, subgroup, hidden)" in render(found[6], "nl")
    assert "alinea 2" in render(next(p for p in found if p.file == paper), "nl")


@pytest.mark.parametrize(
    ("template", "row"),
    [
        ("een\n{% if x %}\n", 2),
        ("een\ntwee {{ n( }}", 2),
        ("\n\n{{ 1 / 0 }}", 3),
        ("{{ 'a' + 1 }}", 1),
        ("een\n{{ ''.__class__.__mro__ }}", 2),
        ("een\n{{ n.__globals__ }}", 2),
        ("{% include 'study.toml' %}", 1),
        ("\n{{ range(99999999) }}", 2),
    ],
)
def test_what_jinja_does_not_take_is_told_with_its_line(
    folder: Path, template: str, row: int
) -> None:
    (problem, *_) = told(folder, template)
    assert (problem.key, problem.row) in (("report.template", row), ("report.name", row))


def test_a_mistake_in_word_is_told_with_its_paragraph(folder: Path) -> None:
    document = docx.Document(io.BytesIO(shipped("report.docx")))
    document.tables[0].rows[0].cells[0].paragraphs[0].add_run('{{ n("een") }}')
    document.tables[-1].rows[2].cells[1].paragraphs[0].add_run('{{ n("twee") }}')
    for text in ('{{ n("drie") }}', '{%p if n("vier") %}', "{%p endif %}", '{{ n("vijf") }}'):
        document.add_paragraph(text)
    paragraphs = [
        "".join(node.text for node in paragraph.iter(qn("w:t")))
        for paragraph in document.element.body.iter(qn("w:p"))
    ]
    expected = [
        (number, name)
        for number, text in enumerate(paragraphs, 1)
        for name in ("een", "twee", "drie", "vier", "vijf")
        if f'"{name}"' in text
    ]
    stream = io.BytesIO()
    document.save(stream)
    found = told(folder, "", stream.getvalue())
    assert [(p.row, p.params["found"]) for p in found] == expected


def test_an_own_word_template(every_count: Path) -> None:
    word = docx.Document()
    plot = word.add_paragraph("Zie: ")
    for run in ("{{ pict", 'ure(bars(["hulp", "zo', 'rg"], caption="Twee")) }}'):
        plot.add_run(run)  # Word cuts what is typed into runs
    for text in (
        '{{ picture(groups("plaats", "hulp")) }}',
        '{%p for one in quotes("hulp", 2) %}',
        "{{ one.before }}{{ one.quote }}{{ one.after }} ({{ one.attributes }})",
        "{%p endfor %}",
        "{{ figure(“plaats=Ede”) }} in {{ report.title }}",
    ):
        word.add_paragraph(text)
    word.sections[0].footer.paragraphs[0].text = '{{ pct("hulp", "q1") }}'
    stream = io.BytesIO()
    word.save(stream)
    with_templates(every_count, "", stream.getvalue())
    made, _ = Study.open(every_count).report(formats=["docx"], resamples=100)
    found = docx.Document(str(made))
    assert [p.text for p in found.paragraphs] == [
        "Zie: ",
        "",
        "- het helpt soms, maar niet altijd even goed (Leeftijd <25, Wijk)",
        "wel hulp gehad *echt* <b> (Leeftijd 25-49, Urk)",
        "42,9% in Klein",
    ]
    assert len(found.inline_shapes) == 2
    assert found.sections[0].footer.paragraphs[0].text == "85,7%"


def test_a_word_file_that_is_none(folder: Path) -> None:
    assert [p.key for p in told(folder, "goed", b"geen archief")] == ["report.no_word"]


def test_a_template_that_is_not_there_or_no_text(folder: Path) -> None:
    with_templates(folder, "x", b"")
    for file in (folder / "templates").iterdir():
        file.unlink()
    with pytest.raises(InputError) as failed:
        Study.open(folder).report()
    assert [p.key for p in failed.value.problems] == ["study.not_readable"] * 2
    (folder / "templates" / "eigen.docx").write_bytes(shipped("report.docx"))
    (folder / "templates" / "eigen.html.jinja").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError) as failed:
        Study.open(folder).report(formats=["html"])
    assert [p.key for p in failed.value.problems] == ["report.no_text"]


def test_hidden_counts_are_told_unless_the_template_says_what_to_print(folder: Path) -> None:
    asked = ('n("niets")', 'pct("niets")', 'ci("niets")', 'rank("niets")', 'figure("plaats=Wijk")')
    found = told(folder, "".join(f"{{{{ {one} }}}}" for one in asked))
    assert {p.key for p in found} == {"report.hidden"}
    assert {p.params["found"] for p in found} == {'"niets"', '"plaats=Wijk"'}


def test_what_stands_for_a_hidden_count(folder: Path) -> None:
    asked = (
        'n("niets", hidden="weinig")',
        'pct("niets", hidden="weinig")',
        'ci("niets", hidden="weinig")',
        'rank("niets", hidden="weinig")',
        'figure("plaats=Wijk", hidden="weinig")',
        'figure_n("plaats=Wijk", hidden="weinig")',
        'shown("niets")',
    )
    page = said(folder, "|".join(f"{{{{ {one} }}}}" for one in asked))
    assert page.split("|") == ["weinig"] * 6 + ["False"]


@pytest.mark.parametrize("why", ["guard", "small"])
def test_a_rank_beside_a_guarded_count_is_not_shown(every_count: Path, why: Hidden) -> None:
    """A count that guards another may be the larger; a small one is not."""
    opened = Study.open(every_count)
    counts = opened.counts()
    rows = [
        replace(row, n=None, percent=None, ci_low=None, ci_high=None, suppressed=why)
        if (row.question, row.code, row.subgroup) == ("q1", "zorg", "all")
        else row
        for row in counts.rows
    ]
    asked = TemplateErrors(replace(counts, rows=tuple(rows)), "sjabloon", lambda: 1)
    live = TemplateFunctions(asked, opened.quotes(), (), lambda *_: (0, 0), "nl", 1)
    assert live.rank("hulp", "q1") == (HIDDEN if why == "guard" else "1")
    assert [p.key for p in asked.problems] == (["report.hidden"] if why == "guard" else [])


def test_the_command_says_it_all_and_keeps_the_old_report(folder: Path) -> None:
    Study.open(folder).report(formats=["html"], resamples=100)
    before = {file: file.read_bytes() for file in (folder / "reports").iterdir()}
    with_templates(folder, '{{ n("x") }}\n{{ n("y") }}', word_template('{{ n("z") }}'))
    done = CliRunner().invoke(app, ["report", "--study", str(folder), "--resamples", "100"])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert [f"er is geen code {one}" in done.output for one in "xyz"] == [True] * 3
    assert {file: file.read_bytes() for file in (folder / "reports").iterdir()} == before


@pytest.mark.parametrize(
    "wrong", [("--format", "pdf"), ("--language", "fr"), ("--source", "coder:niemand")]
)
def test_wrong_options(folder: Path, wrong: tuple[str, str]) -> None:
    done = CliRunner().invoke(app, ["report", "--study", str(folder), *wrong])
    assert done.exit_code == 2
    assert "  →" in done.output
    assert not (folder / "reports").exists()
