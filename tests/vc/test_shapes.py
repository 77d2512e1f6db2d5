"""The fast way gives what the slow way gives, to the byte and to the refusal."""

import json
from collections.abc import Callable
from threading import Thread
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.credentials import a_credential as an_open_badge
from skillpassport.errors import SkillPassportError
from skillpassport.vc import shapes
from skillpassport.vc.jcs import NotCanonicalizable
from skillpassport.vc.json_ld import expand_safely
from skillpassport.vc.json_ld_rdf import quads_of
from skillpassport.vc.rdfc import DatasetTooComplex
from skillpassport.vc.shapes import Shapes, canonicalize_slowly
from skillpassport.vc.shapes_reading import ShapeUnusual, read
from skillpassport.vc.strict_json import JsonObject, JsonValue
from skillpassport.vc.vocabulary import TERMS
from tests.support.credentials import a_credential
from tests.support.datasets import assert_oracle_agrees
from tests.support.json_ld import ACCEPTED, V2, VOCAB, about
from tests.support.leaves import with_other_leaves

OWN: JsonObject = {
    "Own": {"@id": "https://own.example/Type", "@context": {"secret": "urn:secret:own"}},
    "own": {"@id": "urn:own:", "@prefix": True},
    "own:Type": {"@id": "urn:own:Type", "@context": {"secret": "urn:secret:colon"}},
    "urn:t:colon": {"@id": "urn:t:colon", "@context": {"secret": "urn:secret:urn"}},
    "p": {"@id": "https://p.example/", "@prefix": True},
    "coerced": {"@id": "urn:coerced", "@type": "@id"},
    "term": {"@id": "urn:term", "@type": "@vocab"},
    "kind": "@type",
    "language": "@language",
    "value": "@value",
    "label": {"@id": "urn:label", "@container": "@language"},
    "double": {"@id": "urn:double", "@type": "http://www.w3.org/2001/XMLSchema#double"},
    "secret": "urn:secret:plain",
}
PROOF: JsonObject = {
    "@context": [V2],
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-rdfc-2022",
    "created": "2026-11-01T08:00:00Z",
    "verificationMethod": "did:key:z6Mk#z6Mk",
    "proofPurpose": "assertionMethod",
    "previousProof": ["urn:a", "urn:b"],
}
BASES: dict[str, JsonObject] = ACCEPTED | {
    "open badge": an_open_badge("did:key:z6Mk"),
    "open badge with our terms": {
        **an_open_badge("did:key:z6Mk"),
        "@context": [*an_open_badge("x")["@context"], TERMS],  # type: ignore[misc]
        "sandbox": True,
    },
    "proof": PROOF,
    "coerced": about({"coerced": "urn:a", "term": "Own", "p": "x"}, OWN),
    "coerced iris": about({"coerced": ["urn:a", "p:x"], "term": "https://a.example/t"}, OWN),
    "another name of type": about({"kind": "Own", "secret": "x", "id": "urn:a"}, OWN),
    "a type that is an IRI": about({"kind": "own:Type", "secret": "x"}, OWN),
    "another name of language": about({"label": {"en": "x"}, "secret": {"language": "en", "value": "x"}}, OWN),
    "doubles": about({"double": [5, 1.5]}, OWN),
    "same ids": about([{"id": "urn:a", "secret": "1"}, {"id": "urn:b", "secret": "2"}], OWN),
    "deeper ids": about({"coerced": {"id": "urn:deep", "secret": "x"}}, OWN),
    "alike": about({"coerced": [{"secret": "1"}, {"secret": "2"}, {"secret": "3"}]}, OWN),
}  # fmt: skip

WARM = Shapes()
"""Shared by all examples, as by all requests of a server."""


def answer(way: Callable[[JsonObject], str], document: JsonObject) -> tuple[str, str]:
    """Return the canonical form, or the code of the refusal."""
    try:
        return "canonical", way(document)
    except SkillPassportError as error:
        return "refused", error.code


def fast(document: JsonObject) -> str:
    return WARM.canonicalize(document).decode()


def slow(document: JsonObject) -> str:
    return canonicalize_slowly(document)


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    for document in BASES.values():
        for _ in range(3):
            fast(document)


def assert_same(document: JsonObject) -> None:
    kind, text = answer(slow, document)
    assert answer(fast, document) == (kind, text)
    if kind == "canonical":
        assert_oracle_agrees(text, quads_of(expand_safely(document)))


@pytest.mark.parametrize("document", BASES.values(), ids=BASES.keys())
def test_each_document_is_given_alike_when_new_known_and_compiled(document: JsonObject) -> None:
    fresh = Shapes()
    expected = slow(document).encode()
    for algorithm in ("sha256", "sha384"):
        expected = canonicalize_slowly(document, algorithm=algorithm).encode()
        for _ in range(4):
            assert fresh.canonicalize(document, algorithm) == expected
    assert_same(document)


@st.composite
def documents(draw: st.DrawFn) -> JsonObject:
    base = BASES[draw(st.sampled_from(sorted(BASES)))]
    return with_other_leaves(base, draw, share=draw(st.sampled_from([1, 4, 12])))


@settings(max_examples=150)
@given(documents())
def test_other_values_in_known_shapes_are_given_alike(document: JsonObject) -> None:
    assert_same(document)


@pytest.mark.slow
@settings(max_examples=12_000, suppress_health_check=list(HealthCheck))
@given(documents())
def test_ten_thousand_documents_are_given_alike(document: JsonObject) -> None:
    assert_same(document)


def test_most_of_the_generated_documents_go_the_fast_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the property above would show nothing."""
    names = [f"Ünï {number}" for number in range(50)]
    monkeypatch.setattr(Shapes, "_slowly", _forbidden)
    for name in names:
        document = {**BASES["open badge"], "name": name, "id": f"urn:uuid:{len(name)}"}
        assert name in fast(document)
    slow_ones = {name for name, base in BASES.items() if answer(fast, base)[0] != "canonical"}
    assert slow_ones == {
        "numbers",
        "a whole fraction",
        "a JSON literal",
        "another name of language",
    }


def _forbidden(*_arguments: object) -> str:
    raise NotCanonicalizable("the slow way was taken")


HOSTILE: list[tuple[str, JsonObject, JsonObject]] = [
    # (what decides, a document that is known, one of the same members that reads otherwise)
    ("a type with a context of its own", about({"type": "Own", "secret": "x"}, OWN),
     about({"type": "own:Type", "secret": "x"}, OWN)),
    ("the same under another name", about({"kind": "https://a.example/T", "secret": "x"}, OWN),
     about({"kind": "own:Type", "secret": "x"}, OWN)),
    ("an IRI that is a term", about({"term": "urn:t:other"}, OWN), about({"term": "urn:t:colon"}, OWN)),
    ("a prefix of the context", about({"coerced": "urn:x"}, OWN), about({"coerced": "p:x"}, OWN)),
    ("a word that is a term", about({"term": "own-word"}, {**OWN, "@vocab": "urn:v:"}),
     about({"term": "Own"}, {**OWN, "@vocab": "urn:v:"})),
    ("a language", about({"secret": {"language": "en", "value": "x"}}, OWN),
     about({"secret": {"language": "fr", "value": "x"}}, OWN)),
    ("the context", about({"p": "x"}, {"p": "urn:one"}), about({"p": "x"}, {"p": "urn:two"})),
    ("a nested context", about({"@context": {"p": "urn:one"}, "p": "x"}, VOCAB),
     about({"@context": {"p": "urn:two"}, "p": "x"}, VOCAB)),
    ("one element more", about({"p": ["x"]}, VOCAB), about({"p": ["x", "y"]}, VOCAB)),
    ("true and an array of one", about({"p": True}, VOCAB), about({"p": [1]}, VOCAB)),
    ("false and an empty array", about({"p": False}, VOCAB), about({"p": []}, VOCAB)),
    ("true and false", about({"p": True}, VOCAB), about({"p": False}, VOCAB)),
    ("one and true", about({"p": 1}, VOCAB), about({"p": True}, VOCAB)),
    ("one and one point nought", about({"p": 1}, VOCAB), about({"p": 1.0}, VOCAB)),
    ("a number and a text", about({"p": 1}, VOCAB), about({"p": "1"}, VOCAB)),
    ("two ids become one", about([{"id": "urn:a", "secret": "1"}, {"id": "urn:b", "secret": "1"}], OWN),
     about([{"id": "urn:a", "secret": "1"}, {"id": "urn:a", "secret": "1"}], OWN)),
    ("two values become one", about({"p": ["x", "y"]}, VOCAB), about({"p": ["x", "x"]}, VOCAB)),
    ("two nodes become alike", about({"p": [{"q": "x"}, {"q": "y"}]}, VOCAB),
     about({"p": [{"q": "x"}, {"q": "x"}]}, VOCAB)),
    ("an id becomes the document's", about({"coerced": {"id": "urn:deep", "secret": "x"}}, OWN),
     about({"coerced": {"id": str(a_credential()["id"]), "secret": "x"}}, OWN)),
    ("an id becomes a label", about({"id": "urn:a"}), about({"id": "_:a"})),
    ("an id becomes relative", about({"id": "urn:a"}), about({"id": "a"})),
    ("an id with a line feed", about({"id": "urn:a"}), about({"id": "urn:a\n"})),
    ("an id becomes a keyword", about({"id": "urn:a"}), about({"id": "@id"})),
    ("a JSON literal", about({"j": {"a": "x"}}, {"j": {"@id": "urn:j", "@type": "@json"}}),
     about({"j": {"a": "y"}}, {"j": {"@id": "urn:j", "@type": "@json"}})),
    ("the order of a list", about({"l": ["a", "b"]}, {"l": {"@id": "urn:l", "@container": "@list"}}),
     about({"l": ["b", "a"]}, {"l": {"@id": "urn:l", "@container": "@list"}})),
    ("a name of a member", about({"p": "x"}, VOCAB), about({"q": "x"}, VOCAB)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("known", "other"),
    [(known, other) for _, known, other in HOSTILE],
    ids=[name for name, _, _ in HOSTILE],
)
def test_what_reads_otherwise_is_not_taken_for_a_known_shape(
    known: JsonObject, other: JsonObject
) -> None:
    cache = Shapes()
    expected, expected_other = answer(slow, known), answer(slow, other)
    for _ in range(3):
        for document, wanted in ((known, expected), (other, expected_other)):
            found = answer(lambda each: cache.canonicalize(each).decode(), document)
            assert found == wanted


def test_the_shape_of_a_document_does_not_hold_its_texts() -> None:
    one = read(an_open_badge("did:key:one"))
    two = read(an_open_badge("did:key:two"))
    assert one.shape == two.shape
    assert hash(one.shape) == hash(two.shape)
    assert one.leaves != two.leaves


@pytest.mark.parametrize("value", [None, 2**53, 1.0, float("nan"), {"@type": ["\ud800"]}])
def test_an_unusual_value_has_no_shape(value: JsonValue) -> None:
    with pytest.raises(ShapeUnusual):
        read(about({"p": value}, VOCAB))


def test_a_document_with_too_many_leaves_has_no_shape() -> None:
    with pytest.raises(ShapeUnusual):
        read(about({"p": ["x"] * 3000}, VOCAB))


def test_half_a_character_is_refused_both_ways() -> None:
    for _ in range(3):
        for document in (a_credential(name="\ud800"), about({"id": "urn:\ud800"})):
            with pytest.raises(NotCanonicalizable):
                WARM.canonicalize(document)


def test_a_refusal_is_remembered_and_given_again() -> None:
    cache = Shapes()
    document = about({"undefined": 1})
    for _ in range(3):
        with pytest.raises(NotCanonicalizable) as caught:
            cache.canonicalize(document)
        assert caught.value.code == "json-ld-term-undefined"


def test_filled_statements_have_a_budget_too() -> None:
    """Nodes that differed in the compiled document are all alike in the next."""
    inner = [{"q": [{"r": f"{one} {two}"} for two in range(12)]} for one in range(2)]
    alike: list[JsonValue] = [{"q": [{"r": "x"} for _ in range(12)]} for _ in range(2)]
    cache = Shapes()
    for _ in range(3):
        cache.canonicalize(about({"p": inner}, VOCAB))  # type: ignore[dict-item]
    start = process_time()
    with pytest.raises(DatasetTooComplex):
        cache.canonicalize(about({"p": alike}, VOCAB))
    assert process_time() - start < 20


def test_new_shapes_push_nothing_out_until_they_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_SHAPES", 2)
    cache = Shapes()
    for _ in range(2):
        cache.canonicalize(a_credential())
    for number in range(10):
        cache.canonicalize(about({f"p{number}": "x"}, VOCAB))
    assert len(cache._templates) == 1
    for number in range(10):
        cache.canonicalize(about({f"p{number}": "x"}, VOCAB))
    assert len(cache._templates) == 2
    assert len(cache._seen) <= shapes.MAX_SEEN


def test_large_shapes_push_each_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_QUADS", 250)
    cache = Shapes()
    for number in range(6):
        large = about({f"p{number}": [str(each) for each in range(100)]}, VOCAB)
        for _ in range(3):
            assert cache.canonicalize(large).decode() == slow(large)
        kept = sum(len(each.quads) for row in cache._templates.values() for each in row if each)
        assert kept == cache._quads <= 250
    assert len(cache._templates) == 2


def test_long_answers_push_each_other_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shapes, "MAX_REMEMBERED_LETTERS", 3000)
    cache = Shapes()
    for number in range(6):
        cache.canonicalize(a_credential(name=f"{number}" * 1000, description=None))
        cache.canonicalize(about({f"p{number}": "x" * 5000}, VOCAB))
        assert len(cache._answers) == 1


def test_leaves_that_select_a_term_make_few_templates_and_then_none() -> None:
    cache = Shapes()
    for number in range(20):
        document = about({"kind": f"urn:kind:{number}", "secret": "x"}, OWN)
        for _ in range(2):
            assert cache.canonicalize(document).decode() == slow(document)
    (templates,) = cache._templates.values()
    assert len(templates) <= shapes.MAX_TEMPLATES_OF_A_SHAPE


def test_threads_share_shapes() -> None:
    cache = Shapes()
    wrong: list[str] = []

    def work() -> None:
        for number in range(30):
            document = a_credential(name=f"Name {number}")
            if f"Name {number}" not in cache.canonicalize(document).decode():
                wrong.append(str(number))

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_the_document_is_left_as_it_was() -> None:
    document = an_open_badge("did:key:z6Mk")
    before = json.dumps(document)
    for _ in range(3):
        WARM.canonicalize(document)
    assert json.dumps(document) == before
