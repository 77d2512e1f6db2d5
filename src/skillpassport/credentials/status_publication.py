"""Status lists as signed credentials and as signed tokens, built from the bits in the store.

The same bits on the same day give the same bytes in every worker, so that an ETag means something
and nothing needs to be shared but the database.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.schemas import STATUS_LIST, STATUS_LIST_TOKEN, require_schema
from skillpassport.vc.bitstring_status import (
    build_status_list_credential,
    encode_list,
    new_bits,
    set_bits,
)
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.keys import ED25519
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.suites import ECDSA_JCS_2019, EDDSA_JCS_2022
from skillpassport.vc.token_status import (
    INVALID,
    STATUS_LIST_CWT,
    STATUS_LIST_JWT,
    SUSPENDED,
    StatusListToken,
    TokenStatusList,
    new_statuses,
    set_invalid,
    set_status,
    sign_status_list_cwt,
    sign_status_list_jwt,
)

VALID_FOR: Final = timedelta(days=7)
"""A copy older than this answers nothing: stale is never good."""

KEPT_FOR: Final = timedelta(seconds=60)
"""How long others may keep a list before they ask again: its `ttl`, and its `max-age` in HTTP."""

LIST_CREDENTIAL: Final = "application/vc"
LIST_JWT: Final = f"application/{STATUS_LIST_JWT}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContent:
    """One list as it stands in the store.

    form: by which standard it is published
    changes: position, and the instant from which its bit is set
    suspensions: the same of suspended tokens, where `changes` are the revoked ones and a value of two
        bits tells which; None where a list has one purpose
    changed_at: when a bit was changed last, or the list opened
    """

    form: StatusForm
    url: str
    did: str
    purpose: str
    length: int
    changed_at: datetime
    changes: Sequence[tuple[int, datetime]]
    suspensions: Sequence[tuple[int, datetime]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedList:
    """A signed list, and until when these bytes are the ones to hand out."""

    document: bytes
    media_type: str
    fresh_until: datetime


def publish(content: ListContent, active: ActiveSigner, now: datetime) -> PublishedList:
    """Return the signed list as of an instant: a credential, or a token in JWT format.

    Bits that are to be set later are left clear until then.
    """
    standing = _standing(content, now)
    if content.form is StatusForm.TOKEN:
        token = _token(content, standing)
        require_schema(token.as_claims(), STATUS_LIST_TOKEN)
        text = sign_status_list_jwt(token, active.signer, kid=active.verification_method)
        return _published(text.encode(), LIST_JWT, standing)
    return _published(_credential(content, active, standing), LIST_CREDENTIAL, standing)


def publish_as_cwt(content: ListContent, active: ActiveSigner, now: datetime) -> PublishedList:
    """Return a signed Token Status List in CWT format."""
    standing = _standing(content, now)
    token = _token(content, standing)
    data = sign_status_list_cwt(token, active.signer, kid=active.verification_method)
    return _published(data, STATUS_LIST_CWT, standing)


def _published(document: bytes, media_type: str, standing: "_Standing") -> PublishedList:
    return PublishedList(document=document, media_type=media_type, fresh_until=standing.fresh_until)


def _credential(content: ListContent, active: ActiveSigner, standing: "_Standing") -> bytes:
    bits = new_bits(content.length)
    set_bits(bits, standing.indexes)
    signed_at = standing.signed_at
    unsigned = build_status_list_credential(
        url=content.url,
        issuer=content.did,
        purpose=content.purpose,
        encoded_list=encode_list(bits),
        valid_from=signed_at,
        valid_until=signed_at + VALID_FOR,
        ttl=KEPT_FOR,
    )
    require_schema(unsigned, STATUS_LIST)
    signed = add_proof(
        unsigned,
        # By the issuer's own kind of key; both sign alike each time.
        suite=EDDSA_JCS_2022 if active.signer.algorithm == ED25519 else ECDSA_JCS_2019,
        signer=active.signer,
        options=ProofOptions(verification_method=active.verification_method, created=signed_at),
    )
    return json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()


def _token(content: ListContent, standing: "_Standing") -> StatusListToken:
    signed_at = standing.signed_at
    return StatusListToken(
        uri=content.url,
        issuer=content.did,
        issued_at=signed_at,
        expires_at=signed_at + VALID_FOR,
        ttl=KEPT_FOR,
        statuses=_statuses(content, standing),
    )


def _statuses(content: ListContent, standing: "_Standing") -> TokenStatusList:
    if content.suspensions is None:
        array = new_statuses(content.length)
        set_invalid(array, standing.indexes)
        return TokenStatusList.of(array, bits=1)
    array = new_statuses(content.length, bits=2)
    for index in standing.suspended:
        set_status(array, index, SUSPENDED, bits=2)
    for index in standing.indexes:  # after them: what is revoked stays so, suspended or not
        set_status(array, index, INVALID, bits=2)
    return TokenStatusList.of(array, bits=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """Which bits are set at an instant, since when the list says so, and until when."""

    indexes: Sequence[int]
    signed_at: datetime
    fresh_until: datetime
    suspended: Sequence[int] = ()


def _standing(content: ListContent, now: datetime) -> _Standing:
    """Return how the list stands.

    Signed at is the newest of: start of today, last change, last bit that came into force. Fresh it
    is until tomorrow, or until a bit comes into force that was set ahead.
    """
    today = datetime.combine(now.astimezone(UTC).date(), time.min, tzinfo=UTC)
    suspensions = content.suspensions or ()
    instants = [since for _, since in (*content.changes, *suspensions)]
    latest = max(instants, default=today)
    if latest <= now:  # nearly always: nothing was set ahead
        return _Standing(
            indexes=[index for index, _ in content.changes],
            suspended=[index for index, _ in suspensions],
            signed_at=min(max(today, content.changed_at, latest), now).replace(microsecond=0),
            fresh_until=today + timedelta(days=1),
        )
    in_force = [since for since in instants if since <= now]
    ahead = [since for since in instants if since > now]
    newest = max([today, content.changed_at, *in_force])
    return _Standing(
        indexes=[index for index, since in content.changes if since <= now],
        suspended=[index for index, since in suspensions if since <= now],
        signed_at=min(newest, now).replace(microsecond=0),
        fresh_until=min([today + timedelta(days=1), *ahead]),
    )
