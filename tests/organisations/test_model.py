"""Remits, and the DIDs that never change."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from skillpassport.organisations.access import (
    Scope,
    api_key_digest,
    new_api_key,
    scopes_of,
)
from skillpassport.organisations.model import (
    OrganisationKind,
    covers_framework,
    covers_jurisdiction,
    organisation_did,
    service_did,
)
from skillpassport.vc.did import did_web_url, parse_did
from tests.support.awards import an_organisation


@pytest.mark.parametrize(
    ("country", "jurisdiction", "covered"),
    [
        ("GB", "GB", True),
        ("GB", "GB-SCT", True),
        ("GB", "GB-ENG+NIR", True),
        ("GB", "GBX", False),
        ("GB", "NO", False),
        ("NO", "NO-03", True),
        ("NO", "EU", False),
    ],
)
def test_a_remit_is_the_country_with_its_parts(
    country: str, jurisdiction: str, covered: bool
) -> None:
    authority = an_organisation(kind=OrganisationKind.AUTHORITY, country=country)
    assert covers_jurisdiction(authority, jurisdiction) is covered
    assert covers_framework(authority, f"{jurisdiction}:QF") is covered


def test_a_remit_is_widened_by_what_is_named_and_by_nothing_more() -> None:
    authority = an_organisation(
        kind=OrganisationKind.AUTHORITY,
        country="GH",
        jurisdictions=("SN",),
        frameworks=("AFRICA:ACQF",),
    )
    assert covers_jurisdiction(authority, "SN")
    assert covers_framework(authority, "SN:NQF")
    assert covers_framework(authority, "AFRICA:ACQF")
    assert not covers_jurisdiction(authority, "AFRICA")
    assert not covers_framework(authority, "AFRICA:OTHER")
    assert covers_jurisdiction(authority, "SN-DK"), "a named country is meant with its parts"


@pytest.mark.parametrize(
    ("public_url", "did"),
    [
        ("https://passport.example", "did:web:passport.example"),
        ("http://localhost:8000", "did:web:localhost%3A8000"),
        ("https://state.example/skills", "did:web:state.example:skills"),
        ("https://state.example:8443/a b/c", "did:web:state.example%3A8443:a%20b:c"),
    ],
)
def test_a_did_follows_the_public_address(public_url: str, did: str) -> None:
    assert service_did(public_url) == did
    assert organisation_did(public_url, "college") == f"{did}:orgs:college"


@given(st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True))
def test_a_did_resolves_where_the_service_publishes_it(slug: str) -> None:
    did = organisation_did("https://passport.example", slug)
    parse_did(did)
    assert did_web_url(did) == f"https://passport.example/orgs/{slug}/did.json"


def test_rights_follow_from_what_an_organisation_is() -> None:
    for kind in OrganisationKind:
        scopes = scopes_of(kind)
        assert Scope.ORGANISATIONS_WRITE not in scopes, "the administrator's alone"
        assert (Scope.ACCREDITATIONS_WRITE in scopes) is (kind is OrganisationKind.AUTHORITY)
        assert (Scope.CREDENTIALS_WRITE in scopes) is kind.awards
        assert Scope.KEYS_WRITE in scopes


def test_keys_are_random_and_kept_as_digests() -> None:
    made = {new_api_key() for _ in range(50)}
    assert len(made) == 50
    key = made.pop()
    assert len(key) >= 43
    assert key not in api_key_digest(key)
    assert api_key_digest(key) == api_key_digest(key)
    assert api_key_digest(key + "x") != api_key_digest(key)
    assert api_key_digest("\ud800"), "whatever bytes a header holds"
