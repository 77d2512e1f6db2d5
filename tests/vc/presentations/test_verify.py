"""Presentations: who presents is proven for this occasion, and nobody's credentials become theirs."""

from dataclasses import replace
from datetime import timedelta

import pytest

from skillpassport.vc.controllers import ASSERTION, AUTHENTICATION
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.envelope import ENVELOPED_PRESENTATION, envelope
from skillpassport.vc.jose import sign_vc_jwt, sign_vp_jwt
from skillpassport.vc.jose.jws import sign_jws
from skillpassport.vc.keys import EcdsaSigner, Signer
from skillpassport.vc.presentations import (
    PresentationForm,
    PresentationVerification,
    build_presentation,
    sign_presentation,
    verify_presentation,
)
from skillpassport.vc.presentations.model import MAX_CREDENTIALS, MAX_VALUES, presentation_problems
from skillpassport.vc.report import PROOF_CHECKS, Outcome, Verdict
from skillpassport.vc.sdjwt import (
    Concealment,
    Path,
    SdJwt,
    SdJwtKb,
    bind,
    issue_sd_jwt,
)
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from skillpassport.vc.suites import ECDSA_JCS_2019, EDDSA_JCS_2022
from skillpassport.vc.verify import Policy, verify
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    P256_ISSUER,
    STRANGER,
    FakeResolvers,
    a_credential,
    a_token,
    as_text,
    did_of,
    method_of,
    signed,
)
from tests.support.shared_data import shared_data, shared_data_folder

HOLDER = EcdsaSigner.from_private_bytes(bytes(range(7, 39)))
CHALLENGE, DOMAIN = "f7b7e1b0-4b1c-4f7e", "verifier.example"
POLICY = Policy(challenge=CHALLENGE, domain=DOMAIN)
OPTIONS = ProofOptions(
    verification_method=method_of(HOLDER), created=ISSUED, challenge=CHALLENGE, domain=DOMAIN
)


def own_credential(holder: Signer = HOLDER) -> JsonObject:
    """Return a credential about whoever holds this key."""
    return a_credential(credentialSubject={"id": did_of(holder), "name": "Ama"})


def a_presentation(*credentials: JsonObject | str, holder: str | None = None) -> JsonObject:
    entries = credentials or (signed(own_credential()),)
    return build_presentation(entries, holder=holder or did_of(HOLDER), id_="urn:uuid:1")


def presented(document: JsonObject, options: ProofOptions = OPTIONS) -> JsonObject:
    return sign_presentation(document, HOLDER, suite=ECDSA_JCS_2019, options=options)


def a_vp_token(document: JsonObject | None = None, **changes: str | None) -> str:
    claims: dict[str, str | None] = {"audience": DOMAIN, "nonce": CHALLENGE, **changes}
    return sign_vp_jwt(
        document or a_presentation(a_token(own_credential())),
        HOLDER,
        kid=method_of(HOLDER),
        audience=claims["audience"],
        nonce=claims["nonce"],
        issued_at=NOW,
    )


def shown(document: JsonObject | str, policy: Policy = POLICY) -> PresentationVerification:
    raw = document if isinstance(document, str) else as_text(document)
    return verify_presentation(raw, resolvers=FakeResolvers(), now=NOW, policy=policy)


def codes(verification: PresentationVerification) -> set[str]:
    return {check.code for check in verification.report.failures}


FORMS = [
    ("Data Integrity", presented(a_presentation()), PresentationForm.DATA_INTEGRITY),
    ("of a token", presented(a_presentation(a_token(own_credential()))), "data-integrity"),
    ("vp+jwt", a_vp_token(), PresentationForm.VP_JWT),
    ("vp+jwt of a document", a_vp_token(a_presentation()), PresentationForm.VP_JWT),
    ("enveloped", envelope(a_vp_token(), "vp+jwt", ENVELOPED_PRESENTATION), "vp+jwt"),
]


@pytest.mark.parametrize(("name", "document", "form"), FORMS, ids=[row[0] for row in FORMS])
def test_a_signed_presentation_proves_its_holder(
    name: str, document: JsonObject | str, form: str
) -> None:
    verification = shown(document)
    assert verification.verdict is Verdict.VALID, verification.report.failures
    assert verification.verified()
    assert verification.verified(PROOF_CHECKS)
    assert verification.form == form
    assert verification.holder == did_of(HOLDER)
    (credential,) = verification.credentials
    assert credential.is_the_holders
    assert credential.verification.issuer == did_of(ISSUER)


def test_an_unsigned_presentation_proves_no_holder_and_its_credentials_are_verified() -> None:
    verification = shown(a_presentation(), Policy())
    assert verification.verdict is Verdict.VALID
    assert verification.verified()
    assert verification.form is PresentationForm.UNSIGNED
    assert verification.holder is None
    (credential,) = verification.credentials
    assert not credential.is_the_holders
    tampered = {**signed(own_credential()), "name": "Surgeon"}
    assert shown(a_presentation(tampered), Policy()).verdict is Verdict.INVALID


@pytest.mark.parametrize(
    "policy",
    [POLICY, Policy(challenge=CHALLENGE), Policy(domain=DOMAIN)],
    ids=["challenge and domain", "challenge", "domain"],
)
def test_where_a_challenge_was_given_an_unsigned_presentation_fails(policy: Policy) -> None:
    verification = shown(a_presentation(), policy)
    assert codes(verification) == {"presentation-unproven"}
    assert verification.verdict is Verdict.INVALID


def test_a_stolen_credential_is_not_taken_for_the_holders() -> None:
    """Genuine presentation, genuine credential, two people."""
    stolen = signed(own_credential(STRANGER))
    for document in (presented(a_presentation(stolen)), a_vp_token(a_presentation(stolen))):
        verification = shown(document)
        assert verification.holder == did_of(HOLDER)
        (credential,) = verification.credentials
        assert credential.verification.report.verdict is Verdict.VALID
        assert not credential.is_the_holders
        assert credential.verification.report.checks[-1].code == "holder-is-another"
        strict = shown(document, replace(POLICY, holder_must_be_subject=True))
        assert strict.verdict is Verdict.INVALID
    mixed = shown(presented(a_presentation(signed(own_credential()), stolen)))
    assert [credential.is_the_holders for credential in mixed.credentials] == [True, False]


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ({"name": "Ama"}, "holder-not-named"),
        ([{"id": did_of(HOLDER)}, {"id": did_of(STRANGER)}], "holder-is-another"),
        ([{"id": did_of(HOLDER)}, {"name": "Kofi"}], "holder-is-another"),
        ({"id": did_of(HOLDER) + "#key"}, "holder-is-another"),
    ],
)
def test_only_a_credential_about_the_holder_alone_is_the_holders(
    subject: JsonValue, code: str
) -> None:
    document = signed(a_credential(credentialSubject=subject))
    (credential,) = shown(presented(a_presentation(document))).credentials
    assert not credential.is_the_holders
    assert credential.verification.report.checks[-1].code == code


def test_a_presentation_in_anothers_name_is_refused() -> None:
    """The thief signs with a key of their own and names the worker as the holder."""
    worker = did_of(STRANGER)
    stolen = signed(own_credential(STRANGER))
    for document in (
        presented(a_presentation(stolen, holder=worker)),
        a_vp_token(a_presentation(stolen, holder=worker)),
    ):
        verification = shown(document)
        assert "holder-key-mismatch" in codes(verification)
        assert verification.holder is None
        assert not verification.credentials[0].is_the_holders


def without(document: JsonObject, name: str) -> JsonObject:
    return {key: value for key, value in document.items() if key != name}


def proof_with(document: JsonObject, **changes: JsonValue) -> JsonObject:
    proof = document["proof"]
    assert isinstance(proof, dict)
    return {**document, "proof": {**proof, **changes}}


SIGNED = presented(a_presentation())
EARLIER = NOW - timedelta(days=1)
HOSTILE: list[tuple[str, JsonObject | str, str]] = [
    ("another challenge", presented(a_presentation(), replace(OPTIONS, challenge="x")), "proof-challenge-mismatch"),
    ("no challenge", presented(a_presentation(), replace(OPTIONS, challenge=None)), "proof-challenge-mismatch"),
    ("another domain", presented(a_presentation(), replace(OPTIONS, domain="x")), "proof-domain-mismatch"),
    ("no domain", presented(a_presentation(), replace(OPTIONS, domain=None)), "proof-domain-mismatch"),
    ("expired proof", presented(a_presentation(), replace(OPTIONS, expires=EARLIER)), "proof-expired"),
    ("challenge swapped in", proof_with(presented(a_presentation(), replace(OPTIONS, challenge="x")), challenge=CHALLENGE), "proof-invalid"),
    ("an issuer's purpose", add_proof(a_presentation(), suite=ECDSA_JCS_2019, signer=HOLDER, options=replace(OPTIONS, purpose=ASSERTION)), "proof-purpose-mismatch"),
    ("purpose swapped in", proof_with(add_proof(a_presentation(), suite=ECDSA_JCS_2019, signer=HOLDER, options=replace(OPTIONS, purpose=ASSERTION)), proofPurpose=AUTHENTICATION), "proof-invalid"),
    ("credential exchanged", {**SIGNED, "verifiableCredential": [signed(own_credential(STRANGER))]}, "proof-invalid"),
    ("credential added", {**SIGNED, "verifiableCredential": [signed(own_credential()), signed(own_credential(STRANGER))]}, "proof-invalid"),
    ("holder exchanged", {**SIGNED, "holder": did_of(STRANGER)}, "holder-key-mismatch"),
    ("holder removed", without(SIGNED, "holder"), "proof-invalid"),
    ("token for another verifier", a_vp_token(audience="other.example"), "proof-domain-mismatch"),
    ("token for nobody", a_vp_token(audience=None), "proof-domain-mismatch"),
    ("token with another nonce", a_vp_token(nonce="x"), "proof-challenge-mismatch"),
    ("token without nonce", a_vp_token(nonce=None), "proof-challenge-mismatch"),
    ("token as a credential", sign_vc_jwt(a_presentation(), HOLDER, kid=method_of(HOLDER)), "form-unknown"),
    ("a credential", signed(own_credential()), "form-unknown"),
    ("a credential as token", a_token(own_credential()), "form-unknown"),
    ("nothing", "", "form-unknown"),
    ("an array", "[]", "form-unknown"),
    ("half a document", as_text(SIGNED)[:-1], "json-malformed"),
    ("member twice", as_text(SIGNED)[:-1] + ',"holder":"did:key:z6Mk"}', "json-duplicate-member"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "document", "code"), HOSTILE, ids=[row[0] for row in HOSTILE])
def test_a_hostile_presentation_is_refused(
    name: str, document: JsonObject | str, code: str
) -> None:
    verification = shown(document)
    assert verification.verdict in {Verdict.INVALID, Verdict.UNREADABLE}
    assert code in codes(verification)
    assert verification.holder is None
    assert not any(credential.is_the_holders for credential in verification.credentials)


def a_forged_token(header: JsonObject, **claims: JsonValue) -> str:
    """Return a token that the holder's key signed, whatever it says."""
    payload: JsonObject = {
        **a_presentation(),
        "aud": DOMAIN,
        "nonce": CHALLENGE,
        **claims,
    }
    kept: JsonObject = {name: value for name, value in payload.items() if value is not None}
    members: JsonObject = {"typ": "vp+jwt", "kid": method_of(HOLDER), **header}
    return sign_jws({k: v for k, v in members.items() if v is not None}, kept, HOLDER)


FUTURE = int((NOW + timedelta(hours=1)).timestamp())
PAST = int((NOW - timedelta(hours=1)).timestamp())
TOKENS: list[tuple[str, str, str]] = [
    ("no type", a_forged_token({"typ": None}), "jws-type-refused"),
    ("type JWT", a_forged_token({"typ": "JWT"}), "jws-type-refused"),
    ("content of a credential", a_forged_token({"cty": "vc"}), "jws-type-refused"),
    ("none", a_forged_token({"alg": "none"}), "jws-algorithm-refused"),
    ("HMAC", a_forged_token({"alg": "HS256"}), "jws-algorithm-refused"),
    ("embedded key", a_forged_token({"jwk": HOLDER.public_key.jwk}), "jws-header-refused"),
    ("critical", a_forged_token({"crit": ["x"], "x": 1}), "jws-header-refused"),
    ("no kid", a_forged_token({"kid": None}), "jws-key-unnamed"),
    ("kid of another", a_forged_token({"kid": method_of(STRANGER)}), "holder-key-mismatch"),
    ("vp inside", a_forged_token({}, vp={}), "jwt-claim-refused"),
    ("vc inside", a_forged_token({}, vc={}), "jwt-claim-refused"),
    ("another iss", a_forged_token({}, iss=did_of(STRANGER)), "jwt-claim-refused"),
    ("iss alone, another", a_forged_token({}, holder=None, iss=did_of(STRANGER)), "holder-key-mismatch"),
    ("aud as number", a_forged_token({}, aud=[DOMAIN, 1]), "jwt-claim-refused"),
    ("nonce as number", a_forged_token({}, nonce=1), "jwt-claim-refused"),
    ("exp as text", a_forged_token({}, exp="9999999999"), "jwt-claim-refused"),
    ("expired", a_forged_token({}, exp=PAST), "presentation-expired"),
    ("not before", a_forged_token({}, nbf=FUTURE), "presentation-not-yet-valid"),
    ("issued later", a_forged_token({}, iat=FUTURE), "presentation-not-yet-valid"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "token", "code"), TOKENS, ids=[row[0] for row in TOKENS])
def test_a_hostile_token_is_refused_although_the_signature_holds(
    name: str, token: str, code: str
) -> None:
    verification = shown(token)
    assert verification.verdict is Verdict.INVALID
    assert code in codes(verification)
    assert verification.holder is None
    control = a_forged_token({}, iat=PAST, exp=FUTURE, aud=["other.example", DOMAIN])
    assert shown(control).verdict is Verdict.VALID


def test_a_key_that_may_only_assert_presents_nothing() -> None:
    """The issuer's signing key is no key of a holder."""
    did = "did:web:issuer.example"
    method: JsonObject = {
        "id": f"{did}#key",
        "type": "Multikey",
        "controller": did,
        "publicKeyMultibase": HOLDER.public_key.multikey,
    }
    for purpose, verdict in ((ASSERTION, Verdict.INVALID), (AUTHENTICATION, Verdict.VALID)):
        document: JsonObject = {
            "id": did,
            "verificationMethod": [method],
            purpose: [f"{did}#key"],
        }
        token = sign_vp_jwt(
            a_presentation(holder=did), HOLDER, kid=f"{did}#key", audience=DOMAIN, nonce=CHALLENGE
        )
        verification = verify_presentation(
            token, resolvers=FakeResolvers({did: document}), now=NOW, policy=POLICY
        )
        assert verification.verdict is verdict


def test_the_holders_own_word_is_covered_by_the_presentation() -> None:
    """A self-asserted credential: no proof of its own, issued by whoever presents it."""
    own = a_credential(issuer=did_of(HOLDER), credentialSubject={"id": did_of(HOLDER)})
    verification = shown(presented(a_presentation(own)))
    assert verification.verdict is Verdict.VALID
    assert "self-asserted" in {
        check.code for check in verification.credentials[0].verification.report.checks
    }
    others_word = a_credential(credentialSubject={"id": did_of(HOLDER)})
    assert shown(presented(a_presentation(others_word))).verdict is Verdict.INVALID
    assert shown(a_presentation(own), Policy()).verdict is Verdict.INVALID
    stolen = proof_with(presented(a_presentation(own)), challenge="x")
    assert shown(stolen).verdict is Verdict.INVALID


def test_each_credential_is_judged_on_its_own() -> None:
    expired = signed({**own_credential(), "validUntil": "2026-11-10T00:00:00Z"})
    verification = shown(presented(a_presentation(signed(own_credential()), expired)))
    verdicts = [entry.verification.report.verdict for entry in verification.credentials]
    assert verdicts == [Verdict.VALID, Verdict.INVALID]
    assert verification.report.verdict is Verdict.VALID
    assert verification.verdict is Verdict.INVALID
    assert verification.holder == did_of(HOLDER)


@pytest.mark.parametrize(
    "entry",
    [
        {"type": "Something"},
        {**a_presentation()},
        envelope(a_vp_token(), "vp+jwt", ENVELOPED_PRESENTATION),
        envelope(a_vp_token(), "vc+jwt"),
        {},
    ],
    ids=["no credential", "a presentation", "an envelope", "a presentation as credential", "empty"],
)
def test_what_is_no_credential_spoils_the_presentation(entry: JsonObject) -> None:
    verification = shown(presented(a_presentation(entry)))
    assert verification.verdict is Verdict.INVALID
    assert not verification.verified()


def test_the_number_of_credentials_is_bounded() -> None:
    entries = [signed(own_credential())] * (MAX_CREDENTIALS + 1)
    verification = shown(presented(a_presentation(*entries)))
    assert verification.verdict is Verdict.INVALID
    assert len(verification.credentials) == MAX_CREDENTIALS
    assert shown(presented(a_presentation(*entries[:-1]))).verdict is Verdict.VALID


def test_a_presentation_without_credentials_or_holder_is_one() -> None:
    bare: JsonObject = without(build_presentation([], holder=None), "verifiableCredential")
    verification = shown(presented(bare))
    assert verification.verdict is Verdict.VALID
    assert verification.holder == did_of(HOLDER)
    assert verification.credentials == ()


def test_two_signers_of_a_presentation_without_holder_are_nobody() -> None:
    bare = build_presentation([signed(own_credential())], holder=None)
    both = sign_presentation(
        presented(bare),
        STRANGER,
        suite=EDDSA_JCS_2022,
        options=replace(OPTIONS, verification_method=method_of(STRANGER)),
    )
    verification = shown(both)
    assert verification.holder is None
    assert verification.verdict is Verdict.INVALID


def test_a_did_document_is_asked_for_once_for_all_credentials() -> None:
    did = "did:web:issuer.example"
    document: JsonObject = {
        "id": did,
        "verificationMethod": [
            {
                "id": f"{did}#key",
                "type": "Multikey",
                "controller": did,
                "publicKeyMultibase": P256_ISSUER.public_key.multikey,
            }
        ],
        "assertionMethod": [f"{did}#key"],
    }
    resolvers = FakeResolvers({did: document})
    one = signed({**own_credential(), "issuer": did}, P256_ISSUER, method=f"{did}#key")
    raw = as_text(presented(a_presentation(one, one, one)))
    verification = verify_presentation(raw, resolvers=resolvers, now=NOW, policy=POLICY)
    assert verification.verdict is Verdict.VALID
    assert resolvers.asked == [did]


def test_a_presentation_brought_as_a_credential_is_named() -> None:
    for raw in (as_text(SIGNED), a_vp_token()):
        verification = verify(raw, resolvers=FakeResolvers(), now=NOW)
        assert verification.report.verdict is Verdict.UNREADABLE
        assert "presentation" in str(verification.seems_to_be)


INPUTS = sorted(
    (shared_data_folder() / "credentials" / "w3c-vcdm2-inputs").glob("presentation-*.json")
)


@pytest.mark.data
@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_the_inputs_of_the_w3c_suite_are_judged_as_their_names_say(path: object) -> None:
    shared_data()
    name = getattr(path, "name", "")
    document = parse_object((shared_data() / "credentials/w3c-vcdm2-inputs" / name).read_bytes())
    verification = shown(document, Policy())
    is_well_formed = verification.form is not PresentationForm.UNKNOWN and all(
        check.outcome is not Outcome.FAILED for check in verification.report.checks
    )
    if "vc-missing-required-type" in name:
        assert verification.verdict is Verdict.INVALID
    elif "-ok" in name:
        assert presentation_problems(document) == ()
        assert is_well_formed
    else:
        assert not is_well_formed


def a_vp_sd_jwt(*paths: Path, header: JsonObject | None = None, **claims: JsonValue) -> SdJwt:
    """Return a presentation of two credentials as SD-JWT, the second of which may be withheld."""
    document = a_presentation(a_token(own_credential()), a_token(own_credential()))
    payload: JsonObject = {**document, "aud": DOMAIN, "nonce": CHALLENGE, **claims}
    members: JsonObject = {"typ": "vp+sd-jwt", "cty": "vp", "kid": method_of(HOLDER)}
    return issue_sd_jwt(
        payload,
        HOLDER,
        header={**members, **(header or {})},
        concealment=Concealment(paths=paths or (("verifiableCredential", 1),)),
    )


def test_a_presentation_as_sd_jwt_shows_what_is_disclosed_of_it() -> None:
    sd_jwt = a_vp_sd_jwt()
    enveloped = as_text(envelope(sd_jwt.text, "vp+sd-jwt", ENVELOPED_PRESENTATION))
    for text in (sd_jwt.text, enveloped):
        verification = shown(text)
        assert verification.verdict is Verdict.VALID, verification.report.failures
        assert verification.form is PresentationForm.VP_SD_JWT
        assert verification.holder == did_of(HOLDER)
        assert len(verification.credentials) == 2
    fewer = shown(sd_jwt.with_disclosures([]).text)
    assert fewer.verdict is Verdict.VALID
    assert len(fewer.credentials) == 1


SD_JWTS: list[tuple[str, str, str]] = [
    ("another verifier", a_vp_sd_jwt(aud="x").text, "proof-domain-mismatch"),
    ("another nonce", a_vp_sd_jwt(nonce="x").text, "proof-challenge-mismatch"),
    ("another's holder", a_vp_sd_jwt(holder=did_of(STRANGER)).text, "holder-key-mismatch"),
    ("a credential's content", a_vp_sd_jwt(header={"cty": "vc"}).text, "jws-type-refused"),
    ("embedded key", a_vp_sd_jwt(header={"jwk": HOLDER.public_key.jwk}).text, "jws-header-refused"),
    ("holder by disclosure", a_vp_sd_jwt(("holder",)).text, "disclosure-refused"),
    ("nonce by disclosure", a_vp_sd_jwt(("nonce",)).text, "disclosure-refused"),
    ("vp inside", a_vp_sd_jwt(vp={}).text, "jwt-claim-refused"),
    ("unsigned disclosure", a_vp_sd_jwt().with_disclosures(a_vp_sd_jwt().disclosures).text, "disclosure-refused"),
    ("of a credential's type", a_vp_sd_jwt(header={"typ": "vc+sd-jwt"}).text, "key-binding-missing"),
    ("with key binding", a_vp_sd_jwt().text + a_vp_sd_jwt().token, "form-unknown"),
    ("in another's envelope", as_text(envelope(a_vp_sd_jwt().text, "vp+jwt", ENVELOPED_PRESENTATION)), "form-unknown"),
    ("damaged", a_vp_sd_jwt().text + "~", "disclosure-refused"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "code"), SD_JWTS, ids=[row[0] for row in SD_JWTS])
def test_a_hostile_presentation_as_sd_jwt_is_refused(name: str, text: str, code: str) -> None:
    verification = shown(text)
    assert verification.verdict in {Verdict.INVALID, Verdict.UNREADABLE}
    assert code in codes(verification)
    assert verification.holder is None


@pytest.mark.parametrize("identifier", [{"id": "x"}, ["x"], 1, True], ids=str)
def test_an_identifier_that_is_no_text_is_nobodys(identifier: JsonValue) -> None:
    credential = signed(a_credential(credentialSubject={"id": identifier}))
    (entry,) = shown(presented(a_presentation(credential))).credentials
    assert not entry.is_the_holders


@pytest.mark.parametrize(
    "document", [SIGNED, a_vp_token(), a_vp_sd_jwt().text], ids=["proof", "vp+jwt", "vp+sd-jwt"]
)
def test_without_a_challenge_a_presentation_may_be_a_copy(document: JsonObject | str) -> None:
    verification = shown(document, Policy())
    assert verification.verified()
    warned = {c.code for c in verification.report.checks if c.outcome is Outcome.WARNED}
    assert "presentation-unasked" in warned
    asked = {check.code for check in shown(document).report.checks}
    assert "presentation-unasked" not in asked


def test_many_large_credentials_cost_no_more_than_one() -> None:
    bulky = a_credential(credentialSubject={"id": "urn:x", "values": [0] * (MAX_VALUES // 2)})
    verification = shown(a_presentation(signed(bulky), signed(bulky)), Policy())
    assert verification.verdict is Verdict.INVALID
    assert verification.credentials == ()
    assert len(shown(a_presentation(signed(bulky)), Policy()).credentials) == 1


def a_badge(**claims: JsonValue) -> SdJwt:
    """Return an SD-JWT VC that is bound to the holder's key."""
    return issue_sd_jwt_vc(
        {"iss": did_of(P256_ISSUER), "vct": "urn:example:badge", "name": "Ama", **claims},
        P256_ISSUER,
        concealment=Concealment(paths=[("name",)]),
        holder=HOLDER.public_key,
        kid=method_of(P256_ISSUER),
    )


def brought(sd_jwt: SdJwt, *, audience: str = DOMAIN, signer: Signer = HOLDER) -> SdJwtKb:
    return bind(sd_jwt, signer, audience=audience, nonce=CHALLENGE, issued_at=NOW)


def test_an_sd_jwt_is_a_presentation_of_one_credential() -> None:
    badge = a_badge(sub=did_of(HOLDER))
    for text in (brought(badge).text, as_text(brought(badge).as_json())):
        verification = shown(text)
        assert verification.verdict is Verdict.VALID, verification.report.failures
        assert verification.form is PresentationForm.SD_JWT
        assert verification.holder == did_of(HOLDER)
        assert verification.credentials[0].is_the_holders
    fewer = shown(brought(badge.with_disclosures([])).text)
    assert fewer.verdict is Verdict.VALID


def test_an_sd_jwt_without_its_holders_signature_stands_for_itself_alone() -> None:
    unbound = verify_presentation(
        a_badge().text, resolvers=FakeResolvers(), now=NOW, policy=Policy()
    )
    assert unbound.verdict is Verdict.VALID, unbound.report.failures
    assert unbound.holder is None
    assert not unbound.credentials[0].is_the_holders
    assert codes(shown(a_badge().text)) == {"key-binding-missing"}


HOSTILE_BADGES: list[tuple[str, str, str]] = [
    ("for another verifier", brought(a_badge(), audience="x").text, "key-binding-refused"),
    ("by a stranger", brought(a_badge(), signer=STRANGER).text, "key-binding-refused"),
    ("a token without parts", a_badge().token, "form-unknown"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "text", "code"), HOSTILE_BADGES, ids=[row[0] for row in HOSTILE_BADGES]
)
def test_a_hostile_sd_jwt_is_no_presentation_for_us(name: str, text: str, code: str) -> None:
    verification = shown(text)
    assert verification.verdict in {Verdict.INVALID, Verdict.UNREADABLE}
    assert code in codes(verification)
    assert verification.holder is None
