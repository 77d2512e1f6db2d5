"""Proofs of the log over HTTP, verified by nothing but what the answers and a head hold."""

import hashlib
import json
from typing import Any

import pytest

from skillpassport.transparency.merkle import verify_consistency, verify_inclusion
from skillpassport.vc.multibase import decode_base64url, encode_base64url
from tests.support.awards import Story
from tests.support.instances import Served

pytestmark = pytest.mark.slow

ENTRY = {"kind", "subject", "time", "commitment"}


def sequenced(served: Served) -> dict[str, Any]:
    """Give every entry its place and return the head."""
    served.pass_time(seconds=1)
    served.instance.sequencer().sequence_once()
    head: dict[str, Any] = served.get("/api/v1/log/head").json()
    return head


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def committed(salt: str, data: bytes) -> str:
    return encode_base64url(hashlib.sha256(decode_base64url(salt) + data).digest())


def proof(served: Served, question: str) -> dict[str, Any]:
    answer = served.get(f"/api/v1/log/proof?{question}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def hashes(path: list[str]) -> list[bytes]:
    return [bytes.fromhex(each) for each in path]


def test_every_entry_is_proven_under_the_signed_root(story: Story) -> None:
    story.award()
    head = sequenced(story.served)
    for position in range(head["size"]):
        shown = story.served.get(f"/api/v1/log/entries/{position}").json()
        assert set(shown["entry"]) == ENTRY
        leaf = hashlib.sha256(b"\0" + canonical(shown["entry"])).digest()
        proven = proof(story.served, f"position={position}")
        assert (shown["leaf"], proven["leaf"]) == (leaf.hex(), leaf.hex())
        assert (proven["kind"], proven["root"]) == ("inclusion", head["root"])
        assert verify_inclusion(
            leaf,
            index=position,
            size=head["size"],
            proof=hashes(proven["path"]),
            root=bytes.fromhex(head["root"]),
        )


def test_an_older_head_is_the_beginning_of_the_newer_one(story: Story) -> None:
    old = sequenced(story.served)
    story.award()
    new = sequenced(story.served)
    found = proof(story.served, f"old_size={old['size']}")
    assert (found["kind"], found["old_root"], found["root"]) == (
        "consistency",
        old["root"],
        new["root"],
    )
    assert verify_consistency(
        old_size=old["size"],
        old_root=bytes.fromhex(old["root"]),
        new_size=new["size"],
        new_root=bytes.fromhex(new["root"]),
        proof=hashes(found["path"]),
    )
    before = proof(story.served, f"position=0&size={old['size']}")
    assert before["root"] == old["root"]


@pytest.mark.parametrize("form", ["vcdm", "open-badge", "vc+jwt", "sd-jwt-vc"])
def test_the_owner_can_open_what_the_log_committed_to(story: Story, form: str) -> None:
    made = story.award(format=form)
    path, key = f"/api/v1/credentials/{made['id']}", story.provider.key
    waiting = story.served.get(path, key).json()["log"]
    assert waiting["position"] is None
    sequenced(story.served)
    log = story.served.get(path, key).json()["log"]
    assert log == waiting | {"position": log["position"]}
    document = made["document"]
    octets = document.encode() if isinstance(document, str) else canonical(document)
    assert committed(log["document_salt"], octets) == log["facts"]["document_commitment"]
    assert committed(log["salt"], canonical(log["facts"])) == log["entry"]["commitment"]
    by_row = proof(story.served, f"row=credentials/{made['id']}")
    assert (by_row["position"], by_row["leaf"]) == (log["position"], log["leaf"])


def test_nobody_else_is_given_a_salt(story: Story) -> None:
    made, other = story.award(), story.register("other")
    sequenced(story.served)
    path = f"/api/v1/credentials/{made['id']}"
    log = story.served.get(path, story.provider.key).json()["log"]
    assert story.served.get(path).status_code == 401
    assert story.served.get(path, other.key).status_code == 404
    public = story.served.get(f"/api/v1/log/entries/{log['position']}").text
    assert log["salt"] not in public
    assert log["document_salt"] not in public


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("entries/999999", 404, "log-entry-unknown"),
        ("entries/-1", 422, "request-invalid"),
        ("entries/9007199254740992", 422, "request-invalid"),
        ("proof?position=999999", 404, "log-entry-unknown"),
        ("proof?position=5&size=5", 404, "log-size-unknown"),
        ("proof?position=0&size=999999", 404, "log-size-unknown"),
        ("proof?row=credentials/none", 404, "log-entry-unknown"),
        ("proof?row=credentials", 422, "request-invalid"),
        ("proof?old_size=0", 422, "request-invalid"),
        ("proof?old_size=3&size=2", 404, "log-size-unknown"),
        ("proof", 422, "request-invalid"),
        ("proof?position=0&old_size=1", 422, "request-invalid"),
    ],
)
def test_a_question_that_has_no_answer_is_refused(
    lasting_story: Story, path: str, status: int, code: str
) -> None:
    sequenced(lasting_story.served)
    refused = lasting_story.served.get(f"/api/v1/log/{path}")
    assert (refused.status_code, refused.json()["code"]) == (status, code)
