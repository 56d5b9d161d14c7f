"""The data of the page of themes: texts are masked, nothing is formatted yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from themecoder.themes.model import QuestionThemes

STRONG, FAIR = 0.75, 0.5
"""Stability from which a theme is called strong, and fair.

After Hennig (2007), Cluster-wise assessment of cluster stability, Computational Statistics & Data
Analysis 52, 258-271: from .75 a group is a valid, stable one; at .5 and below it is dissolved.
"""
LOOSE = 0.3
"""Stability below which themes are shown apart: few of them say one thing to a reader."""


def stability_word(stability: float) -> str:
    """``strong``, ``fair`` or ``weak``: how far a theme can be relied on to come back."""
    return "strong" if stability >= STRONG else "fair" if stability >= FAIR else "weak"


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One attribute to break down by: who gave which answer, per value of the attribute.

    ``values`` maps the label of a value to answer ids, in the order to show; ids that the question
    does not hold are ignored. Values may overlap (several options ticked).
    """

    label: str
    values: Mapping[str, Set[str]]


@dataclass(frozen=True)
class QuestionPage:
    """One open question with its themes.

    ``asked`` and ``answered`` count respondents; ``contentless`` are the answers that say nothing
    ("n.v.t.", "-") and were set apart before mining. ``texts`` holds the masked text of every
    answer, those included. ``parts`` says which part of an answer put it in a theme, as offsets in
    the masked text: (answer id, theme id) -> ((start, end), ...). ``said`` holds, per theme id, the
    texts of the segments that say what it is about. ``asked_of`` says whom in words.

    Raises ValueError where the numbers contradict each other.
    """

    question_id: str
    wording: str
    asked: int
    answered: int
    themes: QuestionThemes
    texts: Mapping[str, str]
    contentless: Sequence[str] = ()
    subgroups: Sequence[Subgroup] = ()
    parts: Mapping[tuple[str, int], Sequence[tuple[int, int]]] = field(default_factory=dict)
    said: Mapping[int, Sequence[str]] = field(default_factory=dict)
    asked_of: str = ""

    def __post_init__(self) -> None:
        wrong = [
            f"theme {theme.id}: size {theme.size}, {len(self.members[theme.id])} assigned"
            for theme in self.themes.themes
            if theme.size != len(self.members[theme.id])
        ]
        named = {a.answer_id for a in self.themes.assignments} | set(self.contentless)
        named |= {answer for theme in self.themes.themes for answer in theme.representatives}
        wrong += [f"no text for {answer}" for answer in sorted(named - set(self.texts))]
        wrong += [f"{a} has content and has not" for a in sorted(self.in_theme & self._apart)]
        if len(self.texts) != self.answered:
            wrong.append(f"{self.answered} answered, {len(self.texts)} texts")
        if self.answered > self.asked:
            wrong.append(f"{self.answered} answered of {self.asked} asked")
        if wrong:
            raise ValueError(f"{self.question_id}: " + "; ".join(wrong))

    @cached_property
    def members(self) -> Mapping[int, Mapping[str, float]]:
        """Per theme its answers with the strength of their firmest part, 0..1."""
        members: dict[int, dict[str, float]] = {theme.id: {} for theme in self.themes.themes}
        for part in self.themes.assignments:
            if part.theme is not None:
                of_theme = members.setdefault(part.theme, {})
                of_theme[part.answer_id] = max(part.strength, of_theme.get(part.answer_id, 0.0))
        return members

    @cached_property
    def memberships(self) -> Mapping[str, Sequence[tuple[int, float]]]:
        """Per answer its (theme, strength), firmest first; answers in no theme are not in it."""
        memberships: dict[str, list[tuple[int, float]]] = {}
        for theme, answers in self.members.items():
            for answer, strength in answers.items():
                memberships.setdefault(answer, []).append((theme, strength))
        return {
            a: sorted(own, key=lambda pair: (-pair[1], pair[0])) for a, own in memberships.items()
        }

    @cached_property
    def _apart(self) -> frozenset[str]:
        return frozenset(self.contentless)

    @cached_property
    def with_content(self) -> frozenset[str]:
        """The answers that say something: the base of every percentage of this question."""
        return frozenset(self.texts) - self._apart

    @cached_property
    def in_theme(self) -> frozenset[str]:
        """The answers in one theme or more."""
        return frozenset(self.memberships)

    @cached_property
    def without_theme(self) -> frozenset[str]:
        """The answers with content that are in no theme."""
        return self.with_content - self.in_theme


@dataclass(frozen=True, slots=True)
class ThemesPage:
    """The whole page. ``language`` is that of the page's own words, not of the answers.

    ``notice`` is what every reader must know about the data, such as that the answers are
    synthetic. ``provenance`` says how the themes came about: encoder, seed, version ...; a key that
    the catalogue knows (``page.provenance.<key>``) gets its name from there.
    ``code_labels`` names the codes that themes are likened to. Counts below ``smallest_cell`` are
    not shown by subgroup.
    """

    study_title: str
    questions: Sequence[QuestionPage]
    language: str = "nl"
    notice: str = ""
    provenance: Mapping[str, str] = field(default_factory=dict)
    code_labels: Mapping[str, str] = field(default_factory=dict)
    smallest_cell: int = 5
