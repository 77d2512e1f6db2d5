"""One organisation's ids, keys and rights in another's hands."""

import pytest

from skillpassport.organisations.access import Scope
from tests.support.awards import Actor, Story, a_story, award_body
from tests.support.instances import ADMINISTRATOR, Answer, Served


@pytest.fixture
def story(served: Served) -> Story:
    return a_story(served)


@pytest.fixture
def other(story: Story) -> Actor:
    """Register a second provider, accredited, with an achievement of the same slug."""
    actor = story.register("academy")
    story.accredit(actor)
    story.define(actor)
    return actor


def narrowed(served: Served, owner: Actor, *scopes: Scope) -> str:
    """Return a key of the organisation that carries these rights alone."""
    path = f"/api/v1/organisations/{owner.slug}/api-keys"
    answer = served.post(path, {"scopes": list(scopes)}, owner.key)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["api_key"])


def test_an_id_of_another_tells_nothing(story: Story, other: Actor, served: Served) -> None:
    made = story.award()
    path = f"/api/v1/credentials/{made['id']}"
    unknown = "/api/v1/credentials/AAAAAAAAAAAAAAAAAAAAAA"
    reason = {"reason": "Mine now."}
    for suffix in ("/suspend", "/reinstate", "/revoke", "/supersede"):
        theirs = served.post(path + suffix, reason, other.key)
        nobodys = served.post(unknown + suffix, reason, other.key)
        assert theirs.status_code == nobodys.status_code == 404
        assert told(theirs) == told(nobodys)
    assert told(served.get(path, other.key)) == told(served.get(unknown, other.key))
    assert served.get(path, story.provider.key).status_code == 200
    assert story.verify_code(made["code"])["verdict"] == "valid"


def told(answer: Answer) -> dict[str, object]:
    body = dict(answer.json())
    del body["trace_id"]
    return body


def test_an_achievement_of_another_is_not_awarded(story: Story, other: Actor) -> None:
    mine = story.define(slug="only-mine")
    assert story.ask_to_award(achievement=mine).status_code == 201
    refused = story.ask_to_award(other, achievement=mine)
    assert (refused.status_code, refused.json()["code"]) == (404, "achievement-unknown")


def test_an_award_is_not_moved_to_anothers_achievement(story: Story, other: Actor) -> None:
    theirs = story.define(other, slug="theirs")
    made = story.award()
    assert story.change(made["id"], "supersede", achievement=theirs).status_code == 404
    assert story.verify_code(made["code"])["verdict"] == "valid"


def test_another_authority_has_no_say(story: Story, served: Served) -> None:
    identifier = story.accredit()
    stranger = story.register("second-authority", "authority")
    path = f"/api/v1/accreditations/{identifier}"
    withdrawal = {"effective_from": "2026-01-01", "reason": "Because."}
    late = {"achievement": "welding", "awarded_on": "2025-01-01", "reason": "Because."}
    assert served.post(f"{path}/withdraw", withdrawal, stranger.key).status_code == 404
    assert served.post(f"{path}/late-awards", late, stranger.key).status_code == 404
    assert served.get(path).json()["withdrawal"] is None
    assert story.withdraw(identifier, "2026-01-01").status_code == 200


def test_the_same_idempotency_key_of_another_is_another_key(story: Story, other: Actor) -> None:
    headers = {"idempotency_key": "award-1"}
    post = story.served.post
    mine = post("/api/v1/credentials", award_body(), story.provider.key, **headers)
    theirs = post("/api/v1/credentials", award_body(), other.key, **headers)
    again = post("/api/v1/credentials", award_body(), story.provider.key, **headers)
    assert mine.status_code == theirs.status_code == 201
    assert mine.json()["id"] == again.json()["id"] != theirs.json()["id"]
    changed = post(
        "/api/v1/credentials", award_body(awarded_on="2025-06-26"), story.provider.key, **headers
    )
    assert (changed.status_code, changed.json()["code"]) == (409, "idempotency-conflict")


def test_a_key_makes_no_key_with_more_rights(story: Story, served: Served) -> None:
    owner = story.provider
    weak = narrowed(served, owner, Scope.KEYS_WRITE, Scope.CREDENTIALS_READ)
    path = f"/api/v1/organisations/{owner.slug}/api-keys"
    allowed = served.post(path, {"scopes": [Scope.CREDENTIALS_READ]}, weak)
    assert allowed.status_code == 201
    for scopes in (
        [Scope.CREDENTIALS_WRITE],
        [Scope.CREDENTIALS_READ, Scope.STATUS_WRITE],
        [Scope.ORGANISATIONS_WRITE],
        [Scope.ACCREDITATIONS_WRITE],
        ["everything"],
        ["*"],
    ):
        refused = served.post(path, {"scopes": scopes}, weak)
        assert refused.status_code in {403, 422}, refused.text
        assert "sp_" not in refused.text


def test_a_weaker_key_is_not_told_a_stronger_one_again(story: Story, served: Served) -> None:
    owner = story.provider
    weak = narrowed(served, owner, Scope.KEYS_WRITE)
    path = f"/api/v1/organisations/{owner.slug}/api-keys"
    body = {"scopes": [Scope.CREDENTIALS_WRITE]}
    made = served.post(path, body, owner.key, idempotency_key="k1")
    again = served.post(path, body, owner.key, idempotency_key="k1")
    assert made.json()["api_key"] == again.json()["api_key"]
    replayed = served.post(path, body, weak, idempotency_key="k1")
    assert replayed.status_code == 403
    assert made.json()["api_key"] not in replayed.text


@pytest.mark.parametrize("scope", sorted(Scope))
def test_each_right_opens_its_own_doors_alone(story: Story, served: Served, scope: Scope) -> None:
    actor = story.authority if scope is Scope.ACCREDITATIONS_WRITE else story.provider
    if scope is Scope.ORGANISATIONS_WRITE:
        return  # the administrator's alone; no organisation's key can carry it
    key = narrowed(served, actor, scope)
    made = story.award()
    reason = {"reason": "Because."}
    doors: dict[Scope, tuple[str, object]] = {
        Scope.ORGANISATIONS_WRITE: (
            "/api/v1/organisations",
            {"slug": "x", "name": {"en": "x"}, "kind": "authority", "country": "PL"},
        ),
        Scope.KEYS_WRITE: (f"/api/v1/organisations/{actor.slug}/api-keys", {"scopes": [scope]}),
        Scope.ACCREDITATIONS_WRITE: ("/api/v1/accreditations", {}),
        Scope.ACHIEVEMENTS_WRITE: ("/api/v1/achievements", {}),
        Scope.CREDENTIALS_WRITE: ("/api/v1/credentials", {}),
        Scope.STATUS_WRITE: (f"/api/v1/credentials/{made['id']}/suspend", reason),
    }
    for needed, (path, body) in doors.items():
        answer = served.post(path, body, key)
        assert (answer.status_code == 403) is (needed is not scope), (needed, answer.text)
    read = served.get("/api/v1/credentials", key)
    assert (read.status_code == 403) is (scope is not Scope.CREDENTIALS_READ)


@pytest.mark.parametrize(
    "extra",
    [
        {"id": "chosen"},
        {"code": "0" * 26},
        {"issuer": "did:web:passport.example:orgs:academy"},
        {"organisation": "academy"},
        {"status": {"state": "good"}},
        {"issued_at": "2020-01-01T00:00:00Z"},
        {"accreditation": "x"},
        {"supersedes": "x"},
        {"entries": []},
        {"document": {}},
    ],
)
def test_what_the_service_decides_is_not_taken_from_a_body(
    standing_story: Story, extra: dict[str, object]
) -> None:
    day = {"awarded_on": "2026-06-01"}
    for changes, status in ((extra, 422), ({}, 201)):
        body = award_body(**(day | changes))
        answer = standing_story.served.post(
            "/api/v1/credentials", body, standing_story.provider.key
        )
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    "extra", [{"did": "did:web:x"}, {"demonstration": True}, {"api_key": "x"}, {"scopes": ["x"]}]
)
def test_an_organisation_is_not_registered_with_more(
    served: Served, extra: dict[str, object]
) -> None:
    body = {"slug": "plain", "name": {"en": "x"}, "kind": "provider", "country": "PL"}
    refused = served.post("/api/v1/organisations", body | extra, ADMINISTRATOR)
    assert refused.status_code == 422
    assert served.post("/api/v1/organisations", body, ADMINISTRATOR).status_code == 201


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("t0.x", 200),
        ("t99999999999999999.z", 200),
        ("t1767225600000000.x", 200),
        ("t100000000000000000.x", 422),
        ("t-1.x", 422),
        ("t٣.x", 422),
        ("ttoday.x", 422),
        ("t1767225600000000.", 422),
        ("t1767225600000000.x%00", 400),
        ("t1767225600000000.x%0A", 400),
        ("t1767225600000000.x.x", 422),
        ("n78", 422),
        ("", 422),
        ("=", 422),
    ],
)
def test_a_cursor_of_ones_own_making_opens_nothing(
    standing_story: Story, given: str, status: int
) -> None:
    key = standing_story.authority.key
    for path in ("/api/v1/credentials", "/api/v1/achievements"):
        answer = standing_story.served.get(f"{path}?cursor={given}", key)
        assert answer.status_code == status, answer.text
        assert standing_story.provider.id not in answer.text
