"""How good the suggested codes are, against the coding of coder_a of the shipped (synthetic) study.

    python benchmarks/suggestions.py

Prints, per question and together: how often the first suggestion, or one of the first three, is a
code that the coder gave; what share of the coder's codes is among the three; and for bins of
scores the share that is right, which is what a calibrated score promises. The last
line gives the constants of the logistic that fits best (suggestions.py has them).
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

import numpy as np

from themecoder.coding.annotations import read_codings
from themecoder.coding.suggestions.suggest import suggest
from themecoder.study import Study

ROOT = Path(__file__).resolve().parent.parent
FEW = 80  # respondents with --smallest
BINS = ((0.05, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    if not options.smallest:
        measure(Study.open(ROOT))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in ("annotations", "codebooks", "data"):
            shutil.copytree(ROOT / part, folder / part)
        shutil.copy(ROOT / "study.toml", folder)
        survey = folder / "data" / "survey.csv"
        rows = survey.read_text(encoding="utf-8").splitlines(keepends=True)
        survey.write_text("".join(rows[: FEW + 1]), encoding="utf-8")
        measure(Study.open(folder))


def measure(study: Study) -> None:
    from sklearn.linear_model import LogisticRegression

    likeness, right = [], []
    pairs: list[tuple[float, bool]] = []
    print("question  answers  first right  one of three right  codes found  of three")
    totals = np.zeros(5)
    for question in study.questions:
        corpus = study.corpus.question(question)
        answers = list(study.corpus.masked[question])
        coded = {
            one.answer_id: set(one.codes)
            for one in read_codings(study.paths.coding(question, "coder_a"))
            if one.state == "coded"
        }
        values = np.asarray(corpus.vectors @ corpus.code_vectors.T)
        owners = [int(owner) for owner in corpus.owners]
        found = suggest(values, owners, corpus.code_ids, {}, len(answers))
        counts = np.zeros(5)
        best: dict[tuple[int, str], float] = {}
        for segment, owner in enumerate(owners):
            for code, value in zip(corpus.code_ids, values[segment], strict=True):
                key = (owner, code)
                best[key] = max(best.get(key, -1.0), float(value))
        for place, answer in enumerate(answers):
            if answer not in coded:
                continue
            three = [code for code, _ in found[place][:3]]
            counts += (
                1,
                bool(three) and three[0] in coded[answer],
                bool(set(three) & coded[answer]),
                len(set(three) & coded[answer]),
                len(coded[answer]),
            )
            pairs += [(score, code in coded[answer]) for code, score in found[place]]
            for code in set(corpus.code_ids):
                likeness.append(best[place, code])
                right.append(code in coded[answer])
        report(question, counts)
        totals += counts
    report("all", totals)
    for low, high in BINS:
        inside = [hit for score, hit in pairs if low <= score < high]
        share = np.mean(inside) if inside else float("nan")
        print(f"score {low:.1f}-{min(high, 1):.1f}: {share:.2f} right of {len(inside)}")
    fit = LogisticRegression(C=1e6).fit(np.array(likeness)[:, None], right)
    slope, bias = float(fit.coef_[0, 0]), float(fit.intercept_[0])
    print(f"best logistic: middle {-bias / slope:.3f}, width {1 / slope:.3f}")


def report(name: str, counts: np.ndarray) -> None:
    n, first, one, hits, codes = counts
    n, codes = max(n, 1), max(codes, 1)
    print(
        f"{name:8}  {n:7.0f}  {first / n:11.2f}  {one / n:18.2f}  {hits / codes:11.2f}  {hits:8.0f}"
    )


if __name__ == "__main__":
    main()
