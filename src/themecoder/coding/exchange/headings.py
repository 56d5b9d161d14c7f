"""What the heading of a column of coding says: ``Codes Anna``, ``q18 privacy``, ``code 2``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources

from themecoder.coding.exchange.reading import KnownNames
from themecoder.errors import InputError, Problem

WORDS = tomllib.loads(
    resources.files(__package__).joinpath("data", "headings.toml").read_text(encoding="utf-8")
)
"""What people call the columns of coding and of lists of codes, in the words of ``plain``."""
_ROLES: Mapping[str, frozenset[str]] = {
    role: frozenset(words) for role, words in WORDS["roles"].items()
}
_CODES = frozenset(WORDS["codes"])
_CODER = _ROLES["coder"]
ROLES = (*_ROLES, "codes", "tick", "ignore")
_STATED = re.compile(r"(?P<role>[a-z_]+)(?::(?P<name>[^@]+))?(?:@(?P<question>.+))?")
_SIGNS = re.compile(r"[\s_.:;/|()\[\]{}'’\"#-]+")


@dataclass(frozen=True, slots=True, order=True)
class Meaning:
    """What stands below a heading.

    ``role`` is one of ``ROLES``; ``coder`` and ``question`` where the heading names them; ``code``
    of a column that says of one code whether it was given.
    """

    role: str
    coder: str = ""
    question: str = ""
    code: str = ""


def plain(name: str) -> str:
    """A name as headings and codes are compared: words in lower case, without signs."""
    return " ".join(_SIGNS.sub(" ", name.casefold()).split())


def stated(heading: str, text: str) -> Meaning:
    """The meaning that ``--column`` states: ``codes``, ``codes:anna``, ``codes:anna@q18``,
    ``tick:privacy``. Raises InputError where it is none."""
    match = _STATED.fullmatch(text.strip())
    if match is None or match["role"] not in ROLES:
        params = {"found": text, "column": heading, "known": ", ".join(ROLES)}
        raise InputError(Problem("exchange.stated_role", params))
    role, name, question = match["role"], match["name"] or "", match["question"] or ""
    if role == "tick":
        return Meaning(role, question=question, code=name or heading)
    return Meaning(role, name, question)


class HeadingReader:
    """Reads headings with the names that are known."""

    def __init__(self, known: KnownNames, codes: Iterable[str] = (), coders: Iterable[str] = ()):
        """``codes`` and ``coders``: names that the file itself tells, beside the known ones."""
        self._columns = known.columns
        self._respondent = plain(known.respondent)
        self._questions = {plain(name): question for name, question in known.questions.items()}
        # a wording is a heading by itself; at the beginning of one stands an id
        self._ids = {plain(question) for question in known.questions.values()}
        self._coders = _by_words((*sorted(known.coders), *coders))
        self._codes = _by_words((*sorted(known.codes), *codes))

    def read(self, heading: str) -> Meaning | None:
        """What ``heading`` says; None where it says nothing, or may be a column of the survey."""
        whole = plain(heading)
        if not whole:
            return None
        if whole == self._respondent:
            return Meaning("respondent")
        if whole in self._questions:
            return Meaning("text", question=self._questions[whole])
        found = self._alone(whole) or self._with_names(whole)
        if found is None or heading not in self._columns:
            return found
        # a survey has columns of its own for status or privacy; codes in it name their question
        sure = found.role == "codes" or (found.role == "tick" and found.question)
        return found if sure else None

    def coder_in(self, heading: str) -> str:
        """The name beside a word for codes, such as Anna in ``Codes Anna``; empty without one."""
        if heading in self._columns:
            return ""
        words = plain(heading).split()
        written = [word for word in _SIGNS.split(heading.strip()) if word]
        if len(words) != len(written) or len(words) < 2:
            return ""
        if words[0] in _CODES and not words[1].isdigit():
            return " ".join(written[1:])
        if words[-1] in _CODES and words[0] not in _CODER:
            return " ".join(written[:-1])
        return heading.strip() if words[0] in _CODER and words[1].isdigit() else ""

    def _alone(self, words: str) -> Meaning | None:
        if words in self._codes:
            return Meaning("tick", code=self._codes[words])
        for role, known in _ROLES.items():
            if words in known:
                return Meaning(role)
        first, _, rest = words.partition(" ")
        if words in _CODES or (first in _CODES and rest.isdigit()) or _numbered(words):
            return Meaning("codes")
        return None

    def _with_names(self, whole: str) -> Meaning | None:
        """A heading that names a question, a coder or both beside what stands below it."""
        words, found = whole.split(), Meaning("codes")
        for names, role in ((self._ids, "question"), (self._coders, "coder")):
            rest, name = _without(words, names)
            if name:
                words = rest
                value = self._questions.get(name, name) if role == "question" else name
                value = self._coders[name] if role == "coder" else value
                found = replace(found, **{role: value})
        if not (found.coder or found.question):
            return None
        if not words:
            return found if found.coder else None
        other = self._alone(" ".join(words))
        if other is None:
            return None
        return replace(other, coder=found.coder, question=found.question)


def _by_words(names: Iterable[str]) -> dict[str, str]:
    """The last of several names that are read alike."""
    return {words: name for name in names if (words := plain(name))}


def _numbered(words: str) -> bool:
    """Whether a heading is a word for codes and a number, written as one: ``code1``."""
    match = re.fullmatch(r"([^\W\d]+)\d+", words)
    return match is not None and match[1] in _CODES


def _without(words: Sequence[str], names: Collection[str]) -> tuple[list[str], str]:
    """The words without one of ``names`` at their end or beginning, and that name; the longest."""
    for length in range(len(words), 0, -1):
        for start in (0, len(words) - length):
            name = " ".join(words[start : start + length])
            if name in names:
                return [*words[:start], *words[start + length :]], name
    return list(words), ""
