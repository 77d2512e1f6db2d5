"""Fuzz target: certificates in `x5c`, and files of trust anchors."""

import base64
from contextlib import suppress
from functools import cache

from skillpassport.vc.certificates import (
    CertificateError,
    CertificateRefused,
    certified_key,
    check_chain,
    organisation_identifier,
    read_anchors,
    read_chain,
)
from skillpassport.vc.strict_json import StrictJsonError, parse
from tests.support.certificates import an_authority
from tests.support.credentials import NOW


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a chain that leads to nobody and is accepted.

    data: a certificate in DER; the JSON of an `x5c`; a file in PEM
    """
    with suppress(CertificateError):
        read_anchors(data)
    with suppress(CertificateError):
        _use([base64.b64encode(data).decode()])
    with suppress(CertificateError, StrictJsonError):
        _use(parse(data))


def _use(x5c: object) -> None:
    chain = read_chain(x5c)  # type: ignore[arg-type]  # whatever a header holds
    with suppress(CertificateRefused):
        assert not certified_key(chain[0]).public_key.verify(bytes(64), b"")
    with suppress(CertificateRefused):
        organisation_identifier(chain[0])
    accepted = False
    with suppress(CertificateError):
        check_chain(chain, [_anchor()], now=NOW)
        accepted = True
    assert not accepted


@cache
def _anchor() -> bytes:
    return an_authority().der
