"""Write the English words that masking knows (``masking/data/english_words.txt``).

    python tools/english_words.py

The words that are used most, of those that stand more often without a capital than with one: a
word that opens an English sentence is then seldom a name. The frequencies are those of
spacy-lookups-data (MIT licence); reading them takes too long to be done on each run.
"""

from __future__ import annotations

import gzip
import json
import textwrap
from pathlib import Path

from themecoder.masking.lists import package_folder

FILE = Path(__file__).parents[1] / "src" / "themecoder" / "masking" / "data" / "english_words.txt"
NUMBER = 8_000
#: How much likelier a word must be without a capital, as a logarithm.
CHIEFLY = 0.3


def main() -> None:
    """Choose the words and write them."""
    source = package_folder("spacy_lookups_data") / "data" / "en_lexeme_prob.json.gz"
    with gzip.open(source, "rt", encoding="utf-8") as handle:
        likely: dict[str, float] = json.load(handle)
    words = [
        word
        for word, value in likely.items()
        if len(word) > 1
        and word.isascii()
        and word.isalpha()
        and word.islower()
        and value > likely.get(word.title(), -30.0) + CHIEFLY
    ]
    chosen = sorted(sorted(words, key=lambda word: (-likely[word], word))[:NUMBER])
    head = "# English words that are used most, chiefly without a capital: tools/english_words.py\n"
    FILE.write_text(head + textwrap.fill(" ".join(chosen), 200) + "\n", "utf-8")


if __name__ == "__main__":
    main()
