"""What other packages add: encoders, readers, coefficients, formats of counts and suggesters.

A package declares an entry point in a group of ``GROUPS``; its name behind ``plugin:`` stands where
a study or a user names one of ours. A plugin is found without being loaded, and loaded when it is
named. It is code of others that runs with the answers, so only what is named is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from typing import Any, Literal

from themecoder.errors import InputError, Problem, ThemecoderError

Kind = Literal["encoders", "readers", "coefficients", "count_formats", "suggesters"]
PREFIX = "plugin:"


def group(kind: Kind) -> str:
    """The group of entry points in which a package declares what it adds of a kind."""
    return f"themecoder.{kind}"


@dataclass(frozen=True, slots=True)
class Plugin:
    """What a package adds. ``name`` is that of its entry point."""

    kind: Kind
    name: str
    package: str
    version: str
    entry: EntryPoint

    def load(self) -> Any:
        """Raises InputError where it can't be loaded."""
        with self.running():
            return self.entry.load()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Around what the plugin does. Raises InputError with what is wrong with it; what it says
        itself is not shown, for it may hold words of an answer."""
        try:
            yield
        except ThemecoderError:
            raise
        except Exception as error:
            raise self.refused("failed", reason=type(error).__name__) from error

    def refused(self, key: str, **params: Any) -> InputError:
        return InputError(self.problem(key, **params))

    def problem(self, key: str, **params: Any) -> Problem:
        """What is wrong with what it gives, a key of the messages' ``plugins``."""
        about = {"name": self.name, "package": self.package, "version": self.version}
        return Problem(f"plugins.{key}", {**about, **params})

    def facts(self) -> dict[str, str]:
        """What a manifest says of it."""
        about = {"kind": self.kind, "name": self.name}
        return {**about, "package": self.package, "version": self.version}


def is_plugin(name: str | None) -> bool:
    return bool(name and name.startswith(PREFIX))


def find_plugin(kind: Kind, name: str) -> Plugin:
    """The plugin that a study or a user names, with ``plugin:`` before it. Raises InputError where
    no package adds it, or two do."""
    wanted = name.removeprefix(PREFIX)
    here = entry_points(group=group(kind))
    found = {entry.dist.name: entry for entry in here if entry.name == wanted and entry.dist}
    if not found:
        known = ", ".join(sorted({PREFIX + entry.name for entry in here})) or "-"
        raise InputError(Problem("plugins.none", {"found": name, "known": known}))
    if len(found) > 1:
        packages = ", ".join(sorted(found))
        raise InputError(Problem("plugins.twice", {"found": name, "packages": packages}))
    (package, entry), *_ = found.items()
    assert entry.dist is not None  # that is how it was found
    return Plugin(kind, wanted, package, entry.dist.version, entry)


def plugin_facts(kind: Kind, names: Iterable[str | None]) -> list[dict[str, str]]:
    """Of the names that are those of plugins, what a manifest says; in their order."""
    return [find_plugin(kind, name).facts() for name in names if name and is_plugin(name)]
