"""Which survey tool wrote an export, by what only that tool writes."""

from __future__ import annotations

from themecoder.survey.grid import Grid, Tool


def tool_of(grid: Grid) -> Tool | None:
    """The tool whose own columns the export has; None where nothing tells."""
    names = {name.strip().casefold() for name in grid.header}
    first = grid.header[0].strip().casefold() if grid.header else ""
    slashed = any("/" in name and " " not in name for name in grid.header)
    tells: dict[Tool, bool] = {
        "kobo": bool({"_uuid", "_submission_time"} & names)
        or {"start", "end", "_index"} <= names
        or (slashed and "_id" in names),
        "redcap": "redcap_event_name" in names
        or any("___" in name for name in names)
        or ("record_id" in names and any(name.endswith("_complete") for name in names)),
        "surveymonkey": "respondent id" in names and bool({"collector id", "date created"} & names),
        "typeform": {"submitted at", "token"} <= names
        or {"#", "network id"} <= names
        or bool({"start date (utc)", "submit date (utc)"} & names),
        "google-forms": first in ("timestamp", "tijdstempel", "zeitstempel", "horodateur"),
        "microsoft-forms": {"start time", "completion time"} <= names
        or {"begintijd", "tijd van voltooien"} <= names,
    }
    return next((tool for tool, told in tells.items() if told), None)
