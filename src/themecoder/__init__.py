"""themecoder: from the open answers of a survey to themes, coding and counts that hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from themecoder.study import Study

__version__ = "0.1.0"
__all__ = ["Study", "__version__"]


def __getattr__(name: str) -> Any:
    # Study pulls in pandas; `themecoder --help` must not
    if name == "Study":
        from themecoder.study import Study

        return Study
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
