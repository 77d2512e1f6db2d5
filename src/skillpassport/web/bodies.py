"""The one way in for JSON bodies: capped, on time, announced, and parsed strictly."""

import asyncio
import email.message
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, JsonValue, field_validator
from pydantic_core import PydanticCustomError
from starlette.requests import ClientDisconnect, Request

from skillpassport.vc import strict_json
from skillpassport.web.errors import (
    BodyIncomplete,
    BodyTooLarge,
    BodyTooSlow,
    ContentEncodingUnsupported,
    MediaTypeUnsupported,
)

MAX_JSON_BYTES = 1024 * 1024
BODY_SECONDS = 10.0
"""Total time for a body; a megabyte at the speed of a poor mobile connection. The connection itself
ends a little later: `connections.REQUEST_SECONDS`."""

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _without_fraction(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_without_fraction)
"""Beside a strict integer: JSON has numbers alone, and 180.0 is one without a fraction.

Source: JSON Schema Validation 2020-12, section 6.1.1, `integer`
"""


class JsonRequest(Request):
    """A request whose body has been read and parsed."""

    def __init__(self, request: Request, raw: bytes, value: Any) -> None:  # noqa: ANN401 - JSON
        super().__init__(request.scope, request.receive)
        self._raw = raw
        self._value = value

    async def body(self) -> bytes:
        """Return the bytes as they came."""
        return self._raw

    async def json(self) -> Any:  # noqa: ANN401 - Starlette's own signature
        """Return the parsed body."""
        return self._value


async def read_json_body(request: Request) -> Request:
    """Return the request with its JSON body read and parsed.

    Raises: MediaTypeUnsupported, ContentEncodingUnsupported, BodyTooLarge, BodyTooSlow,
        BodyIncomplete, and the errors of `skillpassport.vc.strict_json`
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise ContentEncodingUnsupported
    raw = await read_body(request, MAX_JSON_BYTES)
    if not raw:
        return JsonRequest(request, raw, None)
    if not is_json(request.headers.get("content-type", "")):
        raise MediaTypeUnsupported
    return JsonRequest(request, raw, strict_json.parse(raw))


async def read_body(request: Request, max_bytes: int, seconds: float = BODY_SECONDS) -> bytes:
    """Return the raw body, counting what really arrives and not what was announced.

    Raises: BodyTooLarge, BodyTooSlow, BodyIncomplete
    """
    announced = request.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and int(announced[:20]) > max_bytes:
        raise BodyTooLarge(max_bytes)
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise BodyTooLarge(max_bytes)
    except TimeoutError as error:
        raise BodyTooSlow(seconds) from error
    except ClientDisconnect as error:
        raise BodyIncomplete from error
    return bytes(body)


def is_json(content_type: str) -> bool:
    """Return whether a Content-Type names JSON in UTF-8: `application/json` or `…+json`."""
    if content_type == "application/json":  # what nearly everyone sends; the rest takes longer
        return True
    message = email.message.Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    subtype = message.get_content_subtype()
    charset = message.get_content_charset("utf-8")
    return (
        message.get_content_maintype() == "application"
        and (subtype == "json" or subtype.endswith("+json"))
        and charset in {"utf-8", "utf8"}
    )


def _calendar_day(value: object) -> object:
    """Take a date as text alone: pydantic would also read numbers and instants as days."""
    if isinstance(value, str) and _DAY.fullmatch(value) is not None:
        return value
    raise PydanticCustomError("calendar_date", "Expected a calendar date such as 2026-01-31.")


Day = Annotated[date, BeforeValidator(_calendar_day)]
"""A calendar date, given as `YYYY-MM-DD`."""


class Payload(BaseModel):
    """A JSON body: unknown members are refused, and so is text that no store can hold.

    verbatim: fields that are passed on as they came, such as a document to verify
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    verbatim: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="after")
    @classmethod
    def _storable(cls, value: object, info: Any) -> object:  # noqa: ANN401 - pydantic's own type
        # PostgreSQL refuses U+0000 in text, which would turn a strange name into a 500.
        if info.field_name not in cls.verbatim and any("\0" in text for text in _texts(value)):
            raise PydanticCustomError("text_not_storable", "Expected text without U+0000.")
        return value


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from _texts(name)
            yield from _texts(inner)
    elif isinstance(value, list | tuple | set | frozenset):
        for inner in value:
            yield from _texts(inner)


def exactly_one_of(*names: str) -> list[JsonValue]:
    """Return, for the description of the API, that exactly one of these members is given."""
    return [
        {
            "required": [name],
            "properties": {
                each: {"not": {"type": "null"}} if each == name else {"type": "null"}
                for each in names
            },
        }
        for name in names
    ]
