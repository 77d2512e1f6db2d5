"""What may be signed under a profile: each rule of the data model, hostile beside control."""

from typing import Any

import pytest

from tests.support.awards import register
from tests.support.instances import ADMINISTRATOR, PUBLIC_URL
from tests.support.vc_api import V2, VOCABULARY, Desk, Profile, composed

SUBJECT: dict[str, Any] = {"id": "did:example:somebody", "skill": "welding"}
TYPED = {"type": "ExampleThing"}
DIGEST = "sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"

ACCEPTED: dict[str, dict[str, Any]] = {
    "nothing but the least": {},
    "one type as a text": {"type": "VerifiableCredential"},
    "a further type": {"type": ["VerifiableCredential", "ExampleThing"]},
    "a type that is a URL": {"type": ["VerifiableCredential", "https://types.example/Thing"]},
    "an id": {"id": "urn:uuid:6c4b6f9e-9b0a-4b6e-8f0a-1a2b3c4d5e6f"},
    "no inline vocabulary": {"@context": [V2], "credentialSubject": {"id": "did:example:x"}},
    "a lone context as a text": {"@context": V2, "credentialSubject": {"id": "did:example:x"}},
    "a subject without an id": {"credentialSubject": {"skill": "welding"}},
    "several subjects": {"credentialSubject": [SUBJECT, {"skill": "masonry"}]},
    "a start": {"validFrom": "2026-01-01T00:00:00Z"},
    "a start with an offset": {"validFrom": "2026-01-01T00:00:00+05:30"},
    "a start in fractions": {"validFrom": "2026-01-01T00:00:00.123Z"},
    "a period": {"validFrom": "2020-01-01T00:00:00Z", "validUntil": "2099-01-01T00:00:00Z"},
    "a name": {"name": "Welder", "description": "Joins metal."},
    "a name in a language": {"name": {"@value": "Soudeur", "@language": "fr"}},
    "a name with a direction": {"name": {"@value": "لحام", "@language": "ar", "@direction": "rtl"}},
    "names in languages": {
        "name": [{"@value": "Welder", "@language": "en"}, {"@value": "سيد", "@language": "ar"}]
    },
    "a schema": {"credentialSchema": {"id": "https://s.example/1", "type": "JsonSchema"}},
    "schemas": {
        "credentialSchema": [
            {"id": "https://s.example/1", "type": "JsonSchema"},
            {"id": "https://s.example/2", "type": "JsonSchema"},
        ]
    },
    "a status of the client's": {"credentialStatus": TYPED | {"id": "https://s.example/1#2"}},
    "a status without an id": {"credentialStatus": TYPED},
    "terms of use": {"termsOfUse": TYPED},
    "evidence": {"evidence": [TYPED | {"id": "https://e.example/1"}, TYPED]},
    "a refresh service": {"refreshService": TYPED | {"id": "https://r.example/"}},
    "a related resource": {"relatedResource": {"id": "https://r.example/1", "digestSRI": DIGEST}},
}

REFUSED: dict[str, dict[str, Any]] = {
    "no context": {"@context": None},
    "no contexts": {"@context": []},
    "another context first": {"@context": [VOCABULARY, V2]},
    "the older data model": {"@context": ["https://www.w3.org/2018/credentials/v1"]},
    "a context that is no URL": {"@context": [V2, 7]},
    "a context that nobody knows": {"@context": [V2, "https://unknown.example/context"]},
    "a term that nobody defined": {"@context": [V2], "invented": "x"},
    "a claim that nobody defined": {"@context": [V2], "credentialSubject": {"invented": "x"}},
    "a type that nobody defined": {"@context": [V2], "type": ["VerifiableCredential", "Invented"]},
    "a protected term defined anew": {"@context": [V2, {"issuer": "https://evil.example/#i"}]},
    "no type": {"type": None},
    "another type": {"type": ["ExampleThing"]},
    "a type that is no text": {"type": ["VerifiableCredential", 7]},
    "a null among the types": {"type": ["VerifiableCredential", None]},
    "an id that is no URL": {"id": "not a url"},
    "several ids": {"id": ["urn:example:1", "urn:example:2"]},
    "an id that is an object": {"id": {"id": "urn:example:1"}},
    "another issuer": {"issuer": "did:example:other"},
    "another issuer in an object": {"issuer": {"id": "did:example:other"}},
    "an issuer without an id": {"issuer": {"name": "Somebody"}},
    "an issuer that is no URL": {"issuer": "somebody"},
    "an issuer that is a number": {"issuer": 7},
    "several issuers": {"issuer": ["did:example:a", "did:example:b"]},
    "no subject": {"credentialSubject": None},
    "an empty subject": {"credentialSubject": {}},
    "no subjects": {"credentialSubject": []},
    "an empty subject among others": {"credentialSubject": [SUBJECT, {}]},
    "a subject that is a text": {"credentialSubject": "did:example:x"},
    "a subject whose id is no URL": {"credentialSubject": {"id": "somebody", "skill": "x"}},
    "a day for an instant": {"validFrom": "2026-01-01"},
    "a start without a zone": {"validFrom": "2026-01-01T00:00:00"},
    "a number for an instant": {"validUntil": 1767225600},
    "an end before the start": {
        "validFrom": "2026-02-01T00:00:00Z",
        "validUntil": "2026-01-01T00:00:00Z",
    },
    "a name that is a number": {"name": 7},
    "a name with a type": {"name": {"@value": "x", "@language": "en", "@type": "T"}},
    "a name in a map of languages": {"name": {"en": "Welder"}},
    "a description that is an object": {"description": {"@language": "en"}},
    "a schema without a type": {"credentialSchema": {"id": "https://s.example/1"}},
    "a schema without an id": {"credentialSchema": {"type": "JsonSchema"}},
    "a schema that is a text": {"credentialSchema": "https://s.example/1"},
    "a status without a type": {"credentialStatus": {"id": "https://s.example/1#2"}},
    "a status whose id is no URL": {"credentialStatus": TYPED | {"id": "not a url"}},
    "a status that is a text": {"credentialStatus": "good"},
    "terms of use without a type": {"termsOfUse": {"id": "https://t.example/"}},
    "evidence without a type": {"evidence": [{"id": "https://e.example/1"}]},
    "evidence that is a text": {"evidence": "seen"},
    "a refresh service without a type": {"refreshService": {"id": "https://r.example/"}},
    "a resource without a digest": {"relatedResource": [{"id": "https://r.example/1"}]},
    "a resource without an id": {"relatedResource": [{"digestSRI": DIGEST}]},
    "a resource twice": {
        "relatedResource": [{"id": "https://r.example/1", "digestSRI": DIGEST}] * 2
    },
    "a resource that is a text": {"relatedResource": ["https://r.example/1"]},
    "a proof of somebody": {"proof": {"type": "DataIntegrityProof"}},
}

SECURED = (("eddsa-rdfc-2022", "Ed25519"), ("ecdsa-jcs-2019", "P-256"), ("vc+jwt", "P-384"))


@pytest.fixture(params=SECURED, ids=[name for name, _ in SECURED])
def profile(desk: Desk, request: pytest.FixtureRequest) -> Profile:
    """Make a profile of each kind in turn: statements, letters, a token."""
    securing, key_type = request.param
    return desk.profile(securing=securing, key_type=key_type)


def test_what_follows_the_data_model_is_signed_and_verifies(profile: Profile) -> None:
    for what, changes in ACCEPTED.items():
        answer = profile.ask(composed(**changes))
        assert answer.status_code == 201, f"{what}: {answer.text}"
        signed = answer.json()["verifiableCredential"]
        verified = profile.desk.verify(signed, checks=["proof"])
        assert verified.status_code == 200, f"{what}: {verified.text}"


def test_what_departs_from_the_data_model_is_not_signed(profile: Profile) -> None:
    for what, changes in REFUSED.items():
        answer = profile.ask(composed(**changes))
        assert answer.status_code == 400, f"{what}: {answer.text}"
        problem = answer.json()
        assert (problem["code"], bool(problem["errors"])) == ("credential-refused", True), what
        assert answer.headers["content-type"] == "application/problem+json"


def test_nulls_are_refused_wherever_they_stand(profile: Profile) -> None:
    for member in ("id", "issuer", "validFrom", "credentialStatus", "evidence", "termsOfUse"):
        answer = profile.ask(composed() | {member: None})
        assert answer.status_code == 400, f"{member}: {answer.text}"


def test_the_issuer_is_the_profile_whether_named_or_not(desk: Desk) -> None:
    profile = desk.profile()
    assert profile.sign(composed())["issuer"] == profile.did
    for named in (profile.did, {"id": profile.did, "name": "Welding desk"}):
        assert profile.sign(composed(issuer=named))["issuer"] == named


def test_what_is_signed_is_what_was_composed(desk: Desk) -> None:
    given = composed(id="urn:example:1", name="Welder")
    signed = desk.profile(securing="eddsa-rdfc-2022").sign(given)
    proof = signed.pop("proof")
    assert isinstance(proof, dict)
    assert signed == given | {"issuer": signed["issuer"]}


def test_a_status_entry_is_added_beside_those_of_the_client(desk: Desk) -> None:
    profile = desk.profile(status="bitstring")
    own = profile.sign(composed())["credentialStatus"]
    assert own["type"] == "BitstringStatusListEntry"
    assert own["statusListCredential"].startswith(f"{PUBLIC_URL}/status/")
    path = own["statusListCredential"].removeprefix(PUBLIC_URL)
    assert desk.served.get(path).json()["issuer"] == profile.did
    given = TYPED | {"id": "https://s.example/1#2"}
    both = profile.sign(composed(credentialStatus=given))["credentialStatus"]
    assert both[0] == given
    assert both[1]["statusListCredential"] == own["statusListCredential"]
    assert both[1]["statusListIndex"] != own["statusListIndex"]


NO_REQUESTS: tuple[object, ...] = (
    None, [], "text", {}, {"credential": None}, {"credential": []}, {"credential": "x"},
    {"credential": {}}, {"credential": composed(), "options": []},
    {"credential": composed(), "options": {"mandatoryPointers": "/issuer"}},
    {"credential": composed(), "options": {"mandatoryPointers": ["issuer"]}},
    {"credential": composed(), "options": {"credentialId": 7}},
)  # fmt: skip


def test_a_body_that_is_no_request_is_refused(desk: Desk) -> None:
    path = desk.profile().issue_url.removeprefix(PUBLIC_URL)
    for body in NO_REQUESTS:
        answer = desk.served.post(path, body, desk.key)
        assert answer.status_code == 400, answer.text
        assert answer.headers["content-type"] == "application/problem+json"


def test_only_strict_json_is_read(desk: Desk) -> None:
    path = desk.profile().issue_url
    headers = {"Authorization": f"Bearer {desk.key}", "Content-Type": "application/json"}
    for hostile in (b'{"credential":{},"credential":{}}', b'{"credential":{"n":NaN}}', b"{"):
        answer = desk.served.http.post(path, content=hostile, headers=headers)
        assert answer.status_code == 400, answer.text


def test_only_its_own_organisation_signs_under_a_profile(desk: Desk) -> None:
    profile = desk.profile()
    path = profile.issue_url.removeprefix(PUBLIC_URL)
    body = {"credential": composed()}
    other = register(desk.served, "other", "provider", country="GH")
    assert desk.served.post(path, body, desk.key).status_code == 201
    assert desk.served.post(path, body).status_code == 401
    assert desk.served.post(path, body, "sp_unknown").status_code == 401
    assert desk.served.post(path, body, other.key).status_code == 404
    assert desk.served.post(path, body, ADMINISTRATOR).status_code == 403
    assert desk.served.post("/vc/issuers/none/credentials/issue", body, desk.key).status_code == 404
    # By its slug too; the same slug of another organisation is another profile.
    assert desk.served.post("/vc/issuers/desk/credentials/issue", body, desk.key).status_code == 201
    assert (
        desk.served.post("/vc/issuers/desk/credentials/issue", body, other.key).status_code == 404
    )


def test_a_key_without_the_right_signs_nothing(desk: Desk) -> None:
    path = f"/api/v1/organisations/{desk.slug}/api-keys"
    narrow = desk.served.post(path, {"scopes": ["status:write"]}, desk.key).json()["api_key"]
    profile = desk.profile()
    answer = desk.served.post(
        profile.issue_url.removeprefix(PUBLIC_URL), {"credential": composed()}, narrow
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


def test_a_key_past_its_window_signs_no_more(desk: Desk) -> None:
    stateless, recorded = desk.profile(slug="a"), desk.profile(slug="b", status="bitstring")
    for profile in (stateless, recorded):
        assert profile.ask(composed()).status_code == 201
    desk.served.pass_time(days=731)
    for profile in (stateless, recorded):
        answer = profile.ask(composed())
        assert (answer.status_code, answer.json()["code"]) == (503, "no-signing-key")


def test_an_award_is_never_signed_under_a_profile(desk: Desk) -> None:
    """A profile's DID vouches for no award: it is not the organisation's."""
    profile = desk.profile(did_method="web")
    organisation = desk.served.get(f"/api/v1/organisations/{desk.slug}").json()
    assert profile.did != organisation["did"]
    signed = profile.sign(composed(issuer=profile.did))
    report = desk.served.post("/api/v1/verifications", {"document": signed}).json()
    assert report["verdict"] == "undetermined"
    document = desk.served.get(f"/orgs/{desk.slug}/did.json").json()
    assert profile.did not in str(document)


NO_CLAIMS: tuple[tuple[object, str], ...] = (
    ({"given_name": "Ama"}, "/credential/vct"),
    ({"vct": 7}, "/credential/vct"),
    ({"vct": "t", "iss": "did:example:other"}, "/credential/iss"),
    ({"vct": "t", "@context": [V2]}, "/credential/@context"),
    (composed(vct="t"), "/credential/credentialSubject"),
    (composed(issuer="did:example:other"), "/credential/issuer"),
    (composed(credentialSubject=[SUBJECT, SUBJECT]), "/credential/credentialSubject"),
    (composed(credentialSubject={"iss": "did:example:x"}), "/credential/credentialSubject/iss"),
    (composed(credentialSubject={"name": "x"}, name="y"), "/credential/credentialSubject/name"),
    (composed(nbf=7), "/credential/nbf"),
    (composed(credentialSchema={"id": "https://a.example/s", "type": "JsonSchema"}), "/credential/credentialSchema"),
    (composed(**{"@context": [V2], "undefined": "x"}), "/credential"),
    ({"vct": "t", "nbf": "soon"}, "/credential"),
    ({"vct": "t", "_sd": ["x"]}, "/credential"),
)  # fmt: skip
"""Claims, and the place that is named as wrong."""


def test_claims_that_no_sd_jwt_vc_may_have_are_not_signed(desk: Desk) -> None:
    profile = desk.profile(securing="dc+sd-jwt", key_type="P-256")
    for claims, pointer in NO_CLAIMS:
        answer = profile.ask(claims)
        assert answer.status_code == 400, answer.text
        assert pointer in [each["pointer"] for each in answer.json()["errors"]]


def test_what_every_holder_must_show_can_be_chosen(desk: Desk) -> None:
    profile = desk.profile(securing="ecdsa-sd-2023", key_type="P-256")
    pointers = ["/issuer", "/credentialSubject/skill"]
    signed = profile.sign(composed(), mandatoryPointers=pointers)
    derived = desk.derive(signed).json()["verifiableCredential"]
    assert derived["credentialSubject"] == SUBJECT
    assert desk.verify(derived).status_code == 200
    refused = profile.ask(composed(), mandatoryPointers=["/nothing/there"])
    assert (refused.status_code, refused.json()["code"]) == (400, "credential-refused")
