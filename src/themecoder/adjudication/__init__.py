"""From several coders' codings of an answer to the one that counts."""

from themecoder.adjudication.cases import Case, Vote, cases
from themecoder.adjudication.decisions import (
    PERSON,
    RULE,
    RULES,
    Proposal,
    by_person,
    by_rules,
    decided_by_person,
    same_decision,
)

__all__ = [
    "PERSON",
    "RULE",
    "RULES",
    "Case",
    "Proposal",
    "Vote",
    "by_person",
    "by_rules",
    "cases",
    "decided_by_person",
    "same_decision",
]
