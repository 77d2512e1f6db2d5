"""What we sign verifies in independent libraries, which know only the standards.

openvc-core verifies our `eddsa-jcs-2022` and `eddsa-rdfc-2022` as a whole. Of tokens it reads only the older encoding with
a `vc` claim, which `vc+jwt` forbids; there its key resolution and its signature check are asked, and
PyJWT reads the token.
"""

import jwt
import pytest
from openvc import VerificationPolicy, keys, verify_credential
from openvc.errors import OpenvcError
from openvc.keys import Ed25519SigningKey, P256SigningKey, P384SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.verify import default_resolver

from bench.credentials import a_credential as an_open_badge
from skillpassport.vc.contexts import BUNDLED, load_context
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.did import did_key, own_verification_method
from skillpassport.vc.jose import parse_jws
from skillpassport.vc.keys import EcdsaSigner, PublicKey
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import EDDSA_RDFC_2022
from skillpassport.vc.vocabulary import TERMS
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    P256_ISSUER,
    P384_ISSUER,
    STRANGER,
    a_credential,
    a_token,
    as_text,
    did_of,
    method_of,
    signed,
    verified,
)
from tests.support.json_ld import EXAMPLES, about

POLICY = VerificationPolicy(now=NOW)
CONTEXTS = {url: load_context(url) for url in BUNDLED}
BADGE = an_open_badge(did_of(ISSUER))


def by_statements(document: JsonObject) -> JsonObject:
    """Return the document under eddsa-rdfc-2022."""
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED)
    return add_proof(document, suite=EDDSA_RDFC_2022, signer=ISSUER, options=options)


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


@pytest.mark.parametrize("document", [a_credential(), BADGE], ids=["credential", "badge"])
def test_our_proof_over_statements_verifies_in_openvc(document: JsonObject) -> None:
    secured = by_statements(document)
    result = verify_credential(secured, policy=POLICY, extra_contexts=CONTEXTS)
    assert result.format == "data-integrity:eddsa-rdfc-2022"
    forged = {**secured, "name": "Doctor"}
    with pytest.raises(OpenvcError):
        verify_credential(forged, policy=POLICY, extra_contexts=CONTEXTS)


def test_openvc_wants_our_own_terms_from_an_address() -> None:
    """It accepts no terms that are written into a document under this suite; we accept ours alone."""
    contexts = [*BADGE["@context"], TERMS]  # type: ignore[misc]
    secured = by_statements({**BADGE, "@context": contexts})
    assert verified(as_text(secured)).report.verdict is Verdict.VALID
    with pytest.raises(OpenvcError, match="inline @context"):
        verify_credential(secured, policy=POLICY, extra_contexts=CONTEXTS)


def test_a_proof_over_statements_by_openvc_verifies_here() -> None:
    key = Ed25519SigningKey.generate("key")
    did = did_key(PublicKey.from_jwk(key.public_jwk()))
    secured = DataIntegrityProofSuite().add_proof(
        {**BADGE, "issuer": {**BADGE["issuer"], "id": did}},  # type: ignore[dict-item]
        signing_key=key,
        verification_method=own_verification_method(did),
        created=ISSUED,
        extra_contexts=CONTEXTS,
    )
    assert verified(as_text(secured)).report.verdict is Verdict.VALID
    assert verified(as_text({**secured, "name": "x"})).report.verdict is Verdict.INVALID


@pytest.mark.parametrize("curve", ["P-256", "P-384"])
def test_a_proof_over_statements_by_an_ecdsa_key_of_openvc_verifies_here(curve: str) -> None:
    """For P-384 as well, where the hash within RDFC-1.0 is SHA-384."""
    key = (P256SigningKey if curve == "P-256" else P384SigningKey).generate("key")
    did = did_key(PublicKey.from_jwk(key.public_jwk()))
    twins = {"id": "urn:uuid:1", "alumniOf": [{"name": "x"}, {"name": "y"}]}
    secured = EcdsaRdfcProofSuite().add_proof(
        about(twins, EXAMPLES, issuer=did),  # type: ignore[arg-type]
        signing_key=key,
        verification_method=own_verification_method(did),
        created=ISSUED,
        extra_contexts=CONTEXTS,
    )
    assert verified(as_text(secured)).report.verdict is Verdict.VALID


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


@pytest.mark.parametrize("signer", [P256_ISSUER, P384_ISSUER], ids=["P-256", "P-384"])
def test_what_we_sign_on_a_curve_verifies_elsewhere(signer: EcdsaSigner) -> None:
    """`ecdsa-jcs-2019` in openvc, and the token in a general JWT library."""
    document = a_credential(issuer=did_of(signer))
    result = verify_credential(signed(document, signer), policy=POLICY)
    assert result.format == "data-integrity:ecdsa-jcs-2019"
    assert result.issuer == did_of(signer)
    with pytest.raises(OpenvcError):
        verify_credential({**signed(document, signer), "name": "Doctor"}, policy=POLICY)

    algorithm = {"P-256": "ES256", "P-384": "ES384"}[signer.algorithm]
    key = jwt.PyJWK({**signer.public_key.jwk, "alg": algorithm})
    assert (
        jwt.decode(a_token(document, signer), key, algorithms=[algorithm])["name"] == "Welder, arc"
    )
