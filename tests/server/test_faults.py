"""Requests that fail and processes that are killed: nothing is doubled, lost or changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fault_proxy import FaultProxy
from fault_run import one_run
from real_server import Server

pytestmark = [pytest.mark.server, pytest.mark.long(300)]


def test_a_short_run_of_faults(server: Server, proxy: FaultProxy, tmp_path: Path) -> None:
    """The long one: python tests/server/fault_run.py --runs 200"""
    kills = 0
    for seed in range(1, 7):
        kills += one_run(server, proxy, tmp_path / f"run{seed}", seed).kills
    assert len(proxy.faults) + kills >= 15
