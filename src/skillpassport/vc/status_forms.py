"""The two standards by which a status is published."""

from enum import StrEnum
from typing import Final

STATUS: Final = "status"
"""The claim by which a token points into a list (Token Status List, section 6.1)."""


class StatusForm(StrEnum):
    """Which kind of list answers.

    BITSTRING: for credentials of the W3C data model (`credentialStatus`)
    TOKEN: for tokens, SD-JWT VCs among them (the claim `status`)
    """

    BITSTRING = "bitstring"
    TOKEN = "token"  # noqa: S105 - the name of a standard
