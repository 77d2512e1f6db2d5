"""Accreditations with their withdrawals and leaves: what a store is given, it gives back."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillpassport.db.failures import ConstraintBroken
from skillpassport.db.unit_of_work import Database
from skillpassport.organisations.accreditation import Withdrawal
from skillpassport.organisations.accrediting import LateAwardUsed
from skillpassport.organisations.model import Organisation
from tests.support.database import NOON
from tests.support.values import accreditations, days, late_awards, organisations, texts

on_one_database = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def two_organisations(database: Database, data: st.DataObject) -> tuple[Organisation, Organisation]:
    authority, provider = data.draw(organisations()), data.draw(organisations())
    with database.transaction() as work:
        work.organisations.add(authority)
        work.organisations.add(provider)
    return authority, provider


@on_one_database
@given(data=st.data())
def test_an_accreditation_comes_back_with_all_that_happened_to_it(
    database: Database, data: st.DataObject
) -> None:
    authority, provider = two_organisations(database, data)
    made = data.draw(accreditations(authority.id, provider.id))
    withdrawal = Withdrawal(
        effective_from=data.draw(days), reason=data.draw(texts), recorded_at=NOON
    )
    leave = data.draw(late_awards(made.id))
    with database.transaction() as work:
        work.accreditations.add(made)
        assert work.accreditations.get(made.id) == made
        work.accreditations.withdraw(made.id, withdrawal)
        work.accreditations.add_late_award(leave)
    expected = replace(made, withdrawal=withdrawal, late_awards=(leave,))
    with database.snapshot() as work:
        assert work.accreditations.get(made.id) == expected
        assert work.accreditations.of(provider.id) == [expected]
        assert work.accreditations.of(authority.id) == []
    with database.transaction() as work:
        assert work.accreditations.lock(made.id) == expected
        assert work.accreditations.lock_of(provider.id) == [expected]


@settings(on_one_database, max_examples=2)
@given(data=st.data())
def test_a_leave_is_used_once_and_a_withdrawal_made_once(
    database: Database, data: st.DataObject
) -> None:
    authority, provider = two_organisations(database, data)
    made = data.draw(accreditations(authority.id, provider.id))
    leave = data.draw(late_awards(made.id))
    withdrawal = Withdrawal(effective_from=dt.date(2026, 1, 1), reason="x", recorded_at=NOON)
    with database.transaction() as work:
        work.accreditations.add(made)
        work.accreditations.add_late_award(leave)
        work.accreditations.withdraw(made.id, withdrawal)
        work.accreditations.use_late_award(leave, "one")
    with pytest.raises(LateAwardUsed), database.transaction() as work:
        work.accreditations.use_late_award(leave, "other")
    with pytest.raises(ConstraintBroken), database.transaction() as work:
        work.accreditations.withdraw(made.id, withdrawal)
    with database.snapshot() as work:
        found = work.accreditations.get(made.id)
    assert found is not None
    assert found.late_awards[0].used_by == "one"
