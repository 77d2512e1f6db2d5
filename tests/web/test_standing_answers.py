"""What is answered from memory is what would be found: nothing that an answer depends on is passed over."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from skillpassport.vc.bitstring_status import StatusEntry
from skillpassport.vc.strict_json import JsonObject
from skillpassport.web.standing_answers import MOMENT, Answer, StandingAnswers
from tests.support.awards import Json, Story, outcome_of
from tests.support.credentials import STRANGER, a_credential, a_token, did_of, signed
from tests.support.instances import NOON
from tests.support.instances import Answer as HttpAnswer

PATH = "/api/v1/verifications"
SHORT = "application/json"
BY_THE_ROUTE = "application/json; charset=utf-8"
STEP = timedelta(milliseconds=120)


def body_of(document: object, **further: object) -> bytes:
    return json.dumps({"document": document, **further}).encode()


def send(story: Story, content: bytes, kind: str = SHORT, **headers: str) -> HttpAnswer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return story.served.http.post(PATH, content=content, headers={"Content-Type": kind, **named})


def same(story: Story, content: bytes, **headers: str) -> Json:
    """Return the report, having compared it with what the route finds at the same instant."""
    short, long = (send(story, content, kind, **headers) for kind in (SHORT, BY_THE_ROUTE))
    assert short.status_code == long.status_code == 200
    report: Json = short.json()
    assert report == long.json(), story.served.clock.now()
    return report


@pytest.fixture
def found(story: Story, monkeypatch: pytest.MonkeyPatch) -> list[datetime | None]:
    """Note for which instant something is found on the loop; None is the present one."""
    instants: list[datetime | None] = []
    ours = story.served.instance.verify_at_once

    def watched(*given: Any, at: datetime | None = None) -> object:  # noqa: ANN401 - passed on
        instants.append(at)
        return ours(*given, at=at)

    monkeypatch.setattr(story.served.instance, "verify_at_once", watched)
    return instants


def test_whoever_asks_again_within_a_moment_is_told_without_a_look(
    story: Story, found: list[datetime | None]
) -> None:
    content = body_of(a_token(a_credential()))
    for _ in range(2):  # reads the register, and then not
        send(story, content)
    found.clear()
    first = story.served.pass_time(seconds=5)
    for _ in range(10):
        send(story, content)
        story.served.pass_time(milliseconds=100)
    assert found == [None, first + MOMENT]
    story.served.pass_time(milliseconds=1)
    send(story, content)
    assert found == [None, first + MOMENT, None]


def test_a_badge_in_json_is_told_again_as_well(story: Story, found: list[datetime | None]) -> None:
    content = body_of(story.award(format="open-badge")["document"])
    assert {json.dumps(send(story, content).json()) for _ in range(5)} == {
        json.dumps(same(story, content))
    }
    assert len(found) == 3  # nothing in memory, a look, a look ahead


def _at(instant: datetime) -> str:
    return instant.isoformat().replace("+00:00", "Z")


Limits = Callable[[datetime, datetime], dict[str, Any]]
Secure = Callable[[JsonObject], object]

LIMITED: list[Limits] = [
    lambda start, end: {"validFrom": _at(start), "validUntil": _at(end)},
    lambda start, _: {"validFrom": _at(start)},
    lambda _, end: {"validFrom": None, "validUntil": _at(end)},
]


@pytest.mark.parametrize("limits", LIMITED, ids=["period", "start", "end"])
@pytest.mark.parametrize("secure", [a_token, signed], ids=["token", "proof"])
def test_a_period_begins_and_ends_to_the_instant(
    story: Story, limits: Limits, secure: Secure
) -> None:
    """Asked every eighth of a second, while answers are remembered all the time."""
    start, end = NOON + timedelta(milliseconds=725), NOON + timedelta(milliseconds=2_350)
    content = body_of(secure(a_credential(**limits(start, end))))
    verdicts = []
    for _ in range(28):
        verdicts.append(outcome_of(same(story, content), "credential-in-force") is not None)
        story.served.clock.instant += STEP
    assert {True, False} == set(verdicts)


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_the_last_microsecond_is_told_apart(story: Story, offset: int) -> None:
    end = NOON + timedelta(milliseconds=500)
    content = body_of(a_token(a_credential(validFrom=None, validUntil=_at(end))))
    for _ in range(4):
        same(story, content)
    story.served.clock.instant = end + timedelta(microseconds=offset)
    report = same(story, content)
    expired = outcome_of(report, "credential-expired") is not None
    assert expired == (offset > 0)


def test_what_is_in_force_for_less_than_a_moment_is_never_in_force_outside_it(story: Story) -> None:
    start, end = NOON + timedelta(milliseconds=300), NOON + timedelta(milliseconds=400)
    content = body_of(a_token(a_credential(validFrom=_at(start), validUntil=_at(end))))
    for _ in range(28):
        in_force = outcome_of(send(story, content).json(), "credential-in-force") is not None
        assert not in_force or start <= story.served.clock.instant <= end
        story.served.clock.instant += STEP


def test_a_proof_that_expires_is_not_remembered_beyond_its_end(story: Story) -> None:
    document = signed(a_credential())
    proof = document["proof"]
    assert isinstance(proof, dict)
    proof["expires"] = _at(NOON + timedelta(milliseconds=400))  # the signature fails as well
    for _ in range(30):
        same(story, body_of(document))
        story.served.clock.instant += STEP


def test_an_award_that_ends_is_told_of_to_the_day(story: Story) -> None:
    content = body_of(story.award(valid_until="2026-03-05")["document"])
    story.served.clock.instant = datetime(2026, 3, 5, 23, 59, 58, tzinfo=UTC)
    verdicts = []
    for _ in range(28):
        verdicts.append(same(story, content)["verdict"])
        story.served.clock.instant += STEP
    assert verdicts.index("invalid") == verdicts.count("valid") > 0


def test_a_clock_that_is_set_back_is_followed(story: Story) -> None:
    content = body_of(a_token(a_credential(validFrom=_at(NOON))))
    for _ in range(4):
        assert outcome_of(same(story, content), "credential-in-force") == "passed"
    story.served.pass_time(microseconds=-1)
    assert outcome_of(same(story, content), "credential-not-yet-valid") == "failed"


def test_each_reader_is_told_in_their_own_language(story: Story) -> None:
    content = body_of(a_token(a_credential()))
    for _ in range(4):
        told = [same(story, content, Accept_Language=each)["checks"] for each in ("en", "fr", "ar")]
        assert told[0] != told[1] != told[2] != told[0]


def test_a_destination_is_asked_for_each_time(story: Story, found: list[datetime | None]) -> None:
    document = story.award()["document"]
    for _ in range(4):
        for country in (None, "NO", "PL"):
            further = {"destination": country} if country else {}
            answer = same(story, body_of(document, **further))["meaning"]["answer"]
            assert (answer == "no_destination") == (country is None)
    assert len(found) == 3  # without a country: nothing in memory, a look, a look ahead


def test_a_row_that_is_changed_behind_the_back_is_seen(story: Story) -> None:
    made = story.award()
    content = body_of(made["document"])
    for _ in range(4):
        assert same(story, content)["verdict"] == "valid"
    with closing(sqlite3.connect(story.served.folder / "skillpassport.db")) as foreign:
        foreign.execute("UPDATE organisations SET sandbox = 1 WHERE slug = 'college'")
        foreign.commit()
    report = send(story, content).json()
    assert outcome_of(report, "sandbox-credential") == "failed"


def test_a_key_that_is_rotated_and_revoked_is_seen(story: Story) -> None:
    made = story.award()
    content, instance = body_of(made["document"]), story.served.instance
    for _ in range(4):
        assert same(story, content)["verdict"] == "valid"
    instance.rotate_key("college")
    for _ in range(4):
        assert same(story, content)["verdict"] == "valid"
    instance.revoke_key("college", made["document"]["proof"]["verificationMethod"])
    for _ in range(4):
        report = same(story, content)
        assert outcome_of(report, "verification-method-revoked") == "failed"


def test_what_others_publish_is_asked_for_each_time(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list on another host may change while nothing here does."""
    url = "https://issuer.example/status/1"
    entry = StatusEntry(purpose="revocation", list_url=url, index=7).as_json()
    token = a_token(a_credential(issuer=did_of(STRANGER), credentialStatus=[entry]), STRANGER)
    asked: list[str] = []
    network = story.served.instance.network
    ours = type(network).status_list

    def watched(self: Any, at: str) -> object:  # noqa: ANN401 - passed on
        asked.append(at)
        return ours(self, at)

    monkeypatch.setattr(type(network), "status_list", watched)
    for number in range(4):
        send(story, body_of(token))
        assert asked == [url] * (number + 1)


def test_each_request_is_counted_and_has_its_own_id(story: Story) -> None:
    content = body_of(a_token(a_credential()))
    counted: list[str] = []
    limits = story.served.http.app.state.limits  # type: ignore[attr-defined]
    limits.find = counted.append
    metrics = story.served.http.app.state.metrics  # type: ignore[attr-defined]
    before = _counted(metrics.exposition())
    answers = [send(story, content) for _ in range(5)]
    assert counted == ["verification"] * 5
    assert len({answer.headers["x-request-id"] for answer in answers}) == 5
    assert _counted(metrics.exposition()) == before + 5
    headers = [{**answer.headers, "x-request-id": ""} for answer in answers]
    assert all(each == headers[0] for each in headers)


def _counted(exposition: str) -> int:
    wanted = f'skillpassport_request_seconds_count{{method="POST",route="{PATH}",status="2xx"}}'
    lines = [line for line in exposition.splitlines() if line.startswith(wanted)]
    return int(lines[0].rpartition(" ")[2]) if lines else 0


def test_the_moment_of_an_answer_begins_with_it() -> None:
    answer = Answer(found=1, told=b"1", facts=None, since=NOON)
    step = timedelta(microseconds=1)
    instants = [NOON - step, NOON, NOON + MOMENT, NOON + MOMENT + step]
    assert [answer.is_of(instant) for instant in instants] == [False, True, True, False]


def test_the_oldest_answer_is_forgotten_first() -> None:
    answers = StandingAnswers[int](max_answers=2)
    for number in range(3):
        answers.keep(number, Answer(found=number, told=b"", facts=None, since=NOON))
    assert [answers.find(number) is None for number in range(3)] == [True, False, False]
