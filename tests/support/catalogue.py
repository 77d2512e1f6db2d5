"""Registered qualifications as comparisons see them, kept in a list."""

from collections.abc import Sequence

from skillpassport.equivalence.catalogue import KnownQualification
from skillpassport.frameworks.qualifications import FormerName
from skillpassport.frameworks.reading import fold
from tests.support.registry import SOURCE


class Known:
    """A catalogue of a few qualifications."""

    def __init__(self, *known: KnownQualification) -> None:
        self._known = known

    def titled(self, origin: str, folded: str) -> Sequence[KnownQualification]:
        return [
            one
            for one in self._known
            if one.country == origin and folded in {fold(name.text) for name in one.names}
        ]

    def identified(self, identifier: str) -> KnownQualification | None:
        return next((one for one in self._known if one.id == identifier), None)


def a_known(
    id: str,
    *names: str | FormerName,
    level: str | None = "3",
    framework: str | None = "AA:F",
    country: str = "AA",
) -> KnownQualification:
    """Return a qualification by its names; the first one is its title."""
    told = tuple(FormerName(text=one) if isinstance(one, str) else one for one in names)
    return KnownQualification(
        id=id,
        title=told[0].text,
        country=country,
        framework=framework,
        level=level,
        sources=(SOURCE,),
        names=told,
    )
