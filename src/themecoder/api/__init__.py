"""themecoder in Python: everything that the command line does is a plain function here."""

from themecoder.api.setup import StudyMade, init_study
from themecoder.api.study import Study
from themecoder.api.tables import ThemeTables

__all__ = ["Study", "StudyMade", "ThemeTables", "init_study"]
