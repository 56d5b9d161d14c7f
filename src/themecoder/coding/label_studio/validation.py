"""What is about to be sent, held against the coding page by Label Studio's own kit.

The server takes nearly everything: predictions with codes that the page does not have, which stay
out of sight and are saved by Submit. The kit is imported when the first of this is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

from themecoder.errors import InputError, Problem
from themecoder.extras import of_extra

if TYPE_CHECKING:
    from label_studio_sdk.label_interface.interface import LabelInterface
    from label_studio_sdk.label_interface.objects import TaskValue


def check_page(config: str) -> None:
    """Raises InputError where Label Studio could not show the page."""
    _page(config)


def check_task(config: str, title: str, task: Mapping[str, Any]) -> None:
    """Raises InputError where the page of the project ``title`` lacks what a new task needs."""
    page = _page(config)
    # The kit's own look at the predictions of a task fails (a call without its argument), and so
    # they are looked at one by one.
    if not page.validate_task(cast("TaskValue", {"data": task["data"]})):
        needed = [f"${one.value_name}" for one in page.objects if one.value_is_variable]
        raise _misfit(task["data"], title, ", ".join(needed))
    for prediction in task.get("predictions", ()):
        check_prediction(config, title, task["data"], prediction)


def check_prediction(
    config: str, title: str, data: Mapping[str, Any], prediction: Mapping[str, Any]
) -> None:
    """Raises InputError where a prediction for the task with ``data`` does not fit the page."""
    page: Any = _page(config)  # the call has no types
    errors = page.validate_prediction(dict(prediction), return_errors=True)
    if errors:
        raise _misfit(data, title, errors[0])


def _misfit(data: Mapping[str, Any], title: str, reason: str) -> InputError:
    params = {"answer": str(data.get("answer_id")), "title": title, "reason": reason[:300]}
    return InputError(Problem("push.invalid_task", params))


@lru_cache(maxsize=4)
def _page(config: str) -> LabelInterface:
    with of_extra("server"):
        from label_studio_sdk._legacy.exceptions import (
            LabelStudioValidationErrorSentryIgnored,
            LabelStudioXMLSyntaxErrorSentryIgnored,
        )
        from label_studio_sdk.label_interface.interface import LabelInterface

    try:
        page = LabelInterface(config)
        cast("Any", page).validate()  # the call has no types
    except (
        LabelStudioValidationErrorSentryIgnored,
        LabelStudioXMLSyntaxErrorSentryIgnored,
    ) as error:
        reason = str(error).splitlines()[0][:300]
        raise InputError(Problem("push.invalid_page", {"reason": reason})) from None
    return page
