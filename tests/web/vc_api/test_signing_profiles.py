"""Signing profiles over HTTP: which there can be, whose they are, and where they are published."""

import pytest
from sqlalchemy import select

from skillpassport.db.tables.log import log_entries
from tests.support.awards import register
from tests.support.instances import ADMINISTRATOR, PUBLIC_URL
from tests.support.vc_api import Desk, composed

PATH = "/api/v1/organisations/college/signing-profiles"

UNSUPPORTED = (
    ({"securing": "bbs-2023", "key_type": "P-256"}, "/securing"),
    ({"securing": "eddsa-rdfc-2022", "key_type": "P-256"}, "/key_type"),
    ({"securing": "eddsa-jcs-2022", "key_type": "P-384"}, "/key_type"),
    ({"securing": "ecdsa-rdfc-2019", "key_type": "Ed25519"}, "/key_type"),
    ({"securing": "ecdsa-jcs-2019", "key_type": "Ed25519"}, "/key_type"),
    ({"securing": "ecdsa-sd-2023", "key_type": "P-384"}, "/key_type"),
    ({"securing": "ecdsa-sd-2023", "key_type": "Ed25519"}, "/key_type"),
    ({"securing": "dc+sd-jwt", "key_type": "P-256", "status": "bitstring"}, "/status"),
    ({"securing": "vc+jwt", "status": "token"}, "/status"),
    ({"securing": "eddsa-jcs-2022", "status": "token"}, "/status"),
)
MALFORMED = (
    {"securing": "invented"}, {"key_type": "RSA"}, {"did_method": "ethr"}, {"status": "maybe"},
    {"slug": "Desk"}, {"slug": ""}, {"slug": None}, {"securing": None}, {"key_type": 7},
    {"organisation": "other"}, {"did": "did:key:z6Mk"},
)  # fmt: skip


def test_the_answer_holds_what_the_contract_names(desk: Desk) -> None:
    made = desk.ask_for_profile(slug="web", did_method="web").json()
    assert made["did"] == "did:web:passport.example:orgs:college:profiles:web"
    assert made["issue_url"] == f"{PUBLIC_URL}/vc/issuers/{made['id']}/credentials/issue"
    for reference in (made["id"], "web"):
        assert desk.served.get(f"{PATH}/{reference}", desk.key).json() == made
    page = desk.served.get(PATH, desk.key).json()
    assert page == {"items": [made], "next": None}


def test_what_cannot_be_is_said_in_a_sentence(desk: Desk) -> None:
    for wish, pointer in UNSUPPORTED:
        answer = desk.ask_for_profile(**wish)
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (422, "profile-unsupported"), wish
        assert problem["errors"][0]["pointer"] == pointer
    sentence = desk.ask_for_profile(securing="bbs-2023").json()["detail"]
    assert "'bbs-2023', for which there is no well-kept BLS12-381 library" in sentence
    assert desk.served.get(PATH, desk.key).json()["items"] == []


def test_what_is_no_profile_is_refused(desk: Desk) -> None:
    for wish in MALFORMED:
        assert desk.ask_for_profile(**wish).status_code == 422, wish
    assert desk.ask_for_profile().status_code == 201


def test_a_slug_is_taken_once_in_an_organisation(desk: Desk) -> None:
    other = register(desk.served, "other", "provider", country="GH")
    elsewhere = Desk(served=desk.served, slug="other", key=other.key)
    assert desk.ask_for_profile().status_code == elsewhere.ask_for_profile().status_code == 201
    again = desk.ask_for_profile()
    assert (again.status_code, again.json()["code"]) == (409, "slug-taken")


def test_profiles_are_their_organisations_alone(desk: Desk) -> None:
    made = desk.profile()
    other = register(desk.served, "other", "provider", country="GH")
    for path in (PATH, f"{PATH}/{made.id}", f"{PATH}/desk"):
        assert desk.served.get(path, desk.key).status_code == 200
        assert desk.served.get(path, other.key).status_code == 404
        assert desk.served.get(path).status_code == 401
    own = "/api/v1/organisations/other/signing-profiles"
    assert desk.served.get(f"{own}/{made.id}", other.key).status_code == 404
    wish = {"slug": "x", "securing": "vc+jwt", "key_type": "P-256", "did_method": "key"}
    assert desk.served.post(PATH, wish, other.key).status_code == 404
    assert desk.served.post(PATH, wish, ADMINISTRATOR).status_code == 403
    path = "/api/v1/organisations/college/api-keys"
    narrow = desk.served.post(path, {"scopes": ["credentials:write"]}, desk.key).json()["api_key"]
    assert desk.served.post(PATH, wish, narrow).status_code == 403


def test_a_repeated_request_makes_one_profile(desk: Desk) -> None:
    wish = {"slug": "x", "securing": "vc+jwt", "key_type": "P-256", "did_method": "key"}
    first, again = (
        desk.served.post(PATH, wish, desk.key, idempotency_key="once") for _ in range(2)
    )
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert len(desk.served.get(PATH, desk.key).json()["items"]) == 1


@pytest.mark.parametrize("key_type", ["Ed25519", "P-256", "P-384"])
def test_the_document_of_a_web_did_is_served(desk_anywhere: Desk, key_type: str) -> None:
    desk = desk_anywhere
    profile = desk.profile(securing="vc+jwt", key_type=key_type, did_method="web")
    answer = desk.served.get("/orgs/college/profiles/desk/did.json")
    assert answer.headers["content-type"] == "application/did+json"
    document = answer.json()
    assert document["id"] == profile.did
    (method,) = document["verificationMethod"]
    assert document["assertionMethod"] == [method["id"]]
    for path in ("/orgs/college/profiles/other/did.json", "/orgs/other/profiles/desk/did.json"):
        assert desk.served.get(path).status_code == 404


def test_a_profile_with_a_computed_did_publishes_no_document(desk: Desk) -> None:
    desk.profile(did_method="key")
    assert desk.served.get("/orgs/college/profiles/desk/did.json").status_code == 404


def test_every_profile_has_a_did_of_its_own(desk: Desk) -> None:
    made = {
        desk.profile(slug=f"p-{method}-{number}", did_method=method).did
        for method in ("key", "jwk", "web")
        for number in range(2)
    }
    assert len(made) == 6


def test_all_of_it_stands_in_the_log(desk_anywhere: Desk) -> None:
    desk = desk_anywhere
    profile = desk.profile(status="bitstring")
    profile.sign(composed(id="urn:example:1"))
    desk.turn(credentialId="urn:example:1")
    with desk.served.instance.database.snapshot() as work:
        kinds = set(work.connection.scalars(select(log_entries.c.kind)))
    assert kinds >= {
        "signing-profile-created",
        "key-created",
        "status-list-opened",
        "profile-credential-recorded",
        "profile-status-changed",
    }
    desk.served.instance.sequencer().sequence_once()
    report = desk.served.instance.verify_log()
    assert report.findings == ()
