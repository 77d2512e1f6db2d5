"""What the configuration of a proof must say, whatever the cryptosuite.

Follows Data Integrity EdDSA Cryptosuites 1.0, sections 3.2.5 and 3.3.5 (Proof Configuration), and
the same sections for ECDSA.
"""

from skillpassport.vc.instants import parse_instant
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.protocol import DATA_INTEGRITY_PROOF, ProofMalformed


def check_configuration(options: JsonObject, cryptosuite: str) -> None:
    """Refuse a configuration of another type or suite, or with a time that is none.

    Raises: ProofMalformed
    """
    if options.get("type") != DATA_INTEGRITY_PROOF:
        raise ProofMalformed("type", f"'{DATA_INTEGRITY_PROOF}'")
    if options.get("cryptosuite") != cryptosuite:
        raise ProofMalformed("cryptosuite", f"'{cryptosuite}'")
    if "created" in options and parse_instant(options["created"]) is None:
        raise ProofMalformed("created", "an instant with a time zone")
