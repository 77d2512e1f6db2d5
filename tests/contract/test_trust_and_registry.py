"""The contract's words on organisations, accreditations and the registry."""

import pytest

from tests.support.awards import a_story, register
from tests.support.instances import Served


def test_a_repeated_grant_is_answered_as_the_first_time_after_a_withdrawal(served: Served) -> None:
    story = a_story(served, accredited=False)
    body = {
        "organisation": story.provider.slug,
        "scope": {"isced_f": ["07"]},
        "valid_from": "2025-01-01",
        "valid_until": "2026-12-31",
    }
    path, key = "/api/v1/accreditations", story.authority.key
    first = served.post(path, body, key, idempotency_key="grant-1")
    withdrawal = {"effective_from": "2026-01-01", "reason": "As the inspection found."}
    withdrawn = served.post(f"{path}/{first.json()['id']}/withdraw", withdrawal, key)
    assert withdrawn.json()["withdrawal"]["effective_from"] == "2026-01-01"
    assert served.post(path, body, key, idempotency_key="grant-1").content == first.content


@pytest.mark.parametrize(
    ("remit", "holder", "framework", "status"),
    [
        ({"country": "GB"}, "GB", "GB-SCT:SCQF", 201),
        ({"country": "GB"}, "GB", "GB-ENG+NIR:RQF", 201),
        ({"country": "GB"}, "GB", "NO:NKR", 403),
        ({"country": "GB"}, "NO", "GB-SCT:SCQF", 403),
        ({"country": "NO", "jurisdictions": ["GB"]}, "GB", "GB-SCT:SCQF", 201),
        ({"country": "GB", "frameworks": ["EU:EQF"]}, "GB", "EU:EQF", 201),
        ({"country": "GB"}, "GB", "EU:EQF", 403),
    ],
)
def test_a_remit_is_the_country_with_its_parts_and_what_is_named(
    served: Served, remit: dict[str, object], holder: str, framework: str, status: int
) -> None:
    authority = register(served, "authority", "authority", **remit)
    provider = register(served, "college", country=holder)
    body = {
        "organisation": provider.id,
        "scope": {"framework": framework, "levels": ["4"]},
        "valid_from": "2025-01-01",
        "valid_until": "2026-12-31",
    }
    answer = served.post("/api/v1/accreditations", body, authority.key)
    assert answer.status_code == status, answer.text
    if status == 201:
        assert answer.json()["scope"] == body["scope"]
    else:
        assert answer.json()["code"] == "outside-remit"
