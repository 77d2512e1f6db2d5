"""Signing a document, and verifying the result before anything leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import orjson

from skillpassport.credentials.model import Format
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, did_document
from skillpassport.schemas import SKILLS_CREDENTIAL, require_schema
from skillpassport.vc import jcs
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import DidUnresolvable
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.report import CheckName
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_JCS_2022
from skillpassport.vc.verify import Policy, SchemaUnreachable, Verification, verify

_SECURING: Final = frozenset({"proof", "iss"})
"""Members that secure the content rather than being content."""

_JUDGED: Final = frozenset(
    {
        CheckName.FORM,
        CheckName.PARSING,
        CheckName.DATA_MODEL,
        CheckName.ALGORITHM,
        CheckName.METHOD,
        CheckName.BINDING,
        CheckName.PROOF,
    }
)
"""What must hold of a document at its birth; time and status may say anything."""


@dataclass(frozen=True, slots=True)
class SecuredDocument:
    """A document that was signed.

    text: exactly as it is to be kept and handed out: JSON with an embedded proof, or a compact
        JWS for `vc+jwt`
    content: what was signed, in canonical form; see `content_of`
    """

    text: str
    content: bytes


def secure(
    document: JsonObject, form: Format, active: ActiveSigner, now: datetime
) -> SecuredDocument:
    """Return the document signed, and its content, both verified.

    Raises: DocumentMalformed, SignedWrongly
    """
    require_schema(document, SKILLS_CREDENTIAL)
    signed = _sign(document, form, active, now)
    found = read_back(signed, [active.key], now)
    if not was_soundly_signed(found) or found.document is None:
        raise SignedWrongly(tuple(check.code for check in found.report.failures))
    content = content_of(document)
    if content_of(found.document) != content:
        raise SignedWrongly(("content-changed",))
    return SecuredDocument(signed, content)


def read_back(text: str, keys: Sequence[SigningKey], now: datetime) -> Verification:
    """Return what a verifier finds who knows these keys of one DID and nothing else.

    keys: at least one
    """
    return verify(
        text, resolvers=_Published(tuple(keys)), now=now, policy=Policy(unsafe_skip_status=True)
    )


def was_soundly_signed(found: Verification) -> bool:
    """Return whether a document was as it has to be at its birth; it may have ended since."""
    return found.report.verified(_JUDGED)


def _sign(document: JsonObject, form: Format, active: ActiveSigner, now: datetime) -> str:
    if form is Format.VC_JWT:
        return sign_vc_jwt(document, active.signer, kid=active.verification_method)
    signed = add_proof(
        document,
        suite=EDDSA_JCS_2022,
        signer=active.signer,
        options=ProofOptions(verification_method=active.verification_method, created=now),
    )
    if form is Format.OPEN_BADGE:
        # The Open Badges 3.0 schema wants an array; Data Integrity allows both.
        signed = signed | {"proof": [signed["proof"]]}
    return orjson.dumps(signed).decode()


def content_of(document: JsonObject) -> bytes:
    """Return the bytes by which an award is found again: what was signed, in canonical form.

    The same content is the same award, whatever its white space, member order or securing.

    document: the claims, with or without an embedded proof
    Raises: NotCanonicalizable
    """
    content = {name: value for name, value in document.items() if name not in _SECURING}
    return jcs.canonicalize(content)


@dataclass(frozen=True, slots=True)
class _Published:
    """Resolvers that know one DID document and nothing else."""

    keys: tuple[SigningKey, ...]

    def did_document(self, did: str) -> JsonObject:
        if did != self.keys[0].did:
            raise DidUnresolvable(did)
        return did_document(did, self.keys)

    def status_list(self, url: str) -> bytes | str:
        raise StatusListUnreachable(url)

    def schema(self, url: str) -> bytes | str:
        raise SchemaUnreachable(url)


class SignedWrongly(SkillPassportError):
    """What was signed does not verify, so it is not handed out and nothing is recorded."""

    code = "signed-wrongly"

    def __init__(self, failures: tuple[str, ...]) -> None:
        super().__init__(
            f"Expected the signed document to verify, found {', '.join(failures)}; nothing was "
            "issued. Report this as a fault of the program."
        )
        self.failures = failures
