"""themecoder: from the open answers of a survey to themes, coding and counts that hold."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from themecoder.version import __version__

if TYPE_CHECKING:
    from themecoder.estimator import ThemeMiner
    from themecoder.study import Study
    from themecoder.survey.init_study import StudyMade, init_study
    from themecoder.themes.tables import ThemeTables

__all__ = ["Study", "StudyMade", "ThemeMiner", "ThemeTables", "__version__", "init_study"]

_HOMES = {
    "Study": "themecoder.study",
    "StudyMade": "themecoder.survey.init_study",
    "ThemeMiner": "themecoder.estimator",
    "ThemeTables": "themecoder.themes.tables",
    "init_study": "themecoder.survey.init_study",
}


def __getattr__(name: str) -> Any:
    # Loaded when it is first asked for: ``themecoder --help`` must not wait for pandas.
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
