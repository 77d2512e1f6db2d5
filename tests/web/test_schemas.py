"""What is signed here has a published schema, and follows it."""

import json

import jsonschema_rs
import pytest

from skillpassport.schemas import SCHEMAS
from skillpassport.vc.strict_json import JsonObject
from tests.support.awards import Story


def without_proof(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name != "proof"}


def test_each_schema_is_listed_and_served_to_anybody(lasting_story: Story) -> None:
    served = lasting_story.served
    items = served.get("/api/v1/schemas").json()["items"]
    assert [f"{each['kind']}/{each['version']}" for each in items] == [*SCHEMAS]
    for name in SCHEMAS:
        answer = served.get(f"/api/v1/schemas/{name}")
        assert answer.headers["content-type"] == "application/schema+json"
        assert answer.headers["access-control-allow-origin"] == "*"
        kind, version = name.split("/")
        assert answer.json()["$id"] == f"urn:skillpassport:schema:{kind}:{version}"
        jsonschema_rs.validator_for(answer.json())


@pytest.mark.parametrize(
    "name", ["skills-credential/9.0.0", "other/1.0.0", "..%2F..%2Fpyproject/toml"]
)
def test_a_schema_that_was_never_published_is_not_there(lasting_story: Story, name: str) -> None:
    assert lasting_story.served.get(f"/api/v1/schemas/{name}").status_code == 404


@pytest.mark.parametrize("form", ["vcdm", "open-badge"])
def test_what_is_issued_follows_the_schema_that_is_served(lasting_story: Story, form: str) -> None:
    served, made = lasting_story.served, lasting_story.award(format=form)
    schema = served.get("/api/v1/schemas/skills-credential/1.0.0").json()
    jsonschema_rs.validator_for(schema).validate(without_proof(made["document"]))
    of_lists = served.get("/api/v1/schemas/status-list/1.0.0").json()
    for entry in made["status"]["entries"]:
        path = entry["list"].partition("/status/")[2]
        published = json.loads(served.get(f"/status/{path}").content)
        jsonschema_rs.validator_for(of_lists).validate(without_proof(published))
