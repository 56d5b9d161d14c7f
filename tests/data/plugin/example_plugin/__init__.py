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
