"""Which state of the work on themes a person saw: a step on another state is refused, not lost."""

from __future__ import annotations

from themecoder.errors import InputError, Problem
from themecoder.storage.atomic import sha256
from themecoder.themes.steps.files.steps_file import KeptEntry, steps_text
from themecoder.themes.steps.study_file import kept_steps
from themecoder.themes.steps.words import step_words
from themecoder.workspace.folder import StudyFolder

_SHOWN = 5


def work_version(study: StudyFolder, question: str) -> str:
    """The version of the themes of a question and the steps on them: how many steps, and hashes of
    the steps and of the run."""
    return _version(study, question, len(kept_steps(study, question)))


def check_seen(study: StudyFolder, question: str, seen: str) -> None:
    """Raises InputError where the work is no longer as it was at version ``seen``, with what was
    done since; "" is no version and always right."""
    if not seen or seen == work_version(study, question):
        return
    entries = kept_steps(study, question)
    count = int(seen.partition("-")[0]) if seen.partition("-")[0].isdecimal() else 0
    if seen != _version(study, question, count):
        raise InputError(Problem("theme_steps.other_themes", {"question": question}))
    language = study.config.interface_language
    since = [step_words(entry, language) for entry in entries[count:]]
    what = "; ".join(since[:_SHOWN]) + (" …" if len(since) > _SHOWN else "")
    raise InputError(Problem("theme_steps.changed_since", {"question": question, "steps": what}))


def _version(study: StudyFolder, question: str, count: int) -> str:
    entries = kept_steps(study, question)[:count]
    steps = sha256(steps_text(KeptEntry(question, entry) for entry in entries))
    run = study.paths.themes(question) / "themes.json"
    mined = sha256(run.read_bytes() if run.is_file() else b"")
    return f"{count}-{steps[:12]}-{mined[:12]}"
