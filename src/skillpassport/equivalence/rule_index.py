"""All recognition rules of a snapshot, found by destination, origin and title.

A rule is in force on a day when it is current, the day lies in its period, and no rule in force
replaces it. Rules of every status are in the index; which are shown is decided by the reader.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from skillpassport.equivalence.agreements import AgreementIndex
from skillpassport.equivalence.near_titles import NearTitles
from skillpassport.equivalence.rules import RecognitionRule, RuleId, RuleStatus
from skillpassport.frameworks.errors import FrameworkUnknown, RegistryInconsistent
from skillpassport.frameworks.reading import fold
from skillpassport.frameworks.registry import Registry

_Pair = tuple[str, str]
"""Destination and origin."""

MAX_DAYS: Final = 16
"""For so many days it is remembered which rules hold; strangers may ask about any day."""


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Rules by title, and titles that are spelled nearly alike."""

    _rules: Mapping[RuleId, RecognitionRule]
    _titles: Mapping[_Pair, Mapping[str, tuple[RecognitionRule, ...]]]
    _near: Mapping[_Pair, NearTitles]
    _replaced: Mapping[RuleId, tuple[RecognitionRule, ...]]
    _days: dict[dt.date, dict[RuleId, bool]] = field(default_factory=dict, compare=False)

    @classmethod
    def of(
        cls,
        rules: Iterable[RecognitionRule],
        registry: Registry,
        agreements: AgreementIndex | None = None,
    ) -> Self:
        """Return the index of rules over a registry; their order does not matter.

        Raises: RegistryInconsistent (a source, framework, agreement or superseded rule that is not
            there, a rule without evidence, a cycle of supersession)
        """
        by_id = {one.id: one for one in sorted(rules, key=lambda one: one.id)}
        replaced: dict[RuleId, list[RecognitionRule]] = {}
        titles: dict[_Pair, dict[str, list[RecognitionRule]]] = {}
        for rule in by_id.values():
            _check(rule, registry, by_id)
            if rule.agreement is not None and (
                agreements is None or agreements.find(rule.agreement) is None
            ):
                missing = f"agreement '{rule.agreement}'"
                raise RegistryInconsistent(f"rule '{rule.id}'", missing)
            for older in rule.supersedes:
                replaced.setdefault(older, []).append(rule)
            for title in rule.titles:
                of_pair = titles.setdefault((rule.destination, rule.origin), {})
                of_pair.setdefault(title, []).append(rule)
        ring = find_ring({one.id: one.supersedes for one in by_id.values()})
        if ring:
            raise RegistryInconsistent(f"rule '{ring[0]}'", "a rule that does not supersede itself")
        return cls(
            by_id,
            {pair: {t: tuple(found) for t, found in of.items()} for pair, of in titles.items()},
            {pair: NearTitles.of(of) for pair, of in titles.items()},
            {older: tuple(newer) for older, newer in replaced.items()},
        )

    def __iter__(self) -> Iterator[RecognitionRule]:
        """Yield every rule, in order of id."""
        return iter(self._rules.values())

    def __len__(self) -> int:
        """Return how many rules there are."""
        return len(self._rules)

    def find(self, rule: str) -> RecognitionRule | None:
        """Return the rule of an id."""
        return self._rules.get(RuleId(rule))

    def titled(self, destination: str, origin: str, title: str) -> tuple[RecognitionRule, ...]:
        """Return every rule about a title, whatever its status, in order of id.

        title: equal after folding, or a stored alias
        """
        return self._titles.get((destination, origin), {}).get(fold(title), ())

    def of_agreement(self, slug: str) -> tuple[RecognitionRule, ...]:
        """Return the rules that an agreement switches on, whatever their status, in order of id."""
        return tuple(one for one in self._rules.values() if one.agreement == slug)

    def destinations_of(self, origin: str, folded: str) -> tuple[str, ...]:
        """Return the countries that have a rule about a title of a country, in order.

        folded: by `skillpassport.frameworks.reading.fold`
        """
        found = {
            to for (to, of), titles in self._titles.items() if of == origin and folded in titles
        }
        return tuple(sorted(found))

    def speaks_of(self, destination: str, origin: str, title: str) -> bool:
        """Return whether any rule is about a title; a part of a country is of its country."""
        return any(
            self.titled(one, other, title)
            for one in country_and_part(destination)
            for other in country_and_part(origin)
        )

    def near(self, destination: str, origin: str, title: str) -> tuple[str, ...]:
        """Return stored titles that are spelled nearly like one, as they are written."""
        pair = (destination, origin)
        near = self._near.get(pair)
        found = () if near is None else near.near(fold(title))
        written = (_as_written(self._titles[pair][one], one) for one in found)
        return tuple(dict.fromkeys(written))

    def covers(self, destination: str) -> bool:
        """Return whether any rule is registered for a destination."""
        return any(country == destination for country, _ in self._titles)

    def holds(self, rule: RecognitionRule, on: dt.date) -> bool:
        """Return whether a rule is in force on a day."""
        if not _is_current(rule, on):
            return False
        return rule.id not in self._replaced or self._judged(rule, on)

    def _judged(self, rule: RecognitionRule, on: dt.date) -> bool:
        """Return the same of a rule that others replace, each of which is judged once a day.

        Walks without recursion: a file may hold a chain of any length, and many ways through it.
        """
        if len(self._days) >= MAX_DAYS:
            self._days.clear()
        holds = self._days.setdefault(on, {})
        open_ones = [rule]
        while open_ones:
            one = open_ones[-1]
            newer = self._replaced.get(one.id, ()) if _is_current(one, on) else ()
            unknown = [each for each in newer if each.id not in holds]
            if unknown:
                open_ones += unknown
                continue
            holds[one.id] = _is_current(one, on) and not any(holds[each.id] for each in newer)
            open_ones.pop()
        return holds[rule.id]

    def held(self, rule: RecognitionRule, on: dt.date) -> bool:
        """Return whether a rule that no longer holds is known to have held on a day."""
        return rule.status is RuleStatus.SUPERSEDED and rule.is_dated and rule.covers(on)


def country_and_part(code: str) -> tuple[str, ...]:
    """Return a country's code, behind that of its part where one is given: `DE-BY`, `DE`."""
    return tuple(dict.fromkeys((code, code.partition("-")[0])))


def find_ring(supersedes: Mapping[RuleId, Collection[RuleId]]) -> tuple[RuleId, ...]:
    """Return rules that supersede each other in a ring, or none.

    Walks without recursion: a file may hold a chain of any length.
    """
    done: set[RuleId] = set()
    for start in supersedes:
        path: dict[RuleId, None] = {}
        open_ones = [(start, False)]
        while open_ones:
            rule, is_left = open_ones.pop()
            if is_left:
                path.pop(rule, None)
                done.add(rule)
            elif rule in path:
                walked = list(path)
                return tuple(walked[walked.index(rule) :])
            elif rule not in done:
                path[rule] = None
                open_ones.append((rule, True))
                open_ones.extend((older, False) for older in supersedes.get(rule, ()))
    return ()


def _is_current(rule: RecognitionRule, on: dt.date) -> bool:
    return rule.status is not RuleStatus.SUPERSEDED and rule.covers(on)


def _check(
    rule: RecognitionRule, registry: Registry, rules: Mapping[RuleId, RecognitionRule]
) -> None:
    name = f"rule '{rule.id}'"
    if not rule.sources:
        raise RegistryInconsistent(name, "a source")
    for source in rule.sources:
        if not registry.has_source(source):
            raise RegistryInconsistent(name, f"source '{source}'")
    for named in rule.result.levels:
        try:
            registry.framework(named.framework)
        except FrameworkUnknown as unknown:
            raise RegistryInconsistent(name, f"framework '{named.framework}'") from unknown
    for older in rule.supersedes:
        if older not in rules:
            raise RegistryInconsistent(name, f"rule '{older}'")


def _as_written(rules: Iterable[RecognitionRule], folded: str) -> str:
    """Return how the first of the rules writes a title."""
    written = (title for rule in rules for title in (rule.title, *rule.aliases))
    return next(title for title in written if fold(title) == folded)
