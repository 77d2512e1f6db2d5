"""Nothing about a person stands in clear where it does not belong."""

import logging
from pathlib import Path

import pytest

from tests.support.awards import BORN, PERSON, a_story
from tests.support.instances import Served

MRZ = "PRZYKLADOWA<TESTOWA<<ZUZANNA"
SUBJECT_ID = "did:example:person-4711"
EVIDENCE = "Workpiece number 4711"
RESULT = "exceptionally good"
REASON = "Her own words about it"


def test_no_personal_datum_stands_in_the_database_or_in_a_log_line(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    story = a_story(served)
    subject = {"name": PERSON, "birth_date": BORN, "name_in_mrz": MRZ, "id": SUBJECT_ID}
    texts = {PERSON, BORN, MRZ, SUBJECT_ID, EVIDENCE, RESULT, REASON}
    for form in ("vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"):
        body = {
            "subject": subject,
            "results": {"Practice": RESULT},
            "evidence": [{"name": EVIDENCE}],
            "format": form,
        }
        made = story.award(**body)
        story.verify(made["document"], destination="NO")
        story.verify_code(made["code"])
        for accept in ("text/html", "application/json"):
            served.get(f"/v/{made['code']}", accept=accept)
            served.get(f"/v/{made['code_grouped']}", accept=accept)
        story.verify_code("0" * 26)
        served.get(f"/v/{made['code'][:-1]}")
        story.ask_to_award(**(body | {"awarded_on": "2023-01-01"}))
        story.ask_to_award(**(body | {"subject": {**subject, "name": PERSON + "\u202e"}}))
        story.change(made["id"], "suspend", reason=REASON)
        new = story.change(made["id"], "supersede", reason=REASON, subject={"id": SUBJECT_ID})
        corrected = new.json()
        for issued in (made, corrected):
            texts |= {issued["code"], issued["code_grouped"]}
            document = issued["document"]
            texts.add(document if isinstance(document, str) else document["id"])
            if not isinstance(document, str):
                proof = document["proof"]
                texts.add((proof[0] if isinstance(proof, list) else proof)["proofValue"])
    served.instance.sequencer().sequence_once()

    files = [path for path in served.folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in files), "the test looks at the live files"
    for path in files:
        content = path.read_bytes()
        for text in texts:
            assert not holds(content, text), f"{text} in {path.name}"
    lines = "\n".join(
        f"{record.getMessage()} {record.__dict__}"
        for record in caplog.records
        if not record.name.startswith("httpx")  # the client of the tests
    )
    assert "skillpassport" in lines
    for text in texts:
        assert text not in lines, text


def holds(content: bytes, text: str) -> bool:
    """Return whether a text stands in a file, as such or as JSON escapes it."""
    escaped = text.encode("ascii", "backslashreplace")
    return text.encode() in content or escaped in content or text.encode("utf-16-le") in content


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text(f"… {PERSON} …", encoding="utf-8")
    assert holds(path.read_bytes(), PERSON)
    assert holds(b'{"name":"Zuzanna Przyk\\u0142adowa-Testowa"}', PERSON)
    assert not holds(b"somebody else", PERSON)
