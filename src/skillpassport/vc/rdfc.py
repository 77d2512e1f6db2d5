"""RDF Dataset Canonicalization (RDFC-1.0): the one text that stands for a set of quads.

Labels of blank nodes mean nothing, so two writers of the same statements choose different ones. This
gives each blank node a label that follows from what is said about it. Almost always the statements
around a node tell it from all others (first degree); for the rest, paths through the graph are
compared, and there the work grows with the factorial of the nodes that look alike. A stranger can
send such a graph in a few hundred bytes, so the work is counted and ends (section 7.1 of the
specification, Dataset Poisoning).

Follows RDF Dataset Canonicalization 1.0, section 4; step numbers are the specification's.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final, TypeAlias

from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.rdf import Quad, Term, is_blank, line_of

HashAlgorithm: TypeAlias = str
"""`sha256` or `sha384`, as `hashlib` spells it."""

MAX_WORK: Final = 30_000
"""Units of work: one for each mention that is hashed and each node of a permutation that is tried.

A sixth of a second. The hardest graphs of the specification's own tests that are meant to be
computed need a fifth of it; ten objects of the same wording in each of two such objects need 10!.
"""


class DatasetTooComplex(NotCanonicalizable):
    """Too many anonymous nodes look alike."""

    code = "dataset-too-complex"

    def __init__(self) -> None:
        super().__init__(
            "Expected objects without an id that differ from one another; found so many alike that "
            "comparing them would not end in time. Give each of them an 'id'."
        )


@dataclass(frozen=True, slots=True)
class CanonicalDataset:
    """The result of a canonicalisation.

    lines: canonical N-Quads in code point order, each once and with its line feed
    labels: blank node as it came in, to blank node in the lines (`_:c14n0`)
    """

    lines: tuple[str, ...]
    labels: Mapping[Term, Term]

    @property
    def text(self) -> str:
        """The serialised canonical form."""
        return "".join(self.lines)


def canonicalize_dataset(
    quads: Iterable[Quad], *, algorithm: HashAlgorithm = "sha256", max_work: int = MAX_WORK
) -> CanonicalDataset:
    """Return the canonical form of a dataset; quads that come twice count once.

    Raises: DatasetTooComplex
    Source: RDFC-1.0, sections 4.4.3 (Canonicalization Algorithm) and 5 (Serialization)
    """
    dataset = tuple(dict.fromkeys(quads))
    try:
        labels = _Labelling(dataset, algorithm, max_work).labels()
    except RecursionError as error:
        raise DatasetTooComplex from error
    relabelled = (tuple(labels.get(term, term) for term in quad) for quad in dataset)
    lines = sorted(line_of(quad) for quad in relabelled)  # type: ignore[arg-type]
    return CanonicalDataset(tuple(lines), labels)


_Issued: TypeAlias = dict[Term, Term]
"""An identifier issuer: blank node to issued identifier, in the order of issuing."""


def _issue(issued: _Issued, node: Term, prefix: str) -> Term:
    """Section 4.5 (Issue Identifier)."""
    if node not in issued:
        issued[node] = f"_:{prefix}{len(issued)}"
    return issued[node]


class _Labelling:
    """The canonicalization state (section 4.3), for one run."""

    def __init__(self, quads: Sequence[Quad], algorithm: HashAlgorithm, max_work: int) -> None:
        self._algorithm = algorithm
        self._work_left = max_work
        self._canonical: _Issued = {}
        self._mentions: dict[Term, list[Quad]] = {}
        for quad in quads:  # step 2
            for node in {term for term in quad if is_blank(term)}:
                self._mentions.setdefault(node, []).append(quad)
        self._first_degree = {node: self._hash_first_degree(node) for node in self._mentions}

    def labels(self) -> _Issued:
        """Return the canonical identifiers (section 4.4.3, steps 3 to 5)."""
        by_hash: dict[str, list[Term]] = {}
        for node, first_degree in self._first_degree.items():  # step 3
            by_hash.setdefault(first_degree, []).append(node)
        shared = []
        for _, nodes in sorted(by_hash.items()):  # step 4
            if len(nodes) == 1:
                _issue(self._canonical, nodes[0], "c14n")
            else:
                shared.append(nodes)
        for nodes in shared:  # step 5
            for _, issued in sorted(self._paths(nodes), key=lambda path: path[0]):  # step 5.3
                for node in issued:
                    _issue(self._canonical, node, "c14n")
        return self._canonical

    def _paths(self, nodes: Sequence[Term]) -> list[tuple[str, _Issued]]:
        paths = []
        for node in nodes:  # step 5.2
            if node in self._canonical:
                continue
            issued: _Issued = {}
            _issue(issued, node, "b")
            paths.append(self._hash_n_degree(node, issued))
        return paths

    def _hash_first_degree(self, node: Term) -> str:
        """Section 4.6.3 (Hash First Degree Quads)."""
        names = {node: "_:a"}
        lines = sorted(
            line_of(
                tuple(names.get(term, "_:z") if is_blank(term) else term for term in quad)  # type: ignore[arg-type]
            )
            for quad in self._mentions[node]
        )
        return self._hash("".join(lines))

    def _hash_related(self, related: Term, quad: Quad, issued: _Issued, position: str) -> str:
        """Section 4.7.3 (Hash Related Blank Node)."""
        text = position if position == "g" else position + quad[1]
        identifier = self._canonical.get(related) or issued.get(related)
        return self._hash(text + (identifier or self._first_degree[related]))

    def _hash_n_degree(self, node: Term, issued: _Issued) -> tuple[str, _Issued]:
        """Section 4.8.3 (Hash N-Degree Quads)."""
        data = []
        for related_hash, nodes in sorted(self._related(node, issued).items()):  # step 5
            data.append(related_hash)  # step 5.1
            path, issued = self._chosen_path(nodes, issued)
            data.append(path)  # step 5.5
        return self._hash("".join(data)), issued  # step 6

    def _related(self, node: Term, issued: _Issued) -> dict[str, list[Term]]:
        """Return the blank nodes beside this one, by how they are related to it (steps 1 to 3)."""
        related: dict[str, list[Term]] = {}
        self._spend(len(self._mentions[node]))
        for quad in self._mentions[node]:
            for position, term in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
                if is_blank(term) and term != node:
                    related_hash = self._hash_related(term, quad, issued, position)
                    related.setdefault(related_hash, []).append(term)
        return related

    def _chosen_path(self, nodes: Sequence[Term], issued: _Issued) -> tuple[str, _Issued]:
        """Return the least path over all orders of the related nodes (steps 5.2 to 5.4)."""
        chosen = ""
        chosen_issued = issued
        for order in permutations(nodes):  # step 5.4
            self._spend(len(order))
            found = self._path(order, dict(issued), chosen)
            if found is not None and (not chosen or found[0] < chosen):  # step 5.4.6
                chosen, chosen_issued = found
        return chosen, chosen_issued

    def _path(
        self, order: Sequence[Term], issued: _Issued, chosen: str
    ) -> tuple[str, _Issued] | None:
        """Return the path of one order, or None once it is beyond the chosen (5.4.1 to 5.4.5)."""
        path = ""
        recursion: list[Term] = []
        for node in order:  # step 5.4.4
            if node in self._canonical:
                path += self._canonical[node]
            else:
                if node not in issued:
                    recursion.append(node)
                path += _issue(issued, node, "b")
            if _is_beyond(path, chosen):
                return None
        for node in recursion:  # step 5.4.5
            result, result_issued = self._hash_n_degree(node, issued)
            path += f"{_issue(issued, node, 'b')}<{result}>"
            issued = result_issued
            if _is_beyond(path, chosen):
                return None
        return path, issued

    def _spend(self, units: int) -> None:
        self._work_left -= units
        if self._work_left < 0:
            raise DatasetTooComplex

    def _hash(self, text: str) -> str:
        return hashlib.new(self._algorithm, text.encode()).hexdigest()


def _is_beyond(path: str, chosen: str) -> bool:
    return bool(chosen) and len(path) >= len(chosen) and path > chosen
