"""One signed COSE message, against another implementation's encoder and its tampered kin."""

import cbor2
import pytest

from skillpassport.vc.cose import ALG, KEY_ID, CoseSign1, parse_sign1, sign1
from skillpassport.vc.jose import Jws, verify_jws
from skillpassport.vc.keys import PublicKey, Signer
from skillpassport.vc.strict_cbor import CborRefused
from tests.support.credentials import ISSUER, P256_ISSUER, P384_ISSUER, STRANGER

PAYLOAD = b"This is the content."
SIGNERS = [ISSUER, P256_ISSUER, P384_ISSUER]


def holds(message: CoseSign1, key: PublicKey) -> bool:
    header = {"alg": message.algorithm}
    jws = Jws(
        header={**header},
        payload={},
        signing_input=message.signing_input,
        signature=message.signature,
    )
    return verify_jws(jws, key)


@pytest.mark.parametrize("signer", SIGNERS, ids=lambda s: s.algorithm)
def test_what_was_signed_holds_for_its_own_key_alone(signer: Signer) -> None:
    message = parse_sign1(sign1({}, {KEY_ID: b"11"}, PAYLOAD, signer))
    assert (message.payload, message.headers[KEY_ID]) == (PAYLOAD, b"11")
    assert holds(message, signer.public_key)
    assert not holds(message, STRANGER.public_key)


@pytest.mark.parametrize("length", [0, 23, 24, 255, 256, 65_535, 65_536])
def test_what_is_signed_is_encoded_as_others_encode_it(length: int) -> None:
    """RFC 9052, section 4.4: the structure is encoded deterministically."""
    message = parse_sign1(sign1({}, {}, b"x" * length, P256_ISSUER))
    protected = cbor2.dumps({ALG: -7})
    assert message.signing_input == cbor2.dumps(["Signature1", protected, b"", b"x" * length])


def test_each_flipped_octet_is_noticed() -> None:
    data = sign1({}, {}, PAYLOAD, P256_ISSUER)
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1
        try:
            message = parse_sign1(bytes(changed))
        except CborRefused:
            continue
        assert not holds(message, P256_ISSUER.public_key), place


PROTECTED = cbor2.dumps({ALG: -7})


@pytest.mark.parametrize(
    "message",
    [
        cbor2.CBORTag(17, [PROTECTED, {}, PAYLOAD, bytes(32)]),
        cbor2.CBORTag(98, [PROTECTED, {}, PAYLOAD, []]),
        [PROTECTED, {}, PAYLOAD, bytes(64)],
        cbor2.CBORTag(18, [PROTECTED, {}, PAYLOAD]),
        cbor2.CBORTag(18, [PROTECTED, {}, None, bytes(64)]),
        cbor2.CBORTag(18, [PROTECTED, {}, PAYLOAD, None]),
        cbor2.CBORTag(18, [{ALG: -7}, {}, PAYLOAD, bytes(64)]),
        cbor2.CBORTag(18, [PROTECTED, [], PAYLOAD, bytes(64)]),
        cbor2.CBORTag(18, [PROTECTED, {ALG: -8}, PAYLOAD, bytes(64)]),
        cbor2.CBORTag(18, [PROTECTED, {2: [4]}, PAYLOAD, bytes(64)]),
        cbor2.CBORTag(18, [b"", {}, PAYLOAD, bytes(64)]),
        cbor2.CBORTag(18, [b"\xa2\x01\x26\x01\x27", {}, PAYLOAD, bytes(64)]),
    ],
    ids=str,
)
def test_a_message_of_another_form_is_refused(message: object) -> None:
    with pytest.raises(CborRefused):
        parse_sign1(cbor2.dumps(message))


@pytest.mark.parametrize("alg", [5, -46, "ES256", None, True])
def test_an_algorithm_without_a_reader_has_no_name(alg: object) -> None:
    octets = cbor2.dumps({ALG: alg})
    message = cbor2.dumps(cbor2.CBORTag(18, [octets, {}, PAYLOAD, bytes(64)]))
    assert parse_sign1(message).algorithm == ""
