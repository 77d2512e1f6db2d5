"""Rules of one file that cannot stand beside each other, or beside those of the registry."""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Final

from skillpassport.equivalence.rule_index import RuleIndex, find_ring
from skillpassport.equivalence.rules import RecognitionRule, RuleId
from skillpassport.frameworks.importing.problems import RowProblem

MAX_LINKS: Final = 100

_Told = tuple[int, RecognitionRule]
"""A rule with its line."""


def without_conflicts(
    told: Sequence[_Told], known: RuleIndex, problems: list[RowProblem]
) -> tuple[RecognitionRule, ...]:
    """Return the rules that can be taken, each once.

    All rows of a conflict are refused, since which of them is right nobody but their author knows.

    problems: is added to
    """
    questions = {rule.question: rule for rule in known}
    found = list(_contradictions(told, lambda rule: rule.question, "outcome", _SAME_QUESTION))
    kept = _others(told, found)
    found += _contradictions(kept, lambda rule: rule.id, "id", _SAME_ID)
    found += _against_known(kept, questions)
    kept = _others(told, found)
    for _ in range(len(kept)):
        broken = [*_unknown_superseded(kept, known), *_rings(kept, known)]
        if not broken:
            break
        # Taking one out may leave another without what it supersedes; chains of a hundred and
        # more are refused as a whole, since looking again costs a walk over the file.
        found += broken if len(found) < MAX_LINKS else _links(kept)
        kept = _others(kept, found)
    problems.extend(found)
    return tuple({rule.id: rule for _, rule in kept}.values())


def _others(told: Sequence[_Told], found: Iterable[RowProblem]) -> Sequence[_Told]:
    refused = {problem.line for problem in found}
    return [(line, rule) for line, rule in told if line not in refused]


_SAME_QUESTION: Final = (
    "Expected one result for one qualification, found lines {lines} that differ in their result "
    "alone; keep one, or tell them apart by condition, level, purpose or period."
)
_SAME_ID: Final = "Expected one row for each id, found lines {lines} that differ; keep one."


def _contradictions(
    told: Iterable[_Told],
    key: Callable[[RecognitionRule], Hashable],
    column: str,
    message: str,
) -> Iterator[RowProblem]:
    grouped: dict[Hashable, list[_Told]] = {}
    for line, rule in told:
        grouped.setdefault(key(rule), []).append((line, rule))
    for group in grouped.values():
        first = group[0][1]
        if all(rule == first for _, rule in group):
            continue
        lines = ", ".join(str(line) for line, _ in group)
        for line, _ in group:
            yield RowProblem(
                line=line,
                column=column,
                code="rules-contradict",
                message=message.format(lines=lines),
            )


def _against_known(
    told: Iterable[_Told], questions: Mapping[bytes, RecognitionRule]
) -> Iterator[RowProblem]:
    """Yield rows that answer a known rule's question otherwise, and are no version of that rule."""
    for line, rule in told:
        other = questions.get(rule.question)
        if other is None or other.id == rule.id or other.id in rule.supersedes:
            continue
        yield RowProblem(
            line=line,
            column="outcome",
            code="rules-contradict",
            message=(
                f"Expected another qualification than that of rule '{other.id}', which is "
                "registered; give that id to correct it, or supersede it."
            ),
        )


def _unknown_superseded(told: Sequence[_Told], known: RuleIndex) -> Iterator[RowProblem]:
    ids = {rule.id for _, rule in told}
    for line, rule in told:
        for older in rule.supersedes:
            if older not in ids and known.find(older) is None:
                yield RowProblem(
                    line=line,
                    column="supersedes",
                    code="rule-unknown",
                    message=f"Expected ids of rules of the file or the registry, found '{older}'.",
                )


def _links(told: Sequence[_Told]) -> Iterator[RowProblem]:
    for line, rule in told:
        if rule.supersedes:
            yield RowProblem(
                line=line,
                column="supersedes",
                code="supersession-unclear",
                message="Expected a file whose supersessions are sound; mend the others first.",
            )


def _rings(told: Sequence[_Told], known: RuleIndex) -> Iterator[RowProblem]:
    supersedes: dict[RuleId, tuple[RuleId, ...]] = {rule.id: rule.supersedes for rule in known}
    supersedes |= {rule.id: rule.supersedes for _, rule in told}
    ring = find_ring(supersedes)
    for line, rule in told:
        if rule.id in ring:
            yield RowProblem(
                line=line,
                column="supersedes",
                code="supersession-cycle",
                message=(
                    f"Expected rules that replace older ones, found a ring of {len(ring)}: "
                    f"{', '.join(ring[:5])}; take one of its links out."
                ),
            )
