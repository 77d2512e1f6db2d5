"""A stolen signing key: what the thief signs, and what had been recorded before."""

import json
from typing import Any

from skillpassport.credentials.model import Format
from skillpassport.credentials.securing import secure
from skillpassport.organisations.signing_keys import ActiveSigner
from tests.support.awards import Story, outcome_of

METHOD = "verification-method-revoked"


def stolen(story: Story) -> ActiveSigner:
    """Copy the provider's signing key."""
    with story.served.instance.database.snapshot() as work:
        provider = work.organisations.get("college")
        assert provider is not None
        return work.signing_keys.active(provider.id, work.now)


def revoke(story: Story, key: ActiveSigner) -> None:
    story.served.pass_time(hours=1)
    story.served.instance.revoke_key("college", key.verification_method)
    story.served.pass_time(hours=1)


def signed_by(key: ActiveSigner, story: Story, document: dict[str, Any]) -> dict[str, Any]:
    secured = secure(document, Format.VCDM, key, story.served.clock.now())
    signed: dict[str, Any] = json.loads(secured.text)
    return signed


def claims(made: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in made["document"].items() if name != "proof"}


def test_an_award_recorded_before_stands_with_a_remark(story: Story) -> None:
    for form in ("vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"):
        key, made = stolen(story), story.award(format=form)
        revoke(story, key)
        for report in (story.verify(made["document"]), story.verify_code(made["code"])):
            assert report["verdict"] == "valid"
            assert outcome_of(report, "key-revoked-later") == "warned"
            assert outcome_of(report, "proof-valid") == "passed"
    assert story.verify(story.award()["document"])["verdict"] == "valid"


def test_what_the_thief_signs_is_refused(story: Story) -> None:
    key, made = stolen(story), story.award()
    forged = claims(made) | {"id": "urn:uuid:6b1d9a4e-3c5f-4c0e-9d5e-0d7f6a1b2c3d"}
    revoke(story, key)
    report = story.verify(signed_by(key, story, forged))
    assert (report["verdict"], outcome_of(report, METHOD)) == ("invalid", "failed")


def test_an_award_recorded_afterwards_is_not_excused_by_a_stolen_signature(story: Story) -> None:
    key = stolen(story)
    revoke(story, key)
    made = story.award()
    report = story.verify(signed_by(key, story, claims(made)))
    assert (report["verdict"], outcome_of(report, METHOD)) == ("invalid", "failed")


def test_a_bent_document_of_a_revoked_key_fails_by_its_signature(story: Story) -> None:
    key, made = stolen(story), story.award()
    revoke(story, key)
    proof = made["document"]["proof"]
    bent = proof | {"proofValue": proof["proofValue"][:-4] + "1111"}
    assert story.verify(made["document"] | {"proof": bent})["verdict"] == "invalid"
