"""Label Studio's own settings, and the gate as the last that a request passes before its view.

The process is told by its environment which account passes the gate (THEMECODER_OWNER) and what
coders' addresses end with (THEMECODER_DOMAIN); without either it does not start. Where it works
with PostgreSQL, it is told where that is (THEMECODER_DATABASE, JSON), and which file has the
password, as libpq reads it (THEMECODER_PGPASS) or by itself (THEMECODER_PASSWORD_FILE).
"""

import json
import os
import re
from pathlib import Path

# Label Studio looks into its settings while it makes them, and looks where this variable says
os.environ["DJANGO_SETTINGS_MODULE"] = "label_studio.core.settings.label_studio"
from label_studio.core.settings.label_studio import *  # noqa: F403
from label_studio.core.settings.label_studio import MIDDLEWARE as _THEIRS

os.environ["DJANGO_SETTINGS_MODULE"] = __name__

THEMECODER_OWNER = os.environ["THEMECODER_OWNER"]
THEMECODER_DOMAIN = os.environ["THEMECODER_DOMAIN"]
MIDDLEWARE = [*_THEIRS, "themecoder_gate.middleware.Gate"]


def _password() -> str:
    """Read once, while the server starts: the file may be gone afterwards."""
    if file := os.environ.get("THEMECODER_PGPASS"):
        line = Path(file).read_text("utf-8").rstrip("\n")
        return re.sub(r"\\(.)", r"\1", line.removeprefix("*:*:*:*:"))
    if file := os.environ.get("THEMECODER_PASSWORD_FILE"):
        return Path(file).read_text("utf-8").rstrip("\r\n")
    return ""


if "THEMECODER_DATABASE" in os.environ:
    DJANGO_DB = "default"  # Label Studio asks it which SQL to speak
    _place = json.loads(os.environ["THEMECODER_DATABASE"])
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            **_place,
            "PASSWORD": _password(),
        }
    }
