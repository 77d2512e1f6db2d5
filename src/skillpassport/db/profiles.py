"""Signing profiles and what was issued under them, as rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, func, insert, literal, select, tuple_
from sqlalchemy.exc import IntegrityError

from skillpassport.custody.sealing import blind
from skillpassport.db.log import LogStore
from skillpassport.db.statuses import LIST_LENGTH
from skillpassport.db.tables.credentials import status_entries, status_lists
from skillpassport.db.tables.profiles import (
    profile_credentials,
    profile_status_events,
    signing_profiles,
)
from skillpassport.identifiers import new_id
from skillpassport.organisations.model import OrganisationId, SlugTaken
from skillpassport.profiles.model import (
    KeyType,
    Method,
    ProfileId,
    Securing,
    SigningProfile,
    StatusKind,
)
from skillpassport.profiles.statuses import ProfileCredential, StatusTurn
from skillpassport.transparency.entries import Kind
from skillpassport.vc.bitstring_status import StatusEntry

_PROFILE = signing_profiles.c
_ISSUED = profile_credentials.c
_EVENT = profile_status_events.c

# Built once: each request under a profile that is not in memory asks for these.
_BY_ID, _BY_SLUG = (
    select(signing_profiles).where(
        _PROFILE.organisation == bindparam("organisation"), _PROFILE[column] == bindparam("wanted")
    )
    for column in ("id", "slug")
)
_BY_DID = select(signing_profiles).where(_PROFILE.did == bindparam("did"))
_INSERT_CREDENTIAL = insert(profile_credentials)


class ProfileStore:
    """Signing profiles; rows are added and read, never changed."""

    def __init__(self, connection: Connection, log: LogStore) -> None:
        self._connection = connection
        self._log = log

    def add(self, profile: SigningProfile) -> None:
        """Write a new profile.

        Raises: SlugTaken
        """
        row = {
            "id": profile.id,
            "organisation": profile.organisation,
            "slug": profile.slug,
            "securing": profile.securing.value,
            "key_type": profile.key_type.value,
            "did_method": profile.did_method.value,
            "status": profile.status.value,
            "did": profile.did,
            "created_at": profile.created_at,
        }
        try:
            self._connection.execute(insert(signing_profiles), row)
        except IntegrityError as error:
            raise SlugTaken(profile.slug) from error
        self._log.record(Kind.SIGNING_PROFILE_CREATED, signing_profiles, row)

    def get(self, organisation: OrganisationId, reference: str) -> SigningProfile | None:
        """Return a profile of an organisation by id or slug; an id wins."""
        for query in (_BY_ID, _BY_SLUG):
            wanted = {"organisation": organisation, "wanted": reference}
            row = self._connection.execute(query, wanted).mappings().one_or_none()
            if row is not None:
                return _profile(row)
        return None

    def by_did(self, did: str) -> SigningProfile | None:
        """Return the profile whose DID this is."""
        row = self._connection.execute(_BY_DID, {"did": did}).mappings().one_or_none()
        return _profile(row) if row is not None else None

    def web_dids(self) -> Sequence[str]:
        """Return the DIDs of profiles whose documents are served here."""
        query = select(_PROFILE.did).where(_PROFILE.did_method == Method.WEB.value)
        return self._connection.scalars(query.order_by(_PROFILE.did)).all()

    def of(
        self, organisation: OrganisationId, *, limit: int, after: tuple[datetime, str] | None = None
    ) -> Sequence[SigningProfile]:
        """Return an organisation's profiles, oldest first.

        after: instant and id of the last one seen
        """
        query = select(signing_profiles).where(_PROFILE.organisation == organisation)
        if after is not None:
            seen = tuple_(literal(after[0], _PROFILE.created_at.type), literal(after[1]))
            query = query.where(tuple_(_PROFILE.created_at, _PROFILE.id) > seen)
        query = query.order_by(_PROFILE.created_at, _PROFILE.id).limit(limit)
        return [_profile(row) for row in self._connection.execute(query).mappings()]


class ProfileCredentialStore:
    """Credentials with a status that were signed under profiles: their places, nothing of them."""

    def __init__(self, connection: Connection, log: LogStore, tag_key: bytes) -> None:
        """Begin within a transaction.

        tag_key: under which ids of credentials become tags
        """
        self._connection = connection
        self._log = log
        self._tag_key = tag_key

    def add(self, credential: ProfileCredential, document_id: str | None) -> None:
        """Write where a credential's status will stand; before it is signed.

        document_id: under which its owner will ask for it
        """
        row = {
            "id": credential.id,
            "profile": credential.profile,
            "id_tag": self._tag(document_id) if document_id is not None else None,
            "entries": [
                {"purpose": each.purpose, "list": each.list_url, "index": each.index}
                for each in credential.entries
            ],
            "issued_at": credential.issued_at,
        }
        self._connection.execute(_INSERT_CREDENTIAL, row)
        self._log.record(Kind.PROFILE_CREDENTIAL_RECORDED, profile_credentials, row)

    def lock_by_document(
        self, organisation: OrganisationId, document_id: str
    ) -> Sequence[ProfileCredential]:
        """Return an organisation's credentials with this id, locked, oldest first."""
        return self._locked(organisation, _ISSUED.id_tag == self._tag(document_id))

    def lock_by_entry(
        self, organisation: OrganisationId, list_url: str, index: int
    ) -> Sequence[ProfileCredential]:
        """Return an organisation's credential at a place of a list, locked; none for another's."""
        if index >= LIST_LENGTH:  # none of ours is longer, and not every column holds the number
            return ()
        subject = (
            select(status_entries.c.subject)
            .join(status_lists, status_lists.c.id == status_entries.c.list)
            .where(status_lists.c.url == list_url, status_entries.c.index == index)
        )
        return self._locked(organisation, _ISSUED.id.in_(subject))

    def add_turn(self, turn: StatusTurn) -> None:
        """Write what happened to a credential's status."""
        query = select(func.count()).where(_EVENT.credential == turn.credential)
        row = {
            "id": new_id(),
            "credential": turn.credential,
            "position": self._connection.execute(query).scalar_one() + 1,
            "purpose": turn.purpose,
            "sets": turn.sets,
            "api_key": turn.api_key,
            "recorded_at": turn.recorded_at,
        }
        self._connection.execute(insert(profile_status_events), row)
        self._log.record(Kind.PROFILE_STATUS_CHANGED, profile_status_events, row)

    def is_set(self, credential: str, purpose: str) -> bool:
        """Return what was last recorded of one purpose of a credential."""
        query = (
            select(_EVENT.sets)
            .where(_EVENT.credential == credential, _EVENT.purpose == purpose)
            .order_by(_EVENT.position.desc())
            .limit(1)
        )
        return bool(self._connection.scalar(query))

    def _locked(self, organisation: OrganisationId, which: Any) -> Sequence[ProfileCredential]:  # noqa: ANN401 (any condition)
        query = (
            select(profile_credentials)
            .join(signing_profiles, _PROFILE.id == _ISSUED.profile)
            .where(_PROFILE.organisation == organisation, which)
            .order_by(_ISSUED.issued_at, _ISSUED.id)
            .with_for_update(of=profile_credentials)
        )
        return [_issued(row) for row in self._connection.execute(query).mappings()]

    def _tag(self, document_id: str) -> str:
        return blind(self._tag_key, document_id)


def _profile(row: RowMapping) -> SigningProfile:
    return SigningProfile(
        id=ProfileId(row["id"]),
        organisation=OrganisationId(row["organisation"]),
        slug=row["slug"],
        securing=Securing(row["securing"]),
        key_type=KeyType(row["key_type"]),
        did_method=Method(row["did_method"]),
        status=StatusKind(row["status"]),
        did=row["did"],
        created_at=row["created_at"],
    )


def _issued(row: RowMapping) -> ProfileCredential:
    return ProfileCredential(
        id=row["id"],
        profile=ProfileId(row["profile"]),
        entries=tuple(
            StatusEntry(purpose=each["purpose"], list_url=each["list"], index=each["index"])
            for each in row["entries"]
        ),
        issued_at=row["issued_at"],
    )
