"""Train the tagger of names, places, institutions and addresses, and write its file.

    python tools/train_tagger.py [--out FILE]
    python tools/train_tagger.py --evaluate

It learns from answers that are made of the templates in ``tools/tagger/``, from those that were
written there for it, from the shipped study's (its details as the rules mark them) and from those
that were written by hand to measure with (``tests/data/masking/``, each after its first run). The
same on every run; a minute or two. Train again after a change of the lists, of the words
(``masking/tokens.py``) or of the signs.
``--evaluate`` trains without a fifth of the templates and of the names and measures on answers
that are made of these alone.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from themecoder.masking.detectors.deduce_nl import DeduceDetector
from themecoder.masking.lexicon import NameLexicon
from themecoder.masking.lists import load_lexicon
from themecoder.masking.masker import Masker
from themecoder.masking.tagger.features import REACH, signs
from themecoder.masking.tagger.files import SHIPPED, packed
from themecoder.masking.tagger.model import KINDS, LABELS, WINDOW, Tagger
from themecoder.masking.tokens import View
from themecoder.storage.atomic import atomic

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "benchmarks")]

from tagger_answers import Lists, Made, answers, shipped_answers  # noqa: E402

from masking import marked  # noqa: E402

FILE = ROOT / "src" / "themecoder" / "masking" / "data" / SHIPPED
NUMBER = 14_000
BY_HAND = tuple(
    f"{name}{part}"
    for name in ("", "fresh_", "held_", "last_", "newest_", "blind_", "fifth_")
    for part in ("details", "nothing")
)
WRITTEN = ("written_details", "written_nothing")
"""Answers that were written for the tagger alone: more voices than templates have."""
OTHERS = 2
"""How often an answer written by hand comes again with other names."""
RARE = 6
"""A sign that occurs less often is not learnt."""
STEP = 0.04
SLIGHT = 4
"""A sign whose weights are all below so many steps is left out of the file."""

#: How many words away a sign of a kind counts; what is not named counts for its own word alone.
_REACHES = {"w": 3, "k": 2, "s": 2, "g": 2, "c": 1, "e": 1, "p": 1}
_IDENTITY = ("w=", "p=", "e=")
_LISTED = ("k=", "c=", "bk=")


def made_by_hand(lexicon: NameLexicon, lists: Lists) -> Iterator[Made]:
    """Answers of the shipped study, and those written by hand: in lower case too, and again with
    other names and places in them."""
    masker = Masker(lexicon, [DeduceDetector()], learned=False)
    for text in shipped_answers():
        masks = [m for m in masker.find(text) if m.kind in KINDS]
        yield from [Made(text, tuple((m.start, m.end, m.kind) for m in masks))] * 2
    draw = random.Random("by hand")
    folder = ROOT / "tests" / "data" / "masking"
    files = [folder / f"{name}.txt" for name in BY_HAND]
    files += [ROOT / "tools" / "tagger" / f"{name}.txt" for name in WRITTEN]
    for file in files:
        for item in marked(file.read_text("utf-8").splitlines(), file.stem):
            made = Made(item.text, tuple(span for span in item.spans if span[2] in KINDS))
            others = [
                with_other_names(made, lists, draw) for _ in range(OTHERS if made.spans else 0)
            ]
            yield from [made, made, *others]
            if len(made.text.lower()) == len(made.text):
                yield Made(made.text.lower(), made.spans)


def with_other_names(made: Made, lists: Lists, draw: random.Random) -> Made:
    """The answer with other first names and places where a single word stands for one."""
    text, spans, last = "", [], 0
    for start, end, kind in made.spans:
        word = made.text[start:end]
        slot = {"name": "<any_first>", "place": "<place>"}.get(kind)
        if slot and word.isalpha():
            other = lists.fill(slot, draw)
            word = other if word[0].isupper() else other.lower()
        text += made.text[last:start]
        spans.append((len(text), len(text) + len(word), kind))
        text += word
        last = end
    return Made(text + made.text[last:], tuple(spans))


def labels_of(made: Made, view: View) -> list[int]:
    """The label of every word of an answer."""
    labels = ["O"] * len(view.words)
    for start, end, kind in made.spans:
        inside = [i for i, w in enumerate(view.words) if w.start < end and start < w.end]
        for at, i in enumerate(inside):
            labels[i] = f"{'I' if at else 'B'}-{kind}"
    return [LABELS.index(label) for label in labels]


def with_gaps(rows: list[list[str]], labels: list[int], draw: random.Random) -> list[list[str]]:
    """The signs as if some words were unknown: there are more names than any list has, and more
    words than the templates have."""
    unknown_detail, unlisted = draw.random() < 0.45, draw.random() < 0.3
    result = []
    for seen, label in zip(rows, labels, strict=True):
        row = seen
        if unknown_detail if label else draw.random() < 0.12:
            row = [sign for sign in row if not sign.startswith(_IDENTITY)]
        if label and unlisted and "k=#" not in row and draw.random() < 0.8:
            shape = next(sign[2:] for sign in row if sign.startswith("s="))
            row = [sign for sign in row if not sign.startswith(_LISTED)]
            row += ["k=r:unknown", "c=r:unknown", f"c=r:unknown {shape}"]
        result.append(row)
    return result


def matrix(answers: list[list[list[str]]], rows: dict[str, int]) -> csr_matrix:
    """A row for every word: which signs it has, and which its neighbours have at which distance."""
    columns: list[int] = []
    ends = [0]
    for words in answers:
        known = [
            [(rows[s], _REACHES.get(s.partition("=")[0], 0)) for s in word if s in rows]
            for word in words
        ]
        for i in range(len(words)):
            for j in range(max(0, i - REACH), min(len(words), i + REACH + 1)):
                at = i - j
                columns += [row * WINDOW + at + REACH for row, far in known[j] if far >= abs(at)]
            ends.append(len(columns))
    ones = np.ones(len(columns), dtype=np.float32)
    return csr_matrix((ones, columns, ends), shape=(len(ends) - 1, len(rows) * WINDOW))


def train(made: list[Made], lexicon: NameLexicon) -> Tagger:
    """The tagger that these answers teach."""
    draw = random.Random("gaps")
    seen: list[list[list[str]]] = []
    labels: list[int] = []
    for one in made:
        view = View(one.text)
        own = labels_of(one, view)
        seen.append(with_gaps(signs(view, lexicon), own, draw))
        labels += own
    counts = Counter(sign for words in seen for word in words for sign in word)
    rows = {s: i for i, s in enumerate(sorted(s for s, n in counts.items() if n >= RARE))}
    model = LogisticRegression(C=0.3, max_iter=200)
    model.fit(matrix(seen, rows), labels)
    weights = model.coef_.T.reshape(len(rows), WINDOW, len(LABELS))
    whole = np.clip(np.rint(weights / STEP), -127, 127).astype(np.int8)
    kept = [sign for sign, row in rows.items() if np.abs(whole[row]).max() >= SLIGHT]
    bias = model.intercept_.astype(np.float32)
    numbers = whole[[rows[sign] for sign in kept]]
    return Tagger({sign: row for row, sign in enumerate(kept)}, numbers, bias, STEP)


def evaluate(lexicon: NameLexicon) -> None:
    """Train without a fifth of the templates and names, measure on the fifth; print by kind."""
    learnt = list(answers(Lists(lexicon, False), NUMBER, "tagger", lexicon, False))
    tagger = train(learnt, lexicon)
    details: Counter[str] = Counter()
    found: Counter[str] = Counter()
    empty = false = 0
    for made in answers(Lists(lexicon, True), 4000, "measured", lexicon, True):
        view = View(made.text)
        masked = {
            i for one in tagger.read(view, lexicon).found for i in range(one.first, one.last + 1)
        }
        for start, end, kind in made.spans:
            inside = {i for i, w in enumerate(view.words) if w.start < end and start < w.end}
            details[kind] += 1
            found[kind] += inside <= masked
        empty += not made.spans
        false += not made.spans and bool(masked)
    for kind, number in sorted(details.items()):
        print(f"{kind:12} {found[kind]:5} of {number:5}  {found[kind] / number:.1%}")
    print(f"without details, something masked: {false} of {empty}  {false / empty:.1%}")


def main() -> None:
    """Write the tagger, or measure."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--evaluate", action="store_true")
    options = parser.parse_args()
    lexicon = load_lexicon()
    if options.evaluate:
        evaluate(lexicon)
        return
    lists = Lists(lexicon)
    made = [*answers(lists, NUMBER, "tagger", lexicon), *made_by_hand(lexicon, lists)]
    with atomic(options.out, "wb") as handle:
        handle.write(packed(train(made, lexicon)))
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, of {len(made):,} answers")


if __name__ == "__main__":
    main()
