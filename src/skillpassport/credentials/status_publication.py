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
from skillpassport.schemas import STATUS_LIST, require_schema
from skillpassport.vc.bitstring_status import (
    build_status_list_credential,
    encode_list,
    new_bits,
    set_bit,
)
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.keys import ED25519
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.suites import ECDSA_JCS_2019, EDDSA_JCS_2022
from skillpassport.vc.token_status import (
    INVALID,
    STATUS_LIST_CWT,
    STATUS_LIST_JWT,
    StatusListToken,
    TokenStatusList,
    new_statuses,
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
    changed_at: when a bit was changed last, or the list opened
    """

    form: StatusForm
    url: str
    did: str
    purpose: str
    length: int
    changed_at: datetime
    changes: Sequence[tuple[int, datetime]]


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
    if content.form is StatusForm.TOKEN:
        token = _token(content, now)
        text = sign_status_list_jwt(token, active.signer, kid=active.verification_method)
        return _published(content, text.encode(), LIST_JWT, now)
    return _published(content, _credential(content, active, now), LIST_CREDENTIAL, now)


def publish_as_cwt(content: ListContent, active: ActiveSigner, now: datetime) -> PublishedList:
    """Return a signed Token Status List in CWT format."""
    token = _token(content, now)
    data = sign_status_list_cwt(token, active.signer, kid=active.verification_method)
    return _published(content, data, STATUS_LIST_CWT, now)


def _published(
    content: ListContent, document: bytes, media_type: str, now: datetime
) -> PublishedList:
    return PublishedList(
        document=document, media_type=media_type, fresh_until=_fresh_until(content, now)
    )


def _credential(content: ListContent, active: ActiveSigner, now: datetime) -> bytes:
    bits = new_bits(content.length)
    for index in _in_force(content, now):
        set_bit(bits, index, 1)
    signed_at = _signed_at(content, now)
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


def _token(content: ListContent, now: datetime) -> StatusListToken:
    array = new_statuses(content.length)
    for index in _in_force(content, now):
        set_status(array, index, INVALID, bits=1)
    signed_at = _signed_at(content, now)
    return StatusListToken(
        uri=content.url,
        issuer=content.did,
        issued_at=signed_at,
        expires_at=signed_at + VALID_FOR,
        ttl=KEPT_FOR,
        statuses=TokenStatusList.of(array, bits=1),
    )


def _in_force(content: ListContent, now: datetime) -> Sequence[int]:
    return [index for index, since in content.changes if since <= now]


def _signed_at(content: ListContent, now: datetime) -> datetime:
    """Return the newest of: start of today, last change, last bit that came into force."""
    today = datetime.combine(now.astimezone(UTC).date(), time.min, tzinfo=UTC)
    in_force = [since for _, since in content.changes if since <= now]
    newest = max([today, content.changed_at, *in_force])
    return min(newest, now).replace(microsecond=0)


def _fresh_until(content: ListContent, now: datetime) -> datetime:
    tomorrow = now.astimezone(UTC).date() + timedelta(days=1)
    ahead = [since for _, since in content.changes if since > now]
    return min([datetime.combine(tomorrow, time.min, tzinfo=UTC), *ahead])
