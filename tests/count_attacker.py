"""Someone who knows how the tables are made and computes hidden counts from the shown ones.

Independent of ``themecoder.counts.suppression``: what each sum leaves of each count, again and
again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Name = tuple[object, ...]


@dataclass
class Attacker:
    """What is known: for each count its least and most, and which sums are within which bounds."""

    least: dict[Name, float] = field(default_factory=dict)
    most: dict[Name, float] = field(default_factory=dict)
    sums: list[tuple[dict[Name, float], float, float]] = field(default_factory=list)

    def knows(self, name: Name, least: float, most: float) -> None:
        self.least[name], self.most[name] = least, most

    def total(self, whole: Name, parts: Iterable[Name]) -> None:
        self.sums.append(({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0, 0))

    def union(self, whole: Name, parts: Sequence[Name]) -> None:
        """Whoever is in one of the parts or more."""
        if not parts:
            self.knows(whole, 0, 0)
            return
        for part in parts:
            self.sums.append(({whole: 1.0, part: -1.0}, 0, float("inf")))
        self.sums.append(({**dict.fromkeys(parts, 1.0), whole: -1.0}, 0, float("inf")))

    def pinned(self, truth: Mapping[Name, int], hidden: Sequence[Name]) -> list[Name]:
        """The hidden counts that subtraction, repeated until it tells no more, leaves one value."""
        least, most = dict(self.least), dict(self.most)
        changed = True
        while changed:
            changed = False
            for terms, low, high in self.sums:
                bottom = sum(v * (least if v > 0 else most)[k] for k, v in terms.items())
                top = sum(v * (most if v > 0 else least)[k] for k, v in terms.items())
                for name, value in terms.items():
                    ends = (least[name], most[name])
                    others_low = bottom - value * ends[value < 0]
                    others_high = top - value * ends[value > 0]
                    if value > 0:
                        new = (max(ends[0], low - others_high), min(ends[1], high - others_low))
                    else:
                        new = (max(ends[0], others_low - high), min(ends[1], others_high - low))
                    if new != ends:
                        least[name], most[name] = new
                        bottom = others_low + value * new[value < 0]
                        top = others_high + value * new[value > 0]
                        changed = True
        return [one for one in hidden if least[one] == most[one] == truth[one]]
