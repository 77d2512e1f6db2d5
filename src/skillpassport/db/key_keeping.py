"""Keeping keys: rotation, revocation, and wrapping under a new master key."""

from collections.abc import Sequence
from dataclasses import replace

from skillpassport.db.log_keeping import LogKeeping
from skillpassport.db.subject_keys import SubjectKeys
from skillpassport.organisations.model import (
    SERVICE,
    Organisation,
    OrganisationUnknown,
)
from skillpassport.organisations.signing_keys import (
    KeyRevocation,
    SigningKey,
    SigningKeyUnknown,
)


class KeyKeeping(LogKeeping):
    """The signing keys of one instance and its organisations."""

    subject_keys: SubjectKeys

    def rotate_key(self, owner: str | None) -> tuple[SigningKey, SigningKey | None]:
        """Make a new signing key and retire the one in use; return the new and the old one.

        owner: id or slug of an organisation; None for the instance itself
        Raises: OrganisationUnknown
        """
        with self._writing() as work:
            organisation = work.organisations.get(owner) if owner is not None else None
            if owner is not None and organisation is None:
                raise OrganisationUnknown
            identifier = organisation.id if organisation is not None else SERVICE
            now = work.now
            mine = work.signing_keys.of(identifier)
            # The service's DID too is fixed by its first key, whatever the public address is now.
            did = organisation.did if organisation is not None else mine[0].did
            old = [key for key in mine if key.did == did and key.signs_at(now)]
            created = work.signing_keys.create(identifier, did, now)
            for key in old:
                work.signing_keys.retire(key.id, now)
            return created.key, old[-1] if old else None

    def revoke_key(
        self, owner: str, fragment: str, because: KeyRevocation | None = None
    ) -> tuple[SigningKey, SigningKey | None]:
        """Publish a signing key as compromised; return it, and the new key if it still signed.

        Whatever it ever signed is refused from then on, except here what had been recorded before.

        owner: id or slug of an organisation, or `service`
        fragment: the key's name in the DID document, or the whole DID URL
        Raises: OrganisationUnknown, SigningKeyUnknown
        """
        with self._writing() as work:
            # A slug may read `service` too; that organisation is named by its id.
            organisation = work.organisations.get(owner) if owner != SERVICE else None
            if organisation is None and owner != SERVICE:
                raise OrganisationUnknown
            identifier = organisation.id if organisation is not None else SERVICE
            work.signing_keys.lock(identifier)
            now, wanted = work.now, fragment.rpartition("#")[2]
            mine = work.signing_keys.of(identifier)
            found = next((key for key in mine if key.fragment == wanted), None)
            if found is None:
                raise SigningKeyUnknown([key.fragment for key in mine])
            if found.revoked_at is None:
                work.signing_keys.revoke(found.id, now, because)
                found = replace(found, revoked_at=now)
            others = [key for key in mine if key.id != found.id and key.signs_at(now)]
            if others:
                return found, None
            return found, work.signing_keys.create(identifier, found.did, now).key

    def signing_keys_of(
        self, organisation: Organisation
    ) -> Sequence[tuple[SigningKey, KeyRevocation | None]]:
        """Return every signing key of an organisation, oldest first, and why it was revoked."""
        with self.database.snapshot() as work:
            revocations = work.signing_keys.revocations_of(organisation.id)
            keys = work.signing_keys.of(organisation.id)
        return [(key, revocations.get(key.id)) for key in keys]

    def rewrap_keys(self) -> int:
        """Wrap what older master keys wrapped under the one in use; return how many keys.

        Raises: MasterKeyUnknown
        """
        with self.database.transaction() as work:
            organisations = work.organisation_keys.rewrap()
        return organisations + self.subject_keys.rewrap()
