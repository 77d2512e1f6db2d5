"""Verifiable credentials without a server: parse, sign, verify.

Knows no database, network, web or settings: time, resolvers and keys come in as arguments.

    from skillpassport.vc import Offline, verify
    report = verify(credential, resolvers=Offline(), now=datetime.now(UTC)).report
    print(report.verdict)
"""

from skillpassport.vc.checks.session import Offline, Policy, Resolvers, SchemaUnreachable
from skillpassport.vc.controllers import VerificationMethod, resolve_verification_method
from skillpassport.vc.data_integrity import ProofOptions, add_proof
from skillpassport.vc.jose import sign_vc_jwt
from skillpassport.vc.keys import EcdsaSigner, Ed25519Signer, PublicKey, Signer
from skillpassport.vc.recognition import Form
from skillpassport.vc.report import Check, Outcome, Verdict, VerificationReport
from skillpassport.vc.suites import (
    ECDSA_JCS_2019,
    ECDSA_RDFC_2019,
    EDDSA_JCS_2022,
    EDDSA_RDFC_2022,
)
from skillpassport.vc.verify import Verification, verify, verify_document

__all__ = [
    "ECDSA_JCS_2019",
    "ECDSA_RDFC_2019",
    "EDDSA_JCS_2022",
    "EDDSA_RDFC_2022",
    "Check",
    "EcdsaSigner",
    "Ed25519Signer",
    "Form",
    "Offline",
    "Outcome",
    "Policy",
    "ProofOptions",
    "PublicKey",
    "Resolvers",
    "SchemaUnreachable",
    "Signer",
    "Verdict",
    "Verification",
    "VerificationMethod",
    "VerificationReport",
    "add_proof",
    "resolve_verification_method",
    "sign_vc_jwt",
    "verify",
    "verify_document",
]
