"""Fuzz target: classifications: the package of ESCO, and the tables of ISCO-08 and ISCED-F 2013."""

from contextlib import suppress

from skillpassport.frameworks.importing.problems import FileUnreadable
from skillpassport.frameworks.searching import all_names, best_match
from skillpassport.frameworks.taxonomies.classifications import read_classification
from skillpassport.frameworks.taxonomies.esco import read_esco
from skillpassport.frameworks.taxonomies.model import Scheme, TaxonomyContent


def check(data: bytes) -> None:
    """Fail for a foreign exception, and for content whose parts do not hang together."""
    with suppress(FileUnreadable):
        content, problems = read_esco(data, version="1.2.0")
        assert all(problem.line > 0 for problem in problems)
        _hold_together(content)
    for scheme in (Scheme.ISCO_08, Scheme.ISCED_F_2013):
        with suppress(FileUnreadable):
            content, problems = read_classification(data, scheme)
            assert all(problem.line > 0 for problem in problems)
            _hold_together(content)


def _hold_together(content: TaxonomyContent) -> None:
    known = {concept.uri for concept in content.concepts}
    assert len(known) == len(content.concepts), "an address for each"
    codes = [concept.code for concept in content.concepts if concept.kind == "field"]
    assert len(set(codes)) == len(codes)
    assert all({one.source, one.target} <= known for one in content.relations)
    assert len(set(content.relations)) == len(content.relations)
    assert sum(content.counts.values()) == len(content.concepts) + len(content.relations)
    assert content.digest().startswith("sha256:")
    for concept in content.concepts:
        assert all(concept.labels.values())
        for label in concept.labels.values():
            found = best_match(all_names(concept.labels, concept.alternatives), label)
            assert found is None or found.rank == 0
