"""Choosing one's country: those that the registry knows, or any other by code or name."""

from collections.abc import Sequence

from skillpassport.frameworks.registry import Registry
from skillpassport.web.countries import iso_countries
from skillpassport.web.translation import ENGLISH, Translation, translation

_NO_COUNTRIES = frozenset({"EU"})
"""Regions that have a two-letter code."""


def known_countries(registry: Registry, to: Translation) -> Sequence[tuple[str, str]]:
    """Return code and name of every country with a framework in the registry, by name."""
    codes = {
        jurisdiction.partition("-")[0]
        for framework in registry.search()
        for jurisdiction in framework.jurisdictions
    }
    named = to.locale.territories
    countries = [(code, to.country(code)) for code in codes - _NO_COUNTRIES if code in named]
    return sorted(countries, key=lambda country: country[1].casefold())


def every_country(registry: Registry, to: Translation) -> Sequence[tuple[str, str]]:
    """Return code and name of every country of ISO 3166-1, by name."""
    named = [(code, to.country(code)) for code in iso_countries(registry)]
    return sorted(named, key=lambda country: country[1].casefold())


def find_country(typed: str, to: Translation) -> str | None:
    """Return the ISO 3166-1 code of what a person typed: a code, or a name in a language known here.

    English names are read as well as those of the reader's language.
    """
    wanted = typed.strip().casefold()
    for names in (to.locale.territories, translation(ENGLISH).locale.territories):
        for code, name in names.items():
            is_country = len(code) == 2 and code.isalpha()  # noqa: PLR2004 - alpha-2
            if is_country and wanted in {code.casefold(), str(name).casefold()}:
                return str(code)
    return None
