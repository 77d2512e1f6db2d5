"""The key under which an organisation's own secrets are sealed."""

from dataclasses import dataclass, field

from skillpassport.custody.sealing import derive, open_sealed, seal


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationKey:
    """One version of an organisation's key.

    version: whatever is sealed under this key names it, so that the key can be changed
    key: 32 octets; used through keys derived from it, one for each purpose, and each derived once
    """

    version: int
    key: bytes = field(repr=False)
    _derived: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def seal(self, plaintext: bytes, *, context: str) -> bytes:
        """Return a secret of the organisation, sealed for its place."""
        return seal(self.derive("sealing"), plaintext, context=context)

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Return a secret of the organisation.

        Raises: SealBroken
        """
        return open_sealed(self.derive("sealing"), sealed, context=context)

    def derive(self, purpose: str) -> bytes:
        """Return a key of the organisation for one purpose, blinded look-ups for instance."""
        if purpose not in self._derived:
            self._derived[purpose] = derive(self.key, purpose)
        return self._derived[purpose]
