"""What is signed on the short way is what the route would sign, and refused as the route refuses."""

from typing import Any

import pytest

from tests.support.instances import PUBLIC_URL
from tests.support.vc_api import Desk, Profile, composed

KINDS = ("vc+jwt", "eddsa-jcs-2022", "eddsa-rdfc-2022")


@pytest.fixture(params=KINDS)
def warm(desk: Desk, request: pytest.FixtureRequest) -> Profile:
    """Make a profile under which a shape was signed often enough to be known."""
    profile = desk.profile(securing=request.param)
    for number in range(4):
        profile.sign(composed(id=f"urn:example:{number}"))
    return profile


def test_it_is_taken_for_known_shapes_and_signs_soundly(
    warm: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[object] = []
    issue = type(warm.desk.served.instance.issue_under_profile)
    at_once = issue.at_once

    def watched(*given: Any) -> object:  # noqa: ANN401 - whatever it is called with
        taken.append(at_once(*given))
        return taken[-1]

    monkeypatch.setattr(issue, "at_once", watched)
    signed = warm.sign(composed(id="urn:example:another"))
    assert taken == [signed]
    assert warm.desk.verify(signed).status_code == 200


def test_what_the_route_refuses_is_refused(warm: Profile) -> None:
    hostile: tuple[dict[str, object], ...] = (
        {"id": "no url"}, {"issuer": "did:example:other"}, {"credentialSubject": {}},
        {"validFrom": "2026-01-01"}, {"proof": {}}, {"name": 7}, {"id": None, "invented:term": "x"},
    )  # fmt: skip
    for changes in hostile:
        answer = warm.ask(composed(**{"id": "urn:example:5", **changes}))
        assert (answer.status_code, answer.json()["code"]) == (400, "credential-refused"), changes


def test_a_revoked_key_and_a_key_past_its_window_sign_no_more(warm: Profile) -> None:
    served, path = warm.desk.served, f"/api/v1/organisations/{warm.desk.slug}/api-keys"
    made = served.post(path, {"scopes": ["credentials:write"]}, warm.desk.key).json()
    issue = warm.issue_url.removeprefix(PUBLIC_URL)
    for _ in range(2):
        assert served.post(issue, {"credential": composed()}, made["api_key"]).status_code == 201
    revoked = served.post(f"{path}/{made['id']}/revoke", {}, warm.desk.key)
    assert revoked.status_code == 200, revoked.text
    assert served.post(issue, {"credential": composed()}, made["api_key"]).status_code == 401
    assert warm.ask(composed()).status_code == 201
    served.pass_time(days=731)
    assert warm.ask(composed()).status_code == 503


def test_strict_json_is_asked_for_on_the_short_way_too(warm: Profile) -> None:
    headers = {"Authorization": f"Bearer {warm.desk.key}", "Content-Type": "application/json"}
    for hostile in (b'{"credential":{},"credential":{}}', b'{"credential":{"n":NaN}}', b"[]", b"{"):
        answer = warm.desk.served.http.post(warm.issue_url, content=hostile, headers=headers)
        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"
