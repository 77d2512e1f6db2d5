"""What this instance publishes, answered from its own store: DID documents and status lists."""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Final
from urllib.parse import unquote, urlsplit

from skillpassport.clock import Clock
from skillpassport.credentials.status_publication import ListContent, PublishedList, publish
from skillpassport.db.statuses import StatusList
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.organisations.model import SERVICE, OrganisationId, service_did
from skillpassport.organisations.signing_keys import NoSigningKey, SigningKeyId, did_document
from skillpassport.profiles.model import Method
from skillpassport.vc.did import DidInvalid
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject

KEPT_LISTS: Final = 64
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class _Kept:
    revision: int
    key: SigningKeyId | None
    published: PublishedList


class OwnPublications:
    """The instance's own DIDs and lists; never fetched, whatever address leads to them.

    bases: addresses that are this instance; DIDs and list addresses keep the one they were made
        with, also after the public address has changed
    """

    def __init__(self, database: Database, bases: tuple[str, ...], clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._dids = tuple(service_did(base) for base in bases)
        self._addresses = tuple(f"{base}/status/" for base in bases)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def did_document(self, did: str) -> JsonObject | None:
        """Return the document of an own DID, None for somebody else's.

        Raises: DidInvalid for a DID under an own base that does not exist
        """
        with self._database.snapshot() as work:
            organisation = work.organisations.by_did(did)
            if organisation is not None:
                return _document(work, organisation.id, did)
            if did in self._dids:
                return _document(work, SERVICE, did)
            profile = work.profiles.by_did(did)
            if profile is not None:
                return _document(work, profile.key_owner, did)
        if did.startswith(tuple(f"{own}:orgs:" for own in self._dids)):
            raise DidInvalid("the DID of an organisation registered here", "another")
        return None

    def service_document(self) -> JsonObject | None:
        """Return the DID document of the instance, under the DID that its first key was made for.

        A later change of the public address changes no DID: proofs and heads name the first one.
        """
        with self._database.snapshot() as work:
            keys = work.signing_keys.of(SERVICE)
            return _document(work, SERVICE, keys[0].did) if keys else None

    def organisation_document(self, slug: str) -> JsonObject | None:
        """Return the DID document of an organisation by its slug."""
        with self._database.snapshot() as work:
            organisation = work.organisations.get(slug)
            if organisation is None or organisation.slug != slug:
                return None
            return _document(work, organisation.id, organisation.did)

    def profile_document(self, organisation_slug: str, slug: str) -> JsonObject | None:
        """Return the DID document of a profile with a did:web, by the slugs in its address."""
        with self._database.snapshot() as work:
            organisation = work.organisations.get(organisation_slug)
            if organisation is None or organisation.slug != organisation_slug:
                return None
            profile = work.profiles.get(organisation.id, slug)
            if profile is None or profile.slug != slug or profile.did_method is not Method.WEB:
                return None
            return _document(work, profile.key_owner, profile.did)

    def status_list(self, url: str) -> bytes | None:
        """Return an own signed list, None for somebody else's; see `published_at`.

        Raises: StatusListUnreachable
        """
        published = self.published_at(url)
        return published.document if published is not None else None

    def published_at(self, url: str) -> PublishedList | None:
        """Return an own signed list and until when it is the one, None for somebody else's.

        Raises: StatusListUnreachable for a list under an own base that does not exist, or that
            no key of its organisation can sign now
        """
        with self._database.snapshot() as work:
            found = work.statuses.list_at(url)
            if found is not None:
                try:
                    return self._published(work, found)
                except NoSigningKey as error:
                    raise StatusListUnreachable("a list that no key can sign now") from error
        if url.startswith(self._addresses):
            raise StatusListUnreachable("an address of this service without a list")
        return None

    def list_by_id(self, identifier: str) -> bytes | None:
        """Return an own signed list by its id."""
        with self._database.snapshot() as work:
            found = work.statuses.list_by_id(identifier)
            return self._published(work, found).document if found is not None else None

    def _published(self, work: UnitOfWork, found: StatusList) -> PublishedList:
        now = self._clock.now()
        # Asked each time: a list must not go on being signed by a key that was stolen.
        key = work.signing_keys.in_use(OrganisationId(found.owner))
        with self._lock:
            kept = self._kept.get(found.id)
        same = kept is not None and (kept.revision, kept.key) == (found.revision, key)
        if kept and same and now < kept.published.fresh_until:
            return kept.published
        published = self._publish(work, found, now)
        with self._lock:
            self._kept[found.id] = _Kept(found.revision, key, published)
            self._kept.move_to_end(found.id)
            while len(self._kept) > KEPT_LISTS:
                self._kept.popitem(last=False)
        return published

    def _publish(self, work: UnitOfWork, found: StatusList, now: datetime) -> PublishedList:
        content = ListContent(
            url=found.url,
            did=found.did,
            purpose=found.purpose,
            length=found.length,
            changed_at=found.changed_at,
            changes=work.statuses.changes(found.id),
        )
        return publish(content, work.signing_keys.active(OrganisationId(found.owner), now), now)


def _document(work: UnitOfWork, owner: OrganisationId, did: str) -> JsonObject:
    keys = [key for key in work.signing_keys.of(owner) if key.did == did]
    return did_document(did, keys)


def is_own_address(url: str, bases: tuple[str, ...]) -> bool:
    """Return whether an address lies under one of the instance's own, in whatever spelling."""
    asked = _place(url)
    if asked is None:
        return False
    origin, path = asked
    own = [_place(base) for base in bases]
    return any(
        base is not None and origin == base[0] and f"{path}/".startswith(f"{base[1].rstrip('/')}/")
        for base in own
    )


def _place(url: str) -> tuple[tuple[str, str, int | None], str] | None:
    """Return scheme, host and port as they compare, and the decoded path; None for no address.

    Scheme and host know no case: a QR holds them in upper case.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:  # brackets that do not match, a port that is none, a host beyond IDNA
        return None
    return (parts.scheme, host, port), unquote(parts.path)
