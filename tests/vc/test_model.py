"""The shape of VC Data Model 2.0 credentials."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from skillpassport.clock import rfc3339
from skillpassport.vc.instants import parse_instant
from skillpassport.vc.model import Credential, shape_problems
from skillpassport.vc.strict_json import JsonObject, JsonValue, parse_object
from tests.support.credentials import ISSUER, NOW, a_credential, did_of
from tests.support.shared_data import shared_data, shared_data_folder

INPUTS = shared_data_folder() / "credentials" / "w3c-vcdm2-inputs"
CASES = sorted(
    path.relative_to(INPUTS).as_posix()
    for path in INPUTS.rglob("*.json")
    if "presentation" not in path.name
)
# Judged with the contexts, not by shape: see checks.content and its tests.
BY_CONTEXT = {"credential-redef-type-fail.json", "credential-redef-type2-fail.json"}


def as_issued(path: Path) -> JsonObject:
    """Return an input of the W3C suite as its harness sends it: with an issuer and real dates."""
    document = parse_object(path.read_bytes())
    issuer = document.setdefault("issuer", did_of(ISSUER))
    if isinstance(issuer, dict):
        issuer.setdefault("id", did_of(ISSUER))
    dates = {"FUTURE DATE": timedelta(days=1), "PAST DATE": timedelta(days=-1)}
    for member in ("validFrom", "validUntil"):
        placeholder = document.get(member)
        if placeholder in dates:
            document[member] = rfc3339(NOW + dates[str(placeholder)])
    return document


@pytest.mark.data
@pytest.mark.parametrize("case", CASES)
def test_the_inputs_of_the_w3c_suite_are_judged_as_their_names_say(case: str) -> None:
    problems = shape_problems(as_issued(shared_data() / "credentials" / "w3c-vcdm2-inputs" / case))
    if Path(case).name in BY_CONTEXT:
        assert problems == ()
    elif "fail" in case:
        assert problems
    else:
        assert problems == ()


MALFORMED: list[tuple[str, JsonValue, str]] = [
    ("@context", [], "/@context"),
    ("@context", "https://www.w3.org/2018/credentials/v1", "/@context"),
    ("@context", ["https://vocab.example/", "https://www.w3.org/ns/credentials/v2"], "/@context"),
    ("@context", ["https://www.w3.org/ns/credentials/v2", None], "/@context/1"),
    ("@context", {"@vocab": "https://vocab.example/"}, "/@context"),
    ("type", [], "/type"),
    ("type", ["OpenBadgeCredential"], "/type"),
    ("type", ["VerifiableCredential", 1], "/type"),
    ("type", {"VerifiableCredential": 1}, "/type"),
    ("id", "no url", "/id"),
    ("id", None, "/id"),
    ("issuer", None, "/issuer"),
    ("issuer", {}, "/issuer/id"),
    ("issuer", ["did:key:z6Mk"], "/issuer"),
    ("issuer", {"id": "did:key:z6Mk", "name": {"en": "Centre"}}, "/issuer/name"),
    ("credentialSubject", None, "/credentialSubject"),
    ("credentialSubject", "did:key:z6Mk", "/credentialSubject"),
    ("credentialSubject", {}, "/credentialSubject"),
    ("credentialSubject", [], "/credentialSubject"),
    ("credentialSubject", {"id": 1}, "/credentialSubject/id"),
    ("validFrom", "2026-11-01", "/validFrom"),
    ("validFrom", "2026-11-01T00:00:00", "/validFrom"),
    ("validFrom", 1793520000, "/validFrom"),
    ("validFrom", "2026-02-30T00:00:00Z", "/validFrom"),
    ("validUntil", "2026-10-31T23:59:59Z", "/validUntil"),
    ("credentialStatus", "https://issuer.example/status", "/credentialStatus"),
    ("credentialStatus", {"id": "https://issuer.example/status"}, "/credentialStatus/type"),
    ("credentialSchema", {"type": "JsonSchema"}, "/credentialSchema/id"),
    ("evidence", {"id": "https://a.example/"}, "/evidence/type"),
    ("termsOfUse", [{"type": ["a", 1]}], "/termsOfUse/type"),
    ("refreshService", {"type": ""}, "/refreshService/type"),
    ("name", {"@value": "x", "@language": "en", "extra": 1}, "/name"),
    ("name", 7, "/name"),
    ("description", {"en": "a language map"}, "/description"),
    ("relatedResource", {"id": "https://a.example/"}, "/relatedResource"),
    ("relatedResource", {"digestSRI": "sha384-x"}, "/relatedResource/id"),
    (
        "relatedResource",
        [{"id": "https://a.example/", "digestSRI": "x"}] * 2,
        "/relatedResource/id",
    ),
]


@pytest.mark.parametrize(("member", "value", "pointer"), MALFORMED)
def test_a_departure_from_the_model_is_named_by_its_place(
    member: str, value: JsonValue, pointer: str
) -> None:
    document: JsonObject = {**a_credential(), member: value}
    assert shape_problems(a_credential()) == ()
    assert pointer in {problem.pointer for problem in shape_problems(document)}


def test_every_problem_is_named_not_only_the_first() -> None:
    assert len(shape_problems({})) >= 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-01T00:00:00Z", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T01:00:00+01:00", datetime(2026, 11, 1, tzinfo=UTC)),
        ("2026-11-01T00:00:00.5Z", datetime(2026, 11, 1, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-01T00:00:00.1234567890Z", datetime(2026, 11, 1, 0, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-01T00:00:00", None),
        ("2026-11-01 00:00:00Z", None),
        ("2026-11-01T00:00Z", None),
        ("2026-11-01T00:00:00z", None),
        ("2026-11-01T24:00:00Z", None),
        ("2026-11-01T00:00:60Z", None),
        ("2026-13-01T00:00:00Z", None),
        ("2026-11-31T00:00:00Z", None),
        ("0000-01-01T00:00:00Z", None),
        ("٢026-11-01T00:00:00Z", None),
        ("2026-11-01T00:00:00Z\n", None),
        ("2026-11-01T00:00:00.Z", None),
        ("2026-11-01T00:00:00+15:00", None),
        ("", None),
        (None, None),
        (0, None),
    ],
)
def test_only_an_instant_with_a_zone_is_an_instant(
    text: JsonValue, expected: datetime | None
) -> None:
    assert parse_instant(text) == expected


def test_the_view_reads_what_is_there_and_nothing_else() -> None:
    view = Credential(
        a_credential(issuer={"id": did_of(ISSUER)}, validUntil="2027-01-01T00:00:00Z")
    )
    assert view.issuer == did_of(ISSUER)
    assert view.types == ("VerifiableCredential",)
    assert view.valid_until is not None
    assert view.subjects[0]["id"]
    assert view.status_entries == ()
    assert view.schemas == ()
    empty = Credential({"type": 1, "issuer": [], "credentialSubject": "x", "id": {}})
    assert (empty.id, empty.issuer, empty.types, empty.subjects) == (None, None, (), ())
