"""What answers hold in common: instants, days and names as texts, and published bytes."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

Instant = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
DayText = Annotated[str, Field(json_schema_extra={"format": "date"})]
Names = Mapping[str, str]

PUBLISHED_DID: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/did+json": {"schema": {"type": "object"}}}}
}
PUBLISHED_LIST: dict[int | str, dict[str, Any]] = {
    200: {
        "content": {
            "application/vc": {"schema": {"type": "object"}},
            "application/statuslist+jwt": {"schema": {"type": "string"}},
            "application/statuslist+cwt": {"schema": {"type": "string", "format": "binary"}},
        }
    }
}
"""For `responses=`: these documents are bytes that were signed or are derived as they are."""
