"""Problem documents: every refusal leaves this service in one form.

The only place where a cause meets HTTP. A domain error says what is wrong; the table in
`problem_table` says which status that is; what an error lists as `public` is shown, nothing else.
Source: RFC 9457, sections 3 and 4; RFC 9110, section 15 for the statuses
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Match

from skillpassport.errors import SkillPassportError
from skillpassport.profiles.composing import CredentialRefused
from skillpassport.web.errors import (
    BodyTooLarge,
    Fault,
    InternalError,
    MethodNotAllowed,
    PathUnknown,
    RequestInvalid,
    RequestRefused,
)
from skillpassport.web.problem_table import ROWS, ROWS_BY_CODE, Row
from skillpassport.web.requests import request_id
from skillpassport.web.validation import faults_of

MEDIA_TYPE = "application/problem+json"
RESERVED = frozenset({"type", "title", "status", "detail", "code", "errors", "trace_id"})

PROBLEM_SCHEMA: Mapping[str, Any] = {
    "title": "Problem",
    "description": "Why a request could not be served (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "errors", "trace_id"],
    "additionalProperties": True,
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
        "trace_id": {"type": "string"},
    },
}

_DECLARED = {
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request cannot be served as it is.", **_DECLARED},
    "5XX": {"description": "The service cannot answer now.", **_DECLARED},
}
"""For `responses=`: `model=` would announce application/json."""


UNLISTED = Row(500, shown=False)
"""For a class that nobody entered in the table; a test finds such a class before a user does."""

_SPELLED = {"json": "JSON", "did": "DID", "url": "URL", "utf8": "UTF-8", "jws": "JWS", "jwt": "JWT"}


class ProblemResponse(JSONResponse):
    """A problem document on its way out."""

    media_type = MEDIA_TYPE


def row_of(kind: type[SkillPassportError]) -> Row:
    """Return the row of an error class, or of its nearest ancestor in the table; else a 500."""
    for ancestor in kind.__mro__:
        row = ROWS.get(ancestor) or ROWS_BY_CODE.get(vars(ancestor).get("code", ""))
        if row is not None:
            return row
    return UNLISTED


def title_of(kind: type[SkillPassportError]) -> str:
    """Return the short name of a cause; it never changes from one occurrence to the next."""
    row = row_of(kind)
    if row.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        return "Fault of this service"
    if row.title is not None:
        return row.title
    words = " ".join(_SPELLED.get(word, word) for word in kind.code.split("-"))
    return words[0].upper() + words[1:]


def known_causes() -> list[type[SkillPassportError]]:
    """Return every error class that has a code and a row, in the order of the codes."""
    found = {kind.code: kind for kind in _concrete(SkillPassportError)}
    return [found[code] for code in sorted(found)]


def _concrete(kind: type[SkillPassportError]) -> Iterator[type[SkillPassportError]]:
    for child in kind.__subclasses__():
        if "code" in vars(child) and row_of(child).shown:
            yield child
        yield from _concrete(child)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document and its headers, made from an error."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str]

    @classmethod
    def of(
        cls, error: SkillPassportError, *, base: str, trace_id: str, is_reading: bool = False
    ) -> "Problem":
        """Return the document of an error; one without a row tells nothing but its trace.

        base: the public address of this instance, without trailing slash
        is_reading: whether the request was a GET, and named in its address all that it asks for
        """
        if row_of(type(error)).status == HTTPStatus.INTERNAL_SERVER_ERROR:
            error = InternalError()
        row = row_of(type(error))
        status = (row.reading if is_reading else None) or row.status
        body: dict[str, Any] = {
            "type": f"{base}/problems/{error.code}",
            "title": title_of(type(error)),
            "status": status,
            "detail": error.message,
            "code": error.code,
            "errors": [
                {"pointer": fault.pointer, "code": fault.code, "message": fault.message}
                for fault in _faults(error)
            ],
            "trace_id": trace_id,
        }
        body |= {
            name: _plain(getattr(error, name)) for name in error.public if name not in RESERVED
        }
        return cls(status, body, _headers(error, row))

    def response(self) -> ProblemResponse:
        """Return the answer to send."""
        return ProblemResponse(dict(self.body), status_code=self.status, headers=dict(self.headers))


def _faults(error: SkillPassportError) -> tuple[Fault, ...]:
    """Return what an error lists itself, or the one member that it points at."""
    if isinstance(error, RequestInvalid):
        return error.faults
    if isinstance(error, CredentialRefused):
        return tuple(
            Fault(f"/credential{each.pointer}", error.code, each.message)
            for each in error.departures
        )
    pointer = getattr(error, "pointer", None)
    return (Fault(pointer, error.code, error.message),) if isinstance(pointer, str) else ()


def _plain(value: object) -> object:
    """Return a public attribute as JSON: what JSON has as it is, collections by element."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, set | frozenset):
        return sorted(str(inner) for inner in value)
    return str(value)


def _headers(error: SkillPassportError, row: Row) -> dict[str, str]:
    headers = {"Cache-Control": "no-store"}
    retry_after = getattr(error, "retry_after_seconds", row.retry_after)
    if isinstance(retry_after, int):
        headers["Retry-After"] = str(retry_after)
    if row.status == HTTPStatus.UNAUTHORIZED:
        # RFC 6750, section 3.1: no error code when no credentials were sent
        known = "" if error.code == "key-missing" else ', error="invalid_token"'
        headers["WWW-Authenticate"] = f'Bearer realm="skillpassport"{known}'
    return headers


def problem_of(error: SkillPassportError, request: Request) -> ProblemResponse:
    """Return the problem document that answers a request."""
    base = request.app.state.settings.public_url
    return Problem.of(
        error,
        base=base,
        trace_id=request_id(request.scope),
        is_reading=request.method == "GET",
    ).response()


def from_framework(error: HTTPException) -> SkillPassportError:
    """Return the cause behind an exception of the web framework.

    The framework wraps whatever a body reader raises; the cause within is what counts.
    """
    if isinstance(error.__cause__, SkillPassportError):
        return error.__cause__
    match error.status_code:
        case HTTPStatus.NOT_FOUND:
            return PathUnknown()
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodNotAllowed()
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return BodyTooLarge(0)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return InternalError()
    return RequestRefused()


def allowed_methods(request: Request) -> list[str]:
    """Return every method that some route takes at a request's address.

    The framework names those of the first route with the address alone.
    Source: RFC 9110, section 10.2.1 (Allow)
    """
    routes = request.app.routes
    methods = [
        method
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL
               for route in routes)
    ]  # fmt: skip
    return ["GET", "HEAD", *methods[1:]] if methods[:1] == ["GET"] else methods


def install(app: FastAPI) -> None:
    """Make an app answer every refusal with a problem document."""

    def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, SkillPassportError)  # noqa: S101 - narrows Starlette's signature
        return problem_of(error, request)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        return problem_of(RequestInvalid(faults_of(error.errors())), request)

    def framework(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        answer = problem_of(from_framework(error), request)
        answer.headers.update(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(allowed_methods(request))
        return answer

    app.add_exception_handler(SkillPassportError, ours)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, framework)
