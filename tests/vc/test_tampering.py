"""The tamper table: every single-byte change is refused, or leaves the same canonical content."""

import pytest

from skillpassport.vc.jcs import canonicalize
from skillpassport.vc.jose import parse_jws
from skillpassport.vc.report import Verdict
from skillpassport.vc.sdjwt import Concealment
from skillpassport.vc.sdjwt.credential import issue_sd_jwt_vc
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, parse_object
from skillpassport.vc.verify import Policy
from tests.support.credentials import (
    ISSUER,
    P256_ISSUER,
    a_credential,
    a_token,
    as_text,
    did_of,
    method_of,
    signed,
    verified,
    with_status,
)

FLIPS = (0x01, 0x20, 0x80)
"""Another neighbour, another case, another plane: what a bit error or a forger does to a letter."""


def an_indented_text(document: JsonObject) -> bytes:
    """Return a document with white space, which carries no content."""
    return as_text(document).replace(",", ", ", 2).encode()


POLICY = Policy(unsafe_skip_status=True)
"""The status is under the signature like the rest; to read the lists each time would cost seconds."""

FORMS: list[tuple[str, bytes]] = [
    ("Data Integrity", as_text(signed(with_status())).encode()),
    ("with white space and other scripts", an_indented_text(signed(a_credential(name="Soudør Ⅳ")))),
    ("ECDSA", as_text(signed(a_credential(issuer=did_of(P256_ISSUER)), P256_ISSUER)).encode()),
    ("vc+jwt", a_token(a_credential()).encode()),
]


SHOWN_IN_PART = issue_sd_jwt_vc(
    {"vct": "urn:example:welder", "iss": did_of(ISSUER), "given_name": "Ama", "level": "4"},
    ISSUER,
    concealment=Concealment(paths=[("given_name",)], random=bytes),
    holder=P256_ISSUER.public_key,
    kid=method_of(ISSUER),
).text.encode()
"""Cut after the token it is shown without the disclosure, as a holder may show it."""

ALL_FORMS = [*FORMS, ("dc+sd-jwt", SHOWN_IN_PART)]


def content_of(raw: bytes) -> bytes | None:
    """Return what a document says in the one canonical way, or None when it is not understood."""
    try:
        return canonicalize(parse_object(raw))
    except StrictJsonError:
        return None


@pytest.mark.parametrize(("name", "raw"), ALL_FORMS, ids=[row[0] for row in ALL_FORMS])
@pytest.mark.parametrize("flip", FLIPS, ids=hex)
def test_every_byte_that_is_changed_is_noticed(name: str, raw: bytes, flip: int) -> None:
    assert verified(raw, policy=POLICY).report.verdict is Verdict.VALID
    content = content_of(raw)
    for position in range(len(raw)):
        tampered = bytearray(raw)
        tampered[position] ^= flip
        verdict = verified(bytes(tampered), policy=POLICY).report.verdict
        if verdict is Verdict.VALID:
            assert content is not None, f"byte {position}"
            assert content_of(bytes(tampered)) == content, f"byte {position}"


@pytest.mark.parametrize(("name", "raw"), ALL_FORMS, ids=[row[0] for row in ALL_FORMS])
def test_every_byte_that_is_lost_or_doubled_is_noticed(name: str, raw: bytes) -> None:
    content = content_of(raw)
    for position in range(len(raw)):
        for tampered in (
            raw[:position] + raw[position + 1 :],
            raw[:position] + raw[position : position + 1] + raw[position:],
        ):
            if verified(tampered, policy=POLICY).report.verdict is Verdict.VALID:
                assert content is not None, f"byte {position}"
                assert content_of(tampered) == content, f"byte {position}"


@pytest.mark.parametrize(("name", "raw"), FORMS, ids=[row[0] for row in FORMS])
def test_every_cut_is_noticed(name: str, raw: bytes) -> None:
    for length in range(0, len(raw), 7):
        assert verified(raw[:length]).report.verdict is not Verdict.VALID


def test_each_part_of_a_token_belongs_to_the_others() -> None:
    first, second = a_token(a_credential()).split("."), a_token(a_credential(name="x")).split(".")
    for part in range(3):
        mixed = [*first[:part], second[part], *first[part + 1 :]]
        is_same = mixed == first
        verdict = verified(".".join(mixed)).report.verdict
        assert (verdict is Verdict.VALID) is is_same
    assert parse_jws(".".join(first)).payload["name"] == "Welder, arc"
