"""Which respondents have which codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from themecoder.coding.model import Coding


@dataclass(frozen=True, slots=True)
class CodedQuestion:
    """A question's respondents and their codes.

    - asked: everyone who was asked, the base, in file order
    - content: those of them who gave an answer with content
    - codes: respondent -> codes, for those whose answer is coded (an empty set: nothing applies)
    """

    question: str
    asked: tuple[str, ...]
    content: frozenset[str]
    codes: Mapping[str, frozenset[str]]

    @property
    def uncoded(self) -> int:
        """The number of answers with content that nobody coded: each code may have that many
        more."""
        return len(self.content - set(self.codes))

    def having(self, codes: Collection[str]) -> frozenset[str]:
        """The respondents with at least one of ``codes``."""
        wanted = frozenset(codes)
        return frozenset(who for who, own in self.codes.items() if own & wanted)


def from_codings(
    question: str,
    asked: Sequence[str],
    content: Iterable[str],
    codings: Iterable[Coding],
    usable: Collection[str],
    version: str,
) -> CodedQuestion:
    """The codes of a question's respondents, from one coding per answer.

    Skipped answers, codings under another version and codings that wait to be recoded count as not
    coded; codes that are not ``usable`` are left out.
    """
    allowed, base = frozenset(usable), frozenset(asked)
    codes = {
        coding.respondent: frozenset(coding.codes) & allowed
        for coding in codings
        if coding.state != "skipped" and coding.codebook == version and not coding.stale
    }
    codes_in_base = {who: own for who, own in codes.items() if who in base}
    return CodedQuestion(question, tuple(asked), frozenset(content) & base, codes_in_base)


def pool(parts: Sequence[CodedQuestion], name: str, *, of_content: bool = False) -> CodedQuestion:
    """Several questions as one: a respondent counts once, however many of them were answered.

    The base is everyone who was asked one of them, in the order of the questions. ``of_content``:
    the codes of answers without content are left out, for bases of those with content. Otherwise
    "no content" at one question would count among the content of the others.
    """
    asked = tuple(dict.fromkeys(who for part in parts for who in part.asked))
    codes: dict[str, frozenset[str]] = {}
    for part in parts:
        for who, own in part.codes.items():
            counts = not of_content or who in part.content
            codes[who] = codes.get(who, frozenset()) | (own if counts else frozenset())
    content = frozenset().union(*(part.content for part in parts))
    return CodedQuestion(name, asked, content, codes)
