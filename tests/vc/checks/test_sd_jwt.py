"""SD-JWT credentials in a verification: the issuer's key, the parts shown, and who shows them."""

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.vc.certificates import CertificateRefused, read_anchors
from skillpassport.vc.checks.session import Policy
from skillpassport.vc.envelope import envelope
from skillpassport.vc.jose import FOREIGN_ALGORITHMS, OWN_ALGORITHMS
from skillpassport.vc.jose.jws import parse_jws, sign_jws
from skillpassport.vc.keys import EcdsaSigner, Signer
from skillpassport.vc.recognition import Form
from skillpassport.vc.report import CheckName, Outcome, Verdict
from skillpassport.vc.sdjwt import Concealment, Path, SdJwt, SdJwtKb, bind, issue_sd_jwt, select
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.sdjwt.serialization import with_binding
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.verify import Verification, verify
from skillpassport.vc.web_documents import WebDocumentUnreachable
from tests.support.certificates import CertifiedSigner, a_certified_signer, an_authority
from tests.support.credentials import (
    ISSUER,
    NOW,
    P256_ISSUER,
    P384_ISSUER,
    STRANGER,
    FakeResolvers,
    a_credential,
    as_text,
    did_of,
    method_of,
)

HOLDER = EcdsaSigner.from_private_bytes(bytes(range(7, 39)))
AUDIENCE, NONCE = "https://verifier.example", "n-0S6_WzA2Mj"
ASKED = Policy(domain=AUDIENCE, challenge=NONCE)
VCT = "https://types.example/welder"
CLAIMS: JsonObject = {
    "vct": VCT,
    "iss": did_of(P256_ISSUER),
    "iat": int(NOW.timestamp()) - 60,
    "exp": int(NOW.timestamp()) + 3600,
    "given_name": "Ama",
    "birthdate": "1990-01-01",
    "skills": ["MIG", "TIG"],
}
PATHS: tuple[Path, ...] = (("given_name",), ("birthdate",), ("skills", 1))


@dataclass(slots=True)
class Web(FakeResolvers):
    """Resolvers that also find the documents that a test put in."""

    documents: dict[str, bytes | str] = field(default_factory=dict)

    def web_document(self, url: str) -> bytes | str:
        self.asked.append(url)
        if url not in self.documents:
            raise WebDocumentUnreachable
        return self.documents[url]


def issued(signer: Signer = P256_ISSUER, /, **changes: JsonValue) -> SdJwt:
    """Return a credential of the claims with some changed; a claim given as None is left out."""
    claims: JsonObject = {**CLAIMS, "iss": did_of(signer), **changes}
    kept: JsonObject = {name: value for name, value in claims.items() if value is not None}
    return issue_sd_jwt_vc(
        kept,
        signer,
        concealment=Concealment(paths=[path for path in PATHS if path[0] in kept]),
        holder=HOLDER.public_key,
        kid=method_of(signer),
    )


def forged(
    header: JsonObject | None = None,
    paths: tuple[Path, ...] = PATHS,
    signer: Signer = P256_ISSUER,
    /,
    **changes: JsonValue,
) -> SdJwt:
    """Return what an issuer signed against the rules."""
    members: JsonObject = {"typ": "dc+sd-jwt", "kid": method_of(signer), **(header or {})}
    claims: JsonObject = {**CLAIMS, "iss": did_of(signer), **changes}
    kept: JsonObject = {name: value for name, value in claims.items() if value is not None}
    return issue_sd_jwt(
        kept,
        signer,
        header={name: value for name, value in members.items() if value is not None},
        concealment=Concealment(paths=[path for path in paths if path[0] in kept]),
        holder=None if "cnf" in changes else HOLDER.public_key,
    )


def bound(sd_jwt: SdJwt | None = None, *, signer: Signer = HOLDER) -> SdJwtKb:
    shown = select(sd_jwt or issued(), [("given_name",)])
    return bind(shown, signer, audience=AUDIENCE, nonce=NONCE, issued_at=NOW)


def checked(
    presented: SdJwt | SdJwtKb | str,
    policy: Policy | None = None,
    resolvers: FakeResolvers | None = None,
    now: datetime = NOW,
) -> Verification:
    text = presented if isinstance(presented, str) else presented.text
    return verify(text, resolvers=resolvers or Web(), now=now, policy=policy or Policy())


def codes(verification: Verification) -> set[str]:
    return {check.code for check in verification.report.failures}


@pytest.mark.parametrize("signer", [ISSUER, P256_ISSUER, P384_ISSUER], ids=lambda s: s.algorithm)
def test_an_issued_credential_is_valid_and_shows_what_was_chosen(signer: Signer) -> None:
    sd_jwt = issued(signer)
    verification = checked(sd_jwt)
    assert verification.report.verdict is Verdict.VALID, verification.report.failures
    assert verification.form is Form.SD_JWT_VC
    assert verification.issuer == did_of(signer)
    assert verification.document is not None
    assert verification.document["given_name"] == "Ama"
    shown = checked(select(sd_jwt, [("given_name",)]))
    assert shown.report.verdict is Verdict.VALID
    assert shown.document is not None
    assert "birthdate" not in shown.document
    assert shown.document["skills"] == ["MIG"]
    assert "_sd" not in shown.document
    in_json = checked(json.dumps(sd_jwt.as_json()))
    assert in_json.report.verdict is Verdict.VALID
    assert in_json.document == verification.document


def test_a_bound_presentation_is_valid_for_whom_it_was_made() -> None:
    for text in (bound().text, json.dumps(bound().as_json())):
        verification = checked(text, ASKED)
        assert verification.report.verdict is Verdict.VALID, verification.report.failures
        assert "key-binding-holds" in {check.code for check in verification.report.checks}


HOUR = timedelta(hours=1)


def rebound(**changes: JsonValue) -> SdJwtKb:
    """Return a presentation whose key binding the holder signed with other claims."""
    payload: JsonObject = {**bound().binding.payload, **changes}
    kept: JsonObject = {name: value for name, value in payload.items() if value is not None}
    return with_binding(bound().sd_jwt, sign_jws({"typ": "kb+jwt"}, kept, HOLDER))


def rebound_header(**header: JsonValue) -> SdJwtKb:
    token = sign_jws(header, bound().binding.payload, HOLDER)
    return with_binding(bound().sd_jwt, token)


SHOWN = bound()
BINDINGS: list[tuple[str, SdJwt | SdJwtKb | str, str]] = [
    ("cut off", SHOWN.sd_jwt, "key-binding-missing"),
    ("of another's key", bound(signer=STRANGER), "key-binding-refused"),
    ("of the issuer's key", bound(signer=P256_ISSUER), "key-binding-refused"),
    ("for another verifier", rebound(aud="https://other.example"), "key-binding-refused"),
    ("for several verifiers", rebound(aud=[AUDIENCE]), "key-binding-refused"),
    ("for nobody", rebound(aud=None), "key-binding-refused"),
    ("with another nonce", rebound(nonce="x"), "key-binding-refused"),
    ("without nonce", rebound(nonce=None), "key-binding-refused"),
    ("nonce a number", rebound(nonce=1), "key-binding-refused"),
    ("without time", rebound(iat=None), "key-binding-refused"),
    ("time a text", rebound(iat="1"), "key-binding-refused"),
    ("an hour old", rebound(iat=int((NOW - HOUR).timestamp())), "key-binding-refused"),
    ("an hour ahead", rebound(iat=int((NOW + HOUR).timestamp())), "key-binding-refused"),
    ("expired", rebound(exp=int(NOW.timestamp()) - 1), "key-binding-refused"),
    ("not before", rebound(nbf=int((NOW + HOUR).timestamp())), "key-binding-refused"),
    ("without sd_hash", rebound(sd_hash=None), "key-binding-refused"),
    ("another sd_hash", rebound(sd_hash="A" * 43), "key-binding-refused"),
    ("of another type", rebound_header(typ="JWT"), "key-binding-refused"),
    ("of no type", rebound_header(), "key-binding-refused"),
    ("none", rebound_header(typ="kb+jwt", alg="none"), "key-binding-refused"),
    ("HMAC", rebound_header(typ="kb+jwt", alg="HS256"), "key-binding-refused"),
    ("brings its key", rebound_header(typ="kb+jwt", jwk=STRANGER.public_key.jwk), "key-binding-refused"),
    ("critical", rebound_header(typ="kb+jwt", crit=["x"]), "key-binding-refused"),
    ("a disclosure removed", with_binding(select(SHOWN.sd_jwt, []), SHOWN.binding_token), "key-binding-refused"),
    ("a disclosure added", with_binding(select(issued(), PATHS), SHOWN.binding_token), "key-binding-refused"),
    ("from another credential", with_binding(select(issued(), [("given_name",)]), SHOWN.binding_token), "key-binding-refused"),
    ("in JSON, a disclosure removed", json.dumps(with_binding(select(SHOWN.sd_jwt, []), SHOWN.binding_token).as_json()), "key-binding-refused"),
    ("in JSON, cut off", json.dumps(SHOWN.sd_jwt.as_json()), "key-binding-missing"),
    ("no holder in the credential", bind(forged(cnf=None), HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=NOW), "key-binding-refused"),
    ("holder by name", bind(forged(cnf={"kid": "x"}), HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=NOW), "key-binding-refused"),
    ("two holders", bind(forged(cnf={"jwk": HOLDER.public_key.jwk, "kid": "x"}), HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=NOW), "key-binding-refused"),
    ("private key in cnf", bind(forged(cnf={"jwk": {**HOLDER.public_key.jwk, "d": "AA"}}), HOLDER, audience=AUDIENCE, nonce=NONCE, issued_at=NOW), "key-binding-refused"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "presented", "code"), BINDINGS, ids=[r[0] for r in BINDINGS])
def test_a_hostile_key_binding_is_refused(
    name: str, presented: SdJwt | SdJwtKb | str, code: str
) -> None:
    verification = checked(presented, ASKED)
    assert verification.report.verdict is Verdict.INVALID
    assert code in codes(verification)


def test_whether_a_key_binding_is_asked_for_is_the_verifiers_decision() -> None:
    assert checked(SHOWN.sd_jwt).report.verdict is Verdict.VALID
    unasked = checked(SHOWN)
    assert unasked.report.verdict is Verdict.VALID
    assert "key-binding-unasked" in {check.code for check in unasked.report.checks}
    later = checked(SHOWN, now=NOW + timedelta(minutes=30))
    assert later.report.verdict is Verdict.VALID
    assert checked(SHOWN, ASKED, now=NOW + timedelta(minutes=30)).report.verdict is Verdict.INVALID
    for policy in (
        Policy(domain=AUDIENCE),
        Policy(challenge=NONCE),
        Policy(holder_must_be_subject=True),
    ):
        assert checked(SHOWN.sd_jwt, policy).report.verdict is Verdict.INVALID
    broken = with_binding(SHOWN.sd_jwt, bound(signer=STRANGER).binding_token)
    assert checked(broken).report.verdict is Verdict.INVALID


def with_header(**header: JsonValue) -> SdJwt:
    return forged(header)


RULES: list[tuple[str, SdJwt, str]] = [
    ("no type", with_header(typ=None), "jws-type-refused"),
    ("type JWT", with_header(typ="JWT"), "jws-type-refused"),
    ("embedded key", with_header(jwk=P256_ISSUER.public_key.jwk), "jws-header-refused"),
    ("key by address", with_header(jku="https://evil.example"), "jws-header-refused"),
    ("certificates by address", with_header(x5u="https://evil.example"), "jws-header-refused"),
    ("critical", with_header(crit=["x"], x=1), "jws-header-refused"),
    ("unencoded", with_header(b64=False), "jws-header-refused"),
    ("none", with_header(alg="none"), "jws-algorithm-refused"),
    ("HMAC", with_header(alg="HS256"), "jws-algorithm-refused"),
    ("RS256 over ECDSA", with_header(alg="RS256"), "jws-algorithm-refused"),
    ("another algorithm", with_header(alg="ES384"), "proof-invalid"),
    ("key of a stranger", with_header(kid=method_of(STRANGER)), "issuer-key-mismatch"),
    ("issuer a stranger", forged({"kid": method_of(P256_ISSUER)}, iss=did_of(STRANGER)), "issuer-key-mismatch"),
    ("no issuer", forged(iss=None), "issuer-key-mismatch"),
    ("issuer a number", forged(iss=1), "sd-jwt-vc-malformed"),
    ("vct a number", forged(vct=1), "sd-jwt-vc-malformed"),
    ("vct empty", forged(vct=""), "sd-jwt-vc-malformed"),
    ("no vct", forged(vct=None), "sd-jwt-vc-malformed"),
    ("context beside vct", forged({"typ": "vc+sd-jwt"}, **{"@context": []}), "sd-jwt-vc-malformed"),
    ("context in dc", forged(**{"@context": "https://www.w3.org/ns/credentials/v2"}), "sd-jwt-vc-malformed"),
    ("context by disclosure", forged(None, (("@context",),), **{"@context": []}), "sd-jwt-vc-malformed"),
    ("exp a text", forged(exp="9999999999"), "jwt-claim-refused"),
    ("iat a boolean", forged(iat=True), "jwt-claim-refused"),
    ("expired", forged(exp=int(NOW.timestamp()) - 1), "credential-expired"),
    ("not yet", forged(nbf=int(NOW.timestamp()) + 60), "credential-not-yet-valid"),
    ("exp by disclosure", forged(None, (("exp",),)), "disclosure-refused"),
    ("iss by disclosure", forged(None, (("iss",),)), "disclosure-refused"),
    ("vct by disclosure", forged(None, (("vct",),)), "disclosure-refused"),
    ("part of cnf by disclosure", forged(None, (("cnf", "jwk"),), cnf={"jwk": HOLDER.public_key.jwk}), "disclosure-refused"),
    ("part of status by disclosure", forged(None, (("status", "x"),), status={"x": {}}), "disclosure-refused"),
    ("status a text", forged(status="good"), "sd-jwt-vc-malformed"),
    ("status of a kind", forged(status={"status_list": {"idx": 1, "uri": "https://x.example"}}), "status-unreachable"),
    ("status of a kind", forged(status={"other_list": {"idx": 1}}), "status-type-unknown"),
    ("other types empty", forged(aka_vcts=[]), "sd-jwt-vc-malformed"),
    ("other types its own", forged(aka_vcts=[VCT]), "sd-jwt-vc-malformed"),
    ("cnf a text", forged(cnf="x"), "key-binding-refused"),
    ("subject a number", forged(sub=1), "sd-jwt-vc-malformed"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "presented", "code"), RULES, ids=[row[0] for row in RULES])
def test_what_breaks_the_rules_is_not_valid_although_the_signature_holds(
    name: str, presented: SdJwt, code: str
) -> None:
    verification = checked(presented)
    assert code in codes(verification)
    assert verification.report.verdict in {Verdict.INVALID, Verdict.UNDETERMINED}
    control = forged({"cty": "x"}, aka_vcts=["urn:x"], sub="did:example:1", nbf=1)
    assert checked(control).report.verdict is Verdict.VALID


def flipped(sd_jwt: SdJwt, part: int) -> str:
    pieces = sd_jwt.text.split("~")
    pieces[part] = ("A" if pieces[part][10] != "A" else "B").join(
        (pieces[part][:10], pieces[part][11:])
    )
    return "~".join(pieces)


def test_a_forged_disclosure_or_token_is_refused() -> None:
    sd_jwt = issued()
    other = issued(given_name="Kofi").disclosures
    tampered = [
        flipped(sd_jwt, 1),
        flipped(sd_jwt, 0),
        sd_jwt.with_disclosures([*sd_jwt.disclosures, sd_jwt.disclosures[0]]).text,
        sd_jwt.with_disclosures(other).text,
        sd_jwt.with_disclosures([*sd_jwt.disclosures, other[0]]).text,
        sd_jwt.text.replace("~", "~~", 1),
        sd_jwt.token,
        f"{issued(given_name='Kofi').token}~" + sd_jwt.text.partition("~")[2],
    ]
    for text in tampered:
        assert checked(text).report.verdict in {Verdict.INVALID, Verdict.UNREADABLE}
    start, _, signature = sd_jwt.token.rpartition(".")
    resigned = f"{start}.{'A' * len(signature)}" + sd_jwt.text[len(sd_jwt.token) :]
    assert codes(checked(resigned)) == {"proof-invalid"}


def test_the_retired_type_is_read_with_a_remark() -> None:
    verification = checked(forged({"typ": "vc+sd-jwt"}))
    assert verification.report.verdict is Verdict.VALID
    assert verification.form is Form.SD_JWT_VC
    assert "sd-jwt-type-retired" in {check.code for check in verification.report.checks}


def w3c(signer: Signer = P256_ISSUER, *paths: Path, **changes: JsonValue) -> SdJwt:
    subject: JsonObject = {"id": "urn:x", "name": "Ama", "birthDate": "1990-01-01"}
    document = a_credential(issuer=did_of(signer), credentialSubject=subject, **changes)
    return issue_sd_jwt(
        document,
        signer,
        header={"typ": "vc+sd-jwt", "cty": "vc", "kid": method_of(signer)},
        concealment=Concealment(paths=paths or (("credentialSubject", "birthDate"),)),
    )


def test_the_other_standard_of_the_same_name_is_told_apart() -> None:
    sd_jwt = w3c()
    for text in (sd_jwt.text, as_text(envelope(sd_jwt.text, "vc+sd-jwt"))):
        verification = checked(text)
        assert verification.report.verdict is Verdict.VALID, verification.report.failures
        assert verification.form is Form.VC_SD_JWT
        assert verification.issuer == did_of(P256_ISSUER)
    hidden = checked(sd_jwt.with_disclosures([]))
    assert hidden.report.verdict is Verdict.VALID
    assert hidden.document is not None
    assert hidden.document["credentialSubject"] == {"id": "urn:x", "name": "Ama"}
    assert checked(as_text(envelope(sd_jwt.text, "vc+jwt"))).report.verdict is Verdict.UNREADABLE
    dc = as_text(envelope(issued().text, "vc+sd-jwt"))
    assert checked(dc).report.verdict is Verdict.UNREADABLE


@pytest.mark.parametrize(
    ("sd_jwt", "code"),
    [
        (w3c(P256_ISSUER, ("validUntil",), validUntil="2030-01-01T00:00:00Z"), "disclosure-refused"),
        (w3c(P256_ISSUER, ("type", 0)), "disclosure-refused"),
        (w3c(P256_ISSUER, ("vct",), vct="x"), "disclosure-refused"),
        (w3c(P256_ISSUER, iss=did_of(STRANGER)), "jwt-claim-refused"),
        (w3c(P256_ISSUER, vc={}), "jwt-claim-refused"),
        (w3c(P256_ISSUER, validUntil="2026-11-10T00:00:00Z"), "credential-expired"),
        (w3c(P256_ISSUER, credentialStatus={"type": "Other"}), "status-type-unknown"),
        (w3c(P256_ISSUER, validFrom="yesterday"), "credential-malformed"),
    ],
)  # fmt: skip
def test_a_w3c_credential_keeps_its_own_rules(sd_jwt: SdJwt, code: str) -> None:
    assert code in codes(checked(sd_jwt))


# --- the issuer's key at its own address -----------------------------------------------------

SITE = "https://issuer.example/tenant/1"
ADDRESS = "https://issuer.example/.well-known/jwt-vc-issuer/tenant/1"
NAMED: JsonObject = {**P256_ISSUER.public_key.jwk, "kid": "k1"}
OTHER: JsonObject = {**P384_ISSUER.public_key.jwk, "kid": "k2"}


def metadata(**changes: JsonValue) -> dict[str, bytes | str]:
    document: JsonObject = {"issuer": SITE, "jwks": {"keys": [NAMED, OTHER]}, **changes}
    kept = {name: value for name, value in document.items() if value is not None}
    return {ADDRESS: json.dumps(kept)}


def at_site(site: str = SITE, kid: str | None = "k1") -> SdJwt:
    return forged({"kid": kid}, iss=site)


def test_a_key_is_found_at_the_issuers_own_address() -> None:
    assert checked(at_site(), resolvers=Web(documents=metadata())).report.verdict is Verdict.VALID
    keys = "https://keys.example/set"
    apart: dict[str, bytes | str] = {
        **metadata(jwks=None, jwks_uri=keys),
        keys: json.dumps({"keys": [NAMED]}),
    }
    assert checked(at_site(), resolvers=Web(documents=apart)).report.verdict is Verdict.VALID
    only = metadata(jwks={"keys": [NAMED]})
    unnamed = checked(at_site(kid=None), resolvers=Web(documents=only))
    assert unnamed.report.verdict is Verdict.VALID
    root = {
        "https://issuer.example/.well-known/jwt-vc-issuer": json.dumps(
            {"issuer": "https://issuer.example/", "jwks": {"keys": [NAMED]}}
        )
    }
    slash = checked(at_site("https://issuer.example/"), resolvers=Web(documents={**root}))
    assert slash.report.verdict is Verdict.VALID


SITES: list[tuple[str, SdJwt, dict[str, bytes | str], Verdict]] = [
    ("unreachable", at_site(), {}, Verdict.UNDETERMINED),
    ("key set unreachable", at_site(), metadata(jwks=None, jwks_uri="https://k.example/"), Verdict.UNDETERMINED),
    ("another issuer", at_site(), metadata(issuer="https://issuer.example"), Verdict.INVALID),
    ("no issuer", at_site(), metadata(issuer=None), Verdict.INVALID),
    ("both sets", at_site(), metadata(jwks_uri="https://k.example/"), Verdict.INVALID),
    ("no set", at_site(), metadata(jwks=None), Verdict.INVALID),
    ("set over http", at_site(), metadata(jwks=None, jwks_uri="http://k.example/"), Verdict.INVALID),
    ("set a text", at_site(), metadata(jwks="x"), Verdict.INVALID),
    ("keys an object", at_site(), metadata(jwks={"keys": {}}), Verdict.INVALID),
    ("no such key", at_site(kid="k9"), metadata(), Verdict.INVALID),
    ("two of the name", at_site(), metadata(jwks={"keys": [NAMED, NAMED]}), Verdict.INVALID),
    ("unnamed among two", at_site(kid=None), metadata(), Verdict.INVALID),
    ("another key", at_site(kid="k2"), metadata(), Verdict.INVALID),
    ("private key", at_site(), metadata(jwks={"keys": [{**NAMED, "d": "AA"}]}), Verdict.INVALID),
    ("for encryption", at_site(), metadata(jwks={"keys": [{**NAMED, "use": "enc"}]}), Verdict.INVALID),
    ("not JSON", at_site(), {ADDRESS: "<html>"}, Verdict.INVALID),
    ("member twice", at_site(), {ADDRESS: '{"issuer":"x","issuer":"y"}'}, Verdict.INVALID),
    ("over http", at_site("http://issuer.example/tenant/1"), metadata(), Verdict.INVALID),
    ("with a query", at_site(f"{SITE}?x"), metadata(), Verdict.INVALID),
    ("with a fragment", at_site(f"{SITE}#x"), metadata(), Verdict.INVALID),
    ("with a user", at_site("https://a@issuer.example/tenant/1"), metadata(), Verdict.INVALID),
    ("without a host", at_site("https:///tenant/1"), metadata(), Verdict.INVALID),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "sd_jwt", "documents", "verdict"), SITES, ids=[r[0] for r in SITES]
)
def test_a_key_that_the_issuer_does_not_publish_so_is_not_used(
    name: str, sd_jwt: SdJwt, documents: dict[str, bytes | str], verdict: Verdict
) -> None:
    assert checked(sd_jwt, resolvers=Web(documents=documents)).report.verdict is verdict


def test_resolvers_that_fetch_nothing_leave_the_key_unchecked() -> None:
    verification = checked(at_site(), resolvers=FakeResolvers())
    assert verification.report.verdict is Verdict.UNDETERMINED
    assert "web-document-unreachable" in codes(verification)


# --- the issuer's key by certificates --------------------------------------------------------

ROOT, FOREIGN_ROOT = an_authority(), an_authority("Foreign")
BETWEEN = an_authority("Between", under=ROOT)
CERTIFIED = a_certified_signer(ROOT)
DEEP = a_certified_signer(BETWEEN, between=[BETWEEN])
TRUSTING = Policy(trust_anchors=(ROOT.der,))


def sealed(
    certified: CertifiedSigner = CERTIFIED,
    *,
    issuer: str | None = "https://issuer.example/x",
    chain: JsonValue = None,
) -> SdJwt:
    signer = certified.signer
    x5c: JsonValue = chain if chain is not None else [*certified.chain]
    return forged({"kid": None, "x5c": x5c}, PATHS, signer, iss=issuer)


def test_a_chain_to_a_trusted_authority_vouches_for_the_issuer() -> None:
    for certified in (CERTIFIED, DEEP):
        verification = checked(sealed(certified), TRUSTING)
        assert verification.report.verdict is Verdict.VALID, verification.report.failures
    named = a_certified_signer(ROOT, names=[x509.UniformResourceIdentifier("urn:issuer:1")])
    assert checked(sealed(named, issuer="urn:issuer:1"), TRUSTING).report.verdict is Verdict.VALID
    by_subject = checked(sealed(issuer=None), TRUSTING)
    assert by_subject.report.verdict is Verdict.VALID
    assert by_subject.issuer == "CN=Issuer"


def test_an_unknown_authority_is_a_doubt_and_the_signature_is_still_judged() -> None:
    for policy in (Policy(), Policy(trust_anchors=(FOREIGN_ROOT.der,))):
        verification = checked(sealed(), policy)
        assert verification.report.verdict is Verdict.UNDETERMINED
        assert codes(verification) == {"trust-anchor-unknown"}
        assert "proof-valid" in {check.code for check in verification.report.checks}
        (binding,) = [c for c in verification.report.checks if c.name == CheckName.BINDING]
        assert binding.outcome is Outcome.UNCHECKED, "anyone can write any name into a certificate"


IMPOSTOR = a_certified_signer(FOREIGN_ROOT)
NAMESAKE = an_authority("Root")
OF_A_DID = a_certified_signer(
    ROOT, names=[x509.UniformResourceIdentifier("did:web:issuer.example")]
)
EXPIRED = a_certified_signer(ROOT, until=datetime(2026, 6, 1, tzinfo=UTC))
CHAINS: list[tuple[str, SdJwt, str]] = [
    ("an authority of the same name", sealed(a_certified_signer(NAMESAKE)), "certificate-refused"),
    ("expired", sealed(EXPIRED), "certificate-refused"),
    ("link missing", sealed(DEEP, chain=[DEEP.chain[0]]), "trust-anchor-unknown"),
    ("another's chain", sealed(IMPOSTOR, chain=[*CERTIFIED.chain]), "proof-invalid"),
    ("another's name", sealed(issuer="https://other.example"), "issuer-key-mismatch"),
    ("a name below", sealed(issuer="https://sub.issuer.example"), "issuer-key-mismatch"),
    ("the name as user", sealed(issuer="https://issuer.example@evil.example"), "issuer-key-mismatch"),
    ("over http", sealed(issuer="http://issuer.example"), "issuer-key-mismatch"),
    ("a DID, whose own document counts", sealed(OF_A_DID, issuer="did:web:issuer.example"), "jws-key-unnamed"),
    ("no names", sealed(a_certified_signer(ROOT, names=[])), "issuer-key-mismatch"),
    ("empty", sealed(chain=[]), "certificate-refused"),
    ("a text", sealed(chain=CERTIFIED.chain[0]), "certificate-refused"),
    ("a number", sealed(chain=[1]), "certificate-refused"),
    ("base64url", sealed(chain=["-_" + CERTIFIED.chain[0]]), "certificate-refused"),
    ("not DER", sealed(chain=[base64.b64encode(b"x").decode()]), "certificate-refused"),
    ("too many", sealed(chain=[CERTIFIED.chain[0]] * 7), "certificate-refused"),
    ("huge", sealed(chain=["A" * 100_000]), "certificate-refused"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sd_jwt", "code"), CHAINS, ids=[row[0] for row in CHAINS])
def test_a_chain_that_does_not_hold_vouches_for_nothing(
    name: str, sd_jwt: SdJwt, code: str
) -> None:
    verification = checked(sd_jwt, TRUSTING)
    assert verification.report.verdict is not Verdict.VALID
    assert code in codes(verification)


def test_an_authority_may_not_be_a_signer_of_authorities_it_is_not() -> None:
    """A certificate of an issuer is no authority, whatever it signs."""
    end = a_certified_signer(ROOT)
    leaf = x509.load_der_x509_certificate(base64.b64decode(end.chain[0]))
    fake = replace(an_authority("Issuer"), certificate=leaf, key=end.signer._private_key)
    below = a_certified_signer(fake, between=[fake])
    assert "certificate-refused" in codes(checked(sealed(below), TRUSTING))


# --- the type --------------------------------------------------------------------------------


def integrity_of(text: str, name: str = "sha256") -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, text.encode()).digest()).decode()}"


def a_type(vct: str = VCT, **members: JsonValue) -> str:
    return json.dumps({"vct": vct, **members})


READING = Policy(check_type_metadata=True)
PINNED = a_type(name="Welder")
BASE = "https://types.example/base"
NAME_RULE: JsonObject = {"path": ["given_name"], "sd": "always", "mandatory": True}
TYPES: list[tuple[str, SdJwt, dict[str, str], str | None]] = [
    ("bare", issued(), {VCT: a_type()}, None),
    ("pinned", issued(**{"vct#integrity": integrity_of(PINNED)}), {VCT: PINNED}, None),
    ("pinned twice", issued(**{"vct#integrity": f"{integrity_of('x')} {integrity_of(PINNED, 'sha512')}"}), {VCT: PINNED}, None),
    ("rules met", issued(), {VCT: a_type(claims=[NAME_RULE, {"path": ["skills", None]}, {"path": ["skills", 5]}])}, None),
    ("extends", issued(), {VCT: a_type(extends=BASE), BASE: a_type(BASE, claims=[NAME_RULE])}, None),
    ("withheld", select(issued(), []), {VCT: a_type(claims=[NAME_RULE])}, None),
    ("unreachable", issued(), {}, "web-document-unreachable"),
    ("extended unreachable", issued(), {VCT: a_type(extends=BASE)}, "web-document-unreachable"),
    ("no address", issued(vct="urn:x"), {}, "type-metadata-refused"),
    ("another document", issued(**{"vct#integrity": integrity_of(PINNED)}), {VCT: a_type()}, "type-metadata-refused"),
    ("weaker digest of it", issued(**{"vct#integrity": f"{integrity_of(PINNED)} {integrity_of('x', 'sha512')}"}), {VCT: PINNED}, "type-metadata-refused"),
    ("md5", issued(**{"vct#integrity": "md5-AAAA"}), {VCT: PINNED}, "type-metadata-refused"),
    ("another type's", issued(), {VCT: a_type("https://types.example/other")}, "type-metadata-refused"),
    ("not JSON", issued(), {VCT: "<html>"}, "type-metadata-refused"),
    ("a circle", issued(), {VCT: a_type(extends=BASE), BASE: a_type(BASE, extends=VCT)}, "type-metadata-refused"),
    ("extends pinned wrongly", issued(), {VCT: a_type(extends=BASE, **{"extends#integrity": integrity_of("x")}), BASE: a_type(BASE)}, "type-metadata-refused"),
    ("mandatory missing", issued(), {VCT: a_type(claims=[{"path": ["family_name"], "mandatory": True}])}, "type-metadata-refused"),
    ("never by disclosure", issued(), {VCT: a_type(claims=[{"path": ["given_name"], "sd": "never"}])}, "type-metadata-refused"),
    ("always by disclosure", issued(), {VCT: a_type(claims=[{"path": ["skills", 0], "sd": "always"}])}, "type-metadata-refused"),
    ("made optional", issued(), {VCT: a_type(extends=BASE, claims=[{"path": ["given_name"], "mandatory": False}]), BASE: a_type(BASE, claims=[NAME_RULE])}, "type-metadata-refused"),
    ("sd loosened", issued(), {VCT: a_type(extends=BASE, claims=[{"path": ["given_name"], "sd": "allowed"}]), BASE: a_type(BASE, claims=[NAME_RULE])}, "type-metadata-refused"),
    ("path empty", issued(), {VCT: a_type(claims=[{"path": []}])}, "type-metadata-refused"),
    ("path of a boolean", issued(), {VCT: a_type(claims=[{"path": [True]}])}, "type-metadata-refused"),
    ("path negative", issued(), {VCT: a_type(claims=[{"path": ["skills", -1]}])}, "type-metadata-refused"),
    ("path into a text", issued(), {VCT: a_type(claims=[{"path": ["given_name", "x"]}])}, "type-metadata-refused"),
    ("path of elements of a text", issued(), {VCT: a_type(claims=[{"path": ["given_name", None]}])}, "type-metadata-refused"),
    ("sd unknown", issued(), {VCT: a_type(claims=[{"path": ["x"], "sd": "x"}])}, "type-metadata-refused"),
    ("claims an object", issued(), {VCT: a_type(claims={})}, "type-metadata-refused"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "sd_jwt", "documents", "code"), TYPES, ids=[r[0] for r in TYPES])
def test_a_credential_keeps_to_its_type(
    name: str, sd_jwt: SdJwt, documents: dict[str, str], code: str | None
) -> None:
    verification = checked(sd_jwt, READING, Web(documents={**documents}))
    if code is None:
        assert verification.report.verdict is Verdict.VALID, verification.report.failures
        assert "type-metadata-met" in {check.code for check in verification.report.checks}
    else:
        assert codes(verification) == {code}


def test_the_publisher_of_a_type_is_asked_only_on_demand() -> None:
    """A fetch tells somebody that such a credential is being verified."""
    web = Web(documents={VCT: a_type()})
    assert checked(issued(), resolvers=web).report.verdict is Verdict.VALID
    assert web.asked == []


def test_a_mandatory_claim_that_can_be_seen_to_be_missing_is_missing() -> None:
    """Where a digest stays closed, nobody can say what is behind it."""
    rule = a_type(claims=[{"path": ["family_name"], "mandatory": True}])
    closed = checked(select(issued(), []), READING, Web(documents={VCT: rule}))
    assert closed.report.verdict is Verdict.VALID


# --- algorithms and other places -------------------------------------------------------------


def test_only_listed_algorithms_are_accepted() -> None:
    for algorithms in (FOREIGN_ALGORITHMS, OWN_ALGORITHMS - {"ES256"}, frozenset[str]()):
        policy = Policy(jws_algorithms=algorithms)
        assert "jws-algorithm-refused" in codes(checked(issued(), policy))


def test_an_algorithm_without_a_reader_is_named() -> None:
    text = f"{sign_jws({'typ': 'dc+sd-jwt', 'alg': 'ES512'}, CLAIMS, P256_ISSUER)}~"
    verification = checked(text)
    assert verification.report.verdict is Verdict.UNREADABLE
    assert "ES512" in str(verification.seems_to_be)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (issued().token, "without the '~'"),
        (forged({"typ": "kb+jwt"}).text, "another use"),
        (forged({"typ": "example+sd-jwt"}).text, "another use"),
        (f"{issued().text}~~", "damaged"),
    ],
)
def test_what_is_no_credential_is_named(text: str, expected: str) -> None:
    verification = checked(text)
    assert verification.report.verdict is Verdict.UNREADABLE
    assert expected in str(verification.seems_to_be)


def test_every_byte_that_is_changed_is_noticed() -> None:
    presentation = bound()
    original = presentation.text
    assert checked(original, ASKED).report.verdict is Verdict.VALID
    for position in range(len(original)):
        letter = "A" if original[position] != "A" else "B"
        tampered = original[:position] + letter + original[position + 1 :]
        assert checked(tampered, ASKED).report.verdict is not Verdict.VALID, position


def test_a_key_binding_holds_when_the_clock_is_off_within_the_window() -> None:
    wide = replace(ASKED, key_binding_window=timedelta(hours=2))
    later = NOW + timedelta(minutes=30)
    assert checked(SHOWN, wide, now=later).report.verdict is Verdict.VALID
    assert all(
        check.outcome is not Outcome.UNCHECKED for check in checked(SHOWN, ASKED).report.checks
    )
    assert parse_jws(SHOWN.binding_token).header["typ"] == "kb+jwt"


# --- found by trying -------------------------------------------------------------------------

ODD: list[JsonValue] = [
    None, True, -1, 1.5, "", "x", "did:web:x", "\u202e", [], {}, [[]], [{}], {"...": "x"},
    {"_sd": ["x"]}, {"jwk": {}}, {"kty": "EC"}, {"status_list": []}, SITE,
]  # fmt: skip
MEMBERS = ["vct", "iss", "sub", "exp", "nbf", "iat", "cnf", "status", "aka_vcts", "vct#integrity",
           "given_name", "skills", "type", "issuer", "credentialSubject", "_sd_alg"]  # fmt: skip


@given(st.dictionaries(st.sampled_from(MEMBERS), st.sampled_from(ODD), max_size=4))
def test_no_claims_however_odd_break_the_verifier(claims: JsonObject) -> None:
    payload: JsonObject = {**issued().jws.payload, **claims}
    token = sign_jws({"typ": "dc+sd-jwt", "kid": method_of(P256_ISSUER)}, payload, P256_ISSUER)
    web = Web(documents={**metadata(), VCT: a_type(claims=[NAME_RULE])})
    assert checked(f"{token}~", replace(READING, challenge=NONCE), web).report.checks


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=3))
def test_no_octets_in_a_certificate_break_the_verifier(changes: list[tuple[int, int]]) -> None:
    """A certificate is parsed on access: what it holds may be found broken at any later step."""
    octets = bytearray(base64.b64decode(CERTIFIED.chain[0]))
    for position, value in changes:
        octets[position % len(octets)] = value
    chain: list[JsonValue] = [base64.b64encode(bytes(octets)).decode()]
    verdict = checked(sealed(chain=chain), TRUSTING).report.verdict
    is_untouched = chain == [CERTIFIED.chain[0]]
    assert (verdict is Verdict.VALID) is is_untouched


def test_a_rule_of_a_type_that_is_no_text_is_refused() -> None:
    rule = a_type(claims=[{"path": ["x"], "sd": ["always"]}])
    assert codes(checked(issued(), READING, Web(documents={VCT: rule}))) == {
        "type-metadata-refused"
    }


def test_trust_anchors_come_from_a_file_of_certificates() -> None:
    pem = b"".join(a.certificate.public_bytes(Encoding.PEM) for a in (ROOT, FOREIGN_ROOT))
    policy = Policy(trust_anchors=read_anchors(pem))
    assert checked(sealed(), policy).report.verdict is Verdict.VALID
    for text in (b"", b"x", pem[:200], pem.replace(b"CERTIFICATE", b"PRIVATE KEY")):
        with pytest.raises(CertificateRefused):
            read_anchors(text)
