"""Workers on this machine, started for one command and gone with it.

They listen on 127.0.0.1, and speak TLS with a certificate that is made for them in memory: without,
anybody else on the machine could send them work to do in the researcher's name. There is no
dashboard and no page of logs, and nothing is put on disk.
"""

from __future__ import annotations

import logging
import os
import tempfile
import warnings
from typing import Any

from themecoder.cluster.connection import EXTRA
from themecoder.extras import of_extra

_CONFIG = {
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
}


class LocalWorkers:
    """``number`` worker processes, as many as this process may use cores by default."""

    def __init__(self, number: int | None) -> None:
        with of_extra(EXTRA):
            import cryptography  # what dask makes the certificate with
            import dask
            import distributed

        del cryptography
        # where dask keeps what it needs while workers run: a lock file, no results
        self._folder = tempfile.TemporaryDirectory(prefix="themecoder-workers-")
        configured: Any = dask.config.set
        security: Any = distributed.Security
        cluster: Any = distributed.LocalCluster
        self.security = security.temporary()
        with (
            configured({**_CONFIG, "temporary-directory": self._folder.name}),
            warnings.catch_warnings(),
        ):
            # that the usual port of the dashboard, which there is not, is taken
            warnings.simplefilter("ignore")
            self._cluster = cluster(
                n_workers=number or _cores(),
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                protocol="tls://",
                security=self.security,
                dashboard_address=None,
                memory_limit=0,
                local_directory=self._folder.name,
                silence_logs=logging.CRITICAL,
            )
        self.address = str(self._cluster.scheduler_address)

    def close(self) -> None:
        self._cluster.close()
        self._folder.cleanup()


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on macOS and Windows
        return os.cpu_count() or 1
