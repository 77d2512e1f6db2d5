"""What is signed here has a published schema, and follows it."""

import json

import jsonschema_rs
import pytest

from skillpassport.credentials.sd_jwt_vc import SKILLS_TYPE
from skillpassport.schemas import SCHEMAS
from skillpassport.vc.jose import parse_jws
from skillpassport.vc.sdjwt import parse_sd_jwt
from skillpassport.vc.sdjwt.type_metadata import check_claims_against, read_type_metadata
from skillpassport.vc.strict_json import JsonObject
from tests.support.awards import BORN, PERSON, Story

HOLDER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"


def without_proof(document: JsonObject) -> JsonObject:
    return {name: value for name, value in document.items() if name not in {"proof", "iss"}}


def served_schema(story: Story, kind: str) -> jsonschema_rs.Validator:
    schema = story.served.get(f"/api/v1/schemas/{kind}/1.0.0").json()
    return jsonschema_rs.validator_for(schema)


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


@pytest.mark.parametrize(
    ("form", "schema"),
    [("vcdm", "skills-credential"), ("open-badge", "open-badge"), ("vc+jwt", "skills-credential")],
)
def test_what_is_issued_follows_the_schema_that_is_served(
    lasting_story: Story, form: str, schema: str
) -> None:
    served, made = lasting_story.served, lasting_story.award(format=form)
    document = made["document"]
    claims = parse_jws(document).payload if isinstance(document, str) else document
    served_schema(lasting_story, schema).validate(without_proof(claims))
    of_lists = served_schema(lasting_story, "status-list")
    for entry in made["status"]["entries"]:
        path = entry["list"].partition("/status/")[2]
        published = json.loads(served.get(f"/status/{path}").content)
        of_lists.validate(without_proof(published))


def test_claims_and_their_status_list_follow_the_schemas_that_are_served(
    lasting_story: Story,
) -> None:
    subject = {"name": PERSON, "birth_date": BORN, "id": HOLDER}
    made = lasting_story.award(
        format="sd-jwt-vc", subject=subject, valid_until="2031-01-01", results={"Theory": 87}
    )
    claims = parse_sd_jwt(made["document"]).revealed().claims  # type: ignore[union-attr]
    served_schema(lasting_story, "skills-credential-claims").validate(claims)
    path = made["status"]["entries"][0]["list"].partition("/status/")[2]
    published = lasting_story.served.get(f"/status/{path}").text
    served_schema(lasting_story, "status-list-token").validate(parse_jws(published).payload)


def test_one_form_does_not_pass_for_another(lasting_story: Story) -> None:
    """Each schema says what its own form holds, so that a mistake of the builder is found."""
    forms = {"vcdm": "skills-credential", "open-badge": "open-badge"}
    for form in forms:
        document = without_proof(lasting_story.award(format=form)["document"])
        for other, schema in forms.items():
            assert served_schema(lasting_story, schema).is_valid(document) is (form == other)


def test_an_accreditation_follows_its_schema(lasting_story: Story) -> None:
    document = lasting_story.ask_to_accredit().json()["document"]
    served_schema(lasting_story, "accreditation").validate(without_proof(document))


def test_the_metadata_of_the_type_are_served_and_an_award_follows_them(
    lasting_story: Story,
) -> None:
    """Read as a wallet reads them that was told where this type is described."""
    served = lasting_story.served
    (item,) = served.get("/api/v1/credential-types").json()["items"]
    assert item["vct"] == SKILLS_TYPE
    answer = served.get("/api/v1/credential-types/skills-credential/1")
    assert answer.headers["content-type"] == "application/json"
    metadata = answer.json()
    assert metadata["vct"] == SKILLS_TYPE
    revealed = parse_sd_jwt(lasting_story.award(format="sd-jwt-vc")["document"]).revealed()  # type: ignore[union-attr]
    at_an_address = json.dumps(metadata | {"vct": "https://types.example/1"})
    rules = read_type_metadata({"vct": "https://types.example/1"}, lambda _: at_an_address)
    check_claims_against(revealed, rules)
    described = {each["path"][0] for each in metadata["claims"]}
    schema = served.get("/api/v1/schemas/skills-credential-claims/1.0.0").json()
    assert described == {*schema["properties"]} - {"vct", "iat", "nbf", "exp", "cnf", "jti"}
    assert served.get("/api/v1/credential-types/skills-credential/9").status_code == 404
