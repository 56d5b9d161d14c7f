"""Which coder of the study each foreign name is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import TypeAdapter, ValidationError

from themecoder.codebook.origins import fresh_id
from themecoder.coding.exchange.code_mapping import LEFT_OUT
from themecoder.coding.exchange.headings import plain
from themecoder.errors import InputError, Problem
from themecoder.settings.tables import RESERVED_IDS, Id

_ID: TypeAdapter[str] = TypeAdapter(Id)


@dataclass(frozen=True, slots=True)
class CoderNames:
    """What ``--coder`` says: ``given`` names -> ids, and the id of who coded what has no name."""

    given: Mapping[str, str] = field(default_factory=dict)
    nameless: str = ""

    @classmethod
    def parse(cls, texts: Iterable[str]) -> CoderNames:
        """From ``anna`` and ``Anna de Vries=anna``. Raises InputError for two ids without a
        name."""
        given: dict[str, str] = {}
        nameless: list[str] = []
        for text in texts:
            name, sign, coder = text.rpartition("=")
            if sign:
                given[plain(name)] = coder.strip()
            else:
                nameless.append(text.strip())
        if len(set(nameless)) > 1:
            raise InputError(Problem("exchange.two_coders", {"coders": ", ".join(nameless)}))
        return cls(given, nameless[0] if nameless else "")


def coder_ids(
    counts: Mapping[str, int],
    stated: CoderNames,
    coders: Sequence[str],
    accounts: Mapping[str, str],
) -> tuple[dict[str, str], list[Problem]]:
    """name -> id of the study's ``coders``, and a problem for each name that is none.

    ``counts``: name -> codings; the empty name is that of codings without one. A name is an id, an
    address in ``accounts``, or what ``stated`` says; ``LEFT_OUT`` where that says so.
    """
    known = {plain(coder): coder for coder in coders}
    known |= {plain(email): coder for coder, email in accounts.items()}
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for name, n in sorted(counts.items()):
        wished = stated.given.get(plain(name)) if name else stated.nameless
        coder = wished or known.get(plain(name), "")
        if coder in coders or (coder == LEFT_OUT and name):
            found[name] = coder
        elif not name and not wished:
            params = {"n": n, "known": ", ".join(coders) or "-"}
            problems.append(Problem("exchange.no_coder", params))
        else:
            add = wished if wished and _is_id(wished) else fresh_id(name or wished or "", coders)
            all_of_them = ", ".join(f'"{one}"' for one in (*coders, add))
            example = coders[0] if coders else add
            params = {"name": name or wished, "n": n, "coders": all_of_them, "known": example}
            problems.append(Problem("exchange.unknown_coder", params))
    return found, problems


def _is_id(text: str) -> bool:
    try:
        return _ID.validate_python(text).casefold() not in RESERVED_IDS
    except ValidationError:
        return False
