"""Documents that hold as signatures and still prove nothing: asked of the whole service."""

import copy
from typing import Any

import pytest

from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.suites import EDDSA_JCS_2022
from tests.support.awards import PERSON, Story, register
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    STRANGER,
    a_credential,
    a_token,
    did_of,
    method_of,
    signed,
)
from tests.support.instances import Served

V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


@pytest.fixture
def story(standing_story: Story) -> Story:
    return standing_story


def codes(report: Any) -> set[str]:  # noqa: ANN401 - JSON
    return {remark["code"] for remark in report["remarks"]}


@pytest.mark.parametrize("appended", [[], [OPEN_BADGES], [OPEN_BADGES, OPEN_BADGES], [V2]])
def test_a_strangers_credential_is_never_valid(story: Story, appended: list[str]) -> None:
    """A context appended after signing once kept the register from being asked at all."""
    forged = signed(a_credential(credentialSubject={"name": "Mallory"}))
    report = story.verify({**forged, "@context": [V2, *appended]}, destination="NO")
    assert report["verdict"] == "undetermined"
    assert "issuer-unknown" in codes(report)
    assert report["subject"] == {"withheld": True}


def test_the_librarys_valid_is_not_the_services(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever else keeps the register from being asked: without its word nothing is valid."""
    monkeypatch.setattr(
        "skillpassport.credentials.verifying.Findings.genuine", property(lambda _self: False)
    )
    report = story.verify(signed(a_credential()))
    assert (report["verdict"], codes(report)) == ("undetermined", {"issuer-unknown"})


def test_a_context_appended_to_a_real_award_changes_nothing(story: Story) -> None:
    document = story.award(awarded_on="2026-06-01")["document"]
    assert story.verify(document)["verdict"] == "valid"
    for appended in ("https://evil.example/", {"name": "https://evil.example/#n"}):
        report = story.verify({**document, "@context": [*document["@context"], appended]})
        assert report["verdict"] == "invalid"
        assert report["subject"] == {"withheld": True}


def test_a_published_context_appended_to_a_real_award_is_left_out_with_a_remark(
    story: Story,
) -> None:
    document = story.award(awarded_on="2026-06-01")["document"]
    plain = story.verify(document)
    report = story.verify({**document, "@context": [*document["@context"], EXAMPLES]})
    assert (report["verdict"], report["subject"]) == ("valid", plain["subject"])
    assert "context-appended" in codes(report)


def test_a_strangers_proof_under_a_known_issuers_name_says_nothing_of_that_issuer(
    story: Story,
) -> None:
    victim = story.provider.did
    issuers: list[JsonValue] = [victim, {"id": victim, "name": "Test college"}]
    for issuer in issuers:
        forged = signed(a_credential(issuer=issuer))
        for document in (forged, a_token(a_credential(issuer=issuer))):
            report = story.verify(document)
            assert (report["verdict"], report["issuer"]["known"]) == ("invalid", False)
            assert "issuer-key-mismatch" in codes(report)
            assert not [c for c in report["checks"] if "signed this" in c["message"]]


def test_the_victims_name_on_a_strangers_key_stays_the_strangers(story: Story) -> None:
    name: JsonValue = {
        "id": did_of(ISSUER),
        "name": f"Test college {story.provider.did}",
        "type": ["Profile"],
    }
    report = story.verify(signed(a_credential(issuer=name)))
    assert report["verdict"] == "undetermined"
    assert report["issuer"] == {"id": did_of(ISSUER), "known": False}


def test_a_real_award_signed_anew_by_a_stranger_is_refused(story: Story) -> None:
    document = story.award(awarded_on="2026-06-01")["document"]
    bare = {name: value for name, value in document.items() if name != "proof"}
    as_own = {**bare, "issuer": did_of(STRANGER)}
    without_status = {name: part for name, part in as_own.items() if name != "credentialStatus"}
    for forged, verdict in (
        (signed(bare, STRANGER), "invalid"),
        (a_token(bare, STRANGER), "invalid"),
        (signed(as_own, STRANGER), "invalid"),  # the status list is another's
        (signed(without_status, STRANGER), "undetermined"),
        (a_token(without_status, STRANGER), "undetermined"),
    ):
        report = story.verify(forged)
        assert (report["verdict"], report["subject"]) == (verdict, {"withheld": True})
        assert PERSON not in str(report)


def endorsed(document: JsonObject, **options: Any) -> JsonObject:  # noqa: ANN401 - any option
    chosen = ProofOptions(verification_method=method_of(STRANGER), created=ISSUED, **options)
    return add_proof(document, suite=EDDSA_JCS_2022, signer=STRANGER, options=chosen)


def test_a_strangers_proof_beside_the_issuers_neither_helps_nor_hides(story: Story) -> None:
    document = story.award(awarded_on="2026-06-01")["document"]
    both: dict[str, Any] = endorsed(document)
    assert story.verify(both)["verdict"] == "valid", "the control: a set in which each proof holds"
    own, strange = both["proof"]
    cases: list[Any] = [
        [strange],
        [strange, strange],
        [own, {**strange, "proofPurpose": "authentication"}],
        [own, {**strange, "expires": "2020-01-01T00:00:00Z"}],
        [{**own, "proofValue": strange["proofValue"]}, strange],
        [own, {**strange, "previousProof": "urn:uuid:none"}],
        [own] * 17,
    ]
    for proof in cases:
        report = story.verify({**document, "proof": proof})
        assert report["verdict"] == "invalid"
        assert report["subject"] == {"withheld": True}


MUTATIONS: dict[str, Any] = {
    "name of the person": ("credentialSubject", "identifier"),
    "level": ("credentialSubject", "achievement"),
    "status": ("credentialStatus",),
    "end": ("validUntil",),
    "id": ("id",),
    "type": ("type",),
}


@pytest.mark.parametrize("path", MUTATIONS.values(), ids=MUTATIONS)
def test_no_part_of_an_award_can_be_left_out(story: Story, path: tuple[str, ...]) -> None:
    document = story.award(awarded_on="2026-06-01", valid_until="2030-01-01")["document"]
    bent = copy.deepcopy(document)
    *parents, last = path
    target = bent
    for parent in parents:
        target = target[parent]
    del target[last]
    report = story.verify(bent)
    assert report["verdict"] == "invalid"
    assert "proof-invalid" in codes(report)


def test_parts_of_two_awards_do_not_make_a_third(story: Story) -> None:
    one = story.award(awarded_on="2026-06-01")["document"]
    two = story.award(awarded_on="2026-06-01", subject={"name": "Mallory"})["document"]
    for member in ("credentialSubject", "credentialStatus", "id", "proof"):
        assert story.verify({**one, member: two[member]})["verdict"] == "invalid"


def test_an_accreditation_makes_nobody_an_authority(story: Story) -> None:
    identifier = story.accredit()
    granted = story.served.get(f"/api/v1/accreditations/{identifier}").json()["document"]
    assert story.verify(granted)["verdict"] == "valid"
    forged = {name: value for name, value in granted.items() if name != "proof"}
    assert story.verify(signed(forged))["verdict"] == "invalid"
    del forged["credentialStatus"]
    assert story.verify(signed({**forged, "issuer": did_of(ISSUER)}))["verdict"] == "undetermined"


@pytest.mark.postgresql
@pytest.mark.parametrize("member", ["issuer", "id", "credentialStatus", "credentialSchema"])
def test_text_that_postgresql_cannot_hold_is_no_fault(
    served_by_postgresql: Served, member: str
) -> None:
    served_by_postgresql.set_day("2026-11-22")
    register(served_by_postgresql, "college")
    entry: JsonObject = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "1",
        "statusListCredential": "https://passport.example/status/\0",
    }
    schema: JsonObject = {"id": "https://passport.example/\0", "type": "JsonSchema"}
    odd: JsonObject = {
        "issuer": "did:web:passport.example:orgs:college\0",
        "id": "urn:skillpassport:accreditation:\0",
        "credentialStatus": entry,
        "credentialSchema": schema,
    }
    document = signed(a_credential(**{member: odd[member]}))
    answer = served_by_postgresql.post("/api/v1/verifications", {"document": document})
    assert answer.status_code == 200, answer.text
    assert answer.json()["verdict"] in {"invalid", "undetermined"}
