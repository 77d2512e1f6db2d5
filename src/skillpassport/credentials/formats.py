"""The formats in which awards are handed out: how each is built, and how it may be secured.

A format is a data model with its securing. JSON documents carry a Data Integrity proof, whose
cryptosuite whoever issues may choose; tokens are signed in the one way that their standard knows.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from skillpassport.credentials.documents import DefaultDocument, DocumentFormat, StrictOpenBadge
from skillpassport.credentials.model import Award, Cryptosuite, Format
from skillpassport.credentials.sd_jwt_vc import AwardClaims
from skillpassport.errors import SkillPassportError

DOCUMENT_FORMATS: Mapping[str, DocumentFormat] = MappingProxyType(
    {
        Format.VCDM: DefaultDocument(),
        Format.OPEN_BADGE: StrictOpenBadge(),
        Format.VC_JWT: DefaultDocument(),
        Format.SD_JWT_VC: AwardClaims(),
    }
)
"""Format name to the builder of its document."""

DEFAULT_SUITES: Final[Mapping[Format, Cryptosuite]] = MappingProxyType(
    {
        Format.VCDM: Cryptosuite.EDDSA_JCS_2022,
        Format.OPEN_BADGE: Cryptosuite.EDDSA_RDFC_2022,
    }
)
"""The cryptosuite of each format that carries a proof, where none is asked for."""


def cryptosuite_of(award: Award) -> Cryptosuite | None:
    """Return the cryptosuite under which an award is signed, None for a token.

    Raises: SecuringUnusable
    """
    default = DEFAULT_SUITES.get(award.format)
    if default is None and award.securing is not None:
        raise SecuringUnusable(award.format)
    return award.securing or default


class SecuringUnusable(SkillPassportError):
    """A cryptosuite was asked for a format that is signed as a token."""

    code = "securing-unusable"
    public = ("format",)
    pointer = "/securing"

    def __init__(self, form: Format) -> None:
        usable = ", ".join(f"'{each}'" for each in DEFAULT_SUITES)
        super().__init__(
            f"Expected no securing beside the format '{form}', which is signed as a token, found "
            f"one; leave it out, or give a format that carries a proof: {usable}."
        )
        self.format = form.value
