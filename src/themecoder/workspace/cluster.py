"""A study's answers on the workers that its researcher named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from themecoder.cluster.address import Cluster, Keys, checked_address
from themecoder.cluster.dask_workers import DaskWorkers
from themecoder.errors import InputError, Problem
from themecoder.storage.git import tracked
from themecoder.workspace.folder import StudyFolder


@contextmanager
def computing_on(study: StudyFolder, named: str | None) -> Iterator[None]:
    """Within, ``named`` workers compute what is heavy and goes answer by answer: ``local``, or the
    address of a scheduler; None: this process.

    Raises InputError where answers would leave this machine in the clear, where the key is in git,
    and where dask is not installed.
    """
    if named is None:
        yield
        return
    settings = study.config.cluster
    cluster = Cluster(
        checked_address(named), _keys(study), settings.workers, wait=float(settings.wait)
    )
    before = study.workers
    with DaskWorkers(cluster, study.notice) as workers:
        study.workers = workers
        try:
            yield
        finally:
            study.workers = before


def _keys(study: StudyFolder) -> Keys:
    root, settings = study.paths.root, study.config.cluster
    if settings.key is not None and tracked(root, [settings.key]):
        raise InputError(Problem("cluster.key_in_git", file=root / settings.key))
    ca, cert, key = (
        root / name if name else None for name in (settings.ca, settings.cert, settings.key)
    )
    return Keys(ca, cert, key)
