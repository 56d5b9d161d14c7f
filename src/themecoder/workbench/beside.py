"""What runs beside the pages until somebody stops it or the workbench ends: the way in for coders
on other computers, and suggestions while people code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event, Thread

from themecoder.assist.study_assist import assisting
from themecoder.coding.label_studio import connect as connecting
from themecoder.coding.label_studio.lan.addresses import address_to_serve
from themecoder.coding.label_studio.lan.serve_lan import PORT, Lan, open_to_network
from themecoder.errors import InputError, Problem
from themecoder.workbench.jobs import Told
from themecoder.workspace.folder import StudyFolder

_PATIENCE = 15.0
"""Seconds in which what is stopped ends what it is at."""
_ASSIST_PORT = 9090


class Beside:
    """What runs beside the pages of one workbench."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._lan: tuple[Lan, Thread] | None = None
        self._assist: Assisted | None = None

    @property
    def lan(self) -> Lan | None:
        """Where coders on other computers come in; None where nobody does."""
        return self._lan[0] if self._lan and self._lan[1].is_alive() else None

    @property
    def assist(self) -> Assisted | None:
        """The suggestions that are given while people code, or how the last ones ended."""
        return self._assist

    def open_to_network(self, study: StudyFolder, address: str, port: int = PORT) -> Lan:
        """Let coders on other computers in, at an address of this one; Label Studio is started
        where it does not run. Raises InputError where that is so already."""
        if self.lan is not None:
            raise InputError(Problem("workbench_server.open_already", {"url": self.lan.url}))
        at = address_to_serve(address or None)
        with study.locked():
            serving = connecting.serve(study)
        lan = open_to_network(study, serving, at, port)
        thread = Thread(target=lan.run, name="lan", daemon=True)
        self._lan = lan, thread
        thread.start()
        return lan

    def close_to_network(self) -> bool:
        """Let nobody in any more; False where nobody was."""
        if self._lan is None or self.lan is None:
            return False
        lan, thread = self._lan
        lan.server.should_exit = True
        thread.join(_PATIENCE)
        self._lan = None
        return True

    def begin_assist(self, study: StudyFolder) -> Assisted:
        """Give suggestions that learn while people code, once they are connected. Raises what
        stands in the way of it."""
        if self._assist is not None and self._assist.runs:
            raise InputError(Problem("assist.runs", file=study.paths.root))
        begun = Assisted(study, self._told)
        begun.begin()
        self._assist = begun
        return begun

    def end_assist(self) -> bool:
        """Give none any more; False where none were given."""
        found, self._assist = self._assist, None
        return found is not None and found.end()

    def end(self) -> None:
        """End all of it: the workbench ends."""
        self.end_assist()
        self.close_to_network()


@dataclass
class Assisted:
    """Suggestions that are given at ``url`` for the projects with ``titles``. ``problems``: what
    came up meanwhile, or what ended it."""

    study: StudyFolder
    told: Told
    url: str = ""
    titles: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __post_init__(self) -> None:
        self._over, self._ready = Event(), Event()
        self._raised: Exception | None = None
        self._thread = Thread(target=self._run, name="assist", daemon=True)

    @property
    def runs(self) -> bool:
        return self._thread.is_alive()

    def begin(self) -> None:
        self._thread.start()
        self._ready.wait()
        if self._raised is not None:
            raise self._raised

    def end(self) -> bool:
        ran = self.runs
        self._over.set()
        if ran:
            self._thread.join(_PATIENCE)
        return ran

    def _run(self) -> None:
        # connected and taken away by the same thread: the lock is this thread's
        try:
            with assisting(self.study, None, _ASSIST_PORT, self._tell, self._over.set) as found:
                self.url, self.titles = found.url, found.titles
                self._ready.set()
                self._over.wait()
            if isinstance(found.failure, Exception):
                self._tell(self.told(found.failure))
        except Exception as error:
            if self._ready.is_set():
                self._tell(self.told(error))
            else:
                self._raised = error
        finally:
            self._ready.set()

    def _tell(self, problems: Sequence[Problem]) -> None:
        self.problems += tuple(one for one in problems if one not in self.problems)
