"""Which registered qualification a question is about: by its id, else by its exact title.

A title may be that of several qualifications, at one time or at different ones. The day of the
award decides between them where it is known; what is still open then is told as ambiguous, and
nothing is concluded from it.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from skillpassport.equivalence.answer import Candidate, Place
from skillpassport.equivalence.catalogue import KnownQualification, QualificationCatalogue
from skillpassport.equivalence.level_chains import KnownLevel
from skillpassport.equivalence.questions import QualificationQuestion
from skillpassport.frameworks.qualifications import FormerName, QualificationUnknown
from skillpassport.frameworks.reading import fold, readings
from skillpassport.frameworks.registry import Registry
from skillpassport.frameworks.searching import MAX_TERM

AMBIGUOUS: Final = "ambiguous"
OTHER_LEVEL: Final = "other_level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified:
    """The registered qualifications that a question may be about.

    fitting: those of the title that are at the level asked for, where one was
    elsewhere: those of the title at other levels, where none is at the one asked for
    titles: what the asker calls it, and, where it is one qualification, its other titles
    """

    fitting: tuple[KnownQualification, ...] = ()
    elsewhere: tuple[KnownQualification, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        """Whether the title alone leaves open at which level the qualification is."""
        return len({(one.framework, one.edition, one.level) for one in self.fitting}) > 1

    def levels(self, registry: Registry) -> Iterator[KnownLevel]:
        """Yield the level that is registered; none where the title leaves it open."""
        for known in () if self.is_ambiguous else self.fitting:
            if known.framework is not None and known.level is not None:
                edition = f"@{known.edition}" if known.edition else ""
                sources = (registry.source(s) for s in known.sources if registry.has_source(s))
                yield KnownLevel(
                    framework=f"{known.framework}{edition}",
                    level=known.level,
                    sources=tuple(sources),
                )

    def candidates(self) -> Iterator[Candidate]:
        """Yield what a person has to choose among, or to look into."""
        among = [(one, AMBIGUOUS) for one in self.fitting if self.is_ambiguous]
        for known, status in (*among, *((one, OTHER_LEVEL) for one in self.elsewhere)):
            place = None
            if known.framework is not None:
                place = Place(framework=known.framework, edition=known.edition, level=known.level)
            yield Candidate(
                status=status,
                place=place,
                qualification=known.title,
                registered=known.id,
                sources=known.sources,
            )


def identify(catalogue: QualificationCatalogue, question: QualificationQuestion) -> Identified:
    """Return the registered qualifications that a question may be about.

    Raises: QualificationUnknown, for an id that no qualification of the origin has
    """
    asked = (question.qualification, *question.other_titles)
    if question.registered is not None:
        named = [_of_id(catalogue, question.registered, question.origin)]
    else:
        named = _of_titles(catalogue, question, asked)
    fitting = tuple(one for one in named if _is_at(one, question))
    titles = asked
    if len(fitting) == 1:
        titles = (*asked, *(name.text for name in fitting[0].names if _counts(name, question)))
    by_folded: dict[str, str] = {}
    for title in titles:
        by_folded.setdefault(fold(title), title)
    return Identified(
        fitting=fitting,
        elsewhere=() if fitting else tuple(named),
        titles=tuple(by_folded.values()),
    )


def _of_id(catalogue: QualificationCatalogue, identifier: str, origin: str) -> KnownQualification:
    known = catalogue.identified(identifier)
    if known is None or known.country.partition("-")[0] != origin.partition("-")[0]:
        raise QualificationUnknown
    return known


def _of_titles(
    catalogue: QualificationCatalogue, question: QualificationQuestion, titles: Sequence[str]
) -> list[KnownQualification]:
    """Return those that each registered title may mean; all, where no title means the same."""
    found: list[dict[str, KnownQualification]] = []
    for folded in dict.fromkeys(map(fold, titles)):
        known = {
            one.id: one
            for one in catalogue.titled(question.origin, folded)
            if _is_named(one, folded, question)
        }
        if known:
            found.append(known)
    every = {name: one for known in found for name, one in known.items()}
    shared = [name for name in every if all(name in known for known in found)]
    return [every[name] for name in sorted(shared or every)]


def _is_named(known: KnownQualification, folded: str, question: QualificationQuestion) -> bool:
    """Return whether a title is one that counts; titles are stored up to `MAX_TERM` characters."""
    meant = [name for name in known.names if fold(name.text)[:MAX_TERM] == folded[:MAX_TERM]]
    return not meant or any(_counts(name, question) for name in meant)


def _counts(name: FormerName, question: QualificationQuestion) -> bool:
    """Return whether a name may stand on the certificate.

    It must have held on the day of the award. Where that is not known, any that it ever had by the
    day asked for may: an old certificate is as good as a new one.
    """
    awarded_on = _award_day(question)
    if awarded_on is not None:
        return name.held_on(awarded_on)
    return name.valid_from is None or name.valid_from <= question.on


def _award_day(question: QualificationQuestion) -> dt.date | None:
    text = question.facts.get("award_date")
    return dt.date.fromisoformat(text) if isinstance(text, str) else None


def _is_at(known: KnownQualification, question: QualificationQuestion) -> bool:
    """Return whether a qualification is at the level asked for; what is not told excludes nothing."""
    if question.framework is not None and known.framework is not None:
        framework, _, edition = question.framework.partition("@")
        if framework != known.framework or (edition and known.edition and edition != known.edition):
            return False
    if question.level is None or known.level is None:
        return True
    return fold(known.level) in {fold(one) for one in readings(question.level)}
