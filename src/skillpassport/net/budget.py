"""What one verification may ask of strangers: so many questions, in so much time altogether.

A document may name sixteen keys, eight status lists with sixteen keys each, and four schemas, all
on hosts of its author's choice. Each fetch has its own deadline; without one for all of them a
single request would hold a worker for ten minutes, or send a hundred and fifty fetches to somebody
else's host.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from skillpassport.errors import SkillPassportError
from skillpassport.net.resolvers import NetworkResolvers, OwnMaterial
from skillpassport.vc.did import DidUnresolvable, parse_did
from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import SchemaUnreachable
from skillpassport.vc.web_documents import WebDocumentUnreachable

MAX_QUESTIONS: Final = 16
"""An honest credential asks for one or two keys, two lists and a schema."""

MAX_SECONDS: Final = 5.0
"""After this nothing more is asked; a fetch under way still ends by its own deadline."""

MAX_LOST_SECONDS: Final = 0.2
"""How long hosts that then gave no answer may have kept us, before nobody else is asked. One that was
silent to its deadline leaves the credential open whatever the others say, so each further one would
only add to the wait: eight silent ones could take ten seconds."""

_SPENT = "more questions than one document may ask"


class BoundedResolvers:
    """Answers like the resolvers behind it until the budget is spent; made for one verification.

    What is the instance's own is answered always and costs nothing.
    """

    def __init__(
        self,
        network: NetworkResolvers,
        own: OwnMaterial,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._network = network
        self._own = own
        self._seconds = seconds
        self._ends_at = seconds() + MAX_SECONDS
        self._left = MAX_QUESTIONS
        self._lost = 0.0

    def did_document(self, did: str) -> JsonObject:
        """Return the document of a did:web.

        Raises: DidUnresolvable (try again later), DidInvalid (never)
        """
        parse_did(did)
        own = self._own.did_document(did)
        if own is not None:
            return own
        if not self._may_ask():
            raise DidUnresolvable(did, _SPENT)
        with self._counting_loss():
            return self._network.did_document(did)

    def status_list(self, url: str) -> bytes | str:
        """Return a status list as its publisher signed it.

        Raises: StatusListUnreachable
        """
        own = self._own.status_list(url)
        if own is not None:
            return own
        if not self._may_ask():
            raise StatusListUnreachable(_SPENT)
        with self._counting_loss():
            return self._network.status_list(url)

    def schema(self, url: str) -> bytes | str:
        """Return a JSON Schema as it is published.

        Raises: SchemaUnreachable
        """
        if not self._may_ask():
            raise SchemaUnreachable(_SPENT)
        with self._counting_loss():
            return self._network.schema(url)

    def web_document(self, url: str) -> bytes | str:
        """Return a JSON document that an issuer publishes about itself or a type of credential.

        Raises: WebDocumentUnreachable
        """
        if not self._may_ask():
            raise WebDocumentUnreachable(_SPENT)
        with self._counting_loss():
            return self._network.web_document(url)

    def _may_ask(self) -> bool:
        self._left -= 1
        is_in_time = self._seconds() < self._ends_at and self._lost < MAX_LOST_SECONDS
        return self._left >= 0 and is_in_time

    @contextmanager
    def _counting_loss(self) -> Iterator[None]:
        """Count the time of a question that gets no answer."""
        began = self._seconds()
        try:
            yield
        except SkillPassportError:
            self._lost += self._seconds() - began
            raise
