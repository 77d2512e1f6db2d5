"""Show part of a credential: what the holder of one under ecdsa-sd-2023 hands on.

Follows Data Integrity ECDSA Cryptosuites 1.0, section 3.6.6 (Add Derived Proof).
"""

from collections.abc import Sequence
from pathlib import Path

from skillpassport.profiles.composing import CredentialRefused, Departure
from skillpassport.vc.contexts import ContextError
from skillpassport.vc.data_integrity import split_proofs
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites import ProofError, suites_over
from skillpassport.vc.suites.ecdsa_sd_2023 import EcdsaSd2023
from skillpassport.vc.suites.protocol import ECDSA_SD_2023


def derive_credential(
    document: JsonObject, pointers: Sequence[str], *, contexts_folder: Path | None = None
) -> JsonObject:
    """Return the parts of a credential that are chosen, with a derived proof.

    document: as it was issued, with its base proof and no other
    pointers: JSON pointers to what is shown beside the mandatory parts
    Raises: CredentialRefused
    """
    try:
        unsecured, proofs = split_proofs(document)
        own = [proof for proof in proofs if proof.get("cryptosuite") == ECDSA_SD_2023]
        if len(own) != 1:
            departure = Departure("/proof", f"expected one base proof under {ECDSA_SD_2023}")
            raise CredentialRefused((departure,))
        suite = suites_over(contexts_folder)[ECDSA_SD_2023]
        assert isinstance(suite, EcdsaSd2023)  # noqa: S101 - it is registered under this name
        return suite.derive(unsecured, own[0], pointers)
    except (ProofError, NotCanonicalizable, ContextError) as error:
        raise CredentialRefused((Departure("", error.message),)) from error
