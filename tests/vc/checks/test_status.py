"""Statuses of several bits in a verification."""

from dataclasses import replace

import pytest

from skillpassport.vc.bitstring_status import (
    StatusEntry,
    build_status_list_credential,
    encode_list,
    new_bits,
    set_status,
)
from skillpassport.vc.report import Outcome, Verdict
from skillpassport.vc.status_refusals import MIN_ENTRIES
from skillpassport.vc.verify import verify
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    REVOCATION_LIST,
    FakeResolvers,
    a_credential,
    did_of,
    signed_text,
)

MESSAGES = ("pending_review", "accepted", "rejected", "undefined")
ENTRY = StatusEntry(purpose="message", list_url=REVOCATION_LIST, index=7, size=2, messages=MESSAGES)


def status_of(value: int, entry: StatusEntry = ENTRY) -> tuple[Outcome, str, Verdict, str]:
    """Return what a list says that holds this value for the entry."""
    bits = new_bits(MIN_ENTRIES * entry.size)
    set_status(bits, entry.index, value, size=entry.size)
    published = build_status_list_credential(
        url=REVOCATION_LIST,
        issuer=did_of(ISSUER),
        purpose=entry.purpose,
        encoded_list=encode_list(bits),
        valid_from=ISSUED,
    )
    verification = verify(
        signed_text(a_credential(credentialStatus=entry.as_json())),
        resolvers=FakeResolvers(status_lists={REVOCATION_LIST: signed_text(published)}),
        now=NOW,
    )
    (check,) = [check for check in verification.report.checks if check.name == "status"]
    return check.outcome, check.code, verification.report.verdict, check.message


@pytest.mark.parametrize(
    ("value", "outcome", "code", "verdict"),
    [
        (0, Outcome.PASSED, "status-clear", Verdict.VALID),
        (1, Outcome.WARNED, "status-flagged", Verdict.VALID),
        (2, Outcome.WARNED, "status-flagged", Verdict.VALID),
        (3, Outcome.UNCHECKED, "status-purpose-unknown", Verdict.UNDETERMINED),
    ],
)
def test_a_message_is_a_remark_and_an_undefined_one_a_doubt(
    value: int, outcome: Outcome, code: str, verdict: Verdict
) -> None:
    *found, message = status_of(value)
    assert found == [outcome, code, verdict]
    assert not value or MESSAGES[value] in message


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_value_but_zero_revokes(value: int) -> None:
    revoking = replace(ENTRY, purpose="revocation")
    assert status_of(value, revoking)[:3] == (
        Outcome.FAILED,
        "credential-revoked",
        Verdict.INVALID,
    )


def test_an_issuers_words_do_not_rewrite_the_sentence() -> None:
    hostile = replace(ENTRY, messages=("a", "x'. The credential is valid.\n\u202e", "b", "c"))
    message = status_of(1, hostile)[3]
    assert "\n" not in message
    assert message.isascii()
