"""A write that is sent twice happens once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier, Thread

import pytest

from skillpassport.organisations.accreditation import AccreditationId, Withdrawal
from tests.support.awards import Story, a_story, award_body, register
from tests.support.instances import ADMINISTRATOR, Answer, Served
from tests.support.patience import comes_true

ORGANISATION = {"slug": "twice", "name": {"en": "Twice"}, "kind": "provider", "country": "PL"}


def send(served: Served, path: str, body: object, key: str, name: str = "once-1") -> Answer:
    return served.post(path, body, key, idempotency_key=name)


def test_an_organisation_registered_twice_has_the_same_key_in_both_answers(
    served_anywhere: Served,
) -> None:
    first = send(served_anywhere, "/api/v1/organisations", ORGANISATION, ADMINISTRATOR)
    served_anywhere.pass_time(minutes=5)
    again = send(served_anywhere, "/api/v1/organisations", ORGANISATION, ADMINISTRATOR)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert served_anywhere.get("/api/v1/me", again.json()["api_key"]).status_code == 200


def test_every_write_that_creates_can_be_repeated(story: Story) -> None:
    served = story.served
    accreditation = story.accredit(valid_until="2026-01-31")
    made = story.award()
    body = award_body() | {"reason": "…"}
    del body["achievement"]
    writes: list[tuple[str, dict[str, object], str]] = [
        (
            "/api/v1/accreditations",
            {
                "organisation": "college",
                "scope": {"isced_f": ["07"]},
                "valid_from": "2024-01-01",
                "valid_until": "2024-12-31",
            },
            story.authority.key,
        ),
        (
            f"/api/v1/accreditations/{accreditation}/late-awards",
            {"achievement": "welding", "awarded_on": "2026-01-15", "reason": "…"},
            story.authority.key,
        ),
        (
            "/api/v1/achievements",
            {"slug": "new", "title": {"en": "New"}, "kind": "training"},
            story.provider.key,
        ),
        ("/api/v1/credentials", award_body(), story.provider.key),
        (f"/api/v1/credentials/{made['id']}/supersede", body, story.provider.key),
        (
            "/api/v1/organisations/college/api-keys",
            {"scopes": ["credentials:read"]},
            story.provider.key,
        ),
    ]
    for number, (path, content, key) in enumerate(writes):
        first = send(served, path, content, key, f"write-{number}")
        served.pass_time(minutes=1)
        again = send(served, path, content, key, f"write-{number}")
        assert first.status_code == again.status_code == 201, (path, first.text, again.text)
        assert again.json() == first.json()
        other = send(served, path, content | {"x": 1}, key, f"write-{number}")
        assert other.status_code in {409, 422}


def test_another_body_under_the_same_key_is_refused(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    path = "/api/v1/credentials"
    assert send(served_anywhere, path, award_body(), story.provider.key).status_code == 201
    other = award_body(awarded_on="2025-06-28")
    refused = send(served_anywhere, path, other, story.provider.key)
    assert (refused.status_code, refused.json()["code"]) == (409, "idempotency-conflict")
    elsewhere = send(served_anywhere, "/api/v1/achievements", award_body(), story.provider.key)
    assert elsewhere.status_code in {409, 422}


def test_the_first_answer_comes_again_whatever_happened_since(story: Story) -> None:
    served = story.served
    path = "/api/v1/credentials"
    first = send(served, path, award_body(), story.provider.key)
    story.change(first.json()["id"], "revoke")
    again = send(served, path, award_body(), story.provider.key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert again.headers["location"] == first.headers["location"]


def test_a_refused_write_does_not_use_the_key_up(served: Served) -> None:
    story = a_story(served, accredited=False)
    path = "/api/v1/credentials"
    assert send(served, path, award_body(), story.provider.key).status_code == 403
    story.accredit()
    assert send(served, path, award_body(), story.provider.key).status_code == 201


def test_keys_are_each_organisations_own_and_live_for_seven_days(story: Story) -> None:
    served = story.served
    other = register(served, "other")
    body = {"slug": "new", "title": {"en": "New"}, "kind": "training"}
    path = "/api/v1/achievements"
    first = send(served, path, body, story.provider.key).json()["id"]
    assert send(served, path, body, other.key).json()["id"] != first
    served.pass_time(days=7, seconds=1)
    assert send(served, path, body, story.provider.key).status_code == 409, "slug-taken by now"


@pytest.mark.parametrize("name", ["", " ", "x" * 256, "tab\there", "é"])
def test_a_malformed_key_is_refused(lasting_story: Story, name: str) -> None:
    served = lasting_story.served
    headers = {
        b"Authorization": f"Bearer {lasting_story.provider.key}".encode(),
        b"Idempotency-Key": name.encode(),
    }
    answer = served.http.post("/api/v1/credentials", json=award_body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "request-invalid")


def test_four_at_once_make_one_credential(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    together = Barrier(4)

    def send_one(_number: int) -> Answer:
        together.wait()
        return send(served_anywhere, "/api/v1/credentials", award_body(), story.provider.key)

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send_one, range(4)))
    assert [answer.status_code for answer in answers] == [201] * 4
    assert len({answer.content for answer in answers}) == 1
    assert len(credentials_of(story)) == 1


def test_four_corrections_at_once_make_one(served_anywhere: Served) -> None:
    story = a_story(served_anywhere)
    made = story.award()
    together = Barrier(4)

    def send_one(number: int) -> int:
        together.wait()
        return story.change(
            made["id"], "supersede", awarded_on=f"2025-06-0{number + 1}"
        ).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(send_one, range(4)))
    assert statuses == [201, 409, 409, 409]
    assert len(credentials_of(story)) == 2


def credentials_of(story: Story) -> list[object]:
    answer = story.served.get("/api/v1/credentials", story.provider.key)
    items: list[object] = answer.json()["items"]
    return items


@pytest.mark.postgresql
@pytest.mark.parametrize("name", [None, "once-1"])
def test_who_waited_for_a_withdrawal_comes_after_it(
    served_by_postgresql: Served, name: str | None
) -> None:
    """The time of an award is taken when its locks are held, with and without a repeatable key."""
    served = served_by_postgresql
    story = a_story(served, accredited=False)
    accreditation = AccreditationId(story.accredit())
    answers: list[Answer] = []

    def ask() -> None:
        headers = {"idempotency_key": name} if name else {}
        answers.append(
            served.post(
                "/api/v1/credentials",
                award_body(awarded_on="2026-02-01"),
                story.provider.key,
                **headers,
            )
        )

    asking = Thread(target=ask)
    with served.instance.database.transaction() as work:
        assert work.accreditations.lock(accreditation) is not None
        asking.start()
        assert comes_true(lambda: _waits_for_a_lock(served))
        served.pass_time(seconds=30)
        withdrawal = Withdrawal(
            effective_from=date(2026, 3, 1), reason="…", recorded_at=served.clock.now()
        )
        work.accreditations.withdraw(accreditation, withdrawal)
        served.pass_time(seconds=30)
    asking.join()
    (answer,) = answers
    assert (answer.status_code, answer.json()["code"]) == (403, "issuer-accreditation-withdrawn")


def _waits_for_a_lock(served: Served) -> bool:
    with served.instance.engines[0].connect() as connection:
        query = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        return bool(connection.exec_driver_sql(query).scalar())
