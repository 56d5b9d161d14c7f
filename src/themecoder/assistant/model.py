"""The values that the room hands around."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from themecoder.storage.atomic import canonical, sha256


@dataclass(frozen=True, slots=True)
class Model:
    """The language model behind an endpoint.

    ``name``: as the server calls it. ``digest``: of the weights where the server tells one
    (``of_weights``), else of what it says about the model.
    """

    name: str
    digest: str
    of_weights: bool

    @property
    def shown(self) -> str:
        """The name without the folders of the machine that it lies on."""
        return PurePath(self.name).name if self.name.startswith("/") else self.name


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked. ``instruction`` is the same for many prompts; ``data`` is JSON, with all that
    people wrote; ``schema`` binds the reply, which has at most ``most_tokens``."""

    instruction: str
    data: str
    schema: Mapping[str, Any]
    most_tokens: int

    @property
    def fixed(self) -> str:
        """A digest of everything but the data."""
        return sha256(self.instruction, canonical(self.schema), str(self.most_tokens))

    def key(self, model: Model) -> str:
        """What a reply is kept by."""
        return sha256(model.name, model.digest, self.fixed, self.data)


@dataclass(frozen=True, slots=True)
class Try:
    """What came back at one attempt: ``text`` as far as there was any, and why it could not be
    used; ``fault`` is empty where it could."""

    text: str
    fault: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """That ``code`` belongs to an answer, for its ``words`` and a ``reason``.

    ``start`` and ``end`` place the words in the answer as imported.
    """

    answer_id: str
    code: str
    start: int
    end: int
    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Opinions:
    """On the answers to a question, by ``model``.

    ``checks``: answer_id -> what it and its codes were when the model was asked, of those that it
    said something on, if only that no code fits. ``dropped``: codes whose words do not stand in the
    answer. ``failed``: answers to which no reply could be used. ``left``: how many were not asked
    yet.
    """

    question: str
    model: Model
    checks: Mapping[str, str]
    opinions: tuple[Opinion, ...]
    dropped: int
    failed: tuple[str, ...]
    left: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A label and a draft of a definition for a candidate theme. ``check``: which texts the theme
    had."""

    theme: int
    label: str
    definition: str
    check: str


@dataclass(frozen=True, slots=True)
class Proposals:
    """For the candidate themes of a question, by ``model``; ``failed`` and ``left`` as in
    ``Opinions``."""

    question: str
    model: Model
    proposals: tuple[Proposal, ...]
    failed: tuple[int, ...]
    left: int
