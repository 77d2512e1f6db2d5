"""The two clocks: when it was awarded, and when it was recorded."""

from datetime import UTC, date, datetime

import pytest

from skillpassport.organisations.accreditation import (
    AccreditationId,
    AccreditationScope,
    Grant,
    LateAward,
    Standing,
    Withdrawal,
    judge,
)
from tests.support.awards import a_claim, an_accreditation, an_organisation

EFFECTIVE = date(2025, 7, 1)
BEFORE, ON, AFTER = "2025-06-30", "2025-07-01", "2025-07-02"

EARLY = Withdrawal(
    effective_from=EFFECTIVE, reason="…", recorded_at=datetime(2025, 6, 20, 9, 0, tzinfo=UTC)
)
"""Recorded before it takes effect: the books close on the effective day."""
RETROACTIVE = Withdrawal(
    effective_from=EFFECTIVE, reason="…", recorded_at=datetime(2025, 8, 10, 9, 0, tzinfo=UTC)
)
"""Recorded after it takes effect: the books close when it is recorded."""


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def a_late_award(awarded_on: str = BEFORE, **changes: str | None) -> LateAward:
    return LateAward(
        id="late_1",
        accreditation=AccreditationId("acc_0001"),
        achievement_id=changes.get("achievement") or "ach_welding_0001",
        awarded_on=date.fromisoformat(awarded_on),
        reason="…",
        approved_at=at("2025-09-01T00:00"),
        used_by=changes.get("used_by"),
    )


C, W, R, P = (
    Standing.COVERED,
    Standing.WITHDRAWN,
    Standing.RECORDED_AFTER_WITHDRAWAL,
    Standing.OUT_OF_PERIOD,
)


@pytest.mark.parametrize(
    ("withdrawal", "awarded_on", "recorded_at", "standing"),
    [
        (None, BEFORE, "2025-09-01T00:00", C),
        (None, AFTER, "2025-09-01T00:00", C),
        # announced ahead: what is recorded until the effective day stands, if awarded before it
        (EARLY, BEFORE, "2025-06-30T08:00", C),
        (EARLY, BEFORE, "2025-06-30T23:59:59.999999", C),
        (EARLY, BEFORE, "2025-07-01T00:00", R),
        (EARLY, BEFORE, "2025-12-01T00:00", R),
        (EARLY, ON, "2025-06-30T23:59:59", W),
        (EARLY, ON, "2025-07-01T00:00", W),
        (EARLY, AFTER, "2025-08-01T00:00", W),
        # backdated: the recording of the withdrawal closes the books, the effective day the right
        (RETROACTIVE, BEFORE, "2025-07-20T00:00", C),
        (RETROACTIVE, BEFORE, "2025-08-10T08:59:59", C),
        (RETROACTIVE, BEFORE, "2025-08-10T09:00", R),
        (RETROACTIVE, BEFORE, "2025-12-01T00:00", R),
        (RETROACTIVE, ON, "2025-07-20T00:00", W),
        (RETROACTIVE, AFTER, "2025-07-20T00:00", W),
        (RETROACTIVE, AFTER, "2025-12-01T00:00", W),
    ],
)
def test_both_clocks_decide_about_a_withdrawn_accreditation(
    withdrawal: Withdrawal | None, awarded_on: str, recorded_at: str, standing: Standing
) -> None:
    accreditation = an_accreditation(withdrawal=withdrawal)
    judgement = judge([accreditation], a_claim(awarded_on), recorded_at=at(recorded_at))
    assert judgement.standing is standing
    assert judgement.accreditation == accreditation
    assert judgement.late_award is None


@pytest.mark.parametrize(
    ("late_award", "awarded_on", "credential", "standing"),
    [
        (a_late_award(), BEFORE, None, C),
        (a_late_award(used_by="crd_mine"), BEFORE, "crd_mine", C),
        (a_late_award(used_by="crd_mine"), BEFORE, None, R),
        (a_late_award(used_by="crd_mine"), BEFORE, "crd_other", R),
        (a_late_award("2025-06-29"), BEFORE, None, R),
        (a_late_award(achievement="ach_other"), BEFORE, None, R),
        # no leave covers an award of a day without the right
        (a_late_award(ON), ON, None, W),
        (a_late_award(AFTER), AFTER, None, W),
    ],
)
def test_a_late_award_opens_the_books_for_that_one_award_only(
    late_award: LateAward, awarded_on: str, credential: str | None, standing: Standing
) -> None:
    accreditation = an_accreditation(withdrawal=RETROACTIVE, late_awards=(late_award,))
    judgement = judge(
        [accreditation],
        a_claim(awarded_on),
        recorded_at=at("2025-09-15T00:00"),
        credential=credential,
    )
    assert judgement.standing is standing
    assert judgement.late_award == (late_award if standing is C else None)


@pytest.mark.parametrize(
    ("awarded_on", "recorded_at", "standing", "late"),
    [
        ("2024-12-31", "2025-02-01T00:00", P, False),
        ("2025-01-01", "2025-02-01T00:00", C, False),
        ("2025-12-31", "2025-12-31T23:59:59", C, False),
        ("2025-12-31", "2026-01-01T00:00", C, True),
        ("2026-01-01", "2026-01-01T00:00", P, False),
        # 180 days after 31 December are over at the end of 29 June
        ("2025-06-27", "2026-06-29T23:59:59", C, True),
        ("2025-06-27", "2026-06-30T00:00", P, False),
    ],
)
def test_after_a_plain_expiry_recording_stays_open_for_the_authoritys_days(
    awarded_on: str, recorded_at: str, standing: Standing, late: bool
) -> None:
    judgement = judge([an_accreditation()], a_claim(awarded_on), recorded_at=at(recorded_at))
    assert (judgement.standing, judgement.recorded_late) == (standing, late)


def test_no_day_of_grace_means_none() -> None:
    accreditation = an_accreditation(late_issue_days=0)
    for moment, standing in (("2025-12-31T23:59", C), ("2026-01-01T00:00", P)):
        assert judge([accreditation], a_claim(), recorded_at=at(moment)).standing is standing


def test_a_late_award_opens_the_books_after_the_days_of_grace() -> None:
    accreditation = an_accreditation(late_awards=(a_late_award(),))
    judgement = judge([accreditation], a_claim(BEFORE), recorded_at=at("2027-01-01T00:00"))
    assert (judgement.standing, judgement.recorded_late) == (C, True)
    assert judgement.late_award is not None


@pytest.mark.parametrize(
    ("last_achievement", "awarded_on", "standing"),
    [
        ("2027-06-30", "2027-06-30", C),
        ("2027-06-30", "2027-07-01", P),
        ("2025-06-30", "2025-06-30", C),
        ("2025-06-30", "2025-07-01", P),
    ],
)
def test_teach_out_moves_the_last_day_of_award_and_the_days_of_grace(
    last_achievement: str, awarded_on: str, standing: Standing
) -> None:
    accreditation = an_accreditation(last_achievement=date.fromisoformat(last_achievement))
    judgement = judge([accreditation], a_claim(awarded_on), recorded_at=at("2027-07-01T10:00"))
    expected = P if awarded_on.startswith("2025") else standing  # long past the days of grace
    assert judgement.standing is expected
    soon = judge([accreditation], a_claim(awarded_on), recorded_at=at(f"{awarded_on}T10:00"))
    assert soon.standing is standing


def test_a_leave_that_is_not_needed_is_not_used_up() -> None:
    accreditation = an_accreditation(late_awards=(a_late_award(),))
    judgement = judge([accreditation], a_claim(BEFORE), recorded_at=at("2025-09-15T00:00"))
    assert (judgement.standing, judgement.late_award) == (C, None)


def test_the_kindest_accreditation_decides_and_a_plain_one_is_kinder_than_a_leave() -> None:
    withdrawn = an_accreditation(withdrawal=RETROACTIVE, late_awards=(a_late_award(),))
    plain = an_accreditation(id=AccreditationId("acc_0002"))
    elsewhere = an_accreditation(scope=AccreditationScope(achievements=("other",)))
    for order in ([withdrawn, plain, elsewhere], [elsewhere, plain, withdrawn]):
        judgement = judge(order, a_claim(BEFORE), recorded_at=at("2025-09-15T00:00"))
        assert (judgement.accreditation, judgement.late_award) == (plain, None)


def test_an_accreditation_in_time_is_kinder_than_one_that_has_run_out() -> None:
    over = an_accreditation()
    running = an_accreditation(id=AccreditationId("acc_0002"), valid_until=date(2028, 12, 31))
    judgement = judge([over, running], a_claim(), recorded_at=at("2026-03-01T00:00"))
    assert (judgement.accreditation, judgement.recorded_late) == (running, False)


def test_without_any_accreditation_in_scope_the_award_is_out_of_scope() -> None:
    other = an_accreditation(scope=AccreditationScope(achievements=("other",)))
    for accreditations in ([], [other]):
        judgement = judge(accreditations, a_claim(), recorded_at=at("2025-09-15T00:00"))
        assert judgement.standing is Standing.OUT_OF_SCOPE
        assert judgement.accreditation is None


@pytest.mark.parametrize(
    ("scope", "covered"),
    [
        (AccreditationScope(achievements=("welding",)), True),
        (AccreditationScope(achievements=("ach_welding_0001",)), True),
        (AccreditationScope(achievements=("weld",)), False),
        (AccreditationScope(framework="PL:PRK", levels=("V", "VI")), True),
        (AccreditationScope(framework="PL:PRK", levels=("V",)), False),
        (AccreditationScope(framework="PK:NQF", levels=("VI",)), False),
        (AccreditationScope(isced_f=("0715",)), True),
        (AccreditationScope(isced_f=("071",)), True),
        (AccreditationScope(isced_f=("01", "07")), True),
        (AccreditationScope(isced_f=("0716",)), False),
    ],
)
def test_a_scope_covers_what_it_names_and_nothing_else(
    scope: AccreditationScope, covered: bool
) -> None:
    claim = a_claim(framework="PL:PRK", level="VI", isced_f="0715")
    assert scope.covers(claim) is covered


def test_a_broad_field_of_study_is_not_covered_by_a_narrow_scope() -> None:
    narrow = AccreditationScope(isced_f=("0715",))
    assert not narrow.covers(a_claim(isced_f="07"))
    assert not narrow.covers(a_claim())


def test_a_grant_ends_with_its_teach_out() -> None:
    def ends(last_achievement: date | None) -> date:
        return Grant(
            organisation=an_organisation(),
            scope=AccreditationScope(achievements=("welding",)),
            valid_from=date(2025, 1, 1),
            valid_until=date(2025, 12, 31),
            last_achievement=last_achievement,
        ).last_day

    assert ends(None) == ends(date(2025, 6, 30)) == date(2025, 12, 31)
    assert ends(date(2027, 6, 30)) == date(2027, 6, 30)


def test_an_accreditation_without_end_can_be_judged() -> None:
    """The last day that a calendar has is how people write "for good"."""
    forever = an_accreditation(valid_until=date.max)
    assert judge([forever], a_claim(), recorded_at=at("2026-03-01T00:00")).standing is C
