"""The whole line over HTTP: from registration to a verdict, and back again."""

from tests.support.awards import PERSON, a_story, outcome_of
from tests.support.instances import Served


def test_an_award_is_valid_with_its_meaning_until_it_is_revoked(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    made = story.award()
    first = story.verify(made["document"], destination="NO")
    assert (first["verdict"], first["subject"]["name"]) == ("valid", PERSON)
    meaning = first["meaning"]
    assert (meaning["answer"], meaning["destination"]) == ("found", "NO")
    assert meaning["disclaimer"]
    assert {answer["target"]["framework"] for answer in meaning["answers"]} == {"NO:NKR"}
    for action, state, verdict, code in (
        ("suspend", "suspended", "invalid", "credential-suspended"),
        ("reinstate", "good", "valid", "in-force"),
        ("revoke", "revoked", "invalid", "credential-revoked"),
    ):
        served_anywhere.pass_time(seconds=30)
        changed = story.change(made["id"], action)
        assert changed.status_code == 200, changed.text
        assert changed.json()["status"]["state"] == state
        for report in (story.verify(made["document"]), story.verify_code(made["code"])):
            assert report["verdict"] == verdict
            assert outcome_of(report, code) in {"failed", "passed"}
            assert report["subject"]["withheld"] is (verdict != "valid")
    for action in ("suspend", "reinstate", "revoke", "supersede"):
        refused = story.change(made["id"], action)
        assert (refused.status_code, refused.json()["code"]) == (409, "transition-refused")


def test_an_award_before_the_accreditation_is_refused_and_leaves_nothing(served: Served) -> None:
    story = a_story(served)
    refused = story.ask_to_award(awarded_on="2023-12-31")
    assert (refused.status_code, refused.json()["code"]) == (403, "issuer-out-of-period")
    listed = served.get("/api/v1/credentials", story.provider.key).json()
    assert listed == {"items": [], "next": None}
    assert story.award(awarded_on="2024-01-01")["awarded_on"] == "2024-01-01"


def test_a_superseded_credential_leads_to_the_one_that_replaced_it(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    old = story.award()
    served_anywhere.pass_time(minutes=1)
    answer = story.change(
        old["id"],
        "supersede",
        subject={"name": "Zuzanna Poprawiona"},
        reason_code="issued_in_error",
    )
    assert answer.status_code == 201
    new = answer.json()
    assert (new["supersedes"], new["status"]["state"]) == (old["id"], "good")
    assert new["document"]["supersedes"] == old["document"]["id"]
    owner = served_anywhere.get(f"/api/v1/credentials/{old['id']}", story.provider.key).json()
    assert (owner["superseded_by"], owner["status"]["state"]) == (new["id"], "superseded")

    report = story.verify(old["document"])
    assert (report["verdict"], report["replaced_by"]) == ("invalid", new["links"]["verify"])
    assert outcome_of(report, "credential-superseded") == "failed"
    assert outcome_of(report, "credential-revoked") is None
    assert "Poprawiona" not in str(report)
    assert (
        "Verify the credential that replaced it"
        in served_anywhere.get(f"/v/{old['code']}", accept="text/html").text
    )
    replaced = story.verify(new["document"])
    assert (replaced["verdict"], replaced["subject"]["name"]) == ("valid", "Zuzanna Poprawiona")
    assert replaced["subject"]["birthDate"] == "1994-05-17", "what is not corrected stays"


def test_a_chain_of_corrections_is_followed_link_by_link(served: Served) -> None:
    story = a_story(served)
    first = story.award()
    second = story.change(first["id"], "supersede", awarded_on="2025-06-28").json()
    third = story.change(second["id"], "supersede", awarded_on="2025-06-29").json()
    assert story.verify(first["document"])["replaced_by"].endswith(second["code"])
    assert story.verify_code(second["code"])["replaced_by"].endswith(third["code"])
    assert story.verify_code(third["code"])["verdict"] == "valid"
