"""An example of what a package can add to themecoder; and of what is refused."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

ALPHABET = "abcdefghijklmnopqrstuvwxyz"


class Letters:
    """Texts by how often each letter is in them."""

    revision = "letters 1"
    dimensions = len(ALPHABET)

    def encode(self, texts):
        return [[1 + Counter(text.casefold())[letter] for letter in ALPHABET] for text in texts]


class Narrow(Letters):
    """One that gives fewer numbers than it says."""

    def encode(self, texts):
        return [row[:3] for row in super().encode(texts)]


def read_cards(file: Path):
    """Index cards: ``column: cell`` a line, an empty line between two."""
    cards = [
        dict(line.split(": ", 1) for line in card.splitlines())
        for card in file.read_text(encoding="utf-8").strip().split("\n\n")
    ]
    header = list(cards[0])
    return header, [[card.get(column) for column in header] for card in cards]


def read_ragged(file: Path):
    return ["id", "q1"], [["1", "goed"], ["2"]]


def share_equal(data, **options):
    """The share of units that all coders gave the same."""
    units = list(zip(*data["matrix"], strict=True))
    return sum(len(set(unit)) == 1 for unit in units) / len(units)


def failing(data, **options):
    raise RuntimeError("Jan Jansen from Zwolle said so")


def as_lines(counts, language, decimals):
    return "".join(f":{row.code}: {row.n}\n" for row in counts.rows)


def suggest_by_words(texts, question, codes, coded):
    """The words that a text shares with a code's label and with what people gave that code."""
    words_of = {code["id"]: set(code["label"].casefold().split()) for code in codes}
    for one in coded:
        for code in words_of.keys() & set(one["codes"]):
            words_of[code] |= set(one["text"].casefold().split())
    return [
        {code: len(said & own) / len(said) for code, own in words_of.items() if said & own}
        for said in (set(text.casefold().split()) for text in texts)
    ]


def suggest_too_few(texts, **known):
    return [{} for _ in texts[1:]]


def suggest_strange(texts, codes, **known):
    return [{"Jan Jansen from Zwolle": 0.9}, *({} for _ in texts[1:])]


def suggest_loud(texts, codes, **known):
    return [[("privacy", 0.9)], *({codes[0]["id"]: 1.5} for _ in texts[1:])]
