"""Certificates for tests: an authority, what lies between, and a signer's own."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from skillpassport.vc.keys import EcdsaSigner

FROM = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2027, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Whoever signs certificates."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(Encoding.DER)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedSigner:
    """A signer with the chain that vouches for it, without the root."""

    signer: EcdsaSigner
    chain: tuple[str, ...]


def an_authority(name: str = "Root", *, under: Authority | None = None) -> Authority:
    """Return an authority, self-signed or under another."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, key.public_key(), under).add_extension(
        x509.BasicConstraints(ca=True, path_length=None), critical=True
    )
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = builder.add_extension(usage, critical=True).add_extension(
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
    )
    if under is not None:
        builder = builder.add_extension(_authority_of(under), critical=False)
    return Authority(certificate=builder.sign(under.key if under else key, SHA256()), key=key)


def a_certified_signer(
    authority: Authority,
    *,
    name: str = "Issuer",
    names: Sequence[x509.GeneralName] = (x509.DNSName("issuer.example"),),
    between: Sequence[Authority] = (),
    until: datetime = UNTIL,
    organisation: str | None = None,
) -> CertifiedSigner:
    """Return a signer whose certificate the authority signed."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = _builder(name, key.public_key(), authority, until).add_extension(
        _authority_of(authority), critical=False
    )
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    if organisation is not None:
        attributes = [
            x509.NameAttribute(NameOID.COMMON_NAME, name),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, organisation),
        ]
        builder._subject_name = x509.Name(attributes)  # its own setter takes a name once
    leaf = builder.sign(authority.key, SHA256())
    return CertifiedSigner(
        signer=EcdsaSigner(key), chain=(as_text(leaf), *(as_text(a.certificate) for a in between))
    )


def as_text(certificate: x509.Certificate) -> str:
    """Return a certificate as it stands in `x5c`: DER in base64."""
    return base64.b64encode(certificate.public_bytes(Encoding.DER)).decode()


def _builder(
    name: str,
    key: ec.EllipticCurvePublicKey,
    under: Authority | None,
    until: datetime = UNTIL,
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(under.certificate.subject if under else subject)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(FROM)
        .not_valid_after(until + timedelta(0))
    )


def _authority_of(authority: Authority) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
