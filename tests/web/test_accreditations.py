"""Accreditation over HTTP: remits, and both clocks with a clock that moves."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.support.awards import Story, a_story, outcome_of
from tests.support.instances import ADMINISTRATOR, Served

EXPIRY = {"valid_from": "2024-01-01", "valid_until": "2026-03-31"}


def codes_of(report: dict[str, list[dict[str, str]]]) -> set[str]:
    return {remark["code"] for remark in report["remarks"]}


@pytest.mark.parametrize(
    ("awarded_on", "recorded_on", "code"),
    [
        ("2026-03-31", "2026-03-31", None),
        ("2026-03-31", "2026-04-01", "issuer-accreditation-withdrawn"),
        ("2026-03-02", "2026-04-01", "issuer-accreditation-withdrawn"),
        ("2026-04-01", "2026-04-01", "issuer-accreditation-withdrawn"),
        ("2026-04-02", "2026-05-01", "issuer-accreditation-withdrawn"),
    ],
)
def test_a_withdrawal_announced_ahead_closes_the_books_on_its_day(
    served: Served, awarded_on: str, recorded_on: str, code: str | None
) -> None:
    story = a_story(served, accredited=False)
    withdrawn = story.withdraw(story.accredit(), "2026-04-01")
    assert withdrawn.status_code == 200
    served.set_day(recorded_on)
    answer = story.ask_to_award(awarded_on=awarded_on)
    if code is not None:
        assert (answer.status_code, answer.json()["code"]) == (403, code)
        return
    assert answer.status_code == 201
    served.set_day("2026-09-01")
    assert story.verify(answer.json()["document"])["verdict"] == "valid"


def test_a_backdated_withdrawal_takes_what_was_awarded_since_and_closes_the_books(
    served_anywhere: Served,
) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    before, on, after = (
        story.award(awarded_on=f"2026-02-{day}")["document"] for day in ("14", "15", "16")
    )
    served_anywhere.set_day("2026-03-05")
    assert story.withdraw(accreditation, "2026-02-15").status_code == 200
    assert story.verify(before)["verdict"] == "valid"
    for document in (on, after):
        report = story.verify(document)
        assert report["verdict"] == "invalid"
        assert outcome_of(report, "issuer-accreditation-withdrawn") == "failed"
        assert report["issuer"]["accreditation"]["withdrawal"]["effective_from"] == "2026-02-15"
    for awarded_on in ("2026-02-14", "2026-02-15", "2026-03-05"):
        refused = story.ask_to_award(awarded_on=awarded_on)
        assert refused.status_code == 403
        assert refused.json()["code"] == "issuer-accreditation-withdrawn"
    again = story.withdraw(accreditation, "2026-01-01")
    assert (again.status_code, again.json()["code"]) == (409, "accreditation-already-withdrawn")


def test_an_approved_late_award_can_be_recorded_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    served_anywhere.pass_time(days=1)
    story.withdraw(accreditation, "2026-02-15")
    for day in ("2023-12-31", "2026-02-15", "2026-03-01", "2027-01-01"):
        outside = story.approve(accreditation, day)
        assert (outside.status_code, outside.json()["code"]) == (422, "late-award-outside-period")
    assert story.approve(accreditation, "2026-02-14").status_code == 201
    assert story.ask_to_award(awarded_on="2026-02-13").status_code == 403
    made = story.award(awarded_on="2026-02-14")
    report = story.verify(made["document"])
    assert report["verdict"] == "valid"
    assert "late-award-approved" in codes_of(report)
    again = story.ask_to_award(awarded_on="2026-02-14")
    assert (again.status_code, again.json()["code"]) == (403, "issuer-accreditation-withdrawn")


def test_after_a_plain_expiry_awards_are_recorded_late_until_the_days_are_over(
    served: Served,
) -> None:
    story = a_story(served, accredited=False)
    story.accredit(**EXPIRY)
    in_time = story.award(awarded_on="2026-03-01")["document"]
    served.set_day("2026-09-27")  # 180 days after 31 March
    late = story.award(awarded_on="2026-03-31")["document"]
    outside = story.ask_to_award(awarded_on="2026-04-01")
    assert (outside.status_code, outside.json()["code"]) == (403, "issuer-out-of-period")
    served.set_day("2026-09-28")
    over = story.ask_to_award(awarded_on="2026-03-31")
    assert (over.status_code, over.json()["code"]) == (403, "issuer-out-of-period")
    assert story.verify(in_time)["verdict"] == "valid"
    assert "recorded-late" not in codes_of(story.verify(in_time))
    report = story.verify(late)
    assert (report["verdict"], outcome_of(report, "recorded-late")) == ("valid", "warned")


def test_the_authority_decides_how_long_awards_may_be_recorded_late(served: Served) -> None:
    story = a_story(served, accredited=False)
    strict = story.register("strict-authority", "authority", late_issue_days=0)
    story = Story(served=served, authority=strict, provider=story.provider)
    story.accredit(**EXPIRY)
    served.set_day("2026-03-31")
    story.award(awarded_on="2026-03-31")
    served.set_day("2026-04-01")
    assert story.ask_to_award(awarded_on="2026-03-31").status_code == 403


def test_teach_out_lets_those_enrolled_finish(served: Served) -> None:
    story = a_story(served, accredited=False)
    story.accredit(**EXPIRY, last_enrolment="2025-12-31", last_achievement="2026-10-31")
    served.set_day("2026-10-31")
    made = story.award(awarded_on="2026-10-31")
    assert "recorded-late" not in codes_of(story.verify(made["document"]))
    served.set_day("2026-11-01")
    assert story.ask_to_award(awarded_on="2026-11-01").status_code == 403


def test_an_accreditation_without_end_serves(served: Served) -> None:
    """People write the last day of the calendar for "for good"; no sum may overflow on it."""
    story = a_story(served, accredited=False)
    story.accredit(valid_until="9999-12-31")
    made = story.award(valid_until="9999-12-31")
    assert story.verify(made["document"])["verdict"] == "valid"


@pytest.mark.parametrize(
    "scope",
    [
        {"achievements": ["welding"]},
        {"framework": "PL:PRK", "levels": ["V", "VI"]},
        {"isced_f": ["07"]},
        {"isced_f": ["0715", "0716"]},
    ],
)
def test_each_kind_of_scope_covers(served: Served, scope: dict[str, object]) -> None:
    story = a_story(served, accredited=False)
    story.accredit(scope=scope)
    assert story.verify(story.award()["document"])["verdict"] == "valid"


@pytest.mark.parametrize(
    "scope",
    [
        {"achievements": ["carpentry"]},
        {"framework": "PL:PRK", "levels": ["V"]},
        {"isced_f": ["0716"]},
    ],
)
def test_outside_the_scope_nothing_is_issued(served: Served, scope: dict[str, object]) -> None:
    story = a_story(served, accredited=False)
    story.accredit(scope=scope)
    refused = story.ask_to_award()
    assert (refused.status_code, refused.json()["code"]) == (403, "issuer-out-of-scope")


def test_an_accreditation_is_a_signed_credential_of_the_authority(served: Served) -> None:
    story = a_story(served, accredited=False)
    identifier = story.accredit()
    shown = served.get(f"/api/v1/accreditations/{identifier}").json()
    assert shown["document"]["issuer"]["id"] == story.authority.did
    assert shown["document"]["credentialSubject"]["id"] == story.provider.did
    assert shown["scope"] == {"framework": "PL:PRK", "levels": ["VI"]}
    report = story.verify(shown["document"])
    assert (report["verdict"], report["issuer"]["slug"]) == ("valid", "authority")
    served.pass_time(days=1)
    story.withdraw(identifier, "2026-04-01")
    assert story.verify(shown["document"])["verdict"] == "valid", "not withdrawn yet"
    served.set_day("2026-04-01")
    report = story.verify(shown["document"])
    assert report["verdict"] == "invalid"
    assert outcome_of(report, "credential-revoked") == "failed"


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"organisation": "german-college"}, 403, "outside-remit"),
        ({"scope": {"framework": "NO:NKR", "levels": ["6.1"]}}, 403, "outside-remit"),
        ({"organisation": "nobody"}, 404, "organisation-unknown"),
        ({"scope": {"framework": "PL:NONE", "levels": ["1"]}}, 422, "framework-unknown"),
        ({"scope": {"framework": "PL:PRK"}}, 422, "request-invalid"),
        ({"scope": {}}, 422, "request-invalid"),
        ({"scope": {"achievements": ["a"], "isced_f": ["07"]}}, 422, "request-invalid"),
        ({"valid_until": "2023-12-31"}, 422, "request-invalid"),
        ({"valid_from": "2024-02-30"}, 422, "request-invalid"),
        ({"valid_from": 1_700_000_000}, 422, "request-invalid"),
        ({"last_achievement": "2023-12-31"}, 422, "request-invalid"),
        ({"authority": "somebody-else"}, 422, "request-invalid"),
    ],
)
def test_what_an_authority_may_not_grant(
    served: Served, changes: dict[str, object], status: int, code: str
) -> None:
    story = a_story(served, accredited=False)
    story.register("german-college", country="DE")
    refused = story.ask_to_accredit(**changes)
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_a_remit_can_be_widened_by_registration(served: Served) -> None:
    story = a_story(served, accredited=False)
    german = story.register("german-college", country="DE")
    wide = story.register(
        "wide-authority", "authority", jurisdictions=["DE"], frameworks=["NO:NKR"]
    )
    wide_story = Story(served=served, authority=wide, provider=german)
    wide_story.accredit()
    wide_story.accredit(scope={"framework": "NO:NKR", "levels": ["6.1"]})
    refused = wide_story.ask_to_accredit(scope={"framework": "EU:EQF", "levels": ["6"]})
    assert refused.json()["code"] == "outside-remit"


def test_a_rehearsing_authority_cannot_vouch_for_anybody_real(served: Served) -> None:
    story = a_story(served, accredited=False)
    sandbox = story.register("rehearsal", "authority", sandbox=True)
    refused = Story(served=served, authority=sandbox, provider=story.provider).ask_to_accredit()
    assert (refused.status_code, refused.json()["code"]) == (403, "rehearsal-only")


def test_an_authority_vouches_for_others_and_never_for_itself(served: Served) -> None:
    story = a_story(served, accredited=False)
    refused = story.ask_to_accredit(story.authority)
    assert (refused.status_code, refused.json()["code"]) == (403, "accredits-itself")
    story.define(story.authority, slug="training", kind="training")
    taught = story.ask_to_award(story.authority, achievement="training")
    assert (taught.status_code, taught.json()["code"]) == (403, "issuer-out-of-scope")
    story.define(story.authority, slug="decision", kind="recognition_decision")
    assert story.ask_to_award(story.authority, achievement="decision").status_code == 201
    other = story.register("other-authority", "authority")
    granted = served.post(
        "/api/v1/accreditations",
        {
            "organisation": "authority",
            "scope": {"framework": "PL:PRK", "levels": ["VI"]},
            "valid_from": "2024-01-01",
            "valid_until": "2026-12-31",
        },
        other.key,
    )
    assert granted.status_code == 201
    assert story.ask_to_award(story.authority, achievement="training").status_code == 201


def test_only_authorities_accredit_and_only_their_own_are_withdrawn(served: Served) -> None:
    story = a_story(served, accredited=False)
    identifier = story.accredit()
    other = story.register("other-authority", "authority")
    body = {"effective_from": "2026-04-01", "reason": "…"}
    path = f"/api/v1/accreditations/{identifier}"
    late = {"achievement": "welding", "awarded_on": "2026-02-01", "reason": "…"}
    for key, status in ((other.key, 404), (story.provider.key, 403), (ADMINISTRATOR, 403)):
        assert served.post(f"{path}/withdraw", body, key).status_code == status
        assert served.post(f"{path}/late-awards", late, key).status_code == status
    assert served.post(f"{path}/withdraw", body).status_code == 401
    assert served.get(path).json()["withdrawal"] is None
    assert served.get("/api/v1/accreditations/nothing").status_code == 404
    unknown = story.approve(identifier, "2026-02-01", achievement="nothing")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "achievement-unknown")


def test_an_approval_is_used_once_also_by_three_at_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    story.withdraw(accreditation, "2026-02-15")
    story.approve(accreditation, "2026-02-14")
    together = Barrier(3)

    def ask(_number: int) -> tuple[int, str | None]:
        together.wait()
        answer = story.ask_to_award(awarded_on="2026-02-14")
        return answer.status_code, answer.json()["code"]

    with ThreadPoolExecutor(3) as pool:
        answers = sorted(pool.map(ask, range(3)))
    assert answers[0][0] == 201
    refusals = {(403, "issuer-accreditation-withdrawn"), (409, "late-award-used")}
    assert set(answers[1:]) <= refusals


def test_a_new_accreditation_after_a_withdrawal_counts_from_its_own_days(served: Served) -> None:
    story = a_story(served, accredited=False)
    story.withdraw(story.accredit(), "2026-02-01")
    story.accredit(valid_from="2026-03-01")
    for awarded_on, status in (("2026-02-28", 403), ("2026-03-01", 201)):
        assert story.ask_to_award(awarded_on=awarded_on).status_code == status
