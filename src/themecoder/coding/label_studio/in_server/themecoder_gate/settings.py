"""Label Studio's own settings, and the gate as the last that a request passes before its view.

The process is told by its environment which account passes the gate (THEMECODER_OWNER) and what
coders' addresses end with (THEMECODER_DOMAIN); without either it does not start.
"""

import os

# Label Studio looks into its settings while it makes them, and looks where this variable says
os.environ["DJANGO_SETTINGS_MODULE"] = "label_studio.core.settings.label_studio"
from label_studio.core.settings.label_studio import *  # noqa: F403
from label_studio.core.settings.label_studio import MIDDLEWARE as _THEIRS

os.environ["DJANGO_SETTINGS_MODULE"] = __name__

THEMECODER_OWNER = os.environ["THEMECODER_OWNER"]
THEMECODER_DOMAIN = os.environ["THEMECODER_DOMAIN"]
MIDDLEWARE = [*_THEIRS, "themecoder_gate.middleware.Gate"]
