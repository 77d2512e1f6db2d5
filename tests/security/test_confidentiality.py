"""What lies in files, rows, log lines and error answers: nothing about a person, and no secret."""

import base64
import io
import logging
from collections.abc import Iterator

import pytest
from sqlalchemy import inspect, text

from skillpassport.web.logs import ACCESS, JsonLines
from tests.support.awards import Story, a_story, award_body
from tests.support.instances import ADMINISTRATOR, Served

NAME = "Quirina Vexworthy"
BORN = "1987-11-03"
SECRETS = {
    "name": NAME,
    "family name": "Vexworthy",
    "name in the machine-readable zone": "VEXWORTHY<<QUIRINA",
    "birth date": BORN,
    "id of the person": "did:example:quirina-4711",
    "result": "summa-cum-xyzzy",
    "evidence": "portfolio-plugh",
    "address of evidence": "https://evidence.example/plugh",
    "reason": "grudge-frobozz",
    "correction": "Quirina Vexworthy-Plover",
    "name that a client gave a write": "award-of-quirina-4711",
    "administrator's key": ADMINISTRATOR,
}


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    # As `configure_logging` sets them: the tests' own client logs whole addresses.
    levels = {name: logging.getLogger(name).level for name in (None, "httpx", "httpx2")}
    for name in levels:
        logging.getLogger(name).setLevel(logging.INFO if name is None else logging.WARNING)
    ACCESS.setLevel(logging.INFO)
    root = logging.getLogger()
    root.addHandler(handler)
    yield stream
    root.removeHandler(handler)
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def live(story: Story) -> dict[str, str]:
    """Let a person's award be made, suspended, corrected and verified; return every secret."""
    body = {
        "achievement": "welding",
        "subject": {
            "name": NAME,
            "name_in_mrz": SECRETS["name in the machine-readable zone"],
            "birth_date": BORN,
            "id": SECRETS["id of the person"],
        },
        "awarded_on": "2025-06-27",
        "results": {"Grade": SECRETS["result"]},
        "evidence": [{"name": SECRETS["evidence"], "url": SECRETS["address of evidence"]}],
    }
    post = story.served.post
    headers = {"idempotency_key": SECRETS["name that a client gave a write"]}
    answer = post("/api/v1/credentials", body, story.provider.key, **headers)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    reason = SECRETS["reason"]
    assert story.change(made["id"], "suspend", reason=reason).status_code == 200
    corrected = {"name": SECRETS["correction"]}
    new = story.change(made["id"], "supersede", reason=reason, subject=corrected).json()
    story.verify(new["document"], destination="NO")
    for path in (f"/v/{new['code']}", f"/V/{new['code']}/x", f"/v?code={new['code']}"):
        story.served.get(path, accept="text/html")
    key = post(
        f"/api/v1/organisations/{story.provider.slug}/api-keys",
        {"scopes": ["credentials:read"]},
        story.provider.key,
        idempotency_key="k",
    ).json()["api_key"]
    story.served.instance.sequencer().sequence_once()
    proof = new["document"]["proof"]
    one = proof[0] if isinstance(proof, list) else proof
    return SECRETS | {
        "code": made["code"],
        "new code": new["code"],
        "id of the document": new["document"]["id"],
        "signature": one["proofValue"],
        "provider's key": story.provider.key,
        "authority's key": story.authority.key,
        "further key": key,
    }


def spellings(secret: str) -> set[bytes]:
    """Return how a text could lie in a file: plain, hexadecimal, base64 at any offset."""
    plain = secret.encode()
    shifted = {base64.b64encode(b"\0" * n + plain)[4 if n else 0 : -4] for n in range(3)}
    return {plain, plain.hex().encode(), secret.encode("utf-16-le"), *(s for s in shifted if s)}


def found_in(data: bytes, secrets: dict[str, str]) -> set[str]:
    return {
        name
        for name, secret in secrets.items()
        if any(spelling in data for spelling in spellings(secret))
    }


def test_no_file_of_the_data_folder_holds_a_secret(served: Served) -> None:
    secrets = live(a_story(served))
    files = [path for path in served.folder.rglob("*") if path.is_file()]
    names = {path.name for path in files}
    assert {"skillpassport.db", "subject-keys.db", "master.key"} <= names
    assert any("heads" in path.parts for path in files)
    for path in files:
        assert found_in(path.read_bytes(), secrets) == set(), path.name
        assert found_in(path.name.encode(), secrets) == set()
    database = b"".join(p.read_bytes() for p in files if p.name.startswith("skillpassport.db"))
    assert found_in(database, {"slug": "welding"}) == {"slug"}, "the control: it can be found"


def test_keys_lie_in_files_that_only_the_owner_reads(served: Served) -> None:
    live(a_story(served))
    master = served.folder / "master.key"
    assert master.stat().st_mode & 0o077 == 0
    raw = master.read_bytes().strip()
    for path in served.folder.rglob("*"):
        if path.is_file() and path != master:
            assert raw not in path.read_bytes()


@pytest.mark.postgresql
def test_no_row_of_postgresql_holds_a_secret(served_by_postgresql: Served) -> None:
    secrets = live(a_story(served_by_postgresql))
    engine = served_by_postgresql.instance.database.engine
    looked_at = 0
    with engine.connect() as connection:
        inspected = inspect(connection)
        for schema in inspected.get_schema_names():
            if schema in {"information_schema", "pg_catalog"}:
                continue
            for table in inspected.get_table_names(schema):
                query = text(f'SELECT CAST(t AS text) FROM "{schema}"."{table}" AS t')
                rows = "\n".join(connection.scalars(query)).encode()
                looked_at += bool(rows)
                assert found_in(rows, secrets) == set(), table
    assert looked_at > 10


def test_no_log_line_holds_a_secret(served: Served, lines: io.StringIO) -> None:
    story = a_story(served)
    secrets = live(story)
    story.ask_to_award(subject={"name": NAME}, awarded_on="1980-01-01")
    story.ask_to_award(subject={"name": NAME, "birth_date": BORN, "x": NAME})
    served.get(f"/v/{secrets['code']}?lang={NAME}&x={secrets['new code']}")
    served.post("/api/v1/verifications", {"code": secrets["code"][:-1]})
    served.post("/api/v1/verifications", {"url": f"https://localhost/v/{secrets['code']}"})
    served.get("/api/v1/me", secrets["provider's key"] + "x")
    written = lines.getvalue()
    assert written.count('"route":"/api/v1/credentials"') >= 3
    assert found_in(written.encode(), secrets) == set()


def test_a_fault_is_logged_without_the_row_that_caused_it(
    served: Served, lines: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = a_story(served)

    def broken(*_args: object) -> None:
        raise RuntimeError(f"INSERT INTO people VALUES ('{NAME}')")

    monkeypatch.setattr("skillpassport.db.credentials.sealed_part", broken)
    answer = story.ask_to_award(subject={"name": NAME, "birth_date": BORN})
    assert answer.status_code == 500
    assert found_in(answer.content, SECRETS) == set()
    assert "RuntimeError" in lines.getvalue()
    assert found_in(lines.getvalue().encode(), SECRETS) == set()


def test_an_error_answer_repeats_nothing_personal(served: Served) -> None:
    story = a_story(served)
    person = {"name": NAME, "birth_date": BORN, "id": SECRETS["id of the person"]}
    bent: list[dict[str, object]] = [
        {"awarded_on": "2030-01-01"},
        {"awarded_on": "1980-01-01"},
        {"awarded_on": "2020-01-01"},
        {"valid_until": "2001-01-01"},
        {"achievement": "unknown"},
        {"identity_check": NAME},
        {"format": NAME},
        {"language": NAME},
        {"results": {NAME: 1, "x": [NAME]}},
        {"subject": {**person, "birth_date": NAME}},
        {"subject": {**person, NAME: NAME}},
        {"subject": [person]},
        {NAME: BORN},
    ]
    for changes in bent:
        body = award_body(**({"subject": person} | changes))
        answer = served.post("/api/v1/credentials", body, story.provider.key)
        assert answer.status_code >= 400, changes
        found = found_in(answer.content, SECRETS)
        # A member's own name is pointed at, so that it can be found.
        pointed_at = {"name", "family name"} if NAME in str([*changes, *_members(changes)]) else ()
        assert found <= set(pointed_at), (changes, answer.text)
    assert story.ask_to_award(subject=person).status_code == 201


def _members(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(name for inner in value.values() for name in _members(inner))]
    return []


def test_what_is_not_valid_names_nobody(served: Served) -> None:
    story = a_story(served)
    made = story.award(subject={"name": NAME, "birth_date": BORN})
    valid = story.verify_code(made["code"])
    assert found_in(str(valid).encode(), SECRETS) >= {"name", "birth date"}
    assert story.change(made["id"], "revoke", reason=SECRETS["reason"]).status_code == 200
    for told in (
        str(story.verify_code(made["code"])),
        str(story.verify(made["document"])),
        served.get(f"/v/{made['code']}", accept="text/html").text,
    ):
        assert found_in(told.encode(), SECRETS) == set()
