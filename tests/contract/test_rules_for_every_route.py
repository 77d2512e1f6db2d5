"""The contract's rules for every route: one description that holds, one form of refusal, lists."""

from collections.abc import Callable, Mapping
from typing import Any

import jsonschema_rs
import pytest
from openapi_spec_validator import validate

from skillpassport.credentials.code import new_code
from skillpassport.settings import load_settings
from skillpassport.web.app import create_app
from tests.support.awards import Story, a_story, award_body
from tests.support.instances import ADMINISTRATOR, Answer, Served
from tests.support.web import FakeServices

Description = dict[str, Any]
Ask = Callable[[Story, Any], Answer]

WHERE = "/api/v1/credentials"


@pytest.fixture(scope="module")
def description() -> Description:
    """Describe the application as it is served, once for all tests here."""
    return create_app(FakeServices(), load_settings(rate_limits="off")).openapi()


def test_the_served_description_is_this_one(served: Served, description: Description) -> None:
    assert served.get("/openapi.json").json()["paths"] == description["paths"]


def closed(description: Description) -> Description:
    """Return the schemas with every member that they do not name forbidden."""
    schemas = description["components"]["schemas"]
    return {
        name: {"additionalProperties": False} | schema if "properties" in schema else schema
        for name, schema in schemas.items()
    }


def schema_of(description: Description, method: str, path: str, status: int) -> Mapping[str, Any]:
    content = description["paths"][path][method]["responses"][str(status)]["content"]
    found: Mapping[str, Any] = content["application/json"]["schema"]
    return found


def test_the_description_is_valid_and_declares_every_refusal(description: Description) -> None:
    validate(description)
    assert description["openapi"].startswith("3.1")
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            for status in ("4XX", "5XX"):
                content = operation["responses"][status]["content"]
                assert content == {"application/problem+json": problem}, (method, path)


def test_no_answer_is_described_as_just_anything(description: Description) -> None:
    for path, methods in description["paths"].items():
        for method, operation in methods.items():
            for status, response in operation["responses"].items():
                for media_type, body in response.get("content", {}).items():
                    named = body["schema"].get("$ref") or body["schema"].get("type") in {
                        "string",
                        "object",
                    }
                    assert named, (method, path, status, media_type)
                    assert body["schema"].get("additionalProperties") is not True, (method, path)


GRANT: dict[str, Any] = {
    "scope": {"isced_f": ["07"]},
    "valid_from": "2025-01-01",
    "valid_until": "2025-12-31",
}


def a_key(story: Story) -> str:
    """Return the id of an API key of the provider's."""
    keys = story.served.get("/api/v1/organisations/college/api-keys", story.provider.key)
    identifier: str = keys.json()["items"][0]["id"]
    return identifier


def a_signing_key(story: Story) -> str:
    """Return the name of the provider's signing key."""
    keys = story.served.get("/api/v1/organisations/college/signing-keys", story.provider.key)
    name: str = keys.json()["items"][0]["name"]
    return name


COMPARED = "/api/v1/equivalences?from_framework={}&from_level={}&to_country=NO"

ASKED: Mapping[str, tuple[str, str, int, Ask]] = {
    "a registration": (
        "post",
        "/api/v1/organisations",
        201,
        lambda story, _: story.served.post(
            "/api/v1/organisations",
            {"slug": "further", "name": {"en": "F"}, "kind": "employer", "country": "NO"},
            ADMINISTRATOR,
        ),
    ),
    "an organisation": (
        "get",
        "/api/v1/organisations/{reference}",
        200,
        lambda story, _: story.served.get("/api/v1/organisations/college"),
    ),
    "an API key": (
        "post",
        "/api/v1/organisations/{reference}/api-keys",
        201,
        lambda story, _: story.served.post(
            "/api/v1/organisations/college/api-keys",
            {"scopes": ["status:write"]},
            story.provider.key,
        ),
    ),
    "API keys": (
        "get",
        "/api/v1/organisations/{reference}/api-keys",
        200,
        lambda story, _: story.served.get(
            "/api/v1/organisations/college/api-keys", story.provider.key
        ),
    ),
    "the end of an API key": (
        "post",
        "/api/v1/organisations/{reference}/api-keys/{key}/revoke",
        200,
        lambda story, _: story.served.post(
            f"/api/v1/organisations/college/api-keys/{a_key(story)}/revoke", {}, ADMINISTRATOR
        ),
    ),
    "signing keys": (
        "get",
        "/api/v1/organisations/{reference}/signing-keys",
        200,
        lambda story, _: story.served.get(
            "/api/v1/organisations/college/signing-keys", story.provider.key
        ),
    ),
    "the end of a signing key": (
        "post",
        "/api/v1/organisations/{reference}/signing-keys/{key}/revoke",
        200,
        lambda story, _: story.served.post(
            f"/api/v1/organisations/college/signing-keys/{a_signing_key(story)}/revoke",
            {"reason": "Stolen."},
            ADMINISTRATOR,
        ),
    ),
    "awards signed anew": (
        "post",
        "/api/v1/organisations/{reference}/reissues",
        200,
        lambda story, _: story.served.post(
            "/api/v1/organisations/college/reissues", {"dry_run": True}, story.provider.key
        ),
    ),
    "who am I": (
        "get",
        "/api/v1/me",
        200,
        lambda story, _: story.served.get("/api/v1/me", story.provider.key),
    ),
    "who is the administrator": (
        "get",
        "/api/v1/me",
        200,
        lambda story, _: story.served.get("/api/v1/me", ADMINISTRATOR),
    ),
    "an accreditation": (
        "post",
        "/api/v1/accreditations",
        201,
        lambda story, _: story.ask_to_accredit(**GRANT),
    ),
    "a withdrawal": (
        "post",
        "/api/v1/accreditations/{identifier}/withdraw",
        200,
        lambda story, _: story.served.post(
            f"/api/v1/accreditations/{story.accredit(**GRANT)}/withdraw",
            {"effective_from": "2025-06-01", "reason": "Closed."},
            story.authority.key,
        ),
    ),
    "a late award": (
        "post",
        "/api/v1/accreditations/{identifier}/late-awards",
        201,
        lambda story, _: story.served.post(
            f"/api/v1/accreditations/{story.accredit(**GRANT)}/late-awards",
            {"achievement": "welding", "awarded_on": "2025-02-01", "reason": "Illness."},
            story.authority.key,
        ),
    ),
    "an achievement": (
        "post",
        "/api/v1/achievements",
        201,
        lambda story, _: story.ask_to_define(slug="further", hours=12.5),
    ),
    "achievements": (
        "get",
        "/api/v1/achievements",
        200,
        lambda story, _: story.served.get("/api/v1/achievements", story.provider.key),
    ),
    "an award": ("post", WHERE, 201, lambda story, _: story.ask_to_award()),
    "a token": ("post", WHERE, 201, lambda story, _: story.ask_to_award(format="vc+jwt")),
    "claims": ("post", WHERE, 201, lambda story, _: story.ask_to_award(format="sd-jwt-vc")),
    "a badge with a choice": (
        "post",
        WHERE,
        201,
        lambda story, _: story.ask_to_award(format="open-badge", securing="eddsa-rdfc-2022"),
    ),
    "schemas": (
        "get",
        "/api/v1/schemas",
        200,
        lambda story, _: story.served.get("/api/v1/schemas"),
    ),
    "types of credentials": (
        "get",
        "/api/v1/credential-types",
        200,
        lambda story, _: story.served.get("/api/v1/credential-types"),
    ),
    "credentials": (
        "get",
        WHERE,
        200,
        lambda story, _: story.served.get(WHERE, story.provider.key),
    ),
    "a credential": (
        "get",
        f"{WHERE}/{{reference}}",
        200,
        lambda story, made: story.served.get(f"{WHERE}/{made['id']}", story.provider.key),
    ),
    "a suspension": (
        "post",
        "/api/v1/credentials/{reference}/suspend",
        200,
        lambda story, made: story.change(made["id"], "suspend"),
    ),
    "a correction": (
        "post",
        "/api/v1/credentials/{reference}/supersede",
        201,
        lambda story, made: story.change(made["id"], "supersede", subject={"name": "Other"}),
    ),
    "a head of the log": (
        "get",
        "/api/v1/log/head",
        200,
        lambda story, _: story.served.get("/api/v1/log/head"),
    ),
    "an entry of the log": (
        "get",
        "/api/v1/log/entries/{position}",
        200,
        lambda story, _: story.served.get("/api/v1/log/entries/0"),
    ),
    "a proof of inclusion": (
        "get",
        "/api/v1/log/proof",
        200,
        lambda story, _: story.served.get("/api/v1/log/proof?position=0"),
    ),
    "a proof of consistency": (
        "get",
        "/api/v1/log/proof",
        200,
        lambda story, _: story.served.get("/api/v1/log/proof?old_size=1"),
    ),
    "a comparison": (
        "get",
        "/api/v1/equivalences",
        200,
        lambda story, _: story.served.get(COMPARED.format("PL:PRK", "VI")),
    ),
    "no comparison": (
        "get",
        "/api/v1/equivalences",
        200,
        lambda story, _: story.served.get(COMPARED.format("GH:NTVETQF", "4")),
    ),
    "frameworks": (
        "get",
        "/api/v1/frameworks",
        200,
        lambda story, _: story.served.get("/api/v1/frameworks?limit=200"),
    ),
    "coverage": (
        "get",
        "/api/v1/coverage",
        200,
        lambda story, _: story.served.get("/api/v1/coverage"),
    ),
    "levels": (
        "get",
        "/api/v1/frameworks/{framework}/levels",
        200,
        lambda story, _: story.served.get("/api/v1/frameworks/NO:NKR/levels"),
    ),
    "a reading": (
        "get",
        "/api/v1/frameworks/resolve",
        200,
        lambda story, _: story.served.get("/api/v1/frameworks/resolve?text=PQF%20level%205"),
    ),
}


def refuse_others(description: Description, schema: Mapping[str, Any], body: object) -> None:
    whole = {"components": {"schemas": closed(description)}, **schema}
    found = [
        f"{error.instance_path}: {error.message}"
        for error in jsonschema_rs.Draft202012Validator(whole).iter_errors(body)
    ]
    assert not found


@pytest.mark.parametrize("name", ASKED)
def test_an_answer_has_the_described_members_and_no_other(
    served: Served, description: Description, name: str
) -> None:
    method, path, status, ask = ASKED[name]
    story = a_story(served)
    answer = ask(story, story.award())
    assert answer.status_code == status, answer.text
    refuse_others(description, schema_of(description, method, path, status), answer.json())


@pytest.mark.parametrize("destination", [None, "NO"])
@pytest.mark.parametrize("state", ["good", "suspended", "corrected", "rehearsed"])
def test_a_report_has_the_described_members_and_no_other(
    served: Served, description: Description, state: str, destination: str | None
) -> None:
    story = a_story(served)
    made = story.award(valid_until="2027-12-31")
    if state == "suspended":
        story.change(made["id"], "suspend")
    elif state == "corrected":
        story.change(made["id"], "supersede", awarded_on="2025-06-28")
    elif state == "rehearsed":
        rehearsing = story.register("rehearsal", sandbox=True)
        story.ask_to_define(rehearsing)
        made = story.award(rehearsing)
    schema = schema_of(description, "post", "/api/v1/verifications", 200)
    refuse_others(description, schema, story.verify(made["document"], destination=destination))


@pytest.mark.parametrize(
    "brought", [{"code": new_code()}, {"url": "https://127.0.0.1:9/x"}, {"document": "hello"}]
)
def test_a_report_on_nothing_has_the_described_members(
    served: Served, description: Description, brought: dict[str, str]
) -> None:
    schema = schema_of(description, "post", "/api/v1/verifications", 200)
    report = served.post("/api/v1/verifications", brought | {"destination": "NO"}).json()
    refuse_others(description, schema, report)
    assert report["subject"] == {"withheld": True}


@pytest.mark.parametrize(
    ("path", "key", "body", "status"),
    [
        ("/api/v1/organisations", None, {}, 401),
        ("/api/v1/organisations", "no-such-key", {}, 401),
        ("/api/v1/organisations", "provider", {}, 403),
        ("/api/v1/accreditations", "provider", {}, 403),
        ("/api/v1/credentials", "provider", {}, 422),
        ("/api/v1/credentials/aaaaaaaaaa/revoke", "provider", {"reason": "x"}, 404),
        ("/api/v1/nothing", None, {}, 404),
        ("/api/v1/log/head", None, {}, 405),
    ],
)
def test_every_refusal_is_a_problem_document(
    served: Served,
    description: Description,
    path: str,
    key: str | None,
    body: dict[str, str],
    status: int,
) -> None:
    story = a_story(served)
    answer = served.post(path, body, story.provider.key if key == "provider" else key)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    refuse_others(description, description["components"]["schemas"]["Problem"], answer.json())


def test_another_organisations_award_is_not_found(served: Served) -> None:
    story = a_story(served)
    made, other = story.award(), story.register("other")
    path = f"{WHERE}/{made['id']}"
    assert served.get(path, other.key).status_code == 404
    assert served.post(f"{path}/revoke", {"reason": "x"}, other.key).status_code == 404
    assert story.verify(made["document"])["verdict"] == "valid"


def test_a_list_leads_on_by_cursor_and_link(served: Served) -> None:
    story = a_story(served)
    made = [story.award()["id"] for _ in range(5)]
    key, seen, path = story.provider.key, [], f"{WHERE}?limit=2&achievement=welding"
    while path:
        answer = served.get(path, key)
        seen += [each["id"] for each in answer.json()["items"]]
        link = answer.headers.get("link", "")
        assert bool(link) is (answer.json()["next"] is not None)
        assert not link or link.endswith('; rel="next"')
        path = link.partition("<")[2].partition(">")[0]
    assert sorted(seen) == sorted(made)
    assert served.get(f"{WHERE}?limit=201", key).status_code == 422


@pytest.mark.parametrize(
    ("days", "status"),
    [
        ({"awarded_on": "2026-03-02"}, 201),
        ({"awarded_on": "2026-03-03"}, 422),
        ({"awarded_on": "1994-05-16"}, 422),
        ({"awarded_on": "2025-06-27", "valid_until": "2025-06-27"}, 201),
        ({"awarded_on": "2025-06-27", "valid_until": "2025-06-26"}, 422),
        ({"awarded_on": "2025-06-27T00:00:00Z"}, 422),
        ({"awarded_on": "2025-02-29"}, 422),
    ],
)
def test_days_are_calendar_days_up_to_today_and_from_birth(
    served: Served, days: dict[str, Any], status: int
) -> None:
    story = a_story(served)
    assert story.ask_to_award(**days).status_code == status


def test_an_end_is_the_last_instant_of_its_day(served: Served) -> None:
    story = a_story(served)
    made = story.award(valid_until="2026-03-02")
    assert made["document"]["validFrom"] == "2025-06-27T00:00:00Z"
    assert made["document"]["validUntil"] == "2026-03-02T23:59:59Z"
    assert story.verify(made["document"])["verdict"] == "valid"
    served.pass_time(hours=12)
    assert story.verify(made["document"])["verdict"] == "invalid"


def test_the_first_answer_comes_again_and_another_body_is_a_conflict(served: Served) -> None:
    story = a_story(served)
    key = story.provider.key
    first = served.post(WHERE, award_body(), key, idempotency_key="once")
    assert story.change(first.json()["id"], "revoke").status_code == 200
    assert served.post(WHERE, award_body(), key, idempotency_key="once").content == first.content
    other = served.post(WHERE, award_body(awarded_on="2025-06-28"), key, idempotency_key="once")
    assert (other.status_code, other.json()["code"]) == (409, "idempotency-conflict")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/v1/qualifications?country=NO&cursor=n00", 422),
        ("/api/v1/frameworks?cursor=n4e4f00", 422),
        ("/api/v1/frameworks?cursor=n4e4f", 200),
        ("/api/v1/registry/changes?cursor=c8136880518", 422),
        ("/api/v1/registry/changes?cursor=c999999999", 200),
    ],
)
def test_no_cursor_that_somebody_made_up_is_a_fault(served: Served, path: str, status: int) -> None:
    assert served.get(path).status_code == status


@pytest.mark.parametrize(("days", "status"), [(30.0, 201), (30.5, 422), ("30", 422), (True, 422)])
def test_a_number_without_a_fraction_is_an_integer(
    served: Served, days: object, status: int
) -> None:
    body = {
        "slug": "college",
        "kind": "provider",
        "country": "GH",
        "name": {"en": "College"},
        "late_issue_days": days,
    }
    answer = served.post("/api/v1/organisations", body, ADMINISTRATOR)
    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.json()["late_issue_days"] == 30
