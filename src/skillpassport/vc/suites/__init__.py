"""Cryptosuites of Data Integrity: what a suite is, and the ones that are built in.

The mapping only says what *can* be used. What *may* be used is the caller's allow-list
(`Policy.cryptosuites`); a document alone never chooses.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from skillpassport.vc.suites.ecdsa_jcs_2019 import EcdsaJcs2019
from skillpassport.vc.suites.ecdsa_rdfc_2019 import EcdsaRdfc2019
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.suites.eddsa_jcs_2022 import EddsaJcs2022
from skillpassport.vc.suites.eddsa_rdfc_2022 import EddsaRdfc2022
from skillpassport.vc.suites.protocol import (
    DATA_INTEGRITY_PROOF,
    HashData,
    ProofError,
    ProofInvalid,
    ProofMalformed,
    ProofSuite,
)

ECDSA_JCS_2019: ProofSuite = EcdsaJcs2019()
ECDSA_RDFC_2019: ProofSuite = EcdsaRdfc2019()
ECDSA_SD_2023: ProofSuite = EcdsaSd2023()
EDDSA_JCS_2022: ProofSuite = EddsaJcs2022()
EDDSA_RDFC_2022: ProofSuite = EddsaRdfc2022()

BUILT_IN_SUITES: Mapping[str, ProofSuite] = MappingProxyType(
    {
        suite.cryptosuite: suite
        for suite in (
            ECDSA_JCS_2019,
            ECDSA_RDFC_2019,
            ECDSA_SD_2023,
            EDDSA_JCS_2022,
            EDDSA_RDFC_2022,
        )
    }
)


@cache
def suites_over(contexts_folder: Path | None) -> Mapping[str, ProofSuite]:
    """Return the built-in suites, with further JSON-LD contexts from a folder.

    The same ones for the same folder, since what they remember of shapes is worth keeping.
    """
    if contexts_folder is None:
        return BUILT_IN_SUITES
    rdfc = (
        EcdsaRdfc2019(contexts_folder),
        EcdsaSd2023(contexts_folder),
        EddsaRdfc2022(contexts_folder),
    )
    return MappingProxyType({**BUILT_IN_SUITES, **{suite.cryptosuite: suite for suite in rdfc}})


__all__ = [
    "BUILT_IN_SUITES",
    "DATA_INTEGRITY_PROOF",
    "ECDSA_JCS_2019",
    "ECDSA_RDFC_2019",
    "ECDSA_SD_2023",
    "EDDSA_JCS_2022",
    "EDDSA_RDFC_2022",
    "HashData",
    "ProofError",
    "ProofInvalid",
    "ProofMalformed",
    "ProofSuite",
    "suites_over",
]
