"""The cryptosuite eddsa-rdfc-2022: Ed25519 over the canonical statements of a document.

Follows Data Integrity EdDSA Cryptosuites 1.0, section 3.2.
"""

from types import MappingProxyType

from skillpassport.vc.keys import ED25519
from skillpassport.vc.suites.rdfc_suite import RdfcSuite

CRYPTOSUITE = "eddsa-rdfc-2022"


class EddsaRdfc2022(RdfcSuite):
    """Ed25519 signatures over RDFC-1.0 canonical N-Quads, hashed with SHA-256."""

    cryptosuite = CRYPTOSUITE
    key_algorithms = frozenset({ED25519})
    hash_names = MappingProxyType({ED25519: "sha256"})
