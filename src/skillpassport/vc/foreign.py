"""Forms of earlier standards and of other schemes, which are read and never made.

Each is a way in of its own, so each is a choice of its own: `Policy.foreign` names those that a caller
accepts, and without being named none is read.
"""

from enum import StrEnum
from typing import Final

from skillpassport.vc.suites.protocol import ED25519_SIGNATURE_2020


class Foreign(StrEnum):
    """What a document needs beyond the forms that are made here."""

    DATA_MODEL_1 = "vc-data-model-1.1"
    """Credentials of the VC Data Model 1.1, whatever secures them."""
    ED25519_SIGNATURE_2020 = ED25519_SIGNATURE_2020
    """Embedded proofs of the suite Ed25519Signature2020."""
    JWT_VC = "jwt_vc_json"
    """Tokens that carry a credential of the data model 1.1 in their claim `vc`."""
    JADES = "jades"
    """European Digital Credentials under an electronic seal (JAdES)."""


ALL_FOREIGN: Final = frozenset(Foreign)
