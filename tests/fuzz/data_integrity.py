"""Fuzz target: credentials with Data Integrity proofs, under each suite but the selective one."""

from contextlib import suppress
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.vc.data_integrity import check_chain, split_proofs, suite_of, verify_proof
from skillpassport.vc.report import Verdict
from skillpassport.vc.strict_json import StrictJsonError, parse_object
from skillpassport.vc.suites import BUILT_IN_SUITES
from skillpassport.vc.verify import Offline, verify
from tests.support.credentials import ISSUER, NOW, P256_ISSUER, P384_ISSUER

KEYS: Final = [signer.public_key for signer in (ISSUER, P256_ISSUER, P384_ISSUER)]


def check(data: bytes) -> None:
    """Fail for a foreign exception, for a verdict without a proof, and for a forgery that holds."""
    report = verify(data, resolvers=Offline(), now=NOW).report
    if report.verdict is Verdict.VALID:
        assert any(check.code == "proof-valid" for check in report.checks)
    try:
        document = parse_object(data)
        unsecured, proofs = split_proofs(document)
        check_chain(unsecured, proofs)
    except (StrictJsonError, SkillPassportError):
        return
    for proof in proofs[:2]:
        for key in KEYS:
            with suppress(SkillPassportError):
                suite = suite_of(proof, BUILT_IN_SUITES)
                assert "proof" not in verify_proof(document, proof, suite=suite, key=key)
