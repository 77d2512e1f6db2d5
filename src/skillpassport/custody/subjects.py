"""The key under which everything about one person is sealed."""

from dataclasses import dataclass, field

from skillpassport.custody.sealing import derive, open_sealed, seal
from skillpassport.errors import SkillPassportError


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """One person's data key.

    id: opaque; the only thing about the person that rows hold in clear
    key: 32 octets; used through keys derived from it, one for each purpose
    """

    id: str
    key: bytes = field(repr=False)

    def seal(self, plaintext: bytes, *, context: str) -> bytes:
        """Return something about the person, sealed for its place."""
        return seal(derive(self.key, "sealing"), plaintext, context=context)

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Return something about the person.

        Raises: SealBroken
        """
        return open_sealed(derive(self.key, "sealing"), sealed, context=context)


class SubjectKeyErased(SkillPassportError):
    """The person's key was erased; what was sealed under it can no longer be read by anyone."""

    code = "subject-erased"

    def __init__(self) -> None:
        super().__init__(
            "Expected the data of a person, found them erased; the document in the holder's hand "
            "still verifies by its signature."
        )


class SubjectKeyUnknown(SkillPassportError):
    """No such key is in the store, although data name it."""

    code = "subject-key-unknown"

    def __init__(self) -> None:
        super().__init__(
            "Expected the person's key in the subject-key store, found none; restore the store "
            "from its own backup."
        )
