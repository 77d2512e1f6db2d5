"""How far a country has come with a framework of its own, as the registry records it."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from skillpassport.frameworks.model import Framework, FrameworkStatus
from skillpassport.frameworks.registry import Registry

_VOCATIONAL: Final = "national-vocational"


class Standing(StrEnum):
    """What can be said of a country as a whole."""

    OFFICIAL = "official"
    VOCATIONAL_ONLY = "vocational_only"  # what is in force covers vocational training alone
    DRAFT = "draft"
    IN_DEVELOPMENT = "in_development"
    NONE = "none"  # it is recorded that there is none
    UNRECORDED = "unrecorded"  # nobody has looked


SENTENCES: Final[Mapping[Standing, str]] = {
    Standing.VOCATIONAL_ONLY: (
        "In this country only vocational training is known to have a framework in force, and no "
        "published statement leads from this level to it."
    ),
    Standing.DRAFT: (
        "The framework of this country is a draft, so nothing compares with its levels yet; ask "
        "what else the document shows: issuer, occupation, skills."
    ),
    Standing.IN_DEVELOPMENT: (
        "The framework of this country is being developed and none of its levels is in force; ask "
        "what else the document shows: issuer, occupation, skills."
    ),
    Standing.NONE: (
        "As far as is known this country has no qualifications framework; ask what else the "
        "document shows: issuer, occupation, skills."
    ),
    Standing.UNRECORDED: (
        "The registry has no qualifications framework of this country to compare with."
    ),
}
"""Why nothing could be compared with a country; none for one with an official framework."""


def standing_of(registry: Registry, country: str) -> Standing:
    """Return how far a country has come.

    country: ISO 3166-1 code; the frameworks of its parts count
    """
    frameworks = registry.search(jurisdiction=country)
    official = [one for one in frameworks if one.status is FrameworkStatus.OFFICIAL]
    if official:
        return Standing.VOCATIONAL_ONLY if all(map(_vocational, official)) else Standing.OFFICIAL
    statuses = {one.status for one in frameworks}
    for status in (FrameworkStatus.DRAFT, FrameworkStatus.IN_DEVELOPMENT, FrameworkStatus.NONE):
        if status in statuses:
            return Standing(status.value)
    return Standing.UNRECORDED


def _vocational(framework: Framework) -> bool:
    return framework.kind == _VOCATIONAL
