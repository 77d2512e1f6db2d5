"""One key for each organisation, under the master key; its signing keys are sealed under it."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from skillpassport.custody.master import MasterKeys, WrappedKey
from skillpassport.custody.organisations import OrganisationKey
from skillpassport.custody.sealing import new_key
from skillpassport.db.opened_secrets import OpenedSecrets
from skillpassport.db.tables.custody import organisation_keys
from skillpassport.errors import SkillPassportError

_ROW = organisation_keys.c

# Built once: every request asks for the service's own key, every award for its issuer's.
_NEWEST = (
    select(_ROW.version, _ROW.parent_version, _ROW.wrapped)
    .where(_ROW.owner == bindparam("owner"))
    .order_by(_ROW.version.desc())
    .limit(1)
)
_NAMED = select(_ROW.version, _ROW.parent_version, _ROW.wrapped).where(
    _ROW.owner == bindparam("owner"), _ROW.version == bindparam("version")
)


class OrganisationKeyMissing(SkillPassportError):
    """No key was made for this owner, or not in this version."""

    code = "organisation-key-missing"

    def __init__(self, owner: str) -> None:
        super().__init__(
            f"Expected a key of '{owner}' in the database, found none; restore the row of "
            "organisation_keys from a backup."
        )
        self.owner = owner


class OrganisationKeys:
    """The organisation keys, within one transaction, in which each is read once."""

    def __init__(
        self,
        connection: Connection,
        master: MasterKeys,
        now: Callable[[], datetime],
        opened: OpenedSecrets[OrganisationKey] | None = None,
    ) -> None:
        """Begin within a transaction.

        opened: keys that earlier transactions unwrapped
        """
        self._connection = connection
        self._master = master
        self._now = now
        self._opened = opened if opened is not None else OpenedSecrets()
        self._read: dict[tuple[str, int | None], OrganisationKey] = {}

    def create(self, owner: str) -> bytes:
        """Return a new key of 32 octets, stored as the owner's next version.

        owner: an organisation's id, or a name such as `service`
        """
        newest = self._connection.scalar(
            select(_ROW.version).where(_ROW.owner == owner).order_by(_ROW.version.desc()).limit(1)
        )
        key, version = new_key(), (newest or 0) + 1
        self._read.clear()
        wrapped = self._master.wrap(key, context=_context(owner, version))
        self._connection.execute(
            insert(organisation_keys),
            {
                "owner": owner,
                "version": version,
                "parent_version": wrapped.parent_version,
                "wrapped": wrapped.sealed,
                "created_at": self._now(),
            },
        )
        return key

    def get(self, owner: str, version: int | None = None) -> bytes:
        """Return the owner's key, 32 octets; the newest where no version is named.

        Raises: OrganisationKeyMissing, MasterKeyUnknown, SealBroken
        """
        return self.key_of(owner, version).key

    def key_of(self, owner: str, version: int | None = None) -> OrganisationKey:
        """Return the owner's key with its version, the newest where no version is named.

        Raises: OrganisationKeyMissing, MasterKeyUnknown, SealBroken
        """
        if (known := self._read.get((owner, version))) is not None:
            return known
        query, named = (_NEWEST, {}) if version is None else (_NAMED, {"version": version})
        row = self._connection.execute(query, {"owner": owner, **named}).one_or_none()
        if row is None:
            raise OrganisationKeyMissing(owner)
        context = _context(owner, row.version)

        def unwrap() -> OrganisationKey:
            wrapped = WrappedKey(row.parent_version, row.wrapped)
            return OrganisationKey(
                version=row.version, key=self._master.unwrap(wrapped, context=context)
            )

        key = self._opened.get(context, row.wrapped, unwrap)
        self._read[owner, version] = self._read[owner, row.version] = key
        return key

    def rewrap(self) -> int:
        """Wrap under the master key in use what older ones wrapped; return how many keys."""
        stale = select(organisation_keys).where(_ROW.parent_version != self._master.version)
        rows = self._connection.execute(stale).all()
        for row in rows:
            context = _context(row.owner, row.version)
            key = self._master.unwrap(WrappedKey(row.parent_version, row.wrapped), context=context)
            wrapped = self._master.wrap(key, context=context)
            self._connection.execute(
                update(organisation_keys)
                .where(_ROW.owner == row.owner, _ROW.version == row.version)
                .values(parent_version=wrapped.parent_version, wrapped=wrapped.sealed)
            )
        return len(rows)


def _context(owner: str, version: int) -> str:
    return f"organisation-key:{owner}:{version}"
