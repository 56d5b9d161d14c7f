"""Tokens of coders, made in Label Studio itself: the gate gives a coder none, but one may have been
made before there was a gate."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from migrated import QUIET, database_environment
from real_server import find_label_studio

_MAKES = """\
import sys
import label_studio.server as server
server._setup_env()
from django.contrib.auth import get_user_model
from jwt_auth.models import LSAPIToken
made = LSAPIToken.for_user(get_user_model().objects.get(email=sys.argv[1]))
print("TOKEN", made.get_full_jwt())
if sys.argv[2] == "withdrawn":
    made.blacklist()
"""


def make_token(run_folder: Path, email: str, state: str = "valid") -> str:
    """A personal access token of an account on the server of this run; or a ``withdrawn`` one."""
    host = run_folder / "server" / "host"
    data = host / "server" / "data"
    python = Path(find_label_studio()).parent / "python"
    made = subprocess.run(
        [str(python), "-c", _MAKES, email, state],
        env={
            **os.environ,
            **QUIET,
            **database_environment(host),
            "LABEL_STUDIO_BASE_DATA_DIR": str(data),
            "PYTHONPATH": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    found = [line for line in made.stdout.splitlines() if line.startswith("TOKEN ")]
    assert found and made.returncode == 0, made.stderr[-2000:]
    return found[0].split()[1]
