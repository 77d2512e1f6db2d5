"""The cryptosuite eddsa-jcs-2022: Ed25519 over RFC 8785 canonical JSON.

Follows Data Integrity EdDSA Cryptosuites 1.0, section 3.3.
"""

from types import MappingProxyType

from skillpassport.vc.keys import ED25519
from skillpassport.vc.suites.jcs_suite import JcsSuite

CRYPTOSUITE = "eddsa-jcs-2022"


class EddsaJcs2022(JcsSuite):
    """Ed25519 signatures over RFC 8785 canonical JSON, hashed with SHA-256."""

    cryptosuite = CRYPTOSUITE
    key_algorithms = frozenset({ED25519})
    hash_names = MappingProxyType({ED25519: "sha256"})
