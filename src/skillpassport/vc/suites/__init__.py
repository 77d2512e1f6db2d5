"""Cryptosuites of Data Integrity: what a suite is, and the ones that are built in.

The mapping only says what *can* be used. What *may* be used is the caller's allow-list
(`Policy.cryptosuites`); a document alone never chooses.
"""

from collections.abc import Mapping
from types import MappingProxyType

from skillpassport.vc.suites.ecdsa_jcs_2019 import EcdsaJcs2019
from skillpassport.vc.suites.eddsa_jcs_2022 import EddsaJcs2022
from skillpassport.vc.suites.protocol import (
    DATA_INTEGRITY_PROOF,
    HashData,
    ProofError,
    ProofInvalid,
    ProofMalformed,
    ProofSuite,
)

ECDSA_JCS_2019: ProofSuite = EcdsaJcs2019()
EDDSA_JCS_2022: ProofSuite = EddsaJcs2022()

BUILT_IN_SUITES: Mapping[str, ProofSuite] = MappingProxyType(
    {suite.cryptosuite: suite for suite in (ECDSA_JCS_2019, EDDSA_JCS_2022)}
)

__all__ = [
    "BUILT_IN_SUITES",
    "DATA_INTEGRITY_PROOF",
    "ECDSA_JCS_2019",
    "EDDSA_JCS_2022",
    "HashData",
    "ProofError",
    "ProofInvalid",
    "ProofMalformed",
    "ProofSuite",
]
