"""Fuzz target: ecdsa-sd-2023, its proof values in CBOR, and what a holder chooses to show."""

from contextlib import suppress
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.multibase import encode_multibase64url
from skillpassport.vc.strict_json import JsonObject, StrictJsonError, one_or_many, parse_object
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.suites.protocol import ProofMalformed
from skillpassport.vc.suites.sd_proof_value import parse_base_proof, parse_derived_proof
from tests.support.credentials import P256_ISSUER

KEY: Final = P256_ISSUER.public_key
_BASE, _DERIVED = b"\xd9\x5d\x00", b"\xd9\x5d\x01"
_SUITE = EcdsaSd2023()


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for a proof value with two spellings.

    data: the CBOR of a proof value, without its header; or a credential with the pointers of its
    holder as a further member, `pointers`
    """
    for header, parse in ((_BASE, parse_base_proof), (_DERIVED, parse_derived_proof)):
        text = encode_multibase64url(header + data)
        with suppress(ProofMalformed):
            assert parse(text).proof_value == text
    with suppress(StrictJsonError):
        document = parse_object(data)
        pointers = [p for p in one_or_many(document.pop("pointers", [])) if isinstance(p, str)]
        proof = document.pop("proof", None)
        if isinstance(proof, dict):
            _use(document, proof, pointers)


def _use(document: JsonObject, proof: JsonObject, pointers: list[str]) -> None:
    with suppress(SkillPassportError):
        _SUITE.verify(document, proof, KEY)
    with suppress(SkillPassportError):
        _SUITE.verify_base(document, proof, KEY)
    with suppress(SkillPassportError):
        shown = _SUITE.derive(document, proof, pointers)
        assert shown.keys() <= {*document, "proof"}
