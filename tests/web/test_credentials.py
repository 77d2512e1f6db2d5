"""Issuing over HTTP, and what can happen to a credential afterwards."""

import jwt
import pytest
from openvc import keys

from skillpassport.vc.jose import parse_jws
from skillpassport.vc.keys import PublicKey
from tests.support.awards import BORN, PERSON, Actor, Story, a_story, outcome_of, register
from tests.support.instances import PUBLIC_URL, Served

FORMATS = ("vcdm", "open-badge", "vc+jwt", "sd-jwt-vc")
HOLDER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"


def test_the_answer_holds_what_the_contract_names(story: Story) -> None:
    served = story.served
    answer = story.ask_to_award()
    made = answer.json()
    assert answer.headers["location"] == made["links"]["self"]
    assert answer.headers["cache-control"] == "no-store"
    assert made["links"]["verify"] == f"{PUBLIC_URL}/v/{made['code']}"
    assert made["links"]["qr"] == f"{PUBLIC_URL}/v/{made['code']}/qr.svg"
    assert made["status"]["state"] == "good"
    assert [entry["purpose"] for entry in made["status"]["entries"]] == ["revocation", "suspension"]
    for entry, signed in zip(
        made["status"]["entries"], made["document"]["credentialStatus"], strict=True
    ):
        assert signed["statusListCredential"] == entry["list"]
        assert signed["statusListIndex"] == str(entry["index"])
    owner = served.get(f"/api/v1/credentials/{made['id']}", story.provider.key)
    assert {name: each for name, each in owner.json().items() if name != "log"} == made


@pytest.mark.parametrize("form", FORMATS)
def test_each_format_is_issued_suspended_and_revoked(lasting_story: Story, form: str) -> None:
    made = lasting_story.award(format=form)
    assert isinstance(made["document"], str) is (form in {"vc+jwt", "sd-jwt-vc"})
    assert lasting_story.verify(made["document"])["verdict"] == "valid"
    suspended = lasting_story.change(made["id"], "suspend").json()
    assert ("notice" in suspended) is (form == "open-badge")
    assert lasting_story.verify(made["document"])["verdict"] == "invalid"
    lasting_story.change(made["id"], "reinstate")
    assert lasting_story.verify_code(made["code"])["verdict"] == "valid"
    lasting_story.change(made["id"], "revoke")
    report = lasting_story.verify(made["document"])
    assert (report["verdict"], outcome_of(report, "credential-revoked")) == ("invalid", "failed")


def test_the_strict_form_is_an_open_badge_with_one_status_and_a_proof_array(served: Served) -> None:
    document = a_story(served).award(format="open-badge")["document"]
    assert isinstance(document["proof"], list)
    assert document["credentialStatus"]["statusPurpose"] == "revocation"


def test_a_token_verifies_in_libraries_that_know_only_the_standards(
    story: Story,
) -> None:
    served = story.served
    did_document = served.get("/orgs/college/did.json").json()
    method = did_document["verificationMethod"][0]
    public = PublicKey.from_multikey(method["publicKeyMultibase"])
    token = story.award(format="vc+jwt")["document"]
    jws = parse_jws(token)
    assert jws.header["kid"] == method["id"]
    for data, holds in ((jws.signing_input, True), (jws.signing_input + b"x", False)):
        answer = keys.verify_signature(
            alg="EdDSA", public_jwk=public.jwk, signing_input=data, signature=jws.signature
        )
        assert answer is holds
    key = jwt.PyJWK({**public.jwk, "alg": "EdDSA"})
    claims = jwt.decode(token, key, algorithms=["EdDSA"], issuer=story.provider.did)
    assert "vc" not in claims


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"awarded_on": "2026-03-03"}, 422, "awarded-in-future"),
        ({"awarded_on": "1994-05-16"}, 422, "awarded-before-birth"),
        ({"valid_until": "2025-06-26"}, 422, "validity-ends-before-award"),
        ({"awarded_on": "2025-06-31"}, 422, "request-invalid"),
        ({"awarded_on": "2025-06-27T00:00:00Z"}, 422, "request-invalid"),
        ({"awarded_on": "1750982400"}, 422, "request-invalid"),
        ({"awarded_on": 20250627}, 422, "request-invalid"),
        ({"awarded_on": None}, 422, "request-invalid"),
        ({"achievement": "nothing"}, 404, "achievement-unknown"),
        ({"achievement": None}, 422, "request-invalid"),
        ({"subject": None}, 422, "request-invalid"),
        ({"subject": {}}, 422, "request-invalid"),
        ({"subject": {"name": ""}}, 422, "request-invalid"),
        ({"subject": {"name": " "}}, 422, "request-invalid"),
        ({"subject": {"name": "a\u202eb"}}, 422, "request-invalid"),
        ({"subject": {"name": "a\nb"}}, 422, "request-invalid"),
        ({"subject": {"name": "x" * 501}}, 422, "request-invalid"),
        ({"subject": {"name": PERSON, "id": "not a uri"}}, 422, "request-invalid"),
        ({"subject": {"name": PERSON, "role": "admin"}}, 422, "request-invalid"),
        ({"format": "elm"}, 422, "request-invalid"),
        ({"identity_check": "photo"}, 422, "request-invalid"),
        ({"evidence": [{"name": "x", "url": "javascript:alert(1)"}]}, 422, "request-invalid"),
        ({"results": {"Practice": ["5"]}}, 422, "request-invalid"),
        ({"results": {"Practice": 1e300}}, 422, "request-invalid"),
        ({"issuer": "did:web:evil.example"}, 422, "request-invalid"),
        ({"organisation": "org_other"}, 422, "request-invalid"),
    ],
)
def test_what_cannot_be_awarded_is_refused_and_leaves_nothing(
    lasting_story: Story, changes: dict[str, object], status: int, code: str
) -> None:
    def listed() -> object:
        path = "/api/v1/credentials?limit=200"
        return lasting_story.served.get(path, lasting_story.provider.key).json()

    before = listed()
    refused = lasting_story.ask_to_award(**changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)
    assert refused.headers["content-type"] == "application/problem+json"
    assert PERSON not in refused.text
    assert listed() == before
    assert lasting_story.award()["id"], "the same with nothing wrong is accepted"


@pytest.mark.parametrize(
    "changes",
    [
        {"awarded_on": "2026-03-02"},
        {"valid_until": "2025-06-27"},
        {"subject": {"name": "王小明"}},
        {"subject": {"name": "محمد بن عبد الله"}},
        {"subject": {"name": "O’Brien <script>alert(1)</script> & Söhne"}},
        {"subject": {"name": PERSON, "name_in_mrz": "TESTOWA<<ZUZANNA", "id": HOLDER}},
        {"results": {"Practice": 5, "Theory / part 2 ą": "87 %"}},
        {"evidence": [{"name": "Piece", "narrative": "a\nb", "url": "https://x.example/1"}]},
        {"identity_check": "document_seen"},
        {"language": "pl"},
        {"language": "fr"},
    ],
)
@pytest.mark.parametrize("form", FORMATS)
def test_every_optional_field_is_signed_and_stays_valid(
    lasting_story: Story, form: str, changes: dict[str, object]
) -> None:
    served = lasting_story.served
    made = lasting_story.award(**changes, format=form)
    report = lasting_story.verify(made["document"])
    given = changes.get("subject", {"name": PERSON})
    assert isinstance(given, dict)
    if changes.get("valid_until") is not None:
        assert outcome_of(report, "credential-expired") == "failed"
    else:
        assert report["verdict"] == "valid"
        assert report["subject"]["name"] == given["name"]
    page = served.get(f"/v/{made['code']}", accept="text/html")
    assert page.status_code == 200
    assert "<script" not in page.text


def test_an_authority_decides_within_its_own_right_and_awards_nothing_else(served: Served) -> None:
    story = a_story(served, accredited=False)
    own: Actor = story.authority
    for slug, kind, framework, status in (
        ("decision", "recognition_decision", "PL:PRK", 201),
        ("licence", "licence", None, 201),
        ("diploma", "qualification", "PL:PRK", 403),
        ("decision-abroad", "recognition_decision", "NO:NKR", 403),
    ):
        level = {"PL:PRK": "VI", "NO:NKR": "6.1"}.get(framework or "")
        story.define(own, slug=slug, kind=kind, framework=framework, level=level)
        answer = story.ask_to_award(own, achievement=slug)
        assert answer.status_code == status, slug
        if status == 201:
            report = story.verify(answer.json()["document"])
            assert report["verdict"] == "valid"
            assert outcome_of(report, "issuer-is-authority") == "passed"
        else:
            assert answer.json()["code"] == "issuer-out-of-scope"


def test_other_organisations_credentials_are_unknown_everywhere(story: Story) -> None:
    served = story.served
    made = story.award()
    stranger = register(served, "stranger")
    path = f"/api/v1/credentials/{made['id']}"
    assert served.get(path, stranger.key).status_code == 404
    for action in ("suspend", "reinstate", "revoke", "supersede"):
        refused = served.post(f"{path}/{action}", {"reason": "mine now"}, stranger.key)
        assert (refused.status_code, refused.json()["code"]) == (404, "credential-unknown")
        assert served.post(f"{path}/{action}", {"reason": "…"}).status_code == 401
        assert served.post(f"{path}/{action}", {"reason": "…"}, "wrong").status_code == 401
        assert (
            served.post(f"{path}/{action}", {"reason": "…"}, story.authority.key).status_code == 404
        )
    assert served.get("/api/v1/credentials", stranger.key).json()["items"] == []
    by_achievement = served.get("/api/v1/credentials?achievement=welding", stranger.key)
    assert by_achievement.status_code == 404
    assert served.get("/api/v1/credentials").status_code == 401
    assert story.verify(made["document"])["verdict"] == "valid"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": ""},
        {"reason": "…", "reason_code": "employment_dispute"},
        {"reason": "…", "since": "2020-01-01"},
        {"reason": ["…"]},
    ],
)
def test_a_change_of_status_needs_a_reason_of_the_closed_list(
    lasting_story: Story, body: dict[str, object]
) -> None:
    served = lasting_story.served
    made = lasting_story.award()
    for action in ("suspend", "revoke", "supersede"):
        path = f"/api/v1/credentials/{made['id']}/{action}"
        refused = served.post(path, body, lasting_story.provider.key)
        assert (refused.status_code, refused.json()["code"]) == (422, "request-invalid")


def test_states_follow_each_other_as_they_may(story: Story) -> None:
    served = story.served
    made = story.award()
    assert story.change(made["id"], "reinstate").status_code == 409
    assert story.change(made["id"], "suspend", reason_code="fraud").status_code == 200
    assert story.change(made["id"], "suspend").status_code == 409
    answer = story.change(made["id"], "supersede", awarded_on="2025-06-26")
    assert answer.status_code == 201, "a suspended one may be corrected"
    events = served.get(f"/api/v1/credentials/{made['id']}", story.provider.key).json()["status"]
    assert [(event["action"], event["reason_code"]) for event in events["events"]] == [
        ("suspend", "fraud"),
        ("supersede", "other"),
    ]


def test_a_correction_is_judged_like_a_new_award(story: Story) -> None:
    made = story.award()
    for changes, status in (
        ({"awarded_on": "2023-12-31"}, 403),
        ({"awarded_on": "2026-03-03"}, 422),
        ({"achievement": "nothing"}, 404),
        ({"format": "elm"}, 422),
    ):
        assert story.change(made["id"], "supersede", **changes).status_code == status
    assert story.verify(made["document"])["verdict"] == "valid", "a refused one changes nothing"
    new = story.change(
        made["id"], "supersede", subject={"birth_date": None}, format="open-badge"
    ).json()
    assert new["format"] == "open-badge"
    assert BORN not in str(new["document"])


def test_lists_filter_by_achievement_state_and_day(story: Story) -> None:
    served = story.served
    story.define(slug="brazing")
    ids = {}
    for name, changes in (
        ("good", {}),
        ("suspended", {}),
        ("revoked", {"achievement": "brazing"}),
        ("superseded", {"awarded_on": "2025-01-15"}),
    ):
        served.pass_time(seconds=1)
        ids[name] = story.award(**changes)["id"]
    for name, action in (("suspended", "suspend"), ("revoked", "revoke")):
        story.change(ids[name], action)
    served.pass_time(seconds=1)
    ids["new"] = story.change(ids["superseded"], "supersede").json()["id"]

    def listed(query: str) -> list[str]:
        items = served.get(f"/api/v1/credentials?{query}", story.provider.key).json()["items"]
        names = {identifier: name for name, identifier in ids.items()}
        return [names[item["id"]] for item in items]

    assert listed("") == ["new", "superseded", "revoked", "suspended", "good"]
    assert listed("achievement=brazing") == ["revoked"]
    assert listed("status=good") == ["new", "good"]
    for state in ("suspended", "revoked", "superseded"):
        assert listed(f"status={state}") == [state]
    assert listed("awarded_from=2025-06-27") == ["revoked", "suspended", "good"]
    for query in ("status=gone", "awarded_from=yesterday", "awarded_from=1750982400", "limit=0"):
        answer = served.get(f"/api/v1/credentials?{query}", story.provider.key)
        assert answer.status_code == 422, query


def test_status_indexes_look_random_and_differ_between_lists(story: Story) -> None:
    pairs = []
    for _ in range(6):
        entries = story.award()["status"]["entries"]
        pairs.append(tuple(entry["index"] for entry in entries))
    for indexes in zip(*pairs, strict=True):
        assert len(set(indexes)) == 6
        assert list(indexes) != sorted(indexes)
        assert max(indexes) > 1000
    assert all(revocation != suspension for revocation, suspension in pairs)
