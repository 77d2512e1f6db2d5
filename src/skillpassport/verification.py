"""What a document shows of itself, whoever issued it: for the VC-API, and for bundles of registries.

Whether an award holds is asked of `credentials.verifying`. This stands above the domains: where answers
come from is the word of one, that only keys are asked for of another, which service is trusted of a
third.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

from skillpassport.clock import Clock
from skillpassport.credentials.verifying import Sources
from skillpassport.equivalence.exchange.trust import PinnedKey, require_trust
from skillpassport.profiles.keys_alone import KeysAlone
from skillpassport.vc.presentations import (
    PresentationVerification,
    verify_presentation,
    verify_presentation_document,
)
from skillpassport.vc.recognition import is_sd_jwt
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Policy, Resolvers, Verification, verify, verify_document

OpenSources = Callable[[], AbstractContextManager[Sources]]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyDocuments:
    """Verify documents with the same policy.

    sources: opened for each verification anew, since what it may ask is bounded
    """

    sources: OpenSources
    clock: Clock
    policy: Policy

    def credential(
        self,
        document: JsonObject | str,
        *,
        domain: str | None = None,
        challenge: str | None = None,
        proof_alone: bool = False,
    ) -> Verification:
        """Return what a credential shows of itself.

        document: text is a token, or JSON that was not parsed yet
        domain, challenge: what the holder of an SD-JWT must have signed for showing it; any other
            credential was signed by its issuer before anybody could ask
        proof_alone: ask nobody for its status or its schema
        """
        now, policy = self.clock.now(), self.policy
        if (domain is not None or challenge is not None) and is_sd_jwt(document):
            policy = replace(policy, domain=domain, challenge=challenge)
        with self._resolvers(proof_alone=proof_alone) as found:
            if isinstance(document, str):
                return verify(document, resolvers=found, now=now, policy=policy)
            return verify_document(document, resolvers=found, now=now, policy=policy)

    def presentation(
        self,
        document: JsonObject | str,
        *,
        domain: str | None = None,
        challenge: str | None = None,
        proof_alone: bool = False,
    ) -> PresentationVerification:
        """Return what a presentation and the credentials in it show of themselves.

        domain, challenge: what it must be bound to, where that was asked for
        proof_alone: ask nobody for a status or a schema
        """
        now, policy = self.clock.now(), replace(self.policy, domain=domain, challenge=challenge)
        with self._resolvers(proof_alone=proof_alone) as found:
            if isinstance(document, str):
                return verify_presentation(document, resolvers=found, now=now, policy=policy)
            return verify_presentation_document(document, resolvers=found, now=now, policy=policy)

    def bundle(self, manifest: JsonObject, *, issuer: str, key: str | None = None) -> str:
        """Return the DID that signed a bundle's manifest, which is the one that was expected.

        key: its public key, so that nobody is asked for its DID document
        Raises: BundleNotTrusted
        """
        now = self.clock.now()
        if key is not None:
            pinned = PinnedKey(issuer, key)
            return require_trust(manifest, issuer, resolvers=pinned, now=now)
        with self._resolvers(proof_alone=False) as found:
            return require_trust(manifest, issuer, resolvers=found, now=now)

    @contextmanager
    def _resolvers(self, *, proof_alone: bool) -> Iterator[Resolvers]:
        with self.sources() as found:
            yield KeysAlone(found.resolvers) if proof_alone else found.resolvers
