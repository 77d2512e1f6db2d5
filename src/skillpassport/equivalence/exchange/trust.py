"""Whether a bundle's manifest is signed by the service that it should come from."""

from dataclasses import dataclass
from datetime import datetime

from skillpassport.equivalence.exchange.errors import BundleNotTrusted
from skillpassport.vc.did import DidUnresolvable
from skillpassport.vc.report import Outcome
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Offline, Resolvers, verify_document


@dataclass(frozen=True, slots=True)
class PinnedKey(Offline):
    """Resolvers that know one service by one key, told by other means than the network.

    multikey: the public key as the service's DID document has it, `z6Mk…`
    """

    did: str
    multikey: str

    def did_document(self, did: str) -> JsonObject:
        """Return the document of the one service.

        Raises: DidUnresolvable for any other
        """
        if did != self.did:
            raise DidUnresolvable(did, "not the service whose key was given")
        method = f"{did}#{self.multikey}"
        return {
            "id": did,
            "verificationMethod": [
                {
                    "id": method,
                    "type": "Multikey",
                    "controller": did,
                    "publicKeyMultibase": self.multikey,
                }
            ],
            "assertionMethod": [method],
        }


def require_trust(manifest: JsonObject, issuer: str, *, resolvers: Resolvers, now: datetime) -> str:
    """Return the DID that signed a manifest, which is the one that was expected.

    Raises: BundleNotTrusted
    """
    verification = verify_document(manifest, resolvers=resolvers, now=now)
    if verification.issuer != issuer:
        raise BundleNotTrusted("another issuer")
    for check in verification.report.checks:
        if check.required and check.outcome in {Outcome.FAILED, Outcome.UNCHECKED}:
            raise BundleNotTrusted(f"'{check.code}'")
    if verification.document is None:
        raise BundleNotTrusted("a manifest that is no credential")
    return issuer
