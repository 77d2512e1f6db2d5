"""Organisations, API keys and signing keys, as rows."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    Select,
    bindparam,
    insert,
    literal,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from skillpassport.db.log import LogStore
from skillpassport.db.opened_secrets import OpenedSecrets
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.tables import organisations as tables
from skillpassport.identifiers import new_id
from skillpassport.organisations.access import ApiKey
from skillpassport.organisations.model import (
    Organisation,
    OrganisationId,
    OrganisationKind,
    SlugTaken,
)
from skillpassport.organisations.signing_keys import (
    SIGNING_WINDOW,
    ActiveSigner,
    KeyRevocation,
    NoSigningKey,
    SigningKey,
    SigningKeyId,
)
from skillpassport.transparency.entries import Kind
from skillpassport.vc.keys import (
    ED25519,
    LocalSigner,
    PublicKey,
    generate_signer,
    signer_from_private_bytes,
)

# Built once: building a statement anew takes longer than SQLite takes to answer it.
_ORGANISATION_BY_ID, _ORGANISATION_BY_SLUG, _ORGANISATION_BY_DID = (
    select(tables.organisations).where(tables.organisations.c[column] == bindparam("wanted"))
    for column in ("id", "slug", "did")
)
_API_KEYS = select(tables.api_keys, tables.api_key_revocations.c.revoked_at).join(
    tables.api_key_revocations,
    tables.api_key_revocations.c.api_key == tables.api_keys.c.id,
    isouter=True,
)
_API_KEY_BY_DIGEST = _API_KEYS.where(tables.api_keys.c.digest == bindparam("digest"))
_SIGNING_KEYS_OF_OWNER = (
    select(tables.signing_keys)
    .where(tables.signing_keys.c.owner == bindparam("owner"))
    .order_by(tables.signing_keys.c.created_at, tables.signing_keys.c.id)
)


class OrganisationStore:
    """Organisations; rows are added and read, never changed.

    Within a transaction each is read once.
    """

    def __init__(self, connection: Connection, log: LogStore, keys: OrganisationKeys) -> None:
        self._connection = connection
        self._log = log
        self._keys = keys
        self._by_id: dict[str, Organisation] = {}
        self._by_did: dict[str, Organisation] = {}

    def add(self, organisation: Organisation) -> None:
        """Write a new organisation and make its organisation key.

        Raises: SlugTaken
        """
        row = _organisation_row(organisation)
        try:
            self._connection.execute(insert(tables.organisations), row)
        except IntegrityError as error:
            raise SlugTaken(organisation.slug) from error
        self._keys.create(organisation.id)
        self._log.record(Kind.ORGANISATION_REGISTERED, tables.organisations, row)

    def get(self, reference: str) -> Organisation | None:
        """Return an organisation by id or slug."""
        return (
            self._by_id.get(reference)
            or self._one(_ORGANISATION_BY_ID, reference)
            or self._one(_ORGANISATION_BY_SLUG, reference)
        )

    def by_did(self, did: str) -> Organisation | None:
        """Return the organisation whose award DID this is."""
        return self._by_did.get(did) or self._one(_ORGANISATION_BY_DID, did)

    def all(self) -> Sequence[Organisation]:
        """Return every organisation, oldest first."""
        query = select(tables.organisations).order_by(tables.organisations.c.registered_at)
        return [_organisation(row) for row in self._connection.execute(query).mappings()]

    def _one(self, query: Select[Any], wanted: str) -> Organisation | None:
        row = self._connection.execute(query, {"wanted": wanted}).mappings().one_or_none()
        if row is None:
            return None
        found = _organisation(row)
        # Not by slug: a slug may read like another's id, and an id wins.
        self._by_id[found.id] = self._by_did[found.did] = found
        return found


class ApiKeyStore:
    """API keys by their digest."""

    def __init__(self, connection: Connection, log: LogStore) -> None:
        self._connection = connection
        self._log = log

    def add(self, key: ApiKey) -> None:
        """Write a new key's record."""
        row = {
            "id": key.id,
            "digest": key.digest,
            "organisation": key.organisation,
            "scopes": sorted(key.scopes),
            "created_at": key.created_at,
        }
        self._connection.execute(insert(tables.api_keys), row)
        self._log.record(Kind.API_KEY_CREATED, tables.api_keys, row)

    def revoke(self, key: str, now: datetime) -> None:
        """Write that a key ends; it is refused from the commit on."""
        row = {"api_key": key, "revoked_at": now}
        self._connection.execute(insert(tables.api_key_revocations), row)
        self._log.record(Kind.API_KEY_REVOKED, tables.api_key_revocations, row)

    def find(self, digest: str) -> ApiKey | None:
        """Return the key with this digest, revoked ones included."""
        return self._one(_API_KEY_BY_DIGEST, {"digest": digest})

    def lock(self, key: str) -> ApiKey | None:
        """Return a key by id, so that nobody else revokes it meanwhile."""
        table = tables.api_keys
        locked = select(table.c.id).where(table.c.id == key).with_for_update()
        self._connection.execute(locked)
        return self._one(_API_KEYS.where(table.c.id == key))

    def of(
        self, organisation: OrganisationId, *, limit: int, after: tuple[datetime, str] | None
    ) -> Sequence[ApiKey]:
        """Return an organisation's keys, oldest first, revoked ones included.

        after: instant and id of the last one seen
        """
        table = tables.api_keys
        query = _API_KEYS.where(table.c.organisation == organisation)
        if after is not None:
            seen = tuple_(literal(after[0], table.c.created_at.type), literal(after[1]))
            query = query.where(tuple_(table.c.created_at, table.c.id) > seen)
        query = query.order_by(table.c.created_at, table.c.id).limit(limit)
        return [_api_key(row) for row in self._connection.execute(query).mappings()]

    def _one(self, query: Select[Any], wanted: dict[str, str] | None = None) -> ApiKey | None:
        row = self._connection.execute(query, wanted or {}).mappings().one_or_none()
        return _api_key(row) if row is not None else None

    def any_administrator(self) -> bool:
        """Return whether an administrator's key was ever made."""
        query = select(tables.api_keys.c.id).where(tables.api_keys.c.organisation.is_(None))
        return self._connection.execute(query.limit(1)).first() is not None


class SigningKeyStore:
    """Signing keys; private halves are sealed with their owner's organisation key."""

    def __init__(
        self,
        connection: Connection,
        log: LogStore,
        keys: OrganisationKeys,
        opened: OpenedSecrets[LocalSigner] | None = None,
    ) -> None:
        """Begin within a transaction.

        opened: signers that earlier transactions opened
        """
        self._connection = connection
        self._log = log
        self._keys = keys
        self._opened = opened if opened is not None else OpenedSecrets()

    def create(
        self, owner: OrganisationId, did: str, now: datetime, *, algorithm: str = ED25519
    ) -> ActiveSigner:
        """Make and write a new key for a DID of this owner.

        algorithm: of the key: `Ed25519`, `P-256` or `P-384`
        Raises: KeyRefused for another
        """
        return self.create_named(owner, lambda key: (did, key.multikey), now, algorithm=algorithm)

    def create_named(
        self,
        owner: OrganisationId,
        name: Callable[[PublicKey], tuple[str, str]],
        now: datetime,
        *,
        algorithm: str,
    ) -> ActiveSigner:
        """Make and write a new key whose DID may follow from the key itself.

        name: gives DID and fragment of the verification method
        Raises: KeyRefused
        """
        signer = generate_signer(algorithm)
        did, fragment = name(signer.public_key)
        key = SigningKey(
            id=SigningKeyId(new_id()),
            owner=owner,
            did=did,
            fragment=fragment,
            multikey=signer.public_key.multikey,
            created_at=now,
            signs_until=now + SIGNING_WINDOW,
        )
        parent = self._keys.key_of(owner)
        row = _signing_key_row(key) | {
            "parent_version": parent.version,
            "sealed": parent.seal(signer.private_bytes, context=_context(key.id)),
        }
        self._connection.execute(insert(tables.signing_keys), row)
        self._log.record(Kind.KEY_CREATED, tables.signing_keys, row)
        return ActiveSigner(key=key, signer=signer)

    def active(self, owner: OrganisationId, now: datetime) -> ActiveSigner:
        """Return the newest key of the owner's that may sign now.

        Raises: NoSigningKey
        """
        for row in reversed(self._rows(owner)):
            key = _signing_key(row)
            if key.signs_at(now):
                return ActiveSigner(key=key, signer=self._signer(row))
        raise NoSigningKey

    def in_use(self, owner: OrganisationId) -> SigningKeyId | None:
        """Return the id of the owner's newest key that was neither retired nor revoked."""
        table = tables.signing_keys
        query = (
            select(table.c.id)
            .where(table.c.owner == owner)
            .where(table.c.retired_at.is_(None), table.c.revoked_at.is_(None))
            .order_by(table.c.created_at.desc(), table.c.id.desc())
            .limit(1)
        )
        found: SigningKeyId | None = self._connection.scalar(query)
        return found

    def of(self, owner: OrganisationId) -> Sequence[SigningKey]:
        """Return every key that the owner ever had, oldest first."""
        return [_signing_key(row) for row in self._rows(owner)]

    def multikeys_of(self, owner: OrganisationId) -> Sequence[str]:
        """Return the public halves alone, whatever became of the rest of their rows."""
        table = tables.signing_keys
        return self._connection.scalars(
            select(table.c.multikey).where(table.c.owner == owner)
        ).all()

    def retire(self, key: SigningKeyId, now: datetime) -> None:
        """Rotate a key out: it stays published and stops signing."""
        self._end(key, "retired", Kind.KEY_ROTATED, now)

    def lock(self, owner: OrganisationId) -> None:
        """Keep others from ending the owner's keys meanwhile."""
        table = tables.signing_keys
        query = select(table.c.id).where(table.c.owner == owner).order_by(table.c.id)
        self._connection.execute(query.with_for_update())

    def revoke(
        self, key: SigningKeyId, now: datetime, because: KeyRevocation | None = None
    ) -> None:
        """Publish a key as compromised."""
        self._end(key, "revoked", Kind.KEY_REVOKED, now, because or KeyRevocation())

    def revocations_of(self, owner: OrganisationId) -> Mapping[SigningKeyId, KeyRevocation]:
        """Return why each revoked key of the owner was revoked."""
        events, keys = tables.key_events, tables.signing_keys
        query = (
            select(events.c.signing_key, events.c.reason, events.c.api_key)
            .join(keys, keys.c.id == events.c.signing_key)
            .where(keys.c.owner == owner, events.c.event == "revoked")
        )
        return {
            SigningKeyId(row.signing_key): KeyRevocation(reason=row.reason, api_key=row.api_key)
            for row in self._connection.execute(query)
        }

    def _end(
        self,
        key: SigningKeyId,
        event: str,
        kind: Kind,
        now: datetime,
        because: KeyRevocation | None = None,
    ) -> None:
        table = tables.signing_keys
        self._connection.execute(
            update(table).where(table.c.id == key).values({f"{event}_at": now})
        )
        row = {
            "id": new_id(),
            "signing_key": key,
            "event": event,
            "reason": because.reason if because else None,
            "api_key": because.api_key if because else None,
            "recorded_at": now,
        }
        self._connection.execute(insert(tables.key_events), row)
        self._log.record(kind, tables.key_events, row)

    def _rows(self, owner: OrganisationId) -> Sequence[RowMapping]:
        rows = self._connection.execute(_SIGNING_KEYS_OF_OWNER, {"owner": owner})
        return rows.mappings().all()

    def _signer(self, row: RowMapping) -> LocalSigner:
        context = _context(row["id"])

        def unseal() -> LocalSigner:
            parent = self._keys.key_of(row["owner"], row["parent_version"])
            # The published half says what kind of key was sealed.
            algorithm = PublicKey.from_multikey(row["multikey"]).algorithm
            return signer_from_private_bytes(algorithm, parent.open(row["sealed"], context=context))

        return self._opened.get(context, row["sealed"], unseal)


def _context(key: str) -> str:
    return f"signing-key:{key}"


def _organisation_row(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.id,
        "slug": organisation.slug,
        "name": dict(organisation.name),
        "kind": organisation.kind.value,
        "country": organisation.country,
        "jurisdictions": list(organisation.jurisdictions),
        "frameworks": list(organisation.frameworks),
        "did": organisation.did,
        "sandbox": organisation.sandbox,
        "demonstration": organisation.demonstration,
        "late_issue_days": organisation.late_issue_days,
        "registered_at": organisation.registered_at,
    }


def _organisation(row: RowMapping) -> Organisation:
    return Organisation(
        id=OrganisationId(row["id"]),
        slug=row["slug"],
        name=row["name"],
        kind=OrganisationKind(row["kind"]),
        country=row["country"],
        jurisdictions=tuple(row["jurisdictions"]),
        frameworks=tuple(row["frameworks"]),
        did=row["did"],
        sandbox=row["sandbox"],
        demonstration=row["demonstration"],
        late_issue_days=row["late_issue_days"],
        registered_at=row["registered_at"],
    )


def _api_key(row: RowMapping) -> ApiKey:
    return ApiKey(
        id=row["id"],
        digest=row["digest"],
        organisation=row["organisation"],
        scopes=frozenset(row["scopes"]),
        created_at=row["created_at"],
        revoked_at=row["revoked_at"],
    )


def _signing_key_row(key: SigningKey) -> dict[str, Any]:
    return {
        "id": key.id,
        "owner": key.owner,
        "did": key.did,
        "fragment": key.fragment,
        "multikey": key.multikey,
        "created_at": key.created_at,
        "signs_until": key.signs_until,
        "retired_at": key.retired_at,
        "revoked_at": key.revoked_at,
    }


def _signing_key(row: RowMapping) -> SigningKey:
    return SigningKey(
        id=SigningKeyId(row["id"]),
        owner=OrganisationId(row["owner"]),
        did=row["did"],
        fragment=row["fragment"],
        multikey=row["multikey"],
        created_at=row["created_at"],
        signs_until=row["signs_until"],
        retired_at=row["retired_at"],
        revoked_at=row["revoked_at"],
    )
