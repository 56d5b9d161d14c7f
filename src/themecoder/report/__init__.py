"""The report's content, and the live numbers of its template."""

from __future__ import annotations
