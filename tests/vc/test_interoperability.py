"""What we sign verifies in independent libraries, which know only the standards.

openvc-core verifies our `eddsa-jcs-2022` as a whole. Of tokens it reads only the older encoding with
a `vc` claim, which `vc+jwt` forbids; there its key resolution and its signature check are asked, and
PyJWT reads the token.
"""

import jwt
import pytest
from openvc import VerificationPolicy, keys, verify_credential
from openvc.errors import OpenvcError
from openvc.verify import default_resolver

from skillpassport.vc.jose import parse_jws
from tests.support.credentials import (
    ISSUER,
    NOW,
    STRANGER,
    a_credential,
    a_token,
    did_of,
    method_of,
    signed,
)

POLICY = VerificationPolicy(now=NOW)


def test_our_data_integrity_proof_verifies_in_openvc() -> None:
    result = verify_credential(signed(a_credential()), policy=POLICY)
    assert result.format == "data-integrity:eddsa-jcs-2022"
    assert result.issuer == did_of(ISSUER)


def test_what_we_refuse_is_refused_in_openvc() -> None:
    for forged in (
        {**signed(a_credential()), "name": "Doctor"},
        signed(a_credential(), STRANGER),
    ):
        with pytest.raises(OpenvcError):
            verify_credential(forged, policy=POLICY)


def test_our_token_holds_under_the_key_that_openvc_resolves() -> None:
    jws = parse_jws(a_token(a_credential()))
    document = default_resolver().resolve(did_of(ISSUER))
    (method,) = document.verification_methods
    assert method.id == jws.header["kid"] == method_of(ISSUER)
    for data, holds in ((jws.signing_input, True), (jws.signing_input + b"x", False)):
        answer = keys.verify_signature(
            alg="EdDSA",
            public_jwk=method.public_key_jwk or {},
            signing_input=data,
            signature=jws.signature,
        )
        assert answer is holds


def test_our_token_is_read_by_a_general_jwt_library() -> None:
    token = a_token(a_credential())
    key = jwt.PyJWK({**ISSUER.public_key.jwk, "alg": "EdDSA"})
    claims = jwt.decode(token, key, algorithms=["EdDSA"], issuer=did_of(ISSUER))
    assert claims == {**a_credential(), "iss": did_of(ISSUER)}
    assert jwt.get_unverified_header(token)["typ"] == "vc+jwt"
