"""Listing and revoking API keys."""

from skillpassport.organisations.access import api_key_digest
from tests.support.awards import Story, register
from tests.support.instances import ADMINISTRATOR

PATH = "/api/v1/organisations/college/api-keys"


def made(story: Story, *scopes: str) -> dict[str, str]:
    answer = story.served.post(PATH, {"scopes": list(scopes)}, story.provider.key)
    assert answer.status_code == 201
    found: dict[str, str] = answer.json()
    return found


def test_a_revoked_key_is_refused_at_once_and_the_others_go_on(story: Story) -> None:
    served, desk = story.served, made(story, "credentials:read")
    assert served.get("/api/v1/credentials", desk["api_key"]).status_code == 200
    ended = served.post(f"{PATH}/{desk['id']}/revoke", {}, story.provider.key)
    assert (ended.status_code, ended.json()["revoked_at"] is None) == (200, False)
    refused = served.get("/api/v1/credentials", desk["api_key"])
    assert (refused.status_code, refused.json()["code"]) == (401, "key-unknown")
    assert served.get("/api/v1/me", story.provider.key).status_code == 200


def test_to_revoke_again_changes_nothing(story: Story) -> None:
    served, desk = story.served, made(story, "credentials:read")
    first = served.post(f"{PATH}/{desk['id']}/revoke", {}, ADMINISTRATOR).json()
    served.pass_time(hours=1)
    again = served.post(f"{PATH}/{desk['id']}/revoke", {}, ADMINISTRATOR)
    assert (again.status_code, again.json()) == (200, first)


def test_a_revocation_is_an_entry_of_the_log(story: Story) -> None:
    served, desk = story.served, made(story, "credentials:read")
    served.post(f"{PATH}/{desk['id']}/revoke", {}, story.provider.key)
    served.instance.sequencer().sequence_once()
    found = served.get(f"/api/v1/log/proof?row=api_key_revocations/{desk['id']}").json()
    shown = served.get(f"/api/v1/log/entries/{found['position']}").json()
    assert shown["entry"]["kind"] == "api-key-revoked"
    assert served.instance.verify_log().findings == ()


def test_the_list_shows_every_key_and_no_secret(story: Story) -> None:
    served = story.served
    desks = [made(story, "credentials:read") for _ in range(3)]
    served.post(f"{PATH}/{desks[0]['id']}/revoke", {}, story.provider.key)
    seen, path = [], f"{PATH}?limit=2"
    while path:
        answer = served.get(path, story.provider.key)
        for desk in desks:
            assert desk["api_key"] not in answer.text
            assert api_key_digest(desk["api_key"]) not in answer.text
        seen += answer.json()["items"]
        path = answer.headers.get("link", "").partition("<")[2].partition(">")[0]
    assert {desk["id"] for desk in desks} < {each["id"] for each in seen}
    ended = [each["id"] for each in seen if each["revoked_at"] is not None]
    assert (len(seen), ended) == (4, [desks[0]["id"]])


def test_keys_of_others_are_neither_shown_nor_revoked(story: Story) -> None:
    served, desk = story.served, made(story, "credentials:read")
    stranger = register(served, "stranger")
    assert served.get(PATH, stranger.key).status_code == 404
    assert served.get(PATH, desk["api_key"]).status_code == 403
    assert served.post(f"{PATH}/{desk['id']}/revoke", {}, stranger.key).status_code == 404
    own = f"/api/v1/organisations/stranger/api-keys/{desk['id']}/revoke"
    refused = served.post(own, {}, stranger.key)
    assert (refused.status_code, refused.json()["code"]) == (404, "api-key-unknown")
    assert served.get("/api/v1/credentials", desk["api_key"]).status_code == 200
