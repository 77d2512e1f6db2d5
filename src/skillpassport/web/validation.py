"""Turns pydantic's findings into faults, without repeating what the client sent."""

from collections.abc import Mapping, Sequence
from typing import Any

from skillpassport.web.errors import Fault

MAX_FAULTS = 50
MAX_POINTER = 200

# Their messages quote the input.
_QUOTING = {
    "union_tag_invalid": "Expected one of the documented kinds, found another.",
    "json_invalid": "Expected JSON.",
}


def faults_of(found: Sequence[Mapping[str, Any]]) -> tuple[Fault, ...]:
    """Return one fault for each finding, at most `MAX_FAULTS`.

    found: as pydantic lists them, each with `type`, `loc` and `msg`
    """
    return tuple(
        Fault(_pointer(finding["loc"]), finding["type"].replace("_", "-"), _message(finding))
        for finding in found[:MAX_FAULTS]
    )


def _pointer(location: Sequence[int | str]) -> str:
    """Return where: a JSON Pointer (RFC 6901) into the body, or `query:name` and the like."""
    place, *steps = [str(step) for step in location] or [""]
    if place == "body":
        escaped = (step.replace("~", "~0").replace("/", "~1") for step in steps)
        return "".join(f"/{step}" for step in escaped)[:MAX_POINTER]
    return f"{place}:{'.'.join(steps)}"[:MAX_POINTER]


def _message(finding: Mapping[str, Any]) -> str:
    kind = str(finding["type"])
    return _QUOTING.get(kind) or str(finding["msg"]).removeprefix("Value error, ")
