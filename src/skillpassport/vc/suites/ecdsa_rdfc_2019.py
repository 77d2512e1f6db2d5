"""The cryptosuite ecdsa-rdfc-2019: ECDSA on P-256 or P-384 over the canonical statements of a document.

Follows Data Integrity ECDSA Cryptosuites 1.0, section 3.2. The curve decides the hash: of the
document, of the signature, and within RDFC-1.0, which is where implementations for P-384 differ.
"""

from types import MappingProxyType

from skillpassport.vc.keys import P256, P384
from skillpassport.vc.suites.rdfc_suite import RdfcSuite

CRYPTOSUITE = "ecdsa-rdfc-2019"


class EcdsaRdfc2019(RdfcSuite):
    """ECDSA signatures over RDFC-1.0 canonical N-Quads: P-256 with SHA-256, P-384 with SHA-384."""

    cryptosuite = CRYPTOSUITE
    key_algorithms = frozenset({P256, P384})
    hash_names = MappingProxyType({P256: "sha256", P384: "sha384"})
