"""What a credential is about, by the types that it states: a badge, a record, a diploma.

Only a name for the reader; nothing rests upon it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from skillpassport.vc.strict_json import JsonObject, one_or_many

CLR_CREDENTIAL: Final = "ClrCredential"
COMPARABILITY_STATEMENT: Final = "ComparabilityStatementCredential"

_BY_TYPE: Final[Mapping[str, str]] = MappingProxyType(
    {
        CLR_CREDENTIAL: "a Comprehensive Learner Record (CLR 2.0)",
        "OpenBadgeCredential": "an Open Badge (Open Badges 3.0)",
        "AchievementCredential": "an Open Badge (Open Badges 3.0)",
        "EndorsementCredential": "an endorsement (Open Badges 3.0)",
        "EuropeanDigitalCredential": "a European Digital Credential (ELM)",
        "BlockcertsCredential": "a Blockcerts certificate",
        "BitstringStatusListCredential": "a status list, not an award",
        "StatusList2021Credential": "a status list, not an award",
        "VerifiableEducationalID": "an educational identity, not an award",
    }
)


def kind_of(document: JsonObject) -> str | None:
    """Return what a credential is, in words; None for one of no type that is known here."""
    types = one_or_many(document.get("type"))
    return next((name for kind, name in _BY_TYPE.items() if kind in types), None)
