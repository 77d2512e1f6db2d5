"""Two at once: whatever wins, the register and what was answered agree."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from skillpassport.db.unit_of_work import UnitOfWork
from skillpassport.organisations.accreditation import AccreditationId, Withdrawal
from tests.support.awards import Story, a_story, award_body
from tests.support.instances import ADMINISTRATOR, Answer, Served
from tests.support.patience import PATIENCE

Act = Callable[[], Answer]


def at_once(acts: Sequence[Act]) -> list[Answer]:
    """Start every act at the same moment, and return the answers in the order of the acts."""
    gate = threading.Barrier(len(acts))

    def run(act: Act) -> Answer:
        gate.wait(PATIENCE)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def statuses(answers: Sequence[Answer]) -> list[int]:
    return sorted(answer.status_code for answer in answers)


def listed(story: Story) -> list[str]:
    answer = story.served.get("/api/v1/credentials?limit=200", story.provider.key)
    return [item["id"] for item in answer.json()["items"]]


def test_nothing_is_recorded_after_a_withdrawal_was_answered(served_anywhere: Served) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    acts: list[Act] = [
        lambda number=number: story.served.post(  # type: ignore[misc]  # bound at once
            "/api/v1/credentials",
            award_body(),
            story.provider.key,
            idempotency_key=f"award-{number}",
        )
        for number in range(24)
    ]
    acts.insert(8, lambda: story.withdraw(accreditation, "2026-01-01"))
    answers = at_once(acts)
    assert answers.pop(8).status_code == 200
    assert set(statuses(answers)) <= {201, 403, 503}
    issued = [answer.json() for answer in answers if answer.status_code == 201]
    assert sorted(listed(story)) == sorted(made["id"] for made in issued)
    indexes = [(e["list"], e["index"]) for made in issued for e in made["status"]["entries"]]
    assert len(set(indexes)) == len(indexes)
    for answer in answers:
        if answer.status_code == 403:
            assert answer.json()["code"] == "issuer-accreditation-withdrawn"
    served_anywhere.pass_time(seconds=1)
    assert story.ask_to_award().status_code == 403


def test_an_issue_that_waited_for_a_withdrawal_comes_after_it(served_anywhere: Served) -> None:
    """Its instant was once taken with its Idempotency-Key, before the lock it then waited for."""
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    instance = served_anywhere.instance
    answers: list[Answer] = []

    def issue() -> None:
        answers.append(
            story.served.post(
                "/api/v1/credentials", award_body(), story.provider.key, idempotency_key="a"
            )
        )

    thread = threading.Thread(target=issue)
    with instance.database.transaction() as work:
        found = work.accreditations.lock(AccreditationId(accreditation))
        assert found is not None
        thread.start()
        thread.join(0.6)
        assert thread.is_alive(), "the issue waits"
        served_anywhere.pass_time(seconds=30)
        withdraw_within(work, accreditation)
    thread.join()
    assert answers[0].status_code == 403, answers[0].text
    assert listed(story) == []


def withdraw_within(work: UnitOfWork, accreditation: str) -> None:
    """Write the withdrawal that `WithdrawAccreditation` writes, in a transaction under way."""
    withdrawal = Withdrawal(effective_from=date(2026, 1, 1), reason="Closed.", recorded_at=work.now)
    work.accreditations.withdraw(AccreditationId(accreditation), withdrawal)


def test_a_credential_is_replaced_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    made = story.award()
    answers = at_once([lambda: story.change(made["id"], "supersede", awarded_on="2025-06-26")] * 5)
    assert statuses(answers) == [201, 409, 409, 409, 409]
    assert len(listed(story)) == 2
    assert story.verify_code(made["code"])["verdict"] == "invalid"


def test_one_change_of_status_after_the_other(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    actions = ("suspend", "revoke", "suspend", "revoke", "supersede")
    for made in [story.award() for _turn in range(3)]:
        answers = at_once([lambda a=a, made=made: story.change(made["id"], a) for a in actions])  # type: ignore[misc]
        assert set(statuses(answers)) <= {200, 201, 409}
        owner = served_anywhere.get(f"/api/v1/credentials/{made['id']}", story.provider.key)
        events = [event["action"] for event in owner.json()["status"]["events"]]
        assert len(events) == len([a for a in answers if a.status_code < 400])
        assert events[-1] in {"revoke", "supersede"}
        report = story.verify(made["document"])
        assert report["verdict"] == "invalid"
        assert owner.json()["status"]["state"] in {"revoked", "superseded"}


def test_a_leave_for_one_late_award_is_used_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    assert story.withdraw(accreditation, "2026-01-01").status_code == 200
    served_anywhere.pass_time(minutes=1)
    assert story.approve(accreditation, "2025-06-27").status_code == 201
    answers = at_once([story.ask_to_award] * 6)
    assert statuses(answers).count(201) == 1
    assert set(statuses(answers)) <= {201, 403, 409}
    assert len(listed(story)) == 1


def test_a_slug_is_given_once(served_anywhere: Served) -> None:
    body = {"slug": "college", "name": {"en": "x"}, "kind": "provider", "country": "PL"}
    post = served_anywhere.post
    answers = at_once([lambda: post("/api/v1/organisations", body, ADMINISTRATOR)] * 6)
    assert statuses(answers) == [201, 409, 409, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"slug-taken"}


def test_one_request_sent_many_times_at_once_happens_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    post = story.served.post
    answers = at_once(
        [lambda: post("/api/v1/credentials", award_body(), story.provider.key, idempotency_key="k")]
        * 6
    )
    made = {answer.json().get("id") for answer in answers if answer.status_code == 201}
    assert set(statuses(answers)) <= {201, 409}
    assert [*made] == listed(story)


def test_an_accreditation_is_withdrawn_once(served_anywhere: Served) -> None:
    story = a_story(served_anywhere, accredited=False)
    accreditation = story.accredit()
    days = [f"2026-01-0{day}" for day in range(1, 6)]
    answers = at_once([lambda d=d: story.withdraw(accreditation, d) for d in days])  # type: ignore[misc]
    assert statuses(answers) == [200, 409, 409, 409, 409]
    told = next(a.json()["withdrawal"] for a in answers if a.status_code == 200)
    stored = served_anywhere.get(f"/api/v1/accreditations/{accreditation}").json()["withdrawal"]
    assert told == stored
