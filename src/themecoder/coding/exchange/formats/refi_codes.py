"""The codes of a REFI-QDA project under names that tell them apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from themecoder.codebook.incoming import Node
from themecoder.codebook.memo import read_memo, split_marker
from themecoder.coding.exchange.formats.refi_records import QdaProject
from themecoder.coding.exchange.model import ForeignCode


class CodeNames:
    """guid -> name of each code: its id where this program wrote it, its label where no other code
    has that, else with the names of those above it."""

    def __init__(self, project: QdaProject) -> None:
        self._project = project
        self._cases = frozenset(case.guid for case in project.cases)
        self._above: dict[str, tuple[Node, ...]] = {}
        self._nodes: dict[str, Node] = {}
        for above, node in _paths(project.codes):
            if node.guid not in self._cases:
                self._above[node.guid], self._nodes[node.guid] = above, node
        self._names = self._unique()
        self.used: set[str] = set()

    def __contains__(self, guid: str) -> bool:
        return guid in self._names

    def __getitem__(self, guid: str) -> str:
        self.used.add(guid)
        return self._names[guid]

    def is_case(self, guid: str) -> bool:
        """Whether the code is a case that NVivo codes with."""
        return guid in self._cases

    def foreign(self) -> tuple[ForeignCode, ...]:
        """The codes, without what only holds others together."""
        return tuple(
            self._foreign(node)
            for guid, node in self._nodes.items()
            if node.codable or guid in self.used
        )

    def unplaced(self, placed: set[str]) -> int:
        """How many memos are neither ``placed`` nor on a code: a diary, say."""
        notes = self._project.notes
        placed = placed.union(*self._project.code_memos.values())
        return sum(1 for guid, note in notes.items() if guid not in placed and note.text.strip())

    def _foreign(self, node: Node) -> ForeignCode:
        notes = (self._project.notes.get(guid) for guid in self._memos(node.guid))
        words = [split_marker(node.memo)[0], *(note.text for note in notes if note is not None)]
        above = self._above[node.guid]
        parent = self._names[above[-1].guid] if above else self._project.sets.get(node.guid, "")
        return ForeignCode(
            name=self._names[node.guid],
            label=_label(node),
            memo="\n".join(word.strip() for word in words if word.strip()),
            color=node.color,
            parent=parent,
        )

    def _memos(self, guid: str) -> tuple[str, ...]:
        return self._project.code_memos.get(guid, ())

    def _unique(self) -> dict[str, str]:
        names = {guid: _own_id(node) or _label(node) for guid, node in self._nodes.items()}
        for separator in (" / ", "#"):
            counts = Counter(name.casefold() for name in names.values())
            for guid, name in names.items():
                if counts[name.casefold()] > 1:
                    path = [_label(node) for node in (*self._above[guid], self._nodes[guid])]
                    tail = [guid] if separator == "#" else []
                    names[guid] = separator.join([" / ".join(path), *tail])
        return names


def _own_id(node: Node) -> str:
    marks = read_memo(node.memo)[1]
    return "" if marks.get("group") else str(marks.get("id", ""))


def _label(node: Node) -> str:
    return " ".join(node.name.split())


def _paths(
    nodes: Iterable[Node], above: tuple[Node, ...] = ()
) -> Iterator[tuple[tuple[Node, ...], Node]]:
    for node in nodes:
        yield above, node
        yield from _paths(node.children, (*above, node))
