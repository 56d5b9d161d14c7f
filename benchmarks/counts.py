"""Counts of coded answers with intervals and by subgroup, against a loop over pandas.

    python benchmarks/counts.py [--respondents 800 8000 30000]

Simulated: four open questions, three in five respondents asked each, two codes an answer of 31 to
100 codes in ten groups, four attributes of four to six groups. Ours: every code, net and question
(and the questions as one), for all and by every subgroup, with Wilson's interval; once without
hiding, once with small counts and what would give them away hidden. The loop is what one would
write: a 0/1 column per code and net, ``groupby().agg`` per attribute, ``proportion_confint`` per
cell; it hides nothing. What both compute must be equal.
"""

from __future__ import annotations

import argparse
import random
import time

from themecoder.codebook.model import Code, Codebook, Group
from themecoder.coding.coded import CodedQuestion, pool
from themecoder.counts.count_rows import Count, count_rows
from themecoder.counts.layout import Breakdown, CodeTable
from themecoder.counts.tables import open_table
from themecoder.survey.groups import Groups

QUESTIONS, ATTRIBUTES, CODE_GROUPS = 4, 4, 10
SIZES = {60: (8, 3), 800: (31, 4), 8000: (60, 5), 30000: (100, 6)}
POOLED = "all"
Cells = dict[tuple[str, str, str], tuple[int, int, float, float]]


def study(
    respondents: int, codes: int, groups: int
) -> tuple[Codebook, list[CodedQuestion], list[Groups]]:
    draw = random.Random(7)
    book = Codebook(
        "b",
        "1.0.0",
        tuple(Code(f"c{n}", f"Code {n}", f"g{n % CODE_GROUPS}") for n in range(codes)),
        groups=tuple(Group(f"g{n}", f"Groep {n}") for n in range(CODE_GROUPS)),
    )
    names = [code.id for code in book.codes]
    shares = [1 / (1 + n) for n in range(codes)]
    everyone = [f"r{n}" for n in range(respondents)]
    parts = []
    for n in range(QUESTIONS):
        asked = tuple(one for one in everyone if draw.random() < 0.6)
        coded = {one: frozenset(draw.choices(names, shares, k=2)) for one in asked}
        parts.append(CodedQuestion(f"q{n}", asked, frozenset(asked), coded))
    labels = {str(n): str(n) for n in range(groups)}
    attributes = [
        Groups(f"a{n}", f"A{n}", labels, {one: str(draw.randrange(groups)) for one in everyone})
        for n in range(ATTRIBUTES)
    ]
    return book, parts, attributes


def ours(
    tables: list[CodeTable], pooled: CodeTable, columns: Breakdown, smallest: int
) -> list[Count]:
    return count_rows(tables, columns, smallest=smallest, pooled=pooled)[0]


def loop(tables: list[CodeTable], columns: Breakdown) -> Cells:
    import pandas as pd
    from statsmodels.stats.proportion import proportion_confint

    found: Cells = {}
    for table in tables:
        coded = table.coded
        frame = pd.DataFrame(index=list(coded.asked))
        of = pd.Series({who: sorted(coded.codes.get(who, ())) for who in coded.asked}).explode()
        dummies = pd.get_dummies(of).groupby(level=0).max().reindex(frame.index).astype(int)
        wide = {}
        for row, codes in table.rows.items():
            there = [code for code in codes if code in dummies]
            wide[row] = dummies[there].max(axis=1) if there else pd.Series(0, frame.index)
        matrix = pd.DataFrame(wide)
        splits = {"all": pd.Series("all", frame.index)}
        for attribute in columns.attributes:
            of_who = {who: name for name in attribute for who in columns.members[name]}
            splits[attribute[0]] = pd.Series(of_who).reindex(frame.index)
        for split in splits.values():
            grouped = matrix.groupby(split)
            sums, sizes = grouped.sum(), grouped.size()
            for subgroup, counts in sums.iterrows():
                base = int(sizes[subgroup])
                for row, n in counts.items():
                    low, high = proportion_confint(n, base, method="wilson")
                    found[coded.question, str(row), str(subgroup)] = (int(n), base, low, high)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "--respondents", type=int, nargs="+", choices=SIZES, default=list(SIZES)[1:]
    )
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    print(
        "| respondents | codes | cells | ours s | ours, hiding s | hidden | pandas loop s | times |"
    )
    print("|--:|--:|--:|--:|--:|--:|--:|--:|")
    options = parser.parse_args()
    import statsmodels.stats.proportion  # noqa: F401  loaded here, so that no time counts it

    for respondents in list(SIZES)[:1] if options.smallest else options.respondents:
        codes, groups = SIZES[respondents]
        book, parts, attributes = study(respondents, codes, groups)
        tables = [open_table(part, book) for part in parts]
        pooled = open_table(pool(parts, POOLED), book)
        columns = Breakdown.of(attributes, [f"r{n}" for n in range(respondents)])
        started = time.perf_counter()
        shown = ours(tables, pooled, columns, 0)
        plain = time.perf_counter() - started
        started = time.perf_counter()
        hiding = ours(tables, pooled, columns, 5)
        hid = time.perf_counter() - started
        started = time.perf_counter()
        theirs = loop([*tables, pooled], columns)
        looped = time.perf_counter() - started
        assert len(shown) == len(theirs)
        for row in shown:
            n, base, low, high = theirs[row.question, row.code, row.subgroup]
            assert (row.n, row.base_n) == (n, base)
            assert row.ci_low is not None and abs(row.ci_low - 100 * low) < 1e-9
            assert row.ci_high is not None and abs(row.ci_high - 100 * high) < 1e-9
        hidden = sum(row.suppressed is not None for row in hiding)
        print(
            f"| {respondents:,} | {codes} | {len(shown):,} | {plain:.2f} | {hid:.2f} | {hidden:,} "
            f"| {looped:.1f} | {looped / plain:.0f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
