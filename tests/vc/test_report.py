"""The verdict is valid only when every question was answered well."""

import pytest

from skillpassport.vc.report import (
    PROOF_CHECKS,
    Check,
    CheckName,
    Outcome,
    Verdict,
    VerificationReport,
)


def check(outcome: Outcome, name: str = CheckName.PROOF, *, required: bool = True) -> Check:
    return Check(name, outcome, "a-code", "A sentence.", required=required)


@pytest.mark.parametrize(
    ("outcomes", "verdict", "verified"),
    [
        ([], Verdict.UNDETERMINED, False),
        ([Outcome.NOT_APPLICABLE], Verdict.UNDETERMINED, False),
        ([Outcome.WARNED], Verdict.UNDETERMINED, False),
        ([Outcome.PASSED], Verdict.VALID, True),
        ([Outcome.PASSED, Outcome.NOT_APPLICABLE, Outcome.WARNED], Verdict.VALID, True),
        ([Outcome.PASSED, Outcome.UNCHECKED], Verdict.UNDETERMINED, False),
        ([Outcome.PASSED, Outcome.FAILED], Verdict.INVALID, False),
        ([Outcome.PASSED, Outcome.UNCHECKED, Outcome.FAILED], Verdict.INVALID, False),
    ],
)
def test_one_failure_outweighs_a_doubt_and_a_doubt_outweighs_the_rest(
    outcomes: list[Outcome], verdict: Verdict, verified: bool
) -> None:
    report = VerificationReport(tuple(check(outcome) for outcome in outcomes))
    assert report.verdict is verdict
    assert report.verified() is verified


def test_a_form_that_is_not_understood_makes_the_document_unreadable() -> None:
    report = VerificationReport((check(Outcome.FAILED, CheckName.FORM), check(Outcome.FAILED)))
    assert report.verdict is Verdict.UNREADABLE


def test_a_check_that_is_not_required_never_changes_the_verdict() -> None:
    report = VerificationReport((check(Outcome.PASSED), check(Outcome.FAILED, required=False)))
    assert report.verdict is Verdict.VALID


def test_the_proof_alone_can_be_judged() -> None:
    report = VerificationReport(
        (check(Outcome.PASSED), check(Outcome.FAILED, CheckName.BINDING))
    ).with_checks(check(Outcome.UNCHECKED, CheckName.STATUS))
    assert report.verified(PROOF_CHECKS)
    assert not report.verified()
    assert not report.verified({CheckName.SCHEMA})
    assert [c.name for c in report.failures] == [CheckName.BINDING, CheckName.STATUS]
