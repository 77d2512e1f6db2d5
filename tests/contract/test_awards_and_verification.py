"""The contract's words on awards and verification, each sent as a client would send it."""

import pytest

from skillpassport.credentials.code import new_code
from tests.support.awards import a_story, verify
from tests.support.instances import Served


@pytest.mark.parametrize(
    "brought",
    [
        {"code": new_code()},
        {"url": "https://127.0.0.1:9/credential"},
        {"document": "hello"},
        {"document": {"@context": [], "type": "VerifiableCredential"}},
    ],
    ids=["unknown code", "unreachable link", "plain text", "a stranger's document"],
)
def test_every_report_for_a_destination_holds_it_with_a_disclaimer(
    served: Served, brought: dict[str, object]
) -> None:
    meaning = verify(served, **brought, destination="NO")["meaning"]
    assert (meaning["answer"], meaning["destination"]) == ("unknown", "NO")
    assert "not recognition" in meaning["disclaimer"]
    assert verify(served, **brought)["meaning"] == {"answer": "no_destination"}


def test_results_may_be_figures_and_are_signed_as_texts(served: Served) -> None:
    story = a_story(served)
    made = story.award(results={"Theory": 82, "Practice": 82.5, "Oral": "good"})
    signed = made["document"]["credentialSubject"]["result"]
    assert [each["value"] for each in signed] == ["82", "82.5", "good"]
    refused = story.ask_to_award(results={"Theory": True})
    assert (refused.status_code, refused.json()["code"]) == (422, "request-invalid")
