"""What can be wrong with a request before any domain has seen it."""

from dataclasses import dataclass

from skillpassport.errors import SkillPassportError


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request.

    pointer: JSON Pointer into the body (`/subject/name`), or `query:limit`, `path:id`, `header:…`
    """

    pointer: str
    code: str
    message: str


class RequestInvalid(SkillPassportError):
    """The request was read and does not have the documented form."""

    code = "request-invalid"

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(
            "Expected a request as /openapi.json documents it, found what `errors` lists; "
            "change those and send it again."
        )
        self.faults = faults


class RequestRefused(SkillPassportError):
    """The server's own framework refused the request."""

    code = "request-refused"

    def __init__(self) -> None:
        super().__init__(
            "Expected a request as /openapi.json documents it, found another; compare the two."
        )


class PathUnknown(SkillPassportError):
    """Nothing is at this path, or nothing that this key may know of."""

    code = "not-found"

    def __init__(self) -> None:
        super().__init__(
            "Expected a path of /openapi.json and an id that you may see, found another; "
            "check both."
        )


class MethodNotAllowed(SkillPassportError):
    """The path exists, but not for this method."""

    code = "method-not-allowed"

    def __init__(self) -> None:
        super().__init__("Expected a method named in the Allow header; use one of those.")


class UrlMalformed(SkillPassportError):
    """The path or query holds characters that no address of this service has."""

    code = "url-malformed"

    def __init__(self) -> None:
        super().__init__(
            "Expected an address without control characters and with UTF-8 behind its percent "
            "signs; encode it again."
        )


class BodyTooLarge(SkillPassportError):
    """The body is longer than this route reads."""

    code = "body-too-large"
    public = ("max_bytes",)

    def __init__(self, max_bytes: int) -> None:
        super().__init__(f"Expected a body of at most {max_bytes} bytes, found more; send less.")
        self.max_bytes = max_bytes


class BodyTooSlow(SkillPassportError):
    """The body was not complete when its time was up."""

    code = "body-too-slow"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Expected the whole body within {seconds:g} s; send it again, faster.")


class BodyIncomplete(SkillPassportError):
    """The connection ended before the body did."""

    code = "body-incomplete"

    def __init__(self) -> None:
        super().__init__("Expected as many bytes as announced, found fewer; send the body again.")


class MediaTypeUnsupported(SkillPassportError):
    """The body is not announced as JSON."""

    code = "media-type-unsupported"

    def __init__(self) -> None:
        super().__init__(
            "Expected the content type application/json in UTF-8, found another or none; "
            "send the body as JSON and say so."
        )


class ContentEncodingUnsupported(SkillPassportError):
    """The body is compressed or otherwise encoded."""

    code = "content-encoding-unsupported"

    def __init__(self) -> None:
        super().__init__("Expected a body without content encoding; send it uncompressed.")


class KeyMissing(SkillPassportError):
    """The route needs an API key and none came."""

    code = "key-missing"

    def __init__(self) -> None:
        super().__init__(
            "Expected an API key as 'Authorization: Bearer …', found none; add your key."
        )


class KeyUnknown(SkillPassportError):
    """The API key is not one of this instance, or no longer."""

    code = "key-unknown"

    def __init__(self) -> None:
        super().__init__("Expected an API key of this instance, found another; check your key.")


class ScopeMissing(SkillPassportError):
    """The API key is known and lacks the right."""

    code = "scope-missing"
    public = ("scope",)

    def __init__(self, scope: str) -> None:
        super().__init__(
            f"Expected a key with the scope '{scope}', found one without; use a key that has it."
        )
        self.scope = scope


class TooManyRequests(SkillPassportError):
    """A limit on requests is reached.

    retry_after_seconds: whole seconds until the next request is accepted
    """

    code = "too-many-requests"
    public = ("limit", "retry_after_seconds")

    def __init__(self, limit: str, retry_after_seconds: int) -> None:
        super().__init__(f"The limit '{limit}' is reached; try again in {retry_after_seconds} s.")
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds


class Overloaded(SkillPassportError):
    """More requests came at once than this process works on."""

    code = "overloaded"

    def __init__(self) -> None:
        super().__init__(
            "Expected a moment to work on this request, found too many others at once; send it "
            "again when Retry-After says."
        )


class InternalError(SkillPassportError):
    """Something went wrong here that the request did not cause."""

    code = "internal-error"

    def __init__(self) -> None:
        super().__init__(
            "The request could not be served because of a fault of this service; tell its operator "
            "the trace_id."
        )
