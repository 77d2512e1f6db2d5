"""A status list that was proven once is judged anew in all that can change."""

from datetime import timedelta

from skillpassport.clock import rfc3339
from skillpassport.vc.bitstring_status import REVOCATION
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.suites import EDDSA_JCS_2022
from tests.support.credentials import (
    ISSUED,
    ISSUER,
    NOW,
    REVOCATION_LIST,
    a_list,
    as_text,
    clear_lists,
    codes_of,
    method_of,
    signed,
    signed_text,
    verified,
    with_status,
)

CREDENTIAL = signed_text(with_status())


def test_a_list_that_ran_out_is_stale_however_often_it_was_proven() -> None:
    resolvers = clear_lists()
    ends = NOW + timedelta(hours=1)
    after = ends + timedelta(seconds=1)
    resolvers.status_lists[REVOCATION_LIST] = signed_text(a_list(validUntil=rfc3339(ends)))
    assert "status-stale" not in codes_of(verified(CREDENTIAL, resolvers))
    assert "status-stale" in codes_of(verified(CREDENTIAL, resolvers, now=after))


def test_a_bit_that_was_set_is_seen_at_once() -> None:
    resolvers = clear_lists()
    assert "credential-revoked" not in codes_of(verified(CREDENTIAL, resolvers))
    resolvers.status_lists[REVOCATION_LIST] = signed_text(a_list(purpose=REVOCATION, set_at=(11,)))
    assert "credential-revoked" in codes_of(verified(CREDENTIAL, resolvers))


def test_a_list_that_was_altered_is_not_taken_for_the_one_that_was_proven() -> None:
    resolvers = clear_lists()
    verified(CREDENTIAL, resolvers)
    altered = signed(a_list()) | {"name": "another list"}
    resolvers.status_lists[REVOCATION_LIST] = as_text(altered)
    for _ in range(2):  # a failure is not remembered as a success either
        assert "status-list-unproven" in codes_of(verified(CREDENTIAL, resolvers))


def test_a_proof_that_expired_proves_no_list_that_it_proved_before() -> None:
    resolvers = clear_lists()
    ends = NOW + timedelta(hours=1)
    after = ends + timedelta(seconds=1)
    options = ProofOptions(verification_method=method_of(ISSUER), created=ISSUED, expires=ends)
    proven = add_proof(a_list(), suite=EDDSA_JCS_2022, signer=ISSUER, options=options)
    resolvers.status_lists[REVOCATION_LIST] = as_text(proven)
    assert "status-list-unproven" not in codes_of(verified(CREDENTIAL, resolvers))
    assert "status-list-unproven" in codes_of(verified(CREDENTIAL, resolvers, now=after))
