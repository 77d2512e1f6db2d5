"""The doctor: each thing that can be wrong is found, with its remedy."""

import datetime as dt
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from skillpassport.clock import FixedClock
from skillpassport.diagnosis import Examination, examine
from skillpassport.organisations.signing_keys import SIGNING_WINDOW
from tests.support.commands import Commands
from tests.support.lived_in import STARTED, LivedIn, reopen

PROVIDER_KEY_MADE = dt.timedelta(days=2)  # at the latest


def examined(
    lived_in: LivedIn, *, at: dt.datetime | None = None, **settings: object
) -> dict[str, Examination]:
    """Return the examinations by name; of several with one name the worst."""
    instance = reopen(lived_in, FixedClock(at) if at else None, **settings)
    worst = {"ok": 0, "warning": 1, "failure": 2}
    try:
        made = sorted(examine(instance), key=lambda each: worst[each.outcome])
    finally:
        instance.close()
    return {each.name: each for each in made}


def by_hand(lived_in: LivedIn, statement: str) -> None:
    with closing(sqlite3.connect(lived_in.database)) as hands, hands:
        hands.execute(statement)


def test_a_sound_instance_is_well(lived_in: LivedIn) -> None:
    found = examined(lived_in, public_url_aliases=("http://localhost:8000",),
                     public_url="https://skills.example")  # fmt: skip
    assert {name: each.outcome for name, each in found.items()} == dict.fromkeys(found, "ok")
    assert set(found) >= {
        "public URL", "database revision", "stored DIDs", "signing keys", "status lists", "clock",
        "log",
    }  # fmt: skip


def test_http_is_for_development(lived_in: LivedIn) -> None:
    found = examined(lived_in)["public URL"]
    assert found.outcome == "warning"
    assert "SKILLPASSPORT_PUBLIC_URL" in str(found.remedy)


def test_another_public_address_leaves_the_stored_dids_without_a_home(lived_in: LivedIn) -> None:
    found = examined(lived_in, public_url="https://moved.example")["stored DIDs"]
    assert found.outcome == "failure"
    assert "did:web:localhost%3A8000" in found.message
    assert "SKILLPASSPORT_PUBLIC_URL_ALIASES" in str(found.remedy)


@pytest.mark.parametrize(
    ("days_left", "warning"), [(91, None), (89, 90), (31, 90), (29, 30), (8, 30), (6, 7), (1, 7)]
)
def test_a_key_window_warns_at_ninety_thirty_and_seven_days(
    lived_in: LivedIn, days_left: int, warning: int | None
) -> None:
    with closing(sqlite3.connect(lived_in.database)) as hands:
        query = "SELECT min(signs_until) FROM signing_keys WHERE retired_at IS NULL"
        ends = dt.datetime.fromisoformat(hands.execute(query).fetchone()[0])
    now = ends - dt.timedelta(days=days_left)
    found = examined(lived_in, at=now)["signing keys"]
    if warning is None:
        assert found.outcome == "ok"
    else:
        assert found.outcome == "warning"
        assert f"warning at {warning}" in found.message
        assert "keys rotate" in str(found.remedy)


def test_an_expired_key_is_a_failure(lived_in: LivedIn) -> None:
    found = examined(lived_in, at=STARTED + SIGNING_WINDOW + dt.timedelta(days=9))["signing keys"]
    assert found.outcome == "failure"
    assert "keys rotate" in str(found.remedy)


def test_a_clock_that_was_set_back_is_an_alarm(lived_in: LivedIn) -> None:
    found = examined(lived_in, at=STARTED)["clock"]
    assert found.outcome == "failure"
    assert "clock" in str(found.remedy)


def test_a_missing_migration_is_found_and_nothing_else_is_asked(lived_in: LivedIn) -> None:
    by_hand(lived_in, "UPDATE alembic_version SET version_num = 'older'")
    found = examined(lived_in)
    assert found["database revision"].outcome == "failure"
    assert "db upgrade" in str(found["database revision"].remedy)
    assert set(found) == {"public URL", "database revision"}


def test_a_list_that_does_not_verify_is_found(lived_in: LivedIn) -> None:
    """The retired keys are still published; here the owner's own are gone."""
    by_hand(
        lived_in,
        "UPDATE signing_keys SET multikey = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', "
        "fragment = 'z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK' || id "
        "WHERE owner != 'service'",
    )
    found = examined(lived_in)
    assert found["status lists"].outcome == "failure"
    assert found["log"].outcome == "failure"


def test_an_altered_row_is_found(lived_in: LivedIn) -> None:
    by_hand(lived_in, "UPDATE organisations SET country = 'XX' WHERE slug = 'provider'")
    found = examined(lived_in)["log"]
    assert found.outcome == "failure"
    assert "log verify" in str(found.remedy)


def test_a_mangled_row_does_not_keep_the_rest_from_being_examined(lived_in: LivedIn) -> None:
    by_hand(lived_in, "UPDATE organisations SET registered_at = 'yesterday'")
    found = examined(lived_in)
    assert found["stored DIDs"].outcome == "failure"
    assert found["log"].outcome == "failure"


@pytest.mark.slow
def test_the_command_ends_with_one_where_something_failed(
    lived_in: LivedIn, tmp_path: Path
) -> None:
    commands = Commands(lived_in.folder, tmp_path, {"seed": "none"})
    well = commands.run("doctor", "--json")
    assert (well.code, well.json["ok"]) == (0, True)
    by_hand(lived_in, "UPDATE organisations SET country = 'XX' WHERE slug = 'provider'")
    ill = commands.run("doctor")
    assert ill.code == 1
    assert "FAIL  log:" in ill.out


@pytest.mark.slow
def test_the_command_sets_up_an_empty_folder_first(tmp_path: Path) -> None:
    done = Commands(tmp_path / "data", tmp_path, {"seed": "none"}).run("doctor", "--json")
    assert (done.code, done.json["ok"]) == (0, True)


def test_what_the_doctor_prescribes_for_an_expired_key_helps(
    lived_in: LivedIn, tmp_path: Path
) -> None:
    """Also for the key that signs the heads of the log."""
    late = FixedClock(STARTED + SIGNING_WINDOW + dt.timedelta(days=9))
    instance = reopen(lived_in, late)
    try:
        instance.prepare()
        instance.rotate_key("provider")
        instance.rotate_key(None)
        instance.sequencer().sequence_once()
        assert instance.verify_log().holds
    finally:
        instance.close()
