"""What one verification asks of this instance, answered from memory where that is as good.

Read are facts of the award register and what the instance publishes. See `facts` for how long they
are kept; what also depends on the time is judged at each question.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from hashlib import sha256
from typing import ParamSpec, TypeVar, cast

from skillpassport.clock import Clock
from skillpassport.credentials.code import Code
from skillpassport.credentials.model import AwardRecord, IssuedCredential
from skillpassport.credentials.status_publication import PublishedList
from skillpassport.credentials.trust import RegisteredAward, StatementRecord
from skillpassport.db.facts import Fact, Facts, Page
from skillpassport.db.publications import OwnPublications
from skillpassport.db.register import AwardRegister
from skillpassport.organisations.accreditation import Accreditation
from skillpassport.organisations.model import Organisation
from skillpassport.organisations.signing_keys import SigningKey
from skillpassport.vc.strict_json import JsonObject

Found = TypeVar("Found")
Asked = ParamSpec("Asked")
OpenRegister = Callable[[], AbstractContextManager[AwardRegister]]


class NotAtHand(Exception):
    """A fact is not in memory; nothing was read from a database."""


class Recollection:
    """The facts of one verification; those that had to be read are in `found`."""

    def __init__(self, page: Page, clock: Clock) -> None:
        self._facts = page.facts
        self._clock = clock
        self.found: dict[Fact, object] = {}
        self._read_a_list = False

    def did_document(self, did: str) -> JsonObject | None:
        """Return the document of an own DID, None for somebody else's; nobody changes it.

        Raises: DidInvalid for a DID under an own base that does not exist
        """
        fact = ("did-document", did)
        if self._read_a_list:
            # The list may be signed by a key that was made after this verification began.
            self.found[fact] = document = self._publications().did_document(did)
            return document
        return self._fact(fact, lambda: self._publications().did_document(did))

    def status_list(self, url: str) -> bytes | None:
        """Return an own signed list, None for somebody else's.

        Raises: StatusListUnreachable
        """
        fact = ("status-list", url)
        published: PublishedList | None = self._fact(fact, lambda: self._published_at(url))
        if published is not None and published.fresh_until <= self._clock.now():
            # Nothing was committed, and yet tomorrow's list is another one.
            published = self._published_at(url)
            self.found[fact] = published
        return published.document if published is not None else None

    def _published_at(self, url: str) -> PublishedList | None:
        published = self._publications().published_at(url)
        self._read_a_list = True
        return published

    def organisation_by_did(self, did: str) -> Organisation | None:
        """Return the organisation whose award DID this is."""
        return self._fact(("organisation", did), lambda: self._register().organisation_by_did(did))

    def organisations(self) -> Sequence[Organisation]:
        """Return every organisation, oldest first."""
        return self._fact(("organisations", ""), lambda: self._register().organisations())

    def award_of_content(self, content: bytes) -> RegisteredAward | None:
        """Return the award whose document says exactly this."""
        fact = ("award", sha256(content).digest())
        return self._fact(fact, lambda: self._register().award_of_content(content))

    def credential_of_code(self, code: Code) -> IssuedCredential | None:
        """Return the credential behind a printed code.

        Raises: SubjectKeyErased
        """
        return self._fact(("code", code), lambda: self._register().credential_of_code(code))

    def successor_of(self, credential: AwardRecord) -> Code | None:
        """Return the code of the credential that replaced this one; None for an erased person's."""
        if credential.superseded_by is None:
            return None
        fact = ("successor", credential.id)
        return self._fact(fact, lambda: self._register().successor_of(credential))

    def accreditation_of_document(self, document_id: str) -> Accreditation | None:
        """Return the accreditation whose own document has this id."""
        return self._fact(
            ("accreditation", document_id),
            lambda: self._register().accreditation_of_document(document_id),
        )

    def statement_of_document(self, document_id: str) -> StatementRecord | None:
        """Return the comparability statement whose own document has this id."""
        return self._fact(
            ("statement", document_id), lambda: self._register().statement_of_document(document_id)
        )

    def signing_keys_of(self, issuer: Organisation) -> Sequence[SigningKey]:
        """Return every signing key that the organisation ever had, oldest first."""
        return self._fact(
            ("signing-keys", issuer.id), lambda: self._register().signing_keys_of(issuer)
        )

    def _fact(self, fact: Fact, read: Callable[[], Found]) -> Found:
        try:
            return cast("Found", self._facts[fact])
        except KeyError:
            pass
        if fact not in self.found:
            self.found[fact] = read()
        return cast("Found", self.found[fact])

    def _register(self) -> AwardRegister:
        raise NotAtHand

    def _publications(self) -> OwnPublications:
        raise NotAtHand


class OnlyAtHand:
    """Resolvers that reach nothing but what is in memory, to verify where nobody may wait."""

    def __init__(self, known: Recollection) -> None:
        self._known = known

    def did_document(self, did: str) -> JsonObject:
        """Return the document of an own DID.

        Raises: NotAtHand, DidInvalid
        """
        own = self._known.did_document(did)
        if own is None:
            raise NotAtHand
        return own

    def status_list(self, url: str) -> bytes:
        """Return an own signed list.

        Raises: NotAtHand, StatusListUnreachable
        """
        own = self._known.status_list(url)
        if own is None:
            raise NotAtHand
        return own

    def schema(self, _url: str) -> bytes:
        """Raise NotAtHand: schemas are somebody else's."""
        raise NotAtHand

    def web_document(self, _url: str) -> bytes:
        """Raise NotAtHand: what issuers publish on the web is somebody else's."""
        raise NotAtHand


class ReadingRecollection(Recollection):
    """Reads what is not in memory: the register in one snapshot, begun with the first question."""

    def __init__(
        self,
        page: Page,
        clock: Clock,
        *,
        register: OpenRegister,
        publications: OwnPublications,
        opened: ExitStack,
    ) -> None:
        super().__init__(page, clock)
        self._open_register = register
        self._own_publications = publications
        self._opened = opened
        self._in_snapshot: AwardRegister | None = None

    def _register(self) -> AwardRegister:
        if self._in_snapshot is None:
            self._in_snapshot = self._opened.enter_context(self._open_register())
        return self._in_snapshot

    def _publications(self) -> OwnPublications:
        return self._own_publications


@contextmanager
def recollecting(
    facts: Facts, clock: Clock, *, register: OpenRegister, publications: OwnPublications
) -> Iterator[Recollection]:
    """Answer one verification; what had to be read is kept for the next one."""
    page = facts.page()
    with ExitStack() as opened:
        known = ReadingRecollection(
            page, clock, register=register, publications=publications, opened=opened
        )
        yield known
    facts.keep(page, known.found)


def only_at_hand(facts: Facts, ask: Callable[Asked, Found]) -> Callable[Asked, Found | None]:
    """Return a question that never waits: None where something would have to be read first.

    ask: raises NotAtHand where that is so
    """

    def answered(*arguments: Asked.args, **named: Asked.kwargs) -> Found | None:
        if not facts.immediate:
            return None
        try:
            return ask(*arguments, **named)
        except NotAtHand:
            return None

    return answered
