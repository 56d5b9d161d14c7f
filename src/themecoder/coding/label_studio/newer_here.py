"""Whether what is coded here goes before what is on the server: the later of the two counts."""

from __future__ import annotations

from datetime import datetime

from themecoder.coding.model import WORKBENCH, Coding


def newer_here(here: Coding, there: Coding) -> bool:
    """Whether a coding stays although the server has another one of the same answer and coder: it
    is of a later round, or was made at the workbench after that."""
    if here.round != there.round:
        return here.round > there.round
    return here.source.get("kind") == WORKBENCH and _moment(here) > _moment(there)


def _moment(coding: Coding) -> float:
    """When it was last changed; 0 where it is not known: before all others."""
    return datetime.fromisoformat(coding.updated_at).timestamp() if coding.updated_at else 0.0
