"""Digests of related resources are compared where the resource is known."""

import base64
import hashlib

import pytest

from skillpassport.vc.contexts import read_bundled
from skillpassport.vc.multibase import encode_base64url, encode_multibase58
from skillpassport.vc.related_resources import digest_problems
from skillpassport.vc.strict_json import JsonObject

V2 = "https://www.w3.org/ns/credentials/v2"
OCTETS = read_bundled(V2)
OTHER = OCTETS + b" "


def sri(name: str, octets: bytes) -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, octets).digest()).decode()}"


def multihash(octets: bytes) -> bytes:
    return b"\x12\x20" + hashlib.sha256(octets).digest()


def problems(**entry: str) -> int:
    document: JsonObject = {"relatedResource": [{"id": V2, **entry}]}
    return len(list(digest_problems(document)))


def test_the_published_digest_of_the_context_is_ours() -> None:
    """The specification prints it: VC Data Model 2.0, appendix B.1 (Base Context)."""
    printed = "59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734"
    assert hashlib.sha256(OCTETS).hexdigest() == printed


@pytest.mark.parametrize("name", ["sha256", "sha384", "sha512"])
def test_a_digest_holds_for_its_resource_alone(name: str) -> None:
    assert problems(digestSRI=sri(name, OCTETS)) == 0
    assert problems(digestSRI=sri(name, OTHER)) == 1


def test_the_strongest_digest_decides() -> None:
    assert problems(digestSRI=f"{sri('sha256', OTHER)} {sri('sha512', OCTETS)}") == 0
    assert problems(digestSRI=f"{sri('sha256', OCTETS)} {sri('sha512', OTHER)}") == 1
    assert problems(digestSRI=f"{sri('sha384', OTHER)} {sri('sha384', OCTETS)}") == 0


def test_multihashes_are_read_in_both_bases() -> None:
    for octets, found in ((OCTETS, 0), (OTHER, 1)):
        assert problems(digestMultibase=encode_multibase58(multihash(octets))) == found
        assert problems(digestMultibase=f"u{encode_base64url(multihash(octets))}") == found


@pytest.mark.parametrize("text", ["", "sha256", "md5-AAAA", "sha384-", "sha384-not base64"])
def test_what_is_no_digest_is_a_problem(text: str) -> None:
    assert problems(digestSRI=text) == 1


@pytest.mark.parametrize("text", ["", "u", "z", "uAAAA", "m", "zNot58!"])
def test_what_is_no_multihash_is_a_problem(text: str) -> None:
    assert problems(digestMultibase=text) == 1


def test_both_digests_must_hold_and_others_resources_are_not_asked_for() -> None:
    assert problems(digestSRI=sri("sha384", OCTETS), digestMultibase="uAAAA") == 1
    elsewhere: JsonObject = {"relatedResource": {"id": "https://x.example/1", "digestSRI": "x"}}
    assert list(digest_problems(elsewhere)) == []
