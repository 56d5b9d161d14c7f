"""The hierarchy of a question's themes as a tree: leaves one below the other, branches as lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 150
"""Width of the branches in pixels; the labels stand to the right of them as text."""
ROW = 30
"""Height of a leaf in pixels; the style sheet gives the labels the same height."""


@dataclass(frozen=True, slots=True)
class Tree:
    """Theme ids from top to bottom, and the branches as one SVG path of ``WIDTH`` by ``height``."""

    leaves: tuple[int, ...]
    path: str

    @property
    def height(self) -> int:
        return ROW * len(self.leaves)


def tree(themes: Sequence[int], merges: Sequence[tuple[int, int, float]]) -> Tree:
    """Lay out ``merges``: leaves are theme ids, merge i makes node -(i+1).

    The branch point of a merge lies further left the larger its distance. Themes that no merge
    holds stand alone at the bottom, in the order given. Raises ValueError where a merge names a
    node that is not there or that another merge took already.
    """
    children: dict[int, tuple[int, int]] = {}
    distance: dict[int, float] = dict.fromkeys(themes, 0.0)
    roots = dict.fromkeys(themes)
    for i, (a, b, height) in enumerate(merges):
        for node in (a, b):
            if node not in roots:
                raise ValueError(f"merge {i}: node {node} is not free")
            del roots[node]
        # a branch must not turn back where its distance is smaller than that of a branch below it
        distance[-(i + 1)] = max(height, distance[a], distance[b])
        children[-(i + 1)] = (a, b)
        roots[-(i + 1)] = None

    leaves: list[int] = []
    stack = sorted(roots, key=lambda node: node > 0, reverse=True)
    while stack:
        node = stack.pop()
        if node in children:
            stack.extend(reversed(children[node]))
        else:
            leaves.append(node)

    furthest = max(distance.values(), default=0.0) or 1.0
    y = {leaf: ROW * (row + 0.5) for row, leaf in enumerate(leaves)}

    def x(node: int) -> float:
        return round(WIDTH - 2 - (WIDTH - 12) * distance[node] / furthest, 1)

    lines = []
    for node, (a, b) in children.items():  # merges come after the nodes they join
        y[node] = (y[a] + y[b]) / 2
        lines.append(f"M{x(a):g} {y[a]:g}H{x(node):g}V{y[b]:g}H{x(b):g}")
    return Tree(tuple(leaves), "".join(lines))
