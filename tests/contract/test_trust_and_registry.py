"""The contract's words on organisations, accreditations and the registry."""

from tests.support.awards import a_story
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
