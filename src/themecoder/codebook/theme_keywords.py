"""The note of a theme's keywords in the memo of the code that was made of it.

The words are a machine's: a researcher may like to see them again, a coder is not to go by them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from themecoder.messages import LANGUAGES, message

_KEY = "codebook.origin.keywords"


def keywords_note(question: str, theme: int, keywords: Sequence[str], language: str) -> str:
    """The line of a memo that holds the keywords; empty where there are none."""
    if not keywords:
        return ""
    words = ", ".join(keywords)
    return message(_KEY, language, question=question, theme=theme, keywords=words)


def words_of_people(memo: str) -> str:
    """A memo without such lines."""
    notes = [_pattern(language) for language in LANGUAGES]
    lines = memo.split("\n")
    return "\n".join(s for s in lines if not any(note.fullmatch(s) for note in notes)).strip()


def _pattern(language: str) -> re.Pattern[str]:
    marks = {name: f"\ufdd0{name}\ufdd0" for name in ("question", "theme", "keywords")}
    line = re.escape(message(_KEY, language, **marks))
    for name, pattern in (("question", r"\S+"), ("theme", r"\d+"), ("keywords", ".*")):
        line = line.replace(re.escape(marks[name]), pattern)
    return re.compile(line)
