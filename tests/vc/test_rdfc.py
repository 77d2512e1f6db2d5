"""RDFC-1.0: the published vectors, an oracle, and graphs that are made to take for ever."""

import csv
import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillpassport.vc.rdf import Quad
from skillpassport.vc.rdfc import DatasetTooComplex, canonicalize_dataset
from tests.support.datasets import DATASETS, assert_oracle_agrees, clique
from tests.support.nquads import parse_nquads
from tests.support.shared_data import shared_data, shared_data_folder

VECTORS = shared_data_folder() / "vectors" / "rdf-canon"


def vectors() -> list[tuple[str, str]]:
    """Return name and hash algorithm of each published test."""
    manifest = VECTORS / "manifest.csv"
    if not manifest.is_file():
        return [("test001", "sha256")]
    with manifest.open() as rows:
        return [
            (row["test"], "sha384" if row["hashAlgorithm"] == "SHA384" else "sha256")
            for row in csv.DictReader(rows)
        ]


@pytest.fixture
def folder() -> Path:
    return shared_data() / "vectors" / "rdf-canon" / "rdfc10"


@pytest.mark.data
@pytest.mark.parametrize(("name", "algorithm"), vectors())
def test_the_published_vectors_match(folder: Path, name: str, algorithm: str) -> None:
    quads = parse_nquads((folder / f"{name}-in.nq").read_text())
    expected = folder / f"{name}-rdfc10.nq"
    if not expected.is_file():
        with pytest.raises(DatasetTooComplex):
            canonicalize_dataset(quads, algorithm=algorithm)
        return
    canonical = canonicalize_dataset(quads, algorithm=algorithm)
    assert canonical.text == expected.read_text()
    labels = folder / f"{name}-rdfc10map.json"
    if labels.is_file():
        named = json.loads(labels.read_text())
        assert canonical.labels == {f"_:{old}": f"_:{new}" for old, new in named.items()}


@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=120, deadline=None)
@given(DATASETS)
def test_another_implementation_agrees(quads: list[Quad]) -> None:
    assert_oracle_agrees(canonicalize_dataset(quads).text, quads)


@settings(max_examples=30, deadline=None)
@given(DATASETS)
def test_another_implementation_agrees_with_sha_384(quads: list[Quad]) -> None:
    canonical = canonicalize_dataset(quads, algorithm="sha384")
    assert_oracle_agrees(canonical.text, quads, "sha384")


@pytest.mark.slow
@settings(suppress_health_check=[HealthCheck.too_slow], max_examples=10_000, deadline=None)
@given(DATASETS)
def test_another_implementation_agrees_on_ten_thousand_datasets(quads: list[Quad]) -> None:
    assert_oracle_agrees(canonicalize_dataset(quads).text, quads)


@given(DATASETS, st.randoms(use_true_random=False))
def test_neither_order_nor_labels_nor_repetition_matter(quads: list[Quad], random: object) -> None:
    other = [tuple(_renamed(term) for term in quad) for quad in [*quads, *quads[:2]]]
    random.shuffle(other)  # type: ignore[attr-defined]
    assert canonicalize_dataset(other).text == canonicalize_dataset(quads).text  # type: ignore[arg-type]


def _renamed(term: str) -> str:
    return f"_:{7 - int(term[3:])}x" if term.startswith("_:") else term


def test_a_clique_of_four_is_computed() -> None:
    assert len(canonicalize_dataset(clique(4)).lines) == 12


@pytest.mark.parametrize("size", [8, 10, 40])
def test_a_poison_graph_is_refused_in_no_time(size: int) -> None:
    start = process_time()
    with pytest.raises(DatasetTooComplex):
        canonicalize_dataset(clique(size))
    assert process_time() - start < 20


def test_many_twins_under_two_anonymous_parents_are_refused() -> None:
    twins: list[Quad] = [
        (f"_:{parent}", "<urn:has>", f"_:{parent}{number}", "")
        for parent in "ab"
        for number in range(12)
    ]
    with pytest.raises(DatasetTooComplex):
        canonicalize_dataset(twins)


@pytest.mark.parametrize("parent", ["<urn:parent>", "_:parent"])
def test_many_twins_under_one_parent_are_no_work(parent: str) -> None:
    twins: list[Quad] = [(parent, "<urn:has>", f"_:t{number}", "") for number in range(500)]
    assert len(canonicalize_dataset(twins).lines) == 500


def test_two_long_chains_that_look_alike_are_refused_and_not_recursed_into_without_end() -> None:
    chains: list[Quad] = [
        (f"_:{name}{number}", "<urn:next>", f"_:{name}{number + 1}", "")
        for name in "ab"
        for number in range(3000)
    ]
    with pytest.raises(DatasetTooComplex):
        canonicalize_dataset(chains)


def test_an_empty_dataset_is_empty() -> None:
    assert canonicalize_dataset([]).text == ""
