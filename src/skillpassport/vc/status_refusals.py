"""Why a status cannot be read from a published list, whichever of the two standards it follows.

Shared by `bitstring_status` and `token_status`.
"""

from typing import Final

from skillpassport.errors import SkillPassportError

MIN_ENTRIES: Final = 131_072
"""The herd in which one credential hides (Bitstring Status List 1.0, section 3.1): 16 KiB of bits."""

MAX_LIST_BYTES: Final = 4 * 1024 * 1024
"""33 million entries of a bit; a compressed text of 1 MiB could otherwise expand to a gigabyte."""


class StatusListError(SkillPassportError):
    """A status cannot be read from a list."""


class StatusListMalformed(StatusListError):
    """The list or the entry does not have the form that the specification gives it."""

    code = "status-list-malformed"

    def __init__(self, expected: str) -> None:
        super().__init__(
            f"Expected {expected} in the status list; found another value. Ask the issuer to "
            "publish the list again."
        )


class StatusListTooShort(StatusListError):
    """The list is so short that a request for it tells which credential is being checked."""

    code = "status-list-too-short"

    def __init__(self, entries: int) -> None:
        self.entries = entries
        super().__init__(
            f"Expected a status list of at least {MIN_ENTRIES} entries; found {entries}. "
            "Ask the issuer to publish a longer list."
        )


class StatusListTooLarge(StatusListError):
    """The list expands beyond the limit; perhaps it was made to exhaust its reader."""

    code = "status-list-too-large"

    def __init__(self) -> None:
        super().__init__(
            f"Expected a status list of at most {MAX_LIST_BYTES} octets; found a longer one. "
            "Ask the issuer to publish a shorter list."
        )


class StatusIndexOutOfRange(StatusListError):
    """The entry points behind the end of the list."""

    code = "status-index-out-of-range"

    def __init__(self, index: int, entries: int) -> None:
        self.index = index
        self.entries = entries
        super().__init__(
            f"Expected an index below {entries}; found {index}. Ask the issuer which list is meant."
        )


class StatusEntryMalformed(StatusListError):
    """The credential's status entry cannot be followed."""

    code = "status-entry-malformed"

    def __init__(self, member: str) -> None:
        self.member = member
        super().__init__(
            f"Expected a status entry with a usable '{member}'; found another value or none. "
            "Ask the issuer for a newly signed credential."
        )


class StatusListMismatch(StatusListError):
    """The fetched list is not the one that answers for this credential."""

    code = "status-list-mismatch"

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(
            f"Expected the status list's {what} to be the one that the credential asks for; found "
            "another. Ask the issuer which list is meant."
        )


class StatusListStale(StatusListError):
    """The list is outside its own period of validity: its answer is not today's."""

    code = "status-stale"

    def __init__(self) -> None:
        super().__init__(
            "Expected a status list in force; found one outside its period. Try again later, or "
            "ask the issuer to publish the list again."
        )


class StatusListUnreachable(StatusListError):
    """The list could not be had now; the credential is neither in force nor withdrawn for us."""

    code = "status-unreachable"

    def __init__(self, reason: str = "no answer") -> None:
        self.reason = reason
        super().__init__(
            f"Expected the issuer's status list; found {reason}. Try again when it is reachable."
        )
