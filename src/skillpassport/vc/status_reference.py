"""A place in a status list, as a credential names it."""

from dataclasses import dataclass

from skillpassport.vc.strict_json import JsonObject


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReference:
    """One reserved place in a status list.

    list: address of the list credential
    """

    purpose: str
    list: str
    index: int

    def to_entry(self) -> JsonObject:
        """Return the `credentialStatus` entry. Source: Bitstring Status List 1.0, section 2.1."""
        return {
            "id": f"{self.list}#{self.index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": self.purpose,
            "statusListIndex": str(self.index),
            "statusListCredential": self.list,
        }
