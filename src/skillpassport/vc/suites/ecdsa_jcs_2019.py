"""The cryptosuite ecdsa-jcs-2019: ECDSA on P-256 or P-384 over RFC 8785 canonical JSON.

Follows Data Integrity ECDSA Cryptosuites 1.0, section 3.3. The curve decides the hash, both of the
document and of the signature (section 3.3.4). Signatures are r and s side by side (section 3, after
RFC 4754), so that one in DER does not hold. The specification accepts both s and its negative: whoever
has a proof can make a second one, of the same document by the same key.
"""

from types import MappingProxyType

from skillpassport.vc.keys import P256, P384
from skillpassport.vc.suites.jcs_suite import JcsSuite

CRYPTOSUITE = "ecdsa-jcs-2019"


class EcdsaJcs2019(JcsSuite):
    """ECDSA signatures over RFC 8785 canonical JSON: P-256 with SHA-256, P-384 with SHA-384."""

    cryptosuite = CRYPTOSUITE
    key_algorithms = frozenset({P256, P384})
    hash_names = MappingProxyType({P256: "sha256", P384: "sha384"})
