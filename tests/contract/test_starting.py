"""The contract's words on health, settings, and what a later change of address leaves alone."""

import json
from pathlib import Path

import pytest

from skillpassport.diagnosis import examine
from tests.support.awards import a_story, award_body, verify
from tests.support.credentials import NOW, a_credential, signed
from tests.support.instances import PUBLIC_URL, Served, an_instance

MOVED = "https://moved.example"


def test_readiness_tells_of_database_migrations_signer_and_clock(served: Served) -> None:
    answer = served.get("/readyz")
    assert answer.status_code == 200
    told = {check["name"]: check["ready"] for check in answer.json()["checks"]}
    assert told == dict.fromkeys(("database", "migrations", "signer", "clock", "log"), True)


def test_a_clock_behind_the_log_is_not_ready(served: Served) -> None:
    served.instance.sequencer().sequence_once()
    served.pass_time(days=-1)
    answer = served.get("/readyz")
    found = {check["name"]: check["detail"] for check in answer.json()["checks"]}
    assert (answer.status_code, found["clock"]) == (503, "clock-behind-log")


def test_a_new_address_changes_no_identifier_and_no_verdict(served: Served, tmp_path: Path) -> None:
    story = a_story(served)
    old = story.award()
    folder = tmp_path / "var"
    with an_instance(
        folder, served.clock, prepare=True, public_url=MOVED, public_url_aliases=PUBLIC_URL
    ) as moved:
        report = verify(moved, document=old["document"], destination="NO")
        assert (report["verdict"], report["meaning"]["answer"]) == ("valid", "found")
        assert verify(moved, url=old["links"]["verify"])["verdict"] == "valid"
        assert moved.get("/orgs/college/did.json").json()["id"] == story.provider.did
        key = story.provider.key
        shown = moved.get(f"/api/v1/credentials/{old['id']}", key).json()
        assert shown["document"] == old["document"]
        assert shown["status"]["entries"] == old["status"]["entries"]
        assert shown["links"]["verify"].startswith(f"{MOVED}/v/")
        new = moved.post("/api/v1/credentials", award_body(), key).json()
        assert new["document"]["issuer"]["id"] == story.provider.did
        assert verify(moved, document=new["document"])["verdict"] == "valid"


def test_the_service_keeps_its_did_and_rotates_under_it(served: Served, tmp_path: Path) -> None:
    before = served.get("/.well-known/did.json").json()
    with an_instance(
        tmp_path / "var", served.clock, public_url=MOVED, public_url_aliases=PUBLIC_URL
    ) as moved:
        assert moved.get("/.well-known/did.json").json() == before
        created, _ = moved.instance.rotate_key(None)
        assert created.did == before["id"]
        after = moved.get("/.well-known/did.json").json()
        assert len(after["verificationMethod"]) == 2


def test_doctor_fails_when_a_stored_did_is_under_no_known_address(
    served: Served, tmp_path: Path
) -> None:
    with an_instance(tmp_path / "var", served.clock, public_url=MOVED) as moved:
        found = {each.name: each for each in examine(moved.instance)}
        assert found["stored DIDs"].outcome == "failure"
        assert "PUBLIC_URL_ALIASES" in str(found["stored DIDs"].remedy)
    with an_instance(
        tmp_path / "var", served.clock, public_url=MOVED, public_url_aliases=PUBLIC_URL
    ) as moved:
        found = {each.name: each for each in examine(moved.instance)}
        assert found["stored DIDs"].outcome == "ok"


def test_a_context_of_the_folder_is_known_from_then_on(served: Served, tmp_path: Path) -> None:
    address = "https://terms.example/welding/v1"
    contexts: list[object] = ["https://www.w3.org/ns/credentials/v2", address]
    document = signed(a_credential(**{"@context": contexts}))  # type: ignore[arg-type]
    served.clock.instant = NOW
    unknown = verify(served, document=document)
    folder = tmp_path / "contexts"
    folder.mkdir()
    (folder / "welding.json").write_text(json.dumps({"@context": {}}))
    (folder / "context-map.json").write_text(json.dumps({address: "welding.json"}))
    with an_instance(tmp_path / "var", served.clock, contexts_dir=folder) as opened:
        known = verify(opened, document=document)
    assert "context-unknown" in {check["code"] for check in unknown["checks"]}
    assert "context-unknown" not in {check["code"] for check in known["checks"]}
    assert known["verdict"] == "undetermined", "no authority vouches for the issuer"


@pytest.mark.parametrize(("seed", "frameworks", "corridors"), [("none", 0, 0), ("demo", 1, 2)])
def test_the_seed_is_the_one_that_is_set(
    tmp_path: Path, seed: str, frameworks: int, corridors: int
) -> None:
    with an_instance(tmp_path / "fresh", prepare=True, seed=seed) as opened:
        listed = opened.get("/api/v1/frameworks?limit=1").json()["items"]
        assert len(listed) == frameworks
        assert len(opened.instance.demonstration_codes()) == corridors
