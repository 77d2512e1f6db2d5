"""What this instance publishes, answered from its own store: DID documents and status lists."""

from typing import Final
from urllib.parse import unquote, urlsplit

from skillpassport.clock import Clock
from skillpassport.credentials.status_publication import PublishedList
from skillpassport.db.signed_lists import SignedLists
from skillpassport.db.unit_of_work import Database, UnitOfWork
from skillpassport.organisations.model import SERVICE, OrganisationId, service_did
from skillpassport.organisations.signing_keys import NoSigningKey, did_document
from skillpassport.profiles.model import Method
from skillpassport.vc.did import DidInvalid
from skillpassport.vc.status_forms import StatusForm
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject

_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class OwnPublications:
    """The instance's own DIDs and lists; never fetched, whatever address leads to them.

    bases: addresses that are this instance; DIDs and list addresses keep the one they were made
        with, also after the public address has changed
    """

    def __init__(self, database: Database, bases: tuple[str, ...], clock: Clock) -> None:
        self._database = database
        self._dids = tuple(service_did(base) for base in bases)
        self._addresses = tuple(f"{base}/status/" for base in bases)
        self._lists = SignedLists(clock)

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
                    return self._lists.current(work, found)
                except NoSigningKey as error:
                    raise StatusListUnreachable("a list that no key can sign now") from error
        if url.startswith(self._addresses):
            raise StatusListUnreachable("an address of this service without a list")
        return None

    def list_by_id(self, identifier: str, *, as_cwt: bool = False) -> PublishedList | None:
        """Return an own signed list by its id, at most half a second old.

        as_cwt: in CBOR, if it is a Token Status List; other lists have one form
        Raises: NoSigningKey
        """
        with self._database.snapshot() as work:
            found = work.statuses.list_by_id(identifier)
            if found is None:
                return None
            return self._lists.recent(work, found, as_cwt=as_cwt and found.form is StatusForm.TOKEN)


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
