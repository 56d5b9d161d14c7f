"""A study: its folder, and its study.toml."""

from themecoder.study.load import load_study, parse_study
from themecoder.study.model import (
    Attribute,
    Codebook,
    Coding,
    LabelStudio,
    Masking,
    Mining,
    Multiple,
    Question,
    Report,
    StudyConfig,
    SurveyFile,
)
from themecoder.study.paths import StudyPaths

__all__ = [
    "Attribute",
    "Codebook",
    "Coding",
    "LabelStudio",
    "Masking",
    "Mining",
    "Multiple",
    "Question",
    "Report",
    "StudyConfig",
    "StudyPaths",
    "SurveyFile",
    "load_study",
    "parse_study",
]
