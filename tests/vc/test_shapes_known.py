"""A document of a known shape is known to pass the full processor, without being canonicalised."""

import pytest

from skillpassport.vc.json_ld_refusals import JsonLdRefused
from skillpassport.vc.shapes import Shapes
from skillpassport.vc.strict_json import JsonObject

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
    with pytest.raises(JsonLdRefused):
        shapes.canonicalize(hostile)
