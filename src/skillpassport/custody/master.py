"""The master key, and keys wrapped under a parent that they name.

The version of a master key is derived from the key itself. So the operator sets one value and no
number, and a database that is opened with another key says which one it wants.
"""

import base64
import binascii
from dataclasses import dataclass, field

from skillpassport.custody.sealing import KEY_BYTES, derive, open_sealed, seal
from skillpassport.errors import SkillPassportError

_HEX_LENGTH = 2 * KEY_BYTES
_VERSION_BYTES = 6


class MasterKeyInvalid(SkillPassportError):
    """The text given as master key is not one."""

    code = "master-key-invalid"

    def __init__(self, found: str) -> None:
        super().__init__(
            f"Expected a master key of 32 random octets in base64url (43 characters) or "
            f"hexadecimal (64), found {found}; make one with `openssl rand -hex 32`."
        )


class MasterKeyUnknown(SkillPassportError):
    """A key was wrapped under a master key that was not given."""

    code = "master-key-unknown"

    def __init__(self, wanted: str, given: tuple[str, ...]) -> None:
        super().__init__(
            f"Expected master key '{wanted}', under which this database's keys are wrapped; found "
            f"{', '.join(repr(each) for each in given)}. Start with the key it was set up with."
        )
        self.wanted = wanted
        self.given = given


@dataclass(frozen=True, slots=True)
class WrappedKey:
    """A key encrypted under its parent.

    parent_version: names the parent, so that it can be changed later without a guess
    """

    parent_version: str
    sealed: bytes


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """The master key in use, and older ones that still open what they wrapped.

    current: 32 octets; wraps every new key
    older: 32 octets each, for the time until everything is wrapped anew
    """

    current: bytes = field(repr=False)
    older: tuple[bytes, ...] = field(default=(), repr=False)

    @property
    def version(self) -> str:
        """The name of the master key in use; tells nothing about the key."""
        return key_version(self.current)

    def wrap(self, key: bytes, *, context: str) -> WrappedKey:
        """Return a key encrypted under the master key in use."""
        return WrappedKey(self.version, seal(_wrapping(self.current), key, context=context))

    def unwrap(self, wrapped: WrappedKey, *, context: str) -> bytes:
        """Return a key from its wrapped form.

        Raises: MasterKeyUnknown, SealBroken
        """
        for master in (self.current, *self.older):
            if key_version(master) == wrapped.parent_version:
                return open_sealed(_wrapping(master), wrapped.sealed, context=context)
        known = tuple(key_version(master) for master in (self.current, *self.older))
        raise MasterKeyUnknown(wrapped.parent_version, known)


def parse_master_key(text: str) -> bytes:
    """Return the 32 octets of a master key written in base64url or hexadecimal.

    text: surrounding white space, as a file brings it, is ignored; the `+` and `/` of
        `openssl rand -base64 32` are read too
    Raises: MasterKeyInvalid
    """
    stripped = text.strip()
    decode = bytes.fromhex if len(stripped) == _HEX_LENGTH else _from_base64url
    try:
        key = decode(stripped)
    except ValueError as error:
        raise MasterKeyInvalid(f"{len(stripped)} characters that do not decode") from error
    if len(key) != KEY_BYTES:
        raise MasterKeyInvalid(f"{len(key)} octets")
    return key


def format_master_key(key: bytes) -> str:
    """Return a master key as it is written to a file: base64url, 43 characters."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode("ascii")


def key_version(key: bytes) -> str:
    """Return the name of a key: 12 hexadecimal digits derived from it one way."""
    return derive(key, "version")[:_VERSION_BYTES].hex()


def _wrapping(master: bytes) -> bytes:
    return derive(master, "wrapping")


def _from_base64url(text: str) -> bytes:
    digits = text.rstrip("=").translate(str.maketrans("+/", "-_"))
    try:
        return base64.b64decode(digits + "=" * (-len(digits) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
