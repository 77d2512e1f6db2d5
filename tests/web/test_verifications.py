"""Verification over HTTP: each reason with its code, its sentence and what to do about it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from skillpassport.credentials import recording
from skillpassport.organisations.accreditation import Judgement, Standing
from skillpassport.organisations.model import OrganisationId
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.awards import PERSON, Story, outcome_of, register, sign_outside_register, verify
from tests.support.credentials import (
    ISSUER,
    STRANGER,
    a_credential,
    a_token,
    did_of,
    method_of,
    signed,
)
from tests.support.instances import PUBLIC_URL, Served

UNREACHABLE_LIST = "https://127.0.0.1:1/status/1"
"""An address of this machine, which the guarded client refuses to ask."""


@dataclass(frozen=True)
class Case:
    """A document, and what a verification says of it."""

    code: str
    verdict: str
    outcome: str
    make: Callable[[Story], object]


def a_foreign_credential(**changes: JsonValue) -> JsonObject:
    return a_credential(**{"validFrom": "2026-01-01T00:00:00Z", **changes})


def tampered(story: Story) -> object:
    document = story.award()["document"]
    document["credentialSubject"]["achievement"]["name"] = "Doctor of medicine"
    return document


def with_foreign_key(story: Story) -> object:
    document = story.award()["document"]
    del document["proof"]
    return signed(document, STRANGER)


def after(action: str) -> Callable[[Story], object]:
    def make(story: Story) -> object:
        made = story.award()
        assert story.change(made["id"], action).status_code in {200, 201}
        return made["document"]

    return make


def expired(story: Story) -> object:
    document = story.award(valid_until="2026-03-02")["document"]
    assert story.verify(document)["verdict"] == "valid", "the last day is included"
    story.served.set_day("2026-03-03")
    return document


def not_yet_valid(story: Story) -> object:
    document = story.award()["document"]
    document["validFrom"] = "2026-03-03T00:00:00Z"
    return sign_outside_register(story.served, story.provider, document)


def of_a_sandbox(story: Story) -> object:
    rehearsal = register(story.served, "rehearsal", sandbox=True)
    story.define(rehearsal)
    return story.award(rehearsal)["document"]


def outside_the_register(story: Story) -> object:
    document = story.award()["document"]
    document["id"] = "urn:uuid:00000000-0000-4000-8000-000000000001"
    return sign_outside_register(story.served, story.provider, document)


def with_an_accreditations_id(story: Story) -> object:
    """Sign, as an authority but beside its register, what calls itself an accreditation."""
    identifier = story.accredit()
    document = story.served.get(f"/api/v1/accreditations/{identifier}").json()["document"]
    document["credentialSubject"]["accreditedFor"]["levels"] = ["VIII"]
    return sign_outside_register(story.served, story.authority, document)


def of_nobody_known(story: Story) -> object:
    return signed(a_foreign_credential(), ISSUER)


def of_an_unknown_list(story: Story) -> object:
    entry: dict[str, Any] = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": UNREACHABLE_LIST,
    }
    return signed(a_foreign_credential(credentialStatus=entry), ISSUER)


def of_an_unreachable_did(story: Story) -> object:
    issuer = "did:web:localhost%3A1"
    return signed(a_foreign_credential(issuer=issuer), ISSUER, method=f"{issuer}#key-1")


def with_an_unreachable_schema(story: Story) -> object:
    schema: dict[str, Any] = {"id": "https://127.0.0.1:1/schema.json", "type": "JsonSchema"}
    return signed(a_foreign_credential(credentialSchema=schema), ISSUER)


def withdrawn(story: Story) -> object:
    accreditation = story.accredit(scope={"achievements": ["first-aid"]})
    story.define(slug="first-aid", framework=None, level=None)
    document = story.award(achievement="first-aid", awarded_on="2026-03-01")["document"]
    story.served.pass_time(hours=1)
    assert story.withdraw(accreditation, "2026-03-01").status_code == 200
    return document


def unchecked_award(awarded_on: str, *, slug: str = "welding") -> Callable[[Story], object]:
    """Issue as a program would whose rule is broken: verification does not rely on it."""

    def make(story: Story) -> object:
        if slug != "welding":
            story.define(slug=slug, framework=None, level=None, isced_f=None)
        with pytest.MonkeyPatch.context() as patch:
            covered = Judgement(standing=Standing.COVERED)
            patch.setattr(recording, "judge", lambda *args, **named: covered)
            return story.award(achievement=slug, awarded_on=awarded_on)["document"]

    return make


def recorded_after_withdrawal(story: Story) -> object:
    accreditation = story.accredit(scope={"achievements": ["first-aid"]})
    story.withdraw(accreditation, "2026-03-01")
    story.served.pass_time(hours=1)
    return unchecked_award("2026-02-01", slug="first-aid")(story)


CASES = [
    Case("proof-invalid", "invalid", "failed", tampered),
    Case("issuer-key-mismatch", "invalid", "failed", with_foreign_key),
    Case("credential-revoked", "invalid", "failed", after("revoke")),
    Case("credential-suspended", "invalid", "failed", after("suspend")),
    Case("credential-superseded", "invalid", "failed", after("supersede")),
    Case("credential-expired", "invalid", "failed", expired),
    Case("credential-not-yet-valid", "invalid", "failed", not_yet_valid),
    Case("issuer-out-of-scope", "invalid", "failed", unchecked_award("2025-06-27", slug="x")),
    Case("issuer-out-of-period", "invalid", "failed", unchecked_award("2023-12-31")),
    Case("issuer-accreditation-withdrawn", "invalid", "failed", withdrawn),
    Case("recorded-after-withdrawal", "invalid", "failed", recorded_after_withdrawal),
    Case("sandbox-credential", "invalid", "failed", of_a_sandbox),
    Case("status-unreachable", "undetermined", "unchecked", of_an_unknown_list),
    Case("did-unreachable", "undetermined", "unchecked", of_an_unreachable_did),
    Case("schema-unreachable", "undetermined", "unchecked", with_an_unreachable_schema),
    Case("issuer-unknown", "undetermined", "unchecked", of_nobody_known),
    Case("not-in-award-register", "undetermined", "unchecked", outside_the_register),
    Case("not-in-award-register", "undetermined", "unchecked", with_an_accreditations_id),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code}-{case.make.__name__}")
def test_each_reason_has_its_code_its_sentence_and_a_remedy(story: Story, case: Case) -> None:
    document = case.make(story)
    for shape in (document, json.dumps(document)):
        report = story.verify(shape, destination="NO")
        assert report["verdict"] == case.verdict, report["checks"]
        (check, *_) = [each for each in report["checks"] if each["code"] == case.code]
        assert check["outcome"] == case.outcome
        assert check["message"].endswith(".")
        assert check["remedy"].endswith(".")
        assert case.code in [remark["code"] for remark in report["remarks"]]
        assert report["subject"] == {"withheld": True}
        assert PERSON not in json.dumps(report, ensure_ascii=False)


def test_a_sandbox_organisations_signature_outside_its_register_is_a_rehearsal_too(
    story: Story,
) -> None:
    served = story.served
    rehearsal = register(served, "rehearsal", "authority", sandbox=True)
    forged = sign_outside_register(served, rehearsal, a_foreign_credential(issuer=rehearsal.did))
    report = story.verify(forged)
    assert (report["verdict"], outcome_of(report, "sandbox-credential")) == ("invalid", "failed")


def test_a_valid_report_tells_who_what_by_whom_and_what_it_does_not_show(story: Story) -> None:
    report = story.verify(story.award(identity_check="document_seen")["document"])
    assert report["verdict"] == "valid"
    assert report["issuer"]["slug"] == "college"
    accreditation = report["issuer"]["accreditation"]
    assert accreditation["standing"] == "covered"
    assert accreditation["authority"]["slug"] == "authority"
    assert report["achievement"]["level"] == "VI"
    assert report["award"]["awarded_on"] == "2025-06-27"
    assert report["meaning"] == {"answer": "no_destination"}
    assert "compare" in report["subject"]["compare_with"]
    for check in report["checks"]:
        assert check["outcome"] in {"passed", "not_applicable"}
        assert set(check) <= {"name", "outcome", "code", "message", "remedy", "source"}


def test_a_remark_says_that_the_end_is_near(story: Story) -> None:
    for valid_until, remarked in (("2026-05-01", True), ("2026-05-02", False)):
        report = story.verify(story.award(valid_until=valid_until)["document"])
        assert (report["verdict"], outcome_of(report, "expires-soon")) == (
            "valid",
            "warned" if remarked else None,
        )


def test_the_meaning_follows_the_destination_and_is_honest_without_one(story: Story) -> None:
    document = story.award()["document"]
    found = story.verify(document, destination="NO", purpose="employment")["meaning"]
    assert (found["answer"], found["destination"]) == ("found", "NO")
    nothing = story.verify(document, destination="ZZ")["meaning"]
    assert (nothing["answer"], nothing["destination"]) == ("unknown", "ZZ")
    assert nothing["disclaimer"]
    foreign = story.verify(of_nobody_known(story), destination="NO")["meaning"]
    assert (foreign["answer"], foreign["answers"]) == ("unknown", [])


def test_old_credentials_stay_valid_after_the_signing_key_has_lapsed(story: Story) -> None:
    """Not valid without a signed list, but never a fault of the service."""
    served = story.served
    story.accredit(valid_until="2035-12-31")
    made = story.award()
    served.pass_time(days=731)
    refused = story.ask_to_award()
    assert (refused.status_code, refused.json()["code"]) == (503, "no-signing-key")
    report = story.verify(made["document"])
    assert report["verdict"] == "undetermined"
    assert outcome_of(report, "status-unreachable") == "unchecked"
    served.instance.rotate_key("college")
    assert story.verify(made["document"])["verdict"] == "valid"


def test_a_printed_code_is_taken_in_every_way_it_can_be_typed(story: Story) -> None:
    served = story.served
    made = story.award()
    code = made["code"]
    grouped = made["code_grouped"]
    for typed in (code, grouped, grouped.lower(), f" {code} ", code.replace("0", "o")):
        assert story.verify_code(typed)["verdict"] == "valid", typed
    links = (
        made["links"]["verify"],
        f"{PUBLIC_URL.upper()}/V/{code}",
        f"{PUBLIC_URL}/v/{grouped.lower()}",
        f"{PUBLIC_URL}/v/{code}?destination=NO",
    )
    for link in links:
        assert verify(served, url=link)["verdict"] == "valid", link


def test_a_code_that_nobody_issued_and_one_that_was_mistyped_differ(story: Story) -> None:
    served = story.served
    code = story.award()["code"]
    mistyped = ("1" if code[0] == "0" else "0") + code[1:]
    report = story.verify_code(mistyped)
    assert (report["verdict"], outcome_of(report, "code-mistyped")) == ("unreadable", "failed")
    malformed = served.post("/api/v1/verifications", {"code": "123"})
    assert (malformed.status_code, malformed.json()["code"]) == (422, "code-malformed")
    report = story.verify_code("0" * 26)
    assert (report["verdict"], outcome_of(report, "code-unknown")) == ("unreadable", "failed")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1:1/credential",
        "http://passport.other/credential",
        "file:///etc/passwd",
        "https://localhost/credential",
        "not an address",
    ],
)
def test_a_link_that_leads_nowhere_is_an_answer(served: Served, url: str) -> None:
    report = verify(served, url=url)
    assert report["verdict"] == "undetermined"
    assert report["checks"][0]["remedy"]


def test_an_own_address_without_a_credential_is_never_fetched(served: Served) -> None:
    for path in ("/livez", "/v/", "/status/x", "/v/a/b"):
        assert verify(served, url=PUBLIC_URL + path)["verdict"] == "unreadable"


@pytest.mark.parametrize(
    ("document", "seems"),
    [
        ({}, "no credential"),
        ({"hello": "world"}, "no credential"),
        ([{"type": "VerifiableCredential"}], "a JSON array"),
        ([], "a JSON array"),
        ("hello", None),
        ("{", None),
        ('{"a":1,"a":2}', None),
        ("eyJhbGciOiJub25lIn0.e30.", None),
        ({"@context": "https://w3id.org/openbadges/v2", "type": "Assertion"}, "Open Badges 2"),
    ],
)
def test_what_is_not_understood_is_said_to_be_so(
    served: Served, document: object, seems: str | None
) -> None:
    report = verify(served, document=document)
    assert report["verdict"] == "unreadable"
    assert report["seems_to_be"]
    assert seems is None or seems in report["seems_to_be"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"document": {}, "code": "0" * 26},
        {"code": "0" * 26, "url": PUBLIC_URL},
        {"document": None},
        {"document": 5},
        {"document": ""},
        {"code": ""},
        {"document": {}, "destination": "Norway"},
        {"document": {}, "destination": "no"},
        {"document": {}, "purpose": "fun"},
        {"document": {}, "unsafe_skip_status": True},
    ],
)
def test_a_question_that_is_not_one_is_refused(served: Served, body: dict[str, object]) -> None:
    answer = served.post("/api/v1/verifications", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")


def test_a_token_of_a_stranger_in_the_issuers_name_is_refused(story: Story) -> None:
    served = story.served
    document = story.award()["document"]
    del document["proof"]
    token = sign_vc_jwt(document, STRANGER, kid=method_of(STRANGER))
    report = story.verify(token)
    assert report["verdict"] == "invalid"
    assert outcome_of(report, "issuer-key-mismatch") == "failed"
    own = sign_vc_jwt(
        document, STRANGER, kid=served.get("/orgs/college/did.json").json()["assertionMethod"][0]
    )
    assert outcome_of(story.verify(own), "proof-invalid") == "failed"


def test_the_same_content_in_another_dress_is_the_same_award(story: Story) -> None:
    """White space, member order and a proof in an array change nothing of what was said."""
    document = story.award()["document"]
    shuffled = json.dumps(dict(reversed(document.items())), indent=3)
    assert story.verify(shuffled)["verdict"] == "valid"
    assert story.verify(document | {"proof": [document["proof"]]})["verdict"] == "valid"


def test_foreign_tokens_and_documents_tell_their_achievement_only_when_genuine(
    served: Served,
) -> None:
    subject: dict[str, Any] = {"type": ["AchievementSubject"], "achievement": {"name": "Welder"}}
    document = a_foreign_credential(credentialSubject=subject)
    genuine = verify(served, document=a_token(document))
    assert genuine["achievement"] == {"name": "Welder"}
    assert genuine["issuer"] == {"id": did_of(ISSUER), "known": False}
    forged = verify(served, document=signed(document, STRANGER, method=method_of(ISSUER)))
    assert (forged["verdict"], forged["achievement"]) == ("invalid", None)


def test_a_compromised_key_takes_its_credentials_with_it(story: Story) -> None:
    served = story.served
    made = story.award()
    with served.instance.database.transaction() as work:
        (key,) = work.signing_keys.of(OrganisationId(story.provider.id))
        work.signing_keys.revoke(key.id, work.now)
    assert story.verify(made["document"])["verdict"] == "invalid"
