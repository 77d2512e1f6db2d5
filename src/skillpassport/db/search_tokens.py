"""Finding awards by name without keeping names: keyed tokens of words and of their beginnings.

The key is derived from the organisation's own key. Two organisations' tokens cannot be joined, and
without the master key a guess cannot be tried. Tokens go when their person is erased; a backup of
the database that was made before keeps them, sealed from all but the holder of the master key.
"""

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Connection, Select, delete, func, insert, select

from skillpassport.credentials.model import CredentialId, Subject
from skillpassport.credentials.searching import folded_words, search_terms
from skillpassport.custody.sealing import blind
from skillpassport.db.organisation_keys import OrganisationKeys
from skillpassport.db.tables.credentials import credentials, search_tokens
from skillpassport.organisations.model import OrganisationId

TOKEN_CHARACTERS: Final = 24
"""144 bits: two words share a token never, and a row stays short."""

_INSERT = insert(search_tokens)  # built once: every award writes some

_KEY_VERSION: Final = 1  # the first version for good: tokens cannot be told again under another


class SearchTokens:
    """The tokens within one transaction."""

    def __init__(self, connection: Connection, keys: OrganisationKeys) -> None:
        self._connection = connection
        self._keys = keys

    def add(self, found_by: Iterable[tuple[CredentialId, OrganisationId, Subject]]) -> None:
        """Write the tokens by which credentials are found.

        found_by: each credential, whose it is and whom it is about
        """
        rows = [
            {"token": token, "credential": credential}
            for credential, organisation, subject in found_by
            for token in sorted(self.tokens_of(organisation, search_terms(subject)))
        ]
        if rows:
            self._connection.execute(_INSERT, rows)

    def matching(self, organisation: OrganisationId, asked: str) -> Select[Any]:
        """Return a query of the credentials in whose name each word of a question begins a word.

        A question without any word matches nothing. Words of one or two letters, and those above
        twelve, are looked for as whole words.
        """
        tokens = self.tokens_of(organisation, folded_words(asked))
        table = search_tokens.c
        return (
            select(table.credential)
            .where(table.token.in_(tokens))
            .group_by(table.credential)
            .having(func.count() == len(tokens))
        )

    def delete_about(self, subject: str) -> None:
        """Delete the tokens of all credentials that are about a subject."""
        about = select(credentials.c.id).where(credentials.c.subject == subject)
        self._connection.execute(delete(search_tokens).where(search_tokens.c.credential.in_(about)))

    def tokens_of(self, organisation: str, terms: Iterable[str]) -> set[str]:
        """Return the tokens of terms under an organisation's key.

        Raises: OrganisationKeyMissing, MasterKeyUnknown, SealBroken
        """
        key = self._keys.key_of(organisation, _KEY_VERSION).derive("name search")
        return {blind(key, term)[:TOKEN_CHARACTERS] for term in terms}
