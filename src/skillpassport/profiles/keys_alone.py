"""Resolvers for whoever judges a proof alone: keys are looked up, nothing else is asked for."""

from dataclasses import dataclass

from skillpassport.vc.status_refusals import StatusListUnreachable
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.verify import Resolvers, SchemaUnreachable
from skillpassport.vc.web_documents import fetch

_NOT_ASKED = "that only the proof was asked about"


@dataclass(frozen=True, slots=True)
class KeysAlone:
    """Answers for issuers and their keys; no status list and no schema is fetched."""

    behind: Resolvers

    def did_document(self, did: str) -> JsonObject:
        """Return the document of a DID.

        Raises: DidUnresolvable, DidInvalid
        """
        return self.behind.did_document(did)

    def web_document(self, url: str) -> bytes | str:
        """Return what an issuer publishes about its keys.

        Raises: WebDocumentUnreachable
        """
        return fetch(self.behind, url)

    def status_list(self, _url: str) -> bytes | str:
        """Raise StatusListUnreachable."""
        raise StatusListUnreachable(_NOT_ASKED)

    def schema(self, _url: str) -> bytes | str:
        """Raise SchemaUnreachable."""
        raise SchemaUnreachable(_NOT_ASKED)
