"""What a signing profile is, and which combinations there are.

Which key goes with which cryptosuite is said by Data Integrity EdDSA and ECDSA Cryptosuites 1.0,
section 3, and VC-JOSE-COSE, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NewType
from urllib.parse import quote

from skillpassport.errors import SkillPassportError
from skillpassport.organisations.model import OrganisationId, service_did
from skillpassport.vc.keys import ED25519, P256, P384

ProfileId = NewType("ProfileId", str)


class Securing(StrEnum):
    """How credentials are secured: a cryptosuite, or the media type of a token."""

    EDDSA_RDFC_2022 = "eddsa-rdfc-2022"
    EDDSA_JCS_2022 = "eddsa-jcs-2022"
    ECDSA_RDFC_2019 = "ecdsa-rdfc-2019"
    ECDSA_JCS_2019 = "ecdsa-jcs-2019"
    ECDSA_SD_2023 = "ecdsa-sd-2023"
    BBS_2023 = "bbs-2023"
    VC_JWT = "vc+jwt"
    SD_JWT_VC = "dc+sd-jwt"

    @property
    def is_token(self) -> bool:
        """Whether what leaves is a token and no JSON object with a proof."""
        return self in {Securing.VC_JWT, Securing.SD_JWT_VC}


class KeyType(StrEnum):
    """The algorithm of a profile's key."""

    ED25519 = ED25519
    P256 = P256
    P384 = P384


class Method(StrEnum):
    """The DID method of a profile."""

    KEY = "key"
    WEB = "web"
    JWK = "jwk"


class StatusKind(StrEnum):
    """Whether credentials of a profile can be revoked, and how that is published."""

    BITSTRING = "bitstring"
    TOKEN = "token"  # noqa: S105 - the name of a status list
    NONE = "none"


_EDDSA: Final = (KeyType.ED25519,)
_ECDSA: Final = (KeyType.P256, KeyType.P384)

KEY_TYPES: Mapping[Securing, tuple[KeyType, ...]] = MappingProxyType(
    {
        Securing.EDDSA_RDFC_2022: _EDDSA,
        Securing.EDDSA_JCS_2022: _EDDSA,
        Securing.ECDSA_RDFC_2019: _ECDSA,
        Securing.ECDSA_JCS_2019: _ECDSA,
        Securing.ECDSA_SD_2023: (KeyType.P256,),
        Securing.BBS_2023: (),
        Securing.VC_JWT: (KeyType.ED25519, *_ECDSA),
        Securing.SD_JWT_VC: (KeyType.ED25519, *_ECDSA),
    }
)
"""With which keys each securing works here; with none where there is no implementation."""

_STATUS_OF_DOCUMENTS: Final = (StatusKind.BITSTRING, StatusKind.NONE)
"""For the data model's `credentialStatus`, in tokens as well: `status` is no term of its context."""

_STATUS_OF_TOKENS: Final = (StatusKind.TOKEN, StatusKind.NONE)
"""For the claim `status` of an SD-JWT VC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningProfile:
    """One way in which an organisation signs credentials that others compose.

    did: of the profile's own; never changed
    """

    id: ProfileId
    organisation: OrganisationId
    slug: str
    securing: Securing
    key_type: KeyType
    did_method: Method
    status: StatusKind
    did: str
    created_at: datetime

    @property
    def key_owner(self) -> OrganisationId:
        """Under whom the profile's key is kept: the profile itself, so that no award uses it."""
        return OrganisationId(self.id)


def profile_did(public_url: str, organisation_slug: str, slug: str) -> str:
    """Return the did:web of a profile; its document is served below the organisation's.

    Source: did:web method specification, section 3.2
    """
    return f"{service_did(public_url)}:orgs:{organisation_slug}:profiles:{quote(slug, safe='')}"


def check_supported(securing: Securing, key_type: KeyType, status: StatusKind) -> None:
    """Refuse what no credential could be issued with.

    Raises: ProfileUnsupported
    """
    usable = KEY_TYPES[securing]
    if not usable:
        raise ProfileUnsupported(
            "securing",
            "a securing that is implemented here",
            f"'{securing}', for which there is no well-kept BLS12-381 library",
            f"one of {', '.join(each for each in Securing if KEY_TYPES[each])}",
        )
    if key_type not in usable:
        raise ProfileUnsupported(
            "key_type", f"a key that '{securing}' signs with", f"'{key_type}'", _either(usable)
        )
    usable_status = _STATUS_OF_TOKENS if securing is Securing.SD_JWT_VC else _STATUS_OF_DOCUMENTS
    if status not in usable_status:
        raise ProfileUnsupported(
            "status",
            f"a status that credentials under '{securing}' can name",
            f"'{status}'",
            _either(usable_status),
        )


def _either(values: tuple[str, ...]) -> str:
    return " or ".join(f"'{value}'" for value in values)


class ProfileUnsupported(SkillPassportError):
    """Parts of a profile do not go together, or no library for them is well kept (ADR 24)."""

    code = "profile-unsupported"
    public = ("member",)

    def __init__(self, member: str, expected: str, found: str, remedy: str) -> None:
        super().__init__(f"Expected {expected}; found {found}. Give {remedy}.")
        self.member = member
        self.pointer = f"/{member}"


class ProfileUnknown(SkillPassportError):
    """The organisation has no signing profile of this id or slug."""

    code = "profile-unknown"

    def __init__(self) -> None:
        super().__init__(
            "No such signing profile of this organisation was found; list them to see which there "
            "are."
        )
