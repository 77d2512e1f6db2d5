"""The port behind which JSON documents of issuers and types are fetched.

Its own protocol, since only SD-JWT VC asks for it: resolvers without it answer "unreachable".
"""

from typing import Protocol, runtime_checkable

from skillpassport.errors import SkillPassportError


class WebDocumentUnreachable(SkillPassportError):
    """A document that an issuer publishes could not be had now."""

    code = "web-document-unreachable"

    def __init__(self, reason: str = "no answer") -> None:
        self.reason = reason
        super().__init__(
            f"Expected a document that the issuer publishes; found {reason}. "
            "Try again when it is reachable."
        )


@runtime_checkable
class WebDocuments(Protocol):
    """Finds JSON documents at https addresses."""

    def web_document(self, url: str) -> bytes | str:
        """Return the document at a URL, as it is published.

        Raises: WebDocumentUnreachable
        """
        ...


def fetch(resolvers: object, url: str) -> bytes | str:
    """Return the document at a URL, if the caller's resolvers can find such.

    Raises: WebDocumentUnreachable
    """
    if not isinstance(resolvers, WebDocuments):
        raise WebDocumentUnreachable("no way to fetch it here")
    return resolvers.web_document(url)
