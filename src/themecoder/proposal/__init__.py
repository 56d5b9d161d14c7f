"""A first study.toml from a survey export alone, for a person to correct."""

from themecoder.proposal.propose import Proposal, propose
from themecoder.proposal.write import write_study_toml

__all__ = ["Proposal", "propose", "write_study_toml"]
