"""The paragraph on coding and agreement for a report's methods section, numbers filled in."""

from __future__ import annotations

from statistics import median

from themecoder.agreement.evidence import FEWEST
from themecoder.agreement.findings import AgreementFindings
from themecoder.agreement.html.words import PageWords
from themecoder.agreement.rows import ALL, AgreementRow
from themecoder.agreement.values import OF_SCALE


def methods(
    findings: AgreementFindings, language: str, software: str = "themecoder", synthetic: str = ""
) -> str:
    """One paragraph, in the order of COREQ (Tong, Sainsbury & Craig 2007): who coded, with what,
    how much twice, how agreement was measured and what it was. Facts that themecoder cannot know
    stand between square brackets, to be filled in. ``software``: its name, with its version.
    ``synthetic``: the study's own notice that its answers or coders are made up, which comes first:
    who copies the paragraph must not report people who did not code.
    """
    words = PageWords(language)
    say, count = words.text, words.count
    whole = next(extent for extent in findings.coded if extent.question == ALL)
    sentences = [
        _counted(words, "methods.who", len(findings.coders), coders=words.listed(findings.coders)),
        _counted(
            words,
            "methods.what",
            len(findings.coded) - 1,
            answers=count(whole.answers),
            version=findings.version,
            codes=len(findings.codes),
        ),
    ]
    if whole.doubled:
        share = words.percent(whole.doubled / whole.answers)
        sentences.append(say("methods.doubled", doubled=count(whole.doubled), share=share))
        sentences += _measured(findings, words)
    else:
        sentences.append(say("methods.nothing_doubled"))
    sentences.append(say("methods.missing"))
    sentences += _left_out(findings, words)
    sentences += _suggested(findings, words)
    sentences.append(say("methods.software", software=software))
    if synthetic:
        sentences.insert(0, say("methods.synthetic", notice=synthetic))
    return " ".join(sentences)


def _measured(findings: AgreementFindings, words: PageWords) -> list[str]:
    row_of = {
        (row.code, row.coefficient): row
        for row in findings.rows
        if row.question == ALL and row.coder_pair == ALL
    }
    sets = [row_of.get((ALL, f"krippendorff_alpha_{name}")) for name in ("masi", "jaccard")]
    values_of_sets = [
        _with_interval(row, words, findings.level)
        for row in sets
        if row is not None and row.value is not None
    ]
    sentences = []
    if len(values_of_sets) == 2:
        sentences.append(
            words.text("methods.sets", masi=values_of_sets[0], jaccard=values_of_sets[1])
        )
    equal = row_of.get((ALL, "percent_agreement"))
    if equal is not None and equal.value is not None:
        sentences.append(words.text("methods.equal", share=words.percent(equal.value)))
    apart = [row_of.get((code, "krippendorff_alpha")) for code in findings.codes]
    values = [row.value for row in apart if row is not None and row.value is not None]
    if values:
        numbers = [words.number(value) for value in (median(values), min(values), max(values))]
        sentences.append(
            words.text(
                "methods.codes", n=len(values), median=numbers[0], low=numbers[1], high=numbers[2]
            )
        )
    if len(values) < len(findings.codes):
        sentences.append(_counted(words, "methods.undefined", len(findings.codes) - len(values)))
    sentences += [
        words.text(
            "methods.values",
            code=code,
            scale=words.text(f"methods.{scale}"),
            value=_with_interval(row, words, findings.level),
            n=words.count(row.n_answers),
        )
        for scale, coefficient in OF_SCALE.items()
        for code in findings.codes
        if (row := row_of.get((code, coefficient))) and row.value is not None
    ]
    quotes = row_of.get((ALL, "quote_u_alpha"))
    if quotes is not None and quotes.value is not None:
        value = _with_interval(quotes, words, findings.level)
        sentences.append(words.text("methods.quotes", value=value))
    return [
        *sentences,
        words.text("methods.intervals", fewest=FEWEST),
        words.text("methods.bounds"),
    ]


def _with_interval(row: AgreementRow, words: PageWords, level: float) -> str:
    value = words.number(row.value)
    if row.ci_low is None or row.ci_high is None:
        return value
    return words.text(
        "methods.value",
        value=value,
        level=words.percent(level),
        low=words.number(row.ci_low),
        high=words.number(row.ci_high),
    )


def _left_out(findings: AgreementFindings, words: PageWords) -> list[str]:
    left_out = findings.left_out
    counts = {
        "skipped": left_out.skipped,
        "stale": left_out.stale,
        "other_version": sum(left_out.other_version.values()),
    }
    parts = [_counted(words, f"methods.left_out_{name}", n) for name, n in counts.items() if n]
    return [words.text("methods.left_out", parts=words.listed(parts))] if parts else []


def _suggested(findings: AgreementFindings, words: PageWords) -> list[str]:
    everyone = next((anchoring for anchoring in findings.anchoring if anchoring.coder == ALL), None)
    if everyone is None:
        return []
    rates = {rate.name: rate for rate in everyone.rates}
    accepted, blind = rates["accepted"], rates["chosen_blind"]
    if accepted.value is None:
        return []
    sentences = [words.text("methods.shown", share=words.percent(accepted.value))]
    if blind.value is not None:
        sentences.append(words.text("methods.blind", share=words.percent(blind.value)))
    return sentences


def _counted(words: PageWords, key: str, n: int, **params: object) -> str:
    return words.text(key, n=words.count(n), **params)
