"""The award register as verification reads it: one snapshot, several stores."""

from collections.abc import Sequence

from skillpassport.credentials.code import Code
from skillpassport.credentials.model import AwardRecord, IssuedCredential
from skillpassport.credentials.trust import RegisteredAward, StatementRecord
from skillpassport.db.accreditations import AccreditationStore
from skillpassport.db.achievements import AchievementStore
from skillpassport.db.credentials import CredentialStore
from skillpassport.db.organisations import OrganisationStore, SigningKeyStore
from skillpassport.db.statements import StatementStore
from skillpassport.equivalence.statements.model import statement_of_uri
from skillpassport.organisations.accreditation import Accreditation
from skillpassport.organisations.model import Organisation
from skillpassport.organisations.signing_keys import SigningKey


class AwardRegister:
    """What was awarded here, by whom, and under which accreditation."""

    def __init__(
        self,
        organisations: OrganisationStore,
        accreditations: AccreditationStore,
        achievements: AchievementStore,
        credentials: CredentialStore,
        signing_keys: SigningKeyStore,
        statements: StatementStore,
    ) -> None:
        self._organisations = organisations
        self._accreditations = accreditations
        self._achievements = achievements
        self._credentials = credentials
        self._signing_keys = signing_keys
        self._statements = statements

    def award_of_content(self, content: bytes) -> RegisteredAward | None:
        """Return the award whose document says exactly this."""
        return self._award(self._credentials.by_content(content))

    def credential_of_code(self, code: Code) -> IssuedCredential | None:
        """Return the credential behind a printed code.

        Raises: SubjectKeyErased
        """
        return self._credentials.by_code(code)

    def successor_of(self, credential: AwardRecord) -> Code | None:
        """Return the code of the credential that replaced this one; None for an erased person's."""
        if credential.superseded_by is None:
            return None
        successor = self._credentials.successor_of(credential.id)
        return successor.code if isinstance(successor, IssuedCredential) else None

    def organisation_by_did(self, did: str) -> Organisation | None:
        """Return the organisation whose award DID this is."""
        return self._organisations.by_did(did)

    def organisations(self) -> Sequence[Organisation]:
        """Return every organisation, oldest first."""
        return self._organisations.all()

    def accreditation_of_document(self, document_id: str) -> Accreditation | None:
        """Return the accreditation whose own document has this id."""
        prefix = "urn:skillpassport:accreditation:"
        if not document_id.startswith(prefix):
            return None
        return self._accreditations.get(document_id.removeprefix(prefix))

    def statement_of_document(self, document_id: str) -> StatementRecord | None:
        """Return the comparability statement whose own document has this id."""
        identifier = statement_of_uri(document_id)
        made = self._statements.get(identifier) if identifier is not None else None
        if made is None:
            return None
        return StatementRecord(
            id=made.id,
            version=made.version,
            document=made.document,
            issued_at=made.issued_at,
            replaced_by=made.replaced_by,
            replaced_at=made.replaced_at,
        )

    def signing_keys_of(self, issuer: Organisation) -> Sequence[SigningKey]:
        """Return every signing key that the organisation ever had, oldest first."""
        return self._signing_keys.of(issuer.id)

    def _award(self, credential: AwardRecord | None) -> RegisteredAward | None:
        if credential is None:
            return None
        issuer = self._organisations.get(credential.organisation)
        if issuer is None:
            return None
        accreditations = tuple(self._accreditations.of(issuer.id))
        authorities = {accreditation.authority for accreditation in accreditations}
        return RegisteredAward(
            credential=credential,
            issuer=issuer,
            achievement=self._achievements.by_id(credential.achievement),
            accreditations=accreditations,
            authorities=tuple(
                authority
                for authority in map(self._organisations.get, sorted(authorities))
                if authority is not None
            ),
        )
