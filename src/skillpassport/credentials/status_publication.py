"""Status lists as signed credentials, built from the bits in the store.

The same bits on the same day give the same bytes in every worker, so that an ETag means something
and nothing needs to be shared but the database.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from skillpassport.organisations.signing_keys import ActiveSigner
from skillpassport.vc.bitstring_status import (
    build_status_list_credential,
    encode_list,
    new_bits,
    set_bit,
)
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.keys import ED25519
from skillpassport.vc.suites import ECDSA_JCS_2019, EDDSA_JCS_2022

VALID_FOR: Final = timedelta(days=7)
"""A copy older than this answers nothing: stale is never good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContent:
    """One list as it stands in the store.

    changes: position, and the instant from which its bit is set
    changed_at: when a bit was changed last, or the list opened
    """

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
    fresh_until: datetime


def publish(content: ListContent, active: ActiveSigner, now: datetime) -> PublishedList:
    """Return the signed list credential as of an instant.

    Bits that are to be set later are left clear until then.
    """
    bits = new_bits(content.length)
    for index, since in content.changes:
        if since <= now:
            set_bit(bits, index, 1)
    signed_at = _signed_at(content, now)
    unsigned = build_status_list_credential(
        url=content.url,
        issuer=content.did,
        purpose=content.purpose,
        encoded_list=encode_list(bits),
        valid_from=signed_at,
        valid_until=signed_at + VALID_FOR,
    )
    signed = add_proof(
        unsigned,
        # By the issuer's own kind of key; both sign alike each time.
        suite=EDDSA_JCS_2022 if active.signer.algorithm == ED25519 else ECDSA_JCS_2019,
        signer=active.signer,
        options=ProofOptions(verification_method=active.verification_method, created=signed_at),
    )
    document = json.dumps(signed, ensure_ascii=False, separators=(",", ":")).encode()
    return PublishedList(document=document, fresh_until=_fresh_until(content, now))


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
