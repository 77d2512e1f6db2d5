"""Fuzz target: compact JWS as credential and presentation of the data model 2.0, and 1.1."""

from contextlib import suppress
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.jose import (
    FOREIGN_ALGORITHMS,
    OWN_ALGORITHMS,
    JoseError,
    check_algorithm,
    check_jwt_vc,
    check_vc_jwt,
    check_vp_jwt,
    credential_of,
    key_id,
    numeric_date,
    parse_jws,
    try_parse_jws,
    verify_jws,
)
from skillpassport.vc.multibase import encode_base64url
from skillpassport.vc.strict_json import StrictJsonError
from tests.support.credentials import ISSUER, P256_ISSUER, P384_ISSUER

KEYS: Final = [signer.public_key for signer in (ISSUER, P256_ISSUER, P384_ISSUER)]


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a signature that holds for what was not signed.

    data: a token; or the JSON of a header, of which one is made
    """
    text = data.decode("latin-1")
    if data.startswith(b"{"):
        text = f"{encode_base64url(data)}.e30.{'A' * 86}"
    with suppress(StrictJsonError):
        try_parse_jws(text)
    try:
        jws = parse_jws(text)
    except (JoseError, StrictJsonError):
        return
    for check_rules in (check_vc_jwt, check_vp_jwt, check_jwt_vc):
        with suppress(SkillPassportError):
            check_rules(jws)
    with suppress(SkillPassportError):
        key_id(jws, "did:key:z6MkissuerOfATest")
    with suppress(SkillPassportError):
        credential_of(jws.payload)
    for claim in ("iat", "nbf", "exp"):
        with suppress(JoseError):
            numeric_date(jws.payload, claim)
    with suppress(JoseError):
        check_algorithm(jws, OWN_ALGORITHMS | FOREIGN_ALGORITHMS)
        # By the caller alone: a key of another kind than the header's algorithm never holds.
        holding = [key for key in KEYS if verify_jws(jws, key)]
        assert len(holding) <= 1
