"""Changing the status of what was signed under a profile."""

from typing import Any

import pytest

from skillpassport.vc.jose import parse_jws
from tests.support.awards import register
from tests.support.vc_api import Desk, composed

ID = "urn:example:1"


@pytest.fixture
def signed(desk: Desk) -> dict[str, Any]:
    """Have a credential with a status signed."""
    signed: dict[str, Any] = desk.profile(status="bitstring").sign(composed(id=ID))
    return signed


def test_a_credential_is_named_by_its_id_or_by_its_entry(
    desk: Desk, signed: dict[str, Any]
) -> None:
    other = desk.profile(slug="b", status="bitstring").sign(composed())
    assert desk.turn(credentialStatus=other["credentialStatus"]).json() == {"changed": 1}
    assert desk.verify(other).status_code == 400
    assert desk.verify(signed).status_code == 200
    both = {"credentialId": ID, "credentialStatus": [signed["credentialStatus"]]}
    assert desk.turn(**both).json() == {"changed": 1}
    assert desk.verify(signed).status_code == 400


def test_an_id_of_the_clients_choice_names_it_too(desk: Desk) -> None:
    signed = desk.profile(status="bitstring").sign(composed(), credentialId="case-4711")
    assert desk.turn(credentialId="case-4711").json() == {"changed": 1}
    assert desk.verify(signed).status_code == 400


def test_a_revocation_is_for_good_and_repeating_it_changes_nothing(
    desk: Desk, signed: dict[str, Any]
) -> None:
    assert desk.turn(credentialId=ID, status=False).json() == {"changed": 0}
    assert desk.turn(credentialId=ID).json() == {"changed": 1}
    assert desk.turn(credentialId=ID, status=True).json() == {"changed": 0}
    back = desk.turn(credentialId=ID, status=False)
    assert (back.status_code, back.json()["code"]) == (409, "revocation-final")
    assert desk.verify(signed).status_code == 400


def test_only_its_own_organisation_changes_a_status(desk: Desk, signed: dict[str, Any]) -> None:
    other = register(desk.served, "other", "provider", country="GH")
    stranger = Desk(served=desk.served, slug="other", key=other.key)
    entry = signed["credentialStatus"]
    for body in ({"credentialId": ID}, {"credentialStatus": entry}):
        assert stranger.turn(**body).status_code == 404
        assert desk.served.post("/vc/credentials/status", body).status_code == 401
    # Naming one's own by id beside another's entry turns neither.
    stranger.profile(status="bitstring").sign(composed(id="urn:example:own"))
    mixed = stranger.turn(credentialId="urn:example:own", credentialStatus=entry)
    assert mixed.status_code == 404
    assert desk.verify(signed).status_code == 200


def test_what_names_nothing_is_refused(desk: Desk, signed: dict[str, Any]) -> None:
    entry = signed["credentialStatus"]
    for body, status in (
        ({}, 400), ({"credentialId": 7}, 400), ({"credentialId": ""}, 400),
        ({"credentialId": ID, "credentialStatus": "x"}, 400),
        ({"credentialId": ID, "credentialStatus": []}, 400),
        ({"credentialId": ID, "credentialStatus": [entry, entry]}, 400),
        ({"credentialStatus": {**entry, "statusListIndex": "-1"}}, 400),
        ({"credentialStatus": {**entry, "statusListIndex": 7}}, 400),
        ({"credentialId": ID, "status": "perhaps"}, 400),
        ({"credentialId": ID, "status": None}, 400),
        ({"credentialId": ID, "status": []}, 400),
        ({"credentialId": "urn:example:other"}, 404),
        ({"credentialStatus": {**entry, "statusListCredential": "https://x.example/1"}}, 404),
        ({"credentialStatus": {**entry, "statusListIndex": "99999999999999999999"}}, 400),
        ({"credentialStatus": {**entry, "statusListIndex": "131073"}}, 404),
        ({"credentialId": ID, "credentialStatus": {"statusPurpose": "suspension"}}, 422),
    ):  # fmt: skip
        answer = desk.turn(**body)
        assert answer.status_code == status, (body, answer.text)
    assert desk.verify(signed).status_code == 200


@pytest.mark.parametrize("key_type", ["Ed25519", "P-256", "P-384"])
def test_an_sd_jwt_vc_is_revoked_by_a_token_status_list(desk_anywhere: Desk, key_type: str) -> None:
    desk = desk_anywhere
    profile = desk.profile(securing="dc+sd-jwt", key_type=key_type, status="token")
    by_id, by_entry, untouched = (
        profile.sign({"vct": "https://types.example/welder", "given_name": "Ama"}, **options)
        for options in ({"credentialId": "case-1"}, {}, {})
    )
    entry: Any = parse_jws(by_entry.split("~")[0]).payload["status"]
    assert desk.turn(credentialId="case-1").json() == {"changed": 1}
    assert desk.turn(credentialStatus=entry).json() == {"changed": 1}
    for beyond in (2**31, 2**53 - 1):
        far = {"status_list": {**entry["status_list"], "idx": beyond}}
        assert desk.turn(credentialStatus=far).status_code in {400, 404}
    for signed, status in ((by_id, 400), (by_entry, 400), (untouched, 200)):
        assert desk.verify(signed).status_code == status
    assert desk.turn(credentialStatus={"status_list": {"idx": -1, "uri": "x"}}).status_code == 400
    assert desk.turn(credentialStatus={"status_list": {}}).status_code == 400
    claimed = profile.ask({"vct": "t", "status": entry})
    assert (claimed.status_code, claimed.json()["code"]) == (400, "credential-refused")
