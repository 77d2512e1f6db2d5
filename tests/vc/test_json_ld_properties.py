"""Whatever looks like JSON-LD gets an answer: a canonical form or a refusal, both ways the same."""

from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from skillpassport.vc.strict_json import JsonObject, JsonValue
from tests.fuzz.canonicalising import check
from tests.support.credentials import a_credential, as_text
from tests.support.json_ld import EXAMPLES, V2

WORDS = st.sampled_from(
    [
        "a", "b", "c", "id", "type", "name", "issuer", "p:x", "p", "urn:a", "urn:b", "x y", "en",
        "@id", "@type", "@value", "@language", "@direction", "@index", "@list", "@set", "@graph",
        "@included", "@nest", "@reverse", "@json", "@none", "@vocab", "@foo", "_:b", "ltr",
        "https://a.example/", "credentialStatus", "proof", "verifiableCredential", "",
    ]
)  # fmt: skip
SCALARS: st.SearchStrategy[JsonValue] = (
    WORDS | st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([1.5, 2.0, 1e21])
)
CONTAINERS = ["@list", "@set", "@language", "@index", "@id", "@type", "@graph"]


def just(value: JsonValue) -> st.SearchStrategy[JsonValue]:
    return st.just(value)


def keywords_of_a_definition(
    contexts: st.SearchStrategy[JsonValue],
) -> st.SearchStrategy[JsonValue]:
    return st.fixed_dictionaries(
        {},
        optional={
            "@id": WORDS,
            "@type": WORDS,
            "@container": st.sampled_from(CONTAINERS) | st.just(["@graph", "@id"]),
            "@context": contexts,
            "@reverse": WORDS,
            "@nest": WORDS,
            "@prefix": st.booleans(),
            "@protected": st.booleans(),
            "@language": st.sampled_from(["en", None]),
            "@index": WORDS,
        },
    )


def inline_contexts() -> st.SearchStrategy[JsonValue]:
    context: st.SearchStrategy[JsonValue] = st.deferred(
        lambda: st.dictionaries(
            WORDS, WORDS | st.none() | keywords_of_a_definition(context), max_size=4
        )
    )
    return context


CONTAINED: list[JsonValue] = [{"a": {"@id": "urn:a", "@container": kind}} for kind in CONTAINERS]
CONTEXTS: st.SearchStrategy[JsonValue] = (
    just(EXAMPLES)
    | just({"@vocab": "urn:v:"})
    | just({"p": {"@id": "urn:p:", "@prefix": True}, "a": {"@id": "urn:a", "@type": "@id"}})
    | st.sampled_from(CONTAINED)
    | just({"a": {"@id": "urn:a", "@type": "@json"}, "b": {"@id": "urn:b", "@type": "@vocab"}})
    | just(None)
    | inline_contexts()
)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(WORDS, inner, max_size=3)
        | st.builds(
            lambda context, rest: {"@context": context, **rest},
            CONTEXTS,
            st.dictionaries(WORDS, inner, max_size=2),
        )
    ),
    max_leaves=8,
)


@st.composite
def documents(draw: st.DrawFn) -> JsonObject:
    subject = draw(st.dictionaries(WORDS, VALUES, max_size=4) | st.lists(VALUES, max_size=2))
    contexts: list[JsonValue] = [V2, *draw(st.lists(CONTEXTS, max_size=2))]
    return {**a_credential(credentialSubject=subject), "@context": contexts}


@settings(max_examples=150)
@given(documents())
def test_anything_that_looks_like_json_ld_gets_one_answer(document: JsonObject) -> None:
    check(as_text(document).encode())


@pytest.mark.slow
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(documents())
def test_ten_thousand_such_documents_get_one_answer(document: JsonObject) -> None:
    start = process_time()
    check(as_text(document).encode())
    assert process_time() - start < 20
