"""Finds what a verification needs: DID documents, status lists and schemas.

The instance's own come from its own store through `own`, never by HTTP; only foreign ones are
fetched. What cannot be had is said as "unreachable", which never makes a credential valid, and
what was had once is given again for a short time only: a revocation must not hide behind a cache.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Protocol

from skillpassport.net.client import GuardedClient
from skillpassport.net.errors import FetchError, FetchForbidden
from skillpassport.net.single_flight import Answer, SingleFlight
from skillpassport.vc.did import DidInvalid, DidUnresolvable, did_web_url, parse_did
from skillpassport.vc.jose import JoseError, Jws, parse_jws
from skillpassport.vc.status_refusals import StatusListMalformed, StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object
from skillpassport.vc.token_status import STATUS_LIST_JWT, lifetime_of, read_status_list_cwt
from skillpassport.vc.verify import SchemaUnreachable
from skillpassport.vc.web_documents import WebDocumentUnreachable

DID_DOCUMENT_KEPT_FOR = timedelta(seconds=30)
"""Where its host does not say; a key may be withdrawn at any time."""

LONGEST_DID_DOCUMENT_KEPT_FOR = timedelta(minutes=5)
SCHEMA_KEPT_FOR = timedelta(hours=1)
WEB_DOCUMENT_KEPT_FOR = timedelta(seconds=30)
"""As for a DID document: it holds keys, which may be withdrawn."""

LONGEST_STATUS_KEPT_FOR = timedelta(minutes=5)
STATUS_KEPT_WITHOUT_TTL = timedelta(seconds=5)
"""The publisher promised nothing, so only a burst of the same question is saved."""

_LIST_TYPES = (
    "application/vc, application/vc+jwt, application/statuslist+jwt, "
    "application/statuslist+cwt;q=0.9, application/json;q=0.9, */*;q=0.1"
)
_COSE_SIGN1 = b"\xd2"

MAX_DID_DOCUMENT_BYTES = 256 * 1024
MAX_STATUS_LIST_BYTES = 1024 * 1024
MAX_SCHEMA_BYTES = 512 * 1024
MAX_WEB_DOCUMENT_BYTES = 256 * 1024


class OwnMaterial(Protocol):
    """What this instance itself publishes; None means "not ours"."""

    def did_document(self, did: str) -> JsonObject | None:
        """Return the document of an own DID.

        Raises: DidInvalid for a DID under an own base that does not exist
        """
        ...

    def status_list(self, url: str) -> bytes | str | None:
        """Return an own signed status list.

        Raises: StatusListUnreachable for a list under an own base that does not exist
        """
        ...


class NothingOwn:
    """For an instance without a store: every document is somebody else's."""

    def did_document(self, did: str) -> JsonObject | None:
        """Return None."""
        del did
        return None

    def status_list(self, url: str) -> bytes | str | None:
        """Return None."""
        del url
        return None


class NetworkResolvers:
    """Answers the verification's questions, from the own store first, then from the network."""

    def __init__(self, client: GuardedClient, own: OwnMaterial | None = None) -> None:
        self._client = client
        self._own = own or NothingOwn()
        self._did_documents: SingleFlight[JsonObject] = SingleFlight()
        self._status_lists: SingleFlight[bytes] = SingleFlight(max_entries=100)
        self._schemas: SingleFlight[bytes] = SingleFlight(max_entries=100)
        self._web_documents: SingleFlight[bytes] = SingleFlight(max_entries=100)

    def did_document(self, did: str) -> JsonObject:
        """Return the document of a did:web.

        Raises: DidUnresolvable (try again later), DidInvalid (never)
        Source: did:web, section 2.5.2 (Read)
        """
        parse_did(did)
        own = self._own.did_document(did)
        return own if own is not None else self._did_documents.get(did, self._asking_did(did))

    def status_list(self, url: str) -> bytes | str:
        """Return a status list as its publisher signed it; nothing about it is verified here.

        Raises: StatusListUnreachable
        """
        own = self._own.status_list(url)
        return own if own is not None else self._status_lists.get(url, self._asking_list(url))

    def schema(self, url: str) -> bytes | str:
        """Return a JSON Schema as it is published.

        Raises: SchemaUnreachable
        """
        return self._schemas.get(url, self._asking_schema(url))

    def web_document(self, url: str) -> bytes | str:
        """Return a JSON document that an issuer publishes about itself or a type of credential.

        Raises: WebDocumentUnreachable
        Source: SD-JWT VC, section 4 (Retrieving Documents and Resources via HTTP)
        """
        return self._web_documents.get(url, self._asking_web_document(url))

    def _asking_did(self, did: str) -> Callable[[], Answer[JsonObject]]:
        def ask() -> Answer[JsonObject]:
            try:
                fetched = self._client.get(
                    did_web_url(did),
                    accept="application/did+json, application/did+ld+json, application/json",
                    max_bytes=MAX_DID_DOCUMENT_BYTES,
                )
                document = parse_object(fetched.body)
            except FetchError as error:
                raise DidUnresolvable(did, _reason(error)) from error
            except StrictJsonError as error:
                # A host in trouble answers a page of HTML; that disproves nothing.
                raise DidUnresolvable(did, "something other than JSON") from error
            if document.get("id") != did:
                raise DidInvalid("a DID document for this DID", "one for another")
            kept_for = DID_DOCUMENT_KEPT_FOR if fetched.fresh_for is None else fetched.fresh_for
            return Answer(document, min(kept_for, LONGEST_DID_DOCUMENT_KEPT_FOR))

        return ask

    def _asking_list(self, url: str) -> Callable[[], Answer[bytes]]:
        def ask() -> Answer[bytes]:
            try:
                fetched = self._client.get(
                    url,
                    accept=_LIST_TYPES,
                    max_bytes=MAX_STATUS_LIST_BYTES,
                )
            except FetchError as error:
                raise StatusListUnreachable(_reason(error)) from error
            return Answer(fetched.body, status_lifetime(fetched.body, fetched.fresh_for))

        return ask

    def _asking_schema(self, url: str) -> Callable[[], Answer[bytes]]:
        def ask() -> Answer[bytes]:
            try:
                fetched = self._client.get(
                    url,
                    accept="application/schema+json, application/json;q=0.9, */*;q=0.1",
                    max_bytes=MAX_SCHEMA_BYTES,
                )
            except FetchError as error:
                raise SchemaUnreachable(_reason(error)) from error
            return Answer(fetched.body, SCHEMA_KEPT_FOR)

        return ask

    def _asking_web_document(self, url: str) -> Callable[[], Answer[bytes]]:
        def ask() -> Answer[bytes]:
            try:
                fetched = self._client.get(
                    url, accept="application/json", max_bytes=MAX_WEB_DOCUMENT_BYTES
                )
            except FetchError as error:
                raise WebDocumentUnreachable(_reason(error)) from error
            return Answer(fetched.body, WEB_DOCUMENT_KEPT_FOR)

        return ask


def status_lifetime(published: bytes, fresh_for: timedelta | None = None) -> timedelta:
    """Return how long a status list may be used again: its own `ttl`, but at most five minutes.

    Read before the list is verified; a forged `ttl` can only shorten or reach the same bound.

    fresh_for: what the host's headers say; the list itself comes first
    Source: Bitstring Status List, section 2.2 (`ttl`); Token Status List, section 8.2
    """
    kept_for = _time_to_live(published)
    if kept_for is None:
        kept_for = STATUS_KEPT_WITHOUT_TTL if fresh_for is None else fresh_for
    return min(max(kept_for, timedelta(0)), LONGEST_STATUS_KEPT_FOR)


def _time_to_live(published: bytes) -> timedelta | None:
    """Return the `ttl` of a list in whatever form; None when none can be read."""
    try:
        if published.startswith(_COSE_SIGN1):
            return lifetime_of(read_status_list_cwt(published).payload)
        if published.lstrip().startswith(b"{"):
            return _of_credential(parse_object(published))
        jws = parse_jws(published.decode("ascii").strip())
    except (StrictJsonError, StatusListMalformed, JoseError, UnicodeDecodeError):
        return None
    return _of_token(jws)


def _of_token(jws: Jws) -> timedelta | None:
    if jws.type != STATUS_LIST_JWT:
        return _of_credential(jws.payload)
    try:
        return lifetime_of(jws.payload)
    except StatusListMalformed:
        return None


def _of_credential(credential: JsonObject) -> timedelta | None:
    subject = credential.get("credentialSubject")
    ttl = subject.get("ttl") if isinstance(subject, dict) else None
    if isinstance(ttl, bool) or not isinstance(ttl, int | float):
        return None
    longest = LONGEST_STATUS_KEPT_FOR.total_seconds() * 1000
    return timedelta(milliseconds=min(max(ttl, 0), longest))


def _reason(error: FetchError) -> str:
    """Say in a few words why, without the address, which may name a person."""
    return "an address that is not allowed" if isinstance(error, FetchForbidden) else "no answer"
