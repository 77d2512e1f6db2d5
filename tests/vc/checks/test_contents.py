"""A learner record is as good as what lies in it, and each credential there speaks for itself."""

import pytest

from skillpassport.vc.checks.contents import MAX_VALUES
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.support.credentials import (
    STRANGER,
    a_credential,
    a_token,
    codes_of,
    signed,
    signed_text,
    verified,
    with_status,
)

EXPIRED = signed(a_credential(validUntil="2026-11-02T00:00:00Z"))
FORGED: JsonObject = {**signed(a_credential()), "name": "Another"}


def a_record(*inside: JsonValue) -> JsonObject:
    subject: JsonObject = {"type": ["ClrSubject"], "verifiableCredential": list(inside)}
    return a_credential(type=["VerifiableCredential", "ClrCredential"], credentialSubject=subject)


def test_a_record_whose_credentials_hold_is_valid() -> None:
    verification = verified(signed_text(a_record(signed(a_credential()), a_token(a_credential()))))
    assert verification.report.verdict is Verdict.VALID
    told = [check for check in verification.report.checks if check.name == "contents"]
    assert [check.code for check in told] == ["nested-credential-valid"] * 2
    assert "Comprehensive Learner Record" in verification.report.checks[0].message


@pytest.mark.parametrize(
    "nested",
    [
        EXPIRED,
        FORGED,
        signed(a_credential(), STRANGER),
        a_credential(),
        with_status(),
        signed(with_status()),
        {"type": "Anything"},
        "no token",
        7,
        None,
        signed(a_record(signed(a_credential()))),
    ],
)
def test_a_record_with_something_unproven_in_it_is_left_open(nested: JsonValue) -> None:
    verification = verified(signed_text(a_record(signed(a_credential()), nested)))
    assert verification.report.verdict is Verdict.UNDETERMINED
    assert codes_of(verification) == {"nested-credential-unproven"}


def test_a_record_that_is_dear_to_judge_is_left_open() -> None:
    """Sixteen credentials of unknown terms in 300 kB once took four seconds."""
    sizes = (MAX_VALUES // 15 - 60, MAX_VALUES // 15 + 1)
    for size, codes in zip(sizes, (set(), {"nested-credential-unproven"}), strict=True):
        subject: JsonObject = {"id": "urn:x", "values": [0] * size}
        nested = signed(a_credential(credentialSubject=subject))
        verification = verified(signed_text(a_record(*[nested] * 15)))
        assert codes_of(verification) == codes


def test_a_record_that_was_changed_is_invalid_whatever_it_holds() -> None:
    record = signed(a_record(signed(a_credential())))
    assert verified(str(record).replace("'", '"')).report.verdict is Verdict.VALID
    record["credentialSubject"] = a_record()["credentialSubject"]
    assert verified(str(record).replace("'", '"')).report.verdict is Verdict.INVALID


def test_the_work_inside_a_record_is_bounded() -> None:
    many = verified(signed_text(a_record(*[signed(a_credential())] * 40)))
    told = [check for check in many.report.checks if check.name == "contents"]
    assert len(told) == 17
    assert [check.outcome for check in told].count(Outcome.PASSED) == 15, "16 proofs, one its own"
    assert many.report.verdict is Verdict.UNDETERMINED


def test_other_credentials_have_no_contents() -> None:
    document = a_credential(credentialSubject={"verifiableCredential": ["anything"]})
    checks = verified(signed_text(document)).report.checks
    assert "contents" not in [check.name for check in checks]
