"""An award as its owner sees it: in full, or what remains of it once the person was erased."""

from collections.abc import Mapping
from typing import Any

import orjson

from skillpassport.clock import rfc3339
from skillpassport.credentials.code import grouped
from skillpassport.credentials.model import AwardRecord, IssuedCredential
from skillpassport.transparency.proofs import Disclosure
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.strict_json import parse_object


def award_out(record: AwardRecord, public_url: str) -> dict[str, Any]:
    """Return an award for a list: without the person where the person was erased."""
    if isinstance(record, IssuedCredential):
        return credential_out(record, public_url)
    return _record_out(record) | {"erased": True}


def credential_out(credential: IssuedCredential, public_url: str) -> dict[str, Any]:
    """Return the owner's view of a credential."""
    return _view(credential, public_url, document_out(credential.document))


def credential_json(credential: IssuedCredential, public_url: str) -> bytes:
    """Return the owner's view as JSON, in which the document stands as it was signed."""
    document: str | orjson.Fragment = credential.document
    if credential.document.startswith("{"):
        document = orjson.Fragment(credential.document)
    return orjson.dumps(_view(credential, public_url, document))


def _view(credential: IssuedCredential, public_url: str, document: object) -> dict[str, Any]:
    verify = f"{public_url}/v/{credential.code}"
    return _record_out(credential) | {
        "code": credential.code,
        "code_grouped": grouped(credential.code),
        "document": document,
        "links": {
            "self": f"{public_url}/api/v1/credentials/{credential.id}",
            "verify": verify,
            "qr": f"{verify}/qr.svg",
        },
    }


def document_out(document: str) -> Mapping[str, Any] | str:
    """Return a document as the API hands it out: an object, or the text of a token."""
    return parse_object(document) if document.startswith("{") else document


def disclosure_out(disclosure: Disclosure) -> dict[str, Any]:
    """Return what opens an entry of the log, for the owner alone."""
    return {
        "position": disclosure.position,
        "entry": parse_object(disclosure.entry.encoded()),
        "leaf": disclosure.entry.leaf().hex(),
        "facts": dict(disclosure.facts),
        "salt": encode_base64url(disclosure.salt),
        "document_salt": encode_base64url(disclosure.document_salt),
        "document": document_out(disclosure.document),
    }


def _record_out(record: AwardRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "achievement": record.achievement,
        "format": record.format.value,
        "awarded_on": record.awarded_on.isoformat(),
        "valid_until": record.valid_until.isoformat() if record.valid_until else None,
        "issued_at": rfc3339(record.issued_at),
        "reissued_at": rfc3339(record.reissued_at) if record.reissued_at else None,
        "status": {
            "state": record.state.value,
            "entries": [
                {"purpose": entry.purpose, "list": entry.list_url, "index": entry.index}
                for entry in record.entries
            ],
            "events": [
                {
                    "action": event.action.value,
                    "reason": event.reason,
                    "reason_code": event.reason_code.value,
                    "recorded_at": rfc3339(event.recorded_at),
                }
                for event in record.events
            ],
        },
        "supersedes": record.supersedes,
        "superseded_by": record.superseded_by,
    }
