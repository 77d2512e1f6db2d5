"""The token that carries a list, and the claim by which another token points into it.

Follows the Token Status List draft, sections 5.1 (Status List Token in JWT Format), 6.2 (Referenced
Token in JOSE) and 8.3 (Validation Rules). The form in CBOR is in `cwt`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from skillpassport.vc.jose import (
    Jws,
    JwsHeaderRefused,
    JwsTypeRefused,
    JwtClaimRefused,
    numeric_date,
    sign_jws,
)
from skillpassport.vc.jose.jws import EXTENSIONS_IN_HEADER
from skillpassport.vc.keys import Signer
from skillpassport.vc.status_forms import STATUS
from skillpassport.vc.status_refusals import (
    StatusEntryMalformed,
    StatusListMalformed,
    StatusListMismatch,
    StatusListStale,
)
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.token_status.statuses import TokenStatusList

STATUS_LIST_JWT: Final = "statuslist+jwt"
STATUS_LIST: Final = "status_list"

_KEYS_BESIDE_CERTIFICATES: Final = ("jwk", "jku", "x5u")
_MAX_INDEX: Final = 2**32
_MAX_TTL: Final = 366 * 86_400
"""A longer one, or one that no `timedelta` holds, is as good as a year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReference:
    """Where the status of one token is published."""

    uri: str
    index: int

    def as_claim(self) -> JsonObject:
        """Return the value of the `status` claim."""
        return {STATUS_LIST: {"idx": self.index, "uri": self.uri}}

    @classmethod
    def from_claim(cls, status: JsonValue) -> "StatusReference | None":
        """Return the reference in a `status` claim; None when it names other mechanisms alone.

        Raises: StatusEntryMalformed
        Source: Token Status List, section 6.2
        """
        if not isinstance(status, dict):
            raise StatusEntryMalformed(STATUS)
        if STATUS_LIST not in status:
            return None
        reference = status[STATUS_LIST]
        if not isinstance(reference, dict):
            raise StatusEntryMalformed(STATUS_LIST)
        index, uri = reference.get("idx"), reference.get("uri")
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < _MAX_INDEX:
            raise StatusEntryMalformed("idx")
        if not isinstance(uri, str) or not uri or not uri.isprintable():
            raise StatusEntryMalformed("uri")
        return cls(uri=uri, index=index)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusListToken:
    """The claims of a token that carries a list.

    uri: where the list is published (`sub`)
    issuer: whoever signed it, when it says so
    not_before: from when it holds, if that is not its issue
    ttl: how long it may be kept before it is asked for again
    """

    uri: str
    issued_at: datetime
    statuses: TokenStatusList
    issuer: str | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    ttl: timedelta | None = None

    def as_claims(self) -> JsonObject:
        """Return the claims of the token in JWT format."""
        claims: JsonObject = {"sub": self.uri, "iat": _seconds(self.issued_at)}
        if self.issuer is not None:
            claims["iss"] = self.issuer
        if self.not_before is not None:
            claims["nbf"] = _seconds(self.not_before)
        if self.expires_at is not None:
            claims["exp"] = _seconds(self.expires_at)
        if self.ttl is not None:
            claims["ttl"] = int(self.ttl.total_seconds())
        return {**claims, STATUS_LIST: self.statuses.as_json()}

    def check_answers(
        self, reference: StatusReference, *, now: datetime, leeway: timedelta = timedelta(0)
    ) -> None:
        """Refuse a list that does not speak of this token now. It must have been verified.

        leeway: how far the publisher's clock may be ahead or behind
        Raises: StatusListMismatch (uri), StatusListStale
        Source: Token Status List, section 8.3, step 4
        """
        if self.uri != reference.uri:
            raise StatusListMismatch("uri")
        begins = max(self.issued_at, self.not_before or self.issued_at)
        is_over = self.expires_at is not None and self.expires_at + leeway <= now
        if now + leeway < begins or is_over:
            raise StatusListStale


def sign_status_list_jwt(token: StatusListToken, signer: Signer, *, kid: str) -> str:
    """Return the list as a compact JWS.

    kid: of the signing key, as tokens of the same issuer name it
    Raises: JwsAlgorithmRefused
    Source: Token Status List, section 5.1
    """
    return sign_jws({"typ": STATUS_LIST_JWT, "kid": kid}, token.as_claims(), signer)


def check_status_list_header(jws: Jws) -> None:
    """Refuse a token of another type, or whose header brings a key or asks for an extension.

    Raises: JwsTypeRefused, JwsHeaderRefused
    Source: Token Status List, section 5.1; RFC 8725, sections 3.1 and 3.11
    """
    if jws.type != STATUS_LIST_JWT:
        raise JwsTypeRefused(STATUS_LIST_JWT)
    for member in (*_KEYS_BESIDE_CERTIFICATES, *EXTENSIONS_IN_HEADER):
        if member in jws.header:
            raise JwsHeaderRefused(member)


def read_status_list_token(claims: JsonObject) -> StatusListToken:
    """Return the claims of a list's token, checked one by one; nothing is verified or expanded.

    Raises: StatusListMalformed
    Source: Token Status List, sections 5.1 and 8.3, step 3
    """
    uri, issuer, members = claims.get("sub"), claims.get("iss"), claims.get(STATUS_LIST)
    if not isinstance(uri, str):
        raise StatusListMalformed("a text as 'sub'")
    if issuer is not None and not isinstance(issuer, str):
        raise StatusListMalformed("a text as 'iss'")
    if not isinstance(members, dict):
        raise StatusListMalformed("an object as 'status_list'")
    try:
        issued_at, not_before, expires_at = (
            numeric_date(claims, claim) for claim in ("iat", "nbf", "exp")
        )
    except JwtClaimRefused as error:
        raise StatusListMalformed("seconds since 1970 as 'iat', 'nbf' and 'exp'") from error
    if issued_at is None:
        raise StatusListMalformed("the time of issue as 'iat'")
    return StatusListToken(
        uri=uri,
        issuer=issuer,
        issued_at=issued_at,
        not_before=not_before,
        expires_at=expires_at,
        ttl=lifetime_of(claims),
        statuses=TokenStatusList.from_members(members),
    )


def lifetime_of(claims: Mapping[str, JsonValue]) -> timedelta | None:
    """Return how long a list may be kept (`ttl`, in seconds), or None when it does not say.

    Raises: StatusListMalformed
    Source: Token Status List, section 5.1
    """
    if "ttl" not in claims:
        return None
    ttl = claims["ttl"]
    if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not ttl > 0:
        raise StatusListMalformed("a positive number as 'ttl'")
    return timedelta(seconds=min(ttl, _MAX_TTL))


def _seconds(instant: datetime) -> int:
    return int(instant.timestamp())
