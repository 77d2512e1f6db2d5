"""Signing a document, and verifying the result before anything leaves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final

import orjson

from skillpassport.credentials.formats import DEFAULT_SUITES, DOCUMENT_FORMATS
from skillpassport.credentials.model import Award, Cryptosuite, Format
from skillpassport.credentials.sd_jwt_vc import disclosable_paths
from skillpassport.errors import SkillPassportError
from skillpassport.organisations.signing_keys import ActiveSigner, SigningKey, did_document
from skillpassport.schemas import require_schema
from skillpassport.vc import jcs
from skillpassport.vc.contexts import ContextError
from skillpassport.vc.data_integrity import ProofOptions, add_proof, split_proofs
from skillpassport.vc.did import DidUnresolvable
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.jose import parse_jws, sign_jws, sign_vc_jwt
from skillpassport.vc.json_ld_processor import load_processor
from skillpassport.vc.report import CheckName
from skillpassport.vc.sdjwt import Disclosure, SdJwt, parse_sd_jwt
from skillpassport.vc.sdjwt.credential import DC_SD_JWT, VCT
from skillpassport.vc.sdjwt.issuing import Concealment, conceal
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject, parse_object
from skillpassport.vc.suites import (
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
    ProofError,
    ProofSuite,
)
from skillpassport.vc.verify import (
    Policy,
    SchemaUnreachable,
    Verification,
    verify,
    verify_document,
)

_SUITES: Mapping[Cryptosuite, ProofSuite] = MappingProxyType(
    {
        Cryptosuite.EDDSA_JCS_2022: EDDSA_JCS_2022,
        Cryptosuite.EDDSA_RDFC_2022: EDDSA_RDFC_2022,
    }
)

_PROOF: Final = frozenset({"proof"})
_PROOF_AND_ISS: Final = frozenset({"proof", "iss"})
"""Members that secure the content rather than being content: a token repeats the issuer as `iss`."""

_AT_BIRTH: Final = Policy(unsafe_skip_status=True)

_JUDGED: Final = frozenset(
    {
        CheckName.FORM,
        CheckName.PARSING,
        CheckName.DATA_MODEL,
        CheckName.ALGORITHM,
        CheckName.METHOD,
        CheckName.BINDING,
        CheckName.PROOF,
        CheckName.DISCLOSURE,
    }
)
"""What must hold of a document at its birth; time and status may say anything."""


@dataclass(frozen=True, slots=True)
class SecuredDocument:
    """A document that was signed.

    text: exactly as it is to be kept and handed out: JSON with an embedded proof, a compact JWS for
        `vc+jwt`, or an SD-JWT with all of its disclosures
    content: what was signed, in canonical form; see `content_of`
    octets: the text in the one form in which anybody writes it again: canonical JSON, or a token
    """

    text: str
    content: bytes
    octets: bytes


def secure(
    document: JsonObject,
    form: Format,
    active: ActiveSigner,
    now: datetime,
    *,
    cryptosuite: Cryptosuite | None = None,
) -> SecuredDocument:
    """Return the document signed, and its content, both verified.

    document: unsigned, as the format builds it
    cryptosuite: for JSON documents, by default the format's own
    Raises: DocumentMalformed, CannotBeSecured, SignedWrongly
    """
    if form is Format.SD_JWT_VC:
        document = {**document, "iat": int(now.timestamp())}
    require_schema(document, DOCUMENT_FORMATS[form].schema)
    if form is Format.SD_JWT_VC:
        return _secure_sd_jwt(document, active, now)
    if form is Format.VC_JWT:
        text = sign_vc_jwt(document, active.signer, kid=active.verification_method)
    else:
        suite = cryptosuite or DEFAULT_SUITES[form]
        text = _with_proof(document, form, _SUITES[suite], active, now)
    return _checked(text, document, active, now)


def load_what_signs(award: Award) -> None:
    """Load what signing an award needs; the first time over statements that takes half a second."""
    suite = award.securing or DEFAULT_SUITES.get(award.format)
    if suite is Cryptosuite.EDDSA_RDFC_2022:
        load_processor()


def secure_again(text: str, form: Format, active: ActiveSigner, now: datetime) -> SecuredDocument:
    """Return what was signed once, signed in the same way by the key in use, and its content.

    Not a claim changes, nor what the holder may withhold.

    text: soundly signed, as it was kept
    Raises: DocumentMalformed, CannotBeSecured, SignedWrongly
    """
    if form is Format.SD_JWT_VC:
        issued = parse_sd_jwt(text)
        assert isinstance(issued, SdJwt)  # noqa: S101 - what is kept was never presented
        return _signed_sd_jwt(issued.jws.payload, issued.disclosures, active, now)
    if form is Format.VC_JWT:
        # `iss` belongs to the token: it is added again by whoever signs one.
        claims = parse_jws(text).payload
        document = {name: value for name, value in claims.items() if name != "iss"}
        return secure(document, form, active, now)
    document, (proof, *_) = split_proofs(parse_object(text))
    suite = Cryptosuite(str(proof["cryptosuite"]))
    return secure(document, form, active, now, cryptosuite=suite)


def read_back(
    document: JsonObject | str, keys: Sequence[SigningKey], now: datetime
) -> Verification:
    """Return what a verifier finds who knows these keys of one DID and nothing else.

    document: as text, or as `strict_json` has parsed it
    keys: at least one
    """
    resolvers = _Published(tuple(keys))
    if isinstance(document, str):
        return verify(document, resolvers=resolvers, now=now, policy=_AT_BIRTH)
    return verify_document(document, resolvers=resolvers, now=now, policy=_AT_BIRTH)


def was_soundly_signed(found: Verification) -> bool:
    """Return whether a document was as it has to be at its birth; it may have ended since."""
    return found.report.verified(_JUDGED)


def content_of(document: JsonObject) -> bytes:
    """Return the bytes by which an award is found again: what was signed, in canonical form.

    The same content is the same award, whatever its white space, member order or securing, and
    whatever of it the holder shows.

    document: the claims, with or without an embedded proof; of an SD-JWT its payload as signed,
        with digests in place of what is disclosed
    Raises: NotCanonicalizable
    """
    securing = _securing_of(document)
    return jcs.canonicalize({n: value for n, value in document.items() if n not in securing})


def _securing_of(document: JsonObject) -> frozenset[str]:
    # A W3C credential names its issuer by itself, an SD-JWT VC in `iss` alone.
    return _PROOF if VCT in document else _PROOF_AND_ISS


def content_found(found: Verification) -> bytes | None:
    """Return the content of what was verified; None where nothing could be read."""
    signed = found.signed if found.signed is not None else found.document
    return content_of(signed) if signed is not None else None


def _with_proof(
    document: JsonObject, form: Format, suite: ProofSuite, active: ActiveSigner, now: datetime
) -> str:
    options = ProofOptions(verification_method=active.verification_method, created=now)
    try:
        signed = add_proof(document, suite=suite, signer=active.signer, options=options)
    except (ProofError, ContextError, NotCanonicalizable) as error:
        raise CannotBeSecured(suite.cryptosuite) from error
    if form is Format.OPEN_BADGE:
        # The Open Badges 3.0 schema wants an array; Data Integrity allows both.
        signed = signed | {"proof": [signed["proof"]]}
    return orjson.dumps(signed).decode()


def _secure_sd_jwt(claims: JsonObject, active: ActiveSigner, now: datetime) -> SecuredDocument:
    concealed = conceal(claims, Concealment(paths=disclosable_paths(claims)))
    return _signed_sd_jwt(concealed.payload, concealed.disclosures, active, now)


def _signed_sd_jwt(
    payload: JsonObject,
    disclosures: tuple[Disclosure, ...],
    active: ActiveSigner,
    now: datetime,
) -> SecuredDocument:
    header: JsonObject = {"typ": DC_SD_JWT, "kid": active.verification_method}
    token = sign_jws(header, payload, active.signer)
    signed = SdJwt(token=token, jws=parse_jws(token), disclosures=disclosures)
    return _checked(signed.text, payload, active, now)


def _checked(
    text: str, document: JsonObject, active: ActiveSigner, now: datetime
) -> SecuredDocument:
    """Return what was signed, once a verifier found nothing wrong with it.

    document: what was to be signed
    Raises: SignedWrongly
    """
    presented = parse_object(text) if text.startswith("{") else text
    found = read_back(presented, [active.key], now)
    if not was_soundly_signed(found):
        raise SignedWrongly(tuple(check.code for check in found.report.failures))
    if isinstance(presented, str):
        octets, content = text.encode(), content_of(document)
    else:
        # The proof apart, it is what was to be signed; that is asked below.
        octets, content = jcs.canonicalize_whole_and_part(presented, _securing_of(presented))
    if not _says(found, document) and content_found(found) != content_of(document):
        raise SignedWrongly(("content-changed",))
    return SecuredDocument(text, content, octets)


def _says(found: Verification, document: JsonObject) -> bool:
    """Return whether what was verified says the same, letter by letter and in the same order.

    Most do, and this is told sooner than by their canonical forms.
    """
    signed = found.signed if found.signed is not None else found.document
    return signed is not None and orjson.dumps(signed) == orjson.dumps(document)


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


class CannotBeSecured(SkillPassportError):
    """What was entered has no canonical form under the cryptosuite that was asked for."""

    code = "cannot-be-secured"
    public = ("cryptosuite",)

    def __init__(self, cryptosuite: str) -> None:
        super().__init__(
            f"Expected an award that '{cryptosuite}' can sign, found one whose statements have no "
            "canonical form; correct its addresses, or ask for 'eddsa-jcs-2022'."
        )
        self.cryptosuite = cryptosuite


class SignedWrongly(SkillPassportError):
    """What was signed does not verify, so it is not handed out and nothing is recorded."""

    code = "signed-wrongly"

    def __init__(self, failures: tuple[str, ...]) -> None:
        super().__init__(
            f"Expected the signed document to verify, found {', '.join(failures)}; nothing was "
            "issued. Report this as a fault of the program."
        )
        self.failures = failures
