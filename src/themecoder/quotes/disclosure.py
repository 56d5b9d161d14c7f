"""What may be told of who is quoted, so that it points to nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from themecoder.quotes.model import ShownAttribute
from themecoder.survey.groups import Groups


@dataclass(frozen=True, slots=True)
class AttributeDisclosure:
    """Tells attributes only as far as enough people share them.

    ``attributes``: most telling first. ``named``: attributes of which the name is told too, since
    their groups do not speak for themselves (25-34). ``asked``: question -> the respondents who
    were asked. ``smallest``: fewer people than this would be pointed at.
    """

    attributes: Sequence[Groups]
    named: frozenset[str]
    asked: Mapping[str, Sequence[str]]
    smallest: int
    _alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], int] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def of(self, respondent: str, question: str) -> tuple[ShownAttribute, ...]:
        """The attributes of a respondent that at least ``smallest`` of those asked share.

        The last ones are dropped until that holds. A respondent without a value has nothing told
        of that attribute.
        """
        mine = [(one, one.of[respondent]) for one in self.attributes if respondent in one.of]
        alike = [self._sharing(question, mine[:n]) for n in range(len(mine) + 1)]
        enough = max((n for n, many in enumerate(alike) if many >= self.smallest), default=0)
        return tuple(
            ShownAttribute(one.attribute, one.labels[group], self._text(one, group))
            for one, group in mine[:enough]
        )

    def _sharing(self, question: str, told: Sequence[tuple[Groups, str]]) -> int:
        """How many of those asked are in all these groups."""
        key = (question, tuple(one.attribute for one, _ in told), tuple(g for _, g in told))
        if key not in self._alike:
            self._alike[key] = sum(
                all(one.of.get(who) == group for one, group in told) for who in self.asked[question]
            )
        return self._alike[key]

    def _text(self, attribute: Groups, group: str) -> str:
        label = attribute.labels[group]
        return f"{attribute.label} {label}" if attribute.attribute in self.named else label
