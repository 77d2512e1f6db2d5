"""Registering organisations, their keys, and what those may do."""

import pytest

from skillpassport.organisations.model import OrganisationKind
from tests.support.awards import Story, award_body, register
from tests.support.instances import ADMINISTRATOR, Served

BODY: dict[str, object] = {
    "slug": "college",
    "name": {"en": "Test college"},
    "kind": "provider",
    "country": "PL",
}


@pytest.mark.parametrize("kind", OrganisationKind)
def test_each_kind_is_registered_with_a_did_and_a_key(served: Served, kind: str) -> None:
    answer = served.post("/api/v1/organisations", BODY | {"kind": kind}, ADMINISTRATOR)
    assert answer.status_code == 201
    made = answer.json()
    assert made["did"] == "did:web:passport.example:orgs:college"
    assert made["sandbox"] is False
    me = served.get("/api/v1/me", made["api_key"]).json()
    assert (me["administrator"], me["organisation"]["slug"]) == (False, "college")
    shown = served.get(f"/api/v1/organisations/{made['id']}").json()
    assert shown == served.get("/api/v1/organisations/college").json()
    assert "api_key" not in shown


@pytest.mark.parametrize(
    "changes",
    [
        {"slug": "College"},
        {"slug": "-college"},
        {"slug": "a/b"},
        {"slug": "x" * 64},
        {"kind": "government"},
        {"country": "pl"},
        {"country": "POL"},
        {"name": {}},
        {"name": "Test college"},
        {"name": {"en": ""}},
        {"name": {"english!": "Test"}},
        {"name": {"en": "Test\u202eegelloc"}},
        {"name": {"en": "a\0b"}},
        {"late_issue_days": -1},
        {"sandbox": "yes please"},
        {"id": "chosen"},
        {"did": "did:web:evil.example"},
        {"demonstration": True},
    ],
)
def test_a_malformed_registration_is_refused(
    lasting_story: Story, changes: dict[str, object]
) -> None:
    served, body = lasting_story.served, BODY | {"slug": "refused"}
    refused = served.post("/api/v1/organisations", body | changes, ADMINISTRATOR)
    assert (refused.status_code, refused.json()["code"]) == (422, "request-invalid")
    assert served.get("/api/v1/organisations/refused").status_code == 404


def test_a_slug_is_given_once(served: Served) -> None:
    register(served, "college")
    refused = served.post("/api/v1/organisations", BODY, ADMINISTRATOR)
    assert (refused.status_code, refused.json()["code"]) == (409, "slug-taken")


def test_only_the_administrator_registers(served: Served) -> None:
    authority = register(served, "authority", "authority")
    for key, status, code in (
        (None, 401, "key-missing"),
        ("wrong", 401, "key-unknown"),
        (authority.key, 403, "scope-missing"),
    ):
        refused = served.post("/api/v1/organisations", BODY, key)
        assert (refused.status_code, refused.json()["code"]) == (status, code)
        assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("kind", [kind for kind in OrganisationKind if not kind.awards])
def test_who_does_not_award_cannot_define_or_issue(served: Served, kind: str) -> None:
    actor = register(served, "office", kind)
    for path in ("/api/v1/achievements", "/api/v1/credentials", "/api/v1/accreditations"):
        refused = served.post(path, {}, actor.key)
        assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")


def test_a_further_key_carries_the_rights_that_were_asked_for(story: Story) -> None:
    served = story.served
    path = "/api/v1/organisations/college/api-keys"
    made = served.post(path, {"scopes": ["credentials:write"]}, story.provider.key)
    assert made.status_code == 201
    desk = made.json()["api_key"]
    issued = served.post("/api/v1/credentials", award_body(), desk)
    assert issued.status_code == 201
    identifier = issued.json()["id"]
    assert served.get(f"/api/v1/credentials/{identifier}", desk).status_code == 403
    revoke = served.post(f"/api/v1/credentials/{identifier}/revoke", {"reason": "…"}, desk)
    assert (revoke.status_code, revoke.json()["code"]) == (403, "scope-missing")
    for scopes, status in ((["organisations:write"], 403), (["all"], 422), ([], 422)):
        assert served.post(path, {"scopes": scopes}, story.provider.key).status_code == status


def test_a_key_hands_on_what_it_has_and_nothing_more(story: Story) -> None:
    served = story.served
    path = "/api/v1/organisations/college/api-keys"
    body = {"scopes": ["keys:write", "credentials:read"]}
    clerk = served.post(path, body, story.provider.key).json()["api_key"]
    assert served.post(path, {"scopes": ["credentials:read"]}, clerk).status_code == 201
    refused = served.post(path, {"scopes": ["credentials:write"]}, clerk)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    assert served.post(path, {"scopes": ["credentials:write"]}, ADMINISTRATOR).status_code == 201


def test_keys_of_another_organisation_cannot_be_made(story: Story) -> None:
    served = story.served
    stranger = register(served, "stranger")
    path = f"/api/v1/organisations/{story.provider.id}/api-keys"
    refused = served.post(path, {"scopes": ["credentials:write"]}, stranger.key)
    assert (refused.status_code, refused.json()["code"]) == (404, "organisation-unknown")


def test_the_administrator_is_no_organisation(story: Story) -> None:
    served = story.served
    assert served.get("/api/v1/me", ADMINISTRATOR).json()["administrator"] is True
    for path in ("/api/v1/credentials", "/api/v1/achievements"):
        assert served.get(path, ADMINISTRATOR).status_code == 403
    assert story.award()["id"]
