"""Whether what a theme is called leads to the code that its answers have most often.

    python benchmarks/labels.py [--shared ../shared] [--quick]
    python benchmarks/labels.py --smallest    that every part still runs, in a minute; no figures

Themes are mined without a codebook, as ``themecoder mine --unguided`` does, and named as the
product names them. A name is embedded; its nearest code should be the commonest code of the theme's
answers: the first, or one of the three nearest. Codes are

- *texts*: label and definition of the study's codes (gold.jsonl says which answers have them), or
  the name of a public set's class; sets whose classes have no names have no such column,
- *answers*: the centre of the answers that people gave the code.

Steady themes have a stability of .3 or more. "Resamples" are themes of runs on 80 % of the answers:
40 themes leave an error of .07 in a share, so that one run alone tells names apart badly.

Names: what the product calls a theme and says of it, and others to compare. "Phrase": one to five
words, a word of content at both ends, twice in the theme or more, nearest to the theme's centre
less half its nearness to the next theme's, plus .05 times the logarithm of how often it occurs.
"Central segment": of 3 to 12 words, nearest to the centre. "Centre": no name at all, the mean of
the theme's segments, as a bound for what these encoders see.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from mining import ENCODERS, PUBLIC, ROOT, Answers, _context, _encoder, few_answers, line
from mining import public as read_public
from mining import study as read_study

from themecoder.codebook.files.document import read_document
from themecoder.embeddings.cache import embed
from themecoder.embeddings.space import Space
from themecoder.language import words as word_lists
from themecoder.language.spacy_pipeline import load_pipeline
from themecoder.language.terms import content
from themecoder.language.tokens import Token
from themecoder.masking.model import MaskedText
from themecoder.themes.cluster import EmbeddedTexts, cluster
from themecoder.themes.describe import describe
from themecoder.themes.model import Clustering, Theme
from themecoder.themes.prepare import unit_vectors
from themecoder.themes.said import said as shown_segments
from themecoder.themes.segments import Segment, cut

STEADY = 0.3
LEAST = 5  # answers of a code whose centre is one to find
PHRASE = 5  # words


@dataclass
class Themes:
    """The themes of one question or set, with what is needed to name and to judge them."""

    answers: Answers
    rows: np.ndarray
    clustering: Clustering
    tokens: Sequence[Sequence[Token]]
    asked: Sequence[Token]
    codes: dict[str, str]
    """Code -> its text; empty where codes have no names."""

    @cached_property
    def inside(self) -> np.ndarray:
        return np.flatnonzero(np.isin(self.answers.owners, self.rows))

    @cached_property
    def segments(self) -> list[Segment]:
        """The segments of the answers in ``rows``."""
        found = [
            piece
            for i, text in enumerate(self.answers.texts)
            for piece in cut(str(i), text, self.answers.language)
        ]
        return [found[i] for i in self.inside]

    @cached_property
    def themes(self) -> list[Theme]:
        """As the product describes them, by number of the cluster."""
        described = describe(
            self.answers.name,
            self.segments,
            self.clustering,
            self.answers.piece_vectors[self.inside],
            tokens=self.tokens,
            texts={str(i): text for i, text in enumerate(self.answers.texts)},
            language=self.answers.language,
            asked=self.asked,
        )
        # the product numbers themes in an order of its own
        cluster_of = np.argmax(described.centroids @ self.centres.T, axis=1).tolist()
        pairs = dict(zip(cluster_of, described.themes.themes, strict=True))
        return [pairs[number] for number in range(len(self.centres))]

    @cached_property
    def centres(self) -> np.ndarray:
        vectors = self.answers.piece_vectors[self.inside]
        strength = np.maximum(self.clustering.strength, 1e-3)
        labels = self.clustering.labels
        k = len(self.clustering.stability)
        sums = [strength[labels == t] @ vectors[labels == t] for t in range(k)]
        return unit_vectors(np.array(sums))

    @cached_property
    def commonest(self) -> list[str]:
        """The code that most answers of each theme have."""
        owners = self.answers.owners[self.inside]
        found = []
        for theme in range(len(self.centres)):
            own = np.unique(owners[self.clustering.labels == theme])
            counted = Counter(code for i in own for code in sorted(self.answers.codes[i]))
            found.append(min(counted, key=lambda code: (-counted[code], code)))
        return found

    def place(self, texts: Sequence[str]) -> np.ndarray:
        """The vectors of texts in the space of the answers."""
        space = Space.of([self.answers.blocks[name] for name in ENCODERS])
        return space.place(
            [embed(list(texts), _encoder(name), self.answers.cache) for name in ENCODERS.values()]
        )

    @cached_property
    def code_vectors(self) -> dict[str, np.ndarray]:
        if not self.codes:
            return {}
        return dict(zip(self.codes, self.place(list(self.codes.values())), strict=True))

    @cached_property
    def answer_vectors(self) -> dict[str, np.ndarray]:
        """The centre of the answers with each code that is not rare."""
        held = self.answers.codes
        counted = Counter(code for codes in held for code in codes)
        whole = self.answers.blocks["cat"]
        return {
            code: unit_vectors(
                whole[[i for i, codes in enumerate(held) if code in codes]].sum(axis=0)[None]
            )[0]
            for code, n in sorted(counted.items())
            if n >= LEAST
        }

    def said(self, theme: int) -> list[str]:
        """The texts of the theme's clear segments."""
        return list(shown_segments(self.themes[theme], self.as_masked))

    @cached_property
    def as_masked(self) -> dict[str, MaskedText]:
        return {str(i): MaskedText(text) for i, text in enumerate(self.answers.texts)}


Named = Callable[[Themes], Sequence[str] | np.ndarray]
"""A name for each theme, or vectors in its place."""


def label(found: Themes) -> list[str]:
    return [theme.label for theme in found.themes]


def keywords(found: Themes) -> list[str]:
    return [", ".join(word for word, _ in theme.keywords[:5]) for theme in found.themes]


def said(number: int) -> Named:
    return lambda found: [". ".join(found.said(t)[:number]) for t in range(len(found.themes))]


def heading(number: int) -> Named:
    """The label and so many of the clear segments: what the page shows above a theme."""
    return lambda found: [
        ". ".join([theme.label, *found.said(t)[:number]]) for t, theme in enumerate(found.themes)
    ]


def central(found: Themes) -> list[str]:
    vectors = unit_vectors(found.answers.piece_vectors[found.inside])
    short = np.array([3 <= len(segment.text.split()) <= 12 for segment in found.segments])
    names = []
    for theme, centre in enumerate(found.centres):
        rows = np.flatnonzero((found.clustering.labels == theme) & short)
        rows = rows if len(rows) else np.flatnonzero(found.clustering.labels == theme)
        names.append(found.segments[rows[int(np.argmax(vectors[rows] @ centre))]].text)
    return names


def phrase(found: Themes) -> list[str]:
    lists = word_lists.load(found.answers.language)
    per_theme = [
        Counter(
            text
            for row in np.flatnonzero(found.clustering.labels == theme)
            for text in _phrases(found.tokens[row], lists)
        )
        for theme in range(len(found.themes))
    ]
    twice = sorted({text for counted in per_theme for text, n in counted.items() if n > 1})
    near = dict(zip(twice, found.place(twice) @ found.centres.T, strict=True)) if twice else {}
    names = []
    for theme, counted in enumerate(per_theme):
        scores = {
            text: near[text][theme]
            - 0.5 * max(np.delete(near[text], theme), default=0.0)
            + 0.05 * np.log(counted[text])
            for text in sorted(counted)
            if text in near and counted[text] > 1
        }
        names.append(max(scores, key=lambda text: scores[text]) if scores else label(found)[theme])
    return names


def _phrases(tokens: Sequence[Token], lists: word_lists.WordLists) -> set[str]:
    """Stretches of one to five words of a segment that begin and end with a word of content."""
    edge = [content(token, lists) for token in tokens]
    found = set()
    for first in np.flatnonzero(edge):
        for last in range(first, min(first + PHRASE, len(tokens))):
            if not tokens[last].is_word:
                break
            if edge[last]:
                found.add(" ".join(token.lower for token in tokens[first : last + 1]))
    return found


NAMES: dict[str, Named] = {
    "the product's label": label,
    "five keywords": keywords,
    "phrase": phrase,
    "central segment": central,
    "one clear segment": said(1),
    "two clear segments": said(2),
    "label and one clear segment": heading(1),
    "**heading: label and two clear segments**": heading(2),
    "centre": lambda found: found.centres,
}


def hits(
    vectors: np.ndarray, themes: Sequence[int], found: Themes, codes: dict[str, np.ndarray]
) -> list[tuple[bool, bool]]:
    """Per theme whether its commonest code is the nearest, and whether it is among three."""
    ids = list(codes)
    likeness = vectors @ np.array([codes[code] for code in ids]).T
    result = []
    for theme in themes:
        order = [ids[i] for i in np.argsort(-likeness[theme], kind="stable")[:3]]
        result.append((order[0] == found.commonest[theme], found.commonest[theme] in order))
    return result


def mined(survey: list[Answers], share: float, seed: int, notes: dict[str, str]) -> list[Themes]:
    """The themes of each question, of all answers or of a random share of them."""
    kept: dict = {}
    result = []
    for answers in survey:
        lemmas = load_pipeline(answers.language)
        tokens = lemmas(answers.pieces)
        random = np.random.default_rng([seed, len(answers.texts)])
        order = random.permutation(len(answers.texts))
        rows = np.sort(order[: round(share * len(order))])
        inside = np.isin(answers.owners, rows)
        clustering = cluster(
            answers.piece_vectors[inside],
            np.searchsorted(rows, answers.owners[inside]),
            texts=[piece for piece, keep in zip(answers.pieces, inside, strict=True) if keep],
            answers=EmbeddedTexts(
                answers.blocks["cat"][rows], [answers.texts[int(i)] for i in rows]
            ),
            context=_context(answers, rows, survey, kept) if len(survey) > 1 else None,
            seed=seed,
        )
        result.append(
            Themes(
                answers,
                rows,
                clustering,
                [text for text, keep in zip(tokens, inside, strict=True) if keep],
                lemmas([notes.get(answers.name, "")])[0],
                class_names(answers),
            )
        )
    return result


def class_names(answers: Answers) -> dict[str, str]:
    """What the codes of a set are called; nothing where they are numbers."""
    if answers.name.startswith("q"):
        book = read_document(ROOT / "codebooks" / "mind-genai" / "draft.yaml").codebook
        return {code.id: f"{code.label}. {code.definition}" for code in book.active}
    codes = sorted({code for held in answers.codes for code in held})
    if all(code.startswith("code") for code in codes):
        return {}
    return {code: code.replace("/", " ").replace("_", " ") for code in codes}


def asked_texts() -> dict[str, str]:
    config = tomllib.loads((ROOT / "study.toml").read_text(encoding="utf-8"))
    title = config["title"]
    return {q["id"]: f"{title} {q.get('text', '')} {q['label']}" for q in config["questions"]}


def measure(name: Named, runs: Sequence[Themes], steady: bool = True) -> list[str]:
    """Cells: to the codes' texts and to their answers, first and one of three."""
    by_text, by_answers = [], []
    for found in runs:
        named = name(found)
        vectors = named if isinstance(named, np.ndarray) else found.place(named)
        stability = found.clustering.stability
        themes = [t for t in range(len(found.themes)) if (stability[t] >= STEADY) == steady]
        if found.code_vectors:
            by_text += hits(vectors, themes, found, found.code_vectors)
        by_answers += hits(vectors, themes, found, found.answer_vectors)
    return [_pair(by_text), _pair(by_answers)]


def _pair(found: list[tuple[bool, bool]]) -> str:
    if not found:
        return "–"
    first, three = np.mean(found, axis=0)
    return f"{first:.2f} / {three:.2f}"


def show(title: str, groups: dict[str, tuple[Sequence[Themes], bool]]) -> None:
    print(f"\n{title}\n")
    head = ["named by"]
    for group, (runs, steady) in groups.items():
        number = sum(int(((f.clustering.stability >= STEADY) == steady).sum()) for f in runs)
        head += [f"{group} ({number}): to texts", "to answers"]
    print(line(head))
    print(line(["---", *["---:"] * (len(head) - 1)]))
    for shown, name in NAMES.items():
        cells = [cell for runs, steady in groups.values() for cell in measure(name, runs, steady)]
        print(line([shown, *cells]), flush=True)


def listed(found: Themes) -> None:
    """Every theme with its name, what it says and its commonest code, to judge by hand."""
    print(line(["stability", "label", "says", "commonest code"]))
    print(line(["---"] * 4))
    for number, (theme, code) in enumerate(zip(found.themes, found.commonest, strict=True)):
        texts = " · ".join(found.said(number))
        print(line([f"{theme.stability:.2f}", theme.label, texts, code]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--quick", action="store_true", help="2 resamples instead of 6")
    parser.add_argument("--smallest", action="store_true", help="only try that every part runs")
    options = parser.parse_args()
    shared, notes = options.shared, asked_texts()
    seed = tomllib.loads((ROOT / "study.toml").read_text(encoding="utf-8"))["seed"]
    cache = None if options.smallest else ROOT / ".themecoder" / "benchmark.sqlite"
    if cache:
        cache.parent.mkdir(exist_ok=True)
    absent = []
    if options.smallest or (shared / "study" / "gold.jsonl").exists():
        survey = few_answers() if options.smallest else read_study(shared)
        for answers in survey:
            answers.encode(cache)
        whole = mined(survey, 1.0, seed, notes)
        samples = [
            found
            for number in range(1 if options.smallest else 2 if options.quick else 6)
            for found in mined(survey, 0.8, number, notes)
        ]
        groups = {"steady": (whole, True), "weak": (whole, False), "resamples": (samples, True)}
        show("The shipped study, first / one of three:", groups)
        print(f"\nThemes of {whole[-2].answers.name}:\n")
        listed(whole[-2])
    else:
        absent.append("study/gold.jsonl")
    sets = {}
    for name in () if options.smallest else PUBLIC:
        path = shared / "bench" / f"{name}.csv"
        if not path.exists():
            absent.append(f"bench/{name}.csv")
            continue
        answers = read_public(path)
        answers.encode(cache)
        sets[name] = (mined([answers], 1.0, seed, {}), True)
    if sets:
        show("Public sets, steady themes, first / one of three:", sets)
    for name in absent:
        print(f"\nNot there, so left out: {name} (give the folder with --shared).")


if __name__ == "__main__":
    main()
