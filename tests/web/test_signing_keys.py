"""Signing keys over HTTP: listing them, publishing a stolen one, signing its awards anew."""

import pytest

from tests.support.awards import Story, outcome_of, register
from tests.support.instances import ADMINISTRATOR, Answer

KEYS = "/api/v1/organisations/college/signing-keys"
REISSUES = "/api/v1/organisations/college/reissues"
REASON = {"reason": "The laptop of the examination office was stolen."}


def in_use(story: Story) -> str:
    found: str = story.served.get(KEYS, story.provider.key).json()["items"][-1]["name"]
    return found


def revoke(story: Story, key: str, asker: str, **body: str) -> Answer:
    story.served.pass_time(hours=1)
    return story.served.post(f"{KEYS}/{key}/revoke", REASON | body, asker)


def test_the_organisation_publishes_its_own_stolen_key(story: Story) -> None:
    name, made = in_use(story), story.award()
    answer = revoke(story, name, story.provider.key)
    assert answer.status_code == 200
    told = answer.json()
    assert (told["revoked"]["name"], told["revoked"]["reason"]) == (name, REASON["reason"])
    assert told["revoked"]["revoked_at"] is not None
    assert told["new"]["name"] == in_use(story)
    document = story.served.get("/orgs/college/did.json").json()
    revoked = [each["id"] for each in document["verificationMethod"] if "revoked" in each]
    assert revoked == [told["revoked"]["verification_method"]]
    assert outcome_of(story.verify(made["document"]), "key-revoked-later") == "warned"


def test_the_administrator_does_so_too_and_the_log_names_who_and_why(story: Story) -> None:
    name = in_use(story)
    assert revoke(story, name, ADMINISTRATOR).status_code == 200
    listed = story.served.get(KEYS, story.provider.key).json()["items"]
    assert (listed[0]["name"], listed[0]["reason"]) == (name, REASON["reason"])
    with story.served.instance.database.snapshot() as work:
        administrators = work.connection.exec_driver_sql(
            "SELECT id FROM api_keys WHERE organisation IS NULL"
        ).scalars()
        assert listed[0]["revoked_by"] in set(administrators)
        last = work.connection.exec_driver_sql(
            "SELECT kind FROM log_entries WHERE table_name = 'key_events'"
        ).scalars()
        assert list(last) == ["key-revoked"]
    story.served.pass_time(seconds=1)
    story.served.instance.sequencer().sequence_once()
    assert story.served.instance.verify_log().findings == ()
    with story.served.instance.database.transaction() as work:
        work.connection.exec_driver_sql("UPDATE key_events SET reason = 'Routine.'")
    assert [each.code for each in story.served.instance.verify_log().findings] == ["row-changed"]


def test_to_revoke_again_changes_nothing(story: Story) -> None:
    name = in_use(story)
    first = revoke(story, name, story.provider.key).json()
    again = revoke(story, name, ADMINISTRATOR, reason="Another.")
    assert again.json() == {"revoked": first["revoked"], "new": None}


def test_keys_of_others_are_not_touched(story: Story) -> None:
    other, name = register(story.served, "other"), in_use(story)
    for answer in (
        revoke(story, name, other.key),
        story.served.get(KEYS, other.key),
        story.served.post(REISSUES, {}, other.key),
        story.served.post(f"/api/v1/organisations/other/signing-keys/{name}/revoke", REASON,
                          other.key),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert story.served.get(KEYS).status_code == 401
    desk = story.served.post(
        "/api/v1/organisations/college/api-keys",
        {"scopes": ["credentials:write"]},
        story.provider.key,
    ).json()
    for answer in (revoke(story, name, desk["api_key"]),
                   story.served.post(REISSUES, {}, desk["api_key"])):  # fmt: skip
        assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")
    assert story.served.get(KEYS, story.provider.key).json()["items"][0]["revoked_at"] is None


@pytest.mark.parametrize(
    "body", [{}, {"reason": ""}, {"reason": "x\u202ey"}, {"reason": 1}, {"why": "x"}]
)
def test_a_revocation_says_why(lasting_story: Story, body: dict[str, object]) -> None:
    path = f"{KEYS}/{in_use(lasting_story)}/revoke"
    assert lasting_story.served.post(path, body, lasting_story.provider.key).status_code == 422


def test_a_name_that_is_no_key_is_not_found(lasting_story: Story) -> None:
    answer = revoke(lasting_story, "z6MkNobody", lasting_story.provider.key)
    assert (answer.status_code, answer.json()["code"]) == (404, "signing-key-unknown")


def test_the_list_comes_in_pages(story: Story) -> None:
    for _ in range(2):
        story.served.pass_time(hours=1)
        story.served.instance.rotate_key("college")
    names, path = [], f"{KEYS}?limit=1"
    while path:
        answer = story.served.get(path, story.provider.key)
        names += [each["name"] for each in answer.json()["items"]]
        path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert len(set(names)) == len(names) == 3
    assert "private" not in answer.text


def test_awards_are_signed_anew_step_by_step(story: Story) -> None:
    made = []
    for _ in range(3):
        story.served.pass_time(minutes=1)
        made.append(story.award())
    revoke(story, in_use(story), story.provider.key)
    rehearsal = story.served.post(REISSUES, {"dry_run": True}, story.provider.key).json()
    assert (rehearsal["signed_anew"], rehearsal["next"]) == (3, None)
    seen, body = [], {"limit": 2}
    while body:
        answer = story.served.post(REISSUES, body, ADMINISTRATOR)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        seen.append((told["looked_at"], told["signed_anew"], told["problems"]))
        body = {"limit": 2, "cursor": told["next"]} if told["next"] else {}
    assert seen == [(2, 2, []), (1, 1, [])]
    again = story.served.post(REISSUES, {}, story.provider.key).json()
    assert (again["signed_anew"], again["in_order"]) == (0, 3)
    for each in made:
        report = story.verify_code(each["code"])
        assert (report["verdict"], outcome_of(report, "key-revoked-later")) == ("valid", None)


@pytest.mark.parametrize(
    "body", [{"limit": 0}, {"limit": 201}, {"cursor": "x"}, {"dry_run": "perhaps"}, {"all": True}]
)
def test_a_step_that_is_none_is_refused(lasting_story: Story, body: dict[str, object]) -> None:
    answer = lasting_story.served.post(REISSUES, body, lasting_story.provider.key)
    assert answer.status_code == 422
