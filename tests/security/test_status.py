"""Status lists that belong to another, asked of the whole service."""

from typing import Any

import pytest

from skillpassport.vc.status_refusals import MIN_ENTRIES
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.awards import Story
from tests.support.credentials import a_credential, a_list, signed
from tests.support.instances import PUBLIC_URL, Served


def status_of(report: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - JSON
    checks = [check for check in report["checks"] if check["name"] == "status"]
    return [(check["outcome"], check["code"]) for check in checks]


def an_entry(made: Any, **changes: JsonValue) -> JsonObject:  # noqa: ANN401 - JSON
    entry: JsonObject = dict(made["document"]["credentialStatus"][0])
    return entry | changes


@pytest.fixture
def made(standing_story: Story) -> Any:  # noqa: ANN401 - JSON
    return standing_story.award(awarded_on="2026-06-01")


def test_a_clear_entry_in_anothers_list_clears_nobody(standing_story: Story, made: Any) -> None:  # noqa: ANN401
    assert {outcome for outcome, _ in status_of(standing_story.verify(made["document"]))} == {
        "passed"
    }
    borrowed = signed(a_credential(credentialStatus=an_entry(made)))
    assert status_of(standing_story.verify(borrowed)) == [("failed", "status-list-mismatch")]


@pytest.mark.parametrize(
    "changes",
    [
        {"statusListIndex": str(MIN_ENTRIES)},
        {"statusListIndex": "9" * 400},
        {"statusListIndex": "\u0661"},
        {"statusListIndex": 1},
        {"statusListIndex": "01"},
        {"statusListIndex": " 1"},
        {"statusPurpose": "suspension"},
        {"statusPurpose": ["revocation"]},
        {"statusSize": 2},
        {"statusListCredential": f"{PUBLIC_URL}/status/none"},
        {"statusListCredential": f"{PUBLIC_URL}/.well-known/did.json"},
        {"statusListCredential": "urn:uuid:1"},
        {"type": "StatusList2021Entry"},
    ],
)
def test_no_bent_entry_counts_as_clear(
    standing_story: Story,
    made: Any,  # noqa: ANN401 - JSON
    changes: JsonObject,
) -> None:
    report = standing_story.verify(signed(a_credential(credentialStatus=an_entry(made) | changes)))
    assert {outcome for outcome, _ in status_of(report)} <= {"failed", "unchecked"}
    assert report["verdict"] != "valid"


def test_a_list_is_no_award_and_vouches_for_nobody(
    standing_story: Story,
    standing: Served,
    made: Any,  # noqa: ANN401 - JSON
) -> None:
    url = str(an_entry(made)["statusListCredential"])
    published = standing.get(url.removeprefix(PUBLIC_URL)).json()
    report = standing_story.verify(published)
    assert (report["verdict"], report["subject"]) == ("undetermined", {"withheld": True})
    assert "not-in-award-register" in str(report["remarks"])


def test_a_list_that_refers_to_itself_ends(standing_story: Story, made: Any) -> None:  # noqa: ANN401
    url = str(an_entry(made)["statusListCredential"])
    looped = signed(a_list(url, credentialStatus=an_entry(made)))
    assert standing_story.verify(looped)["verdict"] in {"invalid", "undetermined"}
