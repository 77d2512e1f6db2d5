"""Which securing goes with which format, and what becomes of a choice when an award is corrected."""

from typing import Any

import pytest

from skillpassport.credentials.formats import (
    DEFAULT_SUITES,
    DOCUMENT_FORMATS,
    SecuringUnusable,
    cryptosuite_of,
)
from skillpassport.credentials.model import Cryptosuite, Format
from skillpassport.credentials.securing import CannotBeSecured, secure
from skillpassport.organisations.model import OrganisationId
from skillpassport.schemas import SCHEMAS
from tests.support.awards import Json, Story, an_award, outcome_of
from tests.support.awards import a_full_award as full

WITH_PROOF = [each for each in Format if not each.is_token]
TOKENS = [each for each in Format if each.is_token]
SAME = [{"name": "the same", "narrative": "word for word"}] * 50


def proof_of(made: Json) -> Any:  # noqa: ANN401 - JSON
    proof = made["document"]["proof"]
    return proof[0] if isinstance(proof, list) else proof


def test_each_format_has_a_builder_and_a_schema_that_is_served() -> None:
    assert {*DOCUMENT_FORMATS} == {*Format}
    assert {builder.schema for builder in DOCUMENT_FORMATS.values()} <= {*SCHEMAS}
    assert {*DEFAULT_SUITES} == {*WITH_PROOF}


@pytest.mark.parametrize("form", TOKENS)
@pytest.mark.parametrize("securing", Cryptosuite)
def test_a_token_has_no_cryptosuite(form: Format, securing: Cryptosuite) -> None:
    assert cryptosuite_of(an_award(format=form)) is None
    with pytest.raises(SecuringUnusable, match=form.value.replace("+", r"\+")):
        cryptosuite_of(an_award(format=form, securing=securing))


@pytest.mark.parametrize("form", WITH_PROOF)
@pytest.mark.parametrize("securing", Cryptosuite)
def test_the_cryptosuite_that_is_asked_for_signs(
    lasting_story: Story, form: Format, securing: Cryptosuite
) -> None:
    made = lasting_story.award(format=form, securing=securing)
    assert proof_of(made)["cryptosuite"] == securing
    for report in (lasting_story.verify(made["document"]), lasting_story.verify_code(made["code"])):
        assert report["verdict"] == "valid"
    bent = made["document"] | {"name": "Surgeon"}
    assert outcome_of(lasting_story.verify(bent), "proof-invalid") == "failed"


def test_a_strict_badge_is_signed_over_statements_and_the_default_form_over_letters() -> None:
    """Each where most readers take it: see the ADR on the securing of awards."""
    assert DEFAULT_SUITES[Format.OPEN_BADGE] is Cryptosuite.EDDSA_RDFC_2022
    assert DEFAULT_SUITES[Format.VCDM] is Cryptosuite.EDDSA_JCS_2022


@pytest.mark.parametrize("form", WITH_PROOF)
def test_without_a_choice_the_formats_own_signs(lasting_story: Story, form: Format) -> None:
    made = lasting_story.award(format=form)
    assert proof_of(made)["cryptosuite"] == DEFAULT_SUITES[form]
    assert cryptosuite_of(full(format=form)) is DEFAULT_SUITES[form]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"format": "vc+jwt", "securing": "eddsa-jcs-2022"}, "securing-unusable", "/securing"),
        ({"format": "sd-jwt-vc", "securing": "eddsa-rdfc-2022"}, "securing-unusable", "/securing"),
        ({"securing": "ecdsa-rdfc-2019"}, "request-invalid", "/securing"),
        ({"securing": "vc+jwt"}, "request-invalid", "/securing"),
        ({"securing": ["eddsa-jcs-2022"]}, "request-invalid", "/securing"),
        ({"format": "dc+sd-jwt"}, "request-invalid", "/format"),
    ],
)
def test_what_does_not_go_together_is_refused_and_leaves_nothing(
    lasting_story: Story, body: dict[str, Any], code: str, pointer: str
) -> None:
    def listed() -> int:
        answer = lasting_story.served.get(
            "/api/v1/credentials?limit=200", lasting_story.provider.key
        )
        return len(answer.json()["items"])

    before = listed()
    refused = lasting_story.ask_to_award(**body)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [pointer]
    assert listed() == before


def test_a_correction_keeps_the_choice_until_another_is_made(story: Story) -> None:
    made = story.award(securing="eddsa-rdfc-2022")
    for changes, expected in (
        ({}, "eddsa-rdfc-2022"),
        ({"format": "open-badge"}, "eddsa-rdfc-2022"),
        ({"securing": "eddsa-jcs-2022"}, "eddsa-jcs-2022"),
    ):
        made = story.change(made["id"], "supersede", **changes).json()
        assert proof_of(made)["cryptosuite"] == expected
    made = story.change(made["id"], "supersede", format="sd-jwt-vc").json()
    assert isinstance(made["document"], str)
    made = story.change(made["id"], "supersede", format="vcdm").json()
    assert proof_of(made)["cryptosuite"] == DEFAULT_SUITES[Format.VCDM]


@pytest.mark.parametrize("securing", Cryptosuite)
def test_statements_that_nothing_tells_apart_are_signed(
    lasting_story: Story, securing: Cryptosuite
) -> None:
    made = lasting_story.award(evidence=SAME, securing=securing)
    assert lasting_story.verify(made["document"])["verdict"] == "valid"


def test_what_has_no_canonical_form_is_refused_with_a_way_out(lasting_story: Story) -> None:
    """No way through the API is known; what there is one day is answered as the request's fault."""
    document = lasting_story.award(evidence=[{"name": "Piece"}])["document"]
    with lasting_story.served.instance.database.snapshot() as work:
        owner, now = OrganisationId(lasting_story.provider.id), lasting_story.served.clock.now()
        active = work.signing_keys.active(owner, now)
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    unsigned["evidence"] = [{"type": ["Evidence"], "name": "x", "id": "https://x.example/<>"}]
    with pytest.raises(CannotBeSecured, match="eddsa-jcs-2022"):
        secure(unsigned, Format.VCDM, active, now, cryptosuite=Cryptosuite.EDDSA_RDFC_2022)
