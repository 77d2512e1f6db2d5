"""The key that a chain of X.509 certificates vouches for (`x5c`), under the caller's trust anchors.

Follows RFC 7515, section 4.1.6, and RFC 5280, whose path validation `cryptography` performs. The chain
comes from the sender and proves nothing by itself: it must lead to an anchor that the caller brought.
Revocation of certificates is not checked.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.keys import ED25519, P256, P384, RSA, KeyRefused, PublicKey
from skillpassport.vc.keys.elliptic import CURVES, compressed_point
from skillpassport.vc.strict_json import JsonValue

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509 import Certificate

MAX_CERTIFICATES: Final = 6
MAX_CERTIFICATE_BYTES: Final = 16 * 1024


class CertificateError(SkillPassportError):
    """A chain of certificates does not vouch for a key."""


class CertificateRefused(CertificateError):
    """The chain is malformed, out of its time, or not issued as it claims."""

    code = "certificate-refused"

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(
            f"Expected {expected}; found {found}. Ask the issuer for a credential signed under a "
            "certificate in force."
        )


class TrustAnchorUnknown(CertificateError):
    """The chain may be sound, but nobody here knows the authority at its end."""

    code = "trust-anchor-unknown"

    def __init__(self) -> None:
        super().__init__(
            "Expected a certificate of an authority that is trusted here; found one of another. "
            "Ask whoever runs the verifier to add the authority, if it is one to trust."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedKey:
    """The key of an end-entity certificate.

    subject: distinguished name after RFC 4514
    dns_names, uris: of the subject's alternative names
    """

    public_key: PublicKey
    subject: str
    dns_names: frozenset[str]
    uris: frozenset[str]


def read_anchors(pem: bytes) -> tuple[bytes, ...]:
    """Return the certificates of trusted authorities in a PEM file, each in DER.

    Raises: CertificateRefused for a file without any, or with other content
    """
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415

    try:
        found = load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CertificateRefused("certificates in PEM as trust anchors", "other content") from error
    return tuple(certificate.public_bytes(Encoding.DER) for certificate in found)


def read_chain(x5c: JsonValue) -> "tuple[Certificate, ...]":
    """Return the certificates of a header, the signer's own first; nothing is verified.

    x5c: an array of DER in base64 (not base64url)
    Raises: CertificateRefused
    Source: RFC 7515, section 4.1.6
    """
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415

    if not isinstance(x5c, list) or not 0 < len(x5c) <= MAX_CERTIFICATES:
        raise CertificateRefused(f"one to {MAX_CERTIFICATES} certificates", "another number")
    octets = [_der_of(entry) for entry in x5c]
    try:
        return tuple(load_der_x509_certificate(entry) for entry in octets)
    except Exception as error:  # hostile octets make the parser raise more than it documents
        raise CertificateRefused("certificates in DER", "other octets") from error


def certified_key(certificate: "Certificate") -> CertifiedKey:
    """Return the key and the names in a certificate, whoever issued it.

    Raises: CertificateRefused
    """
    key = _key_of(certificate)
    try:  # a certificate is parsed member by member, on access
        dns_names, uris = _alternative_names(certificate)
        subject = certificate.subject.rfc4514_string()
    except Exception as error:  # hostile octets make the parser raise more than it documents
        raise CertificateRefused("readable names in the certificate", "others") from error
    return CertifiedKey(public_key=key, subject=subject, dns_names=dns_names, uris=uris)


def organisation_identifier(certificate: "Certificate") -> str | None:
    """Return the registered identifier of the organisation that a certificate names, if it has one.

    Source: ETSI EN 319 412-1, section 5.1.4 (attribute organizationIdentifier, 2.5.4.97)
    """
    from cryptography.x509.oid import NameOID  # noqa: PLC0415

    try:
        found = certificate.subject.get_attributes_for_oid(NameOID.ORGANIZATION_IDENTIFIER)
        return str(found[0].value) if len(found) == 1 else None
    except ValueError as error:
        raise CertificateRefused("readable names in the certificate", "others") from error


def check_chain(chain: "Sequence[Certificate]", anchors: Sequence[bytes], *, now: datetime) -> None:
    """Refuse a chain that does not lead from its first certificate to an anchor, at this instant.

    anchors: certificates in DER of the authorities that the caller trusts
    Raises: CertificateRefused, TrustAnchorUnknown
    Source: RFC 5280, section 6
    """
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415
    from cryptography.x509.verification import (  # noqa: PLC0415
        ExtensionPolicy,
        PolicyBuilder,
        Store,
        VerificationError,
    )

    roots = [load_der_x509_certificate(anchor) for anchor in anchors]
    subjects = {root.subject.public_bytes() for root in roots}
    if not any(_issuer_of(certificate) in subjects for certificate in chain):
        raise TrustAnchorUnknown
    # The web's own profile would ask for names and purposes of a web server, which a seal has not.
    verifier = (
        PolicyBuilder()
        .store(Store(roots))
        .time(now)
        .max_chain_depth(MAX_CERTIFICATES)
        .extension_policies(
            ca_policy=ExtensionPolicy.webpki_defaults_ca(), ee_policy=ExtensionPolicy.permit_all()
        )
        .build_client_verifier()
    )
    try:
        verifier.verify(chain[0], list(chain[1:]))
    except (VerificationError, ValueError) as error:
        raise CertificateRefused("a chain to a trusted authority, in force", "another") from error


def _alternative_names(certificate: "Certificate") -> tuple[frozenset[str], frozenset[str]]:
    from cryptography import x509  # noqa: PLC0415

    try:
        names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset(), frozenset()
    dns_names = frozenset(name.lower() for name in names.get_values_for_type(x509.DNSName))
    return dns_names, frozenset(names.get_values_for_type(x509.UniformResourceIdentifier))


def _issuer_of(certificate: "Certificate") -> bytes:
    try:
        return certificate.issuer.public_bytes()
    except ValueError as error:
        raise CertificateRefused("a readable issuer in the certificate", "another") from error


def _der_of(entry: JsonValue) -> bytes:
    if not isinstance(entry, str) or len(entry) > MAX_CERTIFICATE_BYTES * 4 // 3 + 4:
        raise CertificateRefused("certificates as texts of a usable size", "another value")
    try:
        return base64.b64decode(entry, validate=True)
    except ValueError as error:  # also for a text that is not ASCII
        raise CertificateRefused("certificates in base64", "another text") from error


def _key_of(certificate: "Certificate") -> PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa  # noqa: PLC0415
    from cryptography.hazmat.primitives.serialization import (  # noqa: PLC0415
        Encoding,
        PublicFormat,
    )

    try:
        key = certificate.public_key()
        if isinstance(key, ed25519.Ed25519PublicKey):
            return PublicKey(ED25519, key.public_bytes_raw())
        if isinstance(key, rsa.RSAPublicKey):
            spki = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            return PublicKey(RSA, spki)
        if isinstance(key, ec.EllipticCurvePublicKey):
            return _point_of(key)
    except (ValueError, UnsupportedAlgorithm, KeyRefused) as error:
        raise CertificateRefused("a usable key in the certificate", "another") from error
    raise CertificateRefused("an Ed25519, P-256, P-384 or RSA key", "another algorithm")


def _point_of(key: "ec.EllipticCurvePublicKey") -> PublicKey:
    algorithm = {"secp256r1": P256, "secp384r1": P384}.get(key.curve.name)
    if algorithm is None:
        raise CertificateRefused("a key on P-256 or P-384", "one on another curve")
    size, numbers = CURVES[algorithm].size, key.public_numbers()
    x, y = numbers.x.to_bytes(size), numbers.y.to_bytes(size)
    return PublicKey(algorithm, compressed_point(CURVES[algorithm], x, y))
