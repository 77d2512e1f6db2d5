"""The countries of the world, by their codes of ISO 3166-1 as CLDR has them."""

from functools import cache
from typing import Final

from skillpassport.frameworks.registry import Registry
from skillpassport.web.translation import ENGLISH, translation

_NOT_ISO: Final = frozenset(
    {"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"}
)
"""Codes of CLDR that ISO 3166-1 does not assign to a country."""

_REGIONS: Final = frozenset({"EU"})
"""Regions with a two-letter code."""


def iso_countries(registry: Registry) -> tuple[str, ...]:
    """Return the codes of ISO 3166-1, and those of further countries that have a framework."""
    held = {
        jurisdiction.partition("-")[0]
        for framework in registry.search()
        for jurisdiction in framework.jurisdictions
    }
    return tuple(sorted((_named() - _NOT_ISO) | ((held & _named()) - _REGIONS)))


@cache
def _named() -> frozenset[str]:
    """Return every two-letter code that has a name."""
    names = map(str, translation(ENGLISH).locale.territories)
    return frozenset(name for name in names if name.isalpha() and len(name) == len("NO"))
