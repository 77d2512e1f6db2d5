"""A document of a known shape is known to pass the full processor, without being canonicalised."""

import pytest

from skillpassport.vc.json_ld_refusals import JsonLdRefused
from skillpassport.vc.keys import ED25519
from skillpassport.vc.shapes import Shapes, canonicalize_slowly
from skillpassport.vc.strict_json import JsonObject
from skillpassport.vc.suites.eddsa_rdfc_2022 import EddsaRdfc2022

V2 = "https://www.w3.org/ns/credentials/v2"


def a_document(identifier: str = "urn:example:1", inner: str = "urn:example:2") -> JsonObject:
    return {
        "@context": [V2, {"@vocab": "https://vocabulary.example/#"}],
        "id": identifier,
        "type": ["VerifiableCredential"],
        "issuer": "did:example:issuer",
        "credentialSubject": {"id": "did:example:subject", "achievement": {"id": inner, "a": "b"}},
    }


@pytest.fixture
def shapes() -> Shapes:
    """Return what has seen a shape twice, and so knows it."""
    shapes = Shapes()
    assert not shapes.knows(a_document())
    for number in range(2):
        shapes.canonicalize(a_document(f"urn:example:first-{number}"))
    return shapes


def test_a_document_of_a_known_shape_is_known(shapes: Shapes) -> None:
    assert shapes.knows(a_document("urn:example:another"))
    shapes.canonicalize(a_document("urn:example:another"))


@pytest.mark.parametrize(
    "hostile",
    [
        a_document("not-absolute"),
        a_document("urn:has a space"),
        a_document(inner="relative"),
        a_document("urn:example:same", "urn:example:same"),
        {**a_document(), "@context": [V2]},
        {**a_document(), "id": None},
        {**a_document(), "invented:term": "x"},
    ],
    ids=["relative", "space", "inner", "two-places", "other-context", "null", "colon"],
)
def test_what_the_processor_refuses_is_never_known(shapes: Shapes, hostile: JsonObject) -> None:
    assert not shapes.knows(hostile)
    assert shapes.canonicalize_quickly(hostile) is None
    with pytest.raises(JsonLdRefused):
        shapes.canonicalize(hostile)


def with_twins(first: str, second: str) -> JsonObject:
    """Return a document with two nodes without an id, that are alike if they are named alike."""
    return {**a_document(), "alignment": [{"named": first}, {"named": second}]}


def test_the_quick_way_gives_what_the_long_way_gives(shapes: Shapes) -> None:
    for document in (a_document(), a_document("urn:example:x"), a_document(inner="urn:é")):
        assert shapes.canonicalize_quickly(document) == canonicalize_slowly(document).encode()


def test_nodes_that_look_alike_are_left_to_the_long_way() -> None:
    """Telling them apart can take long: a stranger may not choose that where nobody may wait."""
    shapes = Shapes()
    for number in range(3):
        shapes.canonicalize(with_twins(f"first {number}", f"second {number}"))
    unlike, alike = with_twins("a", "b"), with_twins("a", "a")
    assert shapes.canonicalize_quickly(unlike) == canonicalize_slowly(unlike).encode()
    assert shapes.canonicalize_quickly(alike) is None
    assert shapes.canonicalize(alike) == canonicalize_slowly(alike).encode()


def test_a_shape_that_is_new_or_unusual_is_left_to_the_long_way(shapes: Shapes) -> None:
    for further in ({"further": "x"}, {"further": 1.0}, {"further": "\ud800"}, {"further": None}):
        assert shapes.canonicalize_quickly({**a_document(), **further}) is None
    half = {**a_document(), "issuer": "did:example:\ud800"}
    assert shapes.canonicalize_quickly(half) is None


def test_a_suite_that_was_asked_signs_the_same() -> None:
    """What it remembers of asking is what it would have made."""
    options: JsonObject = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022"}
    suite = EddsaRdfc2022()
    for number in range(3):
        document = a_document(f"urn:example:turn-{number}")
        asked = suite.is_quick_with(document, ED25519)
        assert asked is (number == 2)
        assert suite.hash_data(document, options) == EddsaRdfc2022().hash_data(document, options)
