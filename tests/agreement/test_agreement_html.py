"""The page of agreement as text: what it says is what was found, in both languages."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from agreement_findings import BOOK, CODES, of_coders, with_everything
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html import (
    coders as agreement_coders,
)
from themecoder.agreement.html import (
    codes as agreement_codes,
)
from themecoder.agreement.html import (
    plots as agreement_plots,
)
from themecoder.agreement.html.methods import methods
from themecoder.agreement.html.page import render_agreement
from themecoder.agreement.html.words import PageWords, natural
from themecoder.agreement.measures import benchmark
from themecoder.agreement.rows import AgreementRow
from themecoder.agreement.table import LeftOut
from themecoder.messages import LANGUAGES

VOID = {"meta", "link", "input"}


class Document(HTMLParser):
    """Every element with its attributes; fails on tags that don't nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:])
        self.open.pop()


def page(found: AgreementFindings, language: str = "nl", **more: str) -> str:
    return render_agreement(found, BOOK, title="Proef", language=language, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def three() -> AgreementFindings:
    return of_coders("anna", "bob", "cem")


def plain(text: str) -> str:
    """The words of a page, without tags and with single spaces."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text))).strip()


def section(text: str, name: str) -> str:
    """A part of the page, from its heading on."""
    return text[text.index(f'<h2 id="{name}">') :].split("</section>", maxsplit=1)[0]


def panel(text: str, question: str, coefficient: str) -> str:
    start = text.index(f'data-question="{question}" data-coefficient="{coefficient}"')
    return text[start:].split("</details>", maxsplit=1)[0]


def lines(table: str) -> list[str]:
    return [plain(row) for row in re.findall(r"<tr[^>]*>(.*?)</tr>", table, re.DOTALL)]


def row_of(
    found: AgreementFindings, coefficient: str, code: str = "all", question: str = "all"
) -> AgreementRow:
    return next(
        row
        for row in found.rows
        if (row.question, row.coder_pair, row.code, row.coefficient)
        == (question, "all", code, coefficient)
    )


def decimal(value: float, language: str) -> str:
    return f"{value:.2f}".replace(".", "," if language == "nl" else ".")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_coefficient_of_every_code_is_the_one_that_was_found(
    three: AgreementFindings, language: str
) -> None:
    text = page(three, language)
    for question in ("all", "q7", "q15"):
        for coefficient in agreement_codes.COEFFICIENTS:
            name = "conger_kappa" if coefficient == "kappa" else coefficient
            forest = panel(text, question, coefficient).split("</table>", maxsplit=1)[0]
            shown = lines(forest.split("<tbody>")[1])
            assert len(shown) == len(CODES)
            for code in CODES:
                row = row_of(three, name, code.id, question)
                line = next(one for one in shown if one.startswith(code.label))
                if row.value is None:
                    assert re.search(r"niet te berekenen|can't be computed", line)
                    assert " – " in line
                else:
                    number = line.removeprefix(code.label).split()[0]
                    words = PageWords(language)
                    assert number == words.value(row.value)
                    assert words.interval(row) in line
                    assert line.endswith(words.percent(row.prevalence))


def test_codes_are_listed_lowest_first_and_what_is_undefined_last(three: AgreementFindings) -> None:
    shown = agreement_codes.panels(three, BOOK, PageWords("nl"))[0].lines
    values = [line.row.value for line in shown if line.row and line.row.value is not None]
    assert values == sorted(values)
    assert [line.code for line in shown][-1] == "nooit"
    assert shown[-1].why == "niet te berekenen: niemand gaf deze code bij wat dubbel gecodeerd is"


def test_an_undefined_value_is_no_dot_and_no_number(three: AgreementFindings) -> None:
    forest = panel(page(three), "all", "krippendorff_alpha").split("</table>", maxsplit=1)[0]
    (row,) = [part for part in re.findall(r"<tr.*?</tr>", forest, re.DOTALL) if "Nooit" in part]
    assert "<circle" not in row and "0,00" not in row
    assert "niemand gaf deze code" in row


def test_levels_are_those_of_the_scales_by_point_and_by_probability(
    three: AgreementFindings,
) -> None:
    text = page(three, "en")
    table = panel(text, "all", "krippendorff_alpha").split('class="plain verdicts"')[1]
    for code in CODES[:3]:
        row = row_of(three, "krippendorff_alpha", code.id)
        assert row.value is not None and row.se
        (line,) = [one for one in lines(table) if one.startswith(code.label)]
        expected = " ".join(
            of.lower()
            for scale in ("krippendorff", "landis_koch", "altman")
            for of in (
                benchmark.by_point(row.value, scale),
                benchmark.by_probability(row.value, row.se, scale),
            )
        )
        assert line.endswith(expected)


def test_only_what_is_corrected_for_chance_is_called_something(three: AgreementFindings) -> None:
    text = page(three)
    for coefficient in agreement_codes.COEFFICIENTS:
        verdicts = "verdicts" in panel(text, "all", coefficient)
        assert verdicts == (coefficient in agreement_codes.CORRECTED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_summary_counts_and_says_what_was_left_out(
    three: AgreementFindings, language: str
) -> None:
    found = replace(three, left_out=LeftOut(2, 3, {"0.9.0": 4}, {"weg": 5}))
    said = plain(section(page(found, language), "summary"))
    whole = next(one for one in three.coded if one.question == "all")
    masi = row_of(three, "krippendorff_alpha_masi")
    words = PageWords(language)
    assert masi.value is not None
    assert f"{words.value(masi.value)} {words.interval(masi)}" in said
    assert words.level(benchmark.by_point(masi.value, "krippendorff")) in said
    assert f"{whole.answers} " in said and f"{whole.doubled} " in said
    for count in ("2", "3", "4", "5"):
        assert re.search(rf"\b{count} (keer|times|coderingen|codings)", said)
    assert "0.9.0" in said and "themecoder migrate" in said


def test_codes_are_counted_by_krippendorffs_levels(three: AgreementFindings) -> None:
    counts = agreement_codes.tones(agreement_codes.panels(three, BOOK, PageWords("nl"))[0])
    values = [row_of(three, "krippendorff_alpha", code.id).value for code in CODES]
    assert counts["none"] == values.count(None) == 1
    assert counts["high"] == sum(value is not None and value >= 0.8 for value in values)
    assert sum(counts.values()) == len(CODES)


def test_a_matrix_for_three_coders_a_sentence_for_two_and_none_for_one(
    three: AgreementFindings,
) -> None:
    matrix = section(page(three), "pairs")
    for row in three.rows:
        if (row.question, row.coefficient) == ("all", "krippendorff_alpha_masi"):
            first, _, second = row.coder_pair.partition("|")
            if second:
                words = PageWords("nl")
                tip = f"{first} en {second}: {words.value(row.value)} {words.interval(row)}"
                assert f'title="{tip}, {row.n_answers} antwoorden"' in matrix
                assert f"n = {row.n_answers}" in matrix
    two = section(page(of_coders("anna", "bob")), "pairs")
    assert "<table" not in two and "anna en bob" in two
    assert "Er is maar één codeur" in section(page(of_coders("anna")), "pairs")


def test_two_coders_get_cohens_kappa() -> None:
    text = page(of_coders("anna", "bob"))
    assert "Cohens kappa" in text and "Congers kappa ·" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_coder_reads_reasons_and_no_numbers(language: str) -> None:
    text = page(of_coders("anna"), language)
    said = plain(section(text, "codes"))
    assert {"nl": "er is maar één codeur", "en": "there is only one coder"}[language] in said
    assert "<circle" not in text
    Document(text)


def test_confused_codes_with_both_definitions_and_what_to_do(three: AgreementFindings) -> None:
    first = three.confused[0]
    assert {first.first, first.second} == {"altijd", "wachttijd"}
    part = section(page(three), "confusion")
    said = plain(part)
    assert f"↔ Overbrugging van de wachttijd {first.answers} " in said
    assert f"van {first.either}" in said
    assert "Er is altijd iemand." in said and "Tot er hulp is." in said
    # altijd says already what belongs to wachttijd: the boundary is missing from the other
    command = 'themecoder codebook redefine wachttijd --exclude "…: altijd"'
    assert command in html.unescape(part)


def test_where_both_texts_name_each_other_no_command_is_given(three: AgreementFindings) -> None:
    both = replace(CODES[1], exclude="Is er altijd: altijd")
    book = replace(BOOK, codes=(CODES[0], both, *CODES[2:]))
    text = render_agreement(three, book, title="Proef", language="nl")
    card = section(text, "confusion").split("</article>", maxsplit=1)[0]
    assert "themecoder codebook redefine" not in card
    assert "beide teksten noemen de andere code al" in card


def test_a_command_keeps_what_the_code_excludes_and_can_be_typed(three: AgreementFindings) -> None:
    codes = (replace(CODES[0], exclude='Niet "zomaar" $HOME.'), *CODES[1:])
    text = html.unescape(
        render_agreement(three, replace(BOOK, codes=codes), title="P", language="nl")
    )
    assert "redefine altijd --exclude \"Niet 'zomaar' HOME; …: wachttijd\"" in text


def test_the_matrix_of_confusion_holds_every_count(three: AgreementFindings) -> None:
    matrix = agreement_codes.matrix(three, BOOK)
    total = sum(one.answers for one in three.confused)
    assert sum(map(sum, matrix.cells)) == total
    assert matrix.top == three.confused[0].answers


def test_quotes_say_u_alpha_and_f1(three: AgreementFindings) -> None:
    shown = lines(section(page(three, "en"), "quotes").split("<tbody>")[1])
    words = PageWords("en")
    for code, label in (("all", "All codes together"), ("privacy", "Privacy")):
        (line,) = [one for one in shown if one.startswith(label)]
        numbers = [row_of(three, name, code) for name in agreement_codes.QUOTES]
        assert words.interval(numbers[0]) in line
        assert line.endswith(" ".join(words.number(row.value) for row in numbers[1:]))
    assert "nobody gave this code" in shown[-1]


def test_a_code_that_was_given_and_never_marked_says_so(three: AgreementFindings) -> None:
    rows = tuple(
        replace(row, value=None, ci_low=None, ci_high=None, undefined_because="no_variation")
        if row.code == "privacy" and row.coefficient.startswith("quote_")
        else row
        for row in three.rows
    )
    part = section(page(replace(three, rows=rows), "en"), "quotes")
    (line,) = [one for one in lines(part) if one.startswith("Privacy")]
    assert "nothing is marked for this code" in line


def test_with_one_round_version_and_no_times_drift_is_a_sentence(three: AgreementFindings) -> None:
    part = section(page(three), "drift")
    assert "<svg" not in part and "Er valt niets te vergelijken" in part


def test_drift_is_drawn_per_round_and_period_on_one_axis() -> None:
    found = with_everything()
    drifts = agreement_coders.drifts(found, BOOK, PageWords("nl"))
    assert [drift.kind for drift in drifts] == ["round", "period"]
    assert [len(drift.parts) for drift in drifts] == [2, 4]
    part = section(page(found), "drift")
    assert part.count('role="img"') == sum(1 + len(drift.codes) for drift in drifts)
    for one in drifts[0].parts:
        assert PageWords("nl").interval(one[2]) in part
    assert "2026-01-01" in part
    # the lines of the bounds stand at the same height in all small pictures of a kind
    heights = {re.findall(r'class="bd" d="M4 ([\d.]+)', one.picture)[0] for one in drifts[0].codes}
    assert len(heights) == 1


def test_only_tendencies_of_which_the_interval_excludes_one_are_listed(
    three: AgreementFindings,
) -> None:
    for own in agreement_coders.tendencies(three, BOOK):
        mine = [one for one in three.tendencies if one.coder == own.coder]
        out = {
            one.code
            for one in mine
            if one.ci_low is not None and (one.ci_low > 1 or (one.ci_high or 0) < 1)
        }
        assert {one.code for _, one, _ in own.called_out} == out
        assert own.looked_at == sum(one.ci_low is not None for one in mine)


def test_suggestions_say_rates_or_that_there_are_none(three: AgreementFindings) -> None:
    assert "Er is niets te zeggen over sturing" in section(page(three), "suggestions")
    found = with_everything()
    part = plain(section(page(found), "suggestions"))
    words = PageWords("nl")
    for rate in found.anchoring[0].rates[:2]:
        assert f"{words.percent(rate.value)} {words.percents(rate)}" in part
    gap = {rate.name: rate for rate in found.gap}["krippendorff_alpha_masi"]
    assert words.number(gap.value) in part and words.interval(gap) in part


def test_the_machine_is_apart_and_only_there_when_found(three: AgreementFindings) -> None:
    assert 'id="machine"' not in page(three)
    rows = tuple(
        replace(row, coder_pair="machine|anna")
        for row in three.rows
        if row.coder_pair == "all" and not row.coefficient.startswith("quote_")
    )
    text = page(replace(three, machine=rows))
    assert "Deze cijfers horen niet bij de menselijke" in section(text, "machine")
    assert section(text, "codes") == section(page(three), "codes")


def test_planning_is_only_there_when_asked_for(three: AgreementFindings) -> None:
    assert 'id="planning"' not in page(three)
    found = with_everything()
    shown = lines(section(page(found), "planning"))
    for one in found.needed:
        if one.code == "privacy":
            (line,) = [text for text in shown if text.startswith("Privacy")]
            assert PageWords("nl").count(one.answers or 0) in line
            assert ("meer dan er zijn" in line) == one.more_than_there_are
    assert "niemand gaf deze code" in shown[-1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_methods_paragraph_has_the_numbers(three: AgreementFindings, language: str) -> None:
    said = methods(three, language, "themecoder 1.2.3")
    whole = next(one for one in three.coded if one.question == "all")
    for name in ("masi", "jaccard"):
        row = row_of(three, f"krippendorff_alpha_{name}")
        for number in (row.value, row.ci_low, row.ci_high):
            assert number is not None and decimal(number, language) in said
    for text in (
        f"3 {'codeurs' if language == 'nl' else 'coders'} (anna, bob",
        str(whole.answers),
        f"{whole.doubled} (100%)",
        "1.0.0",
        "minder dan 6 respondenten" if language == "nl" else "fewer than 6 respondents",
        "1 overgeslagen codering en 1 codering op een andere versie"
        if language == "nl"
        else "1 skipped coding and 1 coding at another version",
        "Voor 1 code is alfa niet gedefinieerd" if language == "nl" else "For 1 code alpha is und",
        "themecoder 1.2.3.",
    ):
        assert text in said
    assert "{" not in said and "  " not in said
    assert said in html.unescape(page(three, language, software="themecoder 1.2.3"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_methods_paragraph_of_one_coder_claims_no_agreement(language: str) -> None:
    said = methods(of_coders("anna"), language)
    assert {"nl": "niet vastgesteld", "en": "not established"}[language] in said
    assert "bootstrap" not in said and "0,8" not in said and ".8" not in said


def test_the_methods_paragraph_tells_that_suggestions_were_shown(three: AgreementFindings) -> None:
    rate = with_everything().anchoring[0].rates[0]
    assert PageWords("en").percent(rate.value) in methods(with_everything(), "en")
    assert "suggested" in methods(with_everything(), "en")
    assert "suggested" not in methods(three, "en")


def test_the_methods_paragraph_says_that_coders_are_simulated(three: AgreementFindings) -> None:
    notice = "De codeurs zijn gesimuleerd."
    said = methods(three, "nl", synthetic=notice)
    assert said.startswith(f"Niet alles hieraan is echt. {notice} De open antwoorden zijn")
    assert "gesimuleerd" not in methods(three, "nl")
    assert section(page(three, synthetic=notice), "methods").count(notice) == 1


def test_nothing_runs_or_is_fetched_that_the_page_does_not_hold() -> None:
    text = page(with_everything())
    document = Document(text)
    policy = next(
        str(own["content"]) for tag, own in document.elements if own.get("http-equiv") and own
    )
    assert policy.startswith("default-src 'none'")
    for kind in ("style", "script"):
        (inside,) = re.findall(rf"<{kind}>(.*?)</{kind}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    for _, own in document.elements:
        assert "style" not in own and not any(name.startswith("on") for name in own)
        for name in ("href", "src"):
            assert (own.get(name) or "#").startswith(("#", "data:"))


def test_headings_tables_and_labels_are_what_a_screen_reader_needs() -> None:
    text = page(with_everything())
    document = Document(text)
    levels = [int(tag[1]) for tag, _ in document.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all("scope" in own for tag, own in document.elements if tag == "th")
    ids = [own["id"] for _, own in document.elements if own.get("id")]
    assert len(ids) == len(set(ids))
    for tag, own in document.elements:
        if tag == "svg":
            assert own.get("aria-hidden") == "true" or own.get("aria-label")
        for name in ("aria-labelledby", "href"):
            if (own.get(name) or "").startswith("#") or (name in own and name != "href"):
                assert str(own[name]).removeprefix("#") in ids


def test_labels_names_and_titles_stay_text(three: AgreementFindings) -> None:
    bad = "<b onclick=x>\"'&\x00"
    book = replace(BOOK, codes=tuple(replace(code, label=bad, definition=bad) for code in CODES))
    coders = tuple(bad if name == "bob" else name for name in three.coders)
    found = replace(three, coders=coders, left_out=LeftOut(0, 0, {bad: 1}, {bad: 1}))
    safe = Document(render_agreement(found, BOOK, title="t", language="en", synthetic="s"))
    text = render_agreement(found, book, title=bad, language="en", synthetic=bad)
    hostile = Document(text)
    assert "\x00" not in text and "<b onclick" not in text
    names = {tag for tag, _ in safe.elements}
    assert {tag for tag, _ in hostile.elements} <= names
    assert not any("onclick" in own for _, own in hostile.elements)


def test_the_same_findings_give_the_same_bytes(three: AgreementFindings) -> None:
    assert page(three) == page(three)


def test_the_note_on_synthetic_data_is_there_when_given(three: AgreementFindings) -> None:
    assert "notice" not in page(three).split("</style>")[1]
    assert "nagemaakte antwoorden" in page(three, synthetic="Dit zijn nagemaakte antwoorden.")


def test_a_number_stays_on_its_side_of_a_bound() -> None:
    words = PageWords("nl")
    assert [words.value(v) for v in (0.796, 0.8, 0.665, 0.5)] == ["0,796", "0,80", "0,665", "0,50"]
    assert words.number(-0.001) == "0,00" and words.number(-0.25) == "−0,25"
    assert words.percent(0.0001) == "<0,1%" and words.percent(0.9999) == ">99%"


def test_a_value_without_an_interval_says_why_and_what_it_takes(
    three: AgreementFindings,
) -> None:
    row = replace(
        row_of(three, "krippendorff_alpha", "privacy"), ci_low=None, ci_high=None, se=None
    )
    words = PageWords("nl")
    assert words.interval(row) == ""
    few = replace(row, no_interval_because="too_few", more_answers=1200)
    assert words.no_interval(few).startswith("geen interval: te weinig met de code")
    assert "zeker 1.200 antwoorden dubbel" in words.no_interval(few)
    assert "varieert niets" in words.no_interval(replace(row, no_interval_because="no_spread"))
    drawn = agreement_plots.dot(row, agreement_plots.Axis(0.0, True))
    assert "<circle" in drawn and "<line" not in drawn
    assert {level.certain for level in words.levels(row)} == {""}


def test_the_axis_reaches_below_zero_where_values_do(three: AgreementFindings) -> None:
    row = row_of(three, "krippendorff_alpha", "privacy")
    assert agreement_plots.axis_for([row], True).low == 0.0
    below = replace(row, value=-0.05, ci_low=-0.3, ci_high=0.1)
    axis = agreement_plots.axis_for([row, below], True)
    assert axis.low == -0.5
    assert axis.at(-0.5) < axis.at(-0.3) < axis.at(1.0) < 100


def test_questions_are_sorted_as_a_person_would() -> None:
    assert sorted(["q18", "q7", "q15"], key=natural) == ["q7", "q15", "q18"]
