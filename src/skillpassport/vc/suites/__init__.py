"""Cryptosuites of Data Integrity: what a suite is, and the ones that are built in.

The mapping only says what *can* be used. What *may* be used is the caller's allow-list
(`Policy.cryptosuites`); a document alone never chooses.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from skillpassport.vc.suites.ecdsa_jcs_2019 import EcdsaJcs2019
from skillpassport.vc.suites.ecdsa_rdfc_2019 import EcdsaRdfc2019
from skillpassport.vc.suites.eddsa_jcs_2022 import EddsaJcs2022
from skillpassport.vc.suites.eddsa_rdfc_2022 import EddsaRdfc2022
from skillpassport.vc.suites.protocol import (
    DATA_INTEGRITY_PROOF,
    ECDSA_SD_2023,
    HashData,
    ProofError,
    ProofInvalid,
    ProofMalformed,
    ProofSuite,
)

ECDSA_JCS_2019: ProofSuite = EcdsaJcs2019()
ECDSA_RDFC_2019: ProofSuite = EcdsaRdfc2019()
EDDSA_JCS_2022: ProofSuite = EddsaJcs2022()
EDDSA_RDFC_2022: ProofSuite = EddsaRdfc2022()


class _Suites(Mapping[str, ProofSuite]):
    """Suites by their names; the one for selective disclosure is loaded when it is asked for."""

    def __init__(self, contexts_folder: Path | None, *ready: ProofSuite) -> None:
        self._folder = contexts_folder
        self._suites: dict[str, ProofSuite | None] = {suite.cryptosuite: suite for suite in ready}
        self._suites[ECDSA_SD_2023] = None

    def __getitem__(self, name: str) -> ProofSuite:
        suite = self._suites[name]
        if suite is None:
            from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023  # noqa: PLC0415

            suite = self._suites[name] = EcdsaSd2023(self._folder)
        return suite

    def __contains__(self, name: object) -> bool:
        return name in self._suites

    def __iter__(self) -> Iterator[str]:
        return iter(self._suites)

    def __len__(self) -> int:
        return len(self._suites)


BUILT_IN_SUITES: Mapping[str, ProofSuite] = _Suites(
    None, ECDSA_JCS_2019, ECDSA_RDFC_2019, EDDSA_JCS_2022, EDDSA_RDFC_2022
)


@cache
def suites_over(contexts_folder: Path | None) -> Mapping[str, ProofSuite]:
    """Return the built-in suites, with further JSON-LD contexts from a folder.

    The same ones for the same folder, since what they remember of shapes is worth keeping.
    """
    if contexts_folder is None:
        return BUILT_IN_SUITES
    rdfc = EcdsaRdfc2019(contexts_folder), EddsaRdfc2022(contexts_folder)
    return _Suites(contexts_folder, ECDSA_JCS_2019, EDDSA_JCS_2022, *rdfc)


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
